"""Une expérience telle que l'index la voit : champs pondérés, valeurs entières, facettes.

La lecture se fait par lots et par valeurs, sans objets : une reconstruction lit toute la base.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.utils import timezone

from maillage.catalogue.choices import TEXTES, FamilleTerme, StatutAction
from maillage.catalogue.models import Classement, Experience, Partenariat, Terme
from maillage.catalogue.presentation import texte_public
from maillage.catalogue.recherche.sans_sujet import SANS_SUJET
from maillage.core.recherche.index import Document, Marquage, Schema
from maillage.territoire.models import Partenaire, Structure

FAMILLES: Final = tuple(
    str(famille)
    for famille in (
        FamilleTerme.DIMENSION,
        FamilleTerme.MOT_CLE,
        FamilleTerme.PUBLIC,
        FamilleTerme.TERRITOIRE,
        FamilleTerme.INITIATIVE,
    )
)
_MOT_CLE: Final = str(FamilleTerme.MOT_CLE)
_FAMILLES_LUES: Final = tuple(FamilleTerme.values)
CLES: Final = (
    *FAMILLES,
    "partenaire",
    "statut",
    "departement",
    "region",
    "structure",
    "annee",
    "budget",
)
"""Clés des facettes et des filtres, celles de la commande `rechercher`."""
TOUT_LE_MONDE: Final = "public"
"""Mot de visibilité d'une fiche publiée."""

SCHEMA: Final = Schema(
    nom="experiences",
    champs={"titre": 3, "structure": 1, "resume": 2, "recit": 1, "texte": 1},
    valeurs={
        FamilleTerme.MOT_CLE: 3,
        FamilleTerme.PUBLIC: 3,
        FamilleTerme.DIMENSION: 3,
        FamilleTerme.THEME: 2,
        FamilleTerme.INITIATIVE: 1,
        FamilleTerme.TERRITOIRE: 1,
        "departement": 3,
        "region": 1,
        "commune": 2,
        "statut": 1,
        "partenaire": 1,
    },
    facettes=CLES,
    titre="titre",
    tris=("recentes", "budget"),
    marquage=Marquage(
        champs={"titre": 6, "resume": 2, "recit": 1},
        facettes=(str(FamilleTerme.MOT_CLE), str(FamilleTerme.PUBLIC)),
        sans_sujet=SANS_SUJET,
    ),
)
RECIT: Final = ("description_experience", "description")
"""Ce que le centre a fait. Les autres textes (argent, limites, suites) parlent moins du sujet."""

TRANCHES: Final = (
    ("moins-de-1000", "Moins de 1 000 €", Decimal(1_000)),
    ("1000-a-5000", "De 1 000 à 5 000 €", Decimal(5_000)),
    ("5000-a-20000", "De 5 000 à 20 000 €", Decimal(20_000)),
    ("20000-a-50000", "De 20 000 à 50 000 €", Decimal(50_000)),
    ("50000-a-100000", "De 50 000 à 100 000 €", Decimal(100_000)),
    ("100000-et-plus", "100 000 € et plus", Decimal("Infinity")),
)
"""Budget : clé, libellé, borne haute exclue. Au-delà vient « non précisé »."""
SANS_BUDGET: Final = ("non-precise", "Non précisé")
TAILLE_DE_LOT: Final = 1_000

_COLONNES: Final = (
    "pk",
    "titre",
    "code",
    "slug",
    "structure_id",
    "statut",
    "publie_le",
    "budget",
    *TEXTES,
)


_STRUCTURE: Final = _COLONNES.index("structure_id")
_STATUTS: Final = {"": "", **dict(StatutAction.choices)}


def tranche_de_budget(budget: Decimal | None) -> str:
    if budget is None:
        return SANS_BUDGET[0]
    return next(cle for cle, _, borne in TRANCHES if budget < borne)


def ids_publies() -> list[int]:
    return list(Experience.objects.publiees().order_by("pk").values_list("pk", flat=True))


def documents(ids: Iterable[int], noms: "Noms | None" = None) -> Iterator[Document]:
    """Documents des fiches de `ids` qui sont publiées, par lots. `noms` : ceux déjà lus, pour une suite d'appels."""
    voulus = list(ids)
    noms = noms or Noms()
    for debut in range(0, len(voulus), TAILLE_DE_LOT):
        yield from _lot(voulus[debut : debut + TAILLE_DE_LOT], noms)


class _Lieu(NamedTuple):
    """Une structure et où elle est, telles que toutes ses fiches les disent ; des listes vides quand on ne sait pas."""

    nom: str
    valeurs: dict[str, list[str]]
    facettes: dict[str, list[str]]


class Noms:
    """Ce vers quoi les fiches pointent, lu une fois pour toutes : joindre à chaque fiche coûterait le double."""

    def __init__(self) -> None:
        self.termes = {
            pk: (famille, libelle, slug)
            for pk, famille, libelle, slug in Terme.objects.order_by().values_list(
                "pk", "famille", "libelle", "slug"
            )
        }
        self.partenaires = {
            pk: (nom, slug)
            for pk, nom, slug in Partenaire.objects.order_by().values_list("pk", "nom", "slug")
        }
        self._lieux: dict[int, _Lieu] = {}

    def lieux(self, structures: Iterable[int]) -> dict[int, _Lieu]:
        if manquants := set(structures) - self._lieux.keys():
            lues = Structure.objects.select_related("remplacee_par", "departement__region", "commune")
            self._lieux.update((une.pk, _lieu(une)) for une in lues.filter(pk__in=manquants).order_by())
        return self._lieux


def _lieu(structure: Structure) -> _Lieu:
    departement, commune, repreneur = structure.departement, structure.commune, structure.remplacee_par
    region = departement.region if departement else None
    return _Lieu(
        structure.nom,
        valeurs={
            "departement": _presents(departement.nom, departement.code) if departement else [],
            "region": _presents(region.nom) if region else [],
            "commune": _presents(commune.nom) if commune else [],
        },
        facettes={
            "departement": [departement.slug] if departement else [],
            "region": [region.slug] if region else [],
            # comptée aussi chez qui l'a reprise
            "structure": [structure.slug, *([repreneur.slug] if repreneur else [])],
        },
    )


def _lot(ids: Sequence[int], noms: Noms) -> Iterator[Document]:
    termes: dict[int, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    classements = Classement.objects.filter(experience_id__in=ids)  # dans l'ordre de la fiche
    for pk, terme in classements.values_list("experience_id", "terme_id"):
        famille, libelle, slug = noms.termes[terme]
        termes[pk][famille][slug] = libelle
    partenaires: dict[int, dict[str, str]] = defaultdict(dict)
    partenariats = Partenariat.objects.filter(experience_id__in=ids)
    for pk, partenaire in partenariats.values_list("experience_id", "partenaire_id"):
        nom, slug = noms.partenaires[partenaire]
        partenaires[pk][slug] = nom
    masques = _titres_masques(ids)
    lignes = list(Experience.objects.publiees().filter(pk__in=ids).order_by("pk").values_list(*_COLONNES))
    lieux = noms.lieux(ligne[_STRUCTURE] for ligne in lignes)
    for ligne in lignes:
        pk = ligne[0]
        yield _document(ligne, lieux[ligne[_STRUCTURE]], termes[pk], partenaires[pk], masques.get(pk))


def _titres_masques(ids: Sequence[int]) -> dict[int, str]:
    """Les rares titres où quelque chose est à vérifier, tels que chacun les lit."""
    suspectes = Experience.objects.filter(pk__in=ids, points__champ="titre").distinct()
    return {
        fiche.pk: texte_public(fiche, "titre") for fiche in suspectes.prefetch_related("points", "moyens")
    }


def _document(
    ligne: tuple[Any, ...],
    lieu: _Lieu,
    termes: dict[str, dict[str, str]],
    partenaires: dict[str, str],
    titre_masque: str | None,
) -> Document:
    pk, titre, code, slug, _, statut, publie_le, budget, *textes = ligne
    ecrits = dict(zip(TEXTES, textes, strict=True))
    resume = ecrits.pop("resume")
    recit = [ecrits.pop(champ) for champ in RECIT]
    return Document(
        id=pk,
        textes={
            "titre": titre,
            "structure": lieu.nom,
            "resume": resume,
            "recit": "\n§\n".join(filter(None, recit)),
            "texte": "\n§\n".join(filter(None, ecrits.values())),
        },
        valeurs={famille: list(termes[famille].values()) for famille in _FAMILLES_LUES}
        | lieu.valeurs
        | {"statut": _presents(_STATUTS[statut]), "partenaire": list(partenaires.values())},
        facettes={famille: list(termes[famille]) for famille in FAMILLES}
        | lieu.facettes
        | {
            "partenaire": list(partenaires),
            "statut": _presents(statut),
            "annee": [str(timezone.localtime(publie_le).year)] if publie_le else [],
            "budget": [tranche_de_budget(budget)],
        },
        tris={"recentes": _seconde(publie_le), "budget": int(budget or 0)},
        visibilites=(TOUT_LE_MONDE,),
        garde={
            "titre": titre if titre_masque is None else titre_masque,
            "code": code,
            "slug": slug,
            "mots_cles": termes[_MOT_CLE],
        },
    )


def _presents(*valeurs: str) -> list[str]:
    return [valeur for valeur in valeurs if valeur]


def _seconde(moment: datetime.datetime | None) -> int:
    return max(0, int(moment.timestamp())) if moment else 0
