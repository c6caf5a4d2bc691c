"""Les structures, tenues par le réseau : la liste, la fiche, la fermeture, la reprise, le gestionnaire."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.forms.structures import FermerForm, FicheForm, GestionnaireForm, ReprendreForm
from maillage.comptes.models import Appartenance, Cloture
from maillage.comptes.operations import cloturer, defaire_cloture
from maillage.comptes.operations.structures import completer_structure, passer_a_un_gestionnaire
from maillage.comptes.permissions import (
    departements_a_ouvrir,
    peut_completer,
    peut_tenir,
    peut_tenir_des_structures,
    peut_voir_l_equipe,
    structures_du_reseau,
)
from maillage.comptes.requete import RequeteConnectee
from maillage.comptes.views.equipe import adresse_du_lieu, exiger_une_confirmation
from maillage.core.journal import type_objet
from maillage.core.models import LigneJournal
from maillage.core.saisie import une_ligne
from maillage.core.versions import ConflitDeVersion
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Structure
from maillage.territoire.operations import (
    StructureRefusee,
    annuler_changement_de_gestionnaire,
    creer_structure,
)
from maillage.territoire.recherche import chercher_structures, est_le_meme_nom

PAR_PAGE = 30
LIGNES_D_HISTOIRE = 60


@require_GET
def structures(request: RequeteConnectee) -> HttpResponse:
    """Celles de mon territoire, par nom, commune ou état."""
    if not peut_tenir_des_structures(request.user):
        raise Http404
    q = une_ligne(request.GET.get("q", ""), 100)
    etat = request.GET.get("etat", "")
    siennes = Structure.objects.filter(structures_du_reseau(request.user))
    nombres = dict(siennes.order_by().values_list("etat").annotate(n=Count("pk")))
    if etat in EtatStructure.values:
        siennes = siennes.filter(etat=etat)
    if q:
        trouvees = [trouvee.structure_id for trouvee in chercher_structures(q, siennes).trouvees]
        siennes = siennes.filter(pk__in=trouvees)
    lues = siennes.select_related("commune", "departement", "gestionnaire", "remplacee_par")
    page = Paginator(lues.order_by("nom", "pk"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "q": q,
        "etat": etat,
        "etats": [(e.value, e.label, nombres.get(e.value, 0)) for e in EtatStructure],
        "page": page,
    }
    return render(request, "comptes/structures/liste.html", contexte)


@require_http_methods(["GET", "POST"])
def structure_nouvelle(request: RequeteConnectee) -> HttpResponse:
    if not peut_tenir_des_structures(request.user):
        raise Http404
    formulaire = FicheForm(request.POST or None, departements=departements_a_ouvrir(request.user))
    semblables: list[Structure] = []
    if request.method == "POST" and formulaire.is_valid():
        semblables = _semblables(formulaire.valeurs)
        if not semblables or request.POST.get("creer") == "quand_meme":
            try:
                structure = creer_structure(par=request.user, **formulaire.valeurs)
                messages.success(request, f"« {structure} » est dans l’annuaire. Invitez sa direction.")
                return redirect("structure_tenue", structure.pk)
            except ValidationError as refus:
                formulaire.add_error(None, refus)
    contexte = {"formulaire": formulaire, "semblables": semblables}
    return render(request, "comptes/structures/nouvelle.html", contexte)


@require_GET
def structure_tenue(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Où elle en est, qui l'a portée, ce qui lui est arrivé, et les actes du réseau."""
    structure = _tenue(request, pk)
    clotures = structure.clotures.filter(annulee_le=None) if structure.etat == EtatStructure.FERMEE else []
    contexte = {
        "structure": structure,
        "gestions": structure.gestions.select_related("gestionnaire").order_by("-pk"),
        "reprises": structure.remplace.order_by("nom", "pk"),
        "cloture": next(iter(clotures), None),
        "membres": Appartenance.objects.en_cours().filter(structure=structure).count(),
        "adresse_equipe": adresse_du_lieu(structure) if peut_voir_l_equipe(request.user, structure) else "",
        "histoire": _histoire(structure),
        "est_fermee": structure.etat == EtatStructure.FERMEE,
    }
    return render(request, "comptes/structures/structure.html", contexte)


@require_http_methods(["GET", "POST"])
def structure_modifier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Compléter la fiche : le réseau, ou la direction du centre."""
    structure = get_object_or_404(Structure.objects.select_related("commune", "departement"), pk=pk)
    if not peut_completer(request.user, structure):
        raise Http404
    departements = departements_a_ouvrir(request.user) | Q(pk=structure.departement_id)
    formulaire = FicheForm(
        request.POST or None, departements=departements, initial=FicheForm.valeurs_de(structure)
    )
    suite = (
        redirect("structure_tenue", structure.pk)
        if peut_tenir(request.user, structure)
        else redirect(adresse_du_lieu(structure))
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            version = formulaire.cleaned_data["version"] or 0
            completer_structure(structure, version_lue=version, par=request.user, **formulaire.valeurs)
            messages.success(request, "La fiche est enregistrée.")
            return suite
        except ConflitDeVersion:
            formulaire.add_error(None, CONFLIT)
        except ValidationError as refus:
            formulaire.add_error(None, refus)
    contexte = {"structure": structure, "formulaire": formulaire, "retour": suite["Location"]}
    return render(request, "comptes/structures/modifier.html", contexte)


CONFLIT = "Quelqu’un a changé cette fiche pendant que vous écriviez. Relisez-la, puis recommencez."


@require_http_methods(["GET", "POST"])
def structure_fermer(request: RequeteConnectee, pk: int) -> HttpResponse:
    def fermer(structure: Structure, form: Form, version: int) -> str:
        cloturer(structure, dans=None, le=form.cleaned_data["le"], version_lue=version, par=request.user)
        return f"« {structure} » est fermée. Sa page et ses expériences restent."

    return _acte_confirme(request, pk, FermerForm, {}, fermer, "fermer")


@require_http_methods(["GET", "POST"])
def structure_fusionner(request: RequeteConnectee, pk: int) -> HttpResponse:
    def fusionner(structure: Structure, form: Form, version: int) -> str:
        dans = form.cleaned_data["dans"]
        cloturer(structure, dans=dans, le=form.cleaned_data["le"], version_lue=version, par=request.user)
        return f"« {dans} » a repris « {structure} » : son équipe et ses expériences y sont."

    siennes = Structure.objects.ouvertes().filter(structures_du_reseau(request.user)).exclude(pk=pk)
    return _acte_confirme(
        request, pk, ReprendreForm, {"candidates": siennes.order_by("nom", "pk")}, fusionner, "fusionner"
    )


@require_http_methods(["GET", "POST"])
def structure_gestionnaire(request: RequeteConnectee, pk: int) -> HttpResponse:
    def passer(structure: Structure, form: Form, version: int) -> str:
        gestion = passer_a_un_gestionnaire(
            structure,
            form.cleaned_data["gestionnaire"],
            nouveau=form.cleaned_data["nouveau"],
            forme=form.cleaned_data["forme"],
            du=form.cleaned_data["du"],
            version_lue=version,
            par=request.user,
        )
        return f"« {gestion.gestionnaire} » porte maintenant « {structure} »."

    return _acte_confirme(request, pk, GestionnaireForm, {}, passer, "gestionnaire")


@require_POST
def structure_gestionnaire_defaire(request: RequeteConnectee, pk: int) -> HttpResponse:
    structure = _tenue(request, pk)
    exiger_une_confirmation(request)
    try:
        annuler_changement_de_gestionnaire(structure, version_lue=structure.version, par=request.user)
        messages.success(request, "Le changement est défait.")
    except (StructureRefusee, ConflitDeVersion) as refus:
        messages.error(request, str(refus))
    return redirect("structure_tenue", structure.pk)


@require_POST
def structure_rouvrir(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Défait la dernière fermeture ou reprise, équipe comprise."""
    structure = _tenue(request, pk)
    exiger_une_confirmation(request)
    cloture = get_object_or_404(Cloture, structure=structure, annulee_le=None)
    try:
        defaire_cloture(cloture, par=request.user)
        messages.success(request, f"« {structure} » est de nouveau ouverte, avec son équipe.")
    except StructureRefusee as refus:
        messages.error(request, str(refus))
    return redirect("structure_tenue", structure.pk)


def _acte_confirme(
    request: RequeteConnectee,
    pk: int,
    classe: Callable[..., Any],
    options: dict[str, Any],
    acte: Callable[[Structure, Form, int], str],
    nom: str,
) -> HttpResponse:
    """Un acte du réseau : le droit, la preuve récente, le nom écrit, puis l'acte."""
    structure = _tenue(request, pk)
    exiger_une_confirmation(request)
    formulaire = classe(request.POST or None, structure=structure, **options)
    if request.method == "POST" and formulaire.is_valid():
        try:
            messages.success(request, acte(structure, formulaire, formulaire.cleaned_data["version"] or 0))
            return redirect("structure_tenue", structure.pk)
        except ConflitDeVersion:
            formulaire.add_error(None, CONFLIT)
        except StructureRefusee as refus:
            formulaire.add_error(None, str(refus))
    contexte = {
        "structure": structure,
        "formulaire": formulaire,
        "membres": Appartenance.objects.en_cours().filter(structure=structure).count(),
    }
    return render(request, f"comptes/structures/{nom}.html", contexte)


def _tenue(request: HttpRequest, pk: int) -> Structure:
    lues = Structure.objects.select_related("commune", "departement", "gestionnaire", "remplacee_par")
    structure = get_object_or_404(lues, pk=pk)
    if not peut_tenir(request.user, structure):
        raise Http404
    return structure


def _semblables(valeurs: dict[str, Any]) -> list[Structure]:
    """Même nom dans le même département : sans doute la même."""
    voisines = Structure.objects.filter(departement=valeurs["departement"]).order_by("nom", "pk")
    return [voisine for voisine in voisines if est_le_meme_nom(voisine.nom, valeurs["nom"])]


def _histoire(structure: Structure) -> Any:
    """Ce qui lui est arrivé, en phrases, le plus récent d'abord."""
    lignes = LigneJournal.objects.filter(objet_type=type_objet(structure), objet_id=structure.pk)
    return lignes.order_by("-pk")[:LIGNES_D_HISTOIRE]
