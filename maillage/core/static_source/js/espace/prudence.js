// Une note libre : <textarea data-prudence="ADRESSE">. Pendant que l'on écrit, les mots à relire se disent au-dessus du
// champ. Rien n'est bloqué : sans réseau ou sans script, l'envoi demandera la même chose.
for (const champ of document.querySelectorAll("[data-prudence]")) {
  const PAUSE = 500;
  const avis = Object.assign(document.createElement("div"), { className: "avis-du-champ", role: "status" });
  const jeton = champ.form.elements.csrfmiddlewaretoken;
  let minuterie, demande = 0;
  champ.before(avis);
  const relire = async () => {
    const numero = ++demande;
    const corps = new URLSearchParams({ csrfmiddlewaretoken: jeton.value, texte: champ.value });
    try {
      const reponse = await fetch(champ.dataset.prudence, { method: "POST", body: corps, redirect: "manual" });
      const recu = reponse.ok ? (await reponse.text()).trim() : "";
      // Une réponse plus ancienne que la dernière frappe ne dit plus rien de vrai.
      if (numero === demande && avis.innerHTML !== recu) avis.innerHTML = recu;
    } catch { /* sans réseau, l'envoi demandera de relire */ }
  };
  champ.addEventListener("input", () => {
    clearTimeout(minuterie);
    minuterie = setTimeout(relire, PAUSE);
  });
  avis.addEventListener("click", ({ target }) => {
    const extrait = target.closest("[data-retirer]")?.dataset.retirer;
    if (!extrait) return;
    champ.value = champ.value.split(extrait).join("").replace(/ {2,}/g, " ").trim();
    champ.focus();
    champ.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
