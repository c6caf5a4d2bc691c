// Un brouillon s'enregistre à chaque pause : <form data-brouillon="CLÉ DE GARDE" data-suite="ÉTAPE SUIVANTE">,
// ou sans suite : on reste.
// `data-pause` : en millisecondes. Sans script, le bouton enregistre et continue. Ce qui n'est pas encore accusé reste dans ce navigateur, sous la clé
// de la personne, du brouillon et de l'étape, et revient quand la page revient (réseau coupé, session fermée).
for (const formulaire of document.querySelectorAll("[data-brouillon]")) {
  const PAUSE = Number(formulaire.dataset.pause ?? 900), VEILLE = 20_000, REESSAI = [3_000, 8_000, 20_000];
  const cle = formulaire.dataset.brouillon;
  const un = (id) => document.getElementById(id);
  const chez = (id) => un((formulaire.dataset.prefixe ?? "") + id); // deux brouillons dans une page : chacun dit où il en est
  const champs = () => [...formulaire.querySelectorAll("[data-champ]")];
  const sujets = (formulaire.dataset.sujets ?? "titre resume").split(" "); // ce qui dit de quoi parle la fiche
  const touches = new Set();
  let attente, envoi, essais = 0, estArrete = false, dernier = Date.now();

  // --- Lire la page ---
  const entrees = (champ) => [...champ.querySelectorAll("[data-controle] :is(input, textarea, select)")].filter((e) => e.name);
  const etat = (champ) => entrees(champ).map((e) => (/checkbox|radio/.test(e.type) ? (e.checked ? e.value : null) : e.value));
  const releve = () => Object.fromEntries(champs().map((champ) => [champ.dataset.champ, JSON.stringify(etat(champ))]));
  const champDe = (nom) => formulaire.querySelector(`[data-champ="${nom}"]`);
  const lu = (nom) => formulaire.elements[`lu_${nom}`];
  const ouvert = (nom) => lu(nom) !== undefined && lu(nom) !== null;
  let connu = releve();

  // --- Dire ---
  const dire = (texte, icone, ton = "") => {
    const garde = chez("garde");
    const dit = Object.assign(document.createElement("span"), { textContent: texte });
    if (garde.textContent === texte && garde.dataset.ton === ton) return;
    garde.dataset.ton = ton;
    garde.replaceChildren(dessin(icone), dit);
  };
  const dessin = (nom) => {
    const modele = document.querySelector("svg.i use");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "i");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${modele?.getAttribute("href").split("#")[0]}#${nom}`);
    svg.append(use);
    return svg;
  };
  const remplacer = (noeud, html) => {
    if (noeud && html !== undefined && noeud.dataset.html !== html) {
      noeud.dataset.html = html;
      noeud.innerHTML = html;
    }
  };
  const proposer = (texte, mots, adresse) => {
    const lien = Object.assign(document.createElement("a"), { href: adresse, textContent: mots, className: "bouton second" });
    const phrase = Object.assign(document.createElement("p"), { textContent: texte });
    const bloc = document.createElement("div");
    const avis = document.createElement("div");
    avis.className = "avis";
    avis.dataset.ton = "alerte";
    bloc.append(phrase, lien);
    avis.append(dessin("triangle-alert"), bloc);
    chez("retrouve").replaceChildren(avis);
    dire("Texte gardé sur cet appareil : voyez en bas de la page", "triangle-alert", "alerte");
  };

  // --- Garder dans le navigateur ---
  const garder = () => {
    if (!touches.size) return localStorage.removeItem(cle);
    const garde = [...touches].filter(ouvert).map((nom) => [nom, etat(champDe(nom)), lu(nom).value]);
    try {
      localStorage.setItem(cle, JSON.stringify(garde));
    } catch {
      // Stockage refusé ou plein : l'enregistrement, lui, continue.
    }
  };
  const retrouver = () => {
    let garde = [];
    try {
      garde = JSON.parse(localStorage.getItem(cle) ?? "[]");
    } catch {
      localStorage.removeItem(cle);
    }
    for (const [nom, valeurs, empreinte] of garde) {
      const champ = champDe(nom);
      if (!champ || JSON.stringify(etat(champ)) === JSON.stringify(valeurs)) continue;
      while (entrees(champ).length < valeurs.length && ajouterUneLigne(champ)) {}
      for (const [rang, entree] of entrees(champ).entries()) {
        if (/checkbox|radio/.test(entree.type)) entree.checked = valeurs[rang] !== null && valeurs[rang] !== undefined;
        else entree.value = valeurs[rang] ?? "";
      }
      lu(nom).value = empreinte;
      touches.add(nom);
    }
    if (!touches.size) return localStorage.removeItem(cle);
    connu = releve();
    const phrase = Object.assign(document.createElement("p"), { textContent: "Nous avons retrouvé ce que vous aviez écrit sur cet appareil, et pas encore enregistré." });
    const avis = document.createElement("div");
    avis.className = "avis";
    avis.dataset.ton = "info";
    avis.append(dessin("info"), phrase);
    chez("retrouve").replaceChildren(avis);
    enregistrer();
  };

  // --- Enregistrer ---
  const noter = () => {
    const present = releve();
    for (const nom of Object.keys(present)) if (present[nom] !== connu[nom]) touches.add(nom);
    connu = present;
    if (!touches.size) return;
    garder();
    if (estArrete) return;
    chez("retrouve").replaceChildren();
    clearTimeout(attente);
    attente = setTimeout(enregistrer, PAUSE);
  };
  const plusTard = (texte) => {
    dire(texte, "wifi-off", "alerte");
    clearTimeout(attente);
    attente = setTimeout(enregistrer, REESSAI[Math.min(essais++, REESSAI.length - 1)]);
    return null;
  };
  // Rend la réponse, ou null si elle n'est pas venue. Un seul envoi à la fois : le suivant attend son tour.
  const enregistrer = async (enPlus = {}) => {
    clearTimeout(attente);
    if (estArrete) return null;
    while (envoi) await envoi;
    envoi = envoyer(enPlus);
    const reponse = await envoi;
    envoi = undefined;
    return reponse;
  };
  const envoyer = async ({ deVeille, ...enPlus }) => { // une veille ne tient pas la session ouverte
    const donnees = new FormData(formulaire);
    for (const [nom, valeur] of Object.entries(enPlus)) donnees.set(nom, valeur);
    const avant = releve();
    const partis = new Set(touches);
    if (partis.size) dire("Enregistrement…", "cloud-upload");
    let reponse;
    try {
      reponse = await fetch(formulaire.action, { method: "POST", body: donnees, redirect: "manual", headers: { Accept: "application/json", ...(deVeille && { "Sans-Geste": "1" }) } });
    } catch {
      return plusTard("Pas de réseau. Votre texte est gardé sur cet appareil, nous réessayons.");
    }
    dernier = Date.now();
    if (reponse.type === "opaqueredirect") {
      estArrete = true;
      const retour = encodeURIComponent(location.pathname);
      proposer("Votre session s’est fermée après une longue pause. Votre texte est gardé sur cet appareil.", "Se reconnecter et revenir ici", `${formulaire.dataset.connexion}?next=${retour}`);
      return null;
    }
    if (reponse.status === 403 || reponse.status === 404) {
      estArrete = true;
      proposer("Cette page n’est plus à jour. Votre texte est gardé sur cet appareil.", "Rouvrir la page", location.pathname);
      return null;
    }
    if (!reponse.ok) return plusTard("Le service ne répond pas. Votre texte est gardé sur cet appareil, nous réessayons.");
    essais = 0;
    const recu = await reponse.json();
    if (recu.ferme) {
      estArrete = true;
      localStorage.removeItem(cle);
      proposer(recu.ferme, "Voir où cela en est", recu.adresse);
      return null;
    }
    recevoir(recu, avant, partis);
    return recu;
  };
  const recevoir = (recu, avant, partis) => {
    const present = releve();
    for (const [nom, empreinte] of Object.entries(recu.lus)) {
      const aBouge = present[nom] !== avant[nom];
      // Changé ailleurs, et l'on écrit ici en ce moment : on garde l'ancienne empreinte, le choix sera demandé.
      if (nom in recu.controles && aBouge) continue;
      if (nom in recu.controles) {
        champDe(nom).querySelector("[data-controle]").innerHTML = recu.controles[nom];
        eveiller(champDe(nom));
        connu[nom] = JSON.stringify(etat(champDe(nom)));
      }
      lu(nom).value = empreinte;
      if (!aBouge) touches.delete(nom);
    }
    for (const [nom, html] of Object.entries(recu.avis)) {
      remplacer(un(`avis-${nom}`), html);
      for (const entree of entrees(champDe(nom))) html.includes(`class="erreur"`) ? entree.setAttribute("aria-invalid", "true") : entree.removeAttribute("aria-invalid");
    }
    remplacer(un("presence"), recu.presence);
    if (recu.titre) un("titre-de-la-fiche").textContent = recu.titre;
    remplacer(un("reste"), recu.reste);
    if (recu.a_revoir.length) dire("Un champ à revoir n’est pas encore enregistré", "triangle-alert", "alerte");
    else if (partis.size || chez("garde").dataset.ton) dire(recu.dit, "cloud-check");
    garder();
    if (sujets.some((nom) => partis.has(nom))) chercherLesProches();
    if ([...touches].some((nom) => !recu.a_revoir.includes(nom))) attente = setTimeout(enregistrer, PAUSE);
  };
  const chercherLesProches = async () => {
    try {
      const reponse = await fetch(formulaire.dataset.proches, { headers: { "HX-Request": "true" }, redirect: "error" });
      if (reponse.ok) remplacer(un("proches"), (await reponse.text()).trim());
    } catch {
      // Ce n'est qu'un avertissement : il viendra au prochain enregistrement.
    }
  };

  // --- Lignes de partenaires, suggestions, recherche dans une liste ---
  const ajouterUneLigne = (champ) => {
    const modele = champ.querySelector("template");
    const liste = champ.querySelector("[data-lignes]");
    if (!modele || !liste) return false;
    const ligne = modele.content.firstElementChild.cloneNode(true);
    ligne.innerHTML = ligne.innerHTML.replaceAll("__rang__", liste.children.length + 1);
    liste.append(ligne);
    eveiller(champ);
    return ligne;
  };
  const eveiller = (dans) => {
    for (const cache of dans.querySelectorAll("[data-ajouter][hidden], [data-oter][hidden], .chercher-un-terme[hidden]")) cache.hidden = false;
  };
  const suggerer = async (entree) => {
    if (entree.value.trim().length < 2) return;
    try {
      const reponse = await fetch(`${formulaire.dataset.partenaires}?q=${encodeURIComponent(entree.value.trim())}`, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!reponse.ok) return;
      const connus = await reponse.json();
      un("partenaires-connus").replaceChildren(...connus.map(({ libelle }) => Object.assign(document.createElement("option"), { value: libelle })));
    } catch {
      // Sans suggestion, on écrit le nom en entier.
    }
  };
  const plier = (texte) => texte.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const filtrer = (entree) => {
    const voulu = plier(entree.value.trim());
    let vus = 0;
    for (const choix of champDe(entree.dataset.filtreDe).querySelectorAll(".cases label")) {
      choix.hidden = !plier(choix.textContent).includes(voulu) && !choix.querySelector("input").checked;
      vus += !choix.hidden;
    }
    entree.parentElement.querySelector("[role=status]").textContent = voulu ? `${vus} dans la liste` : "";
  };

  // --- Gestes ---
  let frappe;
  formulaire.addEventListener("input", ({ target }) => {
    if (target.matches("[data-filtre-de]")) return filtrer(target);
    if (target.matches("[data-partenaire]")) {
      clearTimeout(frappe);
      frappe = setTimeout(() => suggerer(target), 200);
    }
    if (target.name?.startsWith("choix_")) return;
    noter();
  });
  formulaire.addEventListener("change", async ({ target }) => {
    if (!target.name?.startsWith("choix_")) return;
    const nom = target.name.slice(6);
    await enregistrer();
    champDe(nom).querySelector("[data-controle] :is(textarea, input)")?.focus();
  });
  formulaire.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && e.target.matches("[data-filtre-de]")) e.preventDefault();
  });
  formulaire.addEventListener("click", async (e) => {
    const bouton = e.target.closest("button");
    if (!bouton) return;
    if (bouton.dataset.ajouter) {
      ajouterUneLigne(bouton.closest("[data-champ]")).querySelector("input").focus();
    } else if ("oter" in bouton.dataset) {
      const champ = bouton.closest("[data-champ]");
      bouton.closest("li").remove();
      (champ.querySelector("[data-ajouter]") ?? champ).focus();
      noter();
    } else if (bouton.name === "retirer") {
      e.preventDefault();
      const champ = bouton.closest("[data-champ]");
      await enregistrer({ retirer: bouton.value });
      champ.querySelector("[data-controle] :is(textarea, input)")?.focus();
    }
  });
  formulaire.addEventListener("submit", async (e) => {
    if (estArrete) return;
    e.preventDefault();
    noter();
    const recu = await enregistrer();
    if (!recu) return;
    if (!recu.a_revoir.length) return formulaire.dataset.suite ? location.assign(formulaire.dataset.suite) : dire(recu.dit, "cloud-check");
    const champ = champDe(recu.a_revoir[0]);
    champ.scrollIntoView({ block: "center" });
    (champ.querySelector(".conflit [type=radio], [data-controle] :is(textarea, input)") ?? champ).focus();
  });
  // On part, ou l'on passe à autre chose : ce qui reste s'envoie sans attendre la pause.
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && touches.size && !estArrete) {
      fetch(formulaire.action, { method: "POST", body: new FormData(formulaire), keepalive: true, redirect: "manual", headers: { Accept: "application/json" } }).catch(() => {});
    }
  });
  addEventListener("online", () => touches.size && enregistrer());
  // Qui d'autre écrit ici, et quoi : la page veille doucement tant qu'on la regarde.
  setInterval(() => {
    if (document.visibilityState === "visible" && !envoi && !touches.size && Date.now() - dernier >= VEILLE) enregistrer({ deVeille: true });
  }, VEILLE / 4);

  eveiller(formulaire);
  retrouver();
}
