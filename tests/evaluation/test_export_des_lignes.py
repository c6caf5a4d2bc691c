"""Sortir les lignes derrière un nombre : les mêmes masques qu'à l'écran, et le journal garde qui et pourquoi."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from maillage.activites.choices import EtatSeance
from maillage.core.models import LigneJournal
from maillage.projets.choices import EtatProjet
from maillage.projets.models import Indicateur
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
FORMULE = "=HYPERLINK(0)"
RAISON = "vérifier le bilan avant de l’envoyer"


@pytest.fixture
def indicateur(distribution: Distribution) -> Indicateur:
    """Deux présences à l'atelier que Bruno anime, dont le titre et un prénom commencent comme une formule."""
    centre = distribution.deux_ponts
    distribution.caf.departements.add(centre.departement)
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=centre, etat=EtatProjet.EN_COURS))
    atelier = ActiviteFactory(structure=centre, fiche=fiche, titre=FORMULE, animateurs=[distribution.bruno])
    debut = datetime(2025, 3, 10, 14, tzinfo=UTC)
    seance = SeanceFactory(activite=atelier, debut=debut, etat=EtatSeance.TENUE)
    for prenom in ("Salima", "@Yvonne"):
        PresenceFactory(
            seance=seance, personne=PersonneFactory(structure=centre, prenom=prenom, nom="Berger")
        )
    return IndicateurFactory(fiche=fiche, source="calcul", definition={"mesures": ["presences"]})


def telecharger(client: Client, page: str, indicateur: Indicateur, format: str = "csv", **champs: str) -> Any:
    adresse = reverse(page, args=[indicateur.pk, format])
    return client.post(adresse, {"annee": "2025"} | champs)


def octets(reponse: Any) -> bytes:
    assert reponse.status_code == 200
    return b"".join(reponse)


@pytest.mark.parametrize("page", ["indicateur_lignes_fichier", "indicateur_noms_fichier"])
@pytest.mark.parametrize("personne", ["chloe", "denis", "lea", "nadia", "omar"])
def test_ni_la_caf_ni_un_autre_centre_n_en_sort_rien(
    client_de: Ouvrir, indicateur: Indicateur, personne: str, page: str
) -> None:
    assert telecharger(client_de(personne), page, indicateur, raison=RAISON).status_code in {302, 404}
    assert not LigneJournal.objects.filter(acte__startswith="exporter_les").exists()


@pytest.mark.parametrize("personne", ["bruno", "farid", "ines"])
def test_les_noms_ne_sortent_que_par_la_direction(
    client_de: Ouvrir, indicateur: Indicateur, personne: str
) -> None:
    """Bruno et Inès les lisent à l'écran."""
    reponse = telecharger(client_de(personne), "indicateur_noms_fichier", indicateur, raison=RAISON)
    assert reponse.status_code == 404


def test_les_noms_ne_sortent_pas_sans_raison(client_de: Ouvrir, indicateur: Indicateur) -> None:
    reponse = telecharger(client_de("amina"), "indicateur_noms_fichier", indicateur, raison="bilan")
    assert reponse.status_code == 422
    assert "à quoi ce fichier va servir" in reponse.content.decode()
    assert not LigneJournal.objects.filter(acte="exporter_les_noms").exists()


@pytest.mark.parametrize("format", ["json", "exe"])
def test_un_autre_format_n_existe_pas_et_ne_laisse_pas_de_trace(
    client_de: Ouvrir, indicateur: Indicateur, format: str
) -> None:
    reponse = telecharger(client_de("farid"), "indicateur_lignes_fichier", indicateur, format)
    assert reponse.status_code == 404
    assert not LigneJournal.objects.filter(acte="exporter_les_lignes").exists()


def test_lire_l_adresse_ne_telecharge_rien(client_de: Ouvrir, indicateur: Indicateur) -> None:
    adresse = reverse("indicateur_lignes_fichier", args=[indicateur.pk, "csv"])
    assert client_de("farid").get(adresse).status_code == 405


def test_farid_sort_les_lignes_sans_aucun_nom_et_le_journal_le_dit(
    client_de: Ouvrir, indicateur: Indicateur
) -> None:
    reponse = telecharger(client_de("farid"), "indicateur_lignes_fichier", indicateur)
    texte = octets(reponse).decode("utf-8-sig")
    entetes, *lignes = list(csv.reader(io.StringIO(texte), delimiter=";"))
    assert entetes == ["Mesure", "Le", "Quoi", "Précision", "Qui"]
    assert lignes == [["présences", "2025-03-10", f"'{FORMULE}", "participant", "une personne"]] * 2
    ligne = LigneJournal.objects.get(acte="exporter_les_lignes")
    assert ligne.structure_id == indicateur.fiche.projet.structure_id
    assert "2025" in ligne.phrase
    assert "Berger" not in texte + ligne.phrase


def test_le_tableur_ne_porte_aucune_formule(client_de: Ouvrir, indicateur: Indicateur) -> None:
    reponse = telecharger(client_de("amina"), "indicateur_noms_fichier", indicateur, "xlsx", raison=RAISON)
    feuille = load_workbook(io.BytesIO(octets(reponse))).active
    cellules = [cellule for ligne in feuille.iter_rows() for cellule in ligne]
    assert {cellule.data_type for cellule in cellules} <= {"s", "n", "d"}
    lues = {str(cellule.value) for cellule in cellules}
    assert {"Salima Berger", "'@Yvonne Berger", f"'{FORMULE}"} <= lues
    phrase = LigneJournal.objects.get(acte="exporter_les_noms").phrase
    assert RAISON in phrase
    assert "Berger" not in phrase
