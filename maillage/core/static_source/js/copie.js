// Boutons qui n'ont de sens qu'avec un script : cachés dans la page, montrés ici.
// <button type="button" data-copie="ADRESSE" hidden>Copier le lien<span role="status"></span></button>
for (const bouton of document.querySelectorAll("[data-copie]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", async () => {
    const adresse = new URL(bouton.dataset.copie || location.href, location.href).href;
    const dit = bouton.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(adresse);
      dit.textContent = " : c’est fait";
    } catch {
      // Presse-papiers refusé (page en http, vieux navigateur) : la personne copie elle-même.
      dit.textContent = ` : ${adresse}`;
    }
  });
}
for (const bouton of document.querySelectorAll("[data-imprime]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", () => print());
}
