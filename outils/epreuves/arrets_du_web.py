"""F20 : kill -9 du serveur web pendant qu'une personne enregistre ; rien de ce qui a été accusé n'est perdu."""

import json
import random
import sqlite3
import threading
import time
from contextlib import closing

from outils.epreuves import Epreuve
from outils.epreuves._brouillon import Ecriture, commencer
from outils.epreuves._serveur import web
from outils.installation import Installation, installation_de_demonstration

ATTENDU = "0 enregistrement accusé perdu, 0 à moitié écrit, redémarrage < 30 s"
REDEMARRAGE_MAXIMAL = 30


def eprouver(courte: bool) -> Epreuve:
    coupures = 2 if courte else 50
    hasard = random.Random(20)
    fautes: list[str] = []
    accuses, redemarrages = 0, [0.0]
    with installation_de_demonstration() as installation:
        compte = installation.commande("charger_demo", "--ecrire")["comptes"][1]
        installation.commande("rechercher", "jardin")
        installation.publier_statiques()
        with web(installation) as serveur:
            ecriture = commencer(serveur.adresse, compte)
            numero = 0
            for coupure in range(coupures):
                bourreau = threading.Timer(hasard.uniform(0.3, 1.5), serveur.tuer)
                bourreau.start()
                numero += 1
                while ecriture.enregistrer(numero):
                    accuses += 1
                    numero += 1
                    time.sleep(0.02)
                bourreau.join()
                fautes += [f"coupure {coupure} : {faute}" for faute in _perdus(installation, ecriture)]
                redemarrages.append(serveur.demarrer())
                ecriture.relire()
    if max(redemarrages) > REDEMARRAGE_MAXIMAL:
        fautes.append(f"redémarrage en {max(redemarrages):.0f} s")
    if accuses < coupures:
        fautes.append("trop peu d'enregistrements accusés : l'épreuve n'a rien éprouvé")
    bilan = f"{coupures} kill -9, {accuses} accusés, redémarrage le plus lent {max(redemarrages):.1f} s"
    return Epreuve("F20 arrêts brutaux du web", bilan, fautes, ATTENDU)


def _perdus(installation: Installation, ecriture: Ecriture) -> list[str]:
    """La base, lue directement : le dernier texte accusé y est, ou le suivant, parti sans accusé."""
    with closing(sqlite3.connect(installation.dossier / "maillage.sqlite3")) as base:
        fautes = [] if base.execute("PRAGMA integrity_check").fetchone()[0] == "ok" else ["base abîmée"]
        contenu = json.loads(
            base.execute("SELECT contenu FROM catalogue_contribution ORDER BY id DESC LIMIT 1").fetchone()[0]
        )
    ecrit = contenu.get("resume", "")
    permis = {f"texte numéro {n}" for n in (ecriture.accuse, ecriture.accuse + 1)}
    if ecriture.accuse and ecrit not in permis:
        fautes.append(f"accusé {ecriture.accuse}, en base « {ecrit} »")
    return fautes
