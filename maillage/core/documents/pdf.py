"""Le PDF d'un document, composé par Typst et balisé pour les lecteurs d'écran (PDF/UA-1).

Le document passe à Typst comme une donnée (JSON lu par `gabarit.typ`), jamais comme du code : aucun texte ne
peut y devenir une instruction. Un avertissement de Typst (police absente…) est un échec.
"""

import base64
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, cast

import typst
from django.conf import settings
from fontTools.ttLib import TTFont

from maillage.core.documents.description import Document, Photo, composer

GABARIT = Path(__file__).with_name("gabarit.typ")
FAMILLES = {"texte": "Atkinson Hyperlegible Next", "titre": "Bricolage Grotesque"}
PRESENTATIONS = ((10.5, 1.0), (10.0, 0.9), (9.5, 0.8), (9.0, 0.7))
"""Corps du texte en points, et part des blancs gardée ; les serrées ne servent qu'à `Document.tient_en`."""
INAFFICHABLE = "□"
_ESSAIS = 3


class RenduImpossible(RuntimeError):
    """Typst a refusé le document ; le message est le sien."""


def rendre_pdf(document: Document) -> bytes:
    """Lève `RenduImpossible` si les polices manquent ou si Typst refuse une figure."""
    donnees = _en_donnees(composer(document))
    for essai in range(_ESSAIS + 1):
        try:
            return _compiler(donnees, document.tient_en)
        except typst.TypstError as erreur:
            groupes = _textes_inaffichables(str(erreur.diagnostic))
            if not groupes or essai == _ESSAIS:
                raise RenduImpossible(str(erreur.diagnostic)) from erreur
            # Au dernier essai, tout ce que nos polices n'ont pas : un accent d'une autre police résiste.
            vises = set("".join(groupes)) if essai < _ESSAIS - 1 else None
            donnees = _dans_les_textes(donnees, partial(_remplacer, vises=vises))
    raise AssertionError("le dernier essai rend ou lève")


def rendre_png(svg: str, *, points_par_pouce: int = 200) -> bytes:
    """L'image d'un dessin SVG, pour les formats qui n'en veulent pas."""
    compilateur = typst.Compiler(
        input=b"#set page(width: auto, height: auto, margin: 0pt)\n"
        b"#set text(font: sys.inputs.police)\n"
        b'#image(bytes(sys.inputs.svg), format: "svg")',
        root=GABARIT.parent,
        font_paths=_polices(),
        sys_inputs={"svg": svg, "police": FAMILLES["texte"]},
    )
    try:
        image, _ = compilateur.compile_with_warnings(format="png", ppi=points_par_pouce)
    except typst.TypstError as erreur:
        raise RenduImpossible(str(erreur.diagnostic)) from erreur
    return cast(bytes, image)


@lru_cache(maxsize=1)
def _polices() -> typst.Fonts:
    """Les polices du site, et celles de Typst en secours ; aucune du système : même rendu partout."""
    polices = typst.Fonts(include_system_fonts=False, font_paths=[settings.RACINE / "statiques" / "polices"])
    for famille in FAMILLES.values():
        if famille not in polices.families():
            raise RenduImpossible(f"Police « {famille} » absente. Lancez « python outils/statiques.py ».")
    return polices


@lru_cache(maxsize=1)
def _logo() -> str:
    return Path(settings.RACINE / "statiques" / "logo.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _signes_de_nos_polices() -> frozenset[str]:
    fichiers = [
        police.path for police in _polices().fonts() if police.path and police.family in FAMILLES.values()
    ]
    communs = frozenset.intersection(*(frozenset(TTFont(fichier).getBestCmap()) for fichier in fichiers))
    return frozenset(map(chr, communs))


def _compiler(donnees: dict[str, Any], tient_en: int) -> bytes:
    def ouvrir(presentation: tuple[float, float]) -> typst.Compiler:
        corps, air = presentation
        textes = json.dumps({**donnees, "polices": FAMILLES, "corps": corps, "air": air}, ensure_ascii=False)
        return typst.Compiler(
            input=GABARIT,
            root=GABARIT.parent,
            font_paths=_polices(),
            sys_inputs={"document": textes, "logo": _logo()},
        )

    compilateur = ouvrir(PRESENTATIONS[0])
    if tient_en:
        essais = [(essai, _pages(essai)) for essai in map(ouvrir, PRESENTATIONS)]
        voulus = (essai for cible in (tient_en, tient_en + 1) for essai, pages in essais if pages <= cible)
        compilateur = next(voulus, compilateur)
    pdf, avertissements = compilateur.compile_with_warnings(format="pdf", pdf_standards=["ua-1"])
    if avertissements:
        raise RenduImpossible("\n".join(str(avertissement.diagnostic) for avertissement in avertissements))
    return cast(bytes, pdf)


def _pages(compilateur: typst.Compiler) -> int:
    return int(compilateur.query("<pages>", field="value", one=True))


def _en_donnees(valeur: Any) -> Any:
    """La description en objets JSON ; `sorte` nomme la classe de chaque objet."""
    if isinstance(valeur, Photo):
        return {"sorte": "photo", "image": _en_svg(valeur), "alt": valeur.alt, "legende": valeur.legende}
    if is_dataclass(valeur):
        donnees = {champ.name: _en_donnees(getattr(valeur, champ.name)) for champ in fields(valeur)}
        if isinstance(valeur, Document):
            donnees["date"] = {"jour": valeur.date.day, "mois": valeur.date.month, "annee": valeur.date.year}
        return {**donnees, "sorte": type(valeur).__name__.lower()}
    if isinstance(valeur, tuple):
        return [_en_donnees(element) for element in valeur]
    return valeur


def _en_svg(photo: Photo) -> str:
    """Typst ne reçoit que des textes : la photo y entre dans un dessin qui la contient."""
    taille = f'width="{photo.largeur}" height="{photo.hauteur}"'
    image = base64.b64encode(photo.jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {taille}>'
        f'<image {taille} href="data:image/jpeg;base64,{image}"/></svg>'
    )


# --- Les signes qu'aucune police ne sait dessiner : Typst les nomme, on les remplace et on recommence ---

_REFUS_DE_GLYPHE = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ECHAPPEMENT = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")
_SIGNES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def _textes_inaffichables(diagnostic: str) -> list[str]:
    """Les groupes de signes que Typst dit ne pas pouvoir dessiner."""

    def lire(trouve: re.Match[str]) -> str:
        code, signe = trouve.groups()
        return chr(int(code, 16)) if code else _SIGNES.get(signe, signe)

    return [_ECHAPPEMENT.sub(lire, brut) for brut in _REFUS_DE_GLYPHE.findall(diagnostic)]


def _remplacer(texte: str, vises: set[str] | None) -> str:
    """Le texte sans les signes visés que nos polices n'ont pas ; `vises` à None les vise tous."""

    def rendre(signe: str) -> str:
        if signe == "\n" or signe in _signes_de_nos_polices() or (vises is not None and signe not in vises):
            return signe
        # Un accent ou un signe sans dessin propre s'efface ; une lettre laisse sa place visible.
        return "" if unicodedata.category(signe)[0] in "MC" else INAFFICHABLE

    return "".join(map(rendre, texte))


def _dans_les_textes(valeur: Any, fonction: Callable[[str], str]) -> Any:
    if isinstance(valeur, str):
        return fonction(valeur)
    if isinstance(valeur, list):
        return [_dans_les_textes(element, fonction) for element in valeur]
    if isinstance(valeur, dict):
        return {
            cle: element if cle in {"adresse", "image"} else _dans_les_textes(element, fonction)
            for cle, element in valeur.items()
        }
    return valeur
