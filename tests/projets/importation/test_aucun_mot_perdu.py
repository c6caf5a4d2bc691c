"""Chaque mot d'un document se retrouve dans une pièce, un chapitre ou un passage à ranger."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from maillage.projets import importation
from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.fichier import lire_les_blocs
from maillage.projets.importation.lecture import lire_les_projets
from maillage.projets.importation.mise_en_page import est_un_signe_de_page
from maillage.projets.importation.mots import forme
from tests.projets.importation.conversion import en_html, en_word

_DOCUMENTS = sorted(
    chemin for chemin in (Path(__file__).parent / "documents").iterdir() if chemin.suffix != ".json"
)
_SOURCE = (
    Path(__file__).resolve().parents[3].parent / "shared/sources/clermont-ferrand-projets-sociaux-extrait.txt"
)
_LEXIQUE = Path(importation.__file__).parents[1] / "donnees" / "lexique.toml"
_DITS_AUTREMENT = frozenset(forme(_LEXIQUE.read_text("utf-8")).split()) | {"janvier", "decembre", "1er", "x"}
"""Un libellé devient une clé, un statut un code, une période deux années, une case un choix."""


def _perdus(blocs: list[Bloc], nom: str) -> dict[int, set[str]]:
    """Ligne → les mots qui ne sont plus nulle part."""
    lu = lire_les_projets(blocs, nom)
    gardes = set(forme(json.dumps(asdict(lu), ensure_ascii=False, default=str).replace("\\n", " ")).split())
    return {
        bloc.ligne: perdus
        for bloc in blocs
        if not est_un_signe_de_page(bloc)
        and (perdus := {mot for mot in bloc.forme.split() if not mot.isdecimal()} - gardes - _DITS_AUTREMENT)
    }


@pytest.mark.parametrize("chemin", _DOCUMENTS, ids=lambda chemin: chemin.stem)
def test_aucun_mot_d_un_document_d_essai_ne_se_perd(chemin: Path) -> None:
    texte = chemin.read_text("utf-8")
    contenus = {chemin.name: chemin.read_bytes()}
    if chemin.suffix == ".txt":
        contenus |= {"projet.html": en_html(texte).encode(), "projet.docx": en_word(texte)}
    for nom, contenu in contenus.items():
        assert _perdus(lire_les_blocs(contenu, nom), nom) == {}


def test_aucun_mot_du_vrai_document_ne_se_perd() -> None:
    if not _SOURCE.exists():
        pytest.skip("les documents réels (../shared) ne sont pas sur cette machine")
    assert _perdus(lire_les_blocs(_SOURCE.read_bytes(), _SOURCE.name), _SOURCE.name) == {}
