"""Le port de la recherche : ce qu'une pièce demande à un index, quel que soit le moteur.

L'index est un cache : tout s'y refait depuis la base. Un seul processus écrit ; les autres lisent.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

PAR_PAGE: Final = 25


class IndexIndisponible(RuntimeError):
    """L'index manque, ou vient d'une autre version du logiciel : il faut le reconstruire."""


class IndexOccupe(RuntimeError):
    """Un autre processus écrit dans l'index. On réessaiera."""


@dataclass(frozen=True, slots=True)
class Marquage:
    """Ce qui fait que deux documents se ressemblent : leurs mots marquants, et leurs valeurs communes."""

    champs: Mapping[str, int] = field(default_factory=dict)
    """Champs de texte d'où viennent les mots marquants, et le poids d'un mot qui s'y trouve une fois."""
    facettes: tuple[str, ...] = ()
    """Facettes dont une valeur commune rapproche."""
    sans_sujet: tuple[str, ...] = ()
    """Mots qui ne disent jamais de quoi parle un document."""


@dataclass(frozen=True, slots=True)
class Schema:
    """Ce qu'un index contient. Poids entiers : un mot d'un champ de poids 3 compte comme écrit trois fois."""

    nom: str
    champs: Mapping[str, int]
    """Champs de texte et leur poids."""
    valeurs: Mapping[str, int]
    """Listes de valeurs entières (mots clés, publics, département…) et leur poids."""
    facettes: tuple[str, ...]
    titre: str
    """Champ de texte qui dit l'objet en quelques mots ; il sert aussi aux suggestions et au tri."""
    tris: tuple[str, ...] = ()
    """Nombres entiers pour ranger, du plus grand au plus petit."""
    marquage: Marquage = field(default_factory=Marquage)


@dataclass(frozen=True, slots=True)
class Document:
    """Un objet à chercher, dans les mots de sa pièce."""

    id: int
    textes: Mapping[str, str]
    valeurs: Mapping[str, Sequence[str]]
    facettes: Mapping[str, Sequence[str]]
    tris: Mapping[str, int] = field(default_factory=dict)
    visibilites: Sequence[str] = ()
    """Qui peut le trouver : des mots choisis par la pièce (« public »)."""
    garde: Mapping[str, Any] = field(default_factory=dict)
    """Ce que la pièce relira avec le document sans ouvrir la base ; en JSON."""


@dataclass(frozen=True, slots=True)
class Question:
    """`filtres` : une même clé = OU, des clés différentes = ET."""

    texte: str
    visibilites: Collection[str]
    """Ce que la personne a le droit de trouver. Vide : rien."""
    filtres: Mapping[str, Collection[str]] = field(default_factory=dict)
    facettes: Sequence[str] = ()
    tri: str = ""
    """Un des `tris` du schéma, ou « titre » ; tout autre mot : par pertinence."""
    depart: int = 0
    nombre: int = PAR_PAGE
    corrige: bool = True
    """Faux : un mot inconnu reste tel qu'il est tapé."""


@dataclass(frozen=True, slots=True)
class Correction:
    de: str
    vers: str


@dataclass(frozen=True, slots=True)
class Reponse:
    ids: list[int]
    scores: list[float]
    total: int
    facettes: dict[str, dict[str, int]]
    """Nombres exacts ; chaque facette est comptée sans son propre filtre."""
    correction: Correction | None = None
    ignores: tuple[str, ...] = ()
    """Mots de la question que rien ne contient."""
    proches: tuple[int, ...] = ()
    """Quand rien ne répond : les plus proches."""
    termes: frozenset[tuple[str, ...]] = frozenset()
    """Ce qui a été cherché, pour surligner."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    mots: tuple[str, ...] = ()
    valeurs: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MotCommun:
    """Un mot marquant que deux documents partagent : tel que le premier l'écrit, ou deux synonymes."""

    ici: str
    ailleurs: str
    """Le même, sauf si c'est un synonyme."""
    force: float
    """Sa part dans la ressemblance, de 0 à 1."""
    est_titre: bool
    """Il est dans les deux titres."""


@dataclass(frozen=True, slots=True)
class Ressemblant:
    id: int
    note: float
    """De 0 à 1, par les mots seuls."""
    mots: tuple[MotCommun, ...]
    """Le plus fort d'abord ; jamais vide."""
    valeurs: Mapping[str, tuple[str, ...]]
    """Par facette, les valeurs communes, sauf celles que trop de documents ont."""
    garde: Mapping[str, Any]


class Ecrivain(Protocol):
    def indexer(self, documents: Iterable[Document]) -> None:
        """Remplace les documents de même identifiant."""

    def retirer(self, ids: Iterable[int]) -> None: ...


class IndexRecherche(Protocol):
    """Toute lecture lève `IndexIndisponible` ; toute écriture lève aussi `IndexOccupe`."""

    def chercher(self, question: Question) -> Reponse: ...

    def suggerer(self, debut: str, visibilites: Collection[str], nombre: int = 8) -> Suggestions: ...

    def ressemblants(self, id: int, visibilites: Collection[str]) -> list[Ressemblant]:
        """Une dizaine de documents qui partagent un mot marquant avec celui-ci, le plus proche d'abord.

        Rien si celui-ci n'est pas dans l'index, ou n'y est pas visible.
        """

    def ressemblants_a(self, document: Document, visibilites: Collection[str]) -> list[Ressemblant]:
        """Comme `ressemblants`, pour un document qui n'est pas dans l'index : un texte que l'on écrit."""

    def ecrire(self) -> AbstractContextManager[Ecrivain]:
        """Tout ou rien : une exception dans le bloc n'écrit rien."""

    def reconstruire(self, documents: Iterable[Document]) -> int:
        """Refait l'index à côté, puis bascule ; on peut lire pendant ce temps. Rend le nombre refait."""
