"""Écrire à plusieurs, champ par champ : personne n'écrase personne, rien d'écrit ne se perd.

Une page dit, pour chaque champ, l'empreinte de la valeur qu'elle montrait. Si une autre personne a changé le champ
depuis, il n'est pas écrit : les deux textes sont rendus, et le nouveau est gardé de côté. Une personne qui n'écrit que
par-dessus elle-même (réponse perdue, deuxième fenêtre) n'a rien à choisir.

`sauvegardes` est toujours la relation d'un objet verrouillé par l'appelant vers ses `SauvegardeDeChamp`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Max
from django.utils import timezone

from maillage.core.journal import journaliser, type_objet
from maillage.core.models import LigneJournal, SauvegardeDeChamp

Valeur = Any
Sauvegardes = Any
"""Le gestionnaire lié (`objet.sauvegardes`) : il filtre, et il crée avec l'objet."""

TRANCHE = timedelta(minutes=10)
"""Ce qui s'écrit de suite, par une personne dans un champ, ne fait qu'une sauvegarde."""
PAUSE = timedelta(minutes=30)
"""Au-delà, une personne qui revient commence une autre séance d'écriture."""
DUREE_D_UNE_PRESENCE = timedelta(minutes=5)
"""Qui a enregistré quelque chose depuis moins longtemps écrit sans doute encore."""
LONGUEUR_A_GARDER = 80
"""Un texte de cette longueur, soudain réduit de moitié, reste dans l'histoire : on l'a peut-être effacé par erreur."""


class GesteRefuse(Exception):
    """L'objet n'attend pas ce geste ; le message dit ce qui s'est passé et quoi faire."""


@dataclass(frozen=True, slots=True)
class Conflit:
    """Deux textes pour un champ. `qui` est vide quand le changement ne vient pas d'une personne qui écrit ici."""

    champ: str
    le_mien: Valeur
    le_sien: Valeur
    qui: str
    quand: datetime | None


@dataclass(slots=True)
class Tri:
    """Ce qu'un envoi change vraiment, ce qui demande un choix, et les dernières sauvegardes, à compléter."""

    changees: dict[str, Valeur]
    conflits: dict[str, Conflit] = field(default_factory=dict)
    dernieres: dict[str, Any] = field(default_factory=dict)

    @property
    def a_part(self) -> dict[str, Valeur]:
        return {nom: conflit.le_mien for nom, conflit in self.conflits.items()}


def empreinte(valeur: Valeur) -> str:
    """Ce qui permet de savoir, sans la renvoyer, quelle valeur une page a montrée."""
    texte = json.dumps(valeur, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(texte.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def trier(
    sauvegardes: Sauvegardes,
    actuelles: Mapping[str, Valeur],
    ecrites: Mapping[str, Valeur],
    lues: Mapping[str, str],
    *,
    par: Any,
) -> Tri:
    """Sépare ce qui s'écrit de ce qui demande un choix. `lues` : champ → empreinte de la valeur montrée.

    Rejouer le même envoi ne change rien.
    """
    tri = Tri(
        {
            nom: valeur
            for nom, valeur in ecrites.items()
            if empreinte(valeur) not in {lues.get(nom, ""), empreinte(actuelles[nom])}
        }
    )
    tri.dernieres = _dernieres(sauvegardes.filter(est_ecartee=False), tri.changees)
    for nom in list(tri.changees):
        if lues.get(nom, "") == empreinte(actuelles[nom]):
            continue
        derniere = tri.dernieres.get(nom)
        if derniere is not None and derniere.par_id == par.pk:
            del tri.dernieres[nom]  # par-dessus soi-même, sans l'avoir lu : l'autre texte reste à part
        elif _a_deja_ecrit(sauvegardes, nom, tri.changees[nom], par=par):
            del tri.changees[nom]  # un envoi rejoué : il a compté, et quelqu'un a écrit après
        else:
            qui = derniere.par.get_full_name() if derniere and derniere.par else ""
            quand = derniere.le if derniere else None
            tri.conflits[nom] = Conflit(nom, tri.changees.pop(nom), actuelles[nom], qui, quand)
    return tri


def garder(
    sauvegardes: Sauvegardes,
    textes: Mapping[str, Valeur],
    dernieres: Mapping[str, Any],
    *,
    par: Any,
    le: datetime,
    est_ecartee: bool = False,
) -> None:
    """Complète la dernière sauvegarde de chaque champ quand c'en est la suite, sinon en commence une."""
    for nom, valeur in textes.items():
        derniere = dernieres.get(nom)
        if derniere and derniere.par_id == par.pk and _est_la_suite(derniere, valeur, le):
            sauvegardes.filter(pk=derniere.pk).update(valeur=valeur, le=le)
        else:
            sauvegardes.create(
                champ=nom, valeur=valeur, par=par, commencee_le=le, le=le, est_ecartee=est_ecartee
            )


def garder_a_part(sauvegardes: Sauvegardes, textes: Mapping[str, Valeur], *, par: Any, le: datetime) -> None:
    """Ce que l'on n'a pas pu écrire reste lisible dans l'histoire."""
    ecartees = _dernieres(sauvegardes.filter(est_ecartee=True, par=par), textes)
    garder(sauvegardes, textes, ecartees, par=par, le=le, est_ecartee=True)


def autres_presents(sauvegardes: Sauvegardes, utilisateur: Any) -> list[str]:
    """Les prénoms de ceux qui viennent d'écrire au même endroit."""
    depuis = timezone.now() - DUREE_D_UNE_PRESENCE
    recentes = sauvegardes.filter(le__gte=depuis).exclude(par=utilisateur).exclude(par=None)
    return list(recentes.order_by("par__prenom").values_list("par__prenom", flat=True).distinct())


def _dernieres(sauvegardes: Any, champs: Iterable[str]) -> dict[str, Any]:
    """La dernière de chaque champ."""
    if not (noms := list(champs)):
        return {}
    numeros = (
        sauvegardes.filter(champ__in=noms).order_by().values("champ").annotate(n=Max("pk")).values_list("n")
    )
    toutes = sauvegardes.model._default_manager
    return {une.champ: une for une in toutes.filter(pk__in=numeros).select_related("par")}


def _a_deja_ecrit(sauvegardes: Sauvegardes, nom: str, valeur: Valeur, *, par: Any) -> bool:
    siennes = sauvegardes.filter(champ=nom, par=par, est_ecartee=False)
    derniere: SauvegardeDeChamp | None = siennes.order_by("-pk").first()
    return derniere is not None and derniere.valeur == valeur


def _est_la_suite(derniere: SauvegardeDeChamp, valeur: Valeur, le: datetime) -> bool:
    avant = derniere.valeur
    perd_beaucoup = isinstance(avant, str) and len(avant) > max(LONGUEUR_A_GARDER, 2 * len(valeur))
    return le - derniere.commencee_le < TRANCHE and not perd_beaucoup


# --- Le journal -----------------------------------------------------------------------------------


def commence_une_seance(sauvegardes: Sauvegardes, *, par: Any, le: datetime) -> bool:
    """La personne n'avait rien écrit ici depuis une longue pause."""
    return not sauvegardes.filter(par=par, le__gte=le - PAUSE).exists()


def journaliser_les_seances(
    objet: models.Model,
    sauvegardes: Sauvegardes,
    *,
    acte: str,
    libelles: Mapping[str, str],
    depart: Mapping[str, Valeur],
    structure_id: int,
    finies_avant: datetime | None = None,
) -> None:
    """Une ligne par personne qui a écrit depuis sa dernière ligne : quels champs, de quoi à quoi.

    `libelles` : champ → libellé, dans l'ordre où les dire. `depart` : les valeurs d'avant toute sauvegarde.
    `finies_avant` : seulement les personnes qui n'ont plus rien écrit depuis. À appeler dans la transaction de l'acte.
    """
    dites = dict(
        LigneJournal.objects.filter(objet_type=type_objet(objet), objet_id=objet.pk, acte=acte)
        .order_by()
        .values_list("acteur_id")
        .annotate(le=Max("fait_le"))
    )
    courantes = dict(depart)
    avant: dict[int, dict[str, Valeur]] = {}
    apres: dict[int, dict[str, Valeur]] = {}
    qui: dict[int, Any] = {}
    derniere_frappe: dict[int, datetime] = {}
    for une in sauvegardes.filter(est_ecartee=False).select_related("par").order_by("pk"):
        if une.par is not None and (une.par_id not in dites or une.le > dites[une.par_id]):
            qui[une.par.pk] = une.par
            derniere_frappe[une.par.pk] = max(une.le, derniere_frappe.get(une.par.pk, une.le))
            avant.setdefault(une.par.pk, {}).setdefault(une.champ, courantes.get(une.champ))
            apres.setdefault(une.par.pk, {})[une.champ] = une.valeur
        courantes[une.champ] = une.valeur
    for numero, personne in qui.items():
        if finies_avant and derniere_frappe[numero] >= finies_avant:
            continue
        dits = ", ".join(f"« {libelle} »" for nom, libelle in libelles.items() if nom in apres[numero])
        journaliser(
            objet,
            acte,
            f"{personne.get_full_name()} a écrit {dits}.",
            par=personne,
            avant=avant[numero],
            apres=apres[numero],
            structure_id=structure_id,
        )
