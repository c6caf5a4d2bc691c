"""La liste des types de demande d'un centre : ajouter, changer, ranger, retirer, remettre."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from maillage.accueil.models import TypeDeDemande
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.territoire.models import Structure

DEPART: Final = Path(__file__).parents[1] / "donnees" / "types_de_demande.toml"
PLUS_GRAND_NOMBRE: Final = 30
"""Au-delà de neuf, un type n'a pas de touche ; au-delà de trente, on ne le trouve plus."""


class TypeRefuse(ValueError):
    """La liste ne prend pas ce changement ; le message dit pourquoi et quoi faire."""


@cache
def liste_de_depart() -> tuple[dict[str, str], ...]:
    """Les neuf demandes que l'on entend à tous les comptoirs."""
    return tuple(tomllib.loads(DEPART.read_text(encoding="utf-8"))["types"])


@transaction.atomic
def adopter_la_liste_de_depart(centre: Structure, *, par: Utilisateur) -> int:
    """Ajoute de la liste de départ ce que le centre n'a pas encore. Rend combien. Lève `TypeRefuse`."""
    connus = {libelle.casefold() for libelle in _siens(centre).values_list("libelle", flat=True)}
    nouveaux = [un for un in liste_de_depart() if un["libelle"].casefold() not in connus]
    if nouveaux and _siens(centre).proposes().count() + len(nouveaux) > PLUS_GRAND_NOMBRE:
        raise TypeRefuse(
            f"Avec la liste de départ, le comptoir aurait plus de {PLUS_GRAND_NOMBRE} types de demande. Retirez-en "
            "d’abord."
        )
    for un in nouveaux:
        ajouter_type(centre, par=par, **un)
    return len(nouveaux)


@transaction.atomic
def ajouter_type(centre: Structure, *, par: Utilisateur, **valeurs: Any) -> TypeDeDemande:
    """À la fin de la liste. Lève `TypeRefuse`, ou `ValidationError` quand le libellé existe déjà."""
    siens = _siens(centre)
    if siens.proposes().count() >= PLUS_GRAND_NOMBRE:
        raise TypeRefuse(f"Le comptoir a déjà {PLUS_GRAND_NOMBRE} types de demande. Retirez-en un d’abord.")
    rang = (siens.aggregate(dernier=Max("rang"))["dernier"] or 0) + 1
    nouveau = TypeDeDemande(structure=centre, rang=rang, **valeurs)
    nouveau.validate_constraints()
    nouveau.save()
    _dire(nouveau, "ajouter_type", f"a ajouté le type de demande « {nouveau} »", par=par)
    return nouveau


@transaction.atomic
def modifier_type(
    type_de_demande: TypeDeDemande, valeurs: dict[str, Any], *, version_lue: int, par: Utilisateur
) -> None:
    """Lève `ValidationError` quand le libellé existe déjà, `ConflitDeVersion` si quelqu'un l'a changé depuis."""
    voulu = TypeDeDemande.objects.get(pk=type_de_demande.pk)
    for nom, valeur in valeurs.items():
        setattr(voulu, nom, valeur)
    voulu.validate_constraints()
    enregistrer(type_de_demande, version_lue=version_lue, **valeurs)
    _dire(type_de_demande, "modifier_type", f"a changé le type de demande « {type_de_demande} »", par=par)


@transaction.atomic
def retirer_type(type_de_demande: TypeDeDemande, *, par: Utilisateur) -> None:
    """Il quitte le comptoir ; ses passages restent comptés."""
    if _ecrire(type_de_demande, retire_le=timezone.now(), seulement={"retire_le": None}):
        _dire(type_de_demande, "retirer_type", f"a retiré « {type_de_demande} » du comptoir", par=par)


@transaction.atomic
def remettre_type(type_de_demande: TypeDeDemande, *, par: Utilisateur) -> None:
    """Lève `TypeRefuse` quand un autre a pris son libellé."""
    type_de_demande.retire_le = None
    try:
        type_de_demande.validate_constraints()
    except ValidationError:
        raise TypeRefuse(
            f"Un autre type s’appelle déjà « {type_de_demande} ». Changez son nom d’abord."
        ) from None
    if _ecrire(type_de_demande, retire_le=None, seulement={"retire_le__isnull": False}):
        _dire(type_de_demande, "remettre_type", f"a remis « {type_de_demande} » au comptoir", par=par)


@transaction.atomic
def deplacer_type(type_de_demande: TypeDeDemande, pas: int, *, par: Utilisateur) -> None:
    """D'une place vers le haut (−1) ou vers le bas (+1) ; les touches suivent."""
    proposes = list(_siens(type_de_demande.structure).proposes().select_for_update())
    ici = next((rang for rang, un in enumerate(proposes) if un.pk == type_de_demande.pk), None)
    if ici is None or not 0 <= ici + pas < len(proposes):
        return
    proposes.insert(ici + pas, proposes.pop(ici))
    for rang, un in enumerate(proposes, start=1):
        if un.rang != rang:
            _ecrire(un, rang=rang)
    _dire(type_de_demande, "deplacer_type", f"a déplacé « {type_de_demande} » au comptoir", par=par)


def _siens(centre: Structure) -> Any:
    return TypeDeDemande.objects.filter(structure=centre)


def _ecrire(
    type_de_demande: TypeDeDemande, *, seulement: dict[str, Any] | None = None, **valeurs: Any
) -> int:
    trouve = TypeDeDemande.objects.filter(pk=type_de_demande.pk, **(seulement or {}))
    return trouve.update(**valeurs, modifie_le=timezone.now())


def _dire(type_de_demande: TypeDeDemande, acte: str, fait: str, *, par: Utilisateur) -> None:
    journaliser(type_de_demande, acte, f"{par.get_full_name()} {fait}.", par=par)
    noter_changement(type_de_demande, acte)
