"""L'import depuis une page : déposer un fichier, voir ce qu'il donnerait, confirmer ou abandonner."""

from io import BytesIO
from typing import Any, BinaryIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from maillage.catalogue.choices import EtatImportation
from maillage.catalogue.importation.fichier import lire_fichier
from maillage.catalogue.importation.lecture import Lecture, lire, lire_page
from maillage.catalogue.models import Importation
from maillage.catalogue.operations.importation import Bilan, importer_blocs, prevoir_blocs
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.journal import journaliser

DOSSIER = "importations"
NOM_MAX = 255


class DejaFini(Exception):
    """L'importation a été confirmée ou abandonnée entre-temps."""


def deposer_importation(nom: str, flux: BinaryIO, *, par: Utilisateur) -> Importation:
    """Lit le fichier, le garde de côté et calcule ce que l'import ferait. Rien n'entre au catalogue.

    Lève `DocumentIllisible` : le fichier n'est alors pas gardé.
    """
    texte = lire_fichier(flux)
    nom = nom[-NOM_MAX:]
    lecture = lire_page(texte, nom)
    bilan = prevoir_blocs(lecture.blocs, bilan=_bilan_des_rejets(lecture, nom))
    octets = texte.encode()
    chemin = default_storage.save(f"{DOSSIER}/{uuid4().hex}.txt", ContentFile(octets))
    try:
        with transaction.atomic():
            depot = Importation.objects.create(
                nom=nom, chemin=chemin, taille=len(octets), bilan=_en_json(bilan), deposee_par=par
            )
            _noter(depot, "deposer_importation", f"« {nom} » déposé pour un import.", par)
    except BaseException:
        default_storage.delete(chemin)
        raise
    return depot


def confirmer_importation(depot: Importation, *, par: Utilisateur) -> Importation:
    """Importe le fichier déposé, puis l'efface. Coupée et confirmée de nouveau, elle finit le travail.

    Lève `DejaFini`.
    """
    lecture = _relire(depot)
    bilan = importer_blocs(lecture.blocs, par=par, bilan=_bilan_des_rejets(lecture, depot.nom))
    _finir(depot, EtatImportation.IMPORTEE, "confirmer_importation", "importé", par, bilan=_en_json(bilan))
    return depot


def abandonner_importation(depot: Importation, *, par: Utilisateur) -> Importation:
    """Renonce : rien n'est importé, le fichier est effacé. Lève `DejaFini`."""
    _finir(depot, EtatImportation.ABANDONNEE, "abandonner_importation", "abandonné", par)
    return depot


def _relire(depot: Importation) -> Lecture:
    if depot.etat != EtatImportation.DEPOSEE or not depot.chemin:
        raise DejaFini
    try:
        with default_storage.open(depot.chemin) as fichier:
            return lire(BytesIO(fichier.read()), depot.nom)
    except FileNotFoundError as absence:
        raise DejaFini from absence


def _finir(depot: Importation, etat: str, acte: str, verbe: str, par: Utilisateur, **champs: Any) -> None:
    """Un seul des deux clics gagne : l'autre trouve l'importation déjà finie."""
    with transaction.atomic():
        finies = Importation.objects.filter(pk=depot.pk, etat=EtatImportation.DEPOSEE).update(
            etat=etat, finie_le=timezone.now(), chemin="", **champs
        )
        if not finies:
            raise DejaFini
        _noter(depot, acte, f"« {depot.nom} » {verbe}.", par)
    if depot.chemin:
        default_storage.delete(depot.chemin)
    depot.refresh_from_db()


def _noter(depot: Importation, acte: str, phrase: str, par: Utilisateur) -> None:
    journaliser(depot, acte, phrase, par=par)
    noter_changement(depot, acte)


def _bilan_des_rejets(lecture: Lecture, nom: str) -> Bilan:
    bilan = Bilan()
    for rejet in lecture.rejets:
        bilan.rejeter(nom, rejet.position, rejet.ligne, rejet.motif)
    return bilan


def _en_json(bilan: Bilan) -> dict[str, Any]:
    return bilan.en_dict() | {
        "genres": dict(bilan.genres),
        "a_regarder": bilan.a_regarder,
        "fiches": bilan.fiches,
    }
