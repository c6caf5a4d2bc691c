"""Rendre les expériences et les blocs : mêmes colonnes partout, texte exact, rien d'exécutable, masques."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import load
from odf.table import TableCell, TableRow
from odf.teletype import extractText

from maillage.catalogue.choices import GenrePoint
from maillage.catalogue.exportation import (
    COLONNES_BLOC,
    COLONNES_EXPERIENCE,
    FORMATS,
    exporter,
    exporter_blocs,
)
from maillage.catalogue.exportation.formats import CELLULE_MAX, cellule, ecrire
from maillage.catalogue.importation.lecture import lire, lire_page
from maillage.catalogue.models import BlocSource, Experience
from maillage.catalogue.operations.importation import importer_blocs
from maillage.core.journal import SYSTEME
from tests.catalogue.page_source import bloc, relue, rendre
from tests.catalogue.test_lecture import PARTAGE, avec_les_vraies_pages
from tests.fabriques import ExperienceFactory, PointAVerifierFactory

FORMULES = ["=1+1", "+1", "-1", "@SOMME(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a")', "＝1"]
COLONNES = ("titre", "budget", "mots_cles")


def octets(morceaux: Iterator[bytes]) -> bytes:
    return b"".join(morceaux)


def tableau(format: str, contenu: bytes) -> list[list[str]]:
    """Les cellules d'un tableur, en textes."""
    if format == "csv":
        return list(csv.reader(io.StringIO(contenu.decode("utf-8-sig"), newline=""), delimiter=";"))
    if format == "xlsx":
        feuille = openpyxl.load_workbook(io.BytesIO(contenu)).active
        assert feuille is not None
        return [["" if v is None else str(v) for v in ligne] for ligne in feuille.iter_rows(values_only=True)]
    lignes = load(io.BytesIO(contenu)).spreadsheet.getElementsByType(TableRow)
    return [
        ["\n".join(extractText(p) for p in c.childNodes) for c in ligne.getElementsByType(TableCell)]
        for ligne in lignes
    ]


# --- Les refus ---------------------------------------------------------------------------------------
def test_un_format_inconnu_est_refuse() -> None:
    with pytest.raises(ValueError, match="Format inconnu"):
        ecrire([], COLONNES, "pdf", titre="x")


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
@pytest.mark.parametrize("formule", FORMULES)
def test_une_formule_est_neutralisee_dans_un_tableur(format: str, formule: str) -> None:
    ligne = {"titre": formule, "budget": None, "mots_cles": [formule]}
    contenu = octets(ecrire([ligne], COLONNES, format, titre="x"))
    for valeur in tableau(format, contenu)[1]:
        assert not valeur.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    if format == "xlsx":
        assert b"<f>" not in zipfile.ZipFile(io.BytesIO(contenu)).read("xl/worksheets/sheet1.xml")


def test_une_formule_reste_exacte_en_json() -> None:
    lignes = json.loads(
        octets(ecrire([{"titre": "=1+1", "budget": None, "mots_cles": []}], COLONNES, "json", titre="x"))
    )
    assert lignes[0]["titre"] == "=1+1"


# --- Les formats -------------------------------------------------------------------------------------
@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_un_texte_a_lignes_espaces_et_signes_se_relit(format: str) -> None:
    texte = ' Deux  espaces\n\nune ligne vide ; un point-virgule, « é » "guillemets" <b>&amp;\n fin '
    ligne = {"titre": texte, "budget": Decimal("1234.5"), "mots_cles": ["Emploi, économie", "Santé"]}
    titre, budget, mots = tableau(format, octets(ecrire([ligne], COLONNES, format, titre="x")))[1]
    assert titre == texte
    assert budget.replace(",", ".") == "1234.5"
    assert mots == "Emploi, économie | Santé"


@pytest.mark.parametrize("format", FORMATS)
def test_un_export_vide_a_ses_colonnes_et_s_ouvre(format: str) -> None:
    contenu = octets(ecrire([], COLONNES, format, titre="x"))
    if format == "json":
        assert json.loads(contenu) == []
    else:
        assert tableau(format, contenu) == [list(COLONNES)]


def test_un_texte_trop_long_pour_une_cellule_est_coupe_et_le_dit() -> None:
    coupe = cellule("a" * 40_000)
    assert isinstance(coupe, str)
    assert len(coupe) == CELLULE_MAX
    assert coupe.endswith("entier dans l’export JSON)")


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=60))
def test_tout_texte_s_ecrit_dans_tous_les_formats(texte: str) -> None:
    propre = texte.encode("utf-8", "replace").decode()
    for format in FORMATS:
        contenu = octets(
            ecrire([{"titre": propre, "budget": 3, "mots_cles": [propre]}], COLONNES, format, titre="x")
        )
        if format == "json":
            assert json.loads(contenu)[0]["titre"] == propre
        elif format == "ods":
            load(io.BytesIO(contenu))


# --- Les expériences ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_une_experience_sort_aux_cles_de_l_echange_puis_aux_notres() -> None:
    fiche = bloc(mots_cles=["Viellissement"], ressources_financieres="1 200 €", fichiers_associes=None)
    importer_blocs(
        lire_page(rendre([fiche, fiche | {"partenaires_action": ["CARSAT"]}]), "page.txt").blocs, par=SYSTEME
    )
    (sortie,) = json.loads(octets(exporter(Experience.objects.completes(), "json")))
    assert tuple(sortie) == COLONNES_EXPERIENCE
    attendu = relue(fiche) | {"partenaires_action": ["Bailleur social", "CARSAT"]}
    assert {cle: sortie[cle] for cle in attendu} == attendu
    assert sortie["budget"] == 1200
    assert [(s["fichier_source"], s["position"], s["partenaires_action"]) for s in sortie["sources"]] == [
        ("page.txt", 1, ["Bailleur social"]),
        ("page.txt", 2, ["CARSAT"]),
    ]


@pytest.mark.django_db
def test_une_experience_ecrite_ici_sort_sans_source() -> None:
    ExperienceFactory(terminee=True, publie_le=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    (sortie,) = json.loads(octets(exporter(Experience.objects.completes(), "json")))
    assert (sortie["fichier_source"], sortie["position"], sortie["sources"]) == ("", None, [])
    assert (sortie["statut"], sortie["raison_fin"]) == ("Terminée", "Le terrain a été repris.")


@pytest.mark.django_db
@pytest.mark.parametrize("format", FORMATS)
def test_un_telephone_non_verifie_est_masque_dans_un_export_public(format: str) -> None:
    experience = ExperienceFactory(description="Appelez le 06 12 34 56 78.")
    PointAVerifierFactory(
        experience=experience,
        genre=GenrePoint.TELEPHONE,
        champ="description",
        debut=11,
        fin=25,
        extrait="06 12 34 56 78",
    )
    public = octets(exporter(Experience.objects.completes(), format))
    if format in ("xlsx", "ods"):
        archive = zipfile.ZipFile(io.BytesIO(public))
        public = b"".join(archive.read(nom) for nom in archive.namelist())
    assert "masqué".encode() in public
    assert b"06 12 34 56 78" not in public


@pytest.mark.django_db
def test_un_export_ne_pose_pas_une_question_par_fiche(django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        ExperienceFactory()
    with django_assert_max_num_queries(8):
        octets(exporter(Experience.objects.completes(), "csv"))


# --- La commande -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_par_bloc_la_commande_rend_les_blocs_tels_qu_ils_ont_ete_lus(tmp_path: Path) -> None:
    fiches = [bloc(), bloc(statut="Terminée", raison_fin="", fichiers_associes=None), bloc(titre="")]
    importer_blocs(lire_page(rendre(fiches), "page.txt").blocs, par=SYSTEME)
    sortie = tmp_path / "blocs.json"
    call_command("exporter_catalogue", format="json", sortie=str(sortie), par="bloc")
    blocs = json.loads(sortie.read_text())
    assert blocs == [relue(fiche, position) for position, fiche in enumerate(fiches, start=1)]
    assert tuple(blocs[0]) == COLONNES_BLOC


@pytest.mark.django_db
def test_la_commande_n_exporte_que_ce_qui_est_publie(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ExperienceFactory(titre="Publiée")
    ExperienceFactory(brouillon=True)
    ExperienceFactory(retiree=True)
    sortie = tmp_path / "tout.csv"
    call_command("exporter_catalogue", format="csv", sortie=str(sortie), json=True)
    assert json.loads(capsys.readouterr().out)["nombre"] == 1
    assert len(tableau("csv", sortie.read_bytes())) == 2


@pytest.mark.django_db
def test_l_export_vers_la_sortie_standard_n_y_met_que_le_fichier(capsysbinary: Any) -> None:
    ExperienceFactory(titre="Publiée")
    call_command("exporter_catalogue", format="json", sortie="-")
    assert [fiche["titre"] for fiche in json.loads(capsysbinary.readouterr().out)] == ["Publiée"]


def test_deux_documents_sur_la_sortie_standard_sont_refuses() -> None:
    with pytest.raises(CommandError) as refus:
        call_command("exporter_catalogue", format="csv", sortie="-", json=True)
    assert refus.value.returncode == 2


@pytest.mark.django_db
@avec_les_vraies_pages
def test_les_vraies_pages_importees_puis_exportees_rendent_la_verite() -> None:
    verite = json.loads((PARTAGE / "verites" / "catalogue.json").read_text())
    for nom in dict.fromkeys(fiche["fichier_source"] for fiche in verite):
        importer_blocs(lire(PARTAGE / "sources" / nom, nom).blocs, par=SYSTEME)
    par_place = {(fiche["fichier_source"], fiche["position"]): fiche for fiche in verite}
    rendus = json.loads(octets(exporter_blocs(BlocSource.objects.all(), "json")))
    assert {(un["fichier_source"], un["position"]): un for un in rendus} == par_place
    fiches = json.loads(octets(exporter(Experience.objects.completes(), "json", est_public=False)))
    assert len(fiches) == 48
    for fiche in fiches:
        for source in fiche["sources"]:
            vraie = par_place[source["fichier_source"], source["position"]]
            assert set(vraie["partenaires_action"]) <= set(fiche["partenaires_action"])
            for cle in set(vraie) - {"fichier_source", "position", "partenaires_action"}:
                assert fiche[cle] == vraie[cle], (source, cle)
