"""Le PDF du dossier lu par sa structure, comme le lit un lecteur d'écran ; et le contrôle, pris en défaut."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from maillage.core.documents.pdf import rendre_pdf
from maillage.core.journal import SYSTEME
from maillage.projets.exportation.dossier import document_du_dossier
from maillage.projets.exportation.resume import resume_du_projet
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from tests.distribution import Distribution
from tests.documents import document_complet
from tests.fabriques import StructureFactory
from tests.projets.fabriques_dossier import dossier_d_essai
from tests.structure_du_pdf import elements_du_pdf, fautes_du_pdf

VERITES = Path(__file__).resolve().parents[3] / "shared" / "verites"


def _abimer(geste: Callable[[pypdf.PdfWriter, list[Any]], None]) -> list[str]:
    ecrivain = pypdf.PdfWriter(clone_from=io.BytesIO(rendre_pdf(document_complet())))
    geste(ecrivain, [une.get_object() for une in elements_du_pdf(_lecteur(ecrivain))])
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return fautes_du_pdf(sortie.getvalue())


def _lecteur(ecrivain: pypdf.PdfWriter) -> Any:
    """L'écrivain se lit comme un lecteur : mêmes objets, donc ce que l'on y change est écrit."""
    return type("Vu", (), {"trailer": {"/Root": ecrivain.root_object}})()


def _sans_langue(ecrivain: pypdf.PdfWriter, _: list[Any]) -> None:
    del ecrivain.root_object["/Lang"]


def _sans_titre_montre(ecrivain: pypdf.PdfWriter, _: list[Any]) -> None:
    del ecrivain.root_object["/ViewerPreferences"]


def _sans_signets(ecrivain: pypdf.PdfWriter, _: list[Any]) -> None:
    del ecrivain.root_object["/Outlines"]


def _sans_alternative(_: pypdf.PdfWriter, elements: list[Any]) -> None:
    next(un for un in elements if un["/S"] == "/Figure")[NameObject("/Alt")] = TextStringObject(" ")


def _sans_entetes(_: pypdf.PdfWriter, elements: list[Any]) -> None:
    for element in elements:
        if element["/S"] == "/TH":
            element[NameObject("/S")] = NameObject("/TD")


def _titre_saute(_: pypdf.PdfWriter, elements: list[Any]) -> None:
    next(un for un in elements if un["/S"] == "/H2")[NameObject("/S")] = NameObject("/H4")


def _cellule_perdue(_: pypdf.PdfWriter, elements: list[Any]) -> None:
    rangee: DictionaryObject = [un for un in elements if un["/S"] == "/TR"][1]
    rangee[NameObject("/K")] = ArrayObject(list(rangee["/K"])[:1])


@pytest.mark.parametrize(
    "geste,faute",
    [
        (_sans_langue, "la langue n'est pas dite"),
        (_sans_titre_montre, "la fenêtre ne montre pas le titre"),
        (_sans_signets, "0 signets pour 3 titres"),
        (_sans_alternative, "une figure sans texte de remplacement"),
        (_sans_entetes, "un tableau sans titres de colonnes"),
        (_titre_saute, "un titre de niveau 4 suit un niveau 1"),
        (_cellule_perdue, "un tableau de largeurs [1, 2]"),
    ],
)
def test_le_controle_voit_chaque_faute(
    geste: Callable[[pypdf.PdfWriter, list[Any]], None], faute: str
) -> None:
    assert faute in _abimer(geste)


def test_un_pdf_sans_structure_est_refuse() -> None:
    ecrivain, sortie = pypdf.PdfWriter(), io.BytesIO()
    ecrivain.add_blank_page(100, 100)
    ecrivain.write(sortie)
    assert {"aucune structure", "aucun titre", "ne se dit pas PDF/UA"} <= set(
        fautes_du_pdf(sortie.getvalue())
    )


@pytest.mark.django_db
def test_le_dossier_et_son_resume_n_ont_aucune_faute(distribution: Distribution) -> None:
    projet = dossier_d_essai(distribution.deux_ponts)
    assert fautes_du_pdf(rendre_pdf(document_du_dossier(projet))) == []
    assert fautes_du_pdf(rendre_pdf(resume_du_projet(projet))) == []


@pytest.mark.django_db
def test_le_dossier_du_sud_n_a_aucune_faute() -> None:
    chemin = VERITES / "projet-sud.json"
    if not chemin.exists():
        pytest.skip("../shared/verites n'est pas là")
    lu: dict[str, Any] = json.loads(chemin.read_text(encoding="utf-8"))
    projet = ecrire_projet_lu(lu, structure=StructureFactory(), par=SYSTEME)
    assert fautes_du_pdf(rendre_pdf(document_du_dossier(projet))) == []
