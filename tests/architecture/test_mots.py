"""Les mots du métier sont les mots du code : glossaire, statuts, phrases que les personnes lisent."""

import re
from pathlib import Path

import pytest

from tests.architecture.lecture import RACINE, gabarits, nom, nos_modeles, programmes, valeurs_closes

GLOSSAIRE = RACINE / "docs" / "glossaire.md"
STATUTS = RACINE / "docs" / "statuts.md"
MOTS_PAR_PHRASE = 34
"""Au-delà, on ne lit plus : la règle est d'environ 15 mots en moyenne (ISO 24495-1)."""


def _codes(texte: str) -> set[str]:
    """Mots écrits en police de code."""
    return set(re.findall(r"`([^`\n]+)`", texte))


def _identifiants_du_glossaire() -> list[str]:
    """Troisième colonne de chaque ligne des tableaux."""
    lignes = GLOSSAIRE.read_text(encoding="utf-8").splitlines()
    cellules = [ligne.split("|") for ligne in lignes if ligne.startswith("|")]
    return [mot for ligne in cellules if len(ligne) > 4 for mot in re.findall(r"`([^`]+)`", ligne[3])]


def test_chaque_modele_est_au_glossaire() -> None:
    connus = _codes(GLOSSAIRE.read_text(encoding="utf-8"))
    assert [modele.__name__ for modele in nos_modeles() if modele.__name__ not in connus] == []


def test_chaque_valeur_close_est_au_glossaire() -> None:
    connus = _codes(GLOSSAIRE.read_text(encoding="utf-8"))
    absentes = [
        f"{enumeration.__name__}.{valeur}"
        for enumeration in valeurs_closes()
        for valeur in enumeration.values
        if valeur and valeur not in connus
    ]
    assert absentes == []


def test_un_identifiant_du_glossaire_existe_dans_le_code() -> None:
    """Un mot retiré du code est retiré du glossaire."""
    code = "\n".join(fichier.read_text(encoding="utf-8") for fichier in programmes())
    mots = set(re.findall(r"\w+", code))
    identifiants = _identifiants_du_glossaire()
    assert len(identifiants) > 50
    assert [identifiant for identifiant in identifiants if identifiant.split(".")[-1] not in mots] == []


def test_chaque_etat_est_dit_dans_les_statuts() -> None:
    """Une section par énumération d'état, qui cite chacune de ses valeurs."""
    sections = re.split(r"^## ", STATUTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    fautes = []
    for enumeration in valeurs_closes():
        if not enumeration.__name__.startswith(("Etat", "Statut")):
            continue
        siennes = [section for section in sections if f"`{enumeration.__name__}`" in section.splitlines()[0]]
        cites = _codes(siennes[0]) if siennes else set()
        fautes += [f"{enumeration.__name__}.{valeur}" for valeur in enumeration.values if valeur not in cites]
    assert fautes == []


def test_une_section_des_statuts_nomme_un_etat_qui_existe() -> None:
    titres = re.findall(r"^## .*\(`(\w+)`\)", STATUTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    existants = {enumeration.__name__ for enumeration in valeurs_closes()}
    assert titres
    assert [titre for titre in titres if titre not in existants] == []


@pytest.mark.parametrize("gabarit", [g for g in gabarits() if g.suffix in {".html", ".txt"}], ids=nom)
def test_les_phrases_d_une_page_restent_lisibles(gabarit: Path) -> None:
    longues = [phrase for phrase in _phrases(gabarit) if len(phrase.split()) > MOTS_PAR_PHRASE]
    assert longues == []


def _phrases(gabarit: Path) -> list[str]:
    """Phrases du texte fixe. Une balise de bloc, un titre ou une condition les sépare."""
    texte = gabarit.read_text(encoding="utf-8")
    texte = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", "", texte, flags=re.DOTALL)
    texte = re.sub(r"<(script|svg|style)\b.*?</\1>", "", texte, flags=re.DOTALL)
    texte = re.sub(r"\{\{.*?\}\}", "X", texte, flags=re.DOTALL)
    texte = re.sub(r"</?(?:a|abbr|b|cite|code|em|i|span|strong|time|kbd)\b[^>]*>", "", texte)
    texte = re.sub(r"<[^>]+>|\{%.*?%\}", "\n\n", texte, flags=re.DOTALL)
    return [" ".join(phrase.split()) for phrase in re.split(r"[.!?…:;]\s|\n\s*\n", texte)]
