"""Le fichier Word d'un document : de vrais styles, que l'on peut reprendre et continuer.

Titres, listes, légendes, sommaire, renvois et numéros de page sont ceux de Word.
"""

import datetime
import io
from dataclasses import replace
from functools import singledispatchmethod
from itertools import count

from docx import Document as ouvrir_word
from docx.document import Document as FichierWord
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from maillage.core.documents.champs_word import champ, entourer_le_sommaire, nom_de_signet
from maillage.core.documents.colonnes import signes_par_colonne
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
    parcourir,
)
from maillage.core.documents.dessin import largeur_naturelle
from maillage.core.documents.pdf import FAMILLES, rendre_images
from maillage.core.documents.styles_word import (
    DOUCE,
    LARGEUR_UTILE,
    PAPIER,
    RETRAIT_DE_CITATION,
    TONS,
    VERT,
    ajouter,
    decrire_tableau,
    element,
    habiller,
    preparer_styles,
)
from maillage.core.documents.texte import Bout, Texte, bouts

HAUTEUR_DE_FIGURE = Mm(110)
HAUTEUR_D_UNE_PAGE = Mm(205)
HAUTEUR_DE_PHOTO = Mm(75)
ANNONCE = 120
"""Plus courte que cela, une ligne toute en gras ou finie par « : » annonce ce qui suit : elle n'en est pas séparée."""
LIGNES_D_UN_SEUL_TENANT = 8
COLONNES_SERREES = 6
SIGNES_DE_REPLI = 70
"""Ce que la largeur d'une page contient dans la police, plus large, que Word prend à la place de la nôtre."""
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
        svgs = list(dict.fromkeys(objet.svg for objet in parcourir(document) if isinstance(objet, Figure)))
        self.images = dict(zip(svgs, rendre_images(svgs), strict=True))
        self.styles: dict[str, str] = {}
        """Nom d'un style → sa clé dans le fichier : la chercher à chaque paragraphe coûte la moitié du rendu."""

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
        if self.document.a_titres_courants:
            self._titres_courants()
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
        """Un champ « table des matières ». Ses entrées y sont déjà ; les pages se calculent à l'ouverture."""
        self._paragraphe("Sommaire", "TOC Heading")
        profondeur = self.document.profondeur_du_sommaire
        entrees = []
        for section in self.document.sections:
            if section.niveau <= profondeur:
                entree = self._habille(f"toc {section.niveau}")
                self._bout(entree, Bout(section.titre, ancre=section.ancre), est_souligne=False)
                entree.add_run("\t")
                champ(entree, rf"PAGEREF {nom_de_signet(section.ancre)} \h", " ")
                entrees.append(entree)
        entourer_le_sommaire(entrees[0], entrees[-1], profondeur)
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

    def _titres_courants(self) -> None:
        """Le titre de la partie, que Word calcule page après page ; rien sur la couverture.

        Qui ne sait pas le calculer (LibreOffice avant 24.2) montre à la place de quel document il s'agit.
        """
        page = self.word.sections[0]
        if self.document.a_couverture:
            page.different_first_page_header_footer = True
        tete = page.header.paragraphs[0]
        tete.style = self.word.styles["footer"]
        champ(tete, "STYLEREF 1", ", ".join(filter(None, (self.document.surtitre, self.document.titre))))

    def _pied_de_page(self) -> None:
        pied = self.word.sections[0].footer.paragraphs[0]
        pied.paragraph_format.tab_stops.add_tab_stop(LARGEUR_UTILE, WD_TAB_ALIGNMENT.RIGHT)
        titre = " ".join(self.document.titre.split())
        pied.add_run("Maillage").bold = True
        pied.add_run(f"  {titre if len(titre) <= 70 else titre[:69] + '…'}\tpage ")
        champ(pied, "PAGE")
        pied.add_run(" sur ")
        champ(pied, "NUMPAGES")

    # --- Les blocs ---

    def _blocs(self, blocs: tuple[Bloc, ...]) -> None:
        for bloc in blocs:
            self._bloc(bloc)

    @singledispatchmethod
    def _bloc(self, bloc: Bloc) -> None:
        raise TypeError(f"Bloc sans rendu Word : {type(bloc).__name__}")

    @_bloc.register
    def _(self, bloc: Paragraphe) -> None:
        if dits := bouts(bloc.texte):
            paragraphe = self._paragraphe(bloc.texte, STYLES[bloc.role])
            est_en_gras = all(bout.gras for bout in dits)
            if len(paragraphe.text) < ANNONCE and (est_en_gras or dits[-1].texte.endswith(":")):
                paragraphe.paragraph_format.keep_with_next = True

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
        petites = () if bloc.largeurs else signes_par_colonne(bloc.entetes, bloc.lignes)
        tableau = self._tableau(1 + len(bloc.lignes), bloc.largeurs or petites, est_petit=bool(petites))
        decrire_tableau(tableau, bloc)
        style = self._style("Cellule" if len(bloc.entetes) < COLONNES_SERREES else "Cellule serrée")
        rangees = [bloc.entetes, *bloc.lignes]
        for rang, (rangee, textes) in enumerate(zip(tableau.rows, rangees, strict=True)):
            rangee._tr.get_or_add_trPr().append(element("w:cantSplit"))
            if rang == 0:
                rangee._tr.get_or_add_trPr().append(element("w:tblHeader"))
            for colonne, (cellule, texte) in enumerate(zip(rangee.cells, textes, strict=True)):
                est_entete = rang == 0 or (colonne == 0 and bloc.a_entetes_de_ligne)
                cellule.paragraphs[0]._p.get_or_add_pPr().get_or_add_pStyle().val = style
                self._remplir(cellule, texte, bloc.alignement(colonne), est_entete)
                if rang < len(rangees) - 1 <= LIGNES_D_UN_SEUL_TENANT or rang == 0:
                    cellule.paragraphs[0].paragraph_format.keep_with_next = True
                if rang == 0:
                    habiller(cellule, PAPIER, bottom=(VERT, 8))
        self._apres_tableau(bloc.notes)

    def _remplir(self, cellule: _Cell, texte: Texte, alignement: Alignement, est_entete: bool) -> None:
        paragraphe = cellule.paragraphs[0]
        paragraphe.alignment = ALIGNEMENTS[alignement]
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
        plafond = HAUTEUR_D_UNE_PAGE if bloc.est_haute else HAUTEUR_DE_FIGURE
        largeur = min(LARGEUR_UTILE, Pt(largeur_naturelle(bloc.svg)))
        legende = self._paragraphe(bloc.legende, "Caption")
        legende.paragraph_format.keep_with_next = True
        self._signer(legende, bloc.ancre)
        self._image(self.images[bloc.svg], bloc.alt, largeur, plafond)
        if bloc.tableau:
            self._bloc(bloc.tableau)

    @_bloc.register
    def _(self, bloc: Photo) -> None:
        self._image(bloc.jpeg, bloc.alt, LARGEUR_UTILE, HAUTEUR_DE_PHOTO)
        if bloc.legende:
            self._paragraphe(bloc.legende, "Mention")

    def _image(self, octets: bytes, alt: str, largeur: Length, hauteur: Length) -> None:
        """Aussi grande qu'elle peut, avec sa description pour qui ne la voit pas."""
        porteur = self.ici.add_paragraph()
        image = porteur.add_run().add_picture(io.BytesIO(octets))
        reduction = min(largeur / image.width, hauteur / image.height)
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
        cellule = self._tableau(1, (1,)).cell(0, 0)
        habiller(cellule, fond, left=(trait, 24))
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
            ligne = self._habille("Chiffre")
            valeur = ligne.add_run(chiffre.valeur)
            valeur.font.name, valeur.font.size, valeur.bold = FAMILLES["titre"], Pt(17), True
            ligne.add_run(f"  {chiffre.libelle}")
            if chiffre.precision:
                precision = ligne.add_run(f"  {chiffre.precision}")
                precision.font.size, precision.font.color.rgb = Pt(9), RGBColor.from_string(DOUCE)

    @_bloc.register
    def _(self, bloc: Definition) -> None:
        for terme, valeur in bloc.couples:
            ligne = self._habille("Définition")
            ligne.add_run(terme).font.color.rgb = RGBColor.from_string(DOUCE)
            ligne.add_run("\t")
            for bout in bouts(valeur):
                self._bout(ligne, bout)

    @_bloc.register
    def _(self, bloc: Saut) -> None:
        if not bloc.place:  # sinon, les titres de Word restent déjà avec leur suite
            self._page_neuve()

    # --- Les petits gestes ---

    def _page_neuve(self) -> None:
        self.word.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)

    def _paragraphe(self, texte: Texte, style: str) -> Paragraph:
        paragraphe = self._habille(style)
        for bout in bouts(texte):
            self._bout(paragraphe, bout)
        return paragraphe

    def _habille(self, style: str) -> Paragraph:
        paragraphe = self.ici.add_paragraph()
        if style != "Normal":
            paragraphe._p.get_or_add_pPr().get_or_add_pStyle().val = self._style(style)
        return paragraphe

    def _style(self, nom: str) -> str:
        if nom not in self.styles:
            self.styles[nom] = str(self.word.styles[nom].style_id)
        return self.styles[nom]

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
            hyperlien.set(qn("w:anchor"), nom_de_signet(bout.ancre))
        if est_souligne:
            run._r.get_or_add_rPr()._insert_rStyle(element("w:rStyle", val=self._style("Hyperlink")))
        paragraphe._p.append(hyperlien)
        hyperlien.append(run._r)

    def _signer(self, paragraphe: Paragraph, ancre: str) -> None:
        """Pose le signet où mènent les renvois et le sommaire."""
        if not ancre:
            return
        numero = next(self.signets)
        debut = element("w:bookmarkStart", id=numero, name=nom_de_signet(ancre))
        paragraphe._p.insert(1, debut)  # après les propriétés du paragraphe
        paragraphe._p.append(element("w:bookmarkEnd", id=numero))

    def _tableau(self, lignes: int, parts: tuple[int, ...], *, est_petit: bool = False) -> Table:
        """`parts` : celles de la largeur de la page ; si `est_petit`, des signes : il ne prend que sa place."""
        tableau = self.ici.add_table(lignes, len(parts))
        total = max(sum(parts), SIGNES_DE_REPLI) if est_petit else sum(parts)
        tableau.autofit = False
        # Word déborde à gauche de la marge d'une cellule : on rentre d'autant.
        ajouter(tableau._tbl.tblPr, element("w:tblInd", w=108, type="dxa"))
        for part, colonne in zip(parts, tableau.columns, strict=True):
            colonne.width = Length(LARGEUR_UTILE * part // total)
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
