"""F26 : remettre une sauvegarde sur une machine vide, montre en main, pendant que le site d'origine servait."""

import shutil
import time

from outils.epreuves import Epreuve
from outils.epreuves._serveur import web
from outils.epreuves._visiteur import Visiteur
from outils.installation import installation_de_demonstration, installation_jetable

ATTENDU = "mêmes lignes et mêmes sommes, les personnes entrent, en moins d'une heure"
DUREE_MAXIMALE = 3600


def eprouver(courte: bool) -> Epreuve:
    fautes: list[str] = []
    with (
        installation_de_demonstration() as origine,
        installation_jetable(MAILLAGE_MODE="demo") as vide,
    ):
        compte = origine.commande("charger_demo", "--ecrire")["comptes"][0]
        archive = vide.dossier / "sauvegarde.tar.gz"
        manifeste = origine.commande("sauvegarder", "--sortie", str(archive))
        debut = time.monotonic()
        shutil.copy(origine.dossier / "secret", vide.dossier)  # la clé, gardée à part, se remet à la main
        rendue = vide.commande("restaurer", str(archive), "--ecrire")
        vide.commande("rechercher", "jardin")
        vide.publier_statiques()
        with web(vide) as serveur:
            duree = time.monotonic() - debut
            visiteur = Visiteur(serveur.adresse)
            visiteur.entrer(compte)
            if not visiteur.demander("/espace/").adresse.endswith("/espace/"):
                fautes.append("la directrice n'entre pas")
            if "jardin" not in Visiteur(serveur.adresse).demander("/experiences/?q=jardin").texte.casefold():
                fautes.append("la recherche ne trouve rien")
    lignes = sum(rendue["lignes"].values())
    sommees = sum(int(somme.partition(":")[0]) for somme in manifeste["tables"].values())
    if duree > DUREE_MAXIMALE:
        fautes.append(f"{duree:.0f} s")
    bilan = f"{lignes} lignes ({sommees} sommées, tables de la mécanique comprises) servies en {duree:.0f} s"
    return Epreuve("F26 restauration sur machine vide", bilan, fautes, ATTENDU)
