"""Les fiches sans tableau dont chaque rubrique est marquée : par un titre plus petit, ou par un tiret.

La marque dit qu'une rubrique commence, même quand le lexique n'en connaît pas le nom : son texte est alors à ranger.
"""

from dataclasses import dataclass
from typing import Final

from maillage.projets.importation.blocs import Bloc, Ligne
from maillage.projets.importation.cellules import Passage
from maillage.projets.importation.chapitres import niveau_de_titre
from maillage.projets.importation.lexique import (
    EN_TETE,
    Libelle,
    libelle_en_tete,
    libelle_entier,
    libelle_par_mots,
)
from maillage.projets.importation.titres import Genre, Titre, lire_un_titre

_RUBRIQUES_MIN: Final = 2
_CHAMPS_MIN: Final = 3
"""« Action 3 : … » annonce une fiche : une rubrique connue sur deux la prouve. Un titre nu doit en avoir trois."""
_NOM_MAX: Final = 60
_FERMENT = (Genre.FICHE, Genre.AXE, Genre.CHAPITRE)


@dataclass(frozen=True)
class FicheBalisee:
    """`rangs` : le titre et tout ce qu'il couvre."""

    titre: Titre
    passages: list[Passage]
    rangs: list[int]


def lire_une_fiche_balisee(
    blocs: list[Bloc], rangs: list[int], place: int, titres_du_sommaire: dict[str, int]
) -> FicheBalisee | None:
    """La fiche dont le rang à cette place est le titre, ou rien."""
    tete = blocs[rangs[place]]
    titre = lire_un_titre(tete.texte)
    if tete.est_rang or tete.puce or not (tete.niveau or (titre and titre.genre is Genre.FICHE)):
        return None
    if titre and titre.genre not in (Genre.FICHE, Genre.NUMERO):
        return None
    corps = _corps(blocs, rangs[place:], titres_du_sommaire)
    marques = _titres(tete, [blocs[rang] for rang in corps]) or _tirets([blocs[rang] for rang in corps])
    connus = {trouve[0].nom for trouve in marques.values() if trouve[0]} - EN_TETE
    est_annoncee = titre is not None and titre.genre is Genre.FICHE
    if len(marques) < _RUBRIQUES_MIN or len(connus) < (1 if est_annoncee else _CHAMPS_MIN):
        return None
    if (
        not est_annoncee and blocs[corps[0]].ligne not in marques
    ):  # le titre d'un chapitre, que son texte suit
        return None
    passages = _passages([blocs[rang] for rang in corps], marques)
    return FicheBalisee(titre or Titre(Genre.FICHE, "", tete.texte), passages, [rangs[place], *corps])


def _corps(blocs: list[Bloc], rangs: list[int], titres_du_sommaire: dict[str, int]) -> list[int]:
    """Ce que le titre couvre : jusqu'au prochain titre aussi grand."""
    tete = blocs[rangs[0]]
    for place, rang in enumerate(rangs[1:], start=1):
        bloc = blocs[rang]
        if tete.niveau and bloc.niveau > tete.niveau:
            continue
        titre = None if bloc.puce else lire_un_titre(bloc.texte)
        ferme = titre is not None and titre.genre in _FERMENT
        if ferme or (not bloc.puce and niveau_de_titre(bloc, titres_du_sommaire)):
            return rangs[1:place]
    return rangs[1:]


_Marque = tuple[Libelle | None, str, str]
"""(libellé connu, nom écrit, texte qui le suit)."""


def _titres(tete: Bloc, blocs: list[Bloc]) -> dict[int, _Marque]:
    """Ligne → rubrique, pour les titres les plus grands du corps."""
    niveau = min((bloc.niveau for bloc in blocs if bloc.niveau), default=0)
    if not tete.niveau or not niveau:
        return {}
    return {
        bloc.ligne: (libelle_entier(bloc.texte) or libelle_par_mots(bloc.texte), bloc.texte.rstrip(" :"), "")
        for bloc in blocs
        if bloc.niveau == niveau
    }


def _tirets(blocs: list[Bloc]) -> dict[int, _Marque]:
    """Ligne → rubrique, pour les éléments de liste « Nom : texte »."""
    profondeur = min((bloc.puce for bloc in blocs if bloc.puce), default=0)
    marques: dict[int, _Marque] = {}
    for bloc in blocs:
        nom, deux_points, suite = bloc.texte.partition(":")
        if not profondeur or bloc.puce != profondeur or not deux_points or len(nom) > _NOM_MAX:
            continue
        trouve = libelle_en_tete(bloc.texte)
        libelle, suite = trouve or (None, suite.strip())
        marques[bloc.ligne] = (libelle, nom.strip(), suite)
    return marques


def _passages(blocs: list[Bloc], marques: dict[int, _Marque]) -> list[Passage]:
    passages: list[Passage] = []
    for bloc in blocs:
        if bloc.ligne in marques:
            libelle, nom, suite = marques[bloc.ligne]
            lignes = [Ligne(suite)] if suite else []
            passages.append(Passage(libelle, bloc.ligne, bloc.ligne, lignes, "" if libelle else nom))
            continue
        if not passages:  # une phrase entre le titre et la première rubrique
            passages.append(Passage(None, bloc.ligne, bloc.ligne))
        passages[-1].lignes.append(Ligne(bloc.texte, bloc.puce))
        passages[-1].fin = bloc.ligne
    return passages
