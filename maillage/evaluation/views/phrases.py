"""Dire en une phrase ce que compte un indicateur : la lire, la composer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from maillage.comptes.requete import RequeteConnectee
from maillage.core.versions import ConflitDeVersion
from maillage.evaluation.bibliotheque import modeles
from maillage.evaluation.definitions import LONGUEUR_VALEUR, Definition, DefinitionInvalide
from maillage.evaluation.lecture import Compte, Phrase
from maillage.evaluation.menus import lire_menus, menus, textes
from maillage.evaluation.operations import definir_indicateur
from maillage.evaluation.views.acces import compte_lu, compte_tenu
from maillage.projets.permissions import peut_ecrire_la_fiche


@require_GET
def indicateur_definition(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ce que Maillage compte pour cet indicateur. Fragment de sa page pour htmx."""
    compte = compte_lu(request, pk)
    contexte = {
        "compte": compte,
        "projet": compte.indicateur.fiche.projet,
        "peut_ecrire": peut_ecrire_la_fiche(request.user, compte.indicateur.fiche),
    }
    return render(request, "evaluation/definition.html", contexte)


@require_http_methods(["GET", "POST"])
def indicateur_phrase(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Les menus, et la phrase qu'ils font. Rien ne s'écrit avant « Enregistrer »."""
    compte = compte_tenu(request, pk)
    if request.method == "GET":
        return _montrer(request, compte, _de_depart(request, compte))
    geste = request.POST.get("geste", "voir")
    try:
        definition = lire_menus(request.POST.dict())
    except DefinitionInvalide as faute:
        return _montrer(request, compte, compte.de_depart, faute=str(faute), statut=422)
    if geste not in {"enregistrer", "saisir"}:
        return _montrer(request, compte, definition)
    lue = request.POST.get("version", "")
    try:
        definir_indicateur(
            compte.indicateur,
            definition if geste == "enregistrer" else None,
            version_lue=int(lue) if lue.isascii() and lue.isdigit() and len(lue) < 10 else 0,
            par=request.user,
        )
    except ConflitDeVersion:
        return _montrer(request, compte_tenu(request, pk), definition, est_devance=True, statut=409)
    calcule = bool(compte.indicateur.definition)
    messages.success(request, "La phrase est enregistrée." if calcule else "L’équipe tapera ce nombre.")
    page = reverse("indicateur", args=[pk])
    # Avec un script, c'est la page entière qui change, pas seulement la phrase.
    return HttpResponseClientRedirect(page) if _est_un_fragment(request) else redirect(page)


def _montrer(
    request: RequeteConnectee,
    compte: Compte,
    definition: Definition,
    *,
    faute: str = "",
    est_devance: bool = False,
    statut: int = 200,
) -> HttpResponse:
    precisions = textes(definition)
    contexte = {
        "compte": compte,
        "projet": compte.indicateur.fiche.projet,
        "phrase": Phrase(definition),
        "menus": menus(definition),
        "textes": precisions,
        "est_precisee": any(precision.valeur for precision in precisions),
        "longueur": LONGUEUR_VALEUR,
        "faute": faute,
        "est_devance": est_devance,
    }
    gabarit = "evaluation/_phrase.html" if _est_un_fragment(request) else "evaluation/phrase.html"
    return render(request, gabarit, contexte, status=statut)


def _est_un_fragment(request: RequeteConnectee) -> bool:
    return bool(getattr(request, "htmx", False))


def _de_depart(request: RequeteConnectee, compte: Compte) -> Definition:
    """Celle du modèle demandé, celle du libellé si on la demande, sinon celle de l'indicateur."""
    demande = request.GET.get("modele", "")
    for modele in modeles():
        if str(modele.cle) == demande and modele.definition:
            return modele.definition
    if request.GET.get("depart") == "libelle" and compte.comprise:
        return compte.comprise.definition
    return compte.de_depart
