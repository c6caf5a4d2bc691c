"""L'en-tête d'une fiche : axe, numéro, titre et projets servis, écrits avant son tableau ou dedans."""

from dataclasses import dataclass, field

from maillage.projets.importation.blocs import Bloc, Cellule, Ligne
from maillage.projets.importation.cellules import Passage
from maillage.projets.importation.lexique import (
    Libelle,
    formes,
    libelle_en_tete,
    libelle_entier,
    projet_specifique,
)
from maillage.projets.importation.titres import Genre, Titre, lire_un_titre

_PARAGRAPHES_MAX = 10
"""Combien de paragraphes avant un corps peuvent lui servir d'en-tête."""
_TITRE_MAX = 160
_CHAMP_DU_GENRE = {
    Genre.OBJECTIF: "objectifs_generaux",
    Genre.OPERATIONNEL: "objectifs_operationnels",
    Genre.ENJEU: "enjeu",
}


@dataclass
class EnTete:
    """`blocs` : les paragraphes pris. `est_devine` : rien ne dit que le titre en est un, que sa place et sa taille."""

    axe: Titre | None = None
    titre: Titre | None = None
    projets: list[str] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    blocs: list[int] = field(default_factory=list)
    est_devine: bool = False

    @property
    def nomme_une_fiche(self) -> bool:
        return self.titre is not None


def lire_avant(blocs: list[Bloc], attente: list[int]) -> EnTete:
    """L'en-tête écrit dans les paragraphes qui précèdent un corps, du plus proche au plus lointain."""
    entete = EnTete()
    sans_titre: list[int] = []
    for rang in reversed(attente[-_PARAGRAPHES_MAX:]):
        bloc = blocs[rang]
        titre = lire_un_titre(bloc.texte)
        projet = projet_specifique(bloc.texte)
        libelle = libelle_en_tete(bloc.texte)
        if projet:
            entete.projets.insert(0, projet)
        elif titre and titre.genre is Genre.AXE and entete.axe is None:
            entete.axe = titre
        elif entete.titre is not None or (entete.axe is not None and not _est_une_fiche(titre)):
            break
        elif titre and titre.genre in (Genre.FICHE, Genre.NUMERO) and not bloc.puce:
            entete.titre, pris = _completer(titre, blocs, sans_titre)
            entete.blocs += pris
            sans_titre = []
        elif (passage := _passage_de_titre(titre, bloc)) or (passage := _passage(libelle, bloc)):
            entete.passages.insert(0, passage)
        elif bloc.forme not in formes("titres", "fiche"):  # « FICHE ACTION » seul n'est qu'un bandeau
            sans_titre.append(rang)
            continue
        entete.blocs.append(rang)
    if entete.titre is None:
        _deviner_le_titre(entete, blocs, sans_titre)
    entete.blocs.sort()
    return entete


def lire_dedans(blocs: list[Bloc], rangs: list[int]) -> tuple[EnTete, list[int]]:
    """Ce que le tableau dit de la fiche elle-même, sur des rangs qui ne disent que cela, et les autres rangs."""
    entete, corps = EnTete(), []
    for rang in rangs:
        if not _prendre_le_rang(entete, blocs[rang]):
            corps.append(rang)
    return entete, corps


def est_un_titre_de_fiche(bloc: Bloc) -> bool:
    """Ce rang de tableau ouvre-t-il une fiche ?"""
    texte = _en_une_ligne(bloc.pleines()[0][1])
    libelle = libelle_en_tete(texte)
    return _est_une_fiche(lire_un_titre(texte)) or (libelle is not None and libelle[0].nom == "titre")


def fusionner(dehors: EnTete, dedans: EnTete) -> EnTete:
    """Le titre du tableau l'emporte sur celui qui le précède, sauf s'il est sans texte."""
    titre = dedans.titre if dedans.titre and dedans.titre.texte else dehors.titre or dedans.titre
    if titre and dedans.titre and not titre.numero:
        titre = Titre(titre.genre, dedans.titre.numero, titre.texte)
    return EnTete(
        dedans.axe or dehors.axe,
        titre,
        dehors.projets + dedans.projets,
        dehors.passages + dedans.passages,
        dehors.blocs,
    )


# --- Avant le tableau -----------------------------------------------------------------------------------------
def _est_une_fiche(titre: Titre | None) -> bool:
    return titre is not None and titre.genre is Genre.FICHE


def _completer(titre: Titre, blocs: list[Bloc], dessous: list[int]) -> tuple[Titre, list[int]]:
    """« Fiche action n° 3 » seul sur sa ligne : son titre est la ligne d'en dessous."""
    if titre.texte or not dessous or not _peut_titrer(blocs[dessous[-1]]):
        return titre, []
    return Titre(titre.genre, titre.numero, blocs[dessous[-1]].texte), [dessous[-1]]


def _deviner_le_titre(entete: EnTete, blocs: list[Bloc], rangs: list[int]) -> None:
    """Le titre d'une fiche que rien ne numérote : un titre du format, sinon la ligne courte la plus proche."""
    for rang in [*(autre for autre in rangs if blocs[autre].niveau), *rangs[:1]]:
        if _peut_titrer(blocs[rang]):
            entete.titre = Titre(Genre.FICHE, "", blocs[rang].texte)
            entete.est_devine = not blocs[rang].niveau
            entete.blocs.append(rang)
            return


def _peut_titrer(bloc: Bloc) -> bool:
    """Court, sans ponctuation de phrase, et pas seulement « Fiche action »."""
    return (
        not bloc.puce
        and len(bloc.texte) <= _TITRE_MAX
        and not bloc.texte.endswith((".", ";", ":", ","))
        and bloc.forme not in formes("titres", "fiche")
    )


def _passage(libelle: tuple[Libelle, str] | None, bloc: Bloc) -> Passage | None:
    if not libelle or not libelle[1]:
        return None
    return Passage(libelle[0], bloc.ligne, bloc.ligne, [Ligne(libelle[1])])


def _passage_de_titre(titre: Titre | None, bloc: Bloc) -> Passage | None:
    """« Objectif général 2 : Dire » dans une fiche est la cellule de cet objectif."""
    champ = _CHAMP_DU_GENRE.get(titre.genre) if titre else None
    if titre is None or champ is None or not titre.texte:
        return None
    return Passage(Libelle(champ, (champ,), champ), bloc.ligne, bloc.ligne, [Ligne(titre.texte)])


# --- Dans le tableau ------------------------------------------------------------------------------------------
def _prendre_le_rang(entete: EnTete, bloc: Bloc) -> bool:
    """Prend un rang fait de titres seulement (« AXE 1 : … | FICHE 3 : … », « Fiche n° 3 | Le jardin »)."""
    cellules = [cellule for _, cellule in bloc.pleines()]
    textes = [_en_une_ligne(cellule) for cellule in cellules]
    titres = [None if libelle_entier(texte) else lire_un_titre(texte) for texte in textes]
    premier = titres[0]
    if premier and premier.genre in (Genre.AXE, Genre.FICHE) and not premier.texte and len(textes) == 2:
        titres = [Titre(premier.genre, premier.numero, textes[1])]
    elif len(textes) == 1 and not premier:
        projets = [projet_specifique(ligne.texte) for ligne in cellules[0].lignes]
        if all(projets):
            entete.projets += [projet for projet in projets if projet]
            return True
        if entete.titre and not entete.titre.texte and not libelle_en_tete(textes[0]) and _peut_titrer(bloc):
            entete.titre = Titre(entete.titre.genre, entete.titre.numero, textes[0])
            return True
        return False
    retenus = [
        titre for titre in titres if titre and titre.genre in (Genre.AXE, Genre.FICHE, *_CHAMP_DU_GENRE)
    ]
    if len(retenus) < len(titres):
        return False
    for titre in retenus:
        if titre.genre is Genre.AXE:
            entete.axe = entete.axe or titre
        elif titre.genre is Genre.FICHE:
            entete.titre = entete.titre or titre
        elif passage := _passage_de_titre(titre, bloc):
            entete.passages.append(passage)
    return True


def _en_une_ligne(cellule: Cellule) -> str:
    return " ".join(ligne.texte for ligne in cellule.lignes)
