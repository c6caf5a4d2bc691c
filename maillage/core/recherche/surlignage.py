"""Montrer où une fiche répond : un extrait, les mots trouvés entre <mark>, tout le reste échappé."""

from collections.abc import Collection
from itertools import pairwise
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.core.recherche.analyse import Terme, analyser, analyser_en_place, composer

LONGUEUR_EXTRAIT: Final = 240

Expression = tuple[str, ...]
Zone = tuple[int, int]


def zones_trouvees(texte: str, expressions: Collection[Expression]) -> list[Zone]:
    """Places des expressions dans `texte` (composé). Une expression de plusieurs mots doit y être entière."""
    par_debut: dict[str, list[Expression]] = {}
    for expression in sorted(expressions, key=len, reverse=True):
        par_debut.setdefault(expression[0], []).append(expression)
    if par_debut.keys().isdisjoint(analyser(texte)):  # le cas courant, et ce chemin-là est rapide
        return []
    termes = list(analyser_en_place(texte))
    zones: list[Zone] = []
    place = 0
    while place < len(termes):
        trouvee = _expression_en(termes, place, par_debut)
        if trouvee:
            zones.append((termes[place].debut, termes[place + trouvee - 1].fin))
        place += trouvee or 1
    return _recoller(texte, zones)


def _expression_en(termes: list[Terme], place: int, par_debut: dict[str, list[Expression]]) -> int:
    """Nombre de mots de l'expression qui commence là, 0 sinon."""
    for expression in par_debut.get(termes[place].terme, ()):
        suite = termes[place : place + len(expression)]
        if tuple(terme.terme for terme in suite) == expression:
            return len(expression)
    return 0


def _recoller(texte: str, zones: list[Zone]) -> list[Zone]:
    """Deux mots trouvés qui se suivent font un seul passage."""
    recollees: list[Zone] = []
    for zone in zones:
        if recollees and texte[recollees[-1][1] : zone[0]] == " ":
            recollees[-1] = (recollees[-1][0], zone[1])
        else:
            recollees.append(zone)
    return recollees


def surligner(texte: str, expressions: Collection[Expression], longueur: int | None = None) -> SafeString:
    """HTML sûr : le texte échappé, les expressions entre <mark>. `longueur` : l'extrait le plus parlant."""
    texte = composer(texte)
    zones = zones_trouvees(texte, expressions)
    debut, fin = (0, len(texte)) if longueur is None else _fenetre(texte, zones, longueur)
    dedans = [(a, b) for a, b in zones if debut <= a and b <= fin]
    bornes = [debut, *(borne for zone in dedans for borne in zone), fin]
    morceaux = [
        format_html("<mark>{}</mark>", texte[a:b]) if rang % 2 else texte[a:b]
        for rang, (a, b) in enumerate(pairwise(bornes))
    ]
    entiers = ["… " if debut else "", *morceaux, " …" if fin < len(texte) else ""]
    return format_html_join("", "{}", ((morceau,) for morceau in entiers))


def _fenetre(texte: str, zones: list[Zone], longueur: int) -> Zone:
    """Le passage d'environ `longueur` caractères où sont le plus de mots différents, coupé aux espaces."""
    if len(texte) <= longueur:
        return 0, len(texte)
    meilleur, valeur = 0, 0
    for rang, (debut, _) in enumerate(zones):
        vus = {texte[a:b].lower() for a, b in zones[rang:] if b <= debut + longueur * 3 // 4}
        if len(vus) > valeur:
            meilleur, valeur = debut, len(vus)
    depart = _couper(texte, meilleur - longueur // 5) if meilleur > longueur // 3 else 0
    return depart, _couper(texte, depart + longueur)


def _couper(texte: str, place: int) -> int:
    """Recule jusqu'au début d'un mot."""
    if place <= 0 or place >= len(texte):
        return min(max(place, 0), len(texte))
    espace = max(texte.rfind(" ", 0, place), texte.rfind("\n", 0, place))
    return espace + 1 if espace > place - 40 else place
