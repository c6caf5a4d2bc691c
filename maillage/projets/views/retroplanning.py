"""Le rétroplanning : les tâches d'un projet, son agenda, et ce qu'« Aujourd'hui » en montre."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maillage.comptes.requete import RequeteConnectee
from maillage.core.acces import interne
from maillage.core.adresses import adresse_de_retour
from maillage.core.anti_spam import LECTURE
from maillage.core.conflits import Ecart, relire
from maillage.core.debit import limiter
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.core.versions import ConflitDeVersion
from maillage.projets.agenda import en_ical
from maillage.projets.forms.retroplanning import TacheForm
from maillage.projets.models import ProjetSocial, Tache
from maillage.projets.operations.retroplanning import (
    ajouter_tache,
    changer_l_adresse_de_l_agenda,
    cocher_tache,
    creer_le_retroplanning,
    modifier_tache,
    personne_du_jeton,
    recaler_le_retroplanning,
    regler_ses_rappels,
    remettre_tache,
    retirer_tache,
    tache_a_remettre,
)
from maillage.projets.permissions import peut_conduire_le_projet, peut_tenir_des_projets
from maillage.projets.retroplanning import fin_de_l_agrement, modele_de

MONTREES = 6
DE_LA_DIRECTION = {"creer", "recaler", "adresse"}


@require_http_methods(["GET", "POST"])
def retroplanning(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Toutes les tâches, dans l'ordre des jours, et de quoi en ajouter une."""
    projet = _de_l_equipe(request, pk)
    form = TacheForm(request.POST if request.method == "POST" else None, projet=projet)
    if request.method == "POST" and form.is_valid():
        tache = ajouter_tache(projet, **form.valeurs, par=request.user)
        messages.success(request, f"« {tache} » est ajoutée.")
        return redirect("retroplanning", projet.pk)
    taches = list(projet.taches.select_related("responsable"))
    contexte = {
        "projet": projet,
        "taches": taches,
        "a_un_retroplanning": any(tache.mois_avant is not None for tache in taches),
        "en_retard": sum(tache.est_en_retard for tache in taches),
        "fin": fin_de_l_agrement(projet),
        "modele": modele_de(projet),
        "a_remettre": tache_a_remettre(projet),
        "conduit": peut_conduire_le_projet(request.user, projet),
        "adresse_agenda": request.build_absolute_uri(reverse("agenda_du_projet", args=[projet.jeton_agenda])),
        "form": form,
    }
    return render(request, "projets/retroplanning.html", contexte, status=422 if form.errors else 200)


@require_POST
def retroplanning_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Poser, recaler, changer l'adresse de l'agenda : la direction. Remettre, régler ses rappels : l'équipe."""
    projet = _de_l_equipe(request, pk)
    if geste in DE_LA_DIRECTION and not peut_conduire_le_projet(request.user, projet):
        raise Http404
    try:
        messages.success(request, _faire(request, projet, geste))
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("retroplanning", projet.pk)


def _faire(request: RequeteConnectee, projet: ProjetSocial, geste: str) -> str:
    match geste:
        case "creer":
            nombre = creer_le_retroplanning(projet, par=request.user)
            return (
                f"Le rétroplanning est posé : {compte(nombre, 'tâche')}. Changez les dates qui ne vont pas."
            )
        case "recaler":
            nombre = recaler_le_retroplanning(projet, par=request.user)
            return (
                f"{compte(nombre, 'tâche')} à leur nouveau jour."
                if nombre
                else "Les dates étaient déjà justes."
            )
        case "adresse":
            changer_l_adresse_de_l_agenda(projet, par=request.user)
            return "L’agenda a une nouvelle adresse. L’ancienne ne répond plus."
        case "remettre":
            return f"« {remettre_tache(projet, par=request.user)} » est remise."
        case _:
            est_voulu = geste == "rappeler"
            regler_ses_rappels(request.user, est_voulu=est_voulu)
            return "Vos rappels partiront une semaine avant." if est_voulu else "Vos rappels sont arrêtés."


@interne
@limiter(LECTURE)
@require_http_methods(["GET", "POST"])
def rappels(request: HttpRequest, jeton: str) -> HttpResponse:
    """La page que le courriel ouvre, sans compte : arrêter ses rappels, ou les reprendre. L'ouvrir ne change rien."""
    personne = personne_du_jeton(jeton)
    if request.method == "POST" and personne is not None:
        regler_ses_rappels(personne, est_voulu=request.POST.get("geste") == "reprendre")
        return redirect("rappels", jeton)
    return render(
        request, "projets/rappels.html", {"personne": personne}, status=200 if personne is not None else 404
    )


# --- Une tâche --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def tache(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = _tache(request, pk)
    lues = {champ: getattr(lue, champ) for champ in ("titre", "echeance", "responsable", "detail")}
    form = TacheForm(
        request.POST if request.method == "POST" else None,
        projet=lue.projet,
        actuel=lue.responsable,
        initial=lues | {"version": lue.version},
    )
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            modifier_tache(lue, version_lue=form.version_lue, par=request.user, **form.valeurs)
        except ConflitDeVersion:
            differences = relire(form, lues, lue.version)
        else:
            messages.success(request, f"« {lue} » est enregistrée.")
            return redirect("retroplanning", lue.projet_id)
    contexte = {"projet": lue.projet, "tache": lue, "form": form, "ecarts": differences}
    return render(request, "projets/tache.html", contexte, status=422 if form.errors else 200)


@require_POST
def tache_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Faite, à refaire, ou retirée."""
    lue = _tache(request, pk)
    if geste == "retirer":
        retirer_tache(lue, par=request.user)
        messages.success(request, f"« {lue} » est retirée.")
    else:
        cocher_tache(lue, est_faite=geste == "faite", par=request.user)
        messages.success(request, f"« {lue} » est {'faite' if geste == 'faite' else 'à faire'}.")
    sinon = reverse("retroplanning", args=[lue.projet_id])
    retour = request.POST.get("next", "")
    return redirect(adresse_de_retour(retour, sinon="espace") if retour else sinon)


# --- L'agenda ---------------------------------------------------------------------------------------


@interne
@require_safe
def agenda_du_projet(request: HttpRequest, jeton: str) -> HttpResponse:
    """Le flux, par son adresse secrète : une clé inconnue n'apprend rien."""
    projet = get_object_or_404(ProjetSocial.objects.select_related("structure"), jeton_agenda=jeton)
    reponse = HttpResponse(en_ical(projet), content_type="text/calendar; charset=utf-8")
    reponse["Cache-Control"] = "private, no-store"
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@require_safe
def retroplanning_fichier(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = _de_l_equipe(request, pk)
    reponse = HttpResponse(en_ical(projet), content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = (
        f'attachment; filename="retroplanning-{projet.du.year}-{projet.au.year}.ics"'
    )
    return reponse


# --- Aujourd'hui ------------------------------------------------------------------------------------


@require_GET
def taches_a_venir(request: RequeteConnectee) -> HttpResponse:
    """Les miennes et celles que personne n'a prises, les plus pressées d'abord."""
    if not peut_tenir_des_projets(request.user):
        raise Http404
    siennes = Tache.objects.de_l_equipe(request.user).a_venir_pour(request.user)
    contexte = {"taches": siennes.select_related("projet", "responsable")[:MONTREES]}
    return render(request, "projets/taches_a_venir.html", contexte)


def _de_l_equipe(request: RequeteConnectee, pk: int) -> ProjetSocial:
    lus = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure__departement")
    projet: ProjetSocial = get_object_or_404(lus, pk=pk)
    return projet


def _tache(request: RequeteConnectee, pk: int) -> Tache:
    lues = Tache.objects.de_l_equipe(request.user).select_related("projet__structure", "responsable")
    lue: Tache = get_object_or_404(lues, pk=pk)
    return lue
