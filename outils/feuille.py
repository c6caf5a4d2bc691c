"""Une seule feuille de style : ce qui sert de Pico, dans une couche, puis nos feuilles, sans les blancs.

Pico est la base sémantique ; nous n'employons aucune de ses classes ni son thème sombre. Ce module lit la
feuille en règles, retire celles dont aucun sélecteur ne peut servir, puis les variables que plus rien ne lit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Ce que nos gabarits n'emploient jamais. `:not(…)` est ôté avant l'examen : exclure n'est pas employer.
SANS_USAGE = re.compile(
    r"\.[a-z]"
    r"|:host|data-theme=dark|data-tooltip|aria-busy|dir=rtl"
    r"|role=(?:switch|group|search|link|button|listbox|textbox|document)"
    r"|aria-invalid=false|type=(?:range|color|reset|search)|slider-|range-|color-swatch|indeterminate"
    r"|\b(?:hgroup|h4|h5|h6|pre|code|kbd|samp|tfoot|audio|video|canvas|iframe|figcaption|dialog|nav|aside)\b"
    r"|\barticle\b|::?-moz-|::-ms-|::-webkit-(?:calendar|inner|outer|search)"
)
BLOCS_SANS_USAGE = re.compile(r"prefers-color-scheme:\s*dark|@-moz-document")
# Les icônes de Pico sont des images en données, que notre politique de sécurité refuse : on les redessine.
DECLARATIONS_SANS_USAGE = re.compile(
    r"-(?:moz|o|ms)-|-webkit-(?:text-decoration|transition|appearance)\b|.*--pico-icon-(?!pos|wid|hei)"
)
VARIABLE_LUE = re.compile(r"var\(\s*(--[\w-]+)")


@dataclass
class Regle:
    """Une règle (déclarations) ou un bloc `@…` qui en contient (`regles`)."""

    entete: str
    corps: str = ""
    regles: "list[Regle] | None" = None

    def texte(self) -> str:
        dedans = self.corps if self.regles is None else "".join(regle.texte() for regle in self.regles)
        return f"{self.entete}{{{dedans}}}" if self.entete else dedans


def sans_commentaires(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def lire(css: str) -> list[Regle]:
    """Règles d'une feuille, dans l'ordre. Les accolades d'une chaîne (`url("…{…}")`) ne comptent pas."""
    regles, position = [], 0
    while position < len(css):
        ouverture = _prochain(css, "{;", position)
        if ouverture < 0:
            break
        entete = " ".join(css[position:ouverture].split())
        if css[ouverture] == ";":  # @charset, @import : la feuille construite n'en a plus besoin
            position = ouverture + 1
            continue
        fermeture = _fermeture(css, ouverture)
        contenu = css[ouverture + 1 : fermeture]
        if entete.startswith(("@media", "@supports", "@layer")):
            regles.append(Regle(entete, regles=lire(contenu)))
        else:
            regles.append(Regle(entete, corps=contenu))
        position = fermeture + 1
    return regles


def _prochain(css: str, cherches: str, depart: int) -> int:
    guillemet, profondeur = "", 0
    for position in range(depart, len(css)):
        lettre = css[position]
        if guillemet:
            guillemet = "" if lettre == guillemet else guillemet
        elif lettre in "\"'":
            guillemet = lettre
        elif lettre == "(":
            profondeur += 1
        elif lettre == ")":
            profondeur -= 1
        elif not profondeur and lettre in cherches:
            return position
    return -1


def _fermeture(css: str, ouverture: int) -> int:
    profondeur, position = 0, ouverture
    while (position := _prochain(css, "{}", position)) >= 0:
        profondeur += 1 if css[position] == "{" else -1
        if not profondeur:
            return position
        position += 1
    raise ValueError(f"Accolade jamais refermée après « {css[ouverture - 40 : ouverture]} ».")


def decouper(texte: str, separateur: str) -> Iterator[str]:
    """Morceaux séparés hors des parenthèses et des chaînes."""
    depart = 0
    while (position := _prochain(texte, separateur, depart)) >= 0:
        yield texte[depart:position].strip()
        depart = position + 1
    yield texte[depart:].strip()


def _sert(selecteur: str) -> bool:
    while (reduit := re.sub(r":not\([^()]*\)", "", selecteur)) != selecteur:
        selecteur = reduit
    return not SANS_USAGE.search(selecteur)


def _ecarter(regles: list[Regle]) -> list[Regle]:
    gardees = []
    for regle in regles:
        if regle.regles is not None:
            if not BLOCS_SANS_USAGE.search(regle.entete):
                regle.regles = _ecarter(regle.regles)
                gardees.extend([regle] if regle.regles else [])
            continue
        selecteurs = [s for s in decouper(regle.entete, ",") if _sert(s)]
        if selecteurs and not BLOCS_SANS_USAGE.search(regle.entete):
            gardees.append(Regle(",".join(selecteurs), corps=regle.corps))
    return gardees


def _toutes(regles: list[Regle]) -> Iterator[Regle]:
    for regle in regles:
        if regle.regles is None:
            yield regle
        else:
            yield from _toutes(regle.regles)


def _variables_mortes(regles: list[Regle], notre_css: str) -> None:
    """Retire les variables que rien ne lit plus, et celles de la racine que nos jetons redéfinissent."""
    notres = set(re.findall(r"(--pico-[\w-]+)\s*:", notre_css))
    while True:
        lues = set(VARIABLE_LUE.findall(notre_css))
        for regle in _toutes(regles):
            lues.update(VARIABLE_LUE.findall(regle.corps))
        retirees = 0
        for regle in _toutes(regles):
            gardees = []
            for declaration in decouper(regle.corps, ";"):
                nom = declaration.partition(":")[0].strip()
                morte = nom.startswith("--") and (
                    nom not in lues
                    or (nom in notres and regle.entete.startswith((":root", "[data-theme=light]")))
                )
                retirees += morte
                if declaration and not morte and not DECLARATIONS_SANS_USAGE.match(declaration):
                    gardees.append(declaration)
            regle.corps = ";".join(gardees)
        if not retirees:
            return


def _elaguer(regles: list[Regle], animations: set[str]) -> list[Regle]:
    """Sans les règles vidées ni les animations que rien n'appelle."""
    gardees = []
    for regle in regles:
        if regle.regles is not None:
            regle.regles = _elaguer(regle.regles, animations)
        nom = regle.entete.removeprefix("@keyframes ")
        if (regle.corps.strip() or regle.regles) and (nom == regle.entete or nom in animations):
            gardees.append(regle)
    return gardees


def utile_de_pico(pico: str, notre_css: str) -> str:
    """Les règles de Pico qui servent à nos pages, une fois connues les variables que nos feuilles lisent."""
    regles = _ecarter(lire(sans_commentaires(pico)))
    _variables_mortes(regles, notre_css)
    animations = {
        mot for regle in _toutes(regles) for mot in re.findall(r"animation:\s*([\w-]+)", regle.corps)
    }
    return "".join(regle.texte() for regle in _elaguer(regles, animations))


def sans_blancs(css: str) -> str:
    """Minification légère : commentaires et blancs. Les chaînes (icônes en données) restent intactes."""
    chaines: list[str] = []

    def garder(trouve: re.Match[str]) -> str:
        chaines.append(trouve.group())
        return f"\0{len(chaines) - 1}\0"

    css = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", garder, sans_commentaires(css))
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css)
    css = re.sub(r": ", ":", css).replace(";}", "}").strip()
    return re.sub(r"\0(\d+)\0", lambda trouve: chaines[int(trouve.group(1))], css)
