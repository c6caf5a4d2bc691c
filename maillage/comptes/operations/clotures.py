"""Fermer une structure, ou la faire reprendre, avec son équipe ; et défaire."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Cloture, Utilisateur
from maillage.comptes.operations.roles import prevenir
from maillage.comptes.permissions import peut_tenir
from maillage.core.journal import journaliser
from maillage.territoire.models import Structure
from maillage.territoire.operations import (
    StructureRefusee,
    fermer_structure,
    fusionner_structures,
    rouvrir_structure,
)


def exiger_la_tenue(par: Utilisateur, *structures: Structure) -> None:
    for structure in structures:
        if not peut_tenir(par, structure):
            raise StructureRefusee(
                f"« {structure} » n’est pas de votre territoire, ou vous y travaillez. "
                "Demandez-le à l’administration de la plateforme."
            )


@transaction.atomic
def cloturer(
    structure: Structure, *, dans: Structure | None, le: date, version_lue: int, par: Utilisateur
) -> Cloture:
    """Ferme la structure, ou la fait reprendre par `dans` : son équipe y passe alors, avec les mêmes rôles.

    Lève `StructureRefusee`, `ConflitDeVersion`.
    """
    exiger_la_tenue(par, structure, *([dans] if dans else []))
    cloture = Cloture(structure=structure, reprise_par=dans, etat_avant=structure.etat, par=par)
    if dans is None:
        fermer_structure(structure, le=le, version_lue=version_lue, par=par)
    else:
        cloture.suivantes = fusionner_structures(
            structure, dans=dans, le=le, version_lue=version_lue, par=par
        )
    equipe = list(
        Appartenance.objects.en_cours()
        .filter(structure=structure)
        .select_related("utilisateur")
        .order_by("pk")
    )
    if dans is not None:
        cloture.ouvertes = _faire_passer(equipe, dans, par=par)
    cloture.fermees = [[tenue.pk, tenue.au.isoformat() if tenue.au else None] for tenue in equipe]
    Appartenance.objects.filter(pk__in=[tenue.pk for tenue in equipe]).update(
        au=timezone.localdate(), fermee_le=cloture.le
    )
    cloture.save(force_insert=True)
    for tenue in equipe:
        prevenir(tenue, f"{structure} a fermé", _phrase(structure, dans))
    return cloture


@transaction.atomic
def defaire_cloture(cloture: Cloture, *, par: Utilisateur) -> None:
    """La structure rouvre, son équipe y revient ; ce que la reprise avait ouvert ailleurs se referme.

    Lève `StructureRefusee`.
    """
    structure = cloture.structure
    exiger_la_tenue(par, structure)
    prises = Cloture.objects.filter(pk=cloture.pk, annulee_le=None).update(annulee_le=timezone.now())
    if not prises or cloture.reprise_par_id != structure.remplacee_par_id:
        raise StructureRefusee("Cela a déjà été défait, ou la structure a changé depuis.")
    rouvrir_structure(structure, etat=cloture.etat_avant, suivantes=cloture.suivantes, par=par)
    for numero, au in cloture.fermees:
        Appartenance.objects.filter(pk=numero, fermee_le=cloture.le).update(
            fermee_le=None, au=date.fromisoformat(au) if au else None
        )
    Appartenance.objects.en_cours().filter(pk__in=cloture.ouvertes).update(
        au=timezone.localdate(), fermee_le=timezone.now()
    )


def _phrase(structure: Structure, dans: Structure | None) -> str:
    if dans is None:
        return f"« {structure} » a fermé : votre rôle y prend fin."
    return f"« {dans} » a repris « {structure} » : vous y avez le même rôle, ou celui que vous y teniez déjà."


def _faire_passer(equipe: list[Appartenance], dans: Structure, *, par: Utilisateur) -> list[int]:
    """Ouvre chez le repreneur l'appartenance de qui n'y est pas déjà ; rend leurs numéros."""
    presents = set(
        Appartenance.objects.en_cours().filter(structure=dans).values_list("utilisateur_id", flat=True)
    )
    ouvertes = []
    for tenue in equipe:
        if tenue.utilisateur_id in presents:
            continue
        suite = Appartenance.objects.create(
            utilisateur=tenue.utilisateur, role=tenue.role, structure=dans, au=tenue.au
        )
        phrase = f"{tenue.utilisateur} passe à « {dans} », avec le rôle « {Role(tenue.role).label} »."
        journaliser(suite, "faire_passer", phrase, par=par)
        ouvertes.append(suite.pk)
    return ouvertes
