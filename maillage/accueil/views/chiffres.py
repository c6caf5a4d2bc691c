"""Les chiffres de l'accueil : une période, comparée à celle d'avant, et son fichier."""

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from maillage.accueil.exportation import exporter_chiffres
from maillage.accueil.forms.passages import JourForm, LieuForm
from maillage.accueil.lecture import lire_chiffres
from maillage.accueil.temps import PAS, Periode, aujourd_hui
from maillage.accueil.views.acces import centre_tenu
from maillage.catalogue.exportation import TYPES
from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.telechargement import nom_de_fichier
from maillage.territoire.models import Site, Structure

FORMATS: Final = ("xlsx", "csv")


class ChiffresForm(JourForm, LieuForm):
    """L'adresse de la page : `?pas=semaine&le=2026-11-20&site=3`. Une valeur absurde vaut son défaut."""

    pas = forms.ChoiceField(label="Par", choices=list(PAS.items()), required=False)

    def __init__(self, *args: Any, centre: Structure, **kwargs: Any) -> None:
        super().__init__(*args, centre=centre, **kwargs)
        self.fields["site"].empty_label = "Tous les lieux"  # type: ignore[attr-defined]

    def periode(self, defaut: date) -> Periode:
        jour = self.jour(defaut)
        return Periode.autour(self.cleaned_data.get("pas") or "semaine", jour)

    def lieu(self) -> Site | None:
        return self.cleaned_data.get("site")


@require_GET
def comptoir_chiffres(request: RequeteConnectee, centre: int) -> HttpResponse:
    tenu = centre_tenu(request, centre)
    form = ChiffresForm(request.GET, centre=tenu)
    periode = form.periode(aujourd_hui(tenu))
    contexte = {
        "centre": tenu,
        "chiffres": lire_chiffres(tenu, periode, form.lieu()),
        "site": form.lieu(),
        "form": ChiffresForm(
            initial={"pas": periode.pas, "le": periode.du, "site": form.lieu()}, centre=tenu
        ),
        "ici": _parametres(periode, form.lieu()),
        "precedente": _parametres(periode.precedente, form.lieu()),
        "suivante": _parametres(periode.suivante, form.lieu()),
        "est_en_cours": periode.au >= aujourd_hui(tenu),
    }
    return render(request, "accueil/chiffres.html", contexte)


@require_GET
def comptoir_chiffres_fichier(
    request: RequeteConnectee, centre: int, extension: str
) -> StreamingHttpResponse:
    """Les tableaux de la page, dans un tableur."""
    tenu = centre_tenu(request, centre)
    if extension not in FORMATS:
        raise Http404("Ce format n'existe pas.")
    form = ChiffresForm(request.GET, centre=tenu)
    periode = form.periode(aujourd_hui(tenu))
    nom = nom_de_fichier(f"Accueil, {tenu.nom}, {periode}", extension)
    return StreamingHttpResponse(
        exporter_chiffres(lire_chiffres(tenu, periode, form.lieu()), extension),
        content_type=TYPES[extension],
        headers={"Content-Disposition": content_disposition_header(True, nom) or "attachment"},
    )


def _parametres(periode: Periode, site: Site | None) -> str:
    choisis = {"pas": periode.pas, "le": periode.du.isoformat()} | ({"site": str(site.pk)} if site else {})
    return urlencode(choisis)
