// Boutons qui n'ont de sens qu'avec un script : cachés dans la page (`hidden`), montrés ici.
// <button type="button" data-copier="ADRESSE" hidden>Copier le lien</button>, data-imprimer de même.
for (const bouton of document.querySelectorAll("[data-copier]")) {
  const dit = document.createElement("span");
  dit.setAttribute("role", "status");
  bouton.append(dit);
  bouton.hidden = false;
  bouton.addEventListener("click", async () => {
    const adresse = new URL(bouton.dataset.copier, location.href).href;
    try {
      await navigator.clipboard.writeText(adresse);
      dit.textContent = " : c’est fait";
    } catch {
      // Presse-papiers refusé (page en http, vieux navigateur) : la personne copie elle-même.
      dit.textContent = ` : ${adresse}`;
    }
  });
}
for (const bouton of document.querySelectorAll("[data-imprimer]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", () => print());
}
