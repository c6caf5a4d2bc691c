"""La description d'un document, d'où viennent sa page, son PDF et son fichier Word.

Un document se décrit une fois, en dataclasses figées, sans rien savoir du rendu. `composer` numérote, résout
les renvois et nettoie les textes : les trois rendus partent de ce même résultat et ne peuvent pas différer.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal, TypeVar

from maillage.core.documents.colonnes import largeurs_lues
from maillage.core.documents.dessin import verifier_svg
from maillage.core.documents.texte import (
    BRUT,
    Bout,
    DescriptionRefusee,
    Renvoi,
    Texte,
    paragraphes_et_listes,
    texte_propre,
)
from maillage.core.francais import INSECABLE, date_longue, insecables

Alignement = Literal["gauche", "centre", "droite"]
Ton = Literal["neutre", "ok", "alerte", "stop"]
NIVEAUX = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Paragraphe:
    """`role` : « chapo » ouvre un document, « note » accompagne (source, précision)."""

    texte: Texte
    role: Literal["courant", "chapo", "note"] = "courant"


@dataclass(frozen=True, slots=True)
class Liste:
    elements: tuple[Texte, ...]
    est_ordonnee: bool = False


@dataclass(frozen=True, slots=True)
class Tableau:
    """Tableau de données. `largeurs` : parts relatives des colonnes, là où le rendu fixe une largeur."""

    legende: str
    entetes: tuple[Texte, ...]
    lignes: tuple[tuple[Texte, ...], ...]
    alignements: tuple[Alignement, ...] = ()
    notes: tuple[Texte, ...] = ()
    ancre: str = field(default="", metadata=BRUT)
    a_entetes_de_ligne: bool = False
    """La première cellule de chaque ligne en est le titre."""
    largeurs: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        largeur = len(self.entetes)
        if not texte_propre(self.legende).strip() or not largeur:
            raise DescriptionRefusee("Un tableau a une légende et des titres de colonnes.")
        rangees: dict[str, tuple[Any, ...]] = {"alignements": self.alignements, "largeurs": self.largeurs}
        rangees |= {f"cellules en ligne {rang}": ligne for rang, ligne in enumerate(self.lignes, start=1)}
        for nom, rangee in rangees.items():
            if len(rangee) != largeur and (rangee or nom.startswith("cellules")):
                raise DescriptionRefusee(
                    f"Tableau « {self.legende} » : {len(rangee)} {nom} pour {largeur} colonnes."
                )

    def alignement(self, colonne: int) -> Alignement:
        return self.alignements[colonne] if self.alignements else "gauche"


@dataclass(frozen=True, slots=True)
class Figure:
    """Image vectorielle. `alt` dit ce qu'elle montre ; `tableau` donne les mêmes chiffres à lire.

    `est_haute` : elle peut prendre toute la hauteur d'une page.
    """

    svg: str = field(metadata=BRUT)
    alt: str
    legende: str
    tableau: Tableau | None = None
    ancre: str = field(default="", metadata=BRUT)
    est_haute: bool = False

    def __post_init__(self) -> None:
        if not texte_propre(self.alt).strip():
            raise DescriptionRefusee(f"Figure « {self.legende} » : écrivez son texte alternatif.")
        verifier_svg(self.svg)


@dataclass(frozen=True, slots=True)
class Photo:
    """Image de points, en JPEG. `adresse` : où la page la montre. `alt` vide : elle ne dit rien, on peut la passer."""

    jpeg: bytes = field(metadata=BRUT, repr=False)
    largeur: int
    hauteur: int
    alt: str
    legende: str = ""
    adresse: str = field(default="", metadata=BRUT)


@dataclass(frozen=True, slots=True)
class Citation:
    texte: Texte
    source: Texte = ""


@dataclass(frozen=True, slots=True)
class Encadre:
    """Blocs mis à part. Le ton colore, mais c'est le titre qui dit ce que c'est."""

    ton: Ton
    titre: str
    blocs: tuple["Bloc", ...]

    def __post_init__(self) -> None:
        if any(isinstance(bloc, Saut) for bloc in self.blocs):
            raise DescriptionRefusee(f"Encadré « {self.titre} » : un saut de page n'y a pas sa place.")


@dataclass(frozen=True, slots=True)
class Chiffre:
    """Une valeur, ce qu'elle compte, et d'où elle vient (année, source, n)."""

    valeur: str
    libelle: str
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Chiffres:
    chiffres: tuple[Chiffre, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """Couples terme, valeur : la carte d'identité d'une chose."""

    couples: tuple[tuple[str, Texte], ...]


@dataclass(frozen=True, slots=True)
class Saut:
    """La suite commence sur une page neuve (sans effet à l'écran).

    `place` : en millimètres, ce qu'il faut à la suite ; le PDF ne change de page que s'il en reste moins.
    """

    place: int = 0


Bloc = Paragraphe | Liste | Tableau | Figure | Photo | Citation | Encadre | Chiffres | Definition | Saut


@dataclass(frozen=True, slots=True)
class Section:
    """Une partie titrée, de niveau 1 à 4. Les sections se suivent à plat, comme on les lit."""

    titre: str
    blocs: tuple[Bloc, ...] = ()
    niveau: int = 1
    ancre: str = field(default="", metadata=BRUT)
    surtitre: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Un document entier. `blocs` : ce qui se lit avant la première section.

    `signature` : la ligne sous le titre ; sans elle, l'auteur et la date.
    `profondeur_du_sommaire` : le niveau des dernières sections qu'il montre ; 0, pas de sommaire.
    `titres_en_marge` : à partir de ce niveau, le PDF pose les titres à gauche du texte ; 0, aucun.
    `tient_en` : nombre de pages souhaité. Pour y tenir, ou du moins n'en prendre qu'une de plus, le PDF serre
    le texte sans descendre sous le lisible ; s'il n'y parvient pas, il garde le corps courant.
    `a_titres_courants` : en haut de chaque page, le titre de la partie où l'on est.
    """

    titre: str
    auteur: str
    date: datetime.date
    sections: tuple[Section, ...]
    sous_titre: str = ""
    surtitre: str = ""
    langue: str = "fr"
    blocs: tuple[Bloc, ...] = ()
    mentions: tuple[Texte, ...] = ()
    licence: Texte = ""
    signature: str = ""
    a_couverture: bool = False
    profondeur_du_sommaire: int = 0
    titres_en_marge: int = 0
    est_numerote: bool = False
    tient_en: int = 0
    a_titres_courants: bool = False

    def __post_init__(self) -> None:
        if not texte_propre(self.titre).strip():
            raise DescriptionRefusee("Un document a un titre.")
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", self.langue):
            raise DescriptionRefusee(f"Langue inconnue : {self.langue!r}. Écrivez « fr » ou « fr-FR ».")
        _verifier_niveaux(self.sections)
        _verifier_ancres(self)


def texte_libre(texte: str) -> tuple[Paragraphe | Liste, ...]:
    """Les blocs d'un texte écrit par un centre : paragraphes, et listes là où les lignes ont un tiret."""
    return tuple(
        Paragraphe(morceau) if isinstance(morceau, str) else Liste(morceau)
        for morceau in paragraphes_et_listes(texte)
    )


def composer(document: Document) -> Document:
    """Le document prêt à rendre : textes nettoyés, titres et légendes numérotés, renvois devenus des liens.

    Chaque section reçoit une ancre, pour que le sommaire puisse y mener.
    """
    est_francais = document.langue.startswith("fr")

    def nettoyer(valeur: Any) -> Any:
        if not isinstance(valeur, str):
            return valeur
        return insecables(texte_propre(valeur)) if est_francais else texte_propre(valeur)

    signature = document.signature or ", ".join(filter(None, (document.auteur, date_longue(document.date))))
    numerote, libelles = _numeroter(_transformer(replace(document, signature=signature), nettoyer))

    def resoudre(valeur: Any) -> Any:
        if isinstance(valeur, Tableau):
            parts = largeurs_lues(valeur.entetes, valeur.lignes, valeur.largeurs)
            return replace(valeur, largeurs=parts)
        return Bout(libelles[valeur.ancre], ancre=valeur.ancre) if isinstance(valeur, Renvoi) else valeur

    return _transformer(numerote, resoudre)


# --- Parcourir et transformer une description, quels que soient ses blocs ---

_T = TypeVar("_T")


def parcourir(valeur: Any) -> Iterator[Any]:
    """Tous les objets de la description, dans l'ordre de lecture."""
    if isinstance(valeur, tuple):
        for element in valeur:
            yield from parcourir(element)
    elif is_dataclass(valeur):
        yield valeur
        for champ in fields(valeur):
            yield from parcourir(getattr(valeur, champ.name))


def _transformer(valeur: _T, fonction: Callable[[Any], Any]) -> _T:
    """La même description, où `fonction` a remplacé chaque texte et chaque objet, dedans puis dehors."""
    if isinstance(valeur, tuple):
        return tuple(_transformer(element, fonction) for element in valeur)  # type: ignore[return-value]
    if is_dataclass(valeur) and not isinstance(valeur, type):
        ouverts = [champ.name for champ in fields(valeur) if champ.metadata != BRUT]
        return fonction(
            replace(valeur, **{nom: _transformer(getattr(valeur, nom), fonction) for nom in ouverts})
        )
    return fonction(valeur)


def _numeroter(document: Document) -> tuple[Document, dict[str, str]]:
    """Numérote sections, tableaux et figures ; rend aussi le libellé d'un renvoi vers chaque ancre."""
    libelles: dict[str, str] = {}
    compteurs = {"tableau": 0, "figure": 0}
    rangs = [0] * len(NIVEAUX)

    def numeroter(valeur: Any) -> Any:
        if not isinstance(valeur, Tableau | Figure):
            return valeur
        sorte = type(valeur).__name__.lower()
        compteurs[sorte] += 1
        if document.est_numerote:
            libelles[valeur.ancre] = f"{sorte} {compteurs[sorte]}"
            return replace(valeur, legende=f"{sorte.capitalize()} {compteurs[sorte]}. {valeur.legende}")
        libelles[valeur.ancre] = _entre_guillemets(valeur.legende)
        return valeur

    blocs = _transformer(document.blocs, numeroter)
    sections = []
    prises = {section.ancre for section in document.sections}
    for rang, section in enumerate(document.sections, start=1):
        rangs[section.niveau - 1] += 1
        rangs[section.niveau :] = [0] * (len(NIVEAUX) - section.niveau)
        numero = ".".join(map(str, rangs[: section.niveau]))
        ancre = section.ancre or _ancre_libre(f"partie-{rang}", prises)
        libelles[ancre] = f"partie {numero}" if document.est_numerote else _entre_guillemets(section.titre)
        titre = f"{numero}. {section.titre}" if document.est_numerote else section.titre
        sections.append(
            replace(section, titre=titre, ancre=ancre, blocs=_transformer(section.blocs, numeroter))
        )
    return replace(document, blocs=blocs, sections=tuple(sections)), libelles


def _entre_guillemets(titre: str) -> str:
    return f"«{INSECABLE}{titre}{INSECABLE}»"


def _ancre_libre(souhaitee: str, prises: set[str]) -> str:
    while souhaitee in prises:
        souhaitee += "-bis"
    prises.add(souhaitee)
    return souhaitee


# --- Ce qu'une description doit respecter ---


def _verifier_niveaux(sections: tuple[Section, ...]) -> None:
    precedent = 0
    for section in sections:
        if not texte_propre(section.titre).strip():
            raise DescriptionRefusee("Une section a un titre.")
        if section.niveau not in NIVEAUX or section.niveau > precedent + 1:
            raise DescriptionRefusee(
                f"Section « {section.titre} » : le niveau {section.niveau} ne suit pas le niveau {precedent}."
            )
        precedent = section.niveau


def _verifier_ancres(document: Document) -> None:
    ancres: set[str] = set()
    renvois: list[str] = []
    for objet in parcourir(document):
        if isinstance(objet, Renvoi):
            renvois.append(objet.ancre)
        elif isinstance(objet, Bout):
            if objet.ancre:
                renvois.append(objet.ancre)
        elif ancre := getattr(objet, "ancre", ""):
            if not re.fullmatch(r"[a-z][a-z0-9-]{0,38}", ancre):
                raise DescriptionRefusee(
                    f"Ancre {ancre!r} refusée : minuscules, chiffres, tirets, 39 au plus."
                )
            if ancre in ancres:
                raise DescriptionRefusee(f"L'ancre {ancre!r} est posée deux fois.")
            ancres.add(ancre)
    for renvoi in renvois:
        if renvoi not in ancres:
            raise DescriptionRefusee(f"Renvoi vers l'ancre {renvoi!r}, qui n'existe pas dans le document.")
