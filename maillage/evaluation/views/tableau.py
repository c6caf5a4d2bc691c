"""Le bilan du centre : l'année d'un regard, les lignes de chaque nombre, le fichier."""

from hashlib import md5
from typing import Final, TypedDict, cast

from django import forms
from django.core.cache import cache
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from maillage.catalogue.exportation import TYPES
from maillage.catalogue.exportation.formats import ecrire
from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.telechargement import nom_de_fichier
from maillage.core.francais import MOIS
from maillage.evaluation.calcul import Centre
from maillage.evaluation.choices import Grandeur
from maillage.evaluation.provenance import Lignes
from maillage.evaluation.tableau.comptes import lignes_de
from maillage.evaluation.tableau.lecture import Bilan, lignes_du_fichier
from maillage.evaluation.views.acces import centre_lu, choisir_un_centre
from maillage.territoire.models import Structure

GARDEE_S: Final = 3600


class Demande(TypedDict):
    annee: int | None
    site: int | None
    mois: int | None
    quoi: str


class DemandeForm(forms.Form):
    """L'adresse : `?annee=2026&site=3&quoi=presences&mois=3`. Une valeur absurde vaut son défaut."""

    annee = forms.IntegerField(required=False, min_value=1990, max_value=2100)
    site = forms.IntegerField(required=False, min_value=1)
    mois = forms.IntegerField(required=False, min_value=1, max_value=12)
    quoi = forms.ChoiceField(required=False, choices=Grandeur.choices)


@require_GET
def bilans_des_centres(request: RequeteConnectee) -> HttpResponse:
    question = "De quel centre lisez-vous le bilan ?"
    return choisir_un_centre(request, "bilan_du_centre", piece="Bilan du centre", question=question)


@require_GET
def bilan_du_centre(request: RequeteConnectee, centre: int) -> HttpResponse:
    tenu = centre_lu(request, centre)
    bilan = _bilan(tenu, _demande(request))
    contexte = {"centre": tenu, "bilan": bilan, "annee_ecrite": _ecrire(bilan)}
    return render(request, "evaluation/bilan_du_centre.html", contexte)


@require_GET
def bilan_du_centre_lignes(request: RequeteConnectee, centre: int) -> HttpResponse:
    """Ce qu'un nombre du bilan a compté ; une personne y reste « une personne »."""
    tenu, demande = centre_lu(request, centre), _demande(request)
    if not (quoi := demande["quoi"]):
        raise Http404("Dites de quel nombre ce sont les lignes.")
    bilan, grandeur, mois = _bilan(tenu, demande), Grandeur(quoi), demande["mois"]
    calculee = lignes_de(Centre(tenu), grandeur, bilan.annee, mois, bilan.site)
    lignes = Lignes(calculee, tenu.fuseau)
    contexte = {
        "centre": tenu,
        "bilan": bilan,
        "grandeur": grandeur,
        "quand": f"{MOIS[mois - 1]} {bilan.annee}" if mois else str(bilan.annee),
        "couverture": "" if bilan.site else calculee.decompte.couverture,
        **lignes.apercu,
    }
    return render(request, "evaluation/bilan_du_centre_lignes.html", contexte)


@require_GET
def bilan_du_centre_fichier(request: RequeteConnectee, centre: int) -> StreamingHttpResponse:
    """Les nombres de la page, dans un tableur."""
    tenu = centre_lu(request, centre)
    bilan = _bilan(tenu, _demande(request))
    colonnes = ["Ce qui est compté", "Lieu", "Quand", str(bilan.annee), str(bilan.avant)]
    nom = nom_de_fichier(f"Bilan {bilan.annee}, {bilan.nom_du_site or tenu.nom}", "xlsx")
    return StreamingHttpResponse(
        ecrire(lignes_du_fichier(bilan), colonnes, "xlsx", titre=f"Bilan {bilan.annee}"),
        content_type=TYPES["xlsx"],
        headers={"Content-Disposition": content_disposition_header(True, nom) or "attachment"},
    )


def _demande(request: RequeteConnectee) -> Demande:
    form = DemandeForm(request.GET)
    form.is_valid()
    return cast(Demande, {nom: form.cleaned_data.get(nom) for nom in form.fields})


def _ecrire(bilan: Bilan) -> str:
    """Ses nombres, ses graphiques et ses tableaux ; rien pour une année vide. Gardés tant que leurs cellules, leurs
    lieux et le mois ne changent pas."""
    cle = f"bilan_du_centre:{md5(repr(bilan.empreinte).encode(), usedforsecurity=False).hexdigest()}"
    ecrite: str | None = cache.get(cle)
    if ecrite is None:
        lignes = reverse("bilan_du_centre_lignes", args=[bilan.structure.pk])
        page = "evaluation/_annee_du_centre.html"
        ecrite = "" if bilan.est_vide else render_to_string(page, {"bilan": bilan, "lignes": lignes})
        cache.set(cle, ecrite, GARDEE_S)
    return ecrite


def _bilan(centre: Structure, demande: Demande) -> Bilan:
    jour = timezone.localdate(timezone=centre.fuseau)
    return Bilan(centre, jour, demande["annee"], demande["site"])
