"""Le bilan du centre : l'année d'un regard, les lignes de chaque nombre, le fichier."""

from typing import Final, TypedDict, cast

from django import forms
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from maillage.catalogue.exportation import TYPES
from maillage.catalogue.exportation.formats import ecrire
from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.telechargement import nom_de_fichier
from maillage.core.francais import MOIS
from maillage.evaluation.calcul import Centre, fuseau_de
from maillage.evaluation.choices import Grandeur
from maillage.evaluation.permissions import peut_lire_un_bilan
from maillage.evaluation.provenance import Lignes
from maillage.evaluation.tableau.comptes import lignes_de
from maillage.evaluation.tableau.lecture import Bilan, lignes_du_fichier
from maillage.territoire.models import Structure

LIGNES_MONTREES: Final = 200


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
    """Un seul centre : son bilan. Plusieurs : lequel ?"""
    if not peut_lire_un_bilan(request.user):
        raise Http404("Aucun bilan.")
    centres = list(Structure.objects.filter(pk__in=structures_de(request.user)).order_by("nom", "pk"))
    if len(centres) == 1:
        return redirect("bilan_du_centre", centres[0].pk)
    return render(request, "evaluation/bilans_des_centres.html", {"centres": centres})


@require_GET
def bilan_du_centre(request: RequeteConnectee, centre: int) -> HttpResponse:
    tenu = _centre(request, centre)
    return render(
        request, "evaluation/bilan_du_centre.html", {"centre": tenu, "bilan": _bilan(tenu, _demande(request))}
    )


@require_GET
def bilan_du_centre_lignes(request: RequeteConnectee, centre: int) -> HttpResponse:
    """Ce qu'un nombre du bilan a compté ; une personne y reste « une personne »."""
    tenu, demande = _centre(request, centre), _demande(request)
    if not (quoi := demande["quoi"]):
        raise Http404("Dites de quel nombre ce sont les lignes.")
    bilan, grandeur, mois = _bilan(tenu, demande), Grandeur(quoi), demande["mois"]
    calculee = lignes_de(Centre(tenu), grandeur, bilan.annee, mois, bilan.site)
    lignes = Lignes(calculee, fuseau_de(tenu))
    contexte = {
        "centre": tenu,
        "bilan": bilan,
        "grandeur": grandeur,
        "quand": f"{MOIS[mois - 1]} {bilan.annee}" if mois else str(bilan.annee),
        "couverture": "" if bilan.site else calculee.decompte.couverture,
        "combien": lignes.combien,
        "lignes": list(lignes.premieres(LIGNES_MONTREES)),
        "montrees": LIGNES_MONTREES,
    }
    return render(request, "evaluation/bilan_du_centre_lignes.html", contexte)


@require_GET
def bilan_du_centre_fichier(request: RequeteConnectee, centre: int) -> StreamingHttpResponse:
    """Les nombres de la page, dans un tableur."""
    tenu = _centre(request, centre)
    bilan = _bilan(tenu, _demande(request))
    colonnes = ["Ce qui est compté", "Lieu", "Quand", str(bilan.annee), str(bilan.avant)]
    nom = nom_de_fichier(f"Bilan {bilan.annee}, {bilan.nom_du_site or tenu.nom}", "xlsx")
    return StreamingHttpResponse(
        ecrire(lignes_du_fichier(bilan), colonnes, "xlsx", titre=f"Bilan {bilan.annee}"),
        content_type=TYPES["xlsx"],
        headers={"Content-Disposition": content_disposition_header(True, nom) or "attachment"},
    )


def _centre(request: RequeteConnectee, centre: int) -> Structure:
    """Celui d'une autre équipe n'existe pas."""
    trouve: Structure = get_object_or_404(
        Structure.objects.filter(pk__in=structures_de(request.user)), pk=centre
    )
    return trouve


def _demande(request: RequeteConnectee) -> Demande:
    form = DemandeForm(request.GET)
    form.is_valid()
    return cast(Demande, {nom: form.cleaned_data.get(nom) for nom in form.fields})


def _bilan(centre: Structure, demande: Demande) -> Bilan:
    jour = timezone.localdate(timezone=fuseau_de(centre))
    return Bilan(centre, jour, demande["annee"], demande["site"])
