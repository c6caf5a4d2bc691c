// Citer une autre fiche dans un texte : <details data-citer> a un menu, et un bouton [data-inserer] qui pose la citation
// choisie là où l'on écrivait, dans le dernier champ [data-citant] touché. Sans script, le menu reste caché.
for (const boite of document.querySelectorAll("[data-citer]")) {
  const formulaire = boite.closest("form");
  const menu = boite.querySelector("select");
  let dernier = formulaire.querySelector("[data-citant]");
  boite.hidden = !dernier;
  formulaire.addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-citant]")) dernier = target;
  });
  boite.querySelector("[data-inserer]").addEventListener("click", () => {
    if (!dernier?.isConnected) dernier = formulaire.querySelector("[data-citant]");
    const avant = dernier.value.slice(0, dernier.selectionStart);
    const seul = menu.value.startsWith("[[bloc"); // un tableau prend sa ligne
    const espace = !avant ? "" : seul ? "\n\n".slice(/\n*$/.exec(avant)[0].length) : /\s$/.test(avant) ? "" : " ";
    const mots = `${espace}${menu.value}${seul ? "\n" : ""}`;
    dernier.closest("details:not([open])")?.setAttribute("open", "");
    dernier.focus();
    // Comme une frappe : Ctrl+Z défait l'insertion.
    if (!document.execCommand("insertText", false, mots)) dernier.setRangeText(mots, dernier.selectionStart, dernier.selectionEnd, "end");
    dernier.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
