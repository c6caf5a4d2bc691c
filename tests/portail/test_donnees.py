"""Les données ouvertes : produites, datées, retrouvées."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from maillage.catalogue.choices import GenrePoint
from maillage.portail.donnees_ouvertes import publication
from maillage.portail.donnees_ouvertes.annuaire import CHAMPS_DATA_INCLUSION, structures_data_inclusion
from maillage.portail.donnees_ouvertes.dictionnaire import DICTIONNAIRES
from maillage.portail.donnees_ouvertes.jeux import JEUX
from maillage.territoire.models import Structure
from tests.fabriques import ExperienceFactory, PointAVerifierFactory, SiteFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dossier_a_part(settings: Any, tmp_path: Path) -> None:
    settings.DOSSIER_FICHIERS = tmp_path


def corps(reponse: Any) -> bytes:
    return b"".join(reponse.streaming_content)


@pytest.mark.parametrize(
    "adresse",
    [
        "/donnees/derniere/centres.csv",
        "/donnees/2026-01-01/centres.csv",
        "/donnees/derniere/manifeste.json",
        "/donnees/derniere/..%2Fmanifeste.json",
        "/donnees/provisoire-x/centres.csv",
    ],
)
def test_un_fichier_qui_n_est_pas_publie_n_existe_pas(client: Client, adresse: str) -> None:
    if "derniere/c" not in adresse:
        publication.publier()
    assert client.get(adresse).status_code == 404


def test_avant_la_premiere_nuit_la_page_le_dit(client: Client) -> None:
    assert "pas encore prêts" in client.get("/donnees/").content.decode()


def test_une_cellule_n_est_jamais_une_formule_et_une_longitude_reste_un_nombre(client: Client) -> None:
    structure = StructureFactory(nom="=CMD()")
    SiteFactory(structure=structure, longitude=-61.5, latitude=16.2)
    publication.publier()
    lignes = corps(client.get("/donnees/derniere/centres.csv")).decode("utf-8-sig")
    assert ";'=CMD();" in lignes and ";-61.5;" in lignes
    assert json.loads(corps(client.get("/donnees/derniere/centres.json")))[0]["longitude"] == -61.5


def test_une_panne_pendant_l_ecriture_ne_laisse_rien(monkeypatch: pytest.MonkeyPatch) -> None:
    premiere = publication.publier()

    def tomber(*arguments: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(publication, "_ecrire", tomber)
    with pytest.raises(OSError, match="disque plein"):
        publication.publier()
    assert publication.derniere() == premiere
    assert [d.name for d in publication.dossier().iterdir() if d.is_dir()] == [premiere.nom]


def test_l_annuaire_a_une_ligne_par_lieu(client: Client) -> None:
    structure = StructureFactory(slug="la-ruche", decrite=True)
    SiteFactory(structure=structure)
    SiteFactory(structure=structure, nom="Annexe", est_principal=False)
    StructureFactory(slug="sans-lieu", a_completer=True)
    publication.publier()
    texte = corps(client.get("/donnees/derniere/centres.csv"))
    assert texte.startswith(b"\xef\xbb\xbf")
    lignes = list(csv.DictReader(io.StringIO(texte.decode("utf-8-sig")), delimiter=";"))
    assert [(ligne["id"], ligne["lieu"]) for ligne in lignes] == [
        ("la-ruche", "Maison des Tilleuls"),
        ("la-ruche", "Annexe"),
        ("sans-lieu", ""),
    ]
    assert json.loads(corps(client.get("/donnees/derniere/centres.json")))[0]["id"] == "la-ruche"


def test_rien_de_nouveau_ne_fait_pas_de_version() -> None:
    StructureFactory()
    premiere = publication.publier()
    assert publication.publier() == premiere
    StructureFactory()
    seconde = publication.publier()
    assert seconde.nom == f"{premiere.nom}-2"
    assert [v.nom for v in publication.versions()] == [seconde.nom, premiere.nom]


def test_la_dixieme_version_du_jour_vient_apres_la_neuvieme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "VERSIONS_GARDEES", 3)
    for _ in range(11):
        StructureFactory()
        derniere = publication.publier()
    assert derniere.nom.endswith("-11")
    assert len(publication.versions()) == 3 and publication.derniere() == derniere


def test_un_fichier_inchange_n_est_pas_retransmis(client: Client) -> None:
    publication.publier()
    premiere = client.get("/donnees/derniere/centres.csv")
    corps(premiere)
    etag = premiere.headers["ETag"]
    assert client.get("/donnees/derniere/centres.csv", HTTP_IF_NONE_MATCH=etag).status_code == 304


def test_la_page_dit_les_fichiers_leur_date_et_leurs_champs(client: Client) -> None:
    publication.publier()
    page = client.get("/donnees/").content.decode()
    assert "/donnees/derniere/centres.csv" in page and "Licence Ouverte 2.0" in page
    assert "opening_hours" in page


def test_les_experiences_publiees_sortent_avec_leurs_masques(client: Client) -> None:
    fiche = ExperienceFactory(titre="Un jardin", description="Appelez le 06 12 34 56 78.")
    ExperienceFactory(brouillon=True, titre="Pas encore")
    PointAVerifierFactory(
        experience=fiche,
        genre=GenrePoint.TELEPHONE,
        champ="description",
        debut=11,
        fin=25,
        extrait="06 12 34 56 78",
    )
    version = publication.publier()
    assert {f.nom: f.lignes for f in version.fichiers if f.jeu == "experiences"} == {
        f"experiences.{format}": 1 for format in ("json", "csv", "xlsx", "ods")
    }
    for format in ("json", "csv", "xlsx", "ods"):
        assert b"06 12 34" not in corps(client.get(f"/donnees/derniere/experiences.{format}"))
    assert json.loads(corps(client.get("/donnees/derniere/experiences.json")))[0]["titre"] == "Un jardin"


def test_chaque_colonne_a_sa_definition() -> None:
    definis = {nom: dict(champs) for nom, _, champs in DICTIONNAIRES}
    for jeu in JEUX[:2]:
        assert list(definis[jeu.nom]) == list(jeu.colonnes)
        assert all(definis[jeu.nom].values())


def test_data_inclusion_suit_son_schema() -> None:
    structure = StructureFactory(nom="La Ruche.", slug="la-ruche", decrite=True)
    Structure.objects.filter(pk=structure.pk).update(presentation="Une maison pour tous.")
    SiteFactory(structure=structure, telephone="0262 12 34 56", latitude=45.7, longitude=3.0)
    SiteFactory(structure=structure, nom="Annexe", est_principal=False, horaires="n’importe quoi")
    StructureFactory(fermee=True)
    principale, annexe = structures_data_inclusion()
    assert tuple(principale) == CHAMPS_DATA_INCLUSION and len(principale) == 20
    assert (principale["id"], principale["nom"]) == ("maillage--la-ruche", "La Ruche")
    assert principale["telephone"] == "+262262123456" and principale["code_insee"] == "63113"
    assert principale["description"] == "Une maison pour tous."
    assert annexe["id"] != principale["id"] and annexe["horaires_accueil"] is None
    assert annexe["complement_adresse"] == "Annexe"


def test_la_commande_n_ecrit_que_si_on_le_demande(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("publier_donnees", json=True)
    assert json.loads(capsys.readouterr().out) == {"version": None, "fichiers": {}}
    call_command("publier_donnees", ecrire=True, json=True)
    assert json.loads(capsys.readouterr().out)["fichiers"]["centres.csv"] == 0
