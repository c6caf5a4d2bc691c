"""Reconnaître les titres d'un projet social, quelle que soit leur numérotation.

« AXE 1 - … », « Axe A : … », « AXE TRANSVERSAL – … », « Enjeu n° 2 : … », « Objectif général 2.1 : … », « 01. … »,
« Fiche action n° 3 : … », « FA 12 – … », « 4.1.1 Action : … », « Chapitre 2 - … », « 1.2.3. … ».
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache

from maillage.projets.importation.lexique import variantes
from maillage.projets.importation.mots import est_en_capitales, forme

LONGUEUR_MAX = 220
"""Un titre plus long est une phrase."""


class Genre(Enum):
    AXE = "axe"
    ENJEU = "enjeu"
    OBJECTIF = "objectif"
    OPERATIONNEL = "operationnel"
    FICHE = "fiche"
    NUMERO = "numero"
    """Un numéro et un titre, sans mot qui dise de quoi : une fiche dans un arbre, un chapitre ailleurs."""
    CHAPITRE = "chapitre"


@dataclass(frozen=True)
class Titre:
    genre: Genre
    numero: str
    texte: str

    @property
    def parties(self) -> int:
        """Combien de nombres dans le numéro : « 4.1.1 » en a trois."""
        return len(re.findall(r"\w+", self.numero))


_NUMERO = (
    r"(?:[A-Za-z]{1,2}[ .-]?)?\d{1,3}(?:\s?[.\-]\s?\d{1,3}){0,4}"
    r"(?:[.-](?-i:[A-Z])(?=\s*(?:[:)»–—-]|$)))?(?:\s?(?:bis|ter))?"
)
"""« 4.1.1 », « FA-12 », « 3 bis », « P1.A »."""
_N = r"(?:n\s?[°ºo]\s*|num[ée]ro\s+|#)?"
_SEPARATEUR = r"\s*(?:[:.)»–—-]+\s*)+"


def _mots(nom: str) -> str:
    """Les mots d'un genre de titre, espaces et traits d'union confondus, pluriel admis."""
    return (
        "(?:"
        + "|".join(
            r"s?[\s-]+".join(re.split(r"[\s-]+", re.escape(mot).replace(r"\ ", " ").replace(r"\-", "-")))
            + "s?"
            for mot in variantes("titres", nom)
        )
        + ")"
    )


@cache
def _motifs() -> tuple[tuple[Genre, re.Pattern[str]], ...]:
    drapeaux = re.IGNORECASE
    transversal = "|".join(variantes("titres", "transversal"))
    lettre = r"(?-i:[A-H]|[IVX]{1,4})"
    return (
        (
            Genre.AXE,
            re.compile(
                rf"^{_mots('axe')}\s*{_N}[«\"“]?\s*(?:(?P<transversal>{transversal})|(?P<numero>\d{{1,2}}|{lettre})(?![\w.]\w))"
                rf"(?:{_SEPARATEUR}|\s+|$)[«\"“]?\s*(?P<texte>.*?)\s*[»\"”]?$",
                drapeaux,
            ),
        ),
        (
            Genre.ENJEU,
            re.compile(
                rf"^{_mots('enjeu')}(?:\s*{_N}(?P<numero>\d{{1,2}}|{lettre})(?:{_SEPARATEUR}|\s+|$)|\s*:\s*)(?P<texte>.*)$",
                drapeaux,
            ),
        ),
        (
            Genre.OPERATIONNEL,
            re.compile(
                rf"^{_mots('objectif_operationnel')}(?:\s*{_N}(?P<numero>{_NUMERO}|{lettre})(?:{_SEPARATEUR}|\s+|$)|\s*:\s*)(?P<texte>.*)$",
                drapeaux,
            ),
        ),
        (
            Genre.OBJECTIF,
            re.compile(
                rf"^{_mots('objectif')}(?:\s*{_N}(?P<numero>{_NUMERO}|{lettre})(?:{_SEPARATEUR}|\s+|$)|\s*:\s*)(?P<texte>.*)$",
                drapeaux,
            ),
        ),
        (
            Genre.FICHE,
            re.compile(
                rf"^{_mots('fiche')}\s*(?:{_N}(?P<numero>{_NUMERO}|{lettre})(?:{_SEPARATEUR}|\s+|$)|\s*:\s*)(?P<texte>.*)$",
                drapeaux,
            ),
        ),
        (
            Genre.FICHE,
            re.compile(
                rf"^(?P<numero>{_NUMERO})\s*[.:)–—-]*\s*{_mots('fiche')}\s*[:–—-]\s*(?P<texte>.*)$", drapeaux
            ),
        ),
        (
            Genre.CHAPITRE,
            re.compile(
                rf"^{_mots('chapitre')}\s*{_N}(?P<numero>\d{{1,2}}|[IVX]{{1,4}})(?:{_SEPARATEUR}|\s+|$)(?P<texte>.*)$",
                drapeaux,
            ),
        ),
        (
            Genre.NUMERO,
            re.compile(r"^(?P<numero>\d{1,3}(?:\.\d{1,3}){1,4})\s*[.)–—:-]*\s+(?P<texte>[^\s\d].*)$"),
        ),
        (
            Genre.NUMERO,
            re.compile(
                r"^(?P<numero>[A-Z]{1,2}[.-]\d{1,3}(?:\.\d{1,3})*)\s*[.)–—:-]*\s+(?P<texte>[^\s\d].*)$"
            ),
        ),
        (
            Genre.NUMERO,
            re.compile(r"^(?P<numero>(?:[A-Z]{1,2}[.-]?)?\d{1,3})\s*[.)–—:-]\s*(?P<texte>[^\s\d.,%].*)$"),
        ),
    )


@lru_cache(maxsize=65536)
def lire_un_titre(texte: str) -> Titre | None:
    """Le titre que ce texte est, ou rien."""
    if len(texte) > LONGUEUR_MAX:
        return None
    for genre, motif in _motifs():
        trouve = motif.match(texte)
        if trouve:
            numero = "T" if trouve.groupdict().get("transversal") else (trouve["numero"] or "")
            return Titre(
                genre, _numero(numero, genre), trouve["texte"].strip(' «»"“”' if genre is Genre.AXE else " ")
            )
    return None


def _numero(numero: str, genre: Genre) -> str:
    serre = re.sub(r"\s+", "", numero)
    return serre.upper() if genre is Genre.AXE else serre


def ressemble_a_un_titre(texte: str) -> bool:
    """Court, en capitales, sans ponctuation de phrase : un titre qu'aucun numéro n'annonce."""
    return (
        len(texte) <= 120
        and est_en_capitales(texte)
        and not texte.rstrip().endswith((".", ";", ","))
        and len(forme(texte)) >= 4
    )
