"""Le budget d'une année : où il en est, une grille par budget, la copie, le fichier à imprimer."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, relire
from maillage.core.debit import Debit, limiter
from maillage.core.documents.html import rendre_html
from maillage.core.documents.telechargement import RENDUS, telecharger
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import PorteeBudget
from maillage.projets.exportation.budget import (
    document_de_l_annee,
    graphique_du_budget,
)
from maillage.projets.forms.budget import CopieForm, GrilleDeBudgetForm
from maillage.projets.lecture_du_budget import AnneeDeBudget, BudgetLu, lire_annee, lire_annees
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.budget import (
    BudgetVoulu,
    copier_l_annee,
    ecrire_budget,
    reprendre_la_somme,
)
from maillage.projets.permissions import (
    peut_tenir_le_budget,
    peut_tenir_le_budget_d_une_fiche,
)
from maillage.projets.views.acces import projet_lu

FICHIERS = Debit("fichiers_de_budget", par_minute=20, rafale=12)
DU_CENTRE = tuple(str(portee) for portee in PorteeBudget if portee != PorteeBudget.FICHE)


@require_GET
def budget(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Toutes les années, et celle qui court ; la Caf n'en lit que ce que le dossier en dit."""
    projet = projet_lu(request, pk)
    lues = lire_annees(projet, projet.annees)
    ecrites = [lue for lue in lues if lue.centre.a_des_montants]
    contexte = {
        "projet": projet,
        "annees": lues,
        "annee_qui_court": _annee_qui_court(projet),
        "graphique": graphique_du_budget(ecrites) if ecrites else None,
        "tient": peut_tenir_le_budget(request.user, projet),
    }
    return render(request, "projets/budget/budget.html", contexte)


def _annee_qui_court(projet: ProjetSocial) -> int:
    annee = timezone.localdate().year
    return min(max(annee, projet.annees[0]), projet.annees[-1])


@require_GET
def budget_annee(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    lue = annee_lue(request, pk, annee)
    projet = lue.projet
    tient = peut_tenir_le_budget(request.user, projet)
    pleines = [
        une
        for une in projet.annees
        if une != annee
        and (projet.budgets.filter(annee=une).exists() or projet.financements.filter(annee=une).exists())
    ]
    est_vide = not lue.financements and not any(lu.budget for lu in lue.tous)
    contexte = {
        "projet": projet,
        "lue": lue,
        "annee": annee,
        "tient": tient,
        "tient_les_fiches": peut_tenir_le_budget_d_une_fiche(request.user, projet),
        "copie": CopieForm(annees=pleines) if tient and est_vide and pleines else None,
    }
    return render(request, "projets/budget/annee.html", contexte)


@require_POST
def budget_copier(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    projet = annee_tenue(request, pk, annee).projet
    form = CopieForm(request.POST, annees=projet.annees)
    if not form.is_valid():
        messages.error(request, "Choisissez l’année à copier.")
        return redirect("budget_annee", projet.pk, annee)
    try:
        copies = copier_l_annee(projet, form.cleaned_data["de"], annee, par=request.user)
        messages.success(
            request, f"{compte(copies, 'budget')} d’après {form.cleaned_data['de']}. Corrigez ce qui change."
        )
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("budget_annee", projet.pk, annee)


@require_POST
def budget_somme(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """Le prévu du centre devient la somme de ses fiches et de ses fonctions."""
    projet = annee_tenue(request, pk, annee).projet
    try:
        changes = reprendre_la_somme(projet, annee, par=request.user)
        if changes is None:
            dit = "Le centre était déjà la somme de ses fiches et de ses fonctions."
        elif changes == 0:
            dit = "Les heures de bénévolat du centre sont reprises de la somme."
        else:
            dit = f"{compte(changes, 'compte')} du centre repris de la somme."
        messages.success(request, dit)
    except (GesteRefuse, ConflitDeVersion) as refus:
        messages.error(request, str(refus))
    return redirect("budget_annee", projet.pk, annee)


# --- Une grille ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def budget_grille(request: RequeteConnectee, pk: int, annee: int, portee: str) -> HttpResponse:
    """Celle du centre, du pilotage ou de la logistique : la direction l'écrit, l'équipe la lit."""
    lue = annee_lue(request, pk, annee)
    if portee not in DU_CENTRE:
        raise Http404("Ce budget n'existe pas.")
    lu = next(un for un in (lue.centre, *lue.fonctions) if un.portee == portee)
    return _grille(request, lue, lu, ecrit=peut_tenir_le_budget(request.user, lue.projet))


@require_http_methods(["GET", "POST"])
def budget_fiche(request: RequeteConnectee, pk: int, annee: int, fiche: int) -> HttpResponse:
    """Celle d'une fiche : toute l'équipe l'écrit."""
    lue = annee_lue(request, pk, annee)
    lu = next((un for un in lue.fiches if un.fiche and un.fiche.fiche.pk == fiche), None)
    if lu is None:
        raise Http404("Cette fiche n'est pas de cette année.")
    return _grille(request, lue, lu, ecrit=peut_tenir_le_budget_d_une_fiche(request.user, lue.projet))


def _grille(request: RequeteConnectee, lue: AnneeDeBudget, lu: BudgetLu, *, ecrit: bool) -> HttpResponse:
    projet, annee = lue.projet, lue.annee
    if request.method == "POST" and not ecrit:
        raise Http404("Ce budget ne s'écrit pas.")
    form = GrilleDeBudgetForm(request.POST if request.method == "POST" else None, lu=lu)
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        fiche = lu.fiche.fiche if lu.fiche else None
        voulu = BudgetVoulu(lu.portee, fiche, form.version_lue, form.montants, form.heures)
        try:
            ecrire_budget(projet, annee, voulu, par=request.user)
        except ConflitDeVersion as conflit:
            a_jour = _relire(lire_annee(projet, annee), lu)
            differences = relire(form, form.actuelles(a_jour), conflit.objet.version)
            form.lu = a_jour
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"Le budget {annee} est enregistré : {lu.nom}.")
            if request.POST.get("rester"):
                return redirect(request.path)
            return redirect("budget_annee", projet.pk, annee)
    contexte = {
        "projet": projet,
        "lue": lue,
        "annee": annee,
        "lu": lu,
        "form": form,
        "groupes": list(form.groupes()),
        "ecarts": differences,
        "ecrit": ecrit,
        "retour": reverse("budget_annee", args=[projet.pk, annee]),
    }
    return render(request, "projets/budget/grille.html", contexte, status=422 if form.errors else 200)


def _relire(lue: AnneeDeBudget, lu: BudgetLu) -> BudgetLu:
    fiche = lu.fiche.fiche.pk if lu.fiche else None
    return next(
        un for un in lue.tous if un.portee == lu.portee and (un.fiche.fiche.pk if un.fiche else None) == fiche
    )


# --- À imprimer ---------------------------------------------------------------------------------------


@require_GET
def budget_document(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    lue = annee_lue(request, pk, annee)
    document = rendre_html(document_de_l_annee(lue), a_titre=False)
    contexte = {"projet": lue.projet, "annee": annee, "document": document}
    return render(request, "projets/budget/document.html", contexte)


@limiter(FICHIERS)
@require_GET
def budget_fichier(request: RequeteConnectee, pk: int, annee: int, extension: str) -> HttpResponse:
    lue = annee_lue(request, pk, annee)
    if extension not in RENDUS:
        raise Http404("Ce format n'existe pas.")
    return telecharger(document_de_l_annee(lue), extension)


# --- Trouver l'année ------------------------------------------------------------------------------------


def annee_lue(request: RequeteConnectee, pk: int, annee: int) -> AnneeDeBudget:
    """Une année du projet, pour l'équipe ; une autre n'existe pas."""
    projet = projet_lu(request, pk)
    if annee not in projet.annees:
        raise Http404("Cette année n'est pas dans le projet.")
    return lire_annee(projet, annee)


def annee_tenue(request: RequeteConnectee, pk: int, annee: int) -> AnneeDeBudget:
    """Celle dont la direction écrit le budget."""
    lue = annee_lue(request, pk, annee)
    if not peut_tenir_le_budget(request.user, lue.projet):
        raise Http404("Ce budget ne s'écrit pas.")
    return lue
