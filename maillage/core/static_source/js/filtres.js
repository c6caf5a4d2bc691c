// Un formulaire [data-envoi] part dès qu'un de ses choix change ; son bouton reste pour qui n'a pas de script.
// htmx n'arrive qu'au premier geste qui en a besoin : qui ne fait que lire ne le télécharge pas.
const htmx = document.querySelector("[data-htmx]").dataset.htmx;
let arrivee;

function appeler() {
  return (arrivee ??= new Promise((pret) => {
    const balise = document.createElement("script");
    balise.src = htmx;
    balise.onload = balise.onerror = pret;
    document.head.append(balise);
  }));
}

const concerne = (element) => element?.closest?.("[hx-get], [hx-post]") ?? element?.form?.matches("[hx-get], [hx-post]");
for (const geste of ["focusin", "pointerover"]) {
  addEventListener(geste, (e) => concerne(e.target) && appeler(), { passive: true });
}
if (document.querySelector("[hx-trigger*=load], [hx-trigger*=every], [hx-trigger*=revealed]")) appeler();

addEventListener("change", async (e) => {
  const formulaire = e.target.form;
  if (!formulaire?.matches("[data-envoi]") || e.target.matches("[type=search], [type=text]")) return;
  await appeler();
  formulaire.requestSubmit();
});
