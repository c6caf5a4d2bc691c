"""Le texte d'un document : des bouts enrichis, et la lecture d'un texte écrit au kilomètre.

Rien ici ne connaît HTML, PDF ni Word : les trois rendus lisent les mêmes bouts.
"""

import re
from dataclasses import dataclass, field
from typing import Final

SCHEMAS_ADMIS = ("https://", "http://", "mailto:", "tel:")
ADRESSE_MAXIMALE = 2_000
BRUT: Final = {"est_brut": True}
"""Marque d'un champ qui n'est pas à lire (adresse, ancre, dessin) : la composition n'y touche pas."""


class DescriptionRefusee(ValueError):
    """La description ne peut pas donner un document lisible par tous ; le message dit où et pourquoi."""


@dataclass(frozen=True, slots=True)
class Bout:
    """Quelques mots du même aspect. `adresse` : lien vers l'extérieur ; `ancre` : vers ce même document."""

    texte: str
    gras: bool = False
    italique: bool = False
    adresse: str = field(default="", metadata=BRUT)
    ancre: str = field(default="", metadata=BRUT)

    def __post_init__(self) -> None:
        if not self.adresse:
            return
        if not self.adresse.lower().startswith(SCHEMAS_ADMIS):
            raise DescriptionRefusee(
                f"Lien refusé : {self.adresse[:60]!r}, ni web, ni courriel, ni téléphone."
            )
        if len(self.adresse) > ADRESSE_MAXIMALE or not self.adresse.isprintable():
            raise DescriptionRefusee(f"Lien refusé : {self.adresse[:80]!r} est trop long ou illisible.")


@dataclass(frozen=True, slots=True)
class Renvoi:
    """Renvoi vers une section, un tableau ou une figure du même document.

    Son libellé (« tableau 3 ») se calcule à la composition : personne ne tape un numéro.
    """

    ancre: str = field(metadata=BRUT)


Morceau = str | Bout | Renvoi
Texte = Morceau | tuple[Morceau, ...]


def gras(texte: str) -> Bout:
    return Bout(texte, gras=True)


def italique(texte: str) -> Bout:
    return Bout(texte, italique=True)


def lien(texte: str, adresse: str) -> Bout:
    """Lève `DescriptionRefusee` si l'adresse n'est ni web, ni courriel, ni téléphone."""
    return Bout(texte, adresse=adresse)


def bouts(texte: Texte) -> tuple[Bout, ...]:
    """Le texte composé, en bouts non vides. Un renvoi non résolu est une faute de programme."""
    morceaux = texte if isinstance(texte, tuple) else (texte,)
    resultat = []
    for morceau in morceaux:
        if isinstance(morceau, Renvoi):
            raise TypeError(f"Le renvoi vers {morceau.ancre!r} n'a pas été composé.")
        bout = Bout(morceau) if isinstance(morceau, str) else morceau
        if bout.texte:
            resultat.append(bout)
    return tuple(resultat)


def en_clair(texte: Texte) -> str:
    """Les mots seuls, sans enrichissement."""
    return "".join(bout.texte for bout in bouts(texte))


_FINS_DE_LIGNE = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SANS_EMPLOI = "".join(chr(plan << 16 | 0xFFFE) + chr(plan << 16 | 0xFFFF) for plan in range(17))
"""Les deux derniers codes de chaque plan d'Unicode : aucun caractère, jamais."""
_INVISIBLES = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb" + _SANS_EMPLOI + "]"
)


def texte_propre(texte: str) -> str:
    """Le texte que HTML, PDF et Word acceptent tous trois : ni caractère de commande, ni demi-caractère.

    Les fins de ligne de toutes machines deviennent `\\n`, la tabulation une espace.
    """
    if _sans_blancs(texte).isprintable():  # presque toujours : rien à ôter, et c'est trente fois plus court
        return texte
    return _INVISIBLES.sub("", _FINS_DE_LIGNE.sub("\n", texte)).replace("\t", " ")


def _sans_blancs(texte: str) -> str:
    return texte.replace("\n", "").replace("\xa0", "").replace("\u202f", "")


_MARQUE = r"[-–—•▪◦·*]"
# Un tiret collé à un chiffre peut être un signe moins ; « - de 25 ans » veut dire « moins de 25 ans ».
_ELEMENT = re.compile(rf"\s*{_MARQUE}(?:\s+(?!de\s+\d)|(?=[^\W\d]|[«\"“(\[]))(?P<texte>\S.*)", re.DOTALL)
_MARQUE_SEULE = re.compile(rf"\s*{_MARQUE}?\s*")


def element_de_liste(ligne: str) -> str | None:
    """Le texte d'un élément de liste, sans sa marque ; None pour une autre ligne."""
    trouve = _ELEMENT.fullmatch(ligne)
    return trouve["texte"].rstrip() if trouve else None


def paragraphes_et_listes(texte: str) -> tuple[tuple[str, ...] | str, ...]:
    """Découpe un texte saisi : une chaîne par paragraphe, un tuple par liste.

    Une ligne vide (ou réduite à un tiret) sépare ; une ligne qui commence par un tiret ou une puce est un
    élément de liste ; les autres lignes d'un même paragraphe gardent leurs fins de ligne. Aucun mot ni signe
    ne se perd, hors la marque de l'élément, que la liste redonne.
    """
    morceaux: list[tuple[str, ...] | str] = []
    separe = True
    for ligne in texte_propre(texte).split("\n"):
        if _MARQUE_SEULE.fullmatch(ligne):
            separe = True
            continue
        element = element_de_liste(ligne)
        dernier = morceaux[-1] if morceaux else None
        if element is not None and isinstance(dernier, tuple):
            morceaux[-1] = (*dernier, element)
        elif element is not None:
            morceaux.append((element,))
        elif isinstance(dernier, str) and not separe:
            morceaux[-1] = f"{dernier}\n{ligne.strip()}"
        else:
            morceaux.append(ligne.strip())
        separe = False
    return tuple(morceaux)
