"""Ce que le navigateur reçoit : construit par `outils/statiques.py`, léger, et rien qui vienne d'ailleurs."""

import gzip
import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from outils import carte, feuille, statiques

RACINE = Path(__file__).resolve().parents[2]
STATIQUES = RACINE / "statiques"


def lire(nom: str) -> str:
    return (STATIQUES / nom).read_text(encoding="utf-8")


# --- Paquets -----------------------------------------------------------------------------------------


def test_le_verrou_de_npm_ne_nomme_aucune_adresse() -> None:
    verrou = (RACINE / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in verrou
    paquets = {nom: p for nom, p in json.loads(verrou)["packages"].items() if nom}
    assert paquets
    assert all(p["integrity"].startswith("sha512-") for p in paquets.values())


# --- Construction ------------------------------------------------------------------------------------


def test_une_seconde_construction_ne_touche_a_rien() -> None:
    assert statiques.principal() == 0
    avant = {f: f.stat().st_mtime_ns for f in STATIQUES.rglob("*")}
    assert statiques.principal() == 0
    assert {f: f.stat().st_mtime_ns for f in STATIQUES.rglob("*")} == avant


def test_une_icone_inconnue_arrete_la_construction_et_dit_ou(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(statiques, "icones_citees", lambda: {"licorne-volante": "fiche.html"})
    monkeypatch.setattr(statiques, "est_a_jour", lambda: False)
    monkeypatch.setattr(statiques, "STATIQUES", Path("/inexistant/statiques"))
    monkeypatch.setattr(statiques, "construire", lambda: statiques.construire_icones())
    assert statiques.principal() == 1
    assert "« licorne-volante » (fiche.html)" in capsys.readouterr().err


def test_chaque_icone_citee_est_dans_le_fichier_et_rien_d_autre() -> None:
    symboles = set(re.findall(r'<symbol id="([^"]+)"', lire("icones.svg")))
    assert symboles == {*statiques.icones_citees(), "marque"}


def test_la_feuille_ne_va_rien_chercher_ailleurs() -> None:
    adresses = re.findall(r"url\(([^)]*)\)", lire("maillage.css"))
    assert {a.strip('"') for a in adresses} == {"polices/atkinson.woff2", "polices/bricolage.woff2"}
    assert "sourceMappingURL" not in lire("maillage.css") + lire("htmx.js")


def test_les_fichiers_d_une_page_publique_tiennent_dans_le_budget() -> None:
    """60 Ko tout compris, dont 10 gardés pour la page et les en-têtes. htmx ne vient qu'au geste."""
    textes = ("maillage.css", "maillage.js", "icones.svg", "logo.svg")
    poids = sum(len(gzip.compress(lire(nom).encode(), 9)) for nom in textes)
    poids += sum((STATIQUES / "polices" / f"{nom}.woff2").stat().st_size for nom in ("atkinson", "bricolage"))
    assert poids <= 50_000


# --- Polices -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("nom", ["atkinson", "bricolage"])
@pytest.mark.parametrize("format_de_fichier", ["woff2", "ttf"])
def test_une_police_a_tous_les_signes_du_francais(nom: str, format_de_fichier: str) -> None:
    signes = TTFont(STATIQUES / "polices" / f"{nom}.{format_de_fichier}").getBestCmap()
    voulus = "azAZ09éèêëàâäîïôöùûüÿçœæÉÈÀÇŒÆ«»€–—…’×≥≤→←\u00a0\u202f"
    assert [signe for signe in voulus if ord(signe) not in signes] == []


def test_la_police_du_texte_va_du_courant_au_gras() -> None:
    (axe,) = TTFont(STATIQUES / "polices" / "atkinson.ttf")["fvar"].axes
    assert (axe.axisTag, axe.minValue, axe.maxValue) == ("wght", 400, 700)


# --- Carte -------------------------------------------------------------------------------------------


def test_la_carte_a_les_96_departements_de_metropole() -> None:
    codes = set(re.findall(r'<path id="d([^"]+)" d="M', lire("departements.svg")))
    attendus = {f"{n:02}" for n in range(1, 96)} - {"20"} | {"2A", "2B"}
    assert codes == attendus


def test_deux_voisins_simplifies_restent_jointifs() -> None:
    aller = [(0, 0), (3, 1), (5, 9), (8, 1), (12, 0)]
    assert carte._simplifier_frontiere(aller) == carte._simplifier_frontiere(aller[::-1])[::-1]


# --- Feuille de style --------------------------------------------------------------------------------


def test_la_lecture_ne_se_trompe_pas_d_accolade() -> None:
    css = 'a{background:url("x{;}y")}@media (min-width:1px){b{c:d}}/* } */e{f:g}'
    regles = feuille.lire(feuille.sans_commentaires(css))
    assert [regle.entete for regle in regles] == ["a", "@media (min-width:1px)", "e"]


def test_une_accolade_oubliee_est_dite() -> None:
    with pytest.raises(ValueError, match="jamais refermée"):
        feuille.lire("a{b:c")


def test_de_pico_ne_reste_que_ce_qui_sert() -> None:
    pico = """
    :root{--pico-a:1;--pico-b:var(--pico-c);--pico-c:2;--pico-d:3}
    @media (prefers-color-scheme: dark){:root{--pico-a:9}}
    .grid{display:grid} h1,.secondary{margin:var(--pico-a)} a:not(.secondary){color:red}
    p{padding:var(--pico-d)}
    """
    reste = feuille.sans_blancs(feuille.utile_de_pico(pico, ":root{--pico-d:4}"))
    assert (
        reste
        == ":root{--pico-a:1}h1{margin:var(--pico-a)}a:not(.secondary){color:red}p{padding:var(--pico-d)}"
    )


def test_la_minification_garde_les_espaces_qui_comptent() -> None:
    css = 'a :hover > b { content: " ; { " ; width: calc(1px + 2px) ; }'
    assert feuille.sans_blancs(css) == 'a :hover>b{content:" ; { ";width:calc(1px + 2px)}'
