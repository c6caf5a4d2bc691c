"""Importer un classeur de personnes : le garder, choisir les colonnes, écrire après vérification, l'effacer."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Final

from django.db import transaction

from maillage.comptes.models import Utilisateur
from maillage.core import fichiers
from maillage.core.classeurs import ClasseurIllisible, Tableau, lire_le_tableau
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import Acteur, journaliser
from maillage.personnes.choices import EtatImportDePersonnes
from maillage.personnes.importation import (
    LigneLue,
    lire_les_fiches,
    proposer_les_colonnes,
    titres_distincts,
)
from maillage.personnes.models import ImportDePersonnes, Provenance
from maillage.personnes.noms import nom_cherche
from maillage.personnes.operations.personnes import champs_notes, noter_personnes
from maillage.territoire.models import Structure

DOSSIER: Final = "imports_de_personnes"


def deposer_personnes(
    nom: str, contenu: bytes, *, structure: Structure, par: Utilisateur
) -> ImportDePersonnes:
    """Garde le classeur le temps de le vérifier. Lève `ClasseurIllisible`, et ne garde alors rien."""
    nom = PurePath(nom).name[-200:]
    tableau = titres_distincts(lire_le_tableau(nom, contenu))
    chemin = fichiers.ranger(DOSSIER, PurePath(nom).suffix.lower().strip("."), contenu)
    try:
        with transaction.atomic():
            depot = ImportDePersonnes.objects.create(
                structure=structure,
                fichier=chemin,
                nom_du_fichier=nom,
                correspondance=_colonnes_retenues(structure, tableau.entetes),
                depose_par=par,
            )
            _noter(depot, "deposer_personnes", "a déposé un classeur de personnes", par)
    except BaseException:
        fichiers.effacer(chemin)
        raise
    return depot


def _colonnes_retenues(structure: Structure, entetes: list[str]) -> dict[str, str]:
    """Ce que disent les titres, puis ce que ce centre a choisi la dernière fois pour les mêmes titres."""
    ouverts = champs_notes(structure)
    proposees = proposer_les_colonnes(entetes, ouverts)
    dernier = (
        ImportDePersonnes.objects.filter(structure=structure, etat=EtatImportDePersonnes.IMPORTE)
        .order_by("-pk")
        .first()
    )
    retenues = dernier.correspondance if dernier else {}
    choisies = {e: c for e, c in retenues.items() if e in entetes and c in ouverts | {""}}
    return {**proposees, **choisies}


@transaction.atomic
def choisir_les_colonnes(depot: ImportDePersonnes, colonnes: Mapping[str, str], *, par: Utilisateur) -> None:
    """Titre de colonne → champ. Lève `GesteRefuse` si un champ est choisi deux fois, ou si l'import est fini."""
    tenu = _tenir(depot)
    choisis = [champ for champ in colonnes.values() if champ]
    if len(choisis) != len(set(choisis)):
        raise GesteRefuse("Deux colonnes vont au même champ. Gardez-en une seule.")
    _exiger_ouverts(tenu, choisis)
    tenu.correspondance = dict(colonnes)
    tenu.save(update_fields=["correspondance"])
    depot.refresh_from_db()
    _noter(tenu, "choisir_les_colonnes", "a choisi les colonnes d’un classeur de personnes", par)


def lire_l_import(depot: ImportDePersonnes) -> tuple[Tableau, list[LigneLue]]:
    """Le classeur tel qu'il entrerait aujourd'hui ; n'écrit rien. Lève `ClasseurIllisible` s'il n'est plus là."""
    try:
        contenu = fichiers.lire(str(depot.fichier))
    except OSError as faute:
        raise ClasseurIllisible("Le classeur n’est plus là. Renoncez, puis déposez-le de nouveau.") from faute
    tableau = titres_distincts(lire_le_tableau(depot.nom_du_fichier, contenu))
    lieux = {nom_cherche(p.nom): p for p in Provenance.objects.filter(structure=depot.structure_id)}
    return tableau, lire_les_fiches(tableau, depot.correspondance, lieux)


@transaction.atomic
def confirmer_import_de_personnes(
    depot: ImportDePersonnes, *, sauf: set[int], par: Utilisateur
) -> dict[str, int]:
    """Écrit les lignes sans faute, sauf celles que l'on écarte (numéros de ligne). Le fichier est effacé. Lève
    `GesteRefuse` si l'import est fini, ou si un de ses champs a été fermé depuis le dépôt."""
    tenu = _tenir(depot)
    _exiger_ouverts(tenu, tenu.correspondance.values())
    _, lignes = lire_l_import(tenu)
    bonnes = [ligne for ligne in lignes if not ligne.fautes and ligne.numero not in sauf]
    noter_personnes(tenu.structure, [ligne.champs for ligne in bonnes], par=par)
    bilan = {
        "lues": len(lignes),
        "notees": len(bonnes),
        "fautives": sum(bool(ligne.fautes) for ligne in lignes),
    }
    bilan["ecartees"] = bilan["lues"] - bilan["notees"] - bilan["fautives"]
    tenu.compte_rendu = bilan
    _finir(tenu, EtatImportDePersonnes.IMPORTE)
    _noter(tenu, "confirmer_import_de_personnes", "a importé un classeur de personnes", par)
    depot.refresh_from_db()
    return bilan


@transaction.atomic
def abandonner_import_de_personnes(depot: ImportDePersonnes, *, par: Acteur) -> None:
    tenu = _tenir(depot)
    _finir(tenu, EtatImportDePersonnes.ABANDONNE)
    _noter(tenu, "abandonner_import_de_personnes", "a renoncé à un classeur de personnes", par)


def _tenir(depot: ImportDePersonnes) -> ImportDePersonnes:
    tenu = ImportDePersonnes.objects.select_for_update().get(pk=depot.pk)
    if tenu.etat != EtatImportDePersonnes.DEPOSE:
        raise GesteRefuse("Cet import est fini. Déposez de nouveau le classeur.")
    return tenu


def _exiger_ouverts(depot: ImportDePersonnes, choisis: Iterable[str]) -> None:
    if set(choisis) - champs_notes(depot.structure_id) - {""}:
        raise GesteRefuse("Un des champs choisis est fermé. Relisez les colonnes, ou la direction l’ouvre.")


def _finir(depot: ImportDePersonnes, etat: EtatImportDePersonnes) -> None:
    chemin = str(depot.fichier)
    depot.etat, depot.fichier, depot.nom_du_fichier = etat, "", ""
    depot.save(update_fields=["etat", "fichier", "nom_du_fichier", "compte_rendu"])
    transaction.on_commit(lambda: fichiers.effacer(chemin))


def _noter(depot: ImportDePersonnes, acte: str, fait: str, par: Acteur) -> None:
    journaliser(depot, acte, f"{par.get_full_name()} {fait}.", par=par)
