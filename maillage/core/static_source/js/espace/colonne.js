// Une colonne copiée d'un tableur se colle d'un coup : <… data-colonne>, une ligne par champ de nombre, vers le bas.
for (const zone of document.querySelectorAll("[data-colonne]")) {
  zone.addEventListener("paste", (e) => {
    const lignes = e.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/);
    const nombres = [...zone.querySelectorAll("input[inputmode=decimal]")];
    const depart = nombres.indexOf(e.target);
    if (lignes.length < 2 || depart < 0) return;
    e.preventDefault();
    const suivants = nombres.slice(depart, depart + lignes.length);
    for (const [rang, champ] of suivants.entries()) champ.value = lignes[rang].split("\t")[0].trim();
    e.target.dispatchEvent(new Event("input", { bubbles: true }));
    suivants.at(-1).focus();
  });
}
