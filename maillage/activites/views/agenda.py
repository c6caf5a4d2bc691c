"""L'agenda public : ce qui se passe, où et quand ; les flux iCalendar. Jamais qui vient."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.activites.calendrier import lire_le_jour
from maillage.activites.exportation.evenements import evenements_pour_les_moteurs
from maillage.activites.exportation.ical import en_ical
from maillage.activites.forms.agenda import AgendaForm
from maillage.activites.models import Activite, Seance
from maillage.activites.presentation import jours_d_agenda
from maillage.core.acces import interne, publique
from maillage.territoire.models import Structure

DUREE: Final = timedelta(days=14)
MONTREES: Final = 120
"""Au-delà, la page demande de choisir une ville ou un centre."""
PASSE, AVENIR = timedelta(days=30), timedelta(days=400)
"""Ce que porte un flux, autour d'aujourd'hui."""


@publique
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Deux semaines à la fois, à partir de `?le=`. Les choix sont ceux d'`AgendaForm`."""
    aujourd_hui = timezone.localdate()
    jour = max(lire_le_jour(request.GET.get("le", ""), aujourd_hui), aujourd_hui)
    toutes = Seance.objects.publiees().entre(_minuit(jour), _minuit(jour + DUREE))
    choix = AgendaForm(request.GET, toutes)
    lues = list(_lues(choix.parmi(toutes))[: MONTREES + 1])
    contexte = {
        "jours": jours_d_agenda(lues[:MONTREES], aujourd_hui),
        "nombre": len(lues[:MONTREES]),
        "il_en_reste": len(lues) > MONTREES,
        "du": jour,
        "au": jour + DUREE - timedelta(days=1),
        "avant": max(jour - DUREE, aujourd_hui) if jour > aujourd_hui else None,
        "apres": jour + DUREE,
        "choix": choix,
        "centre": choix.choisi("centre"),
        "commune": choix.choisi("commune"),
        "donnees": evenements_pour_les_moteurs(lues[:MONTREES]),
    }
    return render(request, "activites/agenda.html", contexte)


def _minuit(jour: date) -> datetime:
    return datetime.combine(jour, time.min, timezone.get_current_timezone())


def _lues(seances: Any) -> Any:
    return seances.avec_leur_activite().select_related("activite__structure__commune")


# --- Les flux ---------------------------------------------------------------------------------------


@interne
@require_safe
def agenda_du_centre(request: HttpRequest, slug: str) -> HttpResponse:
    """Tout le centre, ou ce que l'adresse choisit : `?age=`, `?lieu=`, `?gratuit=`, `?accessible=`."""
    structure = get_object_or_404(Structure.objects.visibles(), slug=slug)
    seances = Seance.objects.publiees().filter(activite__structure=structure)
    choix = AgendaForm(request.GET, seances, centre=structure)
    return _flux(en_ical(structure.nom, _du_flux(choix.parmi(seances))))


@interne
@require_safe
def agenda_de_l_activite(request: HttpRequest, pk: int) -> HttpResponse:
    activite: Activite = get_object_or_404(Activite.objects.publiees().select_related("structure"), pk=pk)
    seances = _du_flux(Seance.objects.publiees().filter(activite=activite))
    return _flux(en_ical(f"{activite}, {activite.structure}", seances))


@interne
@require_safe
def agenda_de_la_seance(request: HttpRequest, pk: int) -> HttpResponse:
    """Une seule : « Ajouter à mon agenda »."""
    seance: Seance = get_object_or_404(_lues(Seance.objects.publiees()), pk=pk)
    reponse = _flux(en_ical(str(seance.activite), [seance]))
    reponse.headers["Content-Disposition"] = f'attachment; filename="seance-{pk}.ics"'
    return reponse


@interne
@require_safe
def agenda_de_l_activite_prive(request: HttpRequest, jeton: str) -> HttpResponse:
    """Pour l'équipe, par son adresse secrète : une clé inconnue n'apprend rien."""
    activite: Activite = get_object_or_404(Activite.objects.select_related("structure"), jeton_agenda=jeton)
    seances = _du_flux(Seance.objects.filter(activite=activite))
    reponse = _flux(en_ical(f"{activite}, {activite.structure}", seances, est_prive=True))
    reponse.headers["Cache-Control"] = "private, no-store"
    reponse.headers["X-Robots-Tag"] = "noindex"
    return reponse


def _du_flux(seances: Any) -> Any:
    maintenant = timezone.now()
    return _lues(seances.entre(maintenant - PASSE, maintenant + AVENIR))


def _flux(contenu: bytes) -> HttpResponse:
    return HttpResponse(contenu, content_type="text/calendar; charset=utf-8")
