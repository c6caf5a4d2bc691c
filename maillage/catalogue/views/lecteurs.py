"""Ce qu'un lecteur fait d'une fiche, sans compte : la dire utile, la commenter, raconter son essai, écrire au centre.

Chaque formulaire a sa page : celle de la fiche ne pose aucun témoin et peut être gardée en cache.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from maillage.catalogue.contenus import contenu_de_fiche
from maillage.catalogue.forms.lecteurs import CommentaireForm, ContactForm, EssaiForm
from maillage.catalogue.lecture import lire
from maillage.catalogue.models import Experience
from maillage.catalogue.operations.lecteurs import (
    adresses_du_centre,
    dire_utile,
    ecrire_au_centre,
    ne_plus_dire_utile,
)
from maillage.catalogue.presentation import texte_public
from maillage.comptes.models import Utilisateur
from maillage.core.acces import interne, publique
from maillage.core.anti_spam import CONTACT, ECRITURE, GESTE, personne, recevoir
from maillage.core.debit import attente_en_mots
from maillage.moderation.choices import GenreCommentaire
from maillage.moderation.operations.commentaires import deposer_commentaire

LECTURE = "Une modératrice du réseau lit chaque texte avant qu’il paraisse, en deux jours ouvrés d’ordinaire."
# Ce que dit l'accusé : titre, ce qui est fait, ce qui vient.
MERCI = {
    "commentaire": ("Merci pour votre commentaire", "Votre commentaire est bien arrivé.", LECTURE),
    "essai": ("Merci d’avoir raconté", "Votre essai est bien arrivé.", LECTURE),
    "correction": (
        "Merci pour votre correction",
        "Votre correction est bien arrivée.",
        "Une modératrice du réseau la compare à la fiche et garde ce qui est juste, champ par champ.",
    ),
    "message": (
        "Votre message est parti",
        "Nous l’avons passé au centre.",
        "Sa réponse vous arrivera directement par courriel.",
    ),
}


@interne
@require_http_methods(["GET", "POST"])
def utile(request: HttpRequest, code: str) -> HttpResponse:
    """Un geste, et de quoi le défaire. Depuis la fiche, le fragment lu part seul ; sans script, c'est une page."""
    fiche = fiche_lisible(request, code)
    empreinte = personne(request)
    attente = 0
    if request.method == "POST":
        attente = GESTE.prendre(request)
        if not attente:
            acte = ne_plus_dire_utile if request.POST.get("geste") == "defaire" else dire_utile
            acte(fiche, empreinte)
            if not request.htmx:  # type: ignore[attr-defined]
                return redirect("experience_utile", fiche.code)
            fiche.refresh_from_db(fields=["nombre_utile"])
    est_dit = fiche.utilites.filter(empreinte=empreinte, jour=timezone.localdate()).exists()
    contexte = {
        **decor(fiche),
        "est_dit": est_dit,
        "attente": attente_en_mots(attente) if attente else "",
        # Le clic sur la fiche a demandé ce fragment : c'est lui qui envoie, avec son jeton.
        "part_seul": request.method == "GET" and not est_dit,
    }
    gabarit = "catalogue/lecteurs/_utile.html" if request.htmx else "catalogue/lecteurs/utile.html"  # type: ignore[attr-defined]
    reponse = render(request, gabarit, contexte, status=429 if attente else 200)
    if attente:
        reponse.headers["Retry-After"] = str(attente)
    return reponse


@publique
@require_http_methods(["GET", "POST"])
def commenter(request: HttpRequest, code: str) -> HttpResponse:
    return _commenter(
        request,
        code,
        CommentaireForm,
        GenreCommentaire.COMMENTAIRE,
        {
            "titre_page": "Laisser un commentaire",
            "chapo": "Une question, une précision, un encouragement : le centre pourra vous répondre ici.",
            "bouton": "Envoyer le commentaire",
            "ensuite": LECTURE,
        },
    )


@publique
@require_http_methods(["GET", "POST"])
def essayer(request: HttpRequest, code: str) -> HttpResponse:
    return _commenter(
        request,
        code,
        EssaiForm,
        GenreCommentaire.ESSAI,
        {
            "titre_page": "J’ai essayé",
            "chapo": "Vous avez tenté la même action ? Dites où, et ce que cela a donné. Un échec raconté aide autant "
            "qu’une réussite.",
            "bouton": "Envoyer mon essai",
            "ensuite": LECTURE,
        },
    )


def _commenter(
    request: HttpRequest,
    code: str,
    formulaire: type[CommentaireForm] | type[EssaiForm],
    genre: GenreCommentaire,
    mots: dict[str, str],
) -> HttpResponse:
    fiche = fiche_lisible(request, code)
    compte = compte_de(request)
    form = formulaire(request.POST or None, est_connecte=compte is not None)

    def agir() -> None:
        lu = form.cleaned_data
        deposer_commentaire(
            contenu_de_fiche(fiche),
            genre=genre,
            texte=lu["texte"],
            signature=_signature(compte) if compte else lu["signature"],
            courriel=lu.get("courriel", ""),
            lieu=lu.get("lieu", ""),
            resultat=lu.get("resultat", ""),
            par=compte,
        )

    return recevoir(
        request,
        form,
        "catalogue/lecteurs/ecrire.html",
        decor(fiche) | mots,
        limite=ECRITURE,
        merci=reverse("experience_merci", args=[fiche.code, genre]),
        agir=agir,
    )


def _signature(compte: Utilisateur) -> str:
    """« Bruno Castel, Centre social des Deux-Ponts »."""
    lieu = compte.lieu
    return f"{compte.get_full_name()}, {lieu.organisation.nom}"[:80] if lieu else compte.get_full_name()[:80]


@publique
@require_http_methods(["GET", "POST"])
def contacter(request: HttpRequest, code: str) -> HttpResponse:
    """Écrire au centre sans voir son adresse ; la sienne, elle, lui est donnée pour répondre, et c'est dit."""
    fiche = fiche_lisible(request, code)
    contexte = decor(fiche) | {"titre_page": "Écrire au centre"}
    if not adresses_du_centre(fiche.structure):
        return render(request, "catalogue/lecteurs/sans_adresse.html", contexte)
    compte = compte_de(request)
    form = ContactForm(request.POST or None, est_connecte=compte is not None)

    def agir() -> None:
        lu = form.cleaned_data
        ecrire_au_centre(
            fiche,
            titre=texte_public(fiche, "titre"),
            message=lu["message"],
            nom=compte.get_full_name() if compte else lu["nom"],
            courriel=compte.email if compte else lu["courriel"],
            veut_une_copie=lu["veut_une_copie"],
        )

    return recevoir(
        request,
        form,
        "catalogue/lecteurs/ecrire.html",
        contexte
        | {
            "chapo": f"Nous passons votre message à {fiche.structure.nom}. Le centre aura votre courriel pour vous "
            "répondre ; le sien ne vous est pas montré.",
            "bouton": "Envoyer au centre",
            "ensuite": "Le texte part par courriel et n’est pas gardé ici. Seul le nombre de messages est compté.",
        },
        limite=CONTACT,
        merci=reverse("experience_merci", args=[fiche.code, "message"]),
        agir=agir,
    )


@interne
@require_GET
def merci(request: HttpRequest, code: str, quoi: str) -> HttpResponse:
    """L'accusé : ce qui est arrivé, et ce qui vient. Le même pour un robot, à qui il ne dit rien de plus."""
    if quoi not in MERCI:
        raise Http404
    titre, fait, ensuite = MERCI[quoi]
    contexte = {"titre_page": titre, "fait": fait, "ensuite": ensuite}
    return render(request, "catalogue/lecteurs/merci.html", decor(fiche_lisible(request, code)) | contexte)


@interne
@require_GET
def commentaire(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """L'adresse d'un commentaire : sa place dans la fiche."""
    fiche = fiche_lisible(request, code)
    return HttpResponseRedirect(f"{adresse_de(fiche)}#commentaire-{pk}")


# --- Communs aux pages des lecteurs ---------------------------------------------------------------


def fiche_lisible(request: HttpRequest, code: str) -> Experience:
    """Lève `Http404` : ce que l'on ne peut pas lire, on ne peut ni le commenter ni le corriger."""
    fiche = lire(code.lower(), request.user)
    if fiche is None:
        raise Http404("Aucune expérience à cette adresse.")
    return fiche


def adresse_de(fiche: Experience) -> str:
    return reverse("experience", args=[fiche.code, fiche.slug])


def decor(fiche: Experience) -> dict[str, Any]:
    return {"fiche": fiche, "titre": texte_public(fiche, "titre"), "adresse_fiche": adresse_de(fiche)}


def compte_de(request: HttpRequest) -> Utilisateur | None:
    return request.user if isinstance(request.user, Utilisateur) else None
