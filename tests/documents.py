"""Un document d'essai, et la lecture de ce que ses rendus donnent à lire."""

import datetime
import io
import re
from functools import cache
from typing import Any

import docx
import pypdf
from docx.oxml.ns import qn
from lxml import html as lecteur_html

from maillage.core.documents.description import (
    Bloc,
    Chiffre,
    Chiffres,
    Citation,
    Definition,
    Document,
    Encadre,
    Figure,
    Liste,
    Paragraphe,
    Saut,
    Section,
    Tableau,
    texte_libre,
)
from maillage.core.documents.docx import rendre_docx
from maillage.core.documents.html import rendre_html
from maillage.core.documents.pdf import rendre_pdf
from maillage.core.documents.texte import Renvoi, gras, italique, lien

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120">'
    '<rect x="20" y="40" width="60" height="70" fill="#0B6570"/></svg>'
)
ALT = "Une barre : 42 passages."


def document(*blocs: Bloc, suite: tuple[Section, ...] = (), **champs: object) -> Document:
    reglages: dict[str, Any] = {
        "titre": "Le café des clics",
        "surtitre": "Services, en cours",
        "sous_titre": "Centre social du Vieux-Chêne",
        "auteur": "Réseau Maillage",
        "date": datetime.date(2026, 3, 1),
        "mentions": ("Adresse stable : maillage.example/e/7k4m2",),
        "licence": lien("Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
        **champs,
    }
    return Document(sections=(Section("Le début", blocs, ancre="debut"), *suite), **reglages)


@cache
def document_complet() -> Document:
    passages = Tableau(
        "Passages par an",
        ("Année", "Passages"),
        (("2024", "31"), ("2025", gras("42"))),
        alignements=("gauche", "droite"),
        notes=("Feuilles de présence, 41 séances.",),
        ancre="passages",
        a_entetes_de_ligne=True,
    )
    suite = Section(
        "La suite",
        (
            *texte_libre("Deux lignes\nici.\n- sortir\n- installer"),
            Liste(("d’abord", "ensuite"), est_ordonnee=True),
            Citation("Je ne vais pas prendre rendez-vous.", "Une habitante"),
            Encadre("alerte", "À savoir", (Paragraphe("En hiver, personne ne s’arrête."),)),
            Saut(),
        ),
        ancre="suite",
    )
    detail = Section("Un détail", (Liste(("un", "deux"), est_ordonnee=True),), niveau=2)
    return document(
        Paragraphe("Neuf bénévoles tiennent une table.", role="chapo"),
        Paragraphe(
            ("Voir le ", Renvoi("passages"), ", la ", Renvoi("barre"), " et la ", Renvoi("suite"), ".")
        ),
        Paragraphe(
            (gras("gras"), " puis ", italique("penché"), " puis ", lien("site", "https://example.org/?a=1"))
        ),
        passages,
        Figure(SVG, ALT, "Passages en 2025", Tableau("En chiffres", ("Année",), (("2025",),)), ancre="barre"),
        Definition((("Public", "Seniors"), ("Avec", "Mairie, lycée"))),
        Chiffres((Chiffre("86", "personnes différentes", "année 2025"),)),
        suite=(suite, detail),
        profondeur_du_sommaire=2,
        est_numerote=True,
    )


def serre(texte: str) -> str:
    """Sans espaces ni césures : l'extraction d'un PDF ne les rend pas fidèlement."""
    return re.sub(r"[\s\u00ad\u200b\u2010-]", "", texte)


def pages_du_pdf(document: Document) -> list[str]:
    return [serre(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(rendre_pdf(document))).pages]


def lire_pdf(document: Document) -> str:
    return "".join(pages_du_pdf(document))


def lire_docx(document: Document) -> str:
    corps = docx.Document(io.BytesIO(rendre_docx(document))).element.body
    return serre("".join(noeud.text or "" for noeud in corps.iter(qn("w:t"))))


def lire_html(document: Document) -> str:
    """Sans les mots des dessins, qui sont des images ailleurs : leur tableau les redit."""
    page = lecteur_html.fromstring(rendre_html(document))
    for dessin in list(page.iter("svg")):
        dessin.drop_tree()
    return serre(page.text_content())


LECTURES = [lire_html, lire_pdf, lire_docx]
"""Les mots d'un document, tels que chacun de ses rendus les donne."""
