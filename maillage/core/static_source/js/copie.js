// Boutons qui n'ont de sens qu'avec un script : cachés dans la page (`hidden`), montrés ici.
// <button type="button" data-copier="ADRESSE" hidden>Copier le lien</button>, data-imprimer de même.
const montrer = () => {
  for (const bouton of document.querySelectorAll("[data-copier][hidden], [data-imprimer][hidden]")) bouton.hidden = false;
};
montrer();
addEventListener("htmx:after:swap", montrer);

addEventListener("click", async ({ target }) => {
  if (target.closest("[data-imprimer]")) return print();
  const bouton = target.closest("[data-copier]");
  if (!bouton) return;
  let dit = bouton.querySelector("[role=status]");
  if (!dit) {
    dit = document.createElement("span");
    dit.setAttribute("role", "status");
    bouton.append(dit);
  }
  const adresse = new URL(bouton.dataset.copier, location.href).href;
  try {
    await navigator.clipboard.writeText(adresse);
    dit.textContent = " : c’est fait";
  } catch {
    // Presse-papiers refusé (page en http, vieux navigateur) : la personne copie elle-même.
    dit.textContent = ` : ${adresse}`;
  }
});
