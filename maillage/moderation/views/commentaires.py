"""Lire un commentaire et décider ; regarder ensemble ce qui a tout d'envois automatiques."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.anti_spam import drapeaux
from maillage.core.francais import compte
from maillage.moderation.choices import Geste
from maillage.moderation.forms.examens import RAISONS_DE_REFUSER_UN_TEXTE, DecisionForm
from maillage.moderation.models import Commentaire
from maillage.moderation.operations.commentaires import (
    defaire_decision_sur_un_commentaire,
    publier_commentaire,
    refuser_commentaire,
    refuser_les_envois_automatiques,
    remettre_dans_la_file,
)
from maillage.moderation.permissions import peut_moderer
from maillage.moderation.views.examens import a_examiner, defaire, page

MONTRES = 50


@dataclass(frozen=True, slots=True)
class MisDeCote:
    commentaire: Commentaire
    drapeaux: tuple[str, ...]


@require_http_methods(["GET", "POST"])
def examiner_commentaire(request: RequeteConnectee, pk: int) -> HttpResponse:
    commentaire, demande = a_examiner(request, Commentaire, pk)

    def decider(form: DecisionForm) -> str:
        if form.cleaned_data["geste"] == Geste.ACCEPTER:
            publier_commentaire(demande, commentaire, par=request.user)
            return f"Le texte de {commentaire.signature} est en ligne."
        refuser_commentaire(demande, commentaire, form.raison_complete, par=request.user)
        return f"Le texte de {commentaire.signature} est refusé, avec votre raison."

    memes = Commentaire.objects.filter(texte__iexact=commentaire.texte).exclude(pk=pk)
    contexte = {
        "commentaire": commentaire,
        "drapeaux": drapeaux(commentaire.texte, commentaire.signature, commentaire.lieu),
        "memes": memes.count(),
        "raisons": RAISONS_DE_REFUSER_UN_TEXTE,
    }
    return page(
        request,
        demande,
        "moderation/examen_commentaire.html",
        contexte,
        decider=decider,
        adresse_pour_defaire=reverse("defaire_commentaire", args=[pk]),
    )


@require_POST
def defaire_commentaire(request: RequeteConnectee, pk: int) -> HttpResponse:
    _, demande = a_examiner(request, Commentaire, pk)
    return defaire(request, demande, defaire_decision_sur_un_commentaire, "examiner_commentaire")


@require_GET
def mis_de_cote_en_attente(request: RequeteConnectee) -> HttpResponse:
    """Dans « Aujourd'hui » : combien de textes attendent à côté de la file."""
    if not peut_moderer(request.user):
        raise Http404
    nombre = Commentaire.objects.mis_de_cote_pour(request.user).count()
    return render(request, "moderation/mis_de_cote_en_attente.html", {"nombre": nombre})


@require_http_methods(["GET", "POST"])
def mis_de_cote(request: RequeteConnectee) -> HttpResponse:
    """Les textes qui n'encombrent pas la file : les refuser d'un coup, ou les y remettre."""
    if not peut_moderer(request.user):
        raise Http404
    attendent = Commentaire.objects.mis_de_cote_pour(request.user)
    if request.method == "POST":
        numeros = [int(pk) for pk in request.POST.getlist("commentaire") if pk.isdecimal()][:MONTRES]
        choisis = list(attendent.filter(pk__in=numeros))
        if not choisis:
            messages.warning(request, "Rien n’était coché : rien n’a été changé.")
        elif request.POST.get("geste") == "refuser":
            nombre = refuser_les_envois_automatiques(choisis, par=request.user)
            messages.success(request, f"{compte(nombre, 'texte refusé')}. Personne n’est prévenu.")
        else:
            nombre = remettre_dans_la_file(choisis, par=request.user)
            messages.success(
                request, f"{compte(nombre, 'texte remis')} dans la file, à lire comme les autres."
            )
        return redirect("mis_de_cote")
    montres = [
        MisDeCote(commentaire, drapeaux(commentaire.texte, commentaire.signature, commentaire.lieu))
        for commentaire in attendent[:MONTRES]
    ]
    return render(request, "moderation/mis_de_cote.html", {"montres": montres, "total": attendent.count()})
