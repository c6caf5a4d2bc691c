"""Écrire dans un brouillon par le web, et savoir ce que le serveur a accusé."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from outils.epreuves._visiteur import Visiteur, champs_caches

ETAPE = re.compile(r'href="(/espace/contributions/(\d+)/[a-z-]+/)"')


@dataclass
class Ecriture:
    """Une personne entrée, devant l'étape d'un brouillon qui porte un champ `resume`."""

    visiteur: Visiteur
    page: str
    caches: dict[str, str]
    accuse: int = 0
    refus: str = ""
    """La dernière réponse qui n'était pas un accusé : son code et son texte."""

    def enregistrer(self, numero: int, delai: float = 20, suite: str = "") -> bool:
        """Envoie « texte n° … » ; vrai quand le serveur l'a accusé, faux quand il n'a pas répondu."""
        try:
            champs = self.caches | {"resume": f"texte numéro {numero}{suite}", "rester": "1"}
            reponse = self.visiteur.demander(self.page, champs, delai, {"Accept": "application/json"})
        except OSError:
            return False
        if reponse.code != 200:
            self.refus = f"{reponse.code} {reponse.texte}"
            return False
        self.accuse = numero
        try:
            self.relire()
        except OSError:
            pass  # la coupure tombe après l'accusé : la page se relira au retour
        return True

    def relire(self) -> str:
        """Reprend le jeton et l'état lu de la page, comme la page rechargée le ferait ; rend la page."""
        page = self.visiteur.demander(self.page)
        if page.code == 200:
            self.caches = champs_caches(page.texte)
        return page.texte


def commencer(serveur: str, compte: Mapping[str, str]) -> Ecriture:
    visiteur = Visiteur(serveur)
    visiteur.entrer(compte)
    nouvelle = visiteur.envoyer("/espace/contributions/nouvelle/", {"titre": "Une fiche d’épreuve"})
    liens = dict.fromkeys(trouve[0] for trouve in ETAPE.findall(nouvelle.texte))
    for page in [nouvelle.adresse.removeprefix(serveur), *liens]:
        lue = visiteur.demander(page)
        if 'name="resume"' in lue.texte:
            return Ecriture(visiteur, page, champs_caches(lue.texte))
    raise AssertionError(
        f"Aucune étape ne porte le résumé : {nouvelle.code} {nouvelle.adresse}, {list(liens)}"
    )
