// L'arbre d'un projet : flèches, recherche pendant la frappe, branches déplacées à la souris ou au clavier.
// Sans script, tout se fait par la page de chaque branche. Chaque geste part au serveur, qui rend la page : on en
// prend l'arbre, le message et les boutons « Défaire ». Ce qui était ouvert le reste, le foyer suit la branche.
const arbreIci = () => document.getElementById("arbre");
if (arbreIci()) {
  const tous = (quoi, ou = arbreIci()) => [...ou.querySelectorAll(quoi)];
  const cle = arbreIci().dataset.garde;
  const simple = (texte) => texte.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const dire = (mots) => { document.getElementById("dit").textContent = mots; };
  const noeudDe = (element) => element?.closest("[data-noeud]");
  const prise = (noeud) => noeud?.matches("details") ? noeud.querySelector("summary") : noeud?.querySelector(".corps a");
  const jeton = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  // --- Ce qui est ouvert le reste, d'une page à l'autre ---
  const ouverts = () => Object.fromEntries(tous("details[id]").map((d) => [d.id, d.open]));
  const garder = () => { if (!filtre) sessionStorage.setItem(cle, JSON.stringify(ouverts())); };
  const remettre = (etats) => { for (const [id, etat] of Object.entries(etats)) { const d = document.getElementById(id); if (d) d.open = etat; } };
  let filtre = new URLSearchParams(location.search).size > 0;
  const aller = (id) => {
    const cible = id && document.getElementById(id);
    if (!cible) return;
    for (let d = cible.parentElement.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    prise(cible)?.focus();
    cible.scrollIntoView({ block: "center" });
  };
  if (!filtre) remettre(JSON.parse(sessionStorage.getItem(cle) ?? "{}"));
  if (location.hash) aller(location.hash.slice(1));
  addEventListener("hashchange", () => aller(location.hash.slice(1)));
  document.addEventListener("toggle", (e) => { if (arbreIci().contains(e.target)) garder(); }, true);
  for (const [quoi, etat] of [["[data-ouvre]", true], ["[data-ferme]", false]]) {
    document.querySelector(quoi)?.addEventListener("click", (e) => {
      e.preventDefault();
      for (const d of tous("details")) d.open = etat;
    });
  }

  // --- Chercher pendant la frappe ---
  const recherche = document.querySelector("[data-cherche]");
  const bouton = recherche?.querySelector("[data-chercher]");
  if (bouton) bouton.hidden = true;
  let avantRecherche;
  const chercher = () => {
    const mots = simple(recherche.elements.q.value).split(/\s+/).filter(Boolean);
    if (mots.length && !filtre) avantRecherche = ouverts();
    filtre = mots.length > 0;
    let vues = 0;
    for (const li of tous(".lignes>li")) {
      const va = mots.every((mot) => simple(li.textContent).includes(mot));
      li.hidden = !va;
      vues += va && li.matches("[data-noeud]");
    }
    for (const d of tous("details").reverse()) {
      d.hidden = filtre && !d.querySelector("li:not([hidden])");
      if (filtre) d.open = true;
    }
    if (filtre) dire(vues ? `${vues} fiche${vues > 1 ? "s" : ""}` : "Aucune fiche ne répond.");
    else if (avantRecherche) { remettre(avantRecherche); avantRecherche = undefined; }
  };
  recherche?.elements.q.addEventListener("input", chercher);
  recherche?.elements.q.addEventListener("keydown", (e) => {
    if (e.key === "Enter") e.preventDefault();
    if (e.key === "Escape") { recherche.elements.q.value = ""; chercher(); }
  });

  // --- Envoyer un geste ---
  const envoyer = async (adresse, champs, noeud, mots) => {
    const donnees = new URLSearchParams({ ...champs, csrfmiddlewaretoken: jeton() });
    const etats = ouverts();
    let reponse;
    try {
      reponse = await fetch(adresse, { method: "POST", body: donnees });
    } catch {
      return dire("Pas de réseau : rien n’a bougé. Réessayez.");
    }
    if (!reponse.ok || !reponse.redirected) return location.reload();
    const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
    if (!page.getElementById("arbre")) return location.reload();
    arbreIci().replaceWith(page.getElementById("arbre"));
    document.getElementById("gestes").replaceWith(page.getElementById("gestes"));
    const message = page.querySelector(".messages");
    document.querySelector(".messages")?.remove();
    if (message) document.getElementById("contenu").prepend(message);
    remettre(etats);
    brancher();
    if (recherche?.elements.q.value) chercher();
    aller(noeud);
    dire(message?.querySelector("p")?.textContent ?? mots ?? "");
    garder();
  };
  addEventListener("submit", (e) => {
    if (!e.target.matches("[data-defaire], [data-refaire]")) return;
    e.preventDefault();
    envoyer(e.target.action, {}, noeudDe(document.activeElement)?.id);
  });

  // --- Au clavier ---
  document.addEventListener("keydown", (e) => {
    const arbre = arbreIci(), ici = document.activeElement, noeud = arbre.contains(ici) ? noeudDe(ici) : null;
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "z" && !ici.matches("input, textarea, select")) {
      const formulaire = document.querySelector(e.shiftKey ? "[data-refaire]" : "[data-defaire]");
      if (formulaire) { e.preventDefault(); envoyer(formulaire.action, {}, noeud?.id); }
      return;
    }
    if (!noeud || e.ctrlKey || e.metaKey) return;
    if (e.altKey) {
      const sens = { ArrowUp: -1, ArrowDown: 1 }[e.key];
      if (!sens || !arbre.dataset.deplacer || noeud === arbre) return;
      e.preventDefault();
      return envoyer(arbre.dataset.deplacer, { noeud: noeud.dataset.noeud, sens }, noeud.id);
    }
    const vus = tous("summary, .lignes .corps a").filter((x) => x.offsetParent);
    const k = vus.indexOf(ici), d = ici.matches("summary") ? ici.parentElement : null;
    const porteur = d ? d.parentElement.closest("details") : ici.closest("details");
    if (e.key === "ArrowDown") vus[k + 1]?.focus();
    else if (e.key === "ArrowUp") vus[k - 1]?.focus();
    else if (e.key === "Home") vus[0]?.focus();
    else if (e.key === "End") vus.at(-1)?.focus();
    else if (e.key === "ArrowRight" && d) d.open ? vus[k + 1]?.focus() : (d.open = true);
    else if (e.key === "ArrowLeft") d?.open ? (d.open = false) : porteur?.querySelector("summary").focus();
    else if (e.key === "r" && noeud.querySelector(".ranger")) location.assign(noeud.querySelector(":scope>.ranger").href);
    else if (e.key === "n" && document.querySelector("[data-nouvelle]")) {
      const objectif = ici.closest("[data-noeud^=objectif]")?.dataset.noeud.slice(9) ?? "";
      location.assign(`${document.querySelector("[data-nouvelle]").href}?objectif=${objectif}`);
    } else return;
    e.preventDefault();
  });

  // --- À la souris ---
  // Une fiche se pose entre deux fiches ou sur un objectif ; une branche, sur celle qui la porte ou près d'une sœur.
  const PORTE = { fiche: ["objectif", "axe", "projet"], objectif: ["enjeu", "axe"], enjeu: ["axe"], axe: [] };
  let saisi;
  const genre = (noeud) => noeud?.dataset.noeud.split("-")[0];
  const porteurDe = (noeud) => noeudDe(noeud.parentElement);
  const freres = (noeud, porteur) => tous(`[data-noeud^=${genre(noeud)}-]`).filter((x) => porteurDe(x) === porteur && x !== noeud);
  const oublier = () => { for (const x of tous("[data-depose]")) delete x.dataset.depose; };
  const viser = (e) => {
    let vise = noeudDe(e.target);
    if (!saisi || !vise || saisi.contains(vise)) return null;
    if (genre(vise) === genre(saisi)) {
      const boite = (vise.querySelector("summary") ?? vise).getBoundingClientRect();
      return { noeud: vise, ou: e.clientY < boite.top + boite.height / 2 ? "avant" : "apres" };
    }
    while (vise && !PORTE[genre(saisi)].includes(genre(vise))) vise = noeudDe(vise.parentElement);
    return vise ? { noeud: vise, ou: "dans" } : null;
  };
  const brancher = () => {
    if (!arbreIci().dataset.deplacer) return;
    for (const x of tous("li[data-noeud]")) x.draggable = true;
    for (const s of tous("[data-noeud]>summary")) s.draggable = true;
  };
  brancher();
  document.addEventListener("dragstart", (e) => {
    const noeud = arbreIci().contains(e.target) ? noeudDe(e.target) : null;
    if (!noeud || !arbreIci().dataset.deplacer) return;
    saisi = noeud;
    e.dataTransfer.effectAllowed = "move";
    e.dataTransfer.setData("text/plain", noeud.dataset.noeud);
    setTimeout(() => { noeud.dataset.saisi = ""; });
  });
  document.addEventListener("dragover", (e) => {
    if (!saisi) return;
    oublier();
    const vise = viser(e);
    if (!vise) return;
    e.preventDefault();
    vise.noeud.dataset.depose = vise.ou;
  });
  document.addEventListener("drop", (e) => {
    const vise = saisi && viser(e);
    if (!vise) return;
    e.preventDefault();
    const champs = { noeud: saisi.dataset.noeud, sous: vise.noeud.dataset.noeud };
    if (vise.ou !== "dans") {
      const porteur = porteurDe(vise.noeud);
      champs.sous = porteur.dataset.noeud;
      champs.place = freres(saisi, porteur).indexOf(vise.noeud) + (vise.ou === "avant" ? 1 : 2);
    }
    envoyer(arbreIci().dataset.deplacer, champs, saisi.id);
  });
  document.addEventListener("dragend", () => { if (saisi) delete saisi.dataset.saisi; saisi = undefined; oublier(); });
}

// Les numéros : l'aperçu suit la frappe.
const apercu = document.querySelector("[data-apercu]");
if (apercu) {
  let attente;
  apercu.elements.modele.addEventListener("input", () => {
    clearTimeout(attente);
    attente = setTimeout(async () => {
      const reponse = await fetch(`?${new URLSearchParams({ modele: apercu.elements.modele.value })}`).catch(() => null);
      if (!reponse) return;
      const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
      for (const quoi of ["#apercu", ".champ"]) {
        const neuf = page.querySelector(quoi), ancien = document.querySelector(quoi);
        if (quoi === "#apercu") { if (neuf) ancien.replaceWith(neuf); continue; }
        const erreur = neuf?.querySelector(".erreur");
        ancien.querySelector(".erreur")?.remove();
        if (erreur) ancien.querySelector("input").before(erreur);
      }
    }, 250);
  });
}
