"""Recouper les listes dont le document a perdu les puces (« Nombre de séances Assiduité Nombre de familles »).

Le document lui-même apprend comment ses éléments commencent : les premiers mots de ses listes entières. On ne coupe que
devant un de ces mots, écrit avec sa majuscule, et jamais après un mot qui annonce une suite (« de la Ville »). Un
point-virgule suivi d'une majuscule coupe toujours.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from maillage.projets.importation.blocs import Ligne
from maillage.projets.importation.lexique import commence_par
from maillage.projets.importation.lu import CHAMPS_DE_TEXTE, CelluleLue, FicheLue
from maillage.projets.importation.mots import forme

_LONGUEUR_MIN = 30
_FIN_SURE = re.compile(r"(?<=[;?]) (?=[A-ZÀ-Ý][a-zà-ÿ])")
"""Un point-virgule, ou une question, puis une majuscule : un élément a fini."""
_ANNEE = r"20\d\d(?:[/-]20\d\d)? ?:"
_AUTRE_ANNEE = re.compile(rf" (?={_ANNEE})")
_MOT = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+")
_INFINITIF = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+(?:er|ir|oir|dre|tre|ire)$")
_CHAMPS_DE_NOMS = frozenset({"partenaires", "partenaires_potentiels", "moyens_materiels", "moyens_humains"})
_ANNONCENT_UNE_SUITE = frozenset(
    "a à au aux avec chez contre d dans de depuis des du en entre et l la le les leur leurs nos notre ou où par pour "
    "qu que qui sans selon ses son sa sous sur un une vers cette ce ces "
    "quartier ville commune village rue place école collège lycée maison espace centre site association club".split()
)


def recouper_les_fiches(fiches: Iterable[FicheLue]) -> list[FicheLue]:
    """Les mêmes fiches, leurs listes recoupées. Aucun mot ne change, ni leur ordre."""
    fiches = list(fiches)
    debuts = _debuts(fiches)
    return [
        replace(fiche, cellules=tuple(_recouper(cellule, debuts) for cellule in fiche.cellules))
        for fiche in fiches
    ]


def _debuts(fiches: list[FicheLue]) -> dict[str, set[str]]:
    """Champ → premiers mots des éléments de ses listes entières."""
    appris: dict[str, set[str]] = {}
    for fiche in fiches:
        for cellule in fiche.cellules:
            if len(cellule.lignes) > 1:
                premiers = (_MOT.match(ligne.texte) for ligne in cellule.lignes)
                appris.setdefault(cellule.champ, set()).update(mot[0] for mot in premiers if mot)
    return appris


def _recouper(cellule: CelluleLue, debuts: dict[str, set[str]]) -> CelluleLue:
    cellule = replace(cellule, lignes=tuple(_aux_fins_sures(cellule)))
    if cellule.champ in CHAMPS_DE_TEXTE or len(cellule.lignes) != 1:
        return cellule
    (ligne,) = cellule.lignes
    if len(ligne.texte) < _LONGUEUR_MIN:
        return cellule
    morceaux = _couper(ligne.texte, debuts.get(cellule.champ, set()), cellule)
    return replace(cellule, lignes=tuple(Ligne(morceau, ligne.puce) for morceau in morceaux))


def _aux_fins_sures(cellule: CelluleLue) -> Iterator[Ligne]:
    """Les lignes, coupées là où aucun doute n'est permis. Dans un texte suivi, seuls ses éléments de liste le sont."""
    for ligne in cellule.lignes:
        if cellule.champ in CHAMPS_DE_TEXTE and not ligne.puce:
            yield ligne
            continue
        est_un_calendrier = cellule.champ == "echeancier" and re.match(_ANNEE, ligne.texte)
        for morceau in _FIN_SURE.split(ligne.texte):
            for element in _AUTRE_ANNEE.split(morceau) if est_un_calendrier else [morceau]:
                yield Ligne(element, ligne.puce)


def _couper(texte: str, appris: set[str], cellule: CelluleLue) -> list[str]:
    """Coupe aux débuts connus ; dans une liste, aussi aux autres majuscules si la moitié au moins sont connues."""
    mots = texte.split()
    est_une_liste = bool(cellule.lignes[0].puce) and cellule.champ not in _CHAMPS_DE_NOMS
    possibles = list(_coupures(mots, est_une_liste=est_une_liste))
    connues = [place for place in possibles if _est_connu(mots[place], appris, cellule.champ)]
    coupures = possibles if est_une_liste and 2 * len(connues) >= len(possibles) else connues
    return [" ".join(mots[debut:fin]) for debut, fin in pairwise([0, *coupures, len(mots)])]


def _coupures(mots: list[str], *, est_une_liste: bool) -> Iterator[int]:
    """Les mots à majuscule devant lesquels un élément peut avoir fini, hors des parenthèses."""
    parentheses = 0
    for place, mot in enumerate(mots):
        if place and parentheses <= 0 and _MOT.match(mot) and _peut_finir(mots[place - 1], est_une_liste):
            yield place
        parentheses += _solde(mot)


def _est_connu(mot: str, appris: set[str], champ: str) -> bool:
    tete = _MOT.match(mot)
    if tete is None:
        return False
    if champ == "objectifs_operationnels" and _INFINITIF.match(tete[0]):
        return True
    return tete[0] in appris or (
        champ.startswith("indicateurs") and commence_par(tete[0], "indicateurs_quantitatifs")
    )


def _peut_finir(mot: str, est_une_liste: bool) -> bool:
    """Un élément peut-il finir par ce mot ? Pas par un article, ni par un nom propre qu'un autre suivrait."""
    if mot.endswith((".", ";")):
        return est_une_liste
    return (
        (mot[-1].isalnum() or mot[-1] == ")")
        and not mot[0].isupper()
        and forme(mot) not in _ANNONCENT_UNE_SUITE
    )


def _solde(mot: str) -> int:
    return mot.count("(") - mot.count(")")
