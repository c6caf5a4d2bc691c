"""Styles, polices et langue des fichiers Word : l'identité du site, dans les styles mêmes de Word."""

from typing import Any

from docx.document import Document as FichierWord
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell

from maillage.core.documents.description import NIVEAUX, Tableau
from maillage.core.documents.pdf import FAMILLES

ENCRE, DOUCE, VERT, MIEL, FILET, PAPIER = "1E2A3A", "4A5568", "0B6570", "F3B43F", "E4DCCF", "FBF8F3"
LARGEUR_UTILE = Mm(166)
TONS = {
    "neutre": (VERT, PAPIER),
    "ok": ("4C7A57", "E7F1E8"),
    "alerte": ("8A5A00", "FDF1D6"),
    "stop": ("C2402A", "FBE9E4"),
}
RETRAIT_DE_CITATION = Mm(4)
TERME = Mm(42)
"""Retrait des valeurs d'une définition : le terme tient à gauche."""
ORDRES = {
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign",
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr "
    "shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
    "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection "
    "textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
}
"""Ordre des propriétés exigé par Word (ECMA-376, 17.3.1.26, 17.4.59, 17.4.69)."""
# Sur un poste qui n'a pas nos polices, Word en choisit une proche au lieu de Times New Roman.
REPLIS = {FAMILLES["texte"]: "Verdana", FAMILLES["titre"]: "Trebuchet MS"}


def element(nom: str, **attributs: object) -> Any:
    """Un élément WordprocessingML : `element("w:shd", val="clear", fill="FFFFFF")`."""
    cree = OxmlElement(nom)
    for cle, valeur in attributs.items():
        cree.set(qn(f"w:{cle}"), str(valeur))
    return cree


def bordures(nom: str, **cotes: tuple[str, int]) -> Any:
    """Bordures d'un paragraphe, d'une cellule ou d'un tableau : côté → (couleur, huitièmes de point)."""
    cadre = OxmlElement(nom)
    ecart = 6 if nom == "w:pBdr" else 0
    for cote, (couleur, epaisseur) in cotes.items():
        cadre.append(element(f"w:{cote}", val="single", sz=epaisseur, space=ecart, color=couleur))
    return cadre


def ajouter(proprietes: Any, *elements: Any) -> None:
    """Ajoute des propriétés à leur place : Word refuse d'ouvrir un fichier où elles sont en désordre."""
    proprietes.extend(elements)
    ordre = ORDRES[proprietes.tag.rpartition("}")[2]].split()
    proprietes[:] = sorted(proprietes, key=lambda enfant: ordre.index(enfant.tag.rpartition("}")[2]))


def preparer_styles(word: FichierWord, langue: str) -> None:
    """Donne au modèle vide de python-docx notre format, nos polices, nos styles et la langue du document."""
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.top_margin = page.bottom_margin = Mm(20)
    page.footer_distance = Mm(10)
    _langue(word, langue)
    _declarer_polices(word)
    _style(word, "Normal", 10.5, apres=6, interligne=1.3)
    _style(word, "Title", 24, titre=True, apres=6)
    _style(word, "Subtitle", 12.5, apres=4)
    for niveau, (corps, avant) in enumerate(((16, 20), (13, 14), (11.5, 12), (11, 10)), start=1):
        titre = _style(word, f"Heading {niveau}", corps, titre=True, avant=avant, apres=4)
        titre.paragraph_format.keep_with_next = True
    _style(word, "Caption", 10, gras=True, avant=8, apres=4)
    for nom in ("List Bullet", "List Number"):
        _style(word, nom, 10.5, apres=6)  # entre deux éléments, Word applique son « espacement contextuel »
    citation = _style(word, "Quote", 10.5, apres=8)
    citation.paragraph_format.left_indent = RETRAIT_DE_CITATION
    ajouter(citation.element.get_or_add_pPr(), bordures("w:pBdr", left=(MIEL, 24)))
    _style(word, "footer", 8.5, couleur=DOUCE)
    _style(word, "Surtitre", 10, gras=True, couleur=VERT, apres=2).paragraph_format.keep_with_next = True
    _style(word, "Chapo", 12, apres=8)
    _style(word, "Mention", 9, couleur=DOUCE, avant=2, apres=4)
    _style(word, "Cellule", 9.5, avant=3, apres=3)
    _style(word, "Cellule serrée", 8, avant=3, apres=3)
    _style(word, "Titre d’encadré", 11.5, titre=True, apres=3).paragraph_format.keep_with_next = True
    _style(word, "Chiffre", 10.5, apres=4)
    definition = _style(word, "Définition", 10.5, apres=3)
    definition.paragraph_format.left_indent, definition.paragraph_format.first_line_indent = TERME, -TERME
    definition.paragraph_format.tab_stops.add_tab_stop(TERME)
    _style(word, "TOC Heading", 16, titre=True, avant=16, apres=6)
    for niveau in NIVEAUX:
        sommaire = _style(word, f"toc {niveau}", 10.5, apres=3).paragraph_format
        sommaire.left_indent, sommaire.right_indent = Mm(6 * (niveau - 1)), Mm(12)
        sommaire.tab_stops.add_tab_stop(LARGEUR_UTILE, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    lien = word.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    lien.font.color.rgb, lien.font.underline = RGBColor.from_string(VERT), True


def _style(
    word: FichierWord,
    nom: str,
    corps: float,
    *,
    titre: bool = False,
    gras: bool = False,
    couleur: str = ENCRE,
    avant: float = 0,
    apres: float = 0,
    interligne: float | None = None,
) -> ParagraphStyle:
    style: ParagraphStyle
    if nom in word.styles:
        style = word.styles[nom]
    else:
        # « toc 1 » est le nom que Word connaît pour son sommaire ; les autres styles ajoutés sont à nous.
        style = word.styles.add_style(nom, WD_STYLE_TYPE.PARAGRAPH, builtin=nom.lower().startswith("toc"))
        style.base_style = word.styles["Normal"]
    for nom_d_origine in ("w:pBdr", "w:tabs"):  # le filet sous le titre, les taquets du pied de page
        for ancien in style.element.findall(f".//{qn(nom_d_origine)}"):
            ancien.getparent().remove(ancien)
    police = FAMILLES["titre" if titre else "texte"]
    style.font.name = police
    polices = style.element.rPr.rFonts
    for attribut in [cle for cle in polices.attrib if cle.endswith("Theme")]:
        del polices.attrib[attribut]
    for sorte in ("cs", "eastAsia"):
        polices.set(qn(f"w:{sorte}"), police)
    for espacement in style.element.rPr.findall(qn("w:spacing")) + style.element.rPr.findall(qn("w:kern")):
        style.element.rPr.remove(espacement)
    style.font.size, style.font.bold, style.font.italic = Pt(corps), titre or gras, False
    style.font.color.rgb = RGBColor.from_string(couleur)
    espace = style.paragraph_format
    espace.space_before, espace.space_after = Pt(avant), Pt(apres)
    if interligne or titre:
        espace.line_spacing = interligne or 1.1
    return style


def _langue(word: FichierWord, langue: str) -> None:
    region = langue if "-" in langue else f"{langue}-{'FR' if langue == 'fr' else langue.upper()}"
    for trouve in word.styles.element.iter(qn("w:lang")):
        trouve.set(qn("w:val"), region)
    reglages = word.settings.element
    for trouve in reglages.iter(qn("w:themeFontLang")):
        trouve.set(qn("w:val"), region)


def _declarer_polices(word: FichierWord) -> None:
    relations = word.part.rels.values()
    partie = next(lien.target_part for lien in relations if lien.reltype.endswith("/fontTable"))
    table = parse_xml(partie.blob)
    for nom, repli in REPLIS.items():
        police = element("w:font", name=nom)
        police.append(element("w:altName", val=repli))
        police.append(element("w:family", val="swiss"))
        police.append(element("w:pitch", val="variable"))
        table.append(police)
    partie._blob = serialize_part_xml(table)


def decrire_tableau(tableau: Table, bloc: Tableau) -> None:
    proprietes = tableau._tbl.tblPr
    for ancien in proprietes.findall(qn("w:tblLook")):
        proprietes.remove(ancien)
    ajouter(
        proprietes,
        bordures("w:tblBorders", bottom=(FILET, 6), insideH=(FILET, 6)),
        element("w:tblLook", firstRow=1, firstColumn=int(bloc.a_entetes_de_ligne), noHBand=1, noVBand=1),
        element("w:tblCaption", val=bloc.legende),
    )


def habiller(cellule: _Cell, fond: str, **cotes: tuple[str, int]) -> None:
    ajouter(
        cellule._tc.get_or_add_tcPr(),
        bordures("w:tcBorders", **cotes),
        element("w:shd", val="clear", color="auto", fill=fond),
    )
