"""Analyse des textes français : la même pour les fiches et pour ce que les gens tapent.

Un mot devient un terme : minuscules, œ et æ, accents repliés, PUIS racine de Snowball, « e » final retiré et
consonnes doublées réduites (« ballade » rejoint « balade »). L'ordre compte : racine avant repli perdrait
« parentalite » tapé sans accent. Mesures : `docs/mesures.md`, ADR de la recherche.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Generic, NamedTuple, TypeVar

import Stemmer

VERSION_ANALYSE: Final = "1"
"""À changer avec toute règle d'ici : un index d'une autre version est reconstruit."""

LONGUEUR_MAX_MOT: Final = 40
_MOT: Final = re.compile(r"\w(?:\.\w)+(?!\w)|\w+")
"""Un mot, ou un sigle à points (« C.L.A.S. », « C.V »)."""
_DOUBLES: Final = re.compile(r"([bcdfgjkmnpqrtvz])\1|(?<!i)(l)\2")
"""Pas « ss », qui change le son (poisson, poison), ni « ill » (fille, fil)."""

_GRAMMAIRE: Final = """
    a afin ai ainsi alors apres as au aussi autre autres aux auxquels avaient avait avec avez avoir
    avons ayant car ce ceci cela celle celles celui ces cet cette ceux chacun chaque ci comme comment
    dans de depuis des doit doivent donc dont du elle elles en encore es est et etaient etait etant etc
    ete etes etre eu eux fait faut il ils jusqu jusque la laquelle le lequel les lesquelles lesquels
    leur leurs lors lorsque lui ma mais me meme memes mes mon ne ni nos notre nous on ont ou par parce
    pas pendant permet permettre peu peut peuvent plus plusieurs pour pourquoi puis qu quand que quel
    quelle quelles quels qui quoi sa sans se selon sera seront ses si soit son sont sous suis sur ta te
    tel telle telles tels tes toi ton tous tout toute toutes tres tu un une vos votre vous
"""
MOTS_VIDES: Final = frozenset(_GRAMMAIRE.split())
"""Mots de grammaire. « vers » et « hors » n'y sont pas : « aller vers » et « hors les murs » se cherchent."""

EXCEPTIONS: Final = {
    mot: racine
    for racine, formes_du_mot in {
        "aidant": "aidant aidants aidante aidantes",
        "assistance": "assistance",
        "cafe": "cafe cafes",  # la racine serait celle de la Caf
        "collecte": "collecte collectes collecter",
        "communale": "communal communale communaux communales",
        "commune": "commune communes",
        "communication": "communication communications",
        "concertation": "concertation concertations",
        "cours": "cours",
        "departement": "departement departements departemental departementale departementaux",
        "don": "don dons",
        "donner": "donner donne donnent donnant donnees donnee",
        "environnement": "environnement environnemental environnementale environnementaux",
        "france": "france",  # sans elle, « France services » trouverait les cours de français
        "initiation": "initiation initiations",
        "jeu": "jeu jeux",
        "mere": "mere meres",
        "permanence": "permanence permanences",
        "repas": "repas",
        "repit": "repit",
        "terre": "terre terres",
        "travail": "travail travaux travailler travaille travaillent travaillant",
        "vieux": "vieux vieille vieilles",
    }.items()
    for mot in formes_du_mot.split()
}
"""Mots courants du métier que Snowball confond avec un autre sens, ou dont il sépare les formes."""

_racine = Stemmer.Stemmer("french")


class Terme(NamedTuple):
    """Un mot d'un texte : sa place (en caractères) et le terme cherché."""

    terme: str
    debut: int
    fin: int


class _Repli(dict[int, str]):
    """Table de `str.translate` : chaque caractère, sans accent. Remplie à mesure."""

    def __missing__(self, code: int) -> str:
        decompose = unicodedata.normalize("NFKD", chr(code))
        plie = self[code] = "".join(c for c in decompose if not unicodedata.combining(c)).lower()
        return plie


_REPLI: Final = _Repli({ord("œ"): "oe", ord("æ"): "ae", ord("’"): "'"})


def replier(texte: str) -> str:
    """Minuscules sans accents : « Œuvre » donne « oeuvre », « L’Été » donne « l'ete »."""
    return texte.lower().translate(_REPLI)


def _terme(mot: str) -> str:
    """Terme d'un seul mot, chaîne vide pour un mot vide ou démesuré."""
    plie = replier(mot).replace(".", "").strip("_")
    if plie in MOTS_VIDES or not plie.isalnum() or len(plie) > LONGUEUR_MAX_MOT:
        return ""
    if len(plie) == 1 and plie.isalpha():  # élisions : « l' », « d' »
        return ""
    return raciner(plie)


def raciner(plie: str) -> str:
    """Racine d'un mot déjà replié."""
    if plie in EXCEPTIONS:
        return EXCEPTIONS[plie]
    racine = _racine.stemWord(plie)
    if len(racine) > 3 and racine.endswith("e"):
        racine = racine[:-1]
    return _DOUBLES.sub(r"\1\2", racine)


Calcule = TypeVar("Calcule")


class Memoire(dict[str, Calcule], Generic[Calcule]):
    """Ce qui est déjà calculé, par morceau de texte. Vidée quand elle est pleine : elle se refait vite."""

    TAILLE: Final = 200_000

    def __init__(self, calcul: Callable[[str], Calcule]) -> None:
        super().__init__()
        self._calcul = calcul

    def __missing__(self, morceau: str) -> Calcule:
        if len(self) >= self.TAILLE:
            self.clear()
        trouve = self[morceau] = self._calcul(morceau)
        return trouve


def mots(texte: str) -> list[str]:
    """Mots tels qu'ils sont écrits, sans ponctuation ni apostrophe."""
    return _MOT.findall(composer(texte))


def composer(texte: str) -> str:
    """Accents composés (NFC) : un « e » suivi d'un accent flottant redevient une lettre."""
    return texte if texte.isascii() else unicodedata.normalize("NFC", texte)


_termes = Memoire(_terme)
_morceaux = Memoire(lambda morceau: " ".join(terme for mot in mots(morceau) if (terme := _termes[mot])))


def ecritures(morceau: str) -> Iterator[tuple[str, str]]:
    """Les termes d'un morceau de texte, chacun avec le mot qui l'écrit."""
    return ((terme, mot.lower()) for mot in mots(morceau) if (terme := _termes[mot]))


def termes_du_morceau(morceau: str) -> str:
    """Termes d'un morceau de texte, séparés par une espace."""
    return _morceaux[morceau]


def texte_analyse(morceaux: Iterable[str], lus: Mapping[str, str] = _morceaux) -> str:
    """Termes de morceaux de texte (`texte.split()`), dans l'ordre, séparés par des espaces.

    Le chemin rapide, où passent toutes les fiches : se souvenir de chaque morceau coûte trois fois moins que
    chercher ses mots. `lus` : où l'on s'en souvient. Un mot vide laisse une espace de plus, sans effet.
    """
    return " ".join(map(lus.__getitem__, morceaux))


def analyser(texte: str) -> list[str]:
    """Termes d'un texte, dans l'ordre, mots vides retirés."""
    return texte_analyse(texte.split()).split()


def analyser_en_place(texte: str) -> Iterator[Terme]:
    """Termes avec leur place dans `texte`, pour surligner. Le texte doit être composé (NFC)."""
    for trouve in _MOT.finditer(texte):
        if terme := _termes[trouve.group()]:
            yield Terme(terme, trouve.start(), trouve.end())


def racines(texte: str) -> list[str]:
    """Racines de tous les mots, mots vides compris : « un groupe d'habitants » s'écrit en entier."""
    return [raciner(plie) for mot in mots(texte) if (plie := replier(mot)).isalnum()]


_cles = Memoire(lambda texte: "_".join(racines(texte)))


def cle(texte: str) -> str:
    """Une valeur entière en un seul terme : « Maine-et-Loire » et « maine et loire » donnent le même."""
    return _cles[texte]
