// La grille d'un budget : Entrée descend d'une ligne, Maj+Entrée remonte, un bloc copié d'un tableur se colle d'un coup.
for (const grille of document.querySelectorAll("form[data-grille]")) {
  const colonnes = ["p", "r"].map((lettre) => [...grille.querySelectorAll(`.budget input[name^="${lettre}"]`)]);
  const place = (champ) => {
    const colonne = colonnes.findIndex((une) => une.includes(champ));
    return colonne < 0 ? null : [colonne, colonnes[colonne].indexOf(champ)];
  };
  grille.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || !place(e.target)) return;
    const [colonne, rang] = place(e.target);
    const voisin = colonnes[colonne][rang + (e.shiftKey ? -1 : 1)];
    if (!voisin) return;
    e.preventDefault();
    voisin.focus();
    voisin.select();
  });
  grille.addEventListener("paste", (e) => {
    const depart = place(e.target);
    const lignes = e.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/).map((une) => une.split("\t"));
    if (!depart || (lignes.length < 2 && lignes[0].length < 2)) return;
    e.preventDefault();
    let dernier = e.target;
    lignes.forEach((cellules, i) => cellules.forEach((valeur, j) => {
      const champ = colonnes[depart[0] + j]?.[depart[1] + i];
      if (!champ) return;
      champ.value = valeur.trim();
      dernier = champ;
    }));
    dernier.focus();
  });
}
