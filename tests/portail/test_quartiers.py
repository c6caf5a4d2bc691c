"""Déposer la liste des quartiers prioritaires : aperçu, puis confirmation."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.core.models import LigneJournal
from maillage.territoire.models import Quartier
from tests.fabriques import CommuneFactory

pytestmark = pytest.mark.django_db
ADRESSE = "/espace/quartiers/"


def depot(contenu: bytes = b"code_qp;lib_qp;insee_com\nQN06301N;Nord;63113\nfaux;x;y\n") -> dict[str, Any]:
    CommuneFactory()
    return {"millesime": "2024", "fichier": SimpleUploadedFile("qpv.csv", contenu, "text/csv")}


@pytest.mark.parametrize("personne", ["amina", "bruno", "denis"])
def test_qui_ne_modere_pas_ne_voit_pas_la_page(client_de: Callable[[str], Client], personne: str) -> None:
    client = client_de(personne)
    assert client.get(ADRESSE).status_code == 404
    assert client.post(ADRESSE, depot()).status_code == 404
    assert client.post(f"{ADRESSE}confirmer/", {"lot": ""}).status_code == 404


@pytest.mark.parametrize("lot", ["", "faux", "eyJ:faux:signature"])
def test_un_lot_fabrique_est_refuse(client_de: Callable[[str], Client], lot: str) -> None:
    page = client_de("lea").post(f"{ADRESSE}confirmer/", {"lot": lot}, follow=True)
    assert "n’est plus valable" in page.content.decode()
    assert not Quartier.objects.exists()


@pytest.mark.parametrize("contenu", [b"bonjour", b"\x89PNG\r\n\x1a\n\0\0", b"code_qp;lib_qp;insee_com\n"])
def test_un_mauvais_fichier_est_refuse_avec_sa_raison(
    client_de: Callable[[str], Client], contenu: bytes
) -> None:
    reponse = client_de("lea").post(ADRESSE, depot(contenu))
    assert reponse.status_code == 422 and not Quartier.objects.exists()


def test_sans_fichier_ni_annee_les_champs_le_disent(client_de: Callable[[str], Client]) -> None:
    page = client_de("lea").post(ADRESSE, {"millesime": "1999"})
    assert page.status_code == 422 and "Choisissez d’abord un fichier" in page.content.decode()


def test_l_apercu_n_ecrit_rien_puis_la_confirmation_ecrit(client_de: Callable[[str], Client]) -> None:
    client = client_de("lea")
    apercu = client.post(ADRESSE, depot())
    texte = apercu.content.decode().replace("\u00a0", " ")
    assert "1 quartier lu, 1 ligne écartée" in texte.replace("</strong>", "") and "Ligne 3" in texte
    assert not Quartier.objects.exists()
    page = client.post(f"{ADRESSE}confirmer/", {"lot": apercu.context["lot"]}, follow=True).content.decode()
    assert "1 créé" in page.replace("\u00a0", " ")
    assert Quartier.objects.get().communes.get().pk == "63113"
    assert LigneJournal.objects.get(acte="importer_quartiers").acteur_nom.startswith("Léa")
