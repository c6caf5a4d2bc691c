"""Le texte suivi : des chapitres, leurs titres et leurs paragraphes. Il est placé tel quel, rien n'en est jugé."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.lu import ChapitreLu, ParagrapheLu
from maillage.projets.importation.mots import est_en_capitales, forme
from maillage.projets.importation.titres import Genre, lire_un_titre, ressemble_a_un_titre

_TITRE_MAX = 150
NIVEAU_MAX: Final = 4


@dataclass
class Chapitre:
    """Un chapitre pendant qu'on le lit."""

    niveau: int
    titre: str
    debut: int
    rangs: list[int] = field(default_factory=list)
    rang_du_titre: int = -1
    """Le dernier bloc du titre, quand il est écrit sur plusieurs lignes."""

    def figer(self, blocs: list[Bloc]) -> ChapitreLu:
        return ChapitreLu(
            ligne_debut=self.debut,
            ligne_fin=blocs[self.rangs[-1]].ligne if self.rangs else self.debut,
            niveau=self.niveau,
            titre=self.titre,
            paragraphes=tuple(
                ParagrapheLu(
                    ligne_debut=blocs[rang].ligne,
                    ligne_fin=blocs[rang].ligne,
                    texte=blocs[rang].texte,
                    puce=blocs[rang].puce,
                )
                for rang in self.rangs
            ),
        )


def niveaux_suivis(chapitres: Iterable[Chapitre]) -> list[Chapitre]:
    """Les mêmes chapitres, chacun un niveau au plus sous celui qui le contient, et pas plus bas que le quatrième."""
    suivis: list[Chapitre] = []
    contenants: list[int] = []
    for chapitre in chapitres:
        while contenants and contenants[-1] >= chapitre.niveau:
            contenants.pop()
        contenants.append(chapitre.niveau)
        suivis.append(replace(chapitre, niveau=min(len(contenants), NIVEAU_MAX)))
    return suivis


def niveau_de_titre(bloc: Bloc, titres_du_sommaire: dict[str, int]) -> int:
    """1 à 6 si ce bloc est un titre de chapitre, sinon 0."""
    if bloc.est_rang or len(bloc.texte) > _TITRE_MAX:
        return 0
    annonce = titres_du_sommaire.get(bloc.forme)
    if annonce:
        return annonce
    titre = lire_un_titre(bloc.texte)
    if titre and titre.genre is Genre.CHAPITRE:
        return 1
    if titre and titre.genre is Genre.NUMERO and not bloc.puce and not _finit_une_phrase(bloc.texte):
        if titre.parties > 1:
            return min(titre.parties, 6)
        if bloc.niveau or est_en_capitales(titre.texte):
            return bloc.niveau or 1
    if titre and titre.genre is Genre.AXE and not bloc.puce:
        return bloc.niveau or 2
    if bloc.niveau:
        return bloc.niveau
    return 1 if ressemble_a_un_titre(bloc.texte) and not bloc.puce else 0


def _finit_une_phrase(texte: str) -> bool:
    return texte.endswith((".", ";", ",")) and not texte.endswith("...")


def lire_les_chapitres(
    blocs: list[Bloc], rangs: list[int], titres_du_sommaire: dict[str, int]
) -> tuple[list[Chapitre], list[int]]:
    """Les chapitres que forment ces blocs, et les blocs d'avant le premier titre."""
    chapitres: list[Chapitre] = []
    sans_titre: list[int] = []
    for rang in rangs:
        bloc = blocs[rang]
        niveau = niveau_de_titre(bloc, titres_du_sommaire)
        if niveau:
            est_nu = not bloc.niveau and lire_un_titre(bloc.texte) is None
            dernier = chapitres[-1] if chapitres else None
            if (
                dernier
                and est_nu
                and rang == dernier.rang_du_titre + 1
                and _se_poursuit(dernier, titres_du_sommaire)
            ):
                dernier.titre = f"{dernier.titre} {bloc.texte}"
                dernier.rang_du_titre = rang
                continue
            chapitres.append(Chapitre(niveau, bloc.texte, bloc.ligne, rang_du_titre=rang))
        elif chapitres:
            chapitres[-1].rangs.append(rang)
        else:
            sans_titre.append(rang)
    return chapitres, sans_titre


def _se_poursuit(chapitre: Chapitre, titres_du_sommaire: dict[str, int]) -> bool:
    """Un titre écrit sur deux lignes : « CHAPITRE 1 », ou des capitales que le sommaire n'annonce pas seules."""
    titre = lire_un_titre(chapitre.titre)
    if titre and titre.genre is Genre.CHAPITRE and not titre.texte:
        return True
    return est_en_capitales(chapitre.titre) and forme(chapitre.titre) not in titres_du_sommaire
