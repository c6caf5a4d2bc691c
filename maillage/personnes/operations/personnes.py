"""Noter une personne, la corriger, dire qu'on l'a vue. Aucune phrase du journal ne porte un nom."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement, noter_changements
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import ecrire, journaliser, ligne
from maillage.core.versions import enregistrer
from maillage.personnes.choices import ChampDePersonne, EtatPersonne
from maillage.personnes.models import ChampOuvert, Personne, Provenance
from maillage.personnes.noms import nom_cherche
from maillage.territoire.models import Structure

TOUJOURS: Final = {ChampDePersonne.PRENOM.value, ChampDePersonne.NOM.value}


def champs_notes(structure: Structure | int) -> set[str]:
    """Le nom, le prénom, et les champs que la direction a ouverts."""
    numero = structure if isinstance(structure, int) else structure.pk
    ouverts = ChampOuvert.objects.filter(structure_id=numero).order_by().values_list("champ", flat=True)
    return TOUJOURS | set(ouverts)


@transaction.atomic
def noter_personne(structure: Structure, champs: Mapping[str, Any], *, par: Utilisateur) -> Personne:
    """Une personne de plus. `champs` : par nom de `ChampDePersonne`. Lève `ValidationError` : un champ fermé, un nom
    et un prénom vides, une année impossible."""
    return noter_personnes(structure, [champs], par=par)[0]


@transaction.atomic
def noter_personnes(
    structure: Structure, fiches: Iterable[Mapping[str, Any]], *, par: Utilisateur
) -> list[Personne]:
    """Plusieurs d'un coup (un import) : une ligne de journal par personne."""
    ouverts = champs_notes(structure)
    creees = [
        Personne(
            structure=structure,
            nom_cherche=nom_cherche(champs.get("prenom", ""), champs.get("nom", "")),
            **_valides(structure.pk, champs, ouverts),
        )
        for champs in fiches
    ]
    Personne.objects.bulk_create(creees, batch_size=500)
    ecrire(
        ligne(p, "noter_personne", f"{par.get_full_name()} a noté une personne au registre.", par=par)
        for p in creees
    )
    noter_changements(creees, "noter_personne")
    return creees


@transaction.atomic
def corriger_personne(
    personne: Personne, champs: Mapping[str, Any], *, version_lue: int, par: Utilisateur
) -> None:
    """Ne touche que ces champs. Lève `ValidationError`, `ConflitDeVersion`, ou `GesteRefuse` si la fiche est gelée."""
    if personne.etat != EtatPersonne.ACTIVE:
        raise GesteRefuse("Cette fiche est gelée : elle ne se corrige plus. Levez d’abord le gel.")
    valeurs = _valides(personne.structure_id, champs, champs_notes(personne.structure_id))
    changes = [champ for champ, valeur in valeurs.items() if getattr(personne, champ) != valeur]
    if not changes:
        return
    prenom, nom = valeurs.get("prenom", personne.prenom), valeurs.get("nom", personne.nom)
    _exiger_un_nom(prenom, nom)
    enregistrer(personne, version_lue=version_lue, nom_cherche=nom_cherche(prenom, nom), **valeurs)
    if "adhesion" in changes:
        noter_un_signe_de_vie([personne])
    dits = ", ".join(ChampDePersonne(champ).label.lower() for champ in changes)
    noter(personne, "corriger_personne", f"{par.get_full_name()} a corrigé une fiche : {dits}.", par=par)


@transaction.atomic
def noter_un_signe_de_vie(personnes: Iterable[Personne], le: date | None = None) -> None:
    """Une présence, une inscription, une adhésion : la conservation repart de ce jour."""
    jour = le or timezone.localdate()
    numeros = [personne.pk for personne in personnes]
    Personne.objects.filter(pk__in=numeros, vue_le__lt=jour).update(vue_le=jour)


def noter(personne: Personne, acte: str, phrase: str, *, par: Any) -> None:
    journaliser(personne, acte, phrase, par=par)
    noter_changement(personne, acte)


def _valides(structure_id: int, champs: Mapping[str, Any], ouverts: set[str]) -> dict[str, Any]:
    if fermes := set(champs) - ouverts:
        dits = ", ".join(sorted(ChampDePersonne(champ).label for champ in fermes))
        raise ValidationError(f"Votre centre ne note pas ceci : {dits}. La direction peut l’ouvrir.")
    _exiger_un_nom(champs.get("prenom", "?"), champs.get("nom", "?"))
    naissance = champs.get("naissance")
    if naissance is not None and not 1900 <= naissance <= timezone.localdate().year:
        raise ValidationError({"naissance": "Écrivez une année à quatre chiffres, comme 1987."})
    provenance = champs.get("provenance")
    if isinstance(provenance, Provenance) and provenance.structure_id != structure_id:
        raise ValidationError({"provenance": "Choisissez un lieu de la liste de votre centre."})
    return dict(champs)


def _exiger_un_nom(prenom: str, nom: str) -> None:
    if not nom_cherche(prenom, nom):
        raise ValidationError({"nom": "Écrivez au moins un prénom ou un nom."})
