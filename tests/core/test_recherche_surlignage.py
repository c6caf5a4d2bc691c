"""Surligner : le texte reste lisible et sûr, quoi qu'il contienne."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from maillage.core.recherche.analyse import composer
from maillage.core.recherche.surlignage import surligner

JARDIN = {("jardin",)}


def test_un_texte_qui_ressemble_a_du_html_est_echappe() -> None:
    rendu = surligner("<script>jardin</script> & « jardins »", JARDIN)
    assert rendu == "&lt;script&gt;<mark>jardin</mark>&lt;/script&gt; &amp; « <mark>jardins</mark> »"


def test_une_forme_accentuee_ou_plurielle_est_surlignee_telle_qu_ecrite() -> None:
    assert surligner("Les Tablettes NUMÉRIQUES", {("numer",)}) == "Les Tablettes <mark>NUMÉRIQUES</mark>"


def test_une_expression_ne_se_surligne_qu_entiere() -> None:
    droits = {("ac", "droit")}
    assert surligner("accès aux droits", droits) == "<mark>accès aux droits</mark>"
    assert surligner("accès au jardin, droits", droits) == "accès au jardin, droits"


def test_l_extrait_montre_le_passage_ou_sont_les_mots() -> None:
    texte = "Début sans rapport. " * 40 + "Le jardin et le potager du quartier. " + "Suite. " * 40
    rendu = surligner(texte, {("jardin",), ("potag",)}, longueur=120)
    assert rendu.startswith("… ") and rendu.endswith(" …")
    assert "<mark>jardin</mark>" in rendu and "<mark>potager</mark>" in rendu
    assert len(re.sub(r"</?mark>", "", rendu)) <= 126


@given(st.text(max_size=400), st.sampled_from([None, 40, 120]))
def test_retirer_les_marques_rend_le_texte(texte: str, longueur: int | None) -> None:
    rendu = unescape(re.sub(r"</?mark>", "", surligner(texte, {("jardin",), ("a",)}, longueur)))
    assert rendu.removeprefix("… ").removesuffix(" …") in composer(texte) or rendu == composer(texte)
