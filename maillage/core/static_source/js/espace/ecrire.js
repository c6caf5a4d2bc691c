// La barre qui met en forme : <div data-outils="ID DU TEXTE" hidden> et ses boutons [data-signe]. Chacun pose dans le texte
// les signes de l'écriture légère, autour de ce qui est choisi. Sans script, la barre reste cachée et l'on tape les signes.
for (const barre of document.querySelectorAll("[data-outils]")) {
  const texte = () => document.getElementById(barre.dataset.outils); // il peut être redessiné
  const AUTOUR = { gras: ["**", "**", "important"], italique: ["*", "*", "nuance"], lien: ["[", "](https://)", "mots du lien"] };
  const DEVANT = { titre: "## ", liste: "- ", parole: "> ", numeros: null };
  // Comme une frappe : Ctrl+Z défait aussi ce que pose un bouton.
  const poser = (zone, mots, debut, fin) => {
    zone.focus();
    zone.setSelectionRange(debut, fin);
    if (!document.execCommand("insertText", false, mots)) zone.setRangeText(mots, debut, fin, "end");
  };
  const dire = (zone) => { zone.focus(); zone.dispatchEvent(new Event("input", { bubbles: true })); };
  const entourer = (zone, [avant, apres, exemple]) => {
    const { selectionStart: debut, selectionEnd: fin, value } = zone;
    const choisi = value.slice(debut, fin).trim() || exemple;
    poser(zone, `${avant}${choisi}${apres}`, debut, fin);
    zone.setSelectionRange(debut + avant.length, debut + avant.length + choisi.length);
  };
  const commencer = (zone, signe) => {
    const { selectionStart, selectionEnd, value } = zone;
    const debut = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const fin = (value.indexOf("\n", selectionEnd) + 1 || value.length + 1) - 1;
    const lignes = value.slice(debut, fin).split("\n");
    const faites = lignes.map((ligne, rang) => `${signe ?? `${rang + 1}. `}${ligne}`).join("\n");
    poser(zone, faites, debut, fin);
  };
  barre.hidden = false;
  barre.addEventListener("click", ({ target }) => {
    const signe = target.closest("[data-signe]")?.dataset.signe;
    const zone = texte();
    if (!signe || !zone) return;
    if (signe in AUTOUR) entourer(zone, AUTOUR[signe]);
    else commencer(zone, DEVANT[signe]);
    dire(zone);
  });
  // Une barre d'outils n'a qu'une étape au clavier : les flèches vont d'un bouton à l'autre.
  const boutons = [...barre.querySelectorAll("button")];
  boutons.forEach((bouton, rang) => { bouton.tabIndex = rang ? -1 : 0; });
  barre.addEventListener("keydown", (e) => {
    const pas = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    const ici = boutons.indexOf(document.activeElement);
    if (!pas || ici < 0) return;
    e.preventDefault();
    const suivant = boutons[(ici + pas + boutons.length) % boutons.length];
    boutons.forEach((bouton) => { bouton.tabIndex = bouton === suivant ? 0 : -1; });
    suivant.focus();
  });
}
// Une session fermée ou un refus rend une page entière : l'aperçu garde ce qu'il montrait, le formulaire dit quoi faire.
document.addEventListener("htmx:before:swap", (e) => {
  const reponse = e.detail.ctx?.response;
  if (e.target.closest(".apercu-du-chapitre") && (reponse?.status >= 400 || reponse?.raw?.redirected)) e.preventDefault();
});
