"""Donner un rôle, en changer. La table de `permissions.py` décide ; la personne en est prévenue par courriel."""

from typing import Any

from django.db import transaction

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.comptes.permissions import Organisation, peut_gerer, roles_a_donner, roles_du_lieu
from maillage.core.courrier import poster
from maillage.core.journal import SYSTEME, journaliser
from maillage.territoire.models import Gestionnaire, Institution, Structure


class RoleRefuse(Exception):
    """Ce rôle ne peut pas être donné, changé ou retiré ainsi ; le message dit pourquoi et quoi faire."""


def en_colonnes(organisation: Organisation) -> dict[str, Any]:
    """La colonne de cette organisation, remplie ; les deux autres, vides."""
    return {
        "structure": organisation if isinstance(organisation, Structure) else None,
        "gestionnaire": organisation if isinstance(organisation, Gestionnaire) else None,
        "institution": organisation if isinstance(organisation, Institution) else None,
    }


def exiger_le_don(par: Utilisateur | None, role: str, organisation: Organisation) -> None:
    """Lève `RoleRefuse` si cette personne ne peut pas donner ce rôle ici. `par=None` : l'exploitant."""
    permis = roles_du_lieu(organisation) if par is None else roles_a_donner(par, organisation)
    if role not in permis:
        raise RoleRefuse(
            f"Le rôle « {Role(role).label} » ne peut pas être donné ici par vous. "
            "Demandez-le à une personne qui le tient déjà, ou à l’administration de la plateforme."
        )


def exiger_la_gestion(par: Utilisateur, appartenance: Appartenance) -> None:
    """Lève `RoleRefuse` : personne ne change son propre rôle, ni un rôle qu'il ne pourrait pas donner."""
    if appartenance.utilisateur_id == par.pk:
        raise RoleRefuse("C’est votre rôle. Demandez à une autre personne de votre équipe de le changer.")
    if not peut_gerer(par, appartenance):
        raise RoleRefuse("Vous ne pouvez pas changer ce rôle. Demandez à l’administration de la plateforme.")


@transaction.atomic
def donner_role(
    utilisateur: Utilisateur, role: Role, organisation: Organisation, *, par: Utilisateur | None
) -> Appartenance:
    """Une personne qui a déjà un compte reçoit un rôle ici. Lève `RoleRefuse`."""
    exiger_le_don(par, role, organisation)
    if par is not None and utilisateur.pk == par.pk:
        raise RoleRefuse("Vous ne pouvez pas vous donner un rôle. Demandez à une autre personne.")
    if not utilisateur.is_active:
        raise RoleRefuse("Ce compte est fermé. Demandez à l’administration de la plateforme de le rouvrir.")
    ici = en_colonnes(organisation)
    tenue = Appartenance.objects.en_cours().filter(utilisateur=utilisateur, **ici).first()
    if tenue is not None:
        raise RoleRefuse(
            f"{utilisateur} a déjà un rôle ici : {tenue.get_role_display().lower()}. "
            "Changez-le depuis sa fiche."
        )
    return _ouvrir(utilisateur, role, organisation, par=par)


def _ouvrir(
    utilisateur: Utilisateur, role: Role, organisation: Organisation, *, par: Utilisateur | None
) -> Appartenance:
    appartenance = Appartenance.objects.create(
        utilisateur=utilisateur, role=role, **en_colonnes(organisation)
    )
    qui = par or SYSTEME
    phrase = (
        f"{qui.get_full_name()} a donné à {utilisateur} le rôle « {Role(role).label} », {organisation.nom}."
    )
    journaliser(appartenance, "donner_role", phrase, par=qui, apres={"role": role})
    prevenir(
        appartenance,
        f"Votre rôle dans Maillage, {organisation.nom}",
        f"{qui.get_full_name()} vous a donné le rôle « {Role(role).label} », {organisation.nom}.",
    )
    return appartenance


@transaction.atomic
def changer_role(appartenance: Appartenance, role: Role, *, par: Utilisateur) -> None:
    """Un autre rôle, au même endroit. Lève `RoleRefuse`, aussi quand la structure n'aurait plus de direction."""
    exiger_la_gestion(par, appartenance)
    exiger_le_don(par, role, appartenance.organisation)
    if role == appartenance.role:
        raise RoleRefuse("C’est déjà son rôle. Choisissez-en un autre, ou ne changez rien.")
    garder_une_direction(appartenance)
    avant, appartenance.role = appartenance.role, role
    appartenance.save(update_fields=["role"])
    phrase = (
        f"{par.get_full_name()} a changé le rôle de {appartenance.utilisateur} : "
        f"de « {Role(avant).label} » à « {role.label} », {appartenance.organisation.nom}."
    )
    journaliser(
        appartenance, "changer_role", phrase, par=par, avant={"role": avant}, apres={"role": role.value}
    )
    prevenir(
        appartenance,
        f"Votre rôle a changé, {appartenance.organisation.nom}",
        f"{par.get_full_name()} a changé votre rôle : vous étiez « {Role(avant).label} », "
        f"vous êtes maintenant « {role.label} », {appartenance.organisation.nom}.",
    )


def garder_une_direction(appartenance: Appartenance) -> None:
    """Lève `RoleRefuse` si une structure ouverte perdait sa dernière direction avec cette appartenance.

    Les structures sont prises l'une après l'autre, dans l'ordre : deux directrices qui se retirent l'une l'autre au
    même moment ne vident pas la maison.
    """
    if appartenance.role != Role.DIRECTRICE or appartenance.institution_id is not None:
        return
    siennes = Structure.objects.ouvertes().order_by("pk").select_for_update()
    if appartenance.structure_id is not None:
        siennes = siennes.filter(pk=appartenance.structure_id)
    else:
        siennes = siennes.filter(gestionnaire=appartenance.gestionnaire_id)
    tenues = list(siennes)  # prises d'abord, lues ensuite
    autres = Appartenance.objects.de_direction().exclude(pk=appartenance.pk).filter(au=None)
    en_structure = set(autres.filter(structure__in=tenues).values_list("structure_id", flat=True))
    chez_un_gestionnaire = set(
        autres.filter(gestionnaire__isnull=False).values_list("gestionnaire_id", flat=True)
    )
    for structure in tenues:
        if structure.pk not in en_structure and structure.gestionnaire_id not in chez_un_gestionnaire:
            raise RoleRefuse(
                f"« {structure} » n’aurait plus de direction. Donnez d’abord ce rôle à une autre personne."
            )


def prevenir(appartenance: Appartenance, sujet: str, phrase: str) -> None:
    """Un courriel à la personne : un rôle ne change jamais sans qu'elle le sache."""
    utilisateur = appartenance.utilisateur
    poster(
        utilisateur.email,
        sujet,
        "comptes/courriel_role.txt",
        {"utilisateur": utilisateur, "phrase": phrase},
        objet=appartenance,
    )
