// La feuille de présence : <form id="feuille" data-noter="ADRESSE" data-garde="CLÉ">. Sans script, un formulaire entier.
// Chaque geste part seul. Ce que le serveur n'a pas accusé reste sur cet appareil, sans aucun nom, et repart avec la
// même clé : reçu deux fois, il compte une fois.
const feuille = document.querySelector("form[data-noter]");
if (feuille && !document.querySelector(".presences:disabled") && document.getElementById("fin")) {
  const REESSAI = [2_000, 5_000, 15_000];
  const un = (quoi, ou = document) => ou.querySelector(quoi);
  const tous = (quoi, ou = document) => [...ou.querySelectorAll(quoi)];
  const garde = document.getElementById("garde");
  const roles = tous("#id_role_sans_nom option").map((o) => o.value);
  const MOTS = ["Participant", "Parent", "Organisateur", "Bénévole", "Intervenant", "Professionnel", "Membre"];
  const cases = tous(".presences input");
  const boutonDe = (entree) => entree.parentElement.nextElementSibling;
  const nomDe = (entree) => entree.parentElement.textContent.split(" · ")[0];
  const roleDe = (entree) => roles[MOTS.indexOf(boutonDe(entree).textContent)];
  const enTexte = (e) => e.target.matches("textarea, select, input:not([type=checkbox])");

  // --- Ce qui attend : en vol (déjà envoyé, pas accusé), puis à partir ---
  const vide = () => ({ noms: {}, nombres: {} });
  let { enVol, attente } = { enVol: null, attente: vide(), ...JSON.parse(localStorage.getItem(feuille.dataset.garde) ?? "{}") };
  let occupe = false, essais = 0, minuterie, estArrete = false;
  // Des nombres gardés d'une page précédente : une fois accusés, la grille se relit.
  const aRelire = [enVol, attente].some((gestes) => Object.keys(gestes?.nombres ?? {}).length);
  const aEnvoyer = () => Object.keys(attente.noms).length + Object.keys(attente.nombres).length > 0;
  const ranger = () => {
    garde.dataset.etat = enVol || aEnvoyer() ? "attente" : "fait";
    if (enVol || aEnvoyer()) localStorage.setItem(feuille.dataset.garde, JSON.stringify({ enVol, attente }));
    else localStorage.removeItem(feuille.dataset.garde);
  };
  const dire = (texte, ton = "") => {
    if (garde.textContent !== texte) garde.textContent = texte;
    garde.dataset.ton = ton;
  };
  const plusTard = (texte) => {
    dire(texte, "alerte");
    clearTimeout(minuterie);
    minuterie = setTimeout(envoyer, REESSAI[Math.min(essais++, REESSAI.length - 1)]);
  };
  const arreter = (texte, mots, adresse) => {
    estArrete = true;
    dire(`${texte} `, "alerte");
    garde.append(Object.assign(document.createElement("a"), { href: adresse, textContent: mots }));
  };
  const corps = () => {
    const donnees = new FormData();
    donnees.set("csrfmiddlewaretoken", feuille.elements.csrfmiddlewaretoken.value);
    donnees.set("envoi", enVol.cle);
    for (const [pk, role] of Object.entries(enVol.noms)) donnees.append("p", `${pk}:${role}`);
    for (const [place, nombre] of Object.entries(enVol.nombres)) donnees.append("s", `${place}:${nombre}`);
    return donnees;
  };
  const envoyer = async () => {
    clearTimeout(minuterie);
    if (occupe || estArrete) return;
    if (!enVol && !aEnvoyer()) return;
    if (!enVol) [enVol, attente] = [{ cle: cleNeuve(), ...attente }, vide()];
    ranger();
    occupe = true;
    const lenteur = setTimeout(dire, 800, "Enregistrement…"); // d'ordinaire, l'accusé vient avant
    let reponse;
    try {
      reponse = await fetch(feuille.dataset.noter, { method: "POST", body: corps(), redirect: "manual", keepalive: true, headers: { Accept: "application/json" } });
    } catch {
      clearTimeout(lenteur);
      occupe = false;
      return plusTard("Pas de réseau. Tout est gardé sur cet appareil, nous réessayons.");
    }
    clearTimeout(lenteur);
    occupe = false;
    if (reponse.type === "opaqueredirect") return arreter("Votre session s’est fermée. Tout est gardé sur cet appareil.", "Se reconnecter", `${feuille.dataset.connexion}?next=${encodeURIComponent(location.pathname)}`);
    if (reponse.status === 409) return arreter(`${(await reponse.json()).refus} Ce que vous avez noté est gardé sur cet appareil.`, "Voir la feuille", location.pathname);
    if (reponse.status === 403 || reponse.status === 404) return arreter("Cette page n’est plus à jour. Tout est gardé sur cet appareil.", "Rouvrir la page", location.pathname);
    if (!reponse.ok) return plusTard("Le service ne répond pas. Tout est gardé sur cet appareil, nous réessayons.");
    essais = 0;
    enVol = null;
    ranger();
    recevoir(await reponse.json());
    envoyer();
  };
  // Sans https, `randomUUID` manque.
  const cleNeuve = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16));
  const recevoir = (recu) => {
    for (const entree of cases) {
      if (entree.value in attente.noms) continue;
      const role = recu.roles[entree.value];
      entree.checked = role !== undefined;
      if (role) ecrireRole(entree, role);
    }
    if (aEnvoyer()) return;
    un("[data-presents]").textContent = recu.presents;
    un("[data-dont]").textContent = recu.dont;
    un("[data-sans-nom]").textContent = recu.sans_nom;
    dire(recu.dit);
    if (aRelire) location.reload();
  };

  // --- Les noms ---
  const ecrireRole = (entree, role) => {
    const mot = MOTS[roles.indexOf(role)], bouton = boutonDe(entree);
    if (bouton.textContent === mot) return;
    bouton.textContent = mot;
    bouton.setAttribute("aria-label", `${mot}, rôle de ${nomDe(entree)}`);
  };
  const noter = (entree) => {
    attente.noms[entree.value] = entree.checked ? roleDe(entree) : "";
    ranger();
  };
  const compterIci = () => {
    const n = cases.filter((c) => c.checked).length;
    if (cases.length) un("[data-presents]").textContent = `${n} présent${n > 1 ? "s" : ""}`;
  };
  const changerRole = (entree, pas = 1) => {
    const rang = roles.indexOf(roleDe(entree));
    ecrireRole(entree, roles[(rang + pas + roles.length) % roles.length]);
    dire(`${nomDe(entree)} : ${boutonDe(entree).textContent.toLowerCase()}`);
    if (!entree.checked) return;
    noter(entree);
    envoyer();
  };
  feuille.addEventListener("change", ({ target }) => {
    if (!cases.includes(target)) return;
    noter(target);
    compterIci();
    envoyer();
  });
  feuille.addEventListener("click", (e) => {
    const bouton = e.target.closest("button");
    if (bouton?.name === "role") {
      e.preventDefault();
      changerRole(bouton.previousElementSibling.firstElementChild);
    } else if (bouton?.value === "tous") {
      e.preventDefault();
      for (const entree of cases.filter((c) => !c.checked)) {
        entree.checked = true;
        noter(entree);
      }
      compterIci();
      envoyer();
    }
  });
  const visibles = () => cases.filter((c) => !c.parentElement.hidden);
  feuille.addEventListener("keydown", (e) => {
    const liste = visibles(), rang = liste.indexOf(e.target.matches("button[name=role]") ? e.target.previousElementSibling.firstElementChild : e.target);
    if (rang < 0 || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "ArrowDown") liste[rang + 1]?.focus();
    else if (e.key === "ArrowUp") liste[rang - 1]?.focus();
    else if (e.key === "Home") liste[0].focus();
    else if (e.key === "End") liste.at(-1).focus();
    else if (e.key.toLowerCase() === "r") changerRole(liste[rang], e.shiftKey ? -1 : 1);
    else if (e.key === "Enter" && e.target.matches("input")) { /* une case ne renvoie pas la page */ }
    else return;
    e.preventDefault();
  });
  const aller = un("[data-aller]");
  const simple = (texte) => texte.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const filtrer = () => {
    const voulu = simple(aller.value.trim());
    for (const entree of cases) boutonDe(entree).hidden = entree.parentElement.hidden = !simple(nomDe(entree)).includes(voulu);
  };
  if (aller) {
    aller.hidden = false;
    aller.addEventListener("input", filtrer);
    aller.addEventListener("keydown", (e) => {
      if (e.key === "Enter" || e.key === "ArrowDown") visibles()[0]?.focus();
      else if (e.key === "Escape") { aller.value = ""; filtrer(); }
      else return;
      e.preventDefault();
    });
  }

  // --- Sans nom ---
  const grille = un(".grille-sans-nom");
  const nombres = tous(".grille input", grille);
  const connus = new Map(nombres.map((n) => [n, Number(n.value)]));
  let courante = nombres.at(-1);
  const placeDe = (entree) => `${entree.name.slice(2)}.${grille.dataset.role}`;
  const compter = (entree) => {
    const voulu = Math.min(2000, Math.max(0, Math.trunc(Number(entree.value)) || 0));
    const ecart = voulu - connus.get(entree);
    entree.value = voulu;
    if (!ecart) return;
    connus.set(entree, voulu);
    attente.nombres[placeDe(entree)] = (attente.nombres[placeDe(entree)] ?? 0) + ecart;
    if (!attente.nombres[placeDe(entree)]) delete attente.nombres[placeDe(entree)];
    const dit = un("[data-sans-nom]"), avant = Number(/\d+/.exec(dit.textContent)?.[0] ?? 0);
    dit.textContent = avant + ecart ? `+ ${avant + ecart} sans nom` : "";
    ranger();
    envoyer();
  };
  const pas = (nombre) => {
    courante.value = Number(courante.value) + nombre;
    compter(courante);
    dire(`${courante.getAttribute("aria-label")} : ${courante.value}`);
  };
  grille.addEventListener("focusin", ({ target }) => {
    if (!nombres.includes(target)) return;
    courante = target;
    un("[data-case]", grille).textContent = target.getAttribute("aria-label");
    target.select();
  });
  grille.addEventListener("change", ({ target }) => nombres.includes(target) && compter(target));
  grille.addEventListener("keydown", (e) => {
    if (!nombres.includes(e.target) || !["+", "-", "Enter"].includes(e.key)) return;
    e.preventDefault();
    e.stopPropagation();
    if (e.key === "Enter") compter(e.target);
    else pas(e.key === "+" ? 1 : -1);
  });
  un(".pas-a-pas", grille).addEventListener("click", (e) => {
    const bouton = e.target.closest("[data-pas]");
    if (bouton) pas(Number(bouton.dataset.pas));
  });
  document.addEventListener("keydown", (e) => {
    if (enTexte(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "+") pas(1);
    else if (e.key.toLowerCase() === "d") un("[data-touche-d]")?.click();
  });

  // --- Finir : d'abord ce qui attend ---
  addEventListener("online", envoyer);
  addEventListener("pagehide", () => { if (aEnvoyer()) envoyer(); });
  feuille.addEventListener("submit", async (e) => {
    const bouton = e.submitter;
    if (bouton?.value !== "terminer") return;
    if (!enVol && !aEnvoyer()) return accorder();
    e.preventDefault();
    await envoyer();
    for (let n = 0; n < 20 && (enVol || aEnvoyer()) && !estArrete; n++) await new Promise((fini) => setTimeout(fini, 100));
    if (!enVol && !aEnvoyer()) {
      accorder();
      feuille.requestSubmit(bouton);
    }
  });
  // Tout est déjà enregistré : le formulaire ne redit ni les noms ni les nombres.
  const accorder = () => {
    const lus = feuille.elements.lus;
    if (lus) lus.value = cases.filter((c) => c.checked).map((c) => c.value).join(",");
    feuille.elements.lues.value = nombres.filter((n) => Number(n.value)).map((n) => `${n.name.slice(2)}=${n.value}`).join(",");
  };

  feuille.dataset.vif = "";
  for (const cache of tous(".clavier[hidden], .pas-a-pas[hidden]")) cache.hidden = false;
  // Ce qu'une page fermée trop tôt avait gardé se voit, et repart.
  for (const gestes of [enVol?.noms ?? {}, attente.noms]) {
    for (const entree of cases.filter((c) => c.value in gestes)) {
      entree.checked = gestes[entree.value] !== "";
      if (gestes[entree.value]) ecrireRole(entree, gestes[entree.value]);
    }
  }
  if (enVol || aEnvoyer()) {
    dire("Cet appareil gardait des présences. Nous les envoyons.");
    envoyer();
  }
}
