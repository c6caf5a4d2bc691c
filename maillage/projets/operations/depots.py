"""Le dépôt d'un projet social : recevoir un document, le lire, noter ce qu'on en garde, l'importer ou y renoncer."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePath
from typing import Any, Final

from django.db import transaction

from maillage.comptes.models import Utilisateur
from maillage.core import fichiers
from maillage.core.changements import noter_changement
from maillage.core.journal import journaliser
from maillage.projets.choices import EtatDepot
from maillage.projets.importation import DocumentIllisible
from maillage.projets.models import DepotDeProjet, ProjetSocial
from maillage.projets.operations.documents_lus import lire_le_document
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from maillage.projets.operations.periode_du_lu import PeriodeARevoir
from maillage.projets.operations.pieces_du_depot import projets_choisis
from maillage.territoire.models import Structure

DOSSIER: Final = "projets_deposes"
NOM_MAX: Final = 200
LECTURE_IMMEDIATE_MAX: Final = 100_000
"""Octets. Au-delà, la lecture dépasserait la seconde : elle revient au travailleur."""
EXTENSIONS: Final = (".txt", ".md", ".html", ".htm", ".xhtml", ".docx", ".json")
EXTENSION_REFUSEE: Final = (
    "Ce format n’est pas lu. Enregistrez le document en Word (.docx), en page web (.html) ou en texte (.txt), "
    "puis déposez-le de nouveau."
)
SANS_PROJET: Final = (
    "Aucun projet social reconnu dans ce document : ni arbre, ni fiche action. "
    "Vérifiez que c’est le bon fichier."
)


class DejaFini(Exception):
    """Le dépôt a été importé ou abandonné entre-temps."""


class RienAImporter(Exception):
    """Tous les projets du document sont mis de côté."""


class CadreARevoir(Exception):
    """La période d'un projet manque ou ne convient pas. `projet` : son rang dans le document."""

    def __init__(self, message: str, projet: int) -> None:
        super().__init__(message)
        self.projet = projet


def deposer_projet(nom: str, contenu: bytes, *, structure: Structure, par: Utilisateur) -> DepotDeProjet:
    """Garde le fichier. Court, il est lu tout de suite ; long, `lu` reste vide jusqu'à `lire_depot`.

    Lève `DocumentIllisible` : le fichier n'est alors pas gardé.
    """
    nom = PurePath(nom).name[-NOM_MAX:]
    extension = PurePath(nom).suffix.lower()
    if extension not in EXTENSIONS:
        raise DocumentIllisible(EXTENSION_REFUSEE)
    lu = _lire(contenu, nom) if len(contenu) <= LECTURE_IMMEDIATE_MAX else {}
    chemin = fichiers.ranger(DOSSIER, extension.strip("."), contenu)
    try:
        with transaction.atomic():
            depot = DepotDeProjet.objects.create(
                structure=structure, nom_du_fichier=nom, chemin=chemin, lu=lu, depose_par=par
            )
            _noter(depot, "deposer_projet", f"« {nom} » a été déposé pour un import.", par)
    except BaseException:
        fichiers.effacer(chemin)
        raise
    return depot


def lire_depot(depot_id: int) -> None:
    """La lecture d'un long document, par le travailleur. Se répète sans effet.

    Un document illisible garde son dépôt, avec la phrase du refus dans `lu["refus"]`.
    """
    depot = DepotDeProjet.objects.filter(pk=depot_id, etat=EtatDepot.DEPOSE).first()
    if depot is None or depot.lu:
        return
    try:
        lu = _lire(fichiers.lire(depot.chemin), depot.nom_du_fichier)
    except DocumentIllisible as illisible:
        lu = {"refus": str(illisible)}
    except FileNotFoundError:
        lu = {"refus": "Le fichier n’est plus là. Abandonnez ce dépôt, puis déposez le document de nouveau."}
    DepotDeProjet.objects.filter(pk=depot_id, etat=EtatDepot.DEPOSE).update(lu=lu)


def noter_les_choix(
    depot: DepotDeProjet, choix: Mapping[str, Mapping[str, Any]], *, par: Utilisateur
) -> DepotDeProjet:
    """Ce que la personne garde, corrige ou met de côté, par clé de pièce. Lève `DejaFini`."""
    with transaction.atomic():
        depot = _ouvert(depot)
        depot.choix = {**depot.choix, **choix}
        depot.save(update_fields=["choix"])
        _noter(depot, "noter_les_choix", f"Des pièces de « {depot} » ont été relues.", par)
    return depot


def confirmer_depot(depot: DepotDeProjet, *, par: Utilisateur) -> list[ProjetSocial]:
    """Crée les projets choisis, puis efface le fichier et ce qu'on y a lu.

    Lève `DejaFini`, `RienAImporter` ou `CadreARevoir` ; le dépôt reste alors tel qu'il était.
    """
    with transaction.atomic():
        depot = _ouvert(depot)
        choisis = projets_choisis(depot)
        if not choisis:
            raise RienAImporter
        projets = []
        for rang, lu in choisis.items():
            try:
                projets.append(ecrire_projet_lu(lu, structure=depot.structure, par=par))
            except PeriodeARevoir as refus:
                raise CadreARevoir(str(refus), rang) from refus
        depot.projets.set(projets)
        _finir(depot, EtatDepot.IMPORTE, "confirmer_depot", "importé", par)
    return projets


def abandonner_depot(depot: DepotDeProjet, *, par: Utilisateur) -> None:
    """Renonce : rien n'est importé, le fichier et ce qu'on y a lu sont effacés. Lève `DejaFini`."""
    with transaction.atomic():
        _finir(_ouvert(depot), EtatDepot.ABANDONNE, "abandonner_depot", "abandonné", par)


def balayer_les_depots() -> int:
    """Efface les fichiers qu'aucun dépôt ne nomme ; rend leur nombre."""
    perdus = list(fichiers.orphelins(DOSSIER, set(DepotDeProjet.objects.values_list("chemin", flat=True))))
    fichiers.effacer(*perdus)
    return len(perdus)


def _lire(contenu: bytes, nom: str) -> dict[str, Any]:
    lecture = lire_le_document(contenu, nom)
    if not lecture.projets:
        raise DocumentIllisible(SANS_PROJET)
    return asdict(lecture)


def _ouvert(depot: DepotDeProjet) -> DepotDeProjet:
    """Le dépôt, tenu jusqu'à la fin de l'acte : deux clics ne l'importent pas deux fois."""
    tenu = DepotDeProjet.objects.select_for_update(of=("self",)).select_related("structure").get(pk=depot.pk)
    if tenu.etat != EtatDepot.DEPOSE:
        raise DejaFini
    return tenu


def _finir(depot: DepotDeProjet, etat: str, acte: str, verbe: str, par: Utilisateur) -> None:
    chemin = depot.chemin
    depot.etat, depot.chemin, depot.lu, depot.choix = etat, "", {}, {}
    depot.save(update_fields=["etat", "chemin", "lu", "choix"])
    _noter(depot, acte, f"« {depot} » a été {verbe}.", par)
    transaction.on_commit(lambda: fichiers.effacer(chemin))


def _noter(depot: DepotDeProjet, acte: str, phrase: str, par: Utilisateur) -> None:
    journaliser(depot, acte, phrase, par=par)
    noter_changement(depot, acte)
