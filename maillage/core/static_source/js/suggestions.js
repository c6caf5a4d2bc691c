// Suggestions pendant la frappe (motif « combobox » de l'ARIA) : <input data-suggestions="ADRESSE">.
// L'adresse reçoit ?q= et rend [{libelle, url?}] : avec url on y va, sans elle on cherche ce libellé.
for (const [rang, champ] of document.querySelectorAll("[data-suggestions]").entries()) {
  const liste = Object.assign(document.createElement("ul"), { id: `suggestions-${rang}`, className: "suggestions", hidden: true });
  const dit = Object.assign(document.createElement("span"), { className: "invisible" });
  let choix = [], courant = -1, attente, demande;

  liste.setAttribute("role", "listbox");
  liste.setAttribute("aria-label", "Suggestions");
  dit.setAttribute("role", "status");
  for (const [nom, valeur] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": liste.id, autocomplete: "off" })) champ.setAttribute(nom, valeur);
  champ.after(liste, dit);

  const fermer = () => {
    demande?.abort();
    liste.hidden = true;
    courant = -1;
    champ.setAttribute("aria-expanded", "false");
    champ.removeAttribute("aria-activedescendant");
  };
  const designer = (k) => {
    courant = (k + choix.length) % choix.length;
    for (const [i, option] of [...liste.children].entries()) option.setAttribute("aria-selected", i === courant);
    champ.setAttribute("aria-activedescendant", liste.children[courant].id);
    liste.children[courant].scrollIntoView({ block: "nearest" });
  };
  const prendre = (k) => {
    const { libelle, url } = choix[k];
    fermer();
    if (url) return location.assign(url);
    champ.value = libelle;
    champ.form.requestSubmit();
  };
  const montrer = () => {
    liste.replaceChildren(...choix.map(({ libelle }, i) => {
      const option = Object.assign(document.createElement("li"), { id: `${liste.id}-${i}`, textContent: libelle });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      // mousedown, pas click : le champ garde le foyer et la liste ne se ferme pas avant le choix.
      option.addEventListener("mousedown", (e) => { e.preventDefault(); prendre(i); });
      return option;
    }));
    liste.hidden = !choix.length;
    champ.setAttribute("aria-expanded", String(!!choix.length));
    dit.textContent = choix.length > 1 ? `${choix.length} suggestions` : choix.length ? "1 suggestion" : "";
  };
  const chercher = async () => {
    const q = champ.value.trim();
    demande?.abort();
    if (q.length < 2) return fermer();
    demande = new AbortController();
    try {
      const adresse = new URL(champ.dataset.suggestions, location.href);
      adresse.searchParams.set("q", q);
      const reponse = await fetch(adresse, { signal: demande.signal, headers: { Accept: "application/json" } });
      choix = reponse.ok ? await reponse.json() : [];
      courant = -1;
      champ.removeAttribute("aria-activedescendant");
      if (document.activeElement === champ) montrer();
    } catch {
      // Demande remplacée par la suivante, ou réseau absent : la recherche ordinaire marche toujours.
    }
  };

  champ.addEventListener("input", () => { clearTimeout(attente); attente = setTimeout(chercher, 150); });
  champ.addEventListener("blur", () => { clearTimeout(attente); fermer(); });
  champ.addEventListener("keydown", (e) => {
    if (liste.hidden) return;
    if (e.key === "ArrowDown") designer(courant + 1);
    else if (e.key === "ArrowUp") designer(courant < 0 ? choix.length - 1 : courant - 1);
    else if (e.key === "Enter" && courant >= 0) prendre(courant);
    else if (e.key === "Escape") fermer();
    else return;
    e.preventDefault();
  });
}
