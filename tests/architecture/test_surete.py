"""Constructions interdites, parce qu'elles ouvrent une porte : lues dans le code et dans les gabarits."""

import ast
import re
from pathlib import Path

from tests.architecture.lecture import PAQUET, RACINE, appels, gabarits, modules_importes, nom, programmes

SQL_PERMIS = {"maillage/core/base_de_donnees.py"}
# Les documents et les composants : ils échappent ce qu'ils reçoivent, tests à l'appui.
HTML_DE_CONFIANCE = {"maillage/core/documents/html.py", "maillage/core/templatetags/maillage.py"}
MODULES_DANGEREUX = ("pickle", "marshal", "shelve", "yaml", "xml.etree", "xml.dom", "xml.sax", "telnetlib")
APPELS_DANGEREUX = {"eval", "exec", "__import__", "system", "popen"}
TYPES_DE_DONNEES = ("application/ld+json", "application/json")
FICHIERS_DU_NAVIGATEUR = {".html", ".css", ".js", ".svg", ".xml"}


def test_le_sql_n_est_ecrit_qu_en_un_lieu() -> None:
    fautes = [
        f"{nom(fichier)}:{appel.lineno} {appele}"
        for fichier in programmes()
        if nom(fichier) not in SQL_PERMIS
        for appele, appel in appels(fichier)
        if appele in {"execute", "executemany", "raw", "extra", "RawSQL"}
        # `raw(…)` d'une autre bibliothèque n'a pas de texte SQL pour premier argument
        and appel.args
    ]
    assert not fautes


def test_rien_n_est_execute_depuis_un_texte() -> None:
    fautes = []
    for fichier in programmes():
        fautes += [
            f"{nom(fichier)}:{a.lineno} {quoi}" for quoi, a in appels(fichier) if quoi in APPELS_DANGEREUX
        ]
        fautes += [
            f"{nom(fichier)}:{ligne} import {module}"
            for ligne, module in modules_importes(fichier)
            if module.split(".")[0] in MODULES_DANGEREUX or module.startswith(MODULES_DANGEREUX)
        ]
        for _, appel in appels(fichier):
            for mot in appel.keywords:
                if mot.arg == "shell" and isinstance(mot.value, ast.Constant) and mot.value.value:
                    fautes.append(f"{nom(fichier)}:{appel.lineno} shell=True")
    assert not fautes


def test_le_html_de_confiance_ne_nait_qu_en_deux_lieux() -> None:
    fautes = [
        f"{nom(fichier)}:{appel.lineno}"
        for fichier in programmes()
        if nom(fichier) not in HTML_DE_CONFIANCE
        for appele, appel in appels(fichier)
        if appele in {"mark_safe", "SafeString", "SafeText"}
    ]
    for gabarit in _gabarits_html():
        for numero, ligne in enumerate(gabarit.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"\|\s*safe(seq)?\b|autoescape\s+off", ligne):
                fautes.append(f"{nom(gabarit)}:{numero}")
    assert not fautes


# Un fichier que l'on garde chez soi : il porte sa mise en forme, et aucune politique de sécurité ne l'accompagne.
FICHIERS_A_GARDER = {"maillage/projets/templates/projets/document.html"}


def test_aucun_style_ni_script_dans_la_page() -> None:
    """La politique de sécurité du navigateur les refuse : ils ne marcheraient pas en service."""
    fautes = []
    for gabarit in _gabarits_html():
        if nom(gabarit) in FICHIERS_A_GARDER:
            continue
        texte = gabarit.read_text(encoding="utf-8")
        for trouve in re.finditer(r"<script\b(?![^>]*\bsrc=)[^>]*>", texte):
            if not any(genre in trouve[0] for genre in TYPES_DE_DONNEES):
                fautes.append(f"{nom(gabarit)} : {trouve[0]}")
        for trouve in re.finditer(r"javascript:|<style\b|<[^>]+\s(?:style|on\w+|hx-on[\w:-]*)\s*=", texte):
            fautes.append(f"{nom(gabarit)} : {trouve[0][-60:]}")
    assert not fautes


def test_aucune_page_ne_demande_rien_a_un_tiers() -> None:
    """Un lien sur lequel on clique peut mener ailleurs ; rien d'autre ne sort de la maison."""
    fautes = []
    adresse = re.compile(r"""(?:https?:)?//[a-z0-9-]+\.[a-z]""", re.IGNORECASE)
    for gabarit in _gabarits_html():
        texte = gabarit.read_text(encoding="utf-8")
        for balise in re.finditer(r"<(?!a\b|!--)[a-z][^>]*>", texte, re.IGNORECASE):
            sans_espace_de_noms = re.sub(r'\bxmlns(:\w+)?="[^"]*"', "", balise[0])
            if adresse.search(sans_espace_de_noms):
                fautes.append(f"{nom(gabarit)} : {balise[0][:120]}")
    for fichier in _sources_du_navigateur():
        for numero, ligne in enumerate(fichier.read_text(encoding="utf-8").splitlines(), 1):
            if adresse.search(re.sub(r"http://www\.w3\.org/[\w/]+", "", ligne)):
                fautes.append(f"{nom(fichier)}:{numero} {ligne.strip()[:100]}")
    assert not fautes


def _gabarits_html() -> list[Path]:
    return [gabarit for gabarit in gabarits() if gabarit.suffix == ".html"]


def _sources_du_navigateur() -> list[Path]:
    dossiers = [dossier for dossier in (PAQUET, RACINE / "navigateur") if dossier.is_dir()]
    return [
        fichier
        for dossier in dossiers
        for fichier in sorted(dossier.rglob("*"))
        if fichier.suffix in FICHIERS_DU_NAVIGATEUR - {".html", ".xml"} and fichier.is_file()
    ]
