"""La chaîne d'un projet, d'un besoin à ce que l'on fera : besoin, enjeux, objectifs, fiches."""

from dataclasses import dataclass

from maillage.projets.lecture import Arbre, AxeLu, EnjeuLu, lire_arbre
from maillage.projets.models import Besoin, ProjetSocial
from maillage.projets.preuves import PreuveLue, avec_leurs_preuves, lire_les_preuves


@dataclass(frozen=True)
class EnjeuRelie:
    axe: AxeLu
    lu: EnjeuLu


@dataclass(frozen=True)
class Maillon:
    """Un besoin, ses preuves, et les enjeux où il mène. `rang` : son urgence, dite."""

    rang: int
    besoin: Besoin
    preuves: list[PreuveLue]
    enjeux: list[EnjeuRelie]


@dataclass(frozen=True)
class Chaine:
    maillons: list[Maillon]
    sans_besoin: list[EnjeuRelie]
    """Les enjeux de l'arbre qu'aucun besoin n'appelle."""


def lire_la_chaine(projet: ProjetSocial, arbre: Arbre | None = None) -> Chaine:
    arbre = arbre or lire_arbre(projet)
    relies = {un.enjeu.pk: EnjeuRelie(axe, un) for axe in arbre.axes for un in axe.enjeux}
    maillons = []
    appeles: set[int] = set()
    for rang, besoin in enumerate(avec_leurs_preuves(projet), start=1):
        numeros = {enjeu.pk for enjeu in besoin.enjeux.all()}
        appeles |= numeros
        siens = [relie for pk, relie in relies.items() if pk in numeros]
        maillons.append(Maillon(rang, besoin, list(lire_les_preuves(besoin)), siens))
    libres = [relie for pk, relie in relies.items() if pk not in appeles and relie.lu.enjeu.titre]
    return Chaine(maillons, libres)
