"""Rassembler des fiches : une collection, ses éléments, leur ordre, et qui peut la lire."""

import secrets
from collections.abc import Mapping
from typing import Any, Literal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from maillage.catalogue.models import Collection, ElementCollection, Experience
from maillage.catalogue.operations.fiche_importee import LETTRES_DU_CODE
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.territoire.models import Structure

ELEMENTS_MAX = 50
"""Autant que de fiches dans un dossier à imprimer."""
LONGUEUR_DU_CODE = 10
Sens = Literal["monter", "descendre"]


class CollectionRefusee(ValueError):
    """La collection ne peut pas prendre ce changement ; le message dit pourquoi."""


@transaction.atomic
def creer_collection(titre: str, *, structure: Structure | None = None, par: Utilisateur) -> Collection:
    """Une collection vide, à soi ou à sa structure, que personne d'autre ne lit encore."""
    code = "".join(secrets.choice(LETTRES_DU_CODE) for _ in range(LONGUEUR_DU_CODE))
    collection = Collection.objects.create(
        code=code, titre=" ".join(titre.split()), structure=structure, auteur=par
    )
    _noter(collection, "creer_collection", "a créé", par=par)
    return collection


@transaction.atomic
def ecrire_collection(
    collection: Collection,
    *,
    version_lue: int,
    titre: str,
    note: str,
    est_partagee: bool,
    structure: Structure | None,
    notes: Mapping[int, str],
    par: Utilisateur,
) -> None:
    """Titre, présentation, partage, et la note de chaque élément. Lève `ConflitDeVersion`.

    `notes` : par numéro d'élément ; celle d'un élément absent n'est pas touchée.
    """
    avant = _contenu(collection)
    valeurs = {"titre": " ".join(titre.split()), "note": note.strip(), "est_partagee": est_partagee}
    changees = [
        element
        for element in collection.elements.presents().filter(pk__in=notes)
        if element.note != notes[element.pk].strip()
    ]
    if {**avant, **valeurs} == avant and collection.structure == structure and not changees:
        return
    enregistrer(collection, version_lue=version_lue, structure=structure, **valeurs)
    for element in changees:
        element.note = notes[element.pk].strip()
    ElementCollection.objects.bulk_update(changees, ["note"])
    _noter(collection, "ecrire_collection", "a modifié", par=par, avant=avant, apres=_contenu(collection))


@transaction.atomic
def ajouter_a_la_collection(
    collection: Collection, experience: Experience, *, par: Utilisateur
) -> ElementCollection:
    """Met la fiche à la fin. Sans effet si elle y est ; retirée, elle revient avec sa note.

    Lève `CollectionRefusee` quand la collection est pleine, ou la fiche hors ligne.
    """
    if not experience.est_publiee:
        raise CollectionRefusee("Cette fiche n’est plus en ligne.")
    connu = collection.elements.filter(experience=experience).first()
    if connu and connu.retire_le is None:
        return connu
    if collection.elements.presents().count() >= ELEMENTS_MAX:
        raise CollectionRefusee(f"Une collection a {ELEMENTS_MAX} fiches au plus. Retirez-en une d’abord.")
    element = connu or ElementCollection(collection=collection, experience=experience)
    element.rang, element.retire_le = _rang_de_fin(collection), None
    element.save()
    _toucher(collection, "ajouter_a_la_collection", f"a mis « {experience.titre} » dans", par=par)
    return element


@transaction.atomic
def deplacer_element(element: ElementCollection, sens: Sens, *, par: Utilisateur) -> int:
    """D'un cran ; rend sa place, à partir de 0. Sans effet au bout de la liste."""
    elements = list(element.collection.elements.presents().select_for_update())
    ici = elements.index(element)
    la = ici + (-1 if sens == "monter" else 1)
    if not 0 <= la < len(elements):
        return ici
    elements[ici], elements[la] = elements[la], elements[ici]
    for rang, range_ in enumerate(elements, start=1):
        range_.rang = rang
    ElementCollection.objects.bulk_update(elements, ["rang"])
    _toucher(
        element.collection, "deplacer_element", f"a déplacé « {element.experience.titre} » dans", par=par
    )
    return la


@transaction.atomic
def retirer_element(element: ElementCollection, *, par: Utilisateur) -> None:
    if element.retire_le is not None:
        return
    element.retire_le = timezone.now()
    element.save(update_fields=["retire_le"])
    _toucher(element.collection, "retirer_element", f"a ôté « {element.experience.titre} » de", par=par)


@transaction.atomic
def remettre_element(element: ElementCollection, *, par: Utilisateur) -> None:
    """À la place et avec la note qu'il avait."""
    if element.retire_le is None:
        return
    element.retire_le = None
    element.save(update_fields=["retire_le"])
    _toucher(element.collection, "remettre_element", f"a remis « {element.experience.titre} » dans", par=par)


@transaction.atomic
def supprimer_collection(collection: Collection, *, par: Utilisateur) -> None:
    """Les fiches, elles, restent au catalogue."""
    _noter(collection, "supprimer_collection", "a supprimé", par=par, avant=_contenu(collection))
    collection.delete()


def _rang_de_fin(collection: Collection) -> int:
    return 1 + (collection.elements.aggregate(dernier=Max("rang"))["dernier"] or 0)


def _contenu(collection: Collection) -> dict[str, Any]:
    return {
        "titre": collection.titre,
        "note": collection.note,
        "est_partagee": collection.est_partagee,
        "structure": collection.structure_id,
    }


def _toucher(collection: Collection, acte: str, verbe: str, *, par: Utilisateur) -> None:
    """La collection avance d'une version : qui écrivait avant de voir ce geste le saura."""
    collection.refresh_from_db()
    enregistrer(collection, version_lue=collection.version)
    _noter(collection, acte, verbe, par=par)


def _noter(collection: Collection, acte: str, verbe: str, *, par: Utilisateur, **details: Any) -> None:
    journaliser(
        collection, acte, f"{par.get_full_name()} {verbe} la collection « {collection} ».", par=par, **details
    )
    noter_changement(collection, acte)
