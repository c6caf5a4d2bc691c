"""La feuille de présence d'une séance : cocher des noms, compter sans nom, terminer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.activites.choices import EtatSeance, RoleDePresence
from maillage.activites.document_a_signer import document_a_signer
from maillage.activites.feuille import Feuille, chercher_au_registre, etat_de
from maillage.activites.models import Seance
from maillage.activites.operations.presences import (
    Ecart,
    FeuilleRefusee,
    MotImprudent,
    Venues,
    accueillir_a_la_seance,
    ecrire_le_mot,
    noter_venues,
    reprendre_la_feuille,
    rouvrir_feuille,
    terminer_feuille,
)
from maillage.activites.permissions import peut_faire_la_feuille, peut_lire_le_registre_de
from maillage.activites.satisfaction import avis_de
from maillage.activites.views.noms import celle_du_nom, nom_ecrit, question_du_nom
from maillage.comptes.nominatif import nominative
from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.telechargement import telecharger
from maillage.core.francais import compte, heure
from maillage.core.saisie import numero_ecrit, numeros_ecrits, une_ligne
from maillage.personnes.choices import BandeAge, Genre
from maillage.personnes.models import Personne
from maillage.personnes.operations import NomDejaConnu

TOURNER = list(RoleDePresence.values)


@nominative
@require_http_methods(["GET", "POST"])
def feuille(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La feuille ; envoyée d'un bloc quand le navigateur n'a pas de script."""
    seance = seance_de_la_feuille(request, pk)
    lue = Feuille(seance, _role_sans_nom(request.GET if request.method == "GET" else request.POST))
    if request.method == "POST":
        venues = _du_formulaire(lue, request.POST)
        try:
            if request.POST.get("geste") == "terminer":
                terminer_feuille(seance, venues, par=request.user)
                messages.success(request, "La feuille est terminée. Ses nombres comptent déjà.")
            else:
                noter_venues(seance, venues, par=request.user)
                messages.success(request, "La feuille est enregistrée.")
        except FeuilleRefusee as refus:
            messages.error(request, str(refus))
        return redirect("feuille", seance.pk)
    q = une_ligne(request.GET.get("q", ""), 80)
    return _montrer(request, lue, q=q)


@nominative
@require_POST
def feuille_noter(request: RequeteConnectee, pk: int) -> JsonResponse:
    """Un envoi de l'appareil : `envoi` (sa clé), des `p` « numéro:rôle » et des `s` « bande.genre.rôle:écart ».

    Rend les nombres et qui est noté dans quel rôle, pour montrer aussi ce qu'une collègue vient de cocher.
    """
    seance = seance_de_la_feuille(request, pk)
    try:
        noter_venues(seance, _de_l_appareil(request.POST), par=request.user)
    except FeuilleRefusee as refus:
        return JsonResponse({"refus": str(refus)}, status=409, json_dumps_params={"ensure_ascii": False})
    roles = dict(seance.presences.values_list("personne_id", "role"))
    etat = etat_de(roles, sum(seance.venues_sans_nom.values_list("nombre", flat=True)))
    return JsonResponse(
        {
            "roles": roles,
            "presents": etat.presents,
            "dont": etat.dont,
            "sans_nom": etat.sans_nom,
            "dit": f"Enregistré à {heure(timezone.now().astimezone(seance.fuseau).time())}",
        },
        json_dumps_params={"ensure_ascii": False},
    )


@nominative
@require_POST
def feuille_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Rouvrir la feuille, ou reprendre celle de la séance d'avant."""
    seance = seance_de_la_feuille(request, pk)
    try:
        if geste == "rouvrir":
            rouvrir_feuille(seance, par=request.user)
            messages.success(request, "La feuille est rouverte. Corrigez, puis terminez-la.")
        else:
            deja = seance.presences.count()
            reprendre_la_feuille(seance, par=request.user)
            nombre = seance.presences.count() - deja  # une personne effacée depuis ne se reprend pas
            messages.success(
                request, f"{compte(nombre, 'présence')} de la séance d’avant. Décochez les absents."
            )
    except FeuilleRefusee as refus:
        messages.error(request, str(refus))
    return redirect("feuille", seance.pk)


@nominative
@require_POST
def feuille_mot(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Un mot pour l'équipe ; un prénom de la feuille demande d'y penser deux fois."""
    seance = seance_de_la_feuille(request, pk)
    mot = "\n".join(request.POST.get("mot", "").replace("\0", "").splitlines()).strip()[:2000]
    doute = ""
    try:
        ecrire_le_mot(
            seance, mot, lu=request.POST.get("lu", ""), est_relu="relu" in request.POST, par=request.user
        )
    except MotImprudent as refus:
        doute = str(refus)
    except FeuilleRefusee as refus:
        messages.error(request, str(refus))
        seance.refresh_from_db(fields=["mot"])
        mot = "\n\n".join(filter(None, (seance.mot, mot)))
    else:
        messages.success(request, "Le mot est enregistré.")
        return redirect("feuille", seance.pk)
    return _montrer(request, Feuille(seance), mot=mot, doute=doute, status=422)


@nominative
@require_POST
def feuille_ajouter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Une personne du registre (`personne`), ou un prénom et un nom. Un homonyme se demande, il ne se devine pas."""
    seance = seance_de_la_feuille(request, pk)
    centre, ecrit = seance.activite.structure, nom_ecrit(request)
    venue: Personne | None = None
    try:
        if (numero := numero_ecrit(request.POST.get("personne", ""))) is not None:
            venue = get_object_or_404(Personne.objects.du_registre(request.user), pk=numero)
        elif ecrit.elle is not None:
            venue = celle_du_nom(centre, ecrit, par=request.user)
        if venue is not None:
            noter_venues(seance, Venues({venue.pk: RoleDePresence.PARTICIPANT.value}), par=request.user)
        else:
            accueillir_a_la_seance(
                seance, ecrit.prenom, ecrit.nom, autre_que=ecrit.autre_que, par=request.user
            )
        messages.success(request, "Le nom est sur la feuille, et noté présent.")
    except NomDejaConnu as doute:
        question = question_du_nom(doute.connues, retour=reverse("feuille", args=[seance.pk]))
        return _montrer(request, Feuille(seance), prenom=ecrit.prenom, nom=ecrit.nom, **question)
    except FeuilleRefusee as refus:
        messages.error(request, str(refus))
    return redirect("feuille", seance.pk)


@nominative
@require_GET
def feuille_a_signer(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = seance_de_la_feuille(request, pk)
    if seance.activite.est_sans_nom:
        raise Http404("Une activité sans nom n’a rien à signer.")
    return telecharger(document_a_signer(Feuille(seance)), "pdf")


# --- Ce que partagent ces pages ---------------------------------------------------------------------


def seance_de_la_feuille(request: RequeteConnectee, pk: int) -> Seance:
    """Celle dont la personne lit les noms ; pour les autres, la page n'existe pas."""
    seances = Seance.objects.de_l_equipe(request.user).select_related(
        "activite__structure", "activite__site", "activite__fiche__axe", "site", "theme"
    )
    seance: Seance = get_object_or_404(seances, pk=pk)
    if not peut_faire_la_feuille(request.user, seance):
        raise Http404("Cette feuille se tient entre celles et ceux qui animent.")
    return seance


def _montrer(request: RequeteConnectee, lue: Feuille, *, status: int = 200, **contexte: Any) -> HttpResponse:
    seance = lue.seance
    tient_le_registre = peut_lire_le_registre_de(request.user, seance.activite.structure_id)
    q = contexte.get("q", "")
    contexte = {"q": "", "mot": seance.mot, "doute": "", "connues": [], "prenom": "", "nom": ""} | contexte
    contexte |= {
        "seance": seance,
        "activite": seance.activite,
        "feuille": lue,
        "est_a_ajouter": "ajouter" in request.GET,
        "est_fermee": seance.etat == EtatSeance.ANNULEE or seance.feuille_close_le is not None,
        "avis_de_sortie": avis_de(seance),
        "tient_le_registre": tient_le_registre,
        "deja_ici": lue.presents,
        "trouvees": chercher_au_registre(request.user, seance, q) if q and tient_le_registre else [],
    }
    return render(request, "activites/feuille.html", contexte, status=status)


def _role_sans_nom(donnees: QueryDict) -> str:
    role = donnees.get("role_sans_nom", "")
    return role if role in RoleDePresence.values else RoleDePresence.PARTICIPANT.value


def _du_formulaire(lue: Feuille, donnees: QueryDict) -> Venues:
    """Seulement ce qui diffère de ce que la page montrait : une collègue a pu cocher entre-temps."""
    montrees, coches = numeros_ecrits(donnees.get("lus", "")), numeros_ecrits(",".join(donnees.getlist("p")))
    roles = {ligne.pk: ligne.role for ligne in lue.lignes}
    presences = {pk: roles.get(pk, RoleDePresence.PARTICIPANT.value) for pk in coches - montrees}
    presences |= dict.fromkeys(montrees - coches, "")
    if donnees.get("geste") == "tous":
        presences = {pk: role for pk, role in roles.items() if pk not in montrees}
    for pk in numeros_ecrits(donnees.get("role", "")):
        rang = TOURNER.index(roles.get(pk, TOURNER[0]))
        presences[pk] = TOURNER[(rang + 1) % len(TOURNER)]
    lues = dict(une.split("=", 1) for une in donnees.get("lues", "").split(",") if "=" in une)
    ecarts = []
    for _, cases in lue.grille:
        for case in cases:
            ecrit, lu = donnees.get(f"n_{case.cle}", ""), lues.get(case.cle, "0")
            if _est_entier(ecrit or "0") and _est_entier(lu) and int(ecrit or 0) != int(lu):
                ecart = int(ecrit or 0) - int(lu)
                ecarts.append(Ecart(case.bande, case.genre, lue.role_sans_nom, ecart))
    return Venues(presences, ecarts)


def _de_l_appareil(donnees: QueryDict) -> Venues:
    """Ce qui ne se lit pas est passé : un vieil onglet ne doit pas bloquer la file d'un appareil."""
    try:
        envoi = UUID(donnees.get("envoi", ""))
    except ValueError:
        raise BadRequest("Un envoi porte sa clé.") from None
    presences = {}
    for une in donnees.getlist("p"):
        pk, _, role = une.partition(":")
        if _est_entier(pk) and (not role or role in RoleDePresence.values):
            presences[int(pk)] = role
    ecarts = []
    for une in donnees.getlist("s"):
        case, _, nombre = une.rpartition(":")
        bande, _, reste = case.partition(".")
        genre, _, role = reste.partition(".")
        connue = (not bande or bande in BandeAge.values) and (not genre or genre in Genre.values)
        if connue and role in RoleDePresence.values and _est_entier(nombre.removeprefix("-")):
            ecarts.append(Ecart(bande, genre, role, int(nombre)))
    return Venues(presences, ecarts, envoi)


def _est_entier(texte: str) -> bool:
    return texte.isascii() and texte.isdigit() and len(texte) < 10
