"""L'écriture légère : quelques signes dans un texte simple, lus en blocs d'un document. Aucun HTML n'y entre.

`## Titre`, `### Sous-titre`, `**gras**`, `*italique*`, `- élément`, `1. élément`, `> parole` (et `> — qui`),
`[mots](https://…)`, une adresse web seule. Un texte écrit avant elle se lit comme avant : un signe qui n'ouvre et ne
ferme rien reste un signe. Les jetons `[[…]]` sont à qui lit : `jeton` et `bloc` disent ce qu'ils deviennent.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from maillage.core.documents.description import (
    NIVEAUX,
    Bloc,
    Citation,
    Liste,
    Paragraphe,
    Section,
)
from maillage.core.documents.texte import (
    Bout,
    DescriptionRefusee,
    Morceau,
    Texte,
    element_de_liste,
    texte_propre,
)

Piece = Bloc | Section
"""Une suite de pièces se lit à plat ; le niveau d'une section y est relatif : 1, juste sous qui l'accueille."""
LireJeton = Callable[[str], Texte | None]
LireBloc = Callable[[str], tuple[Piece, ...] | None]

_TITRE: Final = re.compile(r"\s{0,3}(#{1,4})\s+(\S.*)")
_PAROLE: Final = re.compile(r"\s{0,3}>\s?(.*)")
_SOURCE: Final = re.compile(r"(?:—|–|--)\s*(\S.*)")
_NUMERO: Final = re.compile(r"\s*(\d{1,2})[.)]\s+(\S.*)")
_JETON_SEUL: Final = re.compile(r"\s*(\[\[[^\[\]\n]+\]\])\s*")
_RETRAIT: Final = re.compile(r"((?:  |\t)+)(?=\S)")
_EN_LIGNE: Final = re.compile(
    r"(?P<jeton>\[\[[^\[\]\n]+\]\])"
    r"|\[(?P<mots>[^\[\]\n]+)\]\((?P<vers>(?:https?://|mailto:)[^\s()]+)\)"
    r"|(?P<nue>https?://[^\s<>()\[\]*«»]*[^\s<>()\[\]*«».,;:!?])"
    r"|\*\*(?P<gras>(?=\S)[^\n]+?(?<=\S))\*\*"
    r"|(?<![\w*])\*(?P<italique>(?=[^\s*])[^*\n]+?(?<=\S))\*(?![\w*])"
)


def _laisser(_: str) -> None:
    """Un jeton que personne ne reconnaît reste tel qu'il est écrit."""
    return


def lire(texte: str, *, jeton: LireJeton = _laisser, bloc: LireBloc = _laisser) -> tuple[Piece, ...]:
    """`jeton` : ce que devient « [[…]] » au fil du texte ; `bloc` : seul sur sa ligne. None : laissé tel quel."""
    return tuple(_pieces(texte_propre(texte).split("\n"), jeton, bloc))


def en_sections(
    pieces: Iterable[Piece], niveau: int, precedent: int
) -> tuple[tuple[Bloc, ...], list[Section]]:
    """Les blocs d'avant la première section, puis les sections à leur niveau dans le document.

    `niveau` : celui de la section qui accueille ; `precedent` : celui de la dernière section écrite.
    """
    avant: list[Bloc] = []
    sections: list[Section] = []
    for piece in pieces:
        if isinstance(piece, Section):
            precedent = min(niveau + piece.niveau, precedent + 1, NIVEAUX[-1])
            sections.append(replace(piece, niveau=precedent))
        elif sections:
            sections[-1] = replace(sections[-1], blocs=(*sections[-1].blocs, piece))
        else:
            avant.append(piece)
    return tuple(avant), sections


def lire_en_ligne(texte: str, jeton: LireJeton = _laisser, *, gras: bool = False) -> Texte:
    """Gras, italique, liens et jetons d'une ligne ou d'un paragraphe."""
    morceaux: list[Morceau] = []
    curseur = 0
    for trouve in _EN_LIGNE.finditer(texte):
        morceaux += _simple(texte[curseur : trouve.start()], gras)
        morceaux += _enrichi(trouve, jeton, gras)
        curseur = trouve.end()
    morceaux += _simple(texte[curseur:], gras)
    return morceaux[0] if len(morceaux) == 1 else tuple(morceaux)


def _simple(texte: str, gras: bool) -> list[Morceau]:
    if not texte:
        return []
    return [Bout(texte, gras=True)] if gras else [texte]


def _enrichi(trouve: re.Match[str], jeton: LireJeton, gras: bool) -> list[Morceau]:
    if trouve["jeton"]:
        lu = jeton(trouve["jeton"])
        return _simple(trouve["jeton"], gras) if lu is None else _en_gras(lu, gras)
    if trouve["gras"]:
        return _en_gras(lire_en_ligne(trouve["gras"], jeton, gras=True), True)
    if trouve["italique"]:
        return [Bout(trouve["italique"], gras=gras, italique=True)]
    try:
        return [Bout(trouve["mots"] or trouve["nue"], gras=gras, adresse=trouve["vers"] or trouve["nue"])]
    except DescriptionRefusee:
        return _simple(trouve[0], gras)


def _en_gras(texte: Texte, gras: bool) -> list[Morceau]:
    morceaux = texte if isinstance(texte, tuple) else (texte,)
    if not gras:
        return list(morceaux)
    return [
        replace(un, gras=True) if isinstance(un, Bout) else Bout(un, gras=True) if isinstance(un, str) else un
        for un in morceaux
    ]


# --- Ligne à ligne ----------------------------------------------------------------------------------


def _pieces(lignes: list[str], jeton: LireJeton, bloc: LireBloc) -> Iterator[Piece]:
    rang = 0
    while rang < len(lignes):
        ligne = lignes[rang]
        if not ligne.strip(" -–—\xa0"):
            rang += 1
        elif titre := _TITRE.fullmatch(ligne):
            # le document donne sa forme au titre : il n'y reste que les mots
            mots = re.sub(r"\*{1,2}(?=\S)|(?<=\S)\*{1,2}", "", titre[2].rstrip(" #"))
            yield Section(mots or titre[2], niveau=max(1, len(titre[1]) - 1))
            rang += 1
        elif (seul := _JETON_SEUL.fullmatch(ligne)) and (pose := bloc(seul[1])) is not None:
            yield from pose
            rang += 1
        elif _PAROLE.fullmatch(ligne):
            siennes, rang = _tant_que(lignes, rang, lambda une: _PAROLE.fullmatch(une) is not None)
            yield _parole(siennes, jeton)
        elif element(ligne) is not None:
            siennes, rang = _tant_que(lignes, rang, lambda une: element(une) is not None)
            yield Liste(tuple(lire_en_ligne(_sous(une) + (element(une) or ""), jeton) for une in siennes))
        elif len(numerotees := _numerotees(lignes, rang)) > 1:
            yield Liste(tuple(lire_en_ligne(une, jeton) for une in numerotees), est_ordonnee=True)
            rang += len(numerotees)
        else:
            siennes, rang = _tant_que(lignes, rang + 1, lambda une: not _coupe(une, bloc))
            suite = "\n".join(une.strip() for une in (ligne, *siennes))
            yield Paragraphe(lire_en_ligne(suite, jeton))


def _tant_que(lignes: list[str], rang: int, garder: Callable[[str], bool]) -> tuple[list[str], int]:
    fin = rang
    while fin < len(lignes) and garder(lignes[fin]):
        fin += 1
    return lignes[rang:fin], fin


def _coupe(ligne: str, bloc: LireBloc) -> bool:
    """Cette ligne commence autre chose que la suite d'un paragraphe."""
    seul = _JETON_SEUL.fullmatch(ligne)
    return (
        not ligne.strip(" -–—\xa0")
        or _TITRE.fullmatch(ligne) is not None
        or _PAROLE.fullmatch(ligne) is not None
        or element(ligne) is not None
        or (seul is not None and seul[1].startswith("[[bloc"))
    )


def element(ligne: str) -> str | None:
    """Le texte d'un élément de liste ; « *ainsi* » en début de ligne est de l'italique."""
    nue = ligne.lstrip()
    if nue.startswith("*") and not nue.startswith("* ") and _EN_LIGNE.match(nue):
        return None
    return element_de_liste(ligne)


def _sous(ligne: str) -> str:
    """Un signe par étage : un document n'a pas d'autre façon de montrer une sous-liste."""
    retrait = _RETRAIT.match(ligne)
    return "◦ " * min(3, len(retrait[1].replace("\t", "  ")) // 2) if retrait else ""


def _numerotees(lignes: list[str], rang: int) -> list[str]:
    """Les éléments d'une liste qui compte 1, 2, 3. Une autre suite garde ses nombres : elle reste du texte."""
    trouves: list[str] = []
    for ligne in lignes[rang:]:
        trouve = _NUMERO.fullmatch(ligne)
        if trouve is None or int(trouve[1]) != len(trouves) + 1:
            break
        trouves.append(trouve[2])
    return trouves


def _parole(lignes: list[str], jeton: LireJeton) -> Citation:
    dites = [trouve[1].strip() for ligne in lignes if (trouve := _PAROLE.fullmatch(ligne))]
    source = _SOURCE.fullmatch(dites[-1]) if len(dites) > 1 else None
    texte = "\n".join(dites[:-1] if source else dites).strip()
    return Citation(lire_en_ligne(texte, jeton), lire_en_ligne(source[1], jeton) if source else "")
