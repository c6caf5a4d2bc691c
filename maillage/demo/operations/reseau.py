"""Remplir une installation de démonstration, une seule fois, par les actes des autres pièces."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils import timezone

from maillage.catalogue.importation.bloc import Bloc
from maillage.catalogue.importation.lexique import VALEURS
from maillage.catalogue.operations.importation import importer_blocs
from maillage.comptes.models import Utilisateur
from maillage.comptes.operations import ouvrir_compte
from maillage.core.journal import SYSTEME
from maillage.core.models import Echeance
from maillage.demo.distribution import comptes
from maillage.demo.donnees import lire
from maillage.demo.operations.diagnostic import ecrire_le_diagnostic
from maillage.demo.operations.dossier import ecrire_le_dossier
from maillage.demo.operations.envois import transmettre_les_dossiers
from maillage.demo.operations.evaluation import ecrire_l_evaluation
from maillage.demo.operations.gouvernance import tenir_la_gouvernance_et_le_budget
from maillage.demo.operations.projets import ecrire_les_projets
from maillage.demo.operations.quotidien import charger_le_quotidien
from maillage.demo.operations.verification import verifier_les_dossiers
from maillage.demo.operations.vie import animer
from maillage.territoire.models import Commune, Departement, Gestionnaire, Institution, Structure
from maillage.territoire.operations import (
    ajouter_site,
    annoncer_fermeture,
    charger_territoire,
    creer_structure,
    definir_desserte,
    enregistrer_agrement,
    territoire_est_charge,
)

CHARGE = "demo:reseau"
HEURE_DE_PUBLICATION = time(9, 30)
ARRIVEE = date(2024, 9, 2)
"""Toute l'équipe est là depuis une rentrée : personne n'arrive le jour où l'on regarde."""
GRAPHIES = {
    champ: {libelle: graphie for graphie, libelle in valeurs.items()} for champ, valeurs in VALEURS.items()
}
"""Par champ : libellé → graphie d'échange, celle des blocs. Nos fiches sont écrites avec les libellés."""
LISTES = ("dimensions", "mots_cles", "publics", "initiatives", "partenaires_action")


def reseau_est_a_charger() -> bool:
    return not Echeance.objects.filter(nom=CHARGE).exists()


def charger_reseau() -> bool:
    """Charge tout le réseau, ou rien. Rend False, sans rien toucher, quand il est déjà là.

    Ce qu'une personne a changé depuis le premier chargement lui appartient : rien n'est remis en place.
    """
    if not reseau_est_a_charger():
        return False
    if not territoire_est_charge():
        charger_territoire()
    with transaction.atomic():
        Echeance.objects.create(nom=CHARGE, fait_le=timezone.now())
        structures = {ligne.pop("cle"): _structure(**ligne) for ligne in lire("structures")}
        institutions = {ligne["nom"]: _institution(**ligne) for ligne in lire("institutions")}
        _ouvrir_comptes({**structures, **institutions})
        _publier([_bloc(structures[ligne.pop("structure")], **ligne) for ligne in lire("experiences")])
        ecrire_les_projets(structures)
        charger_le_quotidien(structures)
        ecrire_le_diagnostic(structures)
        animer(structures)
        tenir_la_gouvernance_et_le_budget(structures)
        ecrire_l_evaluation(structures)
        ecrire_le_dossier(structures["deux-ponts"])
        verifier_les_dossiers(structures)
        transmettre_les_dossiers(structures)
    return True


def _structure(
    *,
    commune_insee: str,
    gestionnaire: dict[str, Any],
    agrements: list[dict[str, Any]],
    sites: list[dict[str, Any]],
    desserte: list[dict[str, Any]],
    premier_agrement_le: str,
    **valeurs: Any,
) -> Structure:
    commune = _commune(commune_insee)
    structure = creer_structure(
        commune=commune,
        departement=commune.departement,
        gestionnaire=Gestionnaire.objects.get_or_create(**gestionnaire)[0],
        premier_agrement_le=date.fromisoformat(premier_agrement_le),
        par=SYSTEME,
        **valeurs,
    )
    for agrement in agrements:
        enregistrer_agrement(structure, **_en_dates(agrement), par=SYSTEME)
    for site in sites:
        fermetures = site.pop("fermetures")
        lieu = ajouter_site(structure, commune=_commune(site.pop("commune_insee")), **site, par=SYSTEME)
        for fermeture in fermetures:
            annoncer_fermeture(lieu, **_en_dates(fermeture), par=SYSTEME)
    for zone in desserte:
        definir_desserte(structure, commune=_commune(zone.pop("commune_insee")), **zone, par=SYSTEME)
    return structure


def _commune(code_insee: str) -> Commune:
    return Commune.objects.select_related("departement").get(pk=code_insee)


def _en_dates(ligne: dict[str, Any]) -> dict[str, Any]:
    return ligne | {cle: date.fromisoformat(ligne[cle]) for cle in ("du", "au")}


def _institution(*, nom: str, genre: str, departements: list[str]) -> Institution:
    institution, _ = Institution.objects.get_or_create(nom=nom, defaults={"genre": genre})
    institution.departements.set(Departement.objects.filter(pk__in=departements))
    return institution


def _ouvrir_comptes(organisations: Mapping[str, Structure | Institution]) -> None:
    for compte in comptes():
        utilisateur = ouvrir_compte(
            Utilisateur(email=compte.courriel, prenom=compte.prenom, nom=compte.nom),
            mot_de_passe=compte.mot_de_passe,
            role=compte.role,
            organisation=organisations[compte.structure or compte.institution],
        )
        utilisateur.appartenances.update(du=ARRIVEE)
        if compte.a_second_facteur:
            TOTP.activate(utilisateur, compte.secret)


def _publier(blocs: list[Bloc]) -> None:
    """Par l'import, comme les pages du catalogue national : une démonstration passe par le même chemin."""
    bilan = importer_blocs(blocs, par=SYSTEME)
    if bilan.rejetees:
        raise ValueError(f"Fiches de démonstration à corriger : {bilan.details}")


def _bloc(
    structure: Structure,
    *,
    depuis: str,
    publie_le: str,
    territoire: str,
    financeurs: list[dict[str, Any]],
    **champs: Any,
) -> Bloc:
    """Sans fichier source : la fiche naît ici, aucun bloc n'en est gardé comme preuve."""
    listes: dict[str, Any] = {champ: [_graphie(champ, mot) for mot in champs.pop(champ)] for champ in LISTES}
    jour = date.fromisoformat(publie_le)
    return Bloc(
        fichier_source="",
        position=0,
        ligne=0,
        structure_brute="",
        structure_nom=structure.nom,
        departement=str(structure.departement),
        fichiers_associes=None,
        territoire=_graphie("territoire", territoire),
        financeurs={
            _graphie("partenaires_action", financeur["partenaire"]): financeur["montant"]
            for financeur in financeurs
        },
        depuis_le=date.fromisoformat(f"{depuis}-01"),
        publie_le=timezone.make_aware(datetime.combine(jour, HEURE_DE_PUBLICATION)),
        **listes,
        **champs,
    )


def _graphie(champ: str, libelle: str) -> str:
    """Un partenaire que la liste ne connaît pas garde son nom."""
    return GRAPHIES[champ].get(libelle, libelle)
