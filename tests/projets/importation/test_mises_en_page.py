"""D'autres centres, d'autres mises en page : des projets écrits pour l'essai, avec ce qu'on doit y lire."""

import json
from pathlib import Path
from typing import Any

import pytest

from maillage.projets.importation import DocumentLu, en_json, lire_document
from tests.projets.importation.conversion import en_html, en_word

_DOCUMENTS = Path(__file__).parent / "documents"
_TEXTES = sorted(chemin for chemin in _DOCUMENTS.iterdir() if chemin.suffix in (".txt", ".html"))


def _verite(chemin: Path) -> dict[str, Any]:
    verite: dict[str, Any] = json.loads(chemin.with_suffix(".json").read_text("utf-8"))
    return verite


def _ecarts(lu: Any, attendu: Any, ou: str = "") -> list[str]:
    """Ce que la vérité dit et que la lecture ne dit pas. Une clé absente de la vérité n'est pas jugée."""
    if isinstance(attendu, dict):
        return [ecart for cle, valeur in attendu.items() for ecart in _ecarts(lu[cle], valeur, f"{ou}.{cle}")]
    if isinstance(attendu, list) and attendu and isinstance(attendu[0], dict):
        if len(lu) != len(attendu):
            return [f"{ou} : {len(lu)} au lieu de {len(attendu)} : {lu}"]
        return [
            ecart
            for rang, (un, autre) in enumerate(zip(lu, attendu, strict=True))
            for ecart in _ecarts(un, autre, f"{ou}[{rang}]")
        ]
    return [] if lu == attendu else [f"{ou} : {lu!r} au lieu de {attendu!r}"]


def _verifier(document: DocumentLu, verite: dict[str, Any]) -> None:
    assert len(document.projets) == 1
    attendu = {
        cle: valeur for cle, valeur in verite.items() if cle not in {"a_ranger", "paragraphes_a_ranger"}
    }
    assert not _ecarts(en_json(document.projets[0]), attendu)
    assert [morceau.texte for morceau in document.a_ranger] == verite.get("a_ranger", [])
    compte = document.paragraphes
    assert compte.lus == compte.places + compte.a_ranger + compte.mise_en_page
    assert compte.a_ranger == verite.get("paragraphes_a_ranger", len(document.a_ranger))


@pytest.mark.parametrize("chemin", _TEXTES, ids=lambda chemin: chemin.stem)
def test_un_projet_d_une_autre_mise_en_page_est_lu_en_entier(chemin: Path) -> None:
    _verifier(lire_document(chemin.read_bytes(), chemin.name), _verite(chemin))


@pytest.mark.parametrize("format_", ["html", "docx"])
@pytest.mark.parametrize(
    "chemin", [chemin for chemin in _TEXTES if chemin.suffix == ".txt"], ids=lambda chemin: chemin.stem
)
def test_le_meme_projet_se_lit_en_html_et_en_word(chemin: Path, format_: str) -> None:
    texte = chemin.read_text("utf-8")
    contenu = en_html(texte).encode() if format_ == "html" else en_word(texte)
    _verifier(lire_document(contenu, f"projet.{format_}"), _verite(chemin))
