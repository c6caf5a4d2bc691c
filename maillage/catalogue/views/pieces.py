"""Les pièces d'une fiche : les servir à qui peut les voir, et l'étape où son centre les joint et les décrit."""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from maillage.catalogue.forms.pieces import DescriptionForm, JoindreForm
from maillage.catalogue.models import Contribution, PieceJointe
from maillage.catalogue.operations.pieces import (
    PIECES_MAX,
    WEBP,
    PieceRefusee,
    decrire_piece,
    deplacer_piece,
    joindre_piece,
    remettre_piece,
    retirer_piece,
)
from maillage.catalogue.permissions import peut_remettre_piece
from maillage.comptes.requete import RequeteConnectee
from maillage.core.acces import interne
from maillage.core.debit import Debit, limiter
from maillage.core.fichiers import lire
from maillage.core.francais import compte

DEBIT: Final = Debit("pieces", par_minute=240, rafale=120)
UN_AN: Final = 31_536_000
SANS_RIEN: Final = "default-src 'none'; sandbox"
TROP_LOURD = "Ces fichiers dépassent 20 Mo ensemble. Joignez-les en plusieurs fois."


# --- Servir ---------------------------------------------------------------------------------------


@interne
@limiter(DEBIT)
@require_safe
def piece(request: HttpRequest, code: str, code_piece: str) -> HttpResponse:
    return _servir(request, code, code_piece, est_vignette=False)


@interne
@limiter(DEBIT)
@require_safe
def piece_vignette(request: HttpRequest, code: str, code_piece: str) -> HttpResponse:
    return _servir(request, code, code_piece, est_vignette=True)


def _servir(request: HttpRequest, code: str, code_piece: str, *, est_vignette: bool) -> HttpResponse:
    """Le droit est demandé à chaque fois. Une pièce qui a suivi sa fiche dans une fusion a une adresse nouvelle."""
    visibles = PieceJointe.objects.visibles_par(request.user).select_related("experience")
    trouvee = get_object_or_404(visibles, code=code_piece)
    if trouvee.experience.code != code:
        nom = "piece_vignette" if est_vignette else "piece"
        return redirect(nom, trouvee.experience.code, trouvee.code)
    chemin, empreinte = (
        (trouvee.chemin_vignette, trouvee.sha256_vignette)
        if est_vignette
        else (trouvee.chemin, trouvee.sha256)
    )
    if not chemin:
        raise Http404("Cette pièce n'a pas ce fichier.")
    est_gardable = trouvee.est_publique and not request.user.is_authenticated
    etag = f'"{empreinte}"'
    reponse = get_conditional_response(request, etag=etag) if est_gardable else None
    if reponse is None:
        try:
            reponse = HttpResponse(lire(chemin), content_type=trouvee.type_mime)
        except FileNotFoundError as perte:
            raise Http404("Le fichier de cette pièce est perdu.") from perte
        est_a_enregistrer = trouvee.type_mime != WEBP
        reponse.headers["Content-Disposition"] = (
            content_disposition_header(est_a_enregistrer, trouvee.nom) or "attachment"
        )
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Content-Security-Policy"] = SANS_RIEN
    if est_gardable:
        reponse.headers["ETag"] = etag
        patch_cache_control(reponse, public=True, max_age=UN_AN, immutable=True)
    else:
        patch_cache_control(reponse, private=True, no_store=True)
    return reponse


# --- Joindre et décrire ---------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def contribution_pieces(request: RequeteConnectee, pk: int) -> HttpResponse:
    """L'étape des images et des documents. Un geste (ranger, retirer) enregistre d'abord les mots écrits."""
    contribution = get_object_or_404(
        Contribution.objects.redigees_par(request.user).select_related("experience__structure"), pk=pk
    )
    if request.method == "GET":
        return _montrer(request, contribution, JoindreForm(), _descriptions(contribution))
    voulu = request.POST.get("geste") or request.GET.get("geste", "")  # « Annuler » est une adresse
    geste, _, code = voulu.partition(":")
    if geste == "joindre" or getattr(request, "fichier_trop_lourd", False):
        return _joindre(request, contribution)
    descriptions = _descriptions(contribution, request.POST)
    if geste in {"enregistrer", "monter", "descendre", "retirer"} and not _enregistrer(
        request, contribution, descriptions, est_strict=geste == "enregistrer", sauf=code
    ):
        return _montrer(request, contribution, JoindreForm(), descriptions, statut=422)
    return _agir(request, contribution, geste, code)


def _agir(request: RequeteConnectee, contribution: Contribution, geste: str, code: str) -> HttpResponse:
    page, ancre = reverse("contribution_pieces", args=[contribution.pk]), ""
    if geste == "enregistrer":
        messages.success(request, "Vos mots sont enregistrés.")
        return redirect(page)
    visee = get_object_or_404(
        contribution.experience.pieces.select_related("experience", "retiree_par"), code=code
    )
    try:
        if geste in {"monter", "descendre"}:
            deplacer_piece(visee, "monter" if geste == "monter" else "descendre", par=request.user)
            ancre = f"#{geste}-{visee.code}"
        elif geste == "retirer":
            retirer_piece(visee, par=request.user)
            messages.success(
                request, f"« {visee.nom} » est retirée.", extra_tags=f"{page}?geste=remettre:{visee.code}"
            )
        elif geste == "remettre" and peut_remettre_piece(request.user, visee):
            remettre_piece(visee, par=request.user)
            messages.success(request, f"« {visee.nom} » est de nouveau là.")
        else:
            raise Http404("Ce geste n'existe pas.")
    except PieceRefusee as refus:
        messages.error(request, str(refus))
    return redirect(page + ancre)


def _joindre(request: RequeteConnectee, contribution: Contribution) -> HttpResponse:
    """Chaque fichier est pris ou refusé pour lui-même. Le script les envoie un par un et ne lit pas la réponse."""
    form = JoindreForm(request.POST, request.FILES)
    est_recu = form.is_valid()
    if getattr(request, "fichier_trop_lourd", False):
        form.errors.clear()
        form.add_error("fichiers", TROP_LOURD)
    elif est_recu:
        joints = _joindre_chacun(request, contribution, form)
        if joints:
            suite = "Dites maintenant ce que montre chaque image." if any(p.est_image for p in joints) else ""
            messages.success(request, f"{compte(len(joints), 'fichier joint')}. {suite}".strip())
        return (
            HttpResponse(status=204)
            if _est_du_script(request)
            else redirect("contribution_pieces", contribution.pk)
        )
    return _montrer(request, contribution, form, _descriptions(contribution), statut=422)


def _est_du_script(request: HttpRequest) -> bool:
    """Le script qui montre l'avancement recharge la page lui-même : les messages l'attendent."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _joindre_chacun(
    request: RequeteConnectee, contribution: Contribution, form: JoindreForm
) -> list[PieceJointe]:
    joints = []
    for fichier in form.recus:
        try:
            joints.append(
                joindre_piece(
                    contribution,
                    fichier.name,
                    fichier,
                    a_l_accord=form.cleaned_data["a_l_accord"],
                    par=request.user,
                )
            )
        except PieceRefusee as refus:
            messages.error(request, str(refus))
    return joints


def _enregistrer(
    request: RequeteConnectee,
    contribution: Contribution,
    descriptions: Sequence[DescriptionForm],
    *,
    est_strict: bool,
    sauf: str,
) -> bool:
    """Écrit les descriptions changées. Faux s'il en reste à revoir : rien de ce qui est tapé n'est perdu.

    Hors d'un enregistrement (`est_strict`), une image que l'on n'a pas touchée peut attendre ses mots.
    """
    vues = [
        form
        for form in descriptions
        if (est_strict or form.has_changed()) and not (form.piece.code == sauf and not form.is_valid())
    ]
    bonnes = [form for form in vues if form.is_valid()]
    try:
        for form in bonnes:
            if form.has_changed():
                decrire_piece(form.piece, contribution, **form.valeurs, par=request.user)
    except PieceRefusee as refus:
        messages.error(request, str(refus))
        return True
    return len(bonnes) == len(vues)


def _descriptions(contribution: Contribution, donnees: Any = None) -> list[DescriptionForm]:
    pieces = contribution.experience.pieces.presentes().select_related("experience")
    return [
        DescriptionForm(une, donnees if donnees is not None and f"{une.code}-legende" in donnees else None)
        for une in pieces
    ]


def _montrer(
    request: RequeteConnectee,
    contribution: Contribution,
    form: JoindreForm,
    descriptions: list[DescriptionForm],
    *,
    statut: int = 200,
) -> HttpResponse:
    contexte = {
        "contribution": contribution,
        "form": form,
        "descriptions": descriptions,
        "a_revoir": [d for d in descriptions if d.is_bound and d.errors],
        "peut_ecrire": contribution.est_ouverte,
        "est_pleine": len(descriptions) >= PIECES_MAX,
    }
    return render(request, "catalogue/redaction/pieces.html", contexte, status=statut)
