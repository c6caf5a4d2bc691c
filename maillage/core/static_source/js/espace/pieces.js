// Envoi de fichiers avec avancement : <form data-fichiers>. Sans script, le formulaire part tout seul.
// Les fichiers vont par lots de 18 Mo au plus, le serveur refusant au-delà de 20 Mo d'un coup.
const LOT = 18e6;

const lots = (fichiers) => {
  const faits = [[]];
  let poids = 0;
  for (const fichier of fichiers) {
    if (poids && poids + fichier.size > LOT) {
      faits.push([]);
      poids = 0;
    }
    faits.at(-1).push(fichier);
    poids += fichier.size;
  }
  return faits;
};

const envoyer = (formulaire, champ, lot, avancer) =>
  new Promise((fini, rate) => {
    const donnees = new FormData(formulaire);
    donnees.delete(champ.name);
    donnees.set("geste", "joindre");
    for (const fichier of lot) donnees.append(champ.name, fichier);
    const demande = new XMLHttpRequest();
    demande.open("POST", formulaire.action || location.href);
    demande.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    demande.upload.onprogress = ({ loaded }) => avancer(loaded);
    demande.onload = () => (demande.status === 204 ? fini() : rate());
    demande.onerror = rate;
    demande.send(donnees);
  });

addEventListener("submit", async (evenement) => {
  const formulaire = evenement.target;
  const champ = formulaire.matches?.("[data-fichiers]") && formulaire.querySelector("[type=file]");
  if (!champ?.files?.length) return;
  evenement.preventDefault();
  const bouton = formulaire.querySelector("button");
  const bloc = formulaire.querySelector("[data-avancement]");
  const barre = bloc.querySelector("progress");
  const dit = bloc.querySelector("[role=status]");
  const fichiers = [...champ.files];
  const total = fichiers.reduce((somme, fichier) => somme + fichier.size, 0) || 1;
  bloc.hidden = false;
  bouton.disabled = true;
  let partis = 0;
  try {
    for (const lot of lots(fichiers)) {
      await envoyer(formulaire, champ, lot, (octets) => {
        const part = Math.min(100, Math.round((100 * (partis + octets)) / total));
        barre.value = part;
        dit.textContent = part < 100 ? `${part} %` : "Les fichiers sont arrivés : on les prépare…";
      });
      partis += lot.reduce((somme, fichier) => somme + fichier.size, 0);
    }
    location.assign(location.pathname); // et non reload : la page vient peut-être d’un envoi refusé
  } catch {
    bouton.disabled = false;
    barre.hidden = true;
    dit.textContent = "L’envoi a échoué. Vérifiez votre connexion et la taille des fichiers, puis recommencez.";
  }
});
