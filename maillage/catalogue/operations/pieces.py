"""Les pièces jointes d'une fiche : joindre, décrire, ranger, retirer, remettre, publier avec la contribution.

Le contenu seul dit ce qu'est un fichier, jamais son nom ni le type annoncé. Une image est réécrite (`core.images`),
un PDF est contrôlé (`core.pdf_recus`) ; tout le reste est refusé.
"""

import secrets
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import IO, Any, Literal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from maillage.catalogue.choices import EtatPiece, GenrePiece
from maillage.catalogue.models import Contribution, Experience, PieceJointe
from maillage.catalogue.operations.fiche_importee import LETTRES_DU_CODE
from maillage.comptes.models import Utilisateur
from maillage.core import fichiers
from maillage.core.changements import noter_changement
from maillage.core.documents.telechargement import nom_de_fichier
from maillage.core.images import ImageRefusee, est_une_image, reecrire
from maillage.core.journal import Acteur, journaliser
from maillage.core.pdf_recus import PdfRefuse, est_un_pdf, verifier_pdf

DOSSIER = "pieces"
OCTETS_MAX = 10 * 1024 * 1024
PIECES_MAX = 12
LONGUEUR_DU_CODE_DE_PIECE = 12
WEBP, PDF = "image/webp", "application/pdf"
Sens = Literal["monter", "descendre"]


class PieceRefusee(ValueError):
    """La pièce ne peut pas être prise, ou pas ainsi ; le message dit pourquoi et quoi faire."""


def joindre_piece(
    contribution: Contribution, nom: str, flux: IO[bytes], *, a_l_accord: bool, par: Utilisateur
) -> PieceJointe:
    """Ajoute un fichier à la fiche ; il attendra la modération avec le reste. Lève `PieceRefusee`.

    `a_l_accord` : la personne affirme que celles que l'on reconnaît sur l'image ont dit oui.
    """
    _exiger_ouverte(contribution)
    experience = contribution.experience
    piece = PieceJointe(experience=experience, contribution=contribution, deposee_par=par)
    grande, vignette = _lire(piece, nom, flux.read(OCTETS_MAX + 1), a_l_accord=a_l_accord)
    presentes = experience.pieces.presentes()
    if presentes.count() >= PIECES_MAX:
        raise PieceRefusee(f"Une fiche a {PIECES_MAX} pièces au plus. Retirez-en une d’abord.")
    if presentes.filter(sha256=piece.sha256).exists():
        raise PieceRefusee(f"« {piece.nom} » est déjà joint à cette fiche.")
    extension = "webp" if piece.est_image else "pdf"
    try:
        piece.chemin = fichiers.ranger(DOSSIER, extension, grande)
        piece.chemin_vignette = fichiers.ranger(DOSSIER, extension, vignette) if vignette else ""
        with transaction.atomic():
            piece.code = "".join(secrets.choice(LETTRES_DU_CODE) for _ in range(LONGUEUR_DU_CODE_DE_PIECE))
            piece.rang = 1 + (experience.pieces.aggregate(dernier=Max("rang"))["dernier"] or 0)
            piece.save()
            _noter(piece, "joindre_piece", "a joint", par=par, apres={"nom": piece.nom, "accord": a_l_accord})
    except BaseException:
        fichiers.effacer(piece.chemin, piece.chemin_vignette)
        raise
    return piece


@transaction.atomic
def decrire_piece(
    piece: PieceJointe,
    contribution: Contribution,
    *,
    texte_alternatif: str,
    est_decorative: bool,
    legende: str,
    par: Utilisateur,
) -> None:
    """Dit ce que montre une image. Une pièce déjà en ligne attend alors de nouveau la modération, avec ces mots.

    Lève `PieceRefusee` quand l'image n'a ni description ni mention « décorative ».
    """
    _exiger_ouverte(contribution)
    neufs = {
        "texte_alternatif": "" if est_decorative else " ".join(texte_alternatif.split()),
        "est_decorative": est_decorative,
        "legende": " ".join(legende.split()),
    }
    avant = {champ: getattr(piece, champ) for champ in neufs}
    if neufs == avant:
        return
    for champ, valeur in neufs.items():
        setattr(piece, champ, valeur)
    if not piece.est_decrite:
        raise PieceRefusee("Dites ce que montre l’image, ou cochez « décorative ».")
    piece.contribution, piece.etat, piece.publiee_le = contribution, EtatPiece.EN_ATTENTE, None
    piece.save()
    _noter(piece, "decrire_piece", "a décrit", par=par, avant=avant, apres=neufs)


@transaction.atomic
def deplacer_piece(piece: PieceJointe, sens: Sens, *, par: Acteur) -> None:
    """D'un cran ; sans effet au bout de la liste."""
    pieces = list(piece.experience.pieces.presentes().select_for_update())
    ici = pieces.index(piece)
    la = ici + (-1 if sens == "monter" else 1)
    if not 0 <= la < len(pieces):
        return
    pieces[ici], pieces[la] = pieces[la], pieces[ici]
    for rang, rangee in enumerate(pieces, start=1):
        rangee.rang = rang
    PieceJointe.objects.bulk_update(pieces, ["rang"])
    _noter(piece, "deplacer_piece", "a déplacé", par=par)


@transaction.atomic
def retirer_piece(piece: PieceJointe, *, par: Utilisateur) -> None:
    """Personne ne la voit plus, tout de suite. Son fichier est gardé un mois, le temps de se raviser."""
    if piece.etat == EtatPiece.RETIREE:
        return
    avant = piece.etat
    piece.etat, piece.retiree_le, piece.retiree_par = EtatPiece.RETIREE, timezone.now(), par
    piece.save(update_fields=["etat", "retiree_le", "retiree_par"])
    _noter(piece, "retirer_piece", "a retiré", par=par, avant={"etat": avant})


@transaction.atomic
def remettre_piece(piece: PieceJointe, *, par: Utilisateur) -> None:
    """La remet où elle était : en ligne si une modératrice l'avait acceptée, sinon en attente.

    Lève `PieceRefusee` quand son fichier n'est plus là.
    """
    if piece.etat != EtatPiece.RETIREE:
        return
    if not piece.chemin:
        raise PieceRefusee(f"Le fichier de « {piece.nom} » a été effacé. Joignez-le de nouveau.")
    piece.etat = EtatPiece.PUBLIEE if piece.publiee_le else EtatPiece.EN_ATTENTE
    piece.retiree_le = piece.retiree_par = None
    piece.save(update_fields=["etat", "retiree_le", "retiree_par"])
    _noter(piece, "remettre_piece", "a remis", par=par)


@transaction.atomic
def publier_pieces(
    contribution: Contribution, *, par: Utilisateur, numeros: Collection[int] | None = None
) -> list[PieceJointe]:
    """Met en ligne les pièces d'une contribution qu'on accepte ; une image que rien ne décrit attend encore.

    `numeros` : celles que la modératrice prend, sinon toutes.
    """
    pieces = [
        piece
        for piece in _en_attente(contribution)
        if piece.est_decrite and (numeros is None or piece.pk in numeros)
    ]
    for piece in pieces:
        piece.etat, piece.publiee_le = EtatPiece.PUBLIEE, timezone.now()
        piece.save(update_fields=["etat", "publiee_le"])
        _noter(piece, "publier_piece", "a mis en ligne", par=par)
    return pieces


@transaction.atomic
def depublier_pieces(contribution: Contribution, *, par: Utilisateur) -> None:
    """Défait `publier_pieces`, quand on revient sur l'acceptation."""
    for piece in contribution.pieces.filter(etat=EtatPiece.PUBLIEE):
        piece.etat, piece.publiee_le = EtatPiece.EN_ATTENTE, None
        piece.save(update_fields=["etat", "publiee_le"])
        _noter(piece, "depublier_piece", "a remis en attente", par=par)


def pieces_a_decrire(experience: Experience) -> list[PieceJointe]:
    """Les images dont on ne dit pas encore ce qu'elles montrent : rien ne part à la modération sans cela."""
    return [piece for piece in experience.pieces.presentes() if not piece.est_decrite]


# --- Lire un fichier reçu -------------------------------------------------------------------------


def _lire(piece: PieceJointe, nom: str, contenu: bytes, *, a_l_accord: bool) -> tuple[bytes, bytes]:
    """Remplit la pièce d'après son contenu ; rend les octets à garder et ceux de la vignette (vide : aucune).

    Lève `PieceRefusee`.
    """
    souche = PurePosixPath(nom.replace("\\", "/")).stem
    if not contenu:
        raise PieceRefusee(f"« {nom} » est vide. Vérifiez le fichier choisi.")
    if len(contenu) > OCTETS_MAX:
        raise PieceRefusee(f"« {nom} » dépasse 10 Mo. Réduisez-le, puis joignez-le.")
    vignette = b""
    try:
        if est_une_image(contenu):
            grande, petite = reecrire(contenu)
            contenu, vignette = grande.octets, petite.octets
            piece.genre, piece.type_mime = GenrePiece.IMAGE, WEBP
            piece.largeur, piece.hauteur = grande.largeur, grande.hauteur
            piece.nom = nom_de_fichier(souche, "webp")
            piece.sha256_vignette = fichiers.empreinte(vignette)
            if not a_l_accord:
                raise PieceRefusee(
                    "Avant de joindre une photo, vérifiez que les personnes reconnaissables ont dit oui."
                )
        elif est_un_pdf(contenu):
            piece.pages = verifier_pdf(contenu)
            piece.genre, piece.type_mime = GenrePiece.DOCUMENT, PDF
            piece.nom = nom_de_fichier(souche, "pdf")
        else:
            raise PieceRefusee(
                f"« {nom} » n’est ni une image (JPEG, PNG, WebP, GIF) ni un PDF. "
                "Enregistrez-le dans un de ces formats, puis joignez-le."
            )
    except (ImageRefusee, PdfRefuse) as refus:
        raise PieceRefusee(f"« {nom} » : {refus}") from refus
    piece.taille, piece.sha256 = len(contenu), fichiers.empreinte(contenu)
    return contenu, vignette


def _en_attente(contribution: Contribution) -> list[PieceJointe]:
    return list(contribution.pieces.filter(etat=EtatPiece.EN_ATTENTE))


def _exiger_ouverte(contribution: Contribution) -> None:
    if not contribution.est_ouverte:
        raise PieceRefusee("Cette fiche est à la modération. Reprenez-la pour changer ses pièces.")


def _noter(piece: PieceJointe, acte: str, verbe: str, *, par: Acteur, **details: Any) -> None:
    phrase = f"{par.get_full_name()} {verbe} « {piece.nom} »."
    journaliser(piece, acte, phrase, par=par, structure_id=piece.experience.structure_id, **details)
    noter_changement(piece.experience, acte)
