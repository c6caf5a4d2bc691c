"""Ce qui entoure l'arbre, dans l'objet de l'export : diagnostic, gouvernance, budget, évaluation.

Des clés à nous : `operations.autour_du_lu` les relit. Une fiche se désigne par son `id` dans l'objet, un enjeu par son
numéro, une preuve par sa place dans sa liste. Le nom d'un membre n'en sort pas : il se compte, il ne se nomme pas.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import models

from maillage.projets.lecture import Arbre
from maillage.projets.models import (
    Besoin,
    Evaluation,
    Instance,
    Mandat,
    Preuve,
    PreuveDeParticipation,
    ProjetSocial,
    Reunion,
)
from maillage.projets.models.diagnostic import GENRES_DE_PREUVE
from maillage.projets.preuves import SORTES
from maillage.projets.querysets import dans_l_ordre

Objet = dict[str, Any]
CHAMPS: Final[Mapping[str, tuple[str, ...]]] = {
    "constats": ("texte", "nature", "source"),
    "themes": ("nom", "couleur"),
    "rencontres": ("titre", "genre", "le", "lieu", "affluence", "retenu"),
    "resultats": ("question", "enquete", "annee", "croisement", "colonnes", "lignes"),
    "financements": ("annee", "nom", "objet", "demande", "accorde", "recu"),
}
"""Liste du projet → ce qui en sort tel quel."""
DE_L_EVALUATION: Final = (
    *("moment", "annee", "methode", "synthese"),
    *("nombre_equipe", "nombre_habitants", "nombre_partenaires", "nombre_elus"),
)
DU_BUDGET: Final = ("annee", "portee", "heures_prevues", "heures_reelles", "taux_horaire")
DE_LA_REUNION: Final = ("le", "heure", "lieu", "etat", "ordre_du_jour", "compte_rendu")


def objet_autour(projet: ProjetSocial, arbre: Arbre, ids: Mapping[int, str]) -> Objet:
    """`ids` : fiche → son `id` dans l'objet."""
    lus = {
        liste: list(dans_l_ordre(getattr(projet, liste).all())) for liste in (*CHAMPS, "chiffres", "tableaux")
    }
    lus["paroles"] = list(projet.paroles.select_related("theme").order_by("rang", "pk"))
    return {
        "communes": list(projet.communes.order_by("pk").values_list("pk", flat=True)),
        "zones": [
            _champs(un, ("nom", "genre", "precision"))
            | {
                "code": un.quartier.code if un.quartier else "",
                "millesime": un.quartier.millesime if un.quartier else None,
            }
            for un in projet.zones.select_related("quartier").order_by("pk")
        ],
        **{liste: [_champs(un, champs) for un in lus[liste]] for liste, champs in CHAMPS.items()},
        "paroles": [
            _champs(un, ("texte", "qui", "occasion")) | {"theme": un.theme.nom if un.theme else ""}
            for un in lus["paroles"]
        ],
        "besoins": _besoins(projet, arbre, lus),
        "instances": _instances(projet, ids),
        "participation": [
            _champs(un, ("genre", "le", "texte", "habitants")) | {"fiche": ids.get(un.fiche_id)}
            for un in PreuveDeParticipation.objects.filter(fiche__projet=projet).order_by("pk")
        ],
        "budgets": [
            _champs(un, DU_BUDGET)
            | {
                "fiche": ids.get(un.fiche_id or 0),
                "lignes": [_champs(ligne, ("compte", "prevu", "reel")) for ligne in un.lignes.all()],
            }
            for un in projet.budgets.prefetch_related("lignes").order_by("annee", "portee", "pk")
        ],
        "evaluations": _evaluations(projet, ids),
    }


def _champs(element: models.Model, champs: Iterable[str]) -> Objet:
    return {champ: en_clair(getattr(element, champ)) for champ in champs}


def en_clair(valeur: Any) -> Any:
    """Une date, une heure ou un montant exact s'écrivent ; le reste est déjà du JSON."""
    if valeur is None or isinstance(valeur, str | int | list | dict):
        return str(valeur) if isinstance(valeur, str) else valeur
    return valeur.isoformat() if hasattr(valeur, "isoformat") else str(valeur)


# --- Le diagnostic ----------------------------------------------------------------------------------


def _besoins(projet: ProjetSocial, arbre: Arbre, lus: Mapping[str, Sequence[Any]]) -> list[Objet]:
    """`lus` : les listes du projet, dans l'ordre où elles sortent."""
    numeros = {lu.enjeu.pk: lu.numero for lu in arbre.enjeux if lu.numero}
    rangs = {
        (genre, un.pk): rang
        for genre, sorte in SORTES.items()
        for rang, un in enumerate(lus[sorte.relation], start=1)
    }
    preuves = models.Prefetch(
        "preuves", Preuve.objects.select_related(*GENRES_DE_PREUVE).order_by("pk"), to_attr="toutes"
    )
    besoins = projet.besoins.prefetch_related("enjeux", preuves).order_by("rang", "pk")
    return [_besoin(un, rangs, numeros) for un in besoins]


def _besoin(besoin: Besoin, rangs: Mapping[tuple[str, int], int], numeros: Mapping[int, int]) -> Objet:
    toutes: list[Preuve] = besoin.toutes  # type: ignore[attr-defined]
    return {
        "titre": besoin.titre,
        "precision": besoin.precision,
        "enjeux": sorted(numeros[un.pk] for un in besoin.enjeux.all() if un.pk in numeros),
        "preuves": [_preuve(une, rangs) for une in toutes],
    }


def _preuve(preuve: Preuve, rangs: Mapping[tuple[str, int], int]) -> Objet:
    for genre in GENRES_DE_PREUVE:
        if montre := getattr(preuve, genre):
            return {"genre": genre, "rang": rangs[genre, montre.pk], "texte": str(montre)}
    return {"genre": "nombre", "texte": preuve.nombre, "source": preuve.source}


# --- La gouvernance ---------------------------------------------------------------------------------


def _instances(projet: ProjetSocial, ids: Mapping[int, str]) -> list[Objet]:
    """Dans l'ordre de `gouvernance`."""
    mandats: dict[int, list[Mandat]] = defaultdict(list)
    lus = Mandat.objects.filter(college__instance__projet=projet).select_related("college")
    for mandat in lus.order_by("college__pk", "du", "pk"):
        mandats[mandat.college.instance_id].append(mandat)
    reunions: dict[int, list[Reunion]] = defaultdict(list)
    tenues = Reunion.objects.filter(instance__projet=projet).prefetch_related(
        "venues", "sans_mandat", "decisions"
    )
    for reunion in tenues.order_by("le", "pk"):
        reunions[reunion.instance_id].append(reunion)
    return [
        _instance(une, mandats[une.pk], reunions[une.pk], ids)
        for une in projet.instances.prefetch_related("colleges").order_by("rang", "pk")
    ]


def _instance(
    instance: Instance, mandats: list[Mandat], reunions: list[Reunion], ids: Mapping[int, str]
) -> Objet:
    places = {mandat.pk: rang for rang, mandat in enumerate(mandats, start=1)}
    return {
        "nom": instance.nom,
        "genre": instance.genre,
        "veut_la_parite": instance.veut_la_parite,
        "colleges": [{"genre": un.genre, "sieges": un.sieges} for un in instance.colleges.all()],
        "mandats": [_champs(un, ("fonction", "du", "au")) | {"college": un.college.genre} for un in mandats],
        "reunions": [_reunion(une, places, ids) for une in reunions],
    }


def _reunion(reunion: Reunion, places: Mapping[int, int], ids: Mapping[int, str]) -> Objet:
    venues = [(places[une.mandat_id], une.venue) for une in reunion.venues.all() if une.mandat_id in places]
    return _champs(reunion, DE_LA_REUNION) | {
        "venues": [{"mandat": rang, "venue": venue} for rang, venue in sorted(venues)],
        "sans_mandat": {un.genre: un.nombre for un in reunion.sans_mandat.all()},
        "decisions": [
            _champs(une, ("texte", "qui", "pour_le", "faite_le")) | {"fiche": ids.get(une.fiche_id or 0)}
            for une in reunion.decisions.all()
        ],
    }


# --- L'évaluation -----------------------------------------------------------------------------------


def _evaluations(projet: ProjetSocial, ids: Mapping[int, str]) -> list[Objet]:
    evaluations = projet.evaluations.prefetch_related("reponses", "propositions__objectif", "lecons")
    return [_evaluation(une, ids) for une in evaluations.order_by("pk")]


def _evaluation(evaluation: Evaluation, ids: Mapping[int, str]) -> Objet:
    return _champs(evaluation, DE_L_EVALUATION) | {
        "reponses": [_champs(une, ("cle", "question", "texte")) for une in evaluation.reponses.all()],
        "propositions": [
            _champs(une, ("titre", "suite", "effet", "raison"))
            | {
                "fiche": ids.get(une.fiche_id or 0),
                "objectif": une.objectif.titre if une.objectif else "",
            }
            for une in evaluation.propositions.all()
        ],
        "lecons": [
            _champs(une, ("texte", "ou_sert")) | {"fiche": ids.get(une.fiche_id or 0)}
            for une in evaluation.lecons.all()
        ],
    }
