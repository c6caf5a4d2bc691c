"""F21 : kill -9 de PostgreSQL et de ses enfants pendant des écritures ; il revient seul, l'application aussi."""

import random
import re
import threading
import time

from outils.epreuves import Epreuve
from outils.epreuves._brouillon import commencer
from outils.epreuves._serveur import web
from outils.epreuves._visiteur import Visiteur
from outils.installation import installation_jetable
from outils.postgres import Grappe, grappe_jetable

ATTENDU = "0 accusé perdu, 503 pendant la panne, de retour seul en moins de 30 s"
RETOUR_MAXIMAL = 30


def eprouver(courte: bool) -> Epreuve:
    coupures = 1 if courte else 10
    hasard = random.Random(21)
    fautes: list[str] = []
    accuses, retours = 0, [0.0]
    with grappe_jetable() as grappe:
        variables = {"MAILLAGE_MODE": "demo", "DATABASE_URL": grappe.adresse}
        with installation_jetable(**variables) as installation:
            compte = installation.commande("charger_demo", "--ecrire")["comptes"][1]
            installation.commande("rechercher", "jardin")
            installation.publier_statiques()
            with web(installation) as serveur:
                ecriture = commencer(serveur.adresse, compte)
                numero = 0
                for coupure in range(coupures):
                    bourreau = threading.Timer(hasard.uniform(0.5, 2.0), grappe.tuer)
                    bourreau.start()
                    numero += 1
                    while ecriture.enregistrer(numero):
                        accuses += 1
                        numero += 1
                    bourreau.join()
                    etat = Visiteur(serveur.adresse).demander("/readyz").code
                    if etat != 503:
                        fautes.append(f"coupure {coupure} : /readyz dit {etat} sans base")
                    retours.append(_revenir(grappe, serveur.attendre))
                    lu = ecriture.relire()
                    if not any(f"texte numéro {n}" in lu for n in (ecriture.accuse, ecriture.accuse + 1)):
                        fautes.append(
                            f"coupure {coupure} : l'accusé {ecriture.accuse} n'est pas dans la page, "
                            f"qui dit {re.findall(r'texte numéro [0-9]+|<h1.*?</h1>', lu)}"
                        )
    if max(retours) > RETOUR_MAXIMAL:
        fautes.append(f"retour en {max(retours):.0f} s")
    if accuses < coupures:
        fautes.append("trop peu d'enregistrements accusés : l'épreuve n'a rien éprouvé")
    bilan = (
        f"{coupures} kill -9 de tout PostgreSQL, {accuses} accusés, retour le plus lent {max(retours):.1f} s"
    )
    return Epreuve("F21 arrêts brutaux de PostgreSQL", bilan, fautes, ATTENDU)


def _revenir(grappe: Grappe, attendre_le_web: "object") -> float:
    debut = time.monotonic()
    grappe.demarrer()
    attendre_le_web()  # type: ignore[operator]
    return time.monotonic() - debut
