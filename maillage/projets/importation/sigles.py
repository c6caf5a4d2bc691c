"""La table des sigles : un tableau (deux colonnes, ou deux fois deux), ou une ligne par sigle."""

import re
from collections.abc import Iterator

from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.lu import SigleLu

_SIGLE = re.compile(r"^[A-ZÀ-Ý0-9][\w&.'’+/ -]{0,14}$")
_EN_LIGNE = re.compile(
    r"^(?P<sigle>[A-ZÀ-Ý0-9][A-ZÀ-Ýa-z0-9&.'’+/-]{1,14}(?: \d{1,3})?)\s*[:=–—-]\s*(?P<sens>\S.{2,})$"
)
_RANGS_MIN = 4


def est_un_sigle(texte: str) -> bool:
    """Court, et fait surtout de capitales : « CAF », « CD 63 », « T2C »."""
    lettres = [lettre for lettre in texte if lettre.isalpha()]
    return (
        bool(_SIGLE.match(texte)) and bool(lettres) and sum(c.isupper() for c in lettres) * 2 >= len(lettres)
    )


def est_une_table_de_sigles(blocs: list[Bloc]) -> bool:
    """Un tableau dont les colonnes vont par deux, la première faite de sigles."""
    if len(blocs) < _RANGS_MIN:
        return False
    premieres = [bloc.cellules[0].texte for bloc in blocs if bloc.cellules and bloc.cellules[0].lignes]
    return (
        len(premieres) >= _RANGS_MIN
        and sum(map(est_un_sigle, premieres)) >= 0.8 * len(premieres)
        and all(len(bloc.pleines()) >= 2 for bloc in blocs[1:])
    )


def lire_la_table(blocs: list[Bloc]) -> list[SigleLu]:
    """Colonne après colonne, comme on lit une table sur deux colonnes."""
    largeur = max(len(bloc.cellules) for bloc in blocs)
    return [
        SigleLu(ligne_debut=bloc.ligne, ligne_fin=bloc.ligne, sigle=sigle, sens=sens)
        for colonne in range(0, largeur - 1, 2)
        for bloc in blocs
        for sigle, sens in _paire(bloc, colonne)
    ]


def _paire(bloc: Bloc, colonne: int) -> Iterator[tuple[str, str]]:
    if colonne + 1 < len(bloc.cellules):
        sigle, sens = (bloc.cellules[place].texte.replace("\n", " ") for place in (colonne, colonne + 1))
        if sigle and sens and est_un_sigle(sigle):
            yield sigle.rstrip(" :"), sens


def lire_la_ligne(bloc: Bloc) -> SigleLu | None:
    """« CAF : Caisse d'allocations familiales »."""
    trouve = _EN_LIGNE.match(bloc.texte)
    if not trouve or not est_un_sigle(trouve["sigle"]):
        return None
    return SigleLu(ligne_debut=bloc.ligne, ligne_fin=bloc.ligne, sigle=trouve["sigle"], sens=trouve["sens"])
