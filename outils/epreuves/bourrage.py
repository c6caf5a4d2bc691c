"""F5 : des milliers d'entrées avec de mauvais mots de passe ; le catalogue répond, la vraie personne entre."""

import multiprocessing
import random
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event

from outils.epreuves import Epreuve
from outils.epreuves._visiteur import CONNEXION, Visiteur, champs_caches
from outils.installation import installation_de_demonstration

ADRESSES, COMPTES, FILS, PARALLELES = 50, 200, 16, 50
P95_MAXIMAL = 0.3
ATTENDU = (
    "429 aux essais, la vraie personne entre, p95 du catalogue < 300 ms sous 50 mauvaises entrées à la fois"
)


def eprouver(courte: bool) -> Epreuve:
    essais, lectures = (200, 60) if courte else (2_000, 400)
    hasard = random.Random(5)
    fautes: list[str] = []
    with (
        installation_de_demonstration(MAILLAGE_MANDATAIRES="1") as installation,
        installation.servie() as serveur,
    ):
        comptes = installation.commande("charger_demo", "--ecrire")["comptes"]
        cibles = [c["courriel"] for c in comptes] + [f"personne{n}@exemple.fr" for n in range(COMPTES)]
        attaques = [_Attaque(serveur.adresse, f"203.0.113.{n + 1}") for n in range(ADRESSES)]
        au_repos = _p95(serveur.adresse, lectures)
        with ThreadPoolExecutor(FILS) as fils:
            choix = [(hasard.choice(attaques), hasard.choice(cibles[:COMPTES])) for _ in range(essais)]
            codes = Counter(fils.map(lambda c: c[0].essayer(c[1]), choix))
        # dans un autre processus : qui mesure n'attend pas qui attaque
        fini = multiprocessing.Event()
        troupe = multiprocessing.Process(target=_assaillir, args=(serveur.adresse, cibles, fini))
        troupe.start()
        time.sleep(3)
        sous_attaque = _p95(serveur.adresse, lectures)
        fini.set()
        troupe.join()
        victime = comptes[0]
        moi = Visiteur(serveur.adresse, origine="198.51.100.7")
        moi.entrer(victime)
        if moi.demander("/espace/").adresse.endswith("/espace/") is False:
            fautes.append("la vraie personne n'entre plus depuis une autre adresse")
    if codes[429] == 0 or any(code >= 500 for code in codes):
        fautes.append(f"réponses aux essais : {dict(codes)}")
    if (
        sous_attaque > P95_MAXIMAL and not courte
    ):  # la ronde courte partage la machine : elle ne juge pas un temps
        fautes.append(
            f"p95 du catalogue : {sous_attaque * 1000:.0f} ms sous {PARALLELES} mauvaises entrées à la fois"
        )
    bilan = (
        f"{essais} essais, {len(cibles)} comptes, {ADRESSES} adresses : {_dire(codes)} ; p95 du catalogue "
        f"{au_repos * 1000:.0f} ms au repos, {sous_attaque * 1000:.0f} ms sous {PARALLELES} entrées à la fois"
    )
    return Epreuve("F5 bourrage d'entrées", bilan, fautes, ATTENDU)


class _Attaque:
    """Un navigateur et son adresse annoncée ; le jeton du formulaire est pris une fois."""

    def __init__(self, serveur: str, origine: str) -> None:
        self.visiteur = Visiteur(serveur, origine=origine, suit=False)
        self.caches = champs_caches(self.visiteur.demander(CONNEXION).texte)

    def essayer(self, courriel: str) -> int:
        champs = {"login": courriel, "password": f"mauvais-mot-de-passe-{time.time()}"}
        return self.visiteur.demander(CONNEXION, self.caches | champs).code

    def insister(self, cibles: list[str], fini: Event) -> None:
        """Essaie, attend la réponse, recommence une seconde après : cinquante essais par seconde à eux tous."""
        hasard = random.Random(self.visiteur.origine)
        while not fini.wait(1.0):
            self.essayer(hasard.choice(cibles))


def _assaillir(serveur: str, cibles: list[str], fini: Event) -> None:
    attaques = [_Attaque(serveur, f"203.0.113.{n + 1}") for n in range(PARALLELES)]
    with ThreadPoolExecutor(PARALLELES) as fils:
        for attaque in attaques:
            fils.submit(attaque.insister, cibles, fini)


def _p95(serveur: str, lectures: int) -> float:
    durees = []
    for numero in range(lectures):
        lecteur = Visiteur(serveur, origine=f"192.0.2.{numero % 250 + 1}")
        debut = time.perf_counter()
        lecteur.demander("/experiences/?q=jardin")
        durees.append(time.perf_counter() - debut)
        time.sleep(0.02)
    return statistics.quantiles(durees, n=20)[-1]


def _dire(codes: "Counter[int]") -> str:
    return ", ".join(f"{nombre} × {code}" for code, nombre in sorted(codes.items()))
