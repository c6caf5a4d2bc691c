"""Comparer et nettoyer des mots : accents, casse, puces, apostrophes, exposants."""

import re
import unicodedata
from functools import lru_cache

PUCES = "•·▪▫◦‣⁃●○■□◆◇►▶➢➤➔→✓✔✗★❖\uf0a7\uf0b7\uf0d8\uf0fc\uf076\uf02d"
"""Signes qui ouvrent un élément de liste. Les derniers sont ceux des polices de symboles de Word."""

TIRETS = "-–—−*"
_EXPOSANT = re.compile(r"\^\{([^{}]{1,8})\}|\^(\w{1,4})\b")
_INVISIBLES = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_NON_MOT = re.compile(r"[^a-z0-9]+")
_EN_TETE_DE_PUCE = re.compile(
    rf"^\s*(?:([{PUCES}])\s*|([o§Ø])\s+(?=[A-ZÀ-Ý])|([{TIRETS}])(?:\s+|(?=[A-ZÀ-Ý«(])))"
)
_SOUS_LISTE = re.compile(r"^\s*(?:◦\s+)+")
_GRAS = re.compile(r"\*\*+|\*+(?=[^\s*])|(?<=[^\s*])\*+|__+(?=\w)|(?<=\w)__+")


@lru_cache(maxsize=65536)
def forme(texte: str) -> str:
    """Sans accent, sans casse, sans ponctuation : ce qui reste d'un libellé quand chacun l'écrit à sa façon."""
    decompose = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "oe").casefold())
    sans_accent = "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))
    return _NON_MOT.sub(" ", sans_accent).strip()


@lru_cache(maxsize=65536)
def racine(texte: str) -> str:
    """La forme, chaque mot sans son pluriel. « Objectif(s) généraux » et « objectifs generaux » se valent."""
    return " ".join(
        mot[:-1] if len(mot) > 3 and mot[-1] in "sx" else mot
        for mot in forme(re.sub(r"\((?:s|x|e|es|ux)\)", "", texte)).split()
    )


def plier(texte: str) -> str:
    """Sans accent ni casse, à longueur égale : une position y vaut dans le texte."""
    return "".join(unicodedata.normalize("NFKD", lettre)[0].lower()[:1] for lettre in texte)


def nettoyer(texte: str) -> str:
    """Une seule espace entre les mots, exposants remis à plat (« 1^{er} » → « 1er »), sans signe invisible."""
    plat = _EXPOSANT.sub(lambda trouve: trouve[1] or trouve[2], _INVISIBLES.sub("", texte))
    return " ".join(plat.split())


def sans_gras(texte: str) -> str:
    """Sans les marques de gras et d'italique que laisse un texte venu d'un traitement de texte."""
    return _GRAS.sub("", texte)


def sans_puce(texte: str) -> tuple[str, int]:
    """Le texte sans le signe qui ouvre l'élément de liste, et la profondeur que ce signe dit ; 0 s'il n'y en a pas.

    « ◦ » ouvre une sous-liste, « ◦ ◦ » une liste plus profonde : c'est ainsi que sortent nos documents.
    """
    dessous = _SOUS_LISTE.match(texte)
    if dessous:
        return texte[dessous.end() :].strip(), 1 + dessous[0].count("◦")
    trouve = _EN_TETE_DE_PUCE.match(texte)
    return (texte[trouve.end() :].strip(), 1) if trouve else (texte.strip(), 0)


def signe_de_puce(texte: str) -> str:
    """Le signe par lequel une liste commence, ou rien."""
    trouve = _EN_TETE_DE_PUCE.match(texte)
    return (trouve[1] or trouve[2] or trouve[3]) if trouve else ""


def couper_aux_puces(texte: str) -> list[str]:
    """Les éléments d'une liste écrite d'un trait (« • un • deux »). Le premier signe est celui qui coupe.

    Un autre signe plus loin appartient à l'élément : c'est une sous-liste, ou un tiret de phrase.
    """
    signe = signe_de_puce(texte)
    if not signe:
        return [texte.strip()] if texte.strip() else []
    morceaux = re.split(rf"(?:^|\s){re.escape(signe)}(?:\s+|(?=[A-ZÀ-Ý«(]))|^\s*{re.escape(signe)}", texte)
    nets = (morceau.strip().rstrip(PUCES).strip() for morceau in morceaux)
    return [net for net in nets if net]


def est_en_capitales(texte: str) -> bool:
    lettres = [lettre for lettre in texte if lettre.isalpha()]
    return len(lettres) >= 4 and sum(lettre.isupper() for lettre in lettres) >= 0.9 * len(lettres)
