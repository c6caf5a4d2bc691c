"""F15 et F16 : des centaines de commentaires et de signalements par un programme patient ; rien n'est public."""

import random
import re
import sqlite3
import time
from collections import Counter
from contextlib import closing

from outils.epreuves import Epreuve
from outils.epreuves._serveur import web
from outils.epreuves._visiteur import Visiteur, champs_caches
from outils.installation import Installation, installation_de_demonstration

ATTENDU = "0 commentaire public, les limites tiennent, la file reste utilisable, la fiche reste en ligne"
MOTS = "jardin gagner argent atelier gratuit cliquez repas voisins promotion fête crédit quartier".split()


def eprouver(courte: bool) -> Epreuve:
    envois = 60 if courte else 500
    hasard = random.Random(15)
    fautes: list[str] = []
    with installation_de_demonstration(MAILLAGE_MANDATAIRES="1") as installation:
        comptes = installation.commande("charger_demo", "--ecrire")["comptes"]
        installation.commande("rechercher", "jardin")
        installation.publier_statiques()
        avant = _compter(installation)
        with web(installation) as serveur:
            code, fiche = _une_fiche(serveur.adresse)
            page = f"/experiences/{code}/commenter/"
            # des programmes, chacun son navigateur et son adresse, assez patients pour l'heure signée
            robots = [
                Visiteur(serveur.adresse, f"203.0.113.{n + 1}", suit=False)
                for n in range(1 if courte else envois // 25)
            ]
            formulaires = [champs_caches(robot.demander(page).texte) for robot in robots]
            time.sleep(3.2)
            codes: Counter[int] = Counter()
            for envoi in range(envois):
                texte = f"{' '.join(hasard.choices(MOTS, k=12))} {envoi}"
                champs = {"texte": texte, "signature": f"Lecteur {envoi}", "courriel": ""}
                codes[
                    robots[envoi % len(robots)].demander(page, formulaires[envoi % len(robots)] | champs).code
                ] += 1
            signales = _signaler(serveur.adresse, fiche, envois // 4)
            lue = Visiteur(serveur.adresse, "198.51.100.1").demander(fiche)
            if lue.code != 200 or any(f"Lecteur {envoi}" in lue.texte for envoi in range(envois)):
                fautes.append(f"la fiche répond {lue.code}, ou montre un commentaire de programme")
        publics, en_file = (apres - debut for apres, debut in zip(_compter(installation), avant, strict=True))
    if publics:
        fautes.append(f"{publics} commentaires publics")
    if not codes[429]:
        fautes.append(f"aucune limite : {dict(codes)}")
    if en_file > 150:
        fautes.append(f"{en_file} demandes dans la file : elle n'est plus utilisable")
    bilan = (
        f"{envois} commentaires ({', '.join(f'{n} × {c}' for c, n in sorted(codes.items()))}), {signales} signalements "
        f"d'une même personne ; {publics} public, {en_file} demandes de plus dans la file, {len(comptes)} comptes"
    )
    return Epreuve("F15 et F16 pourriels et signalements en masse", bilan, fautes, ATTENDU)


def _une_fiche(serveur: str) -> tuple[str, str]:
    """(code, adresse) de la première fiche trouvée."""
    trouvee = re.search(
        r'href="(/experiences/([a-z0-9]+)/[^"/]+/)"', Visiteur(serveur).demander("/experiences/").texte
    )
    assert trouvee, "aucune fiche dans la démonstration"  # noqa: S101
    return trouvee[2], trouvee[1]


def _signaler(serveur: str, fiche: str, envois: int) -> int:
    """La même personne signale la même fiche autant de fois qu'on l'y laisse ; rend ce qui a été pris."""
    personne = Visiteur(serveur, "203.0.113.99", suit=False)
    page = f"/signaler/?page={fiche}"
    formulaire = champs_caches(personne.demander(page).texte)
    time.sleep(3.2)
    champs = formulaire | {"motif": "illicite", "texte": "encore", "courriel": "", "adresse": fiche}
    return sum(personne.demander(page, champs).code in {302, 303} for _ in range(envois))


def _compter(installation: Installation) -> tuple[int, int]:
    """(commentaires publics, demandes qui attendent)."""
    with closing(sqlite3.connect(installation.dossier / "maillage.sqlite3")) as base:
        publics = base.execute("SELECT count(*) FROM moderation_commentaire WHERE etat = 'publie'")
        attendent = base.execute("SELECT count(*) FROM moderation_demande WHERE etat = 'en_attente'")
        return publics.fetchone()[0], attendent.fetchone()[0]
