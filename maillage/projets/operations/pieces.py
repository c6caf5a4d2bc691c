"""Les pièces du dossier : les déposer, les remplacer, les ôter et les remettre ; ce que l'envoi en fige.

Le contenu seul dit ce qu'est un fichier, jamais son nom ni le type annoncé. Une image est réécrite, un PDF et un
fichier bureautique sont contrôlés ; tout le reste est refusé.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core import fichiers
from maillage.core.bureautique_recue import BureautiqueRefusee, est_bureautique, verifier_bureautique
from maillage.core.ecriture import GesteRefuse
from maillage.core.images import COTE_GRAND, ImageRefusee, en_jpeg, est_une_image, reecrire
from maillage.core.pdf_recus import PdfRefuse, est_un_pdf, verifier_pdf
from maillage.core.versions import enregistrer
from maillage.projets.models import Envoi, PieceDuDossier, ProjetSocial
from maillage.projets.operations.elements import tenir_ouvert
from maillage.projets.operations.projets import noter
from maillage.projets.referentiels import referentiel_de

DOSSIER: Final = "pieces_du_dossier"
OCTETS_MAX: Final = 15 * 1024 * 1024
PIECES_MAX: Final = 40
GARDE_D_UNE_PIECE_OTEE: Final = timedelta(days=30)
REMISE: Final = timedelta(days=1)
FORMATS: Final = "Formats pris : PDF, image, Word, Excel, LibreOffice."


@dataclass(frozen=True, slots=True)
class Fichier:
    """Un fichier contrôlé, prêt à garder."""

    octets: bytes
    extension: str
    type_mime: str
    nom: str


def controler_le_fichier(nom: str, contenu: bytes) -> Fichier:
    """Lève `GesteRefuse`, qui dit pourquoi et quoi faire."""
    if not contenu:
        raise GesteRefuse("Ce fichier est vide. Vérifiez le fichier choisi.")
    if len(contenu) > OCTETS_MAX:
        raise GesteRefuse("Ce fichier dépasse 15 Mo. Réduisez ses images, ou coupez-le en deux.")
    try:
        if est_un_pdf(contenu):
            verifier_pdf(contenu)
            octets, extension, genre = contenu, "pdf", "application/pdf"
        elif est_une_image(contenu):
            octets, extension, genre = en_jpeg(reecrire(contenu)[0].octets, COTE_GRAND), "jpg", "image/jpeg"
        elif est_bureautique(contenu):
            octets, (extension, genre) = contenu, verifier_bureautique(contenu)
        else:
            raise GesteRefuse(f"Ce format n’est pas pris. {FORMATS}")
    except (PdfRefuse, ImageRefusee, BureautiqueRefusee) as refus:
        raise GesteRefuse(str(refus)) from refus
    souche = PurePath(nom.replace("\\", "/")).stem.replace("\0", "").strip()[:180] or "piece"
    return Fichier(octets, extension, genre, f"{souche}.{extension}")


def deposer_piece(
    projet: ProjetSocial,
    fichier: Fichier,
    *,
    nom: str,
    cle: str = "",
    fournie_le: date | None = None,
    valable_jusqu_au: date | None = None,
    par: Utilisateur,
) -> PieceDuDossier:
    """Ajoute une pièce au dossier. Lève `GesteRefuse` ; le fichier n'est alors pas gardé.

    Le même fichier sous la même pièce, deux fois de suite, ne fait qu'une pièce.
    """
    signature = fichiers.empreinte(fichier.octets)
    chemin = fichiers.ranger(DOSSIER, fichier.extension, fichier.octets)
    try:
        with transaction.atomic():
            tenu = tenir_ouvert(projet)
            presentes = tenu.pieces.presentes()
            if deja := presentes.filter(empreinte=signature, cle=cle).first():
                fichiers.effacer(chemin)
                return deja
            if presentes.count() >= PIECES_MAX:
                raise GesteRefuse(f"Un dossier a {PIECES_MAX} pièces au plus. Ôtez-en une d’abord.")
            if cle and cle not in {une.cle for une in referentiel_de(tenu).pieces}:
                raise GesteRefuse("Cette pièce n’est plus dans le référentiel. Déposez-la comme pièce libre.")
            piece: PieceDuDossier = PieceDuDossier.objects.create(
                projet=tenu,
                cle=cle,
                nom=" ".join(nom.split()),
                fournie_le=fournie_le or timezone.localdate(),
                valable_jusqu_au=valable_jusqu_au,
                deposee_par=par,
                **_du_fichier(fichier, chemin, signature),
            )
            _noter(piece, "deposer_piece", "a joint", par, apres={"empreinte": signature})
    except BaseException:
        fichiers.effacer(chemin)
        raise
    return piece


def modifier_piece(
    piece: PieceDuDossier,
    *,
    nom: str,
    fournie_le: date,
    valable_jusqu_au: date | None,
    fichier: Fichier | None = None,
    version_lue: int,
    par: Utilisateur,
) -> None:
    """Change ses mots, ses dates, et son fichier s'il est donné. L'ancien fichier reste tant qu'un envoi le cite.

    Lève `ConflitDeVersion` ou `GesteRefuse`.
    """
    valeurs: dict[str, Any] = {
        "nom": " ".join(nom.split()),
        "fournie_le": fournie_le,
        "valable_jusqu_au": valable_jusqu_au,
    }
    chemin = ""
    if fichier is not None:
        chemin = fichiers.ranger(DOSSIER, fichier.extension, fichier.octets)
        valeurs |= _du_fichier(fichier, chemin, fichiers.empreinte(fichier.octets))
    try:
        with transaction.atomic():
            tenir_ouvert(piece.projet)
            avant = {"empreinte": piece.empreinte, "nom": piece.nom}
            enregistrer(piece, version_lue=version_lue, **valeurs)
            verbe = "a remplacé" if fichier is not None else "a modifié"
            apres = {"empreinte": piece.empreinte, "nom": piece.nom}
            _noter(piece, "modifier_piece", verbe, par, avant=avant, apres=apres)
    except BaseException:
        fichiers.effacer(chemin)
        raise


@transaction.atomic
def oter_piece(piece: PieceDuDossier, *, par: Utilisateur) -> None:
    """Elle quitte le dossier ; on la remet d'un bouton pendant un jour. L'ôter deux fois ne change rien."""
    tenir_ouvert(piece.projet)
    piece.refresh_from_db()
    if piece.otee_le is None:
        enregistrer(piece, version_lue=piece.version, otee_le=timezone.now())
        _noter(piece, "oter_piece", "a ôté", par)


@transaction.atomic
def remettre_piece(piece: PieceDuDossier, *, par: Utilisateur) -> None:
    """Lève `GesteRefuse` quand son fichier n'est plus là."""
    tenir_ouvert(piece.projet)
    piece.refresh_from_db()
    if piece.otee_le is None:
        return
    if not piece.chemin:
        raise GesteRefuse(f"Le fichier de « {piece} » a été effacé. Joignez-le de nouveau.")
    enregistrer(piece, version_lue=piece.version, otee_le=None)
    _noter(piece, "remettre_piece", "a remis", par)


def piece_a_remettre(projet: ProjetSocial) -> PieceDuDossier | None:
    """La dernière ôtée, depuis moins d'un jour."""
    otees = projet.pieces.filter(otee_le__gt=timezone.now() - REMISE).exclude(chemin="")
    derniere: PieceDuDossier | None = otees.order_by("-otee_le", "-pk").first()
    return derniere


def pieces_a_envoyer(projet: ProjetSocial) -> list[dict[str, Any]]:
    """Ce qu'un envoi fige : nom, chemin, empreinte et taille de chaque pièce, dans l'ordre du référentiel."""
    ordre = {une.cle: rang for rang, une in enumerate(referentiel_de(projet).pieces)}
    pieces = sorted(
        projet.pieces.presentes().exclude(chemin=""),
        key=lambda une: (ordre.get(une.cle, len(ordre)), une.nom, une.pk),
    )
    return [
        {
            "nom": piece.nom_du_fichier
            if _dit_la_meme_chose(piece)
            else f"{piece.nom} ({piece.nom_du_fichier})",
            "chemin": piece.chemin,
            "empreinte": piece.empreinte,
            "taille": piece.taille,
        }
        for piece in pieces
    ]


def balayer_les_pieces() -> int:
    """Efface les fichiers que ni une pièce ni un envoi ne nomment ; rend leur nombre. Se répète sans effet.

    Une pièce ôtée depuis un mois oublie d'abord son fichier.
    """
    limite = timezone.now() - GARDE_D_UNE_PIECE_OTEE
    PieceDuDossier.objects.filter(otee_le__lt=limite).exclude(chemin="").update(chemin="")
    connus = set(PieceDuDossier.objects.exclude(chemin="").values_list("chemin", flat=True))
    perdus = list(fichiers.orphelins(DOSSIER, connus | set(_envoyees())))
    fichiers.effacer(*perdus)
    return len(perdus)


def _envoyees() -> Iterable[str]:
    """Les chemins que citent les envois, quoi que le dossier soit devenu depuis."""
    for pieces in Envoi.objects.order_by().values_list("pieces", flat=True).iterator(200):
        for piece in pieces:
            yield piece["chemin"]


def _dit_la_meme_chose(piece: PieceDuDossier) -> bool:
    return PurePath(piece.nom_du_fichier).stem.casefold() == piece.nom.casefold()


def _du_fichier(fichier: Fichier, chemin: str, signature: str) -> dict[str, Any]:
    return {
        "nom_du_fichier": fichier.nom,
        "chemin": chemin,
        "type_mime": fichier.type_mime,
        "taille": len(fichier.octets),
        "empreinte": signature,
    }


def _noter(piece: PieceDuDossier, acte: str, verbe: str, par: Utilisateur, **details: Any) -> None:
    noter(piece.projet, acte, f"{par.get_full_name()} {verbe} la pièce « {piece} ».", par=par, **details)
