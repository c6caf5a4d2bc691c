"""Les alertes d'une recherche : demander, confirmer, changer de rythme, arrêter. Sans compte : un lien par courriel."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from maillage.catalogue.forms.lecteurs import AlerteForm, FrequenceForm
from maillage.catalogue.models import Alerte
from maillage.catalogue.operations.alertes import (
    arreter_alerte,
    changer_frequence,
    confirmer_alerte,
    demander_alerte,
)
from maillage.catalogue.recherche.adresse import recherche_en_mots
from maillage.catalogue.views.liste import lire_demande
from maillage.core.acces import interne, publique
from maillage.core.anti_spam import ECRITURE, LECTURE, recevoir
from maillage.core.debit import limiter

LONGUEUR_MAX = 500


@publique
@require_http_methods(["GET", "POST"])
def demander(request: HttpRequest) -> HttpResponse:
    """La recherche est celle de l'adresse, comme sur la page de résultats."""
    demande = replace(lire_demande(request), tri="")
    recherche = demande.url().partition("?")[2]
    form = AlerteForm(request.POST or None)
    contexte: dict[str, Any] = {
        "recherche": recherche_en_mots(recherche),
        "adresse_recherche": demande.url(),
        "adresse_flux": replace(demande, chemin=reverse("experiences_flux")).url(),
    }
    if len(recherche) > LONGUEUR_MAX:
        return render(request, "catalogue/alertes/trop_longue.html", contexte)

    def agir() -> None:
        demander_alerte(form.cleaned_data["courriel"], recherche, form.cleaned_data["frequence"])

    return recevoir(
        request,
        form,
        "catalogue/alertes/demander.html",
        contexte,
        limite=ECRITURE,
        merci=reverse("alerte_demandee"),
        agir=agir,
    )


@interne
@require_GET
def demandee(request: HttpRequest) -> HttpResponse:
    """Le même accusé, que l'adresse soit connue ou non."""
    return render(request, "catalogue/alertes/demandee.html")


@interne
@limiter(LECTURE)
@require_http_methods(["GET", "POST"])
def alerte(request: HttpRequest, jeton: str) -> HttpResponse:
    """La page que le lien du courriel ouvre : elle confirme, change le rythme, arrête. Une lecture n'y change rien."""
    trouvee = _trouver(jeton)
    if trouvee is None:
        return render(request, "catalogue/alertes/arretee.html", {"est_faite": False}, status=404)
    form = FrequenceForm(request.POST or None, initial={"frequence": trouvee.frequence})
    if request.method == "POST":
        if request.POST.get("geste") == "confirmer":
            confirmer_alerte(trouvee)
            return redirect(f"{request.path}?fait=confirmer")
        if form.is_valid():
            changer_frequence(trouvee, form.cleaned_data["frequence"])
            return redirect(f"{request.path}?fait=changer")
    contexte = {
        "alerte": trouvee,
        "form": form,
        "recherche": recherche_en_mots(trouvee.recherche),
        "adresse_recherche": f"{reverse('experiences')}?{trouvee.recherche}",
        "fait": request.GET.get("fait", ""),
    }
    return render(request, "catalogue/alertes/alerte.html", contexte)


@csrf_exempt
@interne
@limiter(LECTURE)
@require_http_methods(["GET", "POST"])
def arreter(request: HttpRequest, jeton: str) -> HttpResponse:
    """Un seul geste. Les messageries l'appellent elles-mêmes (RFC 8058), sans jeton de formulaire : celui de l'adresse
    suffit, et il ne permet que d'arrêter. Ouvrir le lien, lui, n'arrête rien."""
    trouvee = _trouver(jeton)
    if request.method == "POST":
        if trouvee:
            arreter_alerte(trouvee)
        return render(request, "catalogue/alertes/arretee.html", {"est_faite": True})
    if trouvee is None:
        return render(request, "catalogue/alertes/arretee.html", {"est_faite": False}, status=404)
    contexte = {"alerte": trouvee, "recherche": recherche_en_mots(trouvee.recherche)}
    return render(request, "catalogue/alertes/arreter.html", contexte)


def _trouver(jeton: str) -> Alerte | None:
    return Alerte.objects.filter(jeton=jeton).first()
