// Avant que la session se ferme : prévenir deux minutes avant, et prolonger d'un geste.
// <form data-session="SECONDES" hidden> ; un autre onglet a pu la prolonger : on demande au serveur avant de prévenir.
const formulaire = document.querySelector("form[data-session]");
if (formulaire) {
  const PREAVIS = 120;
  const texte = formulaire.querySelector("[data-dit]");
  let minuterie;

  const demander = async (options) => {
    try {
      const reponse = await fetch(formulaire.action, { headers: { Accept: "application/json" }, ...options });
      return reponse.redirected || !reponse.ok ? 0 : (await reponse.json()).reste ?? 0;
    } catch {
      return PREAVIS; // réseau absent : on prévient, sans rien affirmer
    }
  };
  const veiller = (reste) => {
    clearTimeout(minuterie);
    minuterie = setTimeout(regarder, Math.max(1, reste - PREAVIS) * 1000);
  };
  const dire = (mots, fermee) => {
    formulaire.hidden = false;
    formulaire.querySelector("button").hidden = fermee;
    setTimeout(() => { texte.textContent = mots; }, 100); // montré d'abord, écrit ensuite : il est alors lu
  };
  const regarder = async () => {
    const reste = await demander();
    if (reste > PREAVIS) return taire(reste);
    if (reste <= 0) return dire(texte.dataset.tropTard, true);
    dire(texte.dataset.dit, false);
    minuterie = setTimeout(regarder, (reste + 1) * 1000);
  };
  const taire = (reste) => {
    formulaire.hidden = true;
    texte.textContent = "";
    veiller(reste);
  };
  formulaire.addEventListener("submit", async (e) => {
    e.preventDefault();
    const reste = await demander({ method: "POST", body: new FormData(formulaire) });
    if (reste > 0) taire(reste);
    else dire(texte.dataset.tropTard, true);
  });
  veiller(Number(formulaire.dataset.session));
}
