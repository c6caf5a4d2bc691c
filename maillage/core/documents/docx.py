"""Le fichier Word d'un document : de vrais styles, que l'on peut reprendre et continuer.

Titres, listes, légendes, sommaire, renvois et numéros de page sont ceux de Word.
"""

import datetime
import io
from dataclasses import replace
from functools import singledispatchmethod
from itertools import count
from typing import Any

from docx import Document as ouvrir_word
from docx.document import Document as FichierWord
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from maillage.core.documents.description import (
    Alignement,
    Bloc,
    Chiffres,
    Citation,
    Definition,
    Document,
    Encadre,
    Figure,
    Liste,
    Paragraphe,
    Photo,
    Saut,
    Section,
    Tableau,
    composer,
)
from maillage.core.documents.pdf import FAMILLES, rendre_png
from maillage.core.documents.styles_word import (
    DOUCE,
    FILET,
    PAPIER,
    RETRAIT_DE_CITATION,
    TONS,
    VERT,
    ajouter,
    bordures,
    element,
    preparer_styles,
)
from maillage.core.documents.texte import Bout, Texte, bouts

LARGEUR_UTILE = Mm(166)
HAUTEUR_DE_FIGURE = Mm(110)
HAUTEUR_DE_PHOTO = Mm(75)
STYLES = {"courant": "Normal", "chapo": "Chapo", "note": "Mention"}
ALIGNEMENTS: dict[Alignement, WD_ALIGN_PARAGRAPH] = {
    "gauche": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "droite": WD_ALIGN_PARAGRAPH.RIGHT,
}


def rendre_docx(document: Document) -> bytes:
    """Lève `RenduImpossible` si une figure ne peut pas devenir une image."""
    sortie = io.BytesIO()
    _Redaction(composer(document)).ecrire().save(sortie)
    return sortie.getvalue()


class _Redaction:
    """L'écriture d'un document : le fichier ouvert, l'endroit où l'on écrit, les numéros déjà donnés."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.word: FichierWord = ouvrir_word()
        self.ici: FichierWord | _Cell = self.word
        self.signets = count(1)

    def ecrire(self) -> FichierWord:
        preparer_styles(self.word, self.document.langue)
        self._proprietes()
        self._entete()
        self._blocs(self.document.blocs)
        if self.document.profondeur_du_sommaire and self.document.sections:
            self._sommaire()
        for section in self.document.sections:
            self._section(section)
        for mention in (*self.document.mentions, self.document.licence):
            if bouts(mention):
                self._paragraphe(mention, "Mention")
        self._pied_de_page()
        return self.word

    # --- Le cadre du document ---

    def _proprietes(self) -> None:
        document, proprietes = self.document, self.word.core_properties
        # Word refuse plus de 255 signes dans une propriété.
        proprietes.title, proprietes.subject = document.titre[:255], document.sous_titre[:255]
        proprietes.author, proprietes.last_modified_by = document.auteur[:255], document.auteur[:255]
        proprietes.language, proprietes.comments = document.langue, ""
        proprietes.created = proprietes.modified = datetime.datetime.combine(document.date, datetime.time())

    def _entete(self) -> None:
        document = self.document
        if document.surtitre:
            self._paragraphe(document.surtitre, "Surtitre")
        self._paragraphe(document.titre, "Title")
        if document.sous_titre:
            self._paragraphe(document.sous_titre, "Subtitle")
        self._paragraphe(document.signature, "Mention")
        if document.a_couverture:
            premier = self.word.paragraphs[0].paragraph_format
            premier.space_before, premier.keep_with_next = Mm(70), True
            self._page_neuve()

    def _sommaire(self) -> None:
        """Un champ « table des matières ». Ses entrées y sont déjà ; Word y met les pages à l'ouverture."""
        self._paragraphe("Sommaire", "TOC Heading")
        profondeur = self.document.profondeur_du_sommaire
        entrees = []
        for section in self.document.sections:
            if section.niveau <= profondeur:
                entree = self.ici.add_paragraph(style=f"toc {section.niveau}")
                self._bout(entree, Bout(section.titre, ancre=section.ancre), est_souligne=False)
                entrees.append(entree)
        debut = element("w:r")
        debut.append(element("w:fldChar", fldCharType="begin", dirty="true"))
        debut.append(_instruction(rf'TOC \o "1-{profondeur}" \h \z \u'))
        debut.append(element("w:fldChar", fldCharType="separate"))
        entrees[0]._p.insert(1, debut)  # après les propriétés du paragraphe
        entrees[-1].add_run()._r.append(element("w:fldChar", fldCharType="end"))
        self._page_neuve()

    def _section(self, section: Section) -> None:
        style = f"Heading {section.niveau}"
        if section.surtitre:
            avant = self.word.styles[style].paragraph_format.space_before
            self._paragraphe(section.surtitre, "Surtitre").paragraph_format.space_before = avant
        titre = self._paragraphe(section.titre, style)
        if section.surtitre:
            titre.paragraph_format.space_before = Pt(0)
        self._signer(titre, section.ancre)
        self._blocs(section.blocs)

    def _pied_de_page(self) -> None:
        pied = self.word.sections[0].footer.paragraphs[0]
        pied.paragraph_format.tab_stops.add_tab_stop(LARGEUR_UTILE, WD_TAB_ALIGNMENT.RIGHT)
        titre = " ".join(self.document.titre.split())
        pied.add_run("Maillage").bold = True
        pied.add_run(f"  {titre if len(titre) <= 70 else titre[:69] + '…'}\tpage ")
        _champ(pied, "PAGE")
        pied.add_run(" sur ")
        _champ(pied, "NUMPAGES")

    # --- Les blocs ---

    def _blocs(self, blocs: tuple[Bloc, ...]) -> None:
        for bloc in blocs:
            self._bloc(bloc)

    @singledispatchmethod
    def _bloc(self, bloc: Bloc) -> None:
        raise TypeError(f"Bloc sans rendu Word : {type(bloc).__name__}")

    @_bloc.register
    def _(self, bloc: Paragraphe) -> None:
        if bouts(bloc.texte):
            self._paragraphe(bloc.texte, STYLES[bloc.role])

    @_bloc.register
    def _(self, bloc: Liste) -> None:
        numerotation = self._numerotation_neuve() if bloc.est_ordonnee and bloc.elements else None
        for contenu in bloc.elements:
            puce = self._paragraphe(contenu, "List Number" if bloc.est_ordonnee else "List Bullet")
            if numerotation is not None:
                puce._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numerotation

    @_bloc.register
    def _(self, bloc: Tableau) -> None:
        legende = self._paragraphe(bloc.legende, "Caption")
        legende.paragraph_format.keep_with_next = True
        self._signer(legende, bloc.ancre)
        tableau = self._tableau(1 + len(bloc.lignes), len(bloc.entetes), bloc.largeurs)
        _decrire_tableau(tableau, bloc)
        rangees = [bloc.entetes, *bloc.lignes]
        for rang, (rangee, textes) in enumerate(zip(tableau.rows, rangees, strict=True)):
            rangee._tr.get_or_add_trPr().append(element("w:cantSplit"))
            if rang == 0:
                rangee._tr.get_or_add_trPr().append(element("w:tblHeader"))
            for colonne, (cellule, texte) in enumerate(zip(rangee.cells, textes, strict=True)):
                est_entete = rang == 0 or (colonne == 0 and bloc.a_entetes_de_ligne)
                self._remplir(cellule, texte, bloc.alignement(colonne), est_entete)
                if rang == 0:
                    _habiller(cellule, PAPIER, bottom=(VERT, 8))
        self._apres_tableau(bloc.notes)

    def _remplir(self, cellule: _Cell, texte: Texte, alignement: Alignement, est_entete: bool) -> None:
        paragraphe = cellule.paragraphs[0]
        paragraphe.alignment = ALIGNEMENTS[alignement]
        paragraphe.paragraph_format.space_before = paragraphe.paragraph_format.space_after = Pt(3)
        for bout in bouts(texte):
            self._bout(paragraphe, replace(bout, gras=bout.gras or est_entete))

    def _apres_tableau(self, notes: tuple[Texte, ...]) -> None:
        """Deux tableaux qui se suivent n'en font qu'un pour Word : un paragraphe les sépare toujours."""
        for note in notes:
            self._paragraphe(note, "Mention")
        if not notes:
            espace = self.ici.add_paragraph().paragraph_format
            espace.space_after, espace.line_spacing = Pt(0), Pt(6)

    @_bloc.register
    def _(self, bloc: Figure) -> None:
        self._image(rendre_png(bloc.svg), bloc.alt, HAUTEUR_DE_FIGURE)
        self._signer(self._paragraphe(bloc.legende, "Caption"), bloc.ancre)
        if bloc.tableau:
            self._bloc(bloc.tableau)

    @_bloc.register
    def _(self, bloc: Photo) -> None:
        self._image(bloc.jpeg, bloc.alt, HAUTEUR_DE_PHOTO)
        if bloc.legende:
            self._paragraphe(bloc.legende, "Mention")

    def _image(self, octets: bytes, alt: str, hauteur: Length) -> None:
        """Aussi grande qu'elle peut, avec sa description pour qui ne la voit pas."""
        porteur = self.ici.add_paragraph()
        porteur.paragraph_format.keep_with_next = True
        image = porteur.add_run().add_picture(io.BytesIO(octets))
        reduction = min(LARGEUR_UTILE / image.width, hauteur / image.height)
        image.width, image.height = (Length(int(cote * reduction)) for cote in (image.width, image.height))
        image._inline.docPr.set("descr", alt)
        image._inline.docPr.set("name", f"Figure {image._inline.docPr.get('id')}")

    @_bloc.register
    def _(self, bloc: Citation) -> None:
        citation = self._paragraphe(bloc.texte, "Quote")
        if bouts(bloc.source):
            citation.paragraph_format.keep_with_next = True
            self._paragraphe(bloc.source, "Mention").paragraph_format.left_indent = RETRAIT_DE_CITATION

    @_bloc.register
    def _(self, bloc: Encadre) -> None:
        trait, fond = TONS[bloc.ton]
        cellule = self._tableau(1, 1, ()).cell(0, 0)
        _habiller(cellule, fond, left=(trait, 24))
        marges = element("w:tcMar")
        for cote in ("top", "left", "bottom", "right"):
            marges.append(element(f"w:{cote}", w=140, type="dxa"))
        ajouter(cellule._tc.get_or_add_tcPr(), marges)
        dehors, self.ici = self.ici, cellule
        if bloc.titre:
            self._paragraphe(bloc.titre, "Titre d’encadré")
        self._blocs(bloc.blocs)
        self.ici = dehors
        if len(cellule.paragraphs) > 1:  # le paragraphe vide que Word met dans toute cellule neuve
            vide = cellule.paragraphs[0]._p
            vide.getparent().remove(vide)
        self._apres_tableau(())

    @_bloc.register
    def _(self, bloc: Chiffres) -> None:
        for chiffre in bloc.chiffres:
            ligne = self.ici.add_paragraph(style="Chiffre")
            valeur = ligne.add_run(chiffre.valeur)
            valeur.font.name, valeur.font.size, valeur.bold = FAMILLES["titre"], Pt(17), True
            ligne.add_run(f"  {chiffre.libelle}")
            if chiffre.precision:
                precision = ligne.add_run(f"  {chiffre.precision}")
                precision.font.size, precision.font.color.rgb = Pt(9), RGBColor.from_string(DOUCE)

    @_bloc.register
    def _(self, bloc: Definition) -> None:
        for terme, valeur in bloc.couples:
            ligne = self.ici.add_paragraph(style="Définition")
            ligne.add_run(terme).font.color.rgb = RGBColor.from_string(DOUCE)
            ligne.add_run("\t")
            for bout in bouts(valeur):
                self._bout(ligne, bout)

    @_bloc.register
    def _(self, bloc: Saut) -> None:
        self._page_neuve()

    # --- Les petits gestes ---

    def _page_neuve(self) -> None:
        self.word.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)

    def _paragraphe(self, texte: Texte, style: str) -> Paragraph:
        paragraphe = self.ici.add_paragraph(style=style)
        for bout in bouts(texte):
            self._bout(paragraphe, bout)
        return paragraphe

    def _bout(self, paragraphe: Paragraph, bout: Bout, *, est_souligne: bool = True) -> None:
        run = paragraphe.add_run(bout.texte)
        run.bold, run.italic = bout.gras or None, bout.italique or None
        if not bout.adresse and not bout.ancre:
            return
        hyperlien = element("w:hyperlink", history=1)
        if bout.adresse:
            cible = paragraphe.part.relate_to(bout.adresse, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            hyperlien.set(qn("r:id"), cible)
        else:
            hyperlien.set(qn("w:anchor"), _nom_de_signet(bout.ancre))
        if est_souligne:
            run.style = "Hyperlink"
        paragraphe._p.append(hyperlien)
        hyperlien.append(run._r)

    def _signer(self, paragraphe: Paragraph, ancre: str) -> None:
        """Pose le signet où mènent les renvois et le sommaire."""
        if not ancre:
            return
        numero = next(self.signets)
        debut = element("w:bookmarkStart", id=numero, name=_nom_de_signet(ancre))
        paragraphe._p.insert(1, debut)  # après les propriétés du paragraphe
        paragraphe._p.append(element("w:bookmarkEnd", id=numero))

    def _tableau(self, lignes: int, colonnes: int, largeurs: tuple[int, ...]) -> Table:
        parts = largeurs or (1,) * colonnes
        tableau = self.ici.add_table(lignes, colonnes)
        tableau.autofit = False
        # Word déborde à gauche de la marge d'une cellule : on rentre d'autant.
        ajouter(tableau._tbl.tblPr, element("w:tblInd", w=108, type="dxa"))
        for part, colonne in zip(parts, tableau.columns, strict=True):
            colonne.width = Length(LARGEUR_UTILE * part // sum(parts))
            for cellule in colonne.cells:
                cellule.width = colonne.width
        return tableau

    def _numerotation_neuve(self) -> int:
        """Une numérotation qui repart de 1 : sans elle, toutes les listes du fichier se suivent."""
        numeros = self.word.part.numbering_part.numbering_definitions._numbering
        modele = self.word.styles["List Number"].element.pPr.numPr.numId.val
        neuve = numeros.add_num(numeros.num_having_numId(modele).abstractNumId.val)
        neuve.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(neuve.numId)


def _nom_de_signet(ancre: str) -> str:
    return ancre.replace("-", "_")  # Word refuse le tiret dans un nom de signet


def _instruction(champ: str) -> Any:
    instruction = element("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = champ
    return instruction


def _champ(paragraphe: Paragraph, nom: str) -> None:
    """Un champ que Word calcule (numéro de page) ; « 1 » s'affiche en attendant."""
    champ = element("w:fldSimple", instr=nom)
    champ.append(paragraphe.add_run("1")._r)
    paragraphe._p.append(champ)


def _decrire_tableau(tableau: Table, bloc: Tableau) -> None:
    proprietes = tableau._tbl.tblPr
    for ancien in proprietes.findall(qn("w:tblLook")):
        proprietes.remove(ancien)
    ajouter(
        proprietes,
        bordures("w:tblBorders", bottom=(FILET, 6), insideH=(FILET, 6)),
        element("w:tblLook", firstRow=1, firstColumn=int(bloc.a_entetes_de_ligne), noHBand=1, noVBand=1),
        element("w:tblCaption", val=bloc.legende),
    )


def _habiller(cellule: _Cell, fond: str, **cotes: tuple[str, int]) -> None:
    ajouter(
        cellule._tc.get_or_add_tcPr(),
        bordures("w:tcBorders", **cotes),
        element("w:shd", val="clear", color="auto", fill=fond),
    )
