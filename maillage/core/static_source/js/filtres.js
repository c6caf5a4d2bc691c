// Un formulaire [data-envoi] part dès qu'un de ses choix change ; son bouton reste pour qui n'a pas de script.
// htmx n'arrive qu'au premier geste qui en a besoin : qui ne fait que lire ne le télécharge pas.
const adresse = document.querySelector("[data-htmx]")?.dataset.htmx;
let arrivee;

const appeler = () => (arrivee ??= new Promise((pret) => {
  const balise = document.createElement("script");
  balise.src = adresse;
  // htmx s'attache aux formulaires juste après son chargement : on lui laisse ce tour.
  balise.onload = () => setTimeout(pret);
  balise.onerror = pret;
  document.head.append(balise);
}));

const concerne = (element) => (element.form ?? element).closest?.("[hx-get], [hx-post]");
for (const geste of ["focusin", "pointerover"]) {
  addEventListener(geste, (e) => concerne(e.target) && appeler(), { passive: true });
}
if (document.querySelector('[hx-trigger*=load], [hx-trigger*=every], [hx-trigger*=revealed], [hx-trigger*="from:"]')) appeler();

addEventListener("change", async (e) => {
  const formulaire = e.target.form;
  if (!formulaire?.matches("[data-envoi]") || e.target.matches("[type=search], [type=text]")) return;
  await appeler();
  formulaire.requestSubmit();
});

// Une adresse propre : ce qui est vide n'y va pas.
addEventListener("formdata", ({ target, formData }) => {
  if (target.method !== "get") return;
  for (const [nom, valeur] of [...formData]) if (valeur === "") formData.delete(nom);
});

// htmx recharge la page quand on revient sur une adresse qu'il a écrite ; s'il n'est pas là, c'est à nous.
addEventListener("popstate", ({ state }) => { if (state?.htmx && !window.htmx) location.reload(); });

// Au retour en arrière, le navigateur rend la page telle qu'on l'a quittée : les cases doivent redire son adresse.
addEventListener("pageshow", (e) => {
  if (e.persisted) for (const formulaire of document.querySelectorAll("[data-envoi]")) formulaire.reset();
});
