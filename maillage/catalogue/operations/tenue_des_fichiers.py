"""Accorder la base et le dossier des pièces : effacer ce qui ne sert plus, dire ce qui est perdu ou abîmé."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from maillage.catalogue.choices import EtatPiece
from maillage.catalogue.models import PieceJointe
from maillage.catalogue.operations.pieces import DOSSIER
from maillage.core import fichiers
from maillage.core.journal import SYSTEME, journaliser

GARDE_D_UNE_PIECE_RETIREE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class FichierFautif:
    chemin: str
    nom: str
    fiche: str
    faute: str
    """perdu ou abime."""


def verifier_fichiers() -> tuple[int, list[FichierFautif]]:
    """Relit chaque fichier : combien sont bons, et lesquels manquent ou n'ont plus leur empreinte."""
    bons, fautifs = 0, []
    for piece in PieceJointe.objects.exclude(chemin="").select_related("experience").iterator(500):
        for chemin, voulue in ((piece.chemin, piece.sha256), (piece.chemin_vignette, piece.sha256_vignette)):
            if not chemin:
                continue
            try:
                faute = "" if fichiers.empreinte(fichiers.lire(chemin)) == voulue else "abime"
            except FileNotFoundError:
                faute = "perdu"
            if faute:
                fautifs.append(FichierFautif(chemin, piece.nom, piece.experience.code, faute))
            else:
                bons += 1
    return bons, fautifs


def balayer_les_fichiers() -> int:
    """Efface les pièces retirées depuis un mois, et les fichiers qu'aucune ligne ne nomme ; rend leur nombre.

    Se répète sans effet. La ligne oublie son fichier avant que le disque le perde : jamais de ligne sans fichier.
    """
    limite = timezone.now() - GARDE_D_UNE_PIECE_RETIREE
    for piece in PieceJointe.objects.filter(etat=EtatPiece.RETIREE, retiree_le__lt=limite).exclude(chemin=""):
        chemins = (piece.chemin, piece.chemin_vignette)
        with transaction.atomic():
            piece.chemin = piece.chemin_vignette = ""
            piece.save(update_fields=["chemin", "chemin_vignette"])
            journaliser(piece, "effacer_piece", f"Le fichier « {piece.nom} » est effacé.", par=SYSTEME)
        fichiers.effacer(*chemins)
    connus = {
        chemin for paire in PieceJointe.objects.values_list("chemin", "chemin_vignette") for chemin in paire
    }
    perdus = list(fichiers.orphelins(DOSSIER, connus))
    fichiers.effacer(*perdus)
    return len(perdus)
