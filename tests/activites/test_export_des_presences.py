"""Sortir les présences d'une activité : la direction seule, avec sa raison, et le journal le garde."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from maillage.activites.models import Activite
from maillage.core.models import LigneJournal
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def activite(distribution: Distribution) -> Activite:
    une: Activite = ActiviteFactory(structure=distribution.deux_ponts, animateurs=[distribution.bruno])
    PresenceFactory(
        seance=SeanceFactory(activite=une), personne__prenom="Zélie", personne__nom="=1+1", age=12
    )
    return une


@pytest.mark.parametrize("personne", ["bruno", "ines", "farid", "chloe", "denis"])
def test_qui_ne_dirige_pas_n_a_pas_le_fichier(personne: str, client_de: ClientDe, activite: Activite) -> None:
    adresse = reverse("presences_fichier", args=[activite.pk])
    assert client_de(personne).get(adresse).status_code == 404
    assert client_de(personne).post(adresse, {"raison": "justificatif CLAS"}).status_code == 404


@pytest.mark.parametrize("raison", ["", "  ", "CLAS"])
def test_sans_raison_rien_ne_sort(raison: str, client_de: ClientDe, activite: Activite) -> None:
    reponse = client_de("amina").post(reverse("presences_fichier", args=[activite.pk]), {"raison": raison})
    assert reponse.status_code == 422 and "à quoi ce fichier va servir" in reponse.content.decode()
    assert not LigneJournal.objects.filter(acte="exporter_les_presences").exists()


def test_le_classeur_a_une_ligne_par_presence_et_le_journal_la_raison(
    client_de: ClientDe, activite: Activite
) -> None:
    reponse = client_de("amina").post(
        reverse("presences_fichier", args=[activite.pk]), {"raison": "justificatif CLAS 2026"}
    )
    feuille = openpyxl.load_workbook(io.BytesIO(b"".join(reponse))).active
    assert feuille is not None
    lignes = list(feuille.iter_rows(values_only=True))
    assert len(lignes) == 2 and lignes[1][3:7] == ("Zélie", "'=1+1", "Participant", 12)
    assert "justificatif CLAS 2026" in LigneJournal.objects.get(acte="exporter_les_presences").phrase
