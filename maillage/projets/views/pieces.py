"""Les pièces du dossier : celles que le référentiel attend, et les autres. À l'équipe seule, jusqu'à l'envoi."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maillage.comptes.requete import RequeteConnectee
from maillage.core import fichiers
from maillage.core.conflits import Ecart, relire
from maillage.core.debit import Debit, limiter
from maillage.core.documents.telechargement import piece_jointe
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.projets.forms.pieces import PieceForm
from maillage.projets.models import PieceDuDossier, ProjetSocial
from maillage.projets.operations.pieces import (
    deposer_piece,
    modifier_piece,
    oter_piece,
    piece_a_remettre,
    remettre_piece,
)
from maillage.projets.permissions import peut_ecrire_le_projet
from maillage.projets.referentiels import PieceAttendue, referentiel_de
from maillage.projets.views.acces import projet_lu, projet_tenu

DEBIT: Final = Debit("pieces_du_dossier", par_minute=60, rafale=30)
TROP_LOURD: Final = "Ce fichier dépasse 20 Mo. Réduisez ses images, ou coupez-le en deux."
SANS_RIEN: Final = "default-src 'none'; sandbox"
LIBRE: Final = "libre"


@require_GET
def pieces_du_dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    referentiel = referentiel_de(projet)
    presentes = list(projet.pieces.presentes().select_related("deposee_par").order_by("nom", "pk"))
    attendues = [(une, [piece for piece in presentes if piece.cle == une.cle]) for une in referentiel.pieces]
    cles = {une.cle for une in referentiel.pieces}
    contexte = {
        "projet": projet,
        "attendues": attendues,
        "fournies": sum(bool(siennes) for _, siennes in attendues),
        "libres": [piece for piece in presentes if piece.cle not in cles],
        "referentiel": referentiel,
        "ecrit": peut_ecrire_le_projet(request.user, projet),
        "a_remettre": piece_a_remettre(projet),
    }
    return render(request, "projets/pieces/liste.html", contexte)


@require_http_methods(["GET", "POST"])
def piece_deposer(request: RequeteConnectee, pk: int, cle: str) -> HttpResponse:
    """Joindre une pièce attendue, ou une pièce libre."""
    projet = projet_tenu(request, pk)
    attendue = _attendue(projet, cle)
    form = PieceForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={"nom": attendue.nom if attendue else "", "fournie_le": timezone.localdate()},
    )
    if request.method == "POST" and _est_recu(request, form):
        lus = form.valeurs
        try:
            piece = deposer_piece(projet, cle=attendue.cle if attendue else "", par=request.user, **lus)
        except GesteRefuse as refus:
            form.add_error("fichier", str(refus))
        else:
            messages.success(request, f"« {piece} » est jointe au dossier.")
            return redirect("pieces_du_dossier", projet.pk)
    contexte = {"projet": projet, "form": form, "attendue": attendue, "piece": None, "ecarts": []}
    return render(request, "projets/pieces/piece.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def piece_modifier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ses mots, ses dates, et un autre fichier à la place du sien."""
    piece = _piece(request, pk)
    projet = piece.projet
    lues = {champ: getattr(piece, champ) for champ in ("nom", "fournie_le", "valable_jusqu_au")}
    form = PieceForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        est_neuve=False,
        initial=lues | {"version": piece.version},
    )
    ecarts: list[Ecart] = []
    if request.method == "POST" and _est_recu(request, form):
        try:
            modifier_piece(piece, version_lue=form.version_lue, par=request.user, **form.valeurs)
        except ConflitDeVersion:
            piece.refresh_from_db()
            actuelles = {champ: getattr(piece, champ) for champ in lues}
            ecarts = relire(form, actuelles, piece.version)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"« {piece} » est enregistrée.")
            return redirect("pieces_du_dossier", projet.pk)
    attendue = next((une for une in referentiel_de(projet).pieces if une.cle == piece.cle), None)
    contexte = {"projet": projet, "form": form, "attendue": attendue, "piece": piece, "ecarts": ecarts}
    return render(request, "projets/pieces/piece.html", contexte, status=422 if form.errors else 200)


@require_POST
def piece_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Ôter du dossier, ou remettre."""
    piece = _piece(request, pk)
    try:
        if geste == "oter":
            oter_piece(piece, par=request.user)
            messages.success(request, f"« {piece} » n’est plus dans le dossier.")
        else:
            remettre_piece(piece, par=request.user)
            messages.success(request, f"« {piece} » est de nouveau dans le dossier.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("pieces_du_dossier", piece.projet_id)


@limiter(DEBIT)
@require_safe
def piece_fichier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Le fichier, à l'équipe : la Caf le lit dans l'envoi qui l'a figé."""
    siennes = PieceDuDossier.objects.de_l_equipe(request.user)
    piece: PieceDuDossier = get_object_or_404(siennes.exclude(chemin=""), pk=pk)
    try:
        reponse = piece_jointe(fichiers.lire(piece.chemin), piece.nom_du_fichier, piece.type_mime)
    except FileNotFoundError as perte:
        raise Http404("Le fichier de cette pièce est perdu.") from perte
    reponse.headers["Content-Security-Policy"] = SANS_RIEN
    patch_cache_control(reponse, private=True, no_store=True)
    return reponse


def _est_recu(request: RequeteConnectee, form: PieceForm) -> bool:
    est_bon = form.is_valid()
    if getattr(request, "fichier_trop_lourd", False):
        form.errors.clear()
        form.add_error("fichier", TROP_LOURD)
        return False
    return est_bon


def _attendue(projet: ProjetSocial, cle: str) -> PieceAttendue | None:
    """None pour une pièce libre. Lève `Http404`."""
    if cle == LIBRE:
        return None
    attendue = next((une for une in referentiel_de(projet).pieces if une.cle == cle), None)
    if attendue is None:
        raise Http404("Le référentiel n'attend pas cette pièce.")
    return attendue


def _piece(request: RequeteConnectee, pk: int) -> PieceDuDossier:
    """Une pièce d'un projet que l'on peut écrire. Lève `Http404`."""
    lues: Any = PieceDuDossier.objects.de_l_equipe(request.user).select_related(
        "projet__structure__departement"
    )
    piece: PieceDuDossier = get_object_or_404(lues, pk=pk)
    if not peut_ecrire_le_projet(request.user, piece.projet):
        raise Http404("Ce projet ne s'écrit pas.")
    return piece
