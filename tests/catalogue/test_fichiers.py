"""Les fichiers : la fiche en PDF et en Word, et les résultats que l'on garde."""

import io
from collections.abc import Callable

import docx
import pytest
from django.http import HttpResponse
from django.test import Client

from maillage.catalogue.choices import EtatPoint, GenrePoint
from maillage.catalogue.models import Experience
from maillage.catalogue.views.liste import PLAFOND_DU_DOSSIER
from tests.fabriques import ExperienceFactory, PointAVerifierFactory, StructureFactory, TermeFactory

pytestmark = pytest.mark.django_db
Indexer = Callable[[], int]


def texte(reponse: HttpResponse) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(reponse.content)).paragraphs)


def titres(reponse: HttpResponse) -> list[str]:
    assert reponse.status_code == 200
    document = docx.Document(io.BytesIO(reponse.content))
    return [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]


# --- Une fiche -----------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", ["odt", "exe", "PDF", "html"])
def test_un_format_inconnu_n_existe_pas(client: Client, indexer: Indexer, extension: str) -> None:
    fiche = ExperienceFactory()
    indexer()
    assert client.get(f"/experiences/{fiche.code}/fiche.{extension}").status_code == 404
    assert client.get(f"/experiences/resultats.{extension}").status_code == 404


@pytest.mark.parametrize(("etat", "code"), [("brouillon", 404), ("soumise", 404), ("retiree", 410)])
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
