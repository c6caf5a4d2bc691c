"""Signaler un contenu sans compte, et suivre la réponse par son numéro."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.models import Utilisateur
from maillage.comptes.requete import RequeteConnectee
from maillage.core.acces import interne, publique
from maillage.core.anti_spam import ECRITURE, LECTURE, foyer, recevoir
from maillage.core.contenus import contenu_a
from maillage.core.debit import limiter
from maillage.core.emplacements import occupants
from maillage.moderation.choices import Geste, MotifSignalement
from maillage.moderation.forms.examens import REPONSES_RETENUES, REPONSES_SANS_SUITE, DecisionForm
from maillage.moderation.forms.signalements import SignalementForm
from maillage.moderation.models import Signalement
from maillage.moderation.operations.signalements import (
    commentaire_de,
    defaire_reponse_a_un_signalement,
    repondre_au_signalement,
    signalements_de,
    signaler,
)
from maillage.moderation.views.examens import a_examiner, defaire, page


@publique
@require_http_methods(["GET", "POST"])
def signaler_un_contenu(request: HttpRequest) -> HttpResponse:
    """`?page=/experiences/…` : la page qui montre le contenu."""
    contenu = contenu_a(request.GET.get("page", ""), request.user)
    if contenu is None:
        raise Http404("Cette page ne montre rien que l’on puisse signaler.")
    compte = request.user if isinstance(request.user, Utilisateur) else None
    form = SignalementForm(request.POST or None, est_connecte=compte is not None)

    def agir() -> str:
        lu = form.cleaned_data
        signalement = signaler(
            contenu,
            motif=MotifSignalement(lu["motif"]),
            texte=lu["texte"],
            courriel=compte.email if compte else lu["courriel"],
            empreinte=foyer(request),
            par=compte,
        )
        return reverse("signalement", args=[signalement.numero]) + "?recu=oui"

    return recevoir(
        request,
        form,
        "moderation/signaler.html",
        {"contenu": contenu},
        limite=ECRITURE,
        merci=reverse("signalement_recu"),
        agir=agir,
    )


@interne
@require_GET
def recu_sans_numero(request: HttpRequest) -> HttpResponse:
    """Ce que voit un programme : un accusé, sans numéro, car rien n'est écrit."""
    return render(request, "moderation/signalement_recu.html")


@interne
@limiter(LECTURE)
@require_GET
def signalement(request: HttpRequest, numero: str) -> HttpResponse:
    """Le reçu, puis la réponse. Le numéro suffit ; ni le texte ni le courriel n'y sont."""
    trouve = get_object_or_404(Signalement, numero=numero.lower())
    contexte = {"signalement": trouve, "est_neuf": "recu" in request.GET}
    return render(request, "moderation/signalement.html", contexte)


@require_http_methods(["GET", "POST"])
def examiner_signalement(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Tous les signalements ouverts d'un même contenu, et une seule réponse pour tous."""
    premier, demande = a_examiner(request, Signalement, pk)
    commentaire = commentaire_de(premier)

    def decider(form: DecisionForm) -> str:
        est_retenu = form.cleaned_data["geste"] == Geste.ACCEPTER
        repondre_au_signalement(demande, form.raison_complete, est_retenu=est_retenu, par=request.user)
        return f"Réponse donnée pour « {premier.objet_titre} »."

    contexte = {
        "premier": premier,
        "signalements": signalements_de(demande),
        "commentaire": commentaire,
        "actes": [
            (occupant.libelle, adresse)
            for occupant in occupants(f"signalement.agir.{premier.objet_type}", request.user)
            if (adresse := occupant.adresse(premier.objet_id))
        ],
        "reponses_retenues": REPONSES_RETENUES,
        "reponses_sans_suite": REPONSES_SANS_SUITE,
    }
    return page(
        request,
        demande,
        "moderation/examen_signalement.html",
        contexte,
        decider=decider,
        adresse_pour_defaire=reverse("defaire_signalement", args=[pk]),
    )


@require_POST
def defaire_signalement(request: RequeteConnectee, pk: int) -> HttpResponse:
    _, demande = a_examiner(request, Signalement, pk)
    return defaire(request, demande, defaire_reponse_a_un_signalement, "examiner_signalement")
