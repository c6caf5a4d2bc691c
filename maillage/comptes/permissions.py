"""Qui est qui, et qui donne quel rôle où : les phrases de droit que les autres pièces composent."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeGuard

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.territoire.choices import EtatStructure, GenreInstitution
from maillage.territoire.models import Gestionnaire, Institution, Structure

Organisation = Structure | Gestionnaire | Institution


def a_role(utilisateur: Any, *roles: Role) -> TypeGuard[Utilisateur]:
    """La personne tient aujourd'hui au moins un de ces rôles, quelque part."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return False
    return not utilisateur.roles.isdisjoint(roles)


def est_moderatrice(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Les modératrices du réseau (fédération, Caf) et l'administration de la plateforme tiennent le catalogue."""
    return a_role(utilisateur, Role.MODERATRICE, Role.ADMINISTRATRICE)


def structures_de(utilisateur: Any) -> list[int]:
    """Numéros des structures où la personne agit aujourd'hui, celles de son gestionnaire et celles qu'elles ont
    reprises comprises ; aucune pour un anonyme ou un compte fermé."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return []
    return utilisateur.structures_du_jour


def structures_dirigees(utilisateur: Any) -> list[int]:
    """Comme `structures_de`, pour les seules structures dont la personne a la direction."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return []
    return utilisateur.structures_dirigees


def structures_du_registre(utilisateur: Any) -> list[int]:
    """Comme `structures_de`, pour celles dont la personne tient le registre : direction, accueil et inscriptions."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return []
    return utilisateur.structures_du_registre


def institutions_de(utilisateur: Any, role: Role) -> list[int]:
    """Numéros des institutions où la personne tient ce rôle aujourd'hui ; aucune pour un compte fermé."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return []
    tenues = (tenue for tenue in utilisateur.appartenances_du_jour if tenue.role == role)
    return [tenue.institution_id for tenue in tenues if tenue.institution_id is not None]


# --- Le second facteur ------------------------------------------------------------------------------

ROLES_AU_SECOND_FACTEUR = {Role.MODERATRICE, Role.ADMINISTRATRICE, Role.CONSEILLER_CAF, Role.VILLE}


def doit_avoir_un_second_facteur(utilisateur: Any) -> bool:
    """Qui modère, administre, conseille ou représente la ville, et qui voit plusieurs structures par une
    institution ou un gestionnaire. Rien ne lui est montré avant."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return False
    return any(demande_un_second_facteur(tenue) for tenue in utilisateur.appartenances_du_jour)


def demande_un_second_facteur(appartenance: Appartenance) -> bool:
    return appartenance.role in ROLES_AU_SECOND_FACTEUR or appartenance.structure_id is None


# --- Qui donne quel rôle, où ------------------------------------------------------------------------


class Lieu(Enum):
    """Où une personne peut donner un rôle, par rapport au sien. La valeur se lit dans la table."""

    CHEZ_ELLE = "là où elle tient ce rôle"
    CENTRES_PORTES = "dans les centres que son gestionnaire porte"
    SANS_DIRECTION = "dans un centre de son territoire qui n’a pas de direction"
    PARTOUT = "partout"


@dataclass(frozen=True, slots=True)
class Don:
    """Une ligne de la table : qui tient `role` peut, à ce lieu, donner, changer et retirer ces rôles."""

    role: Role
    lieu: Lieu
    donne: tuple[Role, ...]


DONS = (
    Don(Role.DIRECTRICE, Lieu.CHEZ_ELLE, (Role.CONTRIBUTEUR, Role.ACCUEIL, Role.DIRECTRICE)),
    Don(Role.DIRECTRICE, Lieu.CENTRES_PORTES, (Role.CONTRIBUTEUR, Role.ACCUEIL, Role.DIRECTRICE)),
    Don(Role.MODERATRICE, Lieu.CHEZ_ELLE, (Role.MODERATRICE, Role.CONSEILLER_CAF)),
    Don(Role.MODERATRICE, Lieu.SANS_DIRECTION, (Role.CONTRIBUTEUR, Role.ACCUEIL, Role.DIRECTRICE)),
    Don(Role.ADMINISTRATRICE, Lieu.PARTOUT, tuple(Role)),
)
"""La seule table. Personne ne donne au-dessus de soi (un rôle absent de sa ligne), ni hors de ces lieux ; personne
ne change le sien."""

ROLES_EN_STRUCTURE = (Role.CONTRIBUTEUR, Role.ACCUEIL, Role.DIRECTRICE)
ROLES_EN_INSTITUTION = {
    GenreInstitution.FEDERATION: (Role.MODERATRICE,),
    GenreInstitution.CAF: (Role.CONSEILLER_CAF, Role.MODERATRICE),
    GenreInstitution.COLLECTIVITE: (Role.VILLE,),
    GenreInstitution.RESEAU_NATIONAL: (Role.MODERATRICE, Role.ADMINISTRATRICE),
}


def roles_du_lieu(organisation: Organisation) -> tuple[Role, ...]:
    """Les rôles que l'on peut y tenir : aucun dans une structure fermée."""
    if isinstance(organisation, Institution):
        return ROLES_EN_INSTITUTION[GenreInstitution(organisation.genre)]
    if isinstance(organisation, Structure) and organisation.etat == EtatStructure.FERMEE:
        return ()
    return ROLES_EN_STRUCTURE


def roles_a_donner(utilisateur: Any, organisation: Organisation) -> list[Role]:
    """Ce que cette personne peut donner ici, dans l'ordre du lieu."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return []
    donnables = {role for don in _dons(utilisateur, organisation) for role in don.donne}
    return [role for role in roles_du_lieu(organisation) if role in donnables]


def peut_voir_l_equipe(utilisateur: Any, organisation: Organisation) -> TypeGuard[Utilisateur]:
    """Qui peut y donner un rôle voit qui y travaille."""
    return bool(roles_a_donner(utilisateur, organisation))


def peut_voir_des_equipes(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """La personne donne des rôles quelque part : le menu lui montre « Équipe »."""
    return a_role(utilisateur, *{don.role for don in DONS})


def peut_gerer(utilisateur: Any, appartenance: Appartenance) -> TypeGuard[Utilisateur]:
    """Changer ce rôle ou y mettre fin : le pouvoir donner ici, et que ce ne soit pas le sien."""
    return (
        isinstance(utilisateur, Utilisateur)
        and appartenance.utilisateur_id != utilisateur.pk
        and appartenance.role in roles_a_donner(utilisateur, appartenance.organisation)
    )


def peut_tenir_le_compte(utilisateur: Any, autre: Utilisateur) -> TypeGuard[Utilisateur]:
    """Fermer ses sessions, retirer son second facteur, rouvrir son compte : être de ceux qui gèrent chacun de ses
    rôles d'aujourd'hui. Une directrice n'ouvre donc pas le compte d'une administratrice venue l'aider."""
    if not isinstance(utilisateur, Utilisateur) or utilisateur.pk == autre.pk:
        return False
    tenues = autre.appartenances_du_jour
    return bool(tenues) and all(peut_gerer(utilisateur, tenue) for tenue in tenues)


def _dons(utilisateur: Utilisateur, organisation: Organisation) -> Iterator[Don]:
    for tenue in utilisateur.appartenances_du_jour:
        for don in DONS:
            if don.role == tenue.role and _s_applique(don.lieu, tenue, organisation):
                yield don


def _s_applique(lieu: Lieu, tenue: Appartenance, organisation: Organisation) -> bool:
    match lieu:
        case Lieu.PARTOUT:
            return True
        case Lieu.CHEZ_ELLE:
            return tenue.organisation == organisation
        case Lieu.CENTRES_PORTES:
            return (
                isinstance(organisation, Structure)
                and tenue.gestionnaire_id is not None
                and organisation.gestionnaire_id == tenue.gestionnaire_id
            )
        case Lieu.SANS_DIRECTION:
            return (
                isinstance(organisation, Structure)
                and tenue.institution is not None
                and Structure.objects.filter(territoire_de(tenue.institution), pk=organisation.pk).exists()
                and not a_une_direction(organisation)
            )


# --- Les structures d'un territoire -----------------------------------------------------------------


def direction() -> Exists:
    """À filtrer sur `Structure` : quelqu'un la dirige aujourd'hui, chez elle ou chez son gestionnaire."""
    ici = Q(structure=OuterRef("pk")) | Q(gestionnaire=OuterRef("gestionnaire"))
    return Exists(Appartenance.objects.de_direction().filter(ici))


def a_une_direction(structure: Structure) -> bool:
    return Structure.objects.filter(direction(), pk=structure.pk).exists()


def territoire_de(institution: Institution) -> Q:
    """Sur `Structure` : celles du territoire de cette institution ; sans territoire dit, toute la France."""
    departements, regions = _lieux_de(institution)
    if not departements and not regions:
        return Q()
    return Q(departement__in=departements) | Q(departement__region__in=regions)


def _lieux_de(institution: Institution) -> tuple[list[str], list[str]]:
    """Codes de ses départements et de ses régions, lus une fois par demande."""
    prefetch_related_objects([institution], "departements", "regions")
    return [d.pk for d in institution.departements.all()], [r.pk for r in institution.regions.all()]


def structures_du_reseau(utilisateur: Any) -> Q:
    """Sur `Structure` : celles que cette personne tient pour le réseau ; aucune hors de lui."""
    if a_role(utilisateur, Role.ADMINISTRATRICE):
        return Q()
    filtre = Q(pk__in=[])
    if not est_moderatrice(utilisateur):
        return filtre
    for tenue in utilisateur.appartenances_du_jour:
        if tenue.role == Role.MODERATRICE and tenue.institution is not None:
            territoire = territoire_de(tenue.institution)
            if not territoire:
                return Q()
            filtre |= territoire
    return filtre


def structures_conseillees(utilisateur: Any) -> Q:
    """Sur `Structure` : celles du territoire de la Caf où cette personne est conseillère. Une Caf sans territoire
    dit n'en a aucune."""
    filtre = Q(pk__in=[])
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return filtre
    for tenue in utilisateur.appartenances_du_jour:
        if tenue.role != Role.CONSEILLER_CAF or tenue.institution is None:
            continue
        filtre |= territoire_de(tenue.institution) or Q(pk__in=[])
    return filtre


def structures_a_equiper(utilisateur: Any) -> Any:
    """Structures ouvertes où cette personne donne des rôles au nom du réseau, même sans y travailler."""
    siennes = Structure.objects.ouvertes().filter(structures_du_reseau(utilisateur))
    return siennes if a_role(utilisateur, Role.ADMINISTRATRICE) else siennes.exclude(direction())


def peut_tenir_des_structures(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Le réseau tient l'annuaire : les modératrices sur leur territoire, l'administration partout."""
    return est_moderatrice(utilisateur)


def peut_tenir(utilisateur: Any, structure: Structure) -> TypeGuard[Utilisateur]:
    """Fermer, réunir, changer de gestionnaire : une modératrice du territoire, ou l'administration ; jamais pour
    une structure où l'on travaille."""
    return (
        peut_tenir_des_structures(utilisateur)
        and structure.pk not in structures_de(utilisateur)
        and Structure.objects.filter(structures_du_reseau(utilisateur), pk=structure.pk).exists()
    )


def peut_completer(utilisateur: Any, structure: Structure) -> TypeGuard[Utilisateur]:
    """Écrire la fiche d'une structure : sa direction, ou le réseau."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return False
    dirige = any(
        tenue.role == Role.DIRECTRICE
        and (
            tenue.structure_id == structure.pk
            or (tenue.gestionnaire_id is not None and tenue.gestionnaire_id == structure.gestionnaire_id)
        )
        for tenue in utilisateur.appartenances_du_jour
    )
    return dirige or Structure.objects.filter(structures_du_reseau(utilisateur), pk=structure.pk).exists()


def departements_a_ouvrir(utilisateur: Any) -> Q:
    """Sur `Departement` : ceux où cette personne peut créer une structure."""
    if a_role(utilisateur, Role.ADMINISTRATRICE):
        return Q()
    filtre = Q(pk__in=[])
    if not est_moderatrice(utilisateur):
        return filtre
    for tenue in utilisateur.appartenances_du_jour:
        if tenue.role == Role.MODERATRICE and tenue.institution is not None:
            departements, regions = _lieux_de(tenue.institution)
            if not departements and not regions:
                return Q()
            filtre |= Q(pk__in=departements) | Q(region__in=regions)
    return filtre


def conseillers_de(structure: Structure) -> list[Utilisateur]:
    """Qui conseille aujourd'hui cette structure au nom d'une Caf : à qui l'on écrit ce qu'elle transmet."""
    tenues = (
        Appartenance.objects.en_cours()
        .filter(role=Role.CONSEILLER_CAF, utilisateur__is_active=True, institution__isnull=False)
        .select_related("utilisateur", "institution")
        .order_by("pk")
    )
    return list(
        dict.fromkeys(
            tenue.utilisateur
            for tenue in tenues
            if tenue.institution is not None and _est_de_son_territoire(structure, tenue.institution)
        )
    )


def caf_qui_conseille(utilisateur: Any, structure: Structure) -> Institution | None:
    """La Caf au nom de laquelle cette personne conseille cette structure."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return None
    tenues = (t.institution for t in utilisateur.appartenances_du_jour if t.role == Role.CONSEILLER_CAF)
    return next((une for une in tenues if une is not None and _est_de_son_territoire(structure, une)), None)


def _est_de_son_territoire(structure: Structure, institution: Institution) -> bool:
    departements, regions = _lieux_de(institution)
    departement = structure.departement
    return departement is not None and (departement.pk in departements or departement.region_id in regions)


def directrices_de(structure: Structure | None) -> list[Utilisateur]:
    """Qui dirige aujourd'hui cette structure, ou celle qui l'a reprise : à qui l'on écrit pour elle."""
    if structure is None:
        return []
    return list(
        Utilisateur.objects.filter(
            pk__in=Appartenance.objects.en_cours()
            .filter(role=Role.DIRECTRICE, structure__in={structure.pk, structure.remplacee_par_id} - {None})
            .values("utilisateur"),
            is_active=True,
        )
    )
