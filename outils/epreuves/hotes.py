"""F8 : un hôte menti, un mandataire inventé ; ni lien empoisonné, ni limite esquivée."""

import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from outils.epreuves import Epreuve
from outils.epreuves._serveur import web
from outils.epreuves._visiteur import Visiteur
from outils.installation import Installation, installation_de_demonstration

ATTENDU = "400 à un hôte inconnu, les liens gardent l'adresse réglée, la limite tient"
MECHANT = "mechant.exemple"
MENSONGES = {
    "X-Forwarded-Host": MECHANT,
    "X-Host": MECHANT,
    "Forwarded": f"host={MECHANT}",
    "X-Original-URL": "/espace/",
    "X-Rewrite-URL": "/espace/",
}
OUBLI = "/compte/mot-de-passe/oublie/"


def eprouver(courte: bool) -> Epreuve:
    fautes: list[str] = []
    with installation_de_demonstration() as installation:
        compte = installation.commande("charger_demo", "--ecrire")["comptes"][0]
        installation.commande("rechercher", "jardin")
        installation.publier_statiques()
        with web(installation) as serveur:
            for hote in (MECHANT, f"{MECHANT}:80", f"localhost.{MECHANT}", "localhost@" + MECHANT):
                code = Visiteur(serveur.adresse).demander("/", entetes={"Host": hote}).code
                if code != 400:
                    fautes.append(f"Host: {hote} → {code}")
            for nom, valeur in MENSONGES.items():
                lue = Visiteur(serveur.adresse, suit=False).demander("/", entetes={nom: valeur})
                if MECHANT in lue.texte + str(lue.entetes) or "Aujourd’hui" in lue.texte:
                    fautes.append(f"{nom} est cru")
            Visiteur(serveur.adresse).envoyer(
                OUBLI, {"email": compte["courriel"]}, {"X-Forwarded-Host": MECHANT}
            )
            textes = _courriers(installation)
            if not textes or any(MECHANT in texte for texte in textes):
                fautes.append(f"courriel de mot de passe oublié : {len(textes)} écrits, hôte menti cru")
            with ThreadPoolExecutor(8) as fils:
                codes = Counter(fils.map(lambda n: _depuis(serveur.adresse, n), range(400)))
            if not codes[429]:
                fautes.append(f"une adresse inventée à chaque demande esquive la limite : {dict(codes)}")
    bilan = f"4 hôtes mentis, {len(MENSONGES)} en-têtes, un courriel, une rafale aux adresses inventées"
    return Epreuve("F8 hôte et mandataire mentis", bilan, fautes, ATTENDU)


def _depuis(serveur: str, numero: int) -> int:
    """Une page dont on n'essaie pas tous les numéros, chaque fois d'une adresse prétendue nouvelle."""
    visiteur = Visiteur(serveur, origine=f"{numero % 223 + 1}.{numero % 251}.0.1")
    return visiteur.demander(f"/signalements/SG-{numero:06d}/").code


def _courriers(installation: Installation) -> list[str]:
    for _ in range(20):
        with closing(sqlite3.connect(installation.dossier / "maillage.sqlite3")) as base:
            textes = [texte for (texte,) in base.execute("SELECT texte FROM core_courrier WHERE texte <> ''")]
        fichiers = [f.read_text(errors="replace") for f in (installation.dossier / "courrier").glob("*")]
        if textes or fichiers:
            return [*textes, *fichiers]
        time.sleep(0.5)
    return []
