"""Ce que Word calcule ou cache : numéros automatiques, listes, table des matières, cadres, suivi des modifications."""

import io

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from maillage.projets.importation import DocumentLu, lire_document


def _lire(document: Document) -> DocumentLu:
    sortie = io.BytesIO()
    document.save(sortie)
    return lire_document(sortie.getvalue(), "projet.docx")


def _fiche(document: Document, titre: str) -> None:
    document.add_paragraph(titre, style="List Number")
    for libelle, texte in (
        ("Contexte", "On joue seul."),
        ("Public", "Les familles"),
        ("Description", "On joue."),
    ):
        document.add_heading(libelle, 3)
        document.add_paragraph(texte)
    document.add_heading("Moyens humains et matériels", 3)
    document.add_paragraph("Une ludothécaire", style="List Bullet")
    document.add_paragraph("500 jeux", style="List Bullet")


def _projet() -> Document:
    document = docx.Document()
    document.add_paragraph("Centre social Bel-Air", style="Title")
    document.add_paragraph("Projet social 2026-2029")
    return document


def test_une_fiche_numerotee_par_word_garde_son_numero() -> None:
    document = _projet()
    document.add_heading("Axe 1 : Jouer", 2)
    _fiche(document, "La ludothèque")
    _fiche(document, "Le tournoi")
    fiches = _lire(document).projets[0].fiches
    assert [(fiche.axe, fiche.numero, fiche.titre) for fiche in fiches] == [
        ("1", "1", "La ludothèque"),
        ("1", "2", "Le tournoi"),
    ]
    assert [fiche.elements("moyens_humains") for fiche in fiches] == [["Une ludothécaire"]] * 2
    assert [fiche.elements("moyens_materiels") for fiche in fiches] == [["500 jeux"]] * 2


def test_la_table_des_matieres_de_word_est_de_la_mise_en_page() -> None:
    document = _projet()
    document.add_paragraph("Table des matières")
    document.styles.add_style("toc 1", 1)
    for titre, page in (("Notre histoire", 2), ("Nos actions", 5)):
        document.add_paragraph(f"{titre}\t{page}", style="toc 1")
    document.add_paragraph("Notre histoire")
    document.add_paragraph("Une maison, puis deux.")
    document.add_paragraph("Nos actions")
    _fiche(document, "La ludothèque")
    lu = _lire(document)
    assert lu.paragraphes.mise_en_page == 3
    assert [chapitre.titre for chapitre in lu.projets[0].chapitres] == ["Notre histoire", "Nos actions"]


def _noter(paragraphe: Paragraph, *textes: str) -> None:
    """Des notes de bas de page, comme Word les écrit : une partie à part, et leur appel dans le paragraphe."""
    notes = "".join(
        f'<w:footnote w:id="{numero}"><w:p><w:r><w:footnoteRef/><w:t xml:space="preserve"> {texte}</w:t></w:r></w:p>'
        "</w:footnote>"
        for numero, texte in enumerate(textes, start=2)
    )
    separateur = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    contenu = f"<w:footnotes {nsdecls('w')}>{separateur}{notes}</w:footnotes>"
    nature = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    partie = Part(PackURI("/word/footnotes.xml"), nature, contenu.encode(), paragraphe.part.package)
    paragraphe.part.relate_to(partie, RELATIONSHIP_TYPE.FOOTNOTES)
    for numero in range(2, 2 + len(textes)):
        appel = f'<w:r {nsdecls("w")}><w:footnoteReference w:id="{numero}"/></w:r>'
        paragraphe._p.append(parse_xml(appel))
    paragraphe.add_run(" C’est écrit.")


def test_une_note_de_bas_de_page_suit_son_paragraphe_sans_s_y_meler() -> None:
    document = _projet()
    document.add_heading("Notre histoire", 1)
    _noter(document.add_paragraph("Une maison, puis deux."), "Archives du bourg.", "Et de la paroisse.")
    document.add_paragraph("Puis trois.")
    _fiche(document, "La ludothèque")
    lu = _lire(document)
    (histoire,) = lu.projets[0].chapitres
    assert [paragraphe.texte for paragraphe in histoire.paragraphes] == [
        "Une maison, puis deux. C’est écrit.",
        "Note : Archives du bourg.",
        "Note : Et de la paroisse.",
        "Puis trois.",
    ]
    assert lu.a_ranger == ()


def test_une_note_appelee_dans_une_fiche_est_a_ranger() -> None:
    document = _projet()
    _fiche(document, "La ludothèque")
    _noter(document.paragraphs[4], "D’après l’enquête de mars.")
    lu = _lire(document)
    (fiche,) = lu.projets[0].fiches
    assert fiche.texte("contexte") == "On joue seul. C’est écrit."
    assert [morceau.texte for morceau in lu.a_ranger] == ["Note : D’après l’enquête de mars."]
    assert lu.paragraphes.a_ranger == 1


def test_ce_que_la_couverture_dit_de_plus_que_le_nom_et_la_periode_est_garde() -> None:
    document = _projet()
    document.add_paragraph("Écrit par Chloé et ses voisins")
    document.add_heading("Notre histoire", 1)
    _fiche(document, "La ludothèque")
    couverture, histoire = _lire(document).projets[0].chapitres
    assert [paragraphe.texte for paragraphe in couverture.paragraphes] == ["Écrit par Chloé et ses voisins"]
    assert (couverture.titre, histoire.titre) == ("Couverture", "Notre histoire")


def test_un_texte_supprime_en_suivi_n_est_pas_lu_un_cadre_l_est_une_fois() -> None:
    document = _projet()
    _fiche(document, "La ludothèque")
    paragraphe = document.add_paragraph("On garde ceci")
    paragraphe._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText> pas cela</w:delText></w:r></w:del>")
    )
    paragraphe._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>Un encadré</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></w:r>"
        )
    )
    (fiche,) = _lire(document).projets[0].fiches
    assert fiche.elements("moyens_materiels")[-2:] == ["On garde ceci", "Un encadré"]
