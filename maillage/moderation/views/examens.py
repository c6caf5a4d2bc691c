"""Ce que les deux pages d'examen de cette pièce (commentaire, signalement) ont en commun."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from maillage.comptes.requete import RequeteConnectee
from maillage.moderation.forms.examens import DecisionForm
from maillage.moderation.models import Decision, Demande
from maillage.moderation.operations import GesteImpossible
from maillage.moderation.permissions import peut_defaire, peut_moderer
from maillage.moderation.presentation import adresse_suivante, genre_choisi, salle

Objet = TypeVar("Objet", bound=Model)


def a_examiner(request: RequeteConnectee, modele: type[Objet], pk: int) -> tuple[Objet, Demande]:
    """L'objet et sa dernière demande, pour qui peut en juger. Sinon la page n'existe pas."""
    if not peut_moderer(request.user):
        raise Http404
    objet = get_object_or_404(modele, pk=pk)
    visibles = Demande.objects.visibles_par(request.user).sur(objet)
    demande = visibles.select_related("structure__departement", "prise_par").order_by("-pk").first()
    if demande is None:
        raise Http404
    return objet, demande


def page(
    request: RequeteConnectee,
    demande: Demande,
    gabarit: str,
    contexte: dict[str, Any],
    *,
    decider: Callable[[DecisionForm], str],
    adresse_pour_defaire: str,
) -> HttpResponse:
    """Montre l'examen ; reçoit la décision (`decider` rend la phrase qui le dit), puis passe à la suivante."""
    refus = ""
    if request.method == "POST":
        form = DecisionForm(request.POST)
        if form.is_valid():
            try:
                fait = decider(form)
            except GesteImpossible as impossible:
                refus = str(impossible)
                demande.refresh_from_db()
            else:
                messages.success(request, fait, extra_tags=adresse_pour_defaire)
                return redirect(adresse_suivante(demande, request.user, genre_choisi(request.GET)))
        else:
            refus = "Ce formulaire n’est plus à jour. Relisez, puis décidez."
    contexte |= salle(demande, request.user, request.GET, retour=request.get_full_path())
    contexte |= {
        "refus": refus,
        "caches": (),
        "texte_a_garder": request.POST.get("motif", ""),
        "geste_a_garder": request.POST.get("geste", ""),
        "adresse_pour_defaire": adresse_pour_defaire,
    }
    return render(request, gabarit, contexte, status=422 if refus else 200)


def defaire(
    request: RequeteConnectee,
    demande: Demande,
    acte: Callable[..., Any],
    retour: str,
) -> HttpResponse:
    """Revient sur ma dernière décision, puis sur la page d'examen."""
    decision: Decision | None = demande.decisions.filter(annulee_le=None).first()
    if decision is None or not peut_defaire(request.user, decision):
        messages.error(
            request, "Cette décision ne se défait plus : l’auteur est prévenu, ou une autre l’a prise."
        )
        return redirect(retour, demande.objet_id)
    try:
        acte(decision, par=request.user)
    except GesteImpossible as impossible:
        messages.error(request, str(impossible))
    else:
        messages.info(
            request, f"Décision défaite : « {demande.titre} » attend de nouveau. Personne n’a été prévenu."
        )
    return redirect(retour, demande.objet_id)
