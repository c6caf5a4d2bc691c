"""Le calendrier de l'équipe : la semaine jour par jour, ou le mois en un tableau."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from maillage.activites.calendrier import JOURS, Periode, lire_le_jour, semaines
from maillage.activites.calendrier_scolaire import vacances_le, zone_de
from maillage.activites.models import Activite, Seance
from maillage.activites.permissions import peut_tenir_des_activites
from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.territoire.horaires import jour_ferie
from maillage.territoire.models import Structure


@require_GET
def seances(request: RequeteConnectee) -> HttpResponse:
    """`?vue=mois`, `?le=2026-11-20`, `?qui=moi`, `?activite=12` : tout est dans l'adresse."""
    if not peut_tenir_des_activites(request.user):
        raise Http404
    centre = Structure.objects.filter(pk__in=structures_de(request.user)).order_by("pk")[0]
    aujourd_hui = timezone.now().astimezone(centre.fuseau).date()
    est_un_mois = request.GET.get("vue") == "mois"
    periode = Periode.autour(lire_le_jour(request.GET.get("le", ""), aujourd_hui), est_un_mois=est_un_mois)
    lues = Seance.objects.de_l_equipe(request.user).avec_leur_activite()
    lues = lues.prefetch_related("activite__animateurs").entre(*periode.instants(centre.fuseau))
    est_a_moi = request.GET.get("qui") == "moi"
    if est_a_moi:
        lues = lues.filter(activite__animateurs=request.user)
    numero = request.GET.get("activite", "")
    activite = (
        Activite.objects.de_l_equipe(request.user).filter(pk=numero).first()
        if numero.isdecimal() and len(numero) < 10
        else None
    )
    if activite is not None:
        lues = lues.filter(activite=activite)
    jours = periode.jours(lues, aujourd_hui)
    departement = centre.departement_id or ""
    for jour in jours:
        ferie = jour_ferie(jour.le, departement)
        jour.ferme = ferie or vacances_le(jour.le, zone_de(departement))
    garde = [("qui", "moi")] * est_a_moi + [("activite", numero)] * (activite is not None)
    contexte = {
        "periode": periode,
        "jours": jours,
        "semaines": semaines(jours) if est_un_mois else [],
        "noms_des_jours": JOURS,
        "nombre": sum(len(jour.seances) for jour in jours),
        "aujourd_hui": aujourd_hui,
        "est_a_moi": est_a_moi,
        "activite": activite,
        "garde": "".join(f"&{cle}={valeur}" for cle, valeur in garde),
        "vue": "mois" if est_un_mois else "semaine",
        "a_des_activites": Activite.objects.de_l_equipe(request.user).exists(),
    }
    return render(request, "activites/calendrier.html", contexte)
