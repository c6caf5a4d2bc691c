"""Les fichiers : la fiche en PDF et en Word, et les résultats que l'on garde."""

import csv
import io
import json
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client
from lxml import etree

from maillage.catalogue.choices import EtatPoint, GenrePoint
from maillage.catalogue.models import Experience
from maillage.catalogue.views import exports
from maillage.catalogue.views.liste import PLAFOND_DU_DOSSIER
from tests.fabriques import ExperienceFactory, PointAVerifierFactory, StructureFactory, TermeFactory

pytestmark = pytest.mark.django_db
Indexer = Callable[[], int]
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def texte(reponse: HttpResponse) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(reponse.content)).paragraphs)


def titres(reponse: HttpResponse) -> list[str]:
    assert reponse.status_code == 200
    document = docx.Document(io.BytesIO(reponse.content))
    return [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]


def colonne_des_titres(client: Client, suite: str, extension: str) -> list[str]:
    reponse = client.get(f"/experiences/resultats.{extension}{suite}")
    assert reponse.status_code == 200
    assert f".{extension}" in reponse["Content-Disposition"]
    contenu = reponse.getvalue()
    if extension == "json":
        return [fiche["titre"] for fiche in json.loads(contenu)]
    if extension == "csv":
        lignes = list(csv.reader(io.StringIO(contenu.decode("utf-8-sig")), delimiter=";"))
    elif extension == "xlsx":
        feuille = openpyxl.load_workbook(io.BytesIO(contenu)).active
        assert feuille is not None
        lignes = [[str(valeur) for valeur in ligne] for ligne in feuille.iter_rows(values_only=True)]
    else:
        racine = etree.fromstring(zipfile.ZipFile(io.BytesIO(contenu)).read("content.xml"))
        lignes = [
            ["".join(cellule.itertext()) for cellule in ligne] for ligne in racine.iter(f"{TABLE}table-row")
        ]
    rang = lignes[0].index("titre")
    return [ligne[rang] for ligne in lignes[1:]]


# --- Une fiche -----------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", ["odt", "exe", "PDF", "html"])
def test_un_format_inconnu_n_existe_pas(client: Client, indexer: Indexer, extension: str) -> None:
    fiche = ExperienceFactory()
    indexer()
    assert client.get(f"/experiences/{fiche.code}/fiche.{extension}").status_code == 404
    assert client.get(f"/experiences/resultats.{extension}").status_code == 404


@pytest.mark.parametrize(("etat", "code"), [("brouillon", 404), ("retiree", 410)])
def test_une_fiche_illisible_n_a_pas_de_document(client: Client, etat: str, code: int) -> None:
    fiche = ExperienceFactory(**{etat: True})
    for extension in ("pdf", "docx"):
        assert client.get(f"/experiences/{fiche.code}/fiche.{extension}").status_code == code


def test_un_document_deja_recu_n_est_pas_rendu_de_nouveau(client: Client) -> None:
    fiche = ExperienceFactory()
    adresse = f"/experiences/{fiche.code}/fiche.pdf"
    premier = client.get(adresse)
    assert premier.content.startswith(b"%PDF-")
    assert "attachment" in premier["Content-Disposition"]
    assert client.get(adresse, headers={"If-None-Match": premier["ETag"]}).status_code == 304


def test_l_empreinte_change_avec_la_fiche_son_centre_et_ses_masques(client: Client) -> None:
    fiche = ExperienceFactory()
    point = PointAVerifierFactory(experience=fiche, genre=GenrePoint.TELEPHONE)
    adresse = f"/experiences/{fiche.code}/fiche.docx"
    empreintes = [client.get(adresse)["ETag"]]
    Experience.objects.filter(pk=fiche.pk).update(version=2)
    empreintes.append(client.get(adresse)["ETag"])
    type(fiche.structure).objects.filter(pk=fiche.structure.pk).update(version=2)
    empreintes.append(client.get(adresse)["ETag"])
    type(point).objects.filter(pk=point.pk).update(etat=EtatPoint.ECARTE)
    empreintes.append(client.get(adresse)["ETag"])
    assert len(set(empreintes)) == 4


# --- Les résultats -------------------------------------------------------------------------------


@pytest.mark.erreur_journalisee
def test_sans_index_le_fichier_dit_de_revenir(client: Client, indexer: Indexer) -> None:
    assert client.get("/experiences/resultats.docx").status_code == 503


def test_le_dossier_a_les_fiches_de_la_page_dans_son_ordre(client: Client, indexer: Indexer) -> None:
    sante = TermeFactory(libelle="Santé")
    for titre in ("Beta", "Alpha", "Gamma"):
        ExperienceFactory(titre=titre, termes=[sante])
    ExperienceFactory(titre="Ailleurs")
    ExperienceFactory(titre="Cachée", termes=[sante], brouillon=True)
    indexer()
    trouves = titres(client.get("/experiences/resultats.docx?mot_cle=sante&tri=titre"))
    assert [t for t in trouves if t in {"Alpha", "Beta", "Gamma", "Ailleurs", "Cachée"}] == [
        "Alpha",
        "Beta",
        "Gamma",
    ]


def test_les_fiches_cochees_seules_et_jamais_une_fiche_cachee(client: Client, indexer: Indexer) -> None:
    choisie, _, cachee = (
        ExperienceFactory(titre="Choisie"),
        ExperienceFactory(),
        ExperienceFactory(brouillon=True),
    )
    indexer()
    reponse = client.get(
        "/experiences/resultats.docx", {"q": "jardin", "fiche": [cachee.code, choisie.code, "rien"]}
    )
    assert "Choisie" in titres(reponse)
    assert cachee.titre not in texte(reponse)


@pytest.mark.parametrize("extension", ["csv", "json", "ods", "xlsx"])
def test_un_tableur_a_les_fiches_de_la_page_dans_son_ordre(
    client: Client, indexer: Indexer, extension: str
) -> None:
    for titre in ("Beta", "Alpha"):
        ExperienceFactory(titre=titre)
    ExperienceFactory(titre="Terminée", terminee=True)
    ExperienceFactory(titre="Cachée", brouillon=True)
    indexer()
    assert colonne_des_titres(client, "?statut=en_cours&tri=titre", extension) == ["Alpha", "Beta"]


@pytest.mark.parametrize("extension", ["csv", "ods", "xlsx"])
def test_un_tableur_n_execute_pas_ce_qu_un_centre_a_ecrit(
    client: Client, indexer: Indexer, extension: str
) -> None:
    ExperienceFactory(titre="=HYPERLINK(1)")
    indexer()
    assert colonne_des_titres(client, "", extension) == ["'=HYPERLINK(1)"]


def test_un_telephone_masque_l_est_aussi_dans_le_tableur(client: Client, indexer: Indexer) -> None:
    fiche = ExperienceFactory(titre="Appelez 04 00 00 00 12")
    PointAVerifierFactory(
        experience=fiche, genre=GenrePoint.TELEPHONE, champ="titre", debut=8, fin=22, extrait="04 00 00 00 12"
    )
    indexer()
    assert colonne_des_titres(client, "", "csv") == ["Appelez [téléphone masqué]"]


def test_un_tableur_se_lit_lot_par_lot_sans_rien_perdre(
    client: Client, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "TAILLE_DE_LOT", 2)
    structure = StructureFactory()
    attendus = [ExperienceFactory(titre=f"Titre {n}", structure=structure).titre for n in range(5)]
    indexer()
    assert colonne_des_titres(client, "?tri=titre", "json") == attendus


def test_un_telephone_masque_l_est_aussi_dans_le_dossier(client: Client, indexer: Indexer) -> None:
    fiche = ExperienceFactory(resume="Appelez le 04 00 00 00 12.")
    PointAVerifierFactory(
        experience=fiche,
        genre=GenrePoint.TELEPHONE,
        champ="resume",
        debut=11,
        fin=25,
        extrait="04 00 00 00 12",
    )
    indexer()
    contenu = texte(client.get("/experiences/resultats.docx"))
    assert "[téléphone masqué]" in contenu
    assert "04 00 00 00 12" not in contenu


def test_le_dossier_s_arrete_a_son_plafond(client: Client, indexer: Indexer) -> None:
    structure = StructureFactory()
    for _ in range(PLAFOND_DU_DOSSIER + 2):
        ExperienceFactory(structure=structure)
    indexer()
    trouves = titres(client.get("/experiences/resultats.docx"))
    assert sum(titre.startswith("Un jardin pour tous") for titre in trouves) == PLAFOND_DU_DOSSIER


def test_au_dela_du_debit_le_fichier_attend(client: Client, indexer: Indexer) -> None:
    indexer()
    codes = [client.get("/experiences/resultats.docx").status_code for _ in range(10)]
    assert codes[0] == 200
    assert codes[-1] == 429
