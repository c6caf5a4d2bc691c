"""Le départ d'une personne : le dernier jour, la passation, et l'accès fermé."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Appartenance, Utilisateur
from maillage.comptes.operations.passation import a_transmettre, transmettre
from maillage.comptes.operations.roles import (
    RoleRefuse,
    exiger_la_gestion,
    garder_une_direction,
    prevenir,
)
from maillage.comptes.permissions import Organisation
from maillage.core.francais import date_longue
from maillage.core.journal import SYSTEME, journaliser


def repreneurs(appartenance: Appartenance, *, par: Utilisateur) -> list[Utilisateur]:
    """À qui le travail peut passer : les autres personnes du lieu, et celle qui agit si elle en est."""
    organisation: Organisation = appartenance.organisation
    ici = Appartenance.objects.en_cours().filter(utilisateur__is_active=True)
    if appartenance.structure is not None:
        ici = ici.filter(structure=organisation) | ici.filter(
            gestionnaire__isnull=False, gestionnaire=appartenance.structure.gestionnaire_id
        )
    elif appartenance.gestionnaire is not None:
        ici = ici.filter(gestionnaire=organisation) | ici.filter(structure__gestionnaire=organisation)
    else:
        ici = ici.filter(institution=organisation)
    autres = Utilisateur.objects.filter(pk__in=ici.values("utilisateur")).exclude(
        pk=appartenance.utilisateur_id
    )
    return sorted(autres, key=lambda autre: (autre.pk != par.pk, autre.nom, autre.prenom))


@transaction.atomic
def terminer_appartenance(
    appartenance: Appartenance, *, le: date | None, a: Utilisateur | None, par: Utilisateur
) -> None:
    """Met fin à une appartenance : `le=None`, tout de suite ; sinon au soir de ce jour.

    `a` reprend les brouillons et les collections, le jour du départ. Lève `RoleRefuse`, aussi quand la structure
    n'aurait plus de direction, ou quand du travail resterait sans personne.
    """
    exiger_la_gestion(par, appartenance)
    aujourd_hui = timezone.localdate()
    if appartenance.fermee_le is not None:
        raise RoleRefuse("Cette personne a déjà quitté l’équipe.")
    if le is not None and le < max(aujourd_hui, appartenance.du):
        raise RoleRefuse("Ce jour est passé. Choisissez aujourd’hui ou un jour à venir.")
    garder_une_direction(appartenance)
    possibles = repreneurs(appartenance, par=par)
    if a is not None and a not in possibles:
        raise RoleRefuse("Le travail passe à une personne de la même équipe. Choisissez-la dans la liste.")
    if a is None and possibles and a_transmettre(appartenance):
        raise RoleRefuse("Dites à qui passent ses brouillons et ses collections : ils ne se perdent pas.")
    appartenance.passation_a = a
    appartenance.au = le or aujourd_hui
    appartenance.du = min(appartenance.du, appartenance.au)
    appartenance.save(update_fields=["passation_a", "au", "du"])
    quand = "aujourd’hui" if le is None else f"le {date_longue(le)}"
    lieu = appartenance.organisation.nom
    phrase = f"{par.get_full_name()} a noté le départ de {appartenance.utilisateur}, {quand}, {lieu}."
    journaliser(
        appartenance,
        "terminer_appartenance",
        phrase,
        par=par,
        apres={"au": appartenance.au.isoformat(), "passation_a": a.pk if a else None},
    )
    prevenir(
        appartenance,
        f"La fin de votre rôle, {lieu}",
        f"{par.get_full_name()} a noté la fin de votre rôle « {appartenance.get_role_display()} », {lieu} : "
        f"{quand}. Votre compte reste ouvert pour vos autres rôles.",
    )
    if le is None:
        _fermer(appartenance, par=par)


@transaction.atomic
def annuler_depart(appartenance: Appartenance, *, par: Utilisateur) -> None:
    """La personne reste : un départ annoncé, pas encore arrivé, est retiré. Lève `RoleRefuse`."""
    exiger_la_gestion(par, appartenance)
    if (
        appartenance.au is None
        or appartenance.fermee_le is not None
        or appartenance.au < timezone.localdate()
    ):
        raise RoleRefuse("Ce départ est déjà passé. Invitez de nouveau la personne.")
    appartenance.au = appartenance.passation_a = None
    appartenance.save(update_fields=["au", "passation_a"])
    lieu = appartenance.organisation.nom
    phrase = f"{par.get_full_name()} a annulé le départ de {appartenance.utilisateur}, {lieu}."
    journaliser(appartenance, "annuler_depart", phrase, par=par)
    prevenir(
        appartenance, f"Vous restez, {lieu}", f"{par.get_full_name()} a annulé la fin de votre rôle, {lieu}."
    )


def appliquer_les_departs() -> int:
    """Chaque jour : ferme les appartenances dont le dernier jour est passé et fait leur passation. Se répète."""
    passees = Appartenance.objects.filter(au__lt=timezone.localdate(), fermee_le=None)
    numeros = list(passees.order_by("pk").values_list("pk", flat=True))
    for numero in numeros:
        with transaction.atomic():
            appartenance = Appartenance.objects.select_for_update().get(pk=numero)
            if appartenance.fermee_le is None:
                _fermer(appartenance, par=None)
    return len(numeros)


def _fermer(appartenance: Appartenance, *, par: Utilisateur | None) -> None:
    transmettre(appartenance, par=par)
    appartenance.fermee_le = timezone.now()
    appartenance.save(update_fields=["fermee_le"])
    phrase = f"{appartenance.utilisateur} n’a plus accès, {appartenance.organisation.nom}."
    journaliser(appartenance, "fermer_appartenance", phrase, par=par or SYSTEME)
