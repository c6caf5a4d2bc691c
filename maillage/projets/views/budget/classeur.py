"""Le classeur d'une année : le télécharger, le déposer rempli, lire ce qui changerait, puis écrire."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.catalogue.exportation import TYPES
from maillage.comptes.requete import RequeteConnectee
from maillage.core.classeurs import ClasseurIllisible
from maillage.core.debit import limiter
from maillage.core.documents.telechargement import nom_de_fichier, piece_jointe
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte, nombre
from maillage.core.versions import ConflitDeVersion
from maillage.projets.exportation.budget import dire
from maillage.projets.exportation.classeur_du_budget import classeur_du_budget, repere_de
from maillage.projets.forms.budget import ClasseurForm
from maillage.projets.importation.budget import BudgetDuClasseur, ClasseurDeBudget, lire_le_classeur
from maillage.projets.lecture_du_budget import AnneeDeBudget, BudgetLu, Montants
from maillage.projets.models import Financement
from maillage.projets.operations.budget import HEURES, BudgetVoulu, FinancementVoulu, ecrire_le_classeur
from maillage.projets.views.budget.annee import FICHIERS, annee_lue, annee_tenue

SEL: Final = "projets.budget.classeur"
DUREE: Final = 3_600
"""Secondes pendant lesquelles un classeur vérifié peut s'écrire."""
NOMS_DES_HEURES: Final = {
    "heures_prevues": "heures de bénévolat prévues",
    "heures_reelles": "heures de bénévolat réelles",
    "taux_horaire": "taux d’une heure",
}
MONTANTS: Final = {"demande": "demandé", "accorde": "accordé", "recu": "reçu"}
"""Ce qu'un financement dit en euros, et comment on le nomme."""


@dataclass(frozen=True, slots=True)
class Changement:
    ou: str
    quoi: str
    avant: str
    apres: str


@limiter(FICHIERS)
@require_GET
def budget_classeur(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    lue = annee_lue(request, pk, annee)
    nom = nom_de_fichier(f"Budget {annee}, {lue.projet.structure.nom}", "xlsx")
    return piece_jointe(classeur_du_budget(lue), nom, TYPES["xlsx"])


@require_http_methods(["GET", "POST"])
def budget_importer(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """Déposer un classeur : ce qui changerait, ou les fautes cellule par cellule. Rien ne s'écrit encore."""
    lue = annee_tenue(request, pk, annee)
    depose = request.method == "POST"
    form = ClasseurForm(request.POST, request.FILES) if depose else ClasseurForm()
    lu, changements, accord = None, [], ""
    if depose and form.is_valid():
        try:
            lu = _lire(form.cleaned_data["fichier"].read(), lue)
        except ClasseurIllisible as refus:
            form.add_error("fichier", str(refus))
        else:
            changements = [] if lu.fautes else list(_changements(lu, lue))
            accord = signing.dumps(_en_donnees(lu, lue), salt=SEL, compress=True) if changements else ""
    contexte = {
        "projet": lue.projet,
        "annee": annee,
        "form": form,
        "lu": lu,
        "changements": changements,
        "accord": accord,
    }
    fautif = bool(form.errors or (lu and lu.fautes))
    return render(request, "projets/budget/importer.html", contexte, status=422 if fautif else 200)


@require_POST
def budget_importer_confirmer(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """Écrit ce que la page a montré, et rien d'autre : le texte signé voyage avec le bouton."""
    lue = annee_tenue(request, pk, annee)
    try:
        donnees = signing.loads(request.POST.get("accord", ""), salt=SEL, max_age=DUREE)
        if (donnees["projet"], donnees["annee"]) != (lue.projet.pk, annee):
            raise signing.BadSignature("Un autre budget.")
    except signing.BadSignature:
        messages.error(request, "Cette vérification a trop attendu. Déposez de nouveau le classeur.")
        return redirect("budget_importer", lue.projet.pk, annee)
    budgets, financements = _voulus(donnees, lue)
    try:
        changes = ecrire_le_classeur(lue.projet, annee, budgets, financements, par=request.user)
    except ConflitDeVersion:
        messages.error(
            request,
            "Quelqu’un a changé ce budget entre-temps. Rien n’est écrit : déposez de nouveau le classeur.",
        )
        return redirect("budget_importer", lue.projet.pk, annee)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("budget_importer", lue.projet.pk, annee)
    dit = f"Le classeur est écrit : {compte(changes, 'ligne changée,lignes changées')}."
    messages.success(request, dit if changes else "Le classeur est déjà écrit : rien n’a changé.")
    return redirect("budget_annee", lue.projet.pk, annee)


def _lire(contenu: bytes, lue: AnneeDeBudget) -> ClasseurDeBudget:
    return lire_le_classeur(
        contenu,
        lue.annee,
        reperes={repere_de(lu) for lu in lue.tous},
        comptes={un.compte for un in lue.plan.comptes if not un.benevolat},
        calcules={un.compte for un in lue.plan.comptes if un.benevolat},
    )


def _changements(lu: ClasseurDeBudget, lue: AnneeDeBudget) -> Iterator[Changement]:
    for actuel in lue.tous:
        voulu = lu.budgets.get(repere_de(actuel))
        if voulu is None:
            continue
        for numero, (prevu, reel) in voulu.montants.items():
            avant = actuel.montants.get(numero, Montants())
            for nom, ancien, nouveau in (("prévu", avant.prevu, prevu), ("réel", avant.reel, reel)):
                if ancien != nouveau:
                    yield Changement(actuel.nom, f"compte {numero}, {nom}", dire(ancien), dire(nouveau))
        for champ, nouvelle in voulu.heures.items():
            ancienne = getattr(actuel.budget, champ) if actuel.budget else None
            if ancienne != nouvelle:
                dites = nombre(ancienne) or "–", nombre(nouvelle) or "–"
                yield Changement(actuel.nom, NOMS_DES_HEURES[champ], *dites)
    for ligne, deja in _financements_changes(lu, lue):
        for champ, nom in MONTANTS.items():
            ancien, nouveau = getattr(deja, champ) if deja else None, ligne[champ]
            if ancien != nouveau or (deja is None and champ == "demande"):
                yield Changement(f"Financeur : {ligne['nom']}", nom, dire(ancien), dire(nouveau))


def _financements_changes(
    lu: ClasseurDeBudget, lue: AnneeDeBudget
) -> Iterator[tuple[dict[str, Any], Financement | None]]:
    """Chaque ligne nouvelle ou changée, et celle qu'elle remplace."""
    connus = {(un.nom.lower(), un.objet.lower()): un for un in lue.financements}
    for ligne in lu.financements:
        deja = connus.get((ligne["nom"].lower(), ligne["objet"].lower()))
        if deja is None or any(getattr(deja, champ) != ligne[champ] for champ in MONTANTS):
            yield ligne, deja


def _en_donnees(lu: ClasseurDeBudget, lue: AnneeDeBudget) -> dict[str, Any]:
    """Ce que le bouton porte, signé : les montants lus, et la version de ce qui était montré."""

    def dits(valeurs: Any) -> list[str | None]:
        return [None if valeur is None else str(valeur) for valeur in valeurs]

    return {
        "projet": lue.projet.pk,
        "annee": lue.annee,
        "budgets": {
            repere: {
                "version": _actuel(lue, repere).budget.version if _actuel(lue, repere).budget else 0,  # type: ignore[union-attr]
                "montants": {numero: dits(paire) for numero, paire in voulu.montants.items()},
                "heures": dict(zip(voulu.heures, dits(voulu.heures.values()), strict=True)),
            }
            for repere, voulu in lu.budgets.items()
            if _change(voulu, _actuel(lue, repere))
        },
        "financements": [
            {
                champ: valeur if isinstance(valeur, str) or valeur is None else str(valeur)
                for champ, valeur in ligne.items()
            }
            | {"version": deja.version if deja else 0}
            for ligne, deja in _financements_changes(lu, lue)
        ],
        "a_un_financement": lu.a_un_financement,
    }


def _change(voulu: BudgetDuClasseur, actuel: BudgetLu) -> bool:
    montants = any(
        actuel.montants.get(numero, Montants()) != Montants(*paire)
        for numero, paire in voulu.montants.items()
    )
    return montants or any(
        (getattr(actuel.budget, champ) if actuel.budget else None) != valeur
        for champ, valeur in voulu.heures.items()
    )


def _actuel(lue: AnneeDeBudget, repere: str) -> BudgetLu:
    return next(lu for lu in lue.tous if repere_de(lu) == repere)


def _voulus(
    donnees: dict[str, Any], lue: AnneeDeBudget
) -> tuple[list[BudgetVoulu], list[FinancementVoulu] | None]:
    """Un compte que le classeur ne cite pas garde son montant."""

    def lu(valeur: str | None) -> Decimal | None:
        return None if valeur is None else Decimal(valeur)

    par_repere = {repere_de(un): un for un in lue.tous}
    budgets = []
    for repere, dit in donnees["budgets"].items():
        actuel = par_repere.get(repere)
        if actuel is None:
            continue  # la fiche a changé d'années depuis : son budget n'est plus de celle-ci
        montants = dict(actuel.montants) | {
            numero: Montants(*map(lu, paire)) for numero, paire in dit["montants"].items()
        }
        heures = {champ: getattr(actuel.budget, champ) if actuel.budget else None for champ in HEURES}
        heures |= {champ: lu(valeur) for champ, valeur in dit["heures"].items()}
        fiche = actuel.fiche.fiche if actuel.fiche else None
        budgets.append(BudgetVoulu(actuel.portee, fiche, dit["version"], montants, heures))
    if not donnees["a_un_financement"]:
        return budgets, None
    return budgets, [
        FinancementVoulu(
            ligne["nom"], ligne["objet"], ligne["version"], *(lu(ligne[champ]) for champ in MONTANTS)
        )
        for ligne in donnees["financements"]
    ]
