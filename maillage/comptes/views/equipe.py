"""L'équipe : qui travaille où, inviter, et les invitations qui attendent."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.choices import Role
from maillage.comptes.forms.equipe import InviterForm
from maillage.comptes.models import Appartenance, Invitation, Utilisateur
from maillage.comptes.operations import (
    InvitationRefusee,
    RoleRefuse,
    annuler_invitation,
    donner_role,
    inviter,
    renvoyer_invitation,
)
from maillage.comptes.permissions import (
    Organisation,
    a_role,
    direction,
    est_moderatrice,
    peut_completer,
    peut_gerer,
    peut_tenir,
    peut_voir_des_equipes,
    peut_voir_l_equipe,
    roles_a_donner,
    structures_a_equiper,
)
from maillage.comptes.presentation import table_des_dons
from maillage.comptes.requete import RequeteConnectee
from maillage.core.saisie import une_ligne
from maillage.territoire.models import Gestionnaire, Institution, Structure

MODELES: dict[str, type[Organisation]] = {
    "structure": Structure,
    "gestionnaire": Gestionnaire,
    "institution": Institution,
}
TROUVEES = 20
ANCIENS = 10


@require_GET
def equipe(request: RequeteConnectee) -> HttpResponse:
    """Les lieux où je donne des rôles ; pour le réseau, la recherche d'un autre lieu."""
    if not peut_voir_des_equipes(request.user):
        raise Http404
    lieux = _mes_lieux(request.user)
    q = une_ligne(request.GET.get("q", ""), 100)
    est_du_reseau = est_moderatrice(request.user)
    if len(lieux) == 1 and not est_du_reseau:
        return redirect(adresse_du_lieu(lieux[0]))
    contexte = {
        "lieux": [_resume(lieu) for lieu in lieux],
        "est_du_reseau": est_du_reseau,
        "q": q,
        "trouves": _chercher(request.user, q) if est_du_reseau and q else [],
        "sans_direction": _sans_direction(request.user) if est_du_reseau and not q else [],
        "table": table_des_dons(),
    }
    return render(request, "comptes/equipe/lieux.html", contexte)


@require_GET
def lieu(request: RequeteConnectee, genre: str, pk: int) -> HttpResponse:
    """Les membres, les invitations, et qui est parti."""
    organisation = lieu_gere(request, genre, pk)
    membres = list(
        _de(organisation)
        .en_cours()
        .select_related("utilisateur", *MODELES)
        .order_by("utilisateur__nom", "utilisateur__prenom", "pk")
    )
    structure = organisation if isinstance(organisation, Structure) else None
    contexte = {
        "organisation": organisation,
        "genre": genre,
        "structure": structure,
        "membres": [(tenue, peut_gerer(request.user, tenue)) for tenue in membres],
        "du_gestionnaire": _du_gestionnaire(structure) if structure else [],
        "invitations": _invitations(organisation),
        "anciens": _de(organisation).finies().select_related("utilisateur", "passation_a")[:ANCIENS],
        "table": table_des_dons(),
        "peut_completer": structure is not None and peut_completer(request.user, structure),
        "peut_tenir": structure is not None and peut_tenir(request.user, structure),
    }
    return render(request, "comptes/equipe/lieu.html", contexte)


@require_http_methods(["GET", "POST"])
def inviter_ici(request: RequeteConnectee, genre: str, pk: int) -> HttpResponse:
    """Un courriel neuf reçoit une invitation ; une personne qui a déjà un compte reçoit le rôle."""
    organisation = lieu_gere(request, genre, pk)
    exiger_une_confirmation(request)
    roles = roles_a_donner(request.user, organisation)
    formulaire = InviterForm(request.POST or None, roles=roles, initial={"role": roles[0]})
    if request.method == "POST" and formulaire.is_valid():
        try:
            messages.success(request, _accueillir(formulaire.cleaned_data, organisation, par=request.user))
            return redirect(adresse_du_lieu(organisation))
        except (RoleRefuse, InvitationRefusee) as refus:
            formulaire.add_error(None, str(refus))
    contexte = {"organisation": organisation, "genre": genre, "formulaire": formulaire}
    return render(request, "comptes/equipe/inviter.html", contexte)


@require_POST
def invitation_annuler(request: RequeteConnectee, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    try:
        annuler_invitation(invitation, par=request.user)
        messages.success(request, f"L’invitation de {invitation.email} est annulée. Son lien ne sert plus.")
    except (RoleRefuse, InvitationRefusee) as refus:
        messages.error(request, str(refus))
    return redirect(adresse_du_lieu(invitation.organisation))


@require_POST
def invitation_renvoyer(request: RequeteConnectee, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    try:
        renvoyer_invitation(invitation, par=request.user)
        messages.success(request, f"Un nouveau lien part à {invitation.email}. L’ancien ne sert plus.")
    except (RoleRefuse, InvitationRefusee) as refus:
        messages.error(request, str(refus))
    return redirect(adresse_du_lieu(invitation.organisation))


def lieu_gere(request: HttpRequest, genre: str, pk: int) -> Organisation:
    """Le lieu, si cette personne y donne des rôles. Lève `Http404` : pour les autres, il n'existe pas."""
    modele: Any = MODELES[genre]
    organisation: Organisation = get_object_or_404(modele, pk=pk)
    if not peut_voir_l_equipe(request.user, organisation):
        raise Http404
    return organisation


def exiger_une_confirmation(request: HttpRequest) -> None:
    """Avant de donner ou de retirer un droit : avoir prouvé qui l'on est depuis moins d'un quart d'heure (R10).

    allauth mène à la page qui confirme, puis ramène ici, formulaire compris.
    """
    raise_if_reauthentication_required(request, app="maillage.comptes")


def adresse_du_lieu(organisation: Organisation) -> str:
    return reverse("equipe_lieu", args=[genre_de(organisation), organisation.pk])


def genre_de(organisation: Organisation) -> str:
    return next(genre for genre, modele in MODELES.items() if isinstance(organisation, modele))


def _accueillir(donnees: dict[str, Any], organisation: Organisation, *, par: Utilisateur) -> str:
    role = Role(donnees["role"])
    connue = Utilisateur.objects.filter(email__iexact=donnees["email"]).first()
    if connue is not None:
        donner_role(connue, role, organisation, par=par)
        return f"{connue} avait déjà un compte : le rôle est donné. Un courriel l’en prévient."
    inviter(
        email=donnees["email"],
        prenom=donnees["prenom"],
        nom=donnees["nom"],
        role=role,
        organisation=organisation,
        par=par,
    )
    return f"L’invitation part à {donnees['email']}. Le lien vaut sept jours."


def _invitation(request: HttpRequest, pk: int) -> Invitation:
    invitation = get_object_or_404(Invitation.objects.select_related(*MODELES), pk=pk)
    if not peut_voir_l_equipe(request.user, invitation.organisation):
        raise Http404
    return invitation


def _mes_lieux(utilisateur: Utilisateur) -> list[Organisation]:
    """Mes organisations, puis les centres que mon gestionnaire porte, si j'y donne des rôles."""
    lieux: dict[tuple[str, int], Organisation] = {}
    for tenue in utilisateur.appartenances_du_jour:
        siennes: list[Organisation] = [tenue.organisation]
        if tenue.gestionnaire is not None:
            siennes += (
                Structure.objects.ouvertes().filter(gestionnaire=tenue.gestionnaire).order_by("nom", "pk")
            )
        for organisation in siennes:
            if peut_voir_l_equipe(utilisateur, organisation):
                lieux[genre_de(organisation), organisation.pk] = organisation
    return list(lieux.values())


def _resume(organisation: Organisation) -> dict[str, Any]:
    membres = list(
        _de(organisation).en_cours().select_related("utilisateur").order_by("utilisateur__nom", "pk")
    )
    return {
        "organisation": organisation,
        "adresse": adresse_du_lieu(organisation),
        "membres": membres,
        "invitations": len(_invitations(organisation)),
    }


def _chercher(utilisateur: Utilisateur, q: str) -> list[dict[str, Any]]:
    """Les lieux où cette personne donne des rôles et dont le nom contient tous ces mots."""
    lignes: list[Any] = [structures_a_equiper(utilisateur).select_related("commune", "departement")]
    if a_role(utilisateur, Role.ADMINISTRATRICE):
        lignes += [Gestionnaire.objects.all(), Institution.objects.all()]
    trouves: list[Organisation] = []
    for candidates in lignes:
        for mot in q.split():
            candidates = candidates.filter(nom__icontains=mot)
        trouves += candidates.order_by("nom", "pk")[: TROUVEES - len(trouves)]
    return [_ligne(trouve) for trouve in trouves]


def _sans_direction(utilisateur: Utilisateur) -> list[dict[str, Any]]:
    lignes = structures_a_equiper(utilisateur).exclude(direction()).select_related("commune", "departement")
    return [_ligne(structure) for structure in lignes.order_by("nom", "pk")[:TROUVEES]]


def _ligne(organisation: Organisation) -> dict[str, Any]:
    ou = ""
    if isinstance(organisation, Structure):
        ou = str(organisation.commune or organisation.departement or "")
    return {"organisation": organisation, "adresse": adresse_du_lieu(organisation), "ou": ou}


def _de(organisation: Organisation) -> Any:
    return Appartenance.objects.filter(**{genre_de(organisation): organisation})


def _du_gestionnaire(structure: Structure) -> list[Appartenance]:
    """Qui dirige au niveau du gestionnaire : on le sait, sans pouvoir le changer d'ici."""
    tenues = Appartenance.objects.en_cours().filter(
        gestionnaire__isnull=False, gestionnaire=structure.gestionnaire_id
    )
    return list(tenues.select_related("utilisateur", "gestionnaire").order_by("utilisateur__nom", "pk"))


def _invitations(organisation: Organisation) -> list[Invitation]:
    attente = Invitation.objects.en_attente().filter(**{genre_de(organisation): organisation})
    return list(attente.select_related("invite_par").order_by("-cree_le", "pk"))
