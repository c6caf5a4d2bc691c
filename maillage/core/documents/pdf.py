"""Le PDF d'un document, composé par Typst et balisé pour les lecteurs d'écran (PDF/UA-1).

Le document passe à Typst comme une donnée (JSON lu par `gabarit.typ`), jamais comme du code : aucun texte ne
peut y devenir une instruction. Un avertissement de Typst (police absente…) est un échec.
"""

import base64
import json
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache, partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from fontTools.ttLib import TTFont

from maillage.core.documents.description import Document, Figure, Photo, composer
from maillage.core.documents.dessin import largeur_naturelle
from maillage.core.documents.texte import BRUT

GABARIT = Path(__file__).with_name("gabarit.typ")
COMPOSEUR = Path(__file__).with_name("composeur.py")
PATIENCE = 120
"""En secondes : au-delà, un document ne se composera pas."""
UN_A_LA_FOIS = threading.Lock()
"""Composer un grand dossier prend un cœur et plus de 200 Mo : un processus les compose l'un après l'autre."""
FAMILLES = {"texte": "Atkinson Hyperlegible Next", "titre": "Bricolage Grotesque"}
PRESENTATIONS = ((10.5, 1.0), (10.0, 0.9), (9.5, 0.8), (9.0, 0.7))
"""Corps du texte en points, et part des blancs gardée ; les serrées ne servent qu'à `Document.tient_en`."""
INAFFICHABLE = "□"
_ESSAIS = 3


_TABLEAU_D_IMAGES = """
#set page(width: auto, height: auto, margin: 0pt)
#set text(font: sys.inputs.police)
#for svg in json(bytes(sys.inputs.svgs)) { page(image(bytes(svg), format: "svg")) }
"""


class RenduImpossible(RuntimeError):
    """Typst a refusé le document ; le message est le sien."""


class _Refus(RenduImpossible):
    """Un refus de Typst, dont l'appelant peut vouloir lire la raison."""


def rendre_pdf(document: Document) -> bytes:
    """Lève `RenduImpossible` si les polices manquent ou si Typst refuse une figure."""
    donnees = _en_donnees(composer(document))
    for essai in range(_ESSAIS + 1):
        try:
            return _compiler(donnees, document.tient_en)
        except _Refus as refus:
            groupes = _textes_inaffichables(str(refus))
            if not groupes or essai == _ESSAIS:
                raise
            # Au dernier essai, tout ce que nos polices n'ont pas : un accent d'une autre police résiste.
            vises = set("".join(groupes)) if essai < _ESSAIS - 1 else None
            donnees = _dans_les_textes(donnees, partial(_remplacer, vises=vises))
    raise AssertionError("le dernier essai rend ou lève")


def rendre_images(svgs: Sequence[str], *, points_par_pouce: int = 200) -> list[bytes]:
    """Les images PNG de ces dessins, pour les formats qui n'en veulent pas."""
    if not svgs:
        return []
    images, _ = _composer(
        _TABLEAU_D_IMAGES,
        [{"svgs": json.dumps(svgs), "police": FAMILLES["texte"]}],
        {"format": "png", "ppi": points_par_pouce},
    )
    return images


@lru_cache(maxsize=1)
def _polices() -> typst.Fonts:
    """Les polices du site, et celles de Typst en secours ; aucune du système : même rendu partout."""
    polices = typst.Fonts(include_system_fonts=False, font_paths=[_dossier_des_polices()])
    for famille in FAMILLES.values():
        if famille not in polices.families():
            raise RenduImpossible(f"Police « {famille} » absente. Lancez « python outils/statiques.py ».")
    return polices


def _dossier_des_polices() -> Path:
    return Path(settings.RACINE) / "statiques" / "polices"


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
    """Lève `_Refus`, ou `RenduImpossible` si Typst avertit."""
    essais = [
        {
            "document": json.dumps(
                {**donnees, "polices": FAMILLES, "corps": corps, "air": air}, ensure_ascii=False
            ),
            "logo": _logo(),
        }
        for corps, air in (PRESENTATIONS if tient_en else PRESENTATIONS[:1])
    ]
    pages, avertissements = _composer(
        GABARIT.read_text(encoding="utf-8"), essais, {"format": "pdf", "pdf_standards": ["ua-1"]}, tient_en
    )
    if avertissements:
        raise RenduImpossible("\n".join(avertissements))
    return pages[0]


def _composer(
    source: str, essais: list[dict[str, str]], rendu: dict[str, Any], tient_en: int = 0
) -> tuple[list[bytes], list[str]]:
    """Ce que rend le composeur, et ce dont il avertit. Lève `_Refus` avec ce que dit Typst."""
    _polices()
    commande = {
        "source": source,
        "racine": str(GABARIT.parent),
        "polices": str(_dossier_des_polices()),
        "essais": essais,
        "tient_en": tient_en,
        "rendu": rendu,
    }
    try:
        with UN_A_LA_FOIS:
            fini = subprocess.run(  # noqa: S603 - notre fichier, aucun mot de la demande dans la commande
                [sys.executable, "-I", str(COMPOSEUR)],
                input=json.dumps(commande).encode(),
                capture_output=True,
                timeout=PATIENCE,
                check=True,
            )
    except (OSError, subprocess.SubprocessError) as erreur:
        raise RenduImpossible(f"Le composeur s'est arrêté avant la fin : {erreur}") from erreur
    ligne, _, octets = fini.stdout.partition(b"\n")
    entete = json.loads(ligne)
    if refus := entete.get("refus"):
        raise _Refus(refus)
    bornes = [0, *accumulate(entete["tailles"])]
    return [octets[de:a] for de, a in pairwise(bornes)], entete["avertissements"]


def _en_donnees(valeur: Any) -> Any:
    """La description en objets JSON ; `sorte` nomme la classe de chaque objet."""
    if isinstance(valeur, Photo):
        return {"sorte": "photo", "image": _en_svg(valeur), "alt": valeur.alt, "legende": valeur.legende}
    if is_dataclass(valeur):
        donnees = {
            champ.name: getattr(valeur, champ.name)
            if champ.metadata == BRUT
            else _en_donnees(getattr(valeur, champ.name))
            for champ in fields(valeur)
        }
        if isinstance(valeur, Document):
            donnees["date"] = {"jour": valeur.date.day, "mois": valeur.date.month, "annee": valeur.date.year}
        if isinstance(valeur, Figure):
            donnees["largeur"] = largeur_naturelle(valeur.svg)
        return {**donnees, "sorte": type(valeur).__name__.lower()}
    if isinstance(valeur, tuple):
        return [_en_donnees(element) for element in valeur]
    return _coupable(valeur) if isinstance(valeur, str) else valeur


_SANS_FIN = re.compile(r"[^\s-]{30,}")
_MORCEAU = re.compile(r".{12}[\u0300-\u036f]*")
COUPURE = "\u200b"


def _coupable(texte: str) -> str:
    """Un mot sans fin (une adresse, une suite de lettres) reçoit de quoi se couper : rien ne sort de la page."""
    if len(texte) < 30:
        return texte
    return _SANS_FIN.sub(lambda mot: _MORCEAU.sub(lambda bout: bout[0] + COUPURE, mot[0]), texte)


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
