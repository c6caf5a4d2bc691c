"""Le bilan d'une fiche, enregistré à chaque pause, et « le bilan en deux heures » : toutes les fiches d'une année."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core import ecriture_montree
from maillage.core.comparaison import Comparaison, comparer_textes
from maillage.core.debit import Debit, trop_de_demandes
from maillage.core.documents.html import rendre_html
from maillage.core.documents.telechargement import RENDUS, telecharger
from maillage.core.ecriture import Conflit, GesteRefuse, autres_presents, empreinte
from maillage.core.ecriture_montree import appliquer_les_choix, repondre_au_script, veut_du_json
from maillage.core.suivi import rattraper_pour
from maillage.projets.choices import EtatFiche
from maillage.projets.exportation.bilan import bilan_annuel
from maillage.projets.forms.bilans import CHOIX, BilanForm
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import BilanDeFiche, FicheAction, ProjetSocial
from maillage.projets.operations.bilans import (
    BilanClos,
    BilanEcrit,
    bilan_de,
    clore_bilan,
    ecrire_bilan,
    rouvrir_bilan,
    valeurs,
)
from maillage.projets.operations.fiches import SUITES
from maillage.projets.permissions import (
    peut_conduire_le_projet,
    peut_ecrire_la_fiche,
    peut_ecrire_le_projet,
)
from maillage.projets.suivi import FicheSuivie, Suivi, lire_suivi
from maillage.projets.views.acces import fiche_lue, fiche_tenue, projet_lu
from maillage.projets.views.place import place_de
from maillage.projets.views.releves import cle_de_garde, formulaires

ENREGISTREMENTS: Final = Debit("bilans", par_minute=60, rafale=60)


class ChampMontre(ecriture_montree.ChampMontre):
    @property
    def est_liste(self) -> bool:
        return self.nom in CHOIX

    @property
    def peut_se_reunir(self) -> bool:
        return self.nom not in CHOIX

    @property
    def comparaison(self) -> Comparaison | None:
        if self.conflit is None:
            return None
        libelles: dict[str, str] = dict(CHOIX.get(self.nom, ()))
        le_sien, le_mien = str(self.conflit.le_sien), str(self.conflit.le_mien)
        return comparer_textes(libelles.get(le_sien, le_sien), libelles.get(le_mien, le_mien))


# --- Celui d'une fiche ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def bilan(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """Écrire le bilan d'une fiche, ou le lire quand il est clos ou que l'on n'écrit pas ici."""
    if request.method == "GET":
        lue = _de_l_annee(fiche_lue(request, pk), annee)
        rattraper_pour(lue)
        return _montrer(request, lue, annee)
    fiche = _de_l_annee(fiche_tenue(request, pk), annee)
    if attente := ENREGISTREMENTS.prendre(f"compte-{request.user.pk}"):
        return trop_de_demandes(request, attente)
    actuelles = valeurs(bilan_de(fiche, annee))
    form = BilanForm(actuelles, request.POST)
    ecrits, lus = form.valeurs(), form.lues()
    appliquer_les_choix(request.POST, ecrits, lus, actuelles, _reunir)
    adresse = reverse("bilan", args=[pk, annee])
    try:
        ecrit = ecrire_bilan(fiche, annee, ecrits, lus, par=request.user)
    except BilanClos as clos:
        if veut_du_json(request):
            return JsonResponse({"ferme": str(clos), "adresse": adresse})
        messages.warning(request, str(clos))
        return redirect(adresse)
    if veut_du_json(request):
        return _repondre(request, fiche, ecrit, form)
    if form.errors or ecrit.conflits:
        return _montrer(request, fiche, annee, form, ecrit.conflits)
    return redirect(place_de(fiche, annee).suivante or adresse)


@require_POST
def bilan_geste(request: RequeteConnectee, pk: int, annee: int, geste: str) -> HttpResponse:
    """Clore, rouvrir."""
    fiche = _de_l_annee(fiche_tenue(request, pk), annee)
    gestes = {"clore": (clore_bilan, "clos", "rouvrir"), "rouvrir": (rouvrir_bilan, "rouvert", "clore")}
    if geste not in gestes:
        raise Http404("Ce geste n'existe pas.")
    operation, fait, contraire = gestes[geste]
    try:
        operation(fiche, annee, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    else:
        defaire = reverse("bilan_geste", args=[pk, annee, contraire])
        messages.success(request, f"Le bilan de {annee} est {fait}.", extra_tags=defaire)
    return redirect("bilan", pk, annee)


# --- Toutes celles d'une année --------------------------------------------------------------------


@require_GET
def bilans(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """« Le bilan en deux heures » : ce qui reste, fiche après fiche."""
    projet = _touche(projet_lu(request, pk), annee)
    suivi = _suivi(request, projet, annee)
    contexte = {
        "projet": projet,
        "annee": annee,
        "annees": [une for une in projet.annees if une <= max(annee, timezone.localdate().year)],
        "suivi": suivi,
        "prochaine": _prochaine(suivi),
        "peut_ecrire": peut_ecrire_le_projet(request.user, projet),
    }
    return render(request, "projets/bilans/annee.html", contexte)


@require_GET
def bilan_document(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """Le bilan annuel du projet, à lire et à imprimer."""
    projet = _touche(projet_lu(request, pk), annee)
    document = rendre_html(bilan_annuel(_suivi(request, projet, annee)), niveau=2)
    conduit = peut_conduire_le_projet(request.user, projet)
    contexte = {"projet": projet, "annee": annee, "document": document, "conduit": conduit}
    return render(request, "projets/bilans/document.html", contexte)


@require_GET
def bilan_fichier(request: RequeteConnectee, pk: int, annee: int, extension: str) -> HttpResponse:
    projet = _touche(projet_lu(request, pk), annee)
    if extension not in RENDUS:
        raise Http404("Ce format n'existe pas.")
    return telecharger(bilan_annuel(_suivi(request, projet, annee)), extension)


# --- Ce que la page montre ------------------------------------------------------------------------


def _touche(projet: ProjetSocial, annee: int) -> ProjetSocial:
    if annee not in projet.annees:
        raise Http404("Le projet ne touche pas cette année.")
    return projet


def _suivi(request: RequeteConnectee, projet: ProjetSocial, annee: int) -> Suivi:
    return lire_suivi(projet, annee, est_dehors=False)


def _de_l_annee(fiche: FicheAction, annee: int) -> FicheAction:
    _touche(fiche.projet, annee)
    return fiche


def _reunir(nom: str, le_sien: str, le_mien: str) -> str:
    return "\n\n".join(filter(None, [le_sien, le_mien]))


def _prochaine(suivi: Suivi, apres: FicheSuivie | None = None) -> FicheSuivie | None:
    """La première fiche dont le bilan n'est pas clos, à partir d'ici puis en reprenant du début."""
    fiches = suivi.de_l_annee
    debut = fiches.index(apres) + 1 if apres in fiches else 0
    ouvertes = (une for une in fiches[debut:] + fiches[:debut] if une.avancement["cle"] != "clos")
    return next((une for une in ouvertes if une is not apres), None)


def _repondre(
    request: RequeteConnectee, fiche: FicheAction, ecrit: BilanEcrit, form: BilanForm
) -> JsonResponse:
    actuelles = valeurs(ecrit.bilan)
    place = place_de(fiche, ecrit.bilan.annee)
    return repondre_au_script(
        form,
        BilanForm(actuelles),
        lambda champ: _montre(champ, ecrit.conflits),
        actuelles=actuelles,
        conflits=ecrit.conflits,
        le=ecrit.le,
        titre=str(place.suivie.lue),
        presents=_presents(request, ecrit.bilan),
        reste=render_to_string("projets/bilans/_reste.html", {"place": place}),
    )


def _montre(champ: BoundField, conflits: Mapping[str, Conflit], lue: str = "") -> ChampMontre:
    return ChampMontre(champ, lue, conflits.get(champ.name))


def _presents(request: RequeteConnectee, bilan: BilanDeFiche) -> list[str]:
    return autres_presents(bilan.sauvegardes, request.user) if bilan.pk else []


def _montrer(
    request: RequeteConnectee,
    fiche: FicheAction,
    annee: int,
    form: BilanForm | None = None,
    conflits: Mapping[str, Conflit] | None = None,
) -> HttpResponse:
    bilan = bilan_de(fiche, annee)
    actuelles = valeurs(bilan)
    place = place_de(fiche, annee)
    contexte: dict[str, Any] = {
        "projet": fiche.projet,
        "fiche": fiche,
        "lue": lire_arbre(fiche.projet).par_numero_de_ligne[fiche.pk],
        "annee": annee,
        "bilan": bilan,
        "place": place,
        "suites": SUITES[EtatFiche(fiche.etat)],
        "peut_ecrire": peut_ecrire_la_fiche(request.user, fiche) and bilan.clos_le is None,
        "peut_rouvrir": peut_ecrire_la_fiche(request.user, fiche),
        "forms": formulaires(fiche, annee, est_dehors=False),
        "cle_des_valeurs": cle_de_garde(request, fiche, annee),
        "disputes": set(),
        "presents": _presents(request, bilan),
        "adresse": reverse("bilan", args=[fiche.pk, annee]),
        "cle_de_garde": f"bilan:{request.user.pk}:{fiche.pk}:{annee}",
        "form": form or BilanForm(actuelles),
    }
    a_revoir = {*(conflits or {}), *(form.errors if form else {})}
    a_jour = BilanForm(actuelles)
    contexte["champs"] = [
        _montre(
            (form if form and nom in a_revoir else a_jour)[nom],
            conflits or {},
            form.lues()[nom] if form and nom in a_revoir else empreinte(actuelles[nom]),
        )
        for nom in actuelles
    ]
    statut = 200 if not a_revoir else 409 if conflits else 422
    return render(request, "projets/bilans/bilan.html", contexte, status=statut)
