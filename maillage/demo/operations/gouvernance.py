"""La gouvernance et le budget des Deux-Ponts, par les actes de l'équipe : instances, réunions, grilles, financeurs."""

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.core.models import LigneJournal
from maillage.demo.donnees import lire_objet
from maillage.demo.operations.fiches import matin
from maillage.projets.choices import EtatProjet, GenrePreuve, PorteeBudget
from maillage.projets.elements import GENRES
from maillage.projets.lecture_du_budget import Montants
from maillage.projets.models import FicheAction, Instance, Mandat, ProjetSocial, Reunion
from maillage.projets.operations.budget import (
    HEURES,
    JAMAIS_ECRIT,
    BudgetVoulu,
    ajouter_financement,
    copier_l_annee,
    ecrire_budget,
    reprendre_la_somme,
)
from maillage.projets.operations.elements import corriger_element
from maillage.projets.operations.gouvernance import (
    ajouter_decision,
    ajouter_preuve,
    cocher_decision,
    noter_les_presences,
    ouvrir_mandat,
    poser_reunion,
    regler_les_colleges,
)
from maillage.territoire.models import Structure

FICHIER: Final = "gouvernance_deux_ponts"
VENDREDI: Final = 4
TENU: Final = 12
"""Il y a tant de jours : le journal dit qu'on a tenu tout cela à jour."""
Donnees = Mapping[str, Any]


def tenir_la_gouvernance_et_le_budget(structures: Mapping[str, Structure]) -> None:
    """À appeler quand le projet des Deux-Ponts est écrit."""
    donnees = lire_objet(FICHIER)
    structure = structures[donnees["structure"]]
    projet = structure.projets.filter(etat=EtatProjet.EN_COURS).order_by("pk").first()
    if projet is None:
        return
    tenue = Appartenance.objects.en_cours().filter(structure=structure, role=Role.DIRECTRICE)
    par = tenue.select_related("utilisateur").order_by("pk")[0].utilisateur
    derniere = LigneJournal.objects.aggregate(derniere=Max("pk"))["derniere"] or 0
    fiches = {fiche.titre: fiche for fiche in projet.fiches.all()}
    _gouverner(projet, donnees, fiches, par)
    _chiffrer(projet, donnees, fiches, par)
    LigneJournal.objects.filter(pk__gt=derniere).update(fait_le=matin(_il_y_a(TENU)))


def _il_y_a(jours: int) -> date:
    return timezone.localdate() - timedelta(days=jours)


def _en_semaine(jours: int) -> date:
    """Un jour où l'on se réunit : un vendredi plutôt qu'un samedi, un lundi plutôt qu'un samedi à venir."""
    jour = _il_y_a(jours)
    while jour.weekday() > VENDREDI:
        jour += timedelta(days=-1 if jours >= 0 else 1)
    return jour


# --- La gouvernance -----------------------------------------------------------------------------------


def _gouverner(
    projet: ProjetSocial, donnees: Donnees, fiches: Mapping[str, FicheAction], par: Utilisateur
) -> None:
    instances = {instance.nom: instance for instance in projet.instances.all()}
    for ligne in donnees["instances"]:
        instance = instances[ligne["nom"]]
        regler_les_colleges(instance, ligne["colleges"], par=par)
        if ligne.get("veut_la_parite"):
            genre = GENRES["instances"]
            voulues = genre.valeurs(instance) | {"veut_la_parite": True}
            corriger_element(instance, genre, voulues, lue=genre.empreinte(instance), par=par)
    for ligne in donnees["mandats"]:
        ouvrir_mandat(
            instances[ligne["instance"]],
            genre=ligne["genre"],
            nom=ligne["nom"],
            fonction=ligne["fonction"],
            du=_il_y_a(ligne["depuis"]),
            au=_il_y_a(-ligne["dans"]),
            par=par,
        )
    for ligne in donnees["reunions"]:
        _reunir(instances[ligne["instance"]], ligne, fiches, par)
    for ligne in donnees["preuves"]:
        ajouter_preuve(
            fiches[ligne["fiche"]],
            genre=GenrePreuve(ligne["genre"]),
            le=_il_y_a(ligne["il_y_a"]),
            texte=ligne["texte"],
            habitants=ligne["habitants"],
            par=par,
        )


def _reunir(instance: Instance, ligne: Donnees, fiches: Mapping[str, FicheAction], par: Utilisateur) -> None:
    reunion: Reunion = poser_reunion(
        instance,
        le=_en_semaine(ligne["il_y_a"] if "il_y_a" in ligne else -ligne["dans"]),
        heure=time.fromisoformat(ligne["heure"]),
        lieu=ligne["lieu"],
        ordre_du_jour=ligne["ordre_du_jour"],
        compte_rendu=ligne.get("compte_rendu", ""),
        par=par,
    )
    if "il_y_a" not in ligne:
        return
    mandats = {mandat.nom: mandat.pk for mandat in Mandat.objects.filter(college__instance=instance)}
    venues = {mandats[nom]: venue for nom, venue in ligne.get("presences", {}).items()}
    noter_les_presences(reunion, venues, ligne["autres"], version_lue=reunion.version, par=par)
    for dite in ligne.get("decisions", ()):
        decision = ajouter_decision(
            reunion,
            texte=dite["texte"],
            qui=dite["qui"],
            pour_le=_il_y_a(-dite["pour_dans"]) if "pour_dans" in dite else None,
            fiche=fiches[dite["fiche"]] if "fiche" in dite else None,
            par=par,
        )
        if dite.get("faite"):
            cocher_decision(decision, est_faite=True, par=par)


# --- Le budget ----------------------------------------------------------------------------------------


def _chiffrer(
    projet: ProjetSocial, donnees: Donnees, fiches: Mapping[str, FicheAction], par: Utilisateur
) -> None:
    annee = donnees["annee"]
    for ligne in donnees["centres"]:
        ecrire_budget(projet, ligne["annee"], _voulu(PorteeBudget.CENTRE, None, ligne), par=par)
    for ligne in donnees["budgets"]:
        fiche = fiches[ligne["fiche"]] if "fiche" in ligne else None
        ecrire_budget(projet, annee, _voulu(PorteeBudget(ligne["portee"]), fiche, ligne), par=par)
    reprendre_la_somme(projet, annee, par=par)
    for ligne in donnees["financements"]:
        montants = {champ: _montant(ligne[champ]) for champ in ("demande", "accorde", "recu")}
        ajouter_financement(projet, annee, nom=ligne["nom"], objet=ligne["objet"], **montants, par=par)
    copier_l_annee(projet, annee, donnees["copie_vers"], par=par)


def _voulu(portee: PorteeBudget, fiche: FicheAction | None, ligne: Donnees) -> BudgetVoulu:
    heures = {champ: _montant(ligne.get(champ)) for champ in HEURES}
    return BudgetVoulu(portee, fiche, JAMAIS_ECRIT, dict(_montants(ligne)), heures)


def _montants(ligne: Donnees) -> Iterator[tuple[str, Montants]]:
    prevus, reels = ligne["prevu"], ligne.get("reel", {})
    for compte in sorted({*prevus, *reels}):
        yield compte, Montants(_montant(prevus.get(compte)), _montant(reels.get(compte)))


def _montant(dit: str | None) -> Decimal | None:
    return None if dit is None else Decimal(dit)
