// Le comptoir : un appui compte un passage. Il se voit tout de suite, puis part ; sans réseau, il reste sur l'appareil.
// Chaque envoi porte une clé à lui : répété, il compte une fois. Les envois partent un à un, dans l'ordre des gestes.
const comptoir = document.querySelector("[data-comptoir]");
if (comptoir?.querySelector("[data-compter]")) {
  const { adresse, etat: adresseDeLEtat, file: prefixe, connexion } = comptoir.dataset;
  const VEILLE = 15_000, REESSAI = 5_000;
  const un = (nom) => comptoir.querySelector(`[data-${nom}]`);
  const compter = un("compter"), preciser = un("preciser"), bloc = un("preciser-bloc"), suivre = un("suivre");
  const jeton = compter.querySelector("[name=csrfmiddlewaretoken]").value;
  const nombre = compter.elements.nombre;
  const francais = new Intl.NumberFormat("fr-FR");
  const icone = (nom) => { const svg = compter.querySelector(".touches .i")?.cloneNode(true); svg?.querySelector("use").setAttribute("href", svg.querySelector("use").getAttribute("href").replace(/#.*/, `#${nom}`)); return svg ?? ""; };
  // L'horloge de l'appareil est parfois mal réglée, et l'on compterait un autre jour : l'heure vient du serveur. L'écart ne
  // se reprend que s'il a vraiment changé, pour que deux gestes gardent leur ordre.
  let etat, ecart = 0;
  const maintenant = () => new Date(Date.now() + ecart);
  const recevoir = (recu) => { etat = recu; if (Math.abs(recu.maintenant - maintenant()) > 5_000) ecart = recu.maintenant - Date.now(); };
  recevoir(JSON.parse(document.getElementById("etat-du-comptoir").textContent));
  const horloge = new Intl.DateTimeFormat("fr-FR", { hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: etat.fuseau });
  const heure = (quand = maintenant()) => { const [h, m] = horloge.format(quand).split(":"); return `${Number(h)} h${m === "00" ? "" : ` ${m}`}`; };
  let envoie = false, arrete = false, coupeDepuis = "", rang = 0;

  // --- La file : un envoi par ligne de l'appareil, deux onglets ne s'effacent donc rien.
  const file = new Map();
  try {
    for (const nom of Object.keys(localStorage).filter((n) => n.startsWith(prefixe)).sort()) file.set(nom, JSON.parse(localStorage.getItem(nom)));
  } catch { /* stockage refusé : la file vit le temps de la page */ }
  const garder = (nom, envoi) => { file.set(nom, envoi); try { localStorage.setItem(nom, JSON.stringify(envoi)); } catch { /* de même */ } };
  const oublier = (nom) => { file.delete(nom); try { localStorage.removeItem(nom); } catch { /* de même */ } };
  const cle = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

  // --- Ce que la page sait de mes gestes : le dernier passage que je peux annuler, le dernier que je peux rétablir.
  const faits = [], defaits = [];
  const mots = (types) => types.map((t) => comptoir.querySelector(`button[value="${t}"] .l`)?.textContent ?? "Une demande").join(", ");
  // Les précisions partent toutes ensemble : un geste les garde comme la page les montre, pour ne pas en ôter d'autres.
  const lire = () => [...new FormData(preciser)].filter(([nom]) => nom !== "csrfmiddlewaretoken");
  const retenir = (fait) => {
    fait.precisions = lire().reduce((tous, [nom, valeur]) => ({ ...tous, [nom]: [...(tous[nom] ?? []), valeur] }), {});
    fait.types = fait.precisions.types ?? fait.types;
    fait.nombre = Number(fait.precisions.nombre?.[0]) || 1;
    return fait;
  };
  if (preciser.dataset.cle) faits.push(retenir({ cle: preciser.dataset.cle, types: [] }));

  const peindre = () => {
    const enPlus = { passages: 0, types: {} };
    for (const { pas, types } of file.values()) {
      if (!pas) continue;
      enPlus.passages += pas;
      for (const t of types) enPlus.types[t] = (enPlus.types[t] ?? 0) + pas;
    }
    un("passages").textContent = francais.format(etat.passages + enPlus.passages);
    un("dont").textContent = etat.dont;
    for (const n of comptoir.querySelectorAll("[data-n]")) n.textContent = francais.format(Math.max(0, (etat.types[n.dataset.n] ?? 0) + (enPlus.types[n.dataset.n] ?? 0)));
    const attente = [...file.values()].filter(({ pas }) => pas);
    un("envoi-dit").textContent = !file.size ? "Tout est enregistré" : coupeDepuis ? `${file.size > 1 ? `${file.size} gestes gardés` : "1 geste gardé"} sur cet appareil` : "Envoi…";
    const lignes = [...attente.filter(({ pas }) => pas > 0).reverse().map((a) => ({ heure: a.heure, demandes: mots(a.types), nombre: a.nombre, attend: true })), ...etat.derniers].slice(0, 5);
    un("derniers").replaceChildren(...lignes.map((l) => {
      const li = document.createElement("li"), quand = Object.assign(document.createElement("span"), { className: "heure", textContent: l.heure });
      li.append(quand, Object.assign(document.createElement("span"), { className: "corps", textContent: `${l.demandes}${l.nombre > 1 ? ` (${l.nombre} personnes)` : ""}${l.attend ? ", pas encore envoyé" : ""}` }));
      return li;
    }));
    un("aucun")?.toggleAttribute("hidden", lignes.length > 0);
    un("annuler").hidden = un("reprendre").hidden = bloc.hidden = !faits.length;
    un("retablir").hidden = !defaits.length;
    const enLigne = document.querySelector("[data-en-ligne]"), horsLigne = document.querySelector("[data-hors-ligne]");
    enLigne.hidden = !!coupeDepuis;
    horsLigne.hidden = !coupeDepuis;
  };
  const dire = (fort, suite = "", signe = "check") => {
    const texte = document.createElement("span");
    texte.append(Object.assign(document.createElement("strong"), { textContent: fort }), suite);
    un("message").replaceChildren(icone(signe), texte);
  };
  const avertir = (texte, avecLien = false) => {
    un("avis").hidden = !texte;
    un("avis-texte").textContent = texte;
    un("avis-lien").hidden = !avecLien;
  };

  // --- Envoyer.
  const envoyer = ({ chemin, champs }) => {
    const corps = new URLSearchParams([["csrfmiddlewaretoken", jeton], ...champs]);
    return fetch(adresse + chemin, { method: "POST", body: corps, redirect: "manual", headers: { Accept: "application/json" } });
  };
  const couper = () => {
    coupeDepuis ||= heure();
    avertir(`Pas de réseau depuis ${coupeDepuis}. Continuez à compter : tout est gardé sur cet appareil et partira au retour du réseau.`);
    setTimeout(vider, REESSAI);
  };
  const retrouver = () => { if (coupeDepuis) { coupeDepuis = ""; avertir(""); } };
  const vider = async () => {
    if (envoie || arrete) return;
    envoie = true;
    try {
      while (file.size) {
        const [nom, envoi] = file.entries().next().value;
        const reponse = await envoyer(envoi);
        if (reponse.type === "opaqueredirect" || reponse.status === 403) {
          arrete = true;
          avertir("Votre session s’est fermée. Vos passages sont gardés sur cet appareil : rouvrez le comptoir, ils partiront.", true);
          break;
        }
        const recu = reponse.ok ? await reponse.json() : null;
        if (recu) recevoir(recu);
        else if (reponse.status === 422) dire("Non compté. ", (await reponse.json()).refus, "triangle-alert");
        else if (reponse.status === 404) dire("Non compté. ", "Ce passage ou ce centre n’est plus là.", "triangle-alert");
        else throw new Error(String(reponse.status));
        oublier(nom);
        retrouver();
        peindre();
      }
    } catch {
      couper();
    } finally {
      envoie = false;
      peindre();
    }
  };
  const poser = (envoi) => {
    garder(`${prefixe}${String(Date.now()).padStart(15, "0")}-${String(rang++).padStart(6, "0")}`, envoi);
    peindre();
    vider();
  };

  // --- Les gestes.
  const noter = (types, chemin, champs, personnes, precisions) => {
    const fait = { cle: cle(), types, nombre: personnes, precisions: { suite: [""], types, nombre: [String(personnes)], ...precisions } };
    const quand = maintenant();
    faits.push(fait);
    defaits.length = 0;
    poser({ chemin, pas: 1, types, nombre: fait.nombre, heure: heure(quand), champs: [["cle", fait.cle], ["le", quand.toISOString()], ...champs] });
    dire(mots(types), `, ${heure(quand)}${fait.nombre > 1 ? `, ${fait.nombre} personnes` : ""}`);
    for (const touche of compter.querySelectorAll("[name=types]")) touche.classList.toggle("frappe", types.includes(touche.value));
    nombre.value = 1;
    remettreAZero(fait);
  };
  const appuyer = (touche) => {
    const personnes = Number(nombre.value) || 1, site = compter.elements.site?.value ?? "";
    noter([touche.value], "", [["types", touche.value], ["nombre", personnes], ["site", site]], personnes, { canal: ["venue"], site: [site] });
  };
  // Ce qui se reprend du passage d'avant : comme `REPRISES` (accueil/operations/passages.py).
  const reprendre = () => {
    const { cle: de, types, nombre: personnes, precisions } = faits.at(-1) ?? {};
    if (!de) return;
    const reprises = ["site", "canal", "besoin_de_langue", "bande", "genre", "provenance"].filter((nom) => precisions[nom]);
    noter(types, `${de}/reprendre/`, [], personnes, Object.fromEntries(reprises.map((nom) => [nom, precisions[nom]])));
  };
  const annuler = () => {
    const fait = faits.pop();
    if (!fait) return;
    defaits.push(fait);
    poser({ chemin: `${fait.cle}/annuler/`, pas: -1, types: fait.types, champs: [] });
    dire("Annulé. ", mots(fait.types), "undo-2");
    for (const touche of compter.querySelectorAll(".frappe")) touche.classList.remove("frappe");
    if (faits.length) remettreAZero(faits.at(-1));
  };
  const retablir = () => {
    const fait = defaits.pop();
    if (!fait) return;
    faits.push(fait);
    poser({ chemin: `${fait.cle}/retablir/`, pas: 1, types: fait.types, nombre: fait.nombre, heure: heure(), champs: [] });
    dire("De nouveau compté. ", mots(fait.types));
    remettreAZero(fait);
  };
  // Le dernier a changé : ses précisions reviennent à ce que l'on avait dit de lui.
  const remettreAZero = (fait) => {
    preciser.dataset.cle = fait.cle;
    if (suivre) suivre.search = new URLSearchParams({ passage: fait.cle });
    for (const champ of preciser.querySelectorAll("[name]:not([name=csrfmiddlewaretoken])")) {
      const valeurs = fait.precisions[champ.name] ?? [""];
      if (/radio|checkbox/.test(champ.type)) champ.checked = valeurs.includes(champ.value);
      else champ.value = valeurs[0];
    }
  };
  const envoyerLesPrecisions = () => {
    const fait = faits.at(-1);
    if (!fait) return;
    retenir(fait);
    poser({ chemin: `${fait.cle}/`, pas: 0, types: [], champs: lire() });
  };

  compter.addEventListener("submit", (e) => { e.preventDefault(); if (e.submitter) appuyer(e.submitter); });
  nombre.addEventListener("keydown", (e) => { if (e.key === "Enter") e.preventDefault(); });
  for (const [nom, geste] of [["annuler", annuler], ["reprendre", reprendre]]) un(nom).addEventListener("submit", (e) => { e.preventDefault(); geste(); });
  un("retablir").addEventListener("click", retablir);
  preciser.addEventListener("submit", (e) => { e.preventDefault(); envoyerLesPrecisions(); });
  preciser.addEventListener("change", envoyerLesPrecisions);
  // La demande à suivre se rattache au passage : il part d'abord.
  suivre?.addEventListener("click", async (e) => {
    if (!file.size) return;
    e.preventDefault();
    vider();
    for (let n = 0; n < 30 && file.size && !coupeDepuis && !arrete; n++) await new Promise((fini) => setTimeout(fini, 100));
    if (!file.size) location.assign(suivre.href);
    else avertir("Ce passage n’est pas encore envoyé. Notez la demande à suivre au retour du réseau.");
  });
  const ajouter = (n) => { nombre.value = Math.min(200, Math.max(1, (Number(nombre.value) || 1) + n)); };
  for (const [nom, n] of [["moins", -1], ["plus", 1]]) {
    un(nom).hidden = false;
    un(nom).addEventListener("click", () => ajouter(n));
  }
  un("sans-script").hidden = true;

  const ecrit = ({ target }) => /INPUT|TEXTAREA|SELECT/.test(target.tagName) && !/checkbox|radio/.test(target.type);
  addEventListener("keydown", (e) => {
    if (ecrit(e) || e.ctrlKey || e.metaKey || e.altKey || e.repeat) return;
    // La rangée des chiffres d'un clavier français donne « & » sans majuscule : on lit la touche, pas le signe.
    const chiffre = /^(?:Digit|Numpad)([1-9])$/.exec(e.code)?.[1] ?? (/^[1-9]$/.test(e.key) ? e.key : "");
    const touche = chiffre && compter.querySelector(`[data-chiffre="${chiffre}"]`);
    const gestes = { z: annuler, d: reprendre, r: retablir, "+": () => ajouter(1), "-": () => ajouter(-1), p: () => preciser.querySelector("input:checked, input")?.focus() };
    if (touche) appuyer(touche);
    else if (gestes[e.key.toLowerCase()]) gestes[e.key.toLowerCase()]();
    else return;
    e.preventDefault();
  });

  // --- Le total vivant, tous lieux ensemble.
  const veiller = async () => {
    if (file.size || envoie || document.hidden || arrete) return;
    const avant = rang; // un geste fait pendant la réponse la rend ancienne : elle effacerait son passage de l'écran
    try {
      const reponse = await fetch(adresseDeLEtat, { redirect: "manual", headers: { Accept: "application/json", "Sans-Geste": "1" } });
      const recu = reponse.ok ? await reponse.json() : null;
      if (recu && rang === avant) { recevoir(recu); retrouver(); }
    } catch { couper(); }
    peindre();
  };
  setInterval(veiller, VEILLE);
  addEventListener("online", vider);
  peindre();
  vider();
}
