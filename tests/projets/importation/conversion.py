"""Le même document dans un autre format : un texte fait HTML à la main, et fait Word par python-docx."""

import html
import io
import re
from itertools import groupby

import docx
from docx.document import Document
from docx.text.paragraph import Paragraph

from maillage.projets.importation.blocs import Bloc, Ligne
from maillage.projets.importation.texte import lire_le_texte

_BALISES = re.compile(r"</?(?:p|ul|u)\b[^<>]*>")


def en_html(texte: str) -> str:
    """Chaque ligne un paragraphe, chaque suite de lignes à tabulations un tableau ; les cellules telles quelles."""
    corps = []
    for est_rang, lignes in groupby(map(_sans_barres, texte.split("\n")), key=lambda ligne: "\t" in ligne):
        if est_rang:
            rangs = (
                "".join(f"<td>{_cellule(cellule)}</td>" for cellule in ligne.split("\t")) for ligne in lignes
            )
            corps.append("<table>" + "\n".join(f"<tr>{rang}</tr>" for rang in rangs) + "</table>")
        else:
            corps += [_paragraphe(ligne) for ligne in lignes if ligne.strip()]
    return (
        "<!DOCTYPE html>\n<html><head><title>Projet social</title></head><body>\n"
        + "\n".join(corps)
        + "</body></html>"
    )


def _sans_barres(ligne: str) -> str:
    """Un rang écrit avec des barres, écrit avec des tabulations ; le filet sous l'en-tête n'est rien."""
    if not ligne.startswith("|"):
        return ligne
    return "\t".join(cellule.strip().strip("-") for cellule in ligne.strip("|").split("|"))


def _cellule(cellule: str) -> str:
    return cellule if _BALISES.search(cellule) else html.escape(cellule)


def _paragraphe(ligne: str) -> str:
    if ligne.startswith("#"):
        niveau = len(ligne) - len(ligne.lstrip("#"))
        return f"<h{niveau}>{html.escape(ligne.lstrip('# '))}</h{niveau}>"
    if ligne.startswith("- "):
        return f"<ul><li>{html.escape(ligne[2:])}</li></ul>"
    return f"<p>{html.escape(ligne.replace('*', ''))}</p>"


def en_word(texte: str) -> bytes:
    """Les paragraphes et les tableaux d'un texte, posés dans un document Word."""
    document = docx.Document()
    for _, blocs in groupby(lire_le_texte(texte), key=lambda bloc: bloc.tableau or -bloc.ligne):
        rangs = list(blocs)
        if rangs[0].est_rang:
            _tableau(document, rangs)
        else:
            for bloc in rangs:
                _poser(document, bloc.cellules[0].lignes, bloc.niveau)
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _tableau(document: Document, rangs: list[Bloc]) -> None:
    colonnes = max(len(rang.cellules) for rang in rangs)
    cases = document.add_table(rows=len(rangs), cols=colonnes)._cells
    for place, rang in enumerate(rangs):
        for colonne, cellule in enumerate(rang.cellules):
            case = cases[place * colonnes + colonne]
            for suivante, ligne in enumerate(cellule.lignes):
                _ecrire(case.add_paragraph() if suivante else case.paragraphs[0], ligne)


def _poser(document: Document, lignes: tuple[Ligne, ...], niveau: int) -> None:
    for ligne in lignes:
        _ecrire(document.add_paragraph(), ligne, niveau)


def _ecrire(paragraphe: Paragraph, ligne: Ligne, niveau: int = 0) -> None:
    """Le style se pose par son identifiant : le chercher par son nom prendrait plus de temps que tout le reste."""
    paragraphe.add_run(ligne.texte)
    style = f"Heading{niveau}" if niveau else ("", "ListBullet", "ListBullet2")[min(ligne.puce, 2)]
    if style:
        paragraphe._p.style = style
