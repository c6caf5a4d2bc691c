"""Le fichier Word d'un document : de vrais styles, accessibles, que Word accepte d'ouvrir."""

import io
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from maillage.core.documents.docx import rendre_docx
from tests.documents import ALT, document_complet


def ouvrir(octets: bytes) -> Any:
    return docx.Document(io.BytesIO(octets))


def test_le_fichier_word_a_de_vrais_titres_et_la_langue_francaise() -> None:
    word = ouvrir(rendre_docx(document_complet()))
    styles = [(p.style.name, p.text) for p in word.paragraphs]
    assert ("Title", "Le café des clics") in styles
    assert [texte for style, texte in styles if style == "Heading 1"] == ["1. Le début", "2. La suite"]
    assert [texte for style, texte in styles if style == "Heading 2"] == ["2.1. Un détail"]
    assert {lang.get(qn("w:val")) for lang in word.styles.element.iter(qn("w:lang"))} == {"fr-FR"}
    proprietes = word.core_properties
    assert (proprietes.title, proprietes.author) == ("Le café des clics", "Réseau Maillage")
    assert proprietes.language == "fr" and proprietes.comments == ""


def test_le_tableau_word_repete_son_entete_et_dit_sa_legende() -> None:
    word = ouvrir(rendre_docx(document_complet()))
    tableau = word.tables[0]
    premieres = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in tableau.rows]
    assert premieres == [True, False, False]
    assert tableau._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Tableau 1. Passages par an"


def test_la_figure_word_a_son_texte_alternatif() -> None:
    word = ouvrir(rendre_docx(document_complet()))
    assert [forme._inline.docPr.get("descr") for forme in word.inline_shapes] == [
        ALT.replace(" :", "\u00a0:")
    ]


def test_le_pied_de_page_et_le_sommaire_word_sont_des_champs() -> None:
    word = ouvrir(rendre_docx(document_complet()))
    pied = word.sections[0].footer.paragraphs[0]
    assert [c.get(qn("w:instr")) for c in pied._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    instructions = [i.text for i in word.element.body.iter(qn("w:instrText"))]
    assert [i.split()[0] for i in instructions] == ["TOC"]
    bornes = [c.get(qn("w:fldCharType")) for c in word.element.body.iter(qn("w:fldChar"))]
    assert bornes == ["begin", "separate", "end"]


def test_les_renvois_word_menent_a_un_signet_et_les_listes_repartent_de_un() -> None:
    word = ouvrir(rendre_docx(document_complet()))
    signets = {s.get(qn("w:name")) for s in word.element.body.iter(qn("w:bookmarkStart"))}
    ancres = {h.get(qn("w:anchor")) for h in word.element.body.iter(qn("w:hyperlink"))} - {None}
    assert {"passages", "barre", "suite"} <= ancres <= signets
    numeros = [p._p.pPr.numPr.numId.val for p in word.paragraphs if p.style.name == "List Number"]
    assert len(numeros) == 4 and numeros[0] == numeros[1] != numeros[2] == numeros[3]


def test_le_fichier_word_suit_l_ordre_des_elements_que_word_exige() -> None:
    """Word refuse d'ouvrir un fichier où les propriétés d'un tableau ou d'une cellule sont en désordre."""
    ordres = {
        "tblPr": "tblStyle tblStyleRowBandSize tblStyleColBandSize tblW jc tblInd tblBorders shd tblLayout "
        "tblCellMar tblLook tblCaption",
        "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
        "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind "
        "contextualSpacing jc outlineLvl rPr",
    }
    word = ouvrir(rendre_docx(document_complet()))
    for racine in (word.element.body, word.styles.element):
        for nom, ordre in ordres.items():
            for element in racine.iter(qn(f"w:{nom}")):
                rangs = [ordre.split().index(etree.QName(enfant).localname) for enfant in element]
                assert rangs == sorted(rangs), etree.tostring(element)
