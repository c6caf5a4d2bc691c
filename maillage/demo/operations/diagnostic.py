"""Le diagnostic des Deux-Ponts : ce qu'on a compté et entendu avant d'écrire le projet en cours."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Max, Model, QuerySet

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.core.models import LigneJournal
from maillage.demo.donnees import lire_objet
from maillage.demo.operations.fiches import matin
from maillage.evaluation.origines import COLONNES, Origines
from maillage.projets.choices import EtatProjet
from maillage.projets.diagnostic import GENRES_DU_DIAGNOSTIC
from maillage.projets.models import Enjeu, ProjetSocial
from maillage.projets.operations.diagnostic.besoins import (
    dire_un_besoin,
    prouver_le_besoin,
    recopier_un_nombre,
    relier_a_un_enjeu,
)
from maillage.projets.operations.diagnostic.chiffres import importer_les_chiffres
from maillage.projets.operations.diagnostic.tableaux import poser_un_tableau
from maillage.projets.operations.elements import ajouter_element
from maillage.projets.preuves import SORTES
from maillage.territoire.models import Structure

AVANT_LE_DEPOT: Final = timedelta(days=40)
Donnees = Mapping[str, Any]
CHERCHES: Final = {"parole": "texte", "constat": "texte", "resultat": "question", "rencontre": "titre"}


def ecrire_le_diagnostic(structures: Mapping[str, Structure]) -> None:
    """À appeler quand le quotidien est raconté : la provenance des personnes en vient."""
    donnees = lire_objet("diagnostic_deux_ponts")
    structure = structures[donnees["structure"]]
    projet = ProjetSocial.objects.filter(structure=structure, etat=EtatProjet.EN_COURS).latest("du")
    tenues = Appartenance.objects.en_cours().select_related("utilisateur")
    par = tenues.get(structure=structure, role=Role.DIRECTRICE).utilisateur
    derniere = LigneJournal.objects.aggregate(derniere=Max("pk"))["derniere"] or 0
    importer_les_chiffres(projet, list(_chiffres(donnees)), par=par)
    _ecouter(projet, donnees, par)
    for besoin in donnees["besoins"]:
        _dire(projet, besoin, par)
    depot = projet.demandes.order_by("deposee_le").values_list("deposee_le", flat=True)[0]
    LigneJournal.objects.filter(pk__gt=derniere).update(fait_le=matin(depot - AVANT_LE_DEPOT))
    _poser_la_provenance(projet, par)


def _chiffres(donnees: Donnees) -> list[dict[str, Any]]:
    return [
        {
            **{champ: ligne[champ] for champ in ("libelle", "unite", "source", "annee")},
            "zone": zone,
            "valeur": Decimal(str(valeur)),
        }
        for ligne in donnees["chiffres"]
        for zone, valeur in ligne["valeurs"].items()
    ]


def _ecouter(projet: ProjetSocial, donnees: Donnees, par: Utilisateur) -> None:
    def ajouter(genre: str, valeurs: dict[str, Any]) -> Model:
        return ajouter_element(projet, GENRES_DU_DIAGNOSTIC[genre], valeurs, par=par)

    themes = {theme["nom"]: ajouter("themes", theme).pk for theme in donnees["themes"]}
    for parole in donnees["paroles"]:
        dites = {champ: parole[champ] for champ in ("texte", "qui", "occasion")}
        ajouter("paroles", dites | {"theme_id": themes[parole["theme"]]})
    for genre in ("constats", "rencontres", "resultats"):
        for valeurs in donnees[genre]:
            ajouter(genre, dict(valeurs))


def _dire(projet: ProjetSocial, dit: Donnees, par: Utilisateur) -> None:
    besoin = dire_un_besoin(projet, titre=dit["titre"], precision=dit["precision"], par=par)
    for preuve in dit["preuves"]:
        sorte, _, debut = preuve.partition(":")
        for chose in _trouver(projet, sorte, debut):
            prouver_le_besoin(besoin, f"{sorte}:{chose.pk}", par=par)
    for nombre, source in dit["nombres"]:
        recopier_un_nombre(besoin, nombre=nombre, source=source, par=par)
    for enjeu in Enjeu.objects.filter(axe__projet=projet, titre__in=dit["enjeux"]).order_by("pk"):
        relier_a_un_enjeu(besoin, enjeu, par=par)


def _trouver(projet: ProjetSocial, sorte: str, debut: str) -> QuerySet[Any]:
    """La chose du diagnostic qui commence ainsi ; pour un chiffre, son libellé, dans tous ses lieux.

    Lève `LookupError` : une preuve que nos données citent y est.
    """
    choses: QuerySet[Any] = getattr(projet, SORTES[sorte].relation).order_by("pk")
    cherche = {"libelle": debut} if sorte == "chiffre" else {f"{CHERCHES[sorte]}__startswith": debut}
    trouvees = choses.filter(**cherche)
    if not trouvees:
        raise LookupError(f"{sorte} : {debut}")
    return trouvees


def _poser_la_provenance(projet: ProjetSocial, par: Utilisateur) -> None:
    """Comme le ferait le bouton de la page, pour la dernière année notée."""
    origines = Origines(projet)
    if origines.annee is None or not origines.lues:
        return
    poser_un_tableau(
        projet,
        cle=f"provenance-{origines.annee}",
        titre=origines.titre_au_diagnostic,
        colonnes=COLONNES,
        lignes=origines.lignes_au_diagnostic(),
        source=origines.source_au_diagnostic,
        annee=origines.annee,
        par=par,
    )
