"""Le référentiel d'un projet : chapitres, pièces, critères, questions, calendrier. Des données, jamais du code.

Maillage en apporte deux (`donnees/referentiels`). Une fédération dépose le sien pour son territoire ; un projet déjà
ouvert garde celui qu'il suivait, jusqu'à ce que sa direction en change.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from django.db.models import Q

from maillage.projets.models import ProjetSocial, ReferentielSuivi, VersionDeReferentiel
from maillage.territoire.choices import GenreStructure
from maillage.territoire.models import Structure

DOSSIER: Final = Path(__file__).with_name("donnees") / "referentiels"
PAR_DEFAUT: Final = "projet_social"
PAR_GENRE: Final = {GenreStructure.ESPACE_DE_VIE_SOCIALE: "espace_de_vie_sociale"}
"""Le référentiel d'un genre de structure, quand ce n'est pas celui d'un centre social."""
BLOCS: Final = (
    *("cadre", "memoire", "rencontres", "chiffres", "constats", "paroles", "enquetes", "besoins", "arbre"),
    *("specifiques", "fiches", "instances", "participation", "budget", "financement", "indicateurs"),
    *("calendrier", "sigles"),
)
"""Les tableaux et figures que le dossier sait poser de lui-même."""
MOMENTS: Final = ("mi_parcours", "finale")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ChapitreAttendu:
    """`blocs` : les tableaux et figures qui s'y posent d'eux-mêmes. `usage` : d'où vient l'habitude, s'il n'y a pas de
    règle."""

    cle: str
    titre: str
    niveau: int = 1
    aide: str = ""
    blocs: tuple[str, ...] = ()
    usage: str = ""


@dataclass(frozen=True, slots=True)
class PieceAttendue:
    """`usage` : qui la demande d'ordinaire. Une pièce n'est jamais montrée comme une règle : chaque Caf dit les
    siennes."""

    cle: str
    nom: str
    aide: str = ""
    usage: str = ""


@dataclass(frozen=True, slots=True)
class Critere:
    """`blocs` : ce qui, dans le dossier, y répond."""

    cle: str
    texte: str
    source: str
    blocs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """`moment` : « mi_parcours » ou « finale »."""

    cle: str
    moment: str
    texte: str
    aide: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class EtapeAttendue:
    """Une étape du renouvellement, comptée à rebours de la fin de l'agrément."""

    mois_avant: int
    titre: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Referentiel:
    cle: str
    nom: str
    version: str
    depuis: date
    source: str
    chapitres: tuple[ChapitreAttendu, ...]
    pieces: tuple[PieceAttendue, ...]
    criteres: tuple[Critere, ...]
    questions: tuple[Question, ...]
    calendrier: tuple[EtapeAttendue, ...] = ()
    source_du_calendrier: str = ""

    def questions_de(self, moment: str) -> tuple[Question, ...]:
        return tuple(une for une in self.questions if une.moment == moment)


LISTES: Final[dict[str, type[Any]]] = {
    "chapitres": ChapitreAttendu,
    "pieces": PieceAttendue,
    "criteres": Critere,
    "questions": Question,
    "calendrier": EtapeAttendue,
}


def lire_referentiel(texte: str) -> Referentiel:
    """Lève `tomllib.TOMLDecodeError` ou `TypeError` si le fichier ne suit pas la forme (`controle_des_referentiels`
    dit où)."""
    donnees = tomllib.loads(texte)
    return Referentiel(
        **{champ: valeur for champ, valeur in donnees.items() if champ not in LISTES},
        chapitres=_lire(ChapitreAttendu, donnees.get("chapitres", ())),
        pieces=_lire(PieceAttendue, donnees.get("pieces", ())),
        criteres=_lire(Critere, donnees.get("criteres", ())),
        questions=_lire(Question, donnees.get("questions", ())),
        calendrier=_lire(EtapeAttendue, donnees.get("calendrier", ())),
    )


def _lire(classe: type[_T], lignes: Iterable[dict[str, Any]]) -> tuple[_T, ...]:
    return tuple(
        classe(**{nom: tuple(une) if isinstance(une, list) else une for nom, une in ligne.items()})
        for ligne in lignes
    )


# --- Lesquels ---------------------------------------------------------------------------------------


@cache
def texte_livre(cle: str) -> str:
    """Le fichier que Maillage apporte. Lève `FileNotFoundError`."""
    return (DOSSIER / f"{cle}.toml").read_text(encoding="utf-8")


@cache
def livre(cle: str) -> Referentiel:
    return lire_referentiel(texte_livre(cle))


@cache
def cles_livrees() -> tuple[str, ...]:
    return tuple(sorted(fichier.stem for fichier in DOSSIER.glob("*.toml")))


@lru_cache(maxsize=32)
def _lu(texte: str) -> Referentiel:
    return lire_referentiel(texte)


def referentiel_de(projet: ProjetSocial) -> Referentiel:
    """Celui que ce projet suit : la version qu'il garde ; sinon celle qui vaut aujourd'hui pour sa structure."""
    suivi = ReferentielSuivi.objects.filter(projet=projet.pk).select_related("version").first()
    if suivi is not None:
        return _lu(suivi.version.texte)
    return referentiel_du_jour(projet.structure)


def referentiel_du_jour(structure: Structure) -> Referentiel:
    """Celui que suit un projet ouvert aujourd'hui."""
    version = version_du_jour(structure)
    return _lu(version.texte) if version is not None else livre(cle_de(structure))


def cle_de(structure: Structure) -> str:
    return PAR_GENRE.get(GenreStructure(structure.genre), PAR_DEFAUT) if structure.genre else PAR_DEFAUT


def version_du_jour(structure: Structure) -> VersionDeReferentiel | None:
    """La version déposée qui vaut ici : celle du département, du territoire de la fédération, puis de tous.

    Aucune : on suit celle que Maillage apporte.
    """
    possibles = VersionDeReferentiel.objects.en_vigueur().filter(
        _qui_vaut_ici(structure), cle=cle_de(structure)
    )
    rangees = sorted(
        possibles.order_by("-publiee_le", "-pk"),
        key=lambda une: (une.departement_id is None, une.institution_id is None),
    )
    return rangees[0] if rangees else None


def _qui_vaut_ici(structure: Structure) -> Q:
    """Sur `VersionDeReferentiel`. Une fédération sans territoire dit est nationale."""
    partout = Q(institution=None) | Q(institution__departements=None, institution__regions=None)
    chez_elle = Q(institution__departements=structure.departement_id)
    if structure.departement is not None:
        chez_elle |= Q(institution__regions=structure.departement.region_id)
    du_lieu = Q(departement=None) | Q(departement=structure.departement_id)
    versions = VersionDeReferentiel.objects.filter((partout | chez_elle) & du_lieu)
    return Q(pk__in=versions.order_by().values("pk"))
