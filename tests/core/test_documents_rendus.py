"""Les trois rendus d'un même document : mêmes textes, accessibles, sûrs quel que soit le texte."""

import datetime
import io
import re
from functools import cache
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lecteur_html

from maillage.core.documents import pdf as module_pdf
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
    composer,
    texte_libre,
)
from maillage.core.documents.docx import rendre_docx
from maillage.core.documents.html import rendre_html
from maillage.core.documents.pdf import RenduImpossible, rendre_pdf, rendre_png
from maillage.core.documents.telechargement import telecharger
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


TEXTES = (
    "Le café des clics", "Services, en cours", "Centre social du Vieux-Chêne",
    "Réseau Maillage, 1er mars 2026",
    "1. Le début", "2. La suite", "2.1. Un détail", "Neuf bénévoles tiennent une table.",
    "Voir le tableau 1, la figure 1 et la partie 2.", "gras puis penché puis site",
    "Tableau 1. Passages par an", "Année", "2024", "42", "Feuilles de présence, 41 séances.",
    "Figure 1. Passages en 2025", "Tableau 2. En chiffres", "Public", "Seniors", "Mairie, lycée", "86",
    "personnes différentes", "année 2025", "Deux lignes", "ici.", "sortir", "installer", "d’abord", "ensuite",
    "Je ne vais pas prendre rendez-vous.", "Une habitante", "À savoir", "En hiver, personne ne s’arrête.",
    "Adresse stable : maillage.example/e/7k4m2", "Licence Ouverte 2.0",
)  # fmt: skip


def serre(texte: str) -> str:
    """Sans espaces ni césures : l'extraction d'un PDF ne les rend pas fidèlement."""
    return re.sub(r"[\s\u00ad\u2010-]", "", texte)


def texte_du_pdf(octets: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(octets)).pages)


def texte_du_docx(octets: bytes) -> str:
    corps = docx.Document(io.BytesIO(octets)).element.body
    return "".join(noeud.text or "" for noeud in corps.iter(qn("w:t")))


def texte_du_html(fragment: str) -> str:
    return str(lecteur_html.fromstring(fragment).text_content())


def test_chaque_texte_est_dans_les_trois_rendus() -> None:
    rendus = {
        "html": serre(texte_du_html(rendre_html(document_complet()))),
        "pdf": serre(texte_du_pdf(rendre_pdf(document_complet()))),
        "docx": serre(texte_du_docx(rendre_docx(document_complet()))),
    }
    assert [
        (nom, texte) for texte in TEXTES for nom, rendu in rendus.items() if serre(texte) not in rendu
    ] == []


# --- HTML ---


def test_le_html_a_des_titres_sans_trou_et_des_renvois_qui_menent_quelque_part() -> None:
    page = lecteur_html.fromstring(rendre_html(document_complet(), niveau=2))
    assert [(t.tag, t.text_content()) for t in page.iter("h1", "h2", "h3", "h4")] == [
        ("h2", "Le café des clics"),
        ("h3", "Sommaire"),
        ("h3", "1. Le début"),
        ("h3", "2. La suite"),
        ("h4", "2.1. Un détail"),
    ]
    internes = [a.get("href")[1:] for a in page.iter("a") if a.get("href").startswith("#")]
    assert {"passages", "barre", "suite"} <= set(internes)
    assert set(internes) <= set(page.xpath("//@id")) and len(page.xpath("//@id")) == len(
        set(page.xpath("//@id"))
    )


def test_le_html_dit_les_titres_de_tableau_le_texte_des_figures_et_la_langue() -> None:
    page = lecteur_html.fromstring(rendre_html(document_complet()))
    tableau = page.xpath("//table[@id='passages']")[0]
    assert [(th.text_content(), th.get("scope")) for th in tableau.iter("th")] == [
        ("Année", "col"),
        ("Passages", "col"),
        ("2024", "row"),
        ("2025", "row"),
    ]
    assert tableau.xpath("caption")[0].text_content() == "Tableau 1. Passages par an"
    assert page.xpath("//figure//*[@role='img']/@aria-label") == [ALT.replace(" :", "\u00a0:")]
    assert page.get("lang") == "fr"
    assert page.xpath("//@style | //script | //style") == []


def test_le_html_echappe_tout() -> None:
    piege = '<img src=x onerror="alert(1)">&amp;"\''
    page = lecteur_html.fromstring(rendre_html(document(Paragraphe(piege), titre=piege, mentions=(piege,))))
    assert page.xpath("//img") == [] and page.text_content().count(piege) == 3


# --- PDF ---


def arbre_du_pdf(lecteur: pypdf.PdfReader) -> list[Any]:
    """Les éléments de structure, dans l'ordre de lecture."""
    trouves: list[Any] = []

    def visiter(noeud: Any) -> None:
        objet = noeud.get_object()
        if isinstance(objet, list):
            for enfant in objet:
                visiter(enfant)
        elif isinstance(objet, dict):
            if "/S" in objet:
                trouves.append(objet)
            if "/K" in objet:
                visiter(objet["/K"])

    visiter(lecteur.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return trouves


def test_le_pdf_se_dit_accessible_et_l_est_dans_sa_structure() -> None:
    lecteur = pypdf.PdfReader(io.BytesIO(rendre_pdf(document_complet())))
    racine = lecteur.trailer["/Root"]
    metadonnees = racine["/Metadata"].get_data().decode()
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part=\"1\"", metadonnees)
    assert racine["/MarkInfo"]["/Marked"] is True or bool(racine["/MarkInfo"]["/Marked"])
    assert str(racine["/Lang"]).lower().startswith("fr")
    assert bool(racine["/ViewerPreferences"]["/DisplayDocTitle"])
    assert lecteur.metadata is not None
    assert lecteur.metadata.title == "Le café des clics" and lecteur.metadata.author == "Réseau Maillage"
    arbre = arbre_du_pdf(lecteur)
    balises = [str(element["/S"]) for element in arbre]
    assert {"/Table", "/TH", "/TD", "/Figure", "/L", "/LI", "/Link", "/TOC", "/TOCI", "/H1", "/H2"} <= set(
        balises
    )
    assert balises.count("/H1") == 2 and balises.count("/H2") == 1
    assert [str(e["/Alt"]) for e in arbre if e["/S"] == "/Figure" and "/Alt" in e] == [
        ALT.replace(" :", "\u00a0:")
    ]
    assert balises.count("/TH") == 3


def test_le_pdf_a_ses_signets_son_sommaire_et_ses_numeros_de_page() -> None:
    octets = rendre_pdf(document_complet())
    lecteur = pypdf.PdfReader(io.BytesIO(octets))
    assert [s.title for s in lecteur.outline if not isinstance(s, list)] == ["1. Le début", "2. La suite"]
    pages = [page.extract_text() for page in lecteur.pages]
    assert all(serre(f"page {i} sur {len(pages)}") in serre(page) for i, page in enumerate(pages, start=1))
    assert re.search(r"1\. Le début\W*2", pages[0])


def test_les_polices_du_pdf_sont_les_notres_et_dans_le_fichier() -> None:
    lecteur = pypdf.PdfReader(io.BytesIO(rendre_pdf(document_complet())))
    polices = {
        str(police.get_object()["/BaseFont"]).split("+")[-1]
        for page in lecteur.pages
        for police in page["/Resources"]["/Font"].values()
    }
    assert all(nom.startswith(("AtkinsonHyperlegible", "BricolageGrotesque")) for nom in polices), polices
    assert any("Italic" in nom for nom in polices), polices


def test_un_texte_moyen_tient_en_une_page_en_reduisant_le_corps() -> None:
    blocs = tuple(Paragraphe("Une phrase de longueur moyenne pour remplir la page. " * 4) for _ in range(17))
    assert len(pypdf.PdfReader(io.BytesIO(rendre_pdf(document(*blocs)))).pages) == 2
    assert len(pypdf.PdfReader(io.BytesIO(rendre_pdf(document(*blocs, tient_en=1)))).pages) == 1
    assert len(pypdf.PdfReader(io.BytesIO(rendre_pdf(document(*blocs * 2, tient_en=1)))).pages) == 2
    assert len(pypdf.PdfReader(io.BytesIO(rendre_pdf(document(*blocs * 4, tient_en=1)))).pages) > 3


@pytest.mark.parametrize("blocs", [(Saut(),), (Paragraphe("avant"), Saut(), Paragraphe("après")), ()])
def test_un_saut_de_page_coupe_aussi_un_texte_a_titre_en_marge(blocs: tuple[Bloc, ...]) -> None:
    suite = Section("La suite", (Paragraphe("fin"),))
    lecteur = pypdf.PdfReader(io.BytesIO(rendre_pdf(document(*blocs, suite=(suite,), titres_en_marge=1))))
    assert len(lecteur.pages) == (2 if blocs else 1)
    assert "fin" in lecteur.pages[-1].extract_text()


def test_sans_nos_polices_le_pdf_est_refuse_en_disant_quoi_faire(monkeypatch: pytest.MonkeyPatch) -> None:
    module_pdf._polices.cache_clear()
    monkeypatch.setitem(module_pdf.FAMILLES, "texte", "Police Absente")
    with pytest.raises(RenduImpossible, match=r"Police Absente.*statiques"):
        rendre_pdf(document())


def test_un_avertissement_de_typst_est_un_echec(monkeypatch: pytest.MonkeyPatch) -> None:
    polices = module_pdf._polices()
    monkeypatch.setitem(module_pdf.FAMILLES, "texte", "Police Absente")
    monkeypatch.setattr(module_pdf, "_polices", lambda: polices)
    with pytest.raises(RenduImpossible, match="unknown font family"):
        rendre_pdf(document())


def test_un_signe_sans_police_devient_un_carre_sans_emporter_ses_voisins() -> None:
    rendu = texte_du_pdf(rendre_pdf(document(Paragraphe("avant 漢 après 😀 et e\u0301 fin"))))
    assert serre("avant □ après □ et") in serre(rendu) and "fin" in rendu


@pytest.mark.parametrize(
    "source", ["#panic()", '"] #read("/etc/passwd")', "$x$ *a* _b_ `c` @d <e> \\u{41} [f]"]
)
def test_du_code_typst_reste_du_texte(source: str) -> None:
    piege = document(
        Paragraphe(source),
        Tableau(source, (source,), ((source,),)),
        Chiffres((Chiffre(source, source, source),)),
        titre=source,
    )
    assert serre(texte_du_pdf(rendre_pdf(piege))).count(serre(source)) >= 6


# --- Word ---


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


# --- N'importe quel texte ---

# Les lettres, les accents combinés, les signes de commande, les demi-caractères, les emojis et le code.
N_IMPORTE_QUOI = st.text(max_size=40) | st.text(
    alphabet=st.characters(categories=("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Zl", "Zs", "So")), max_size=20
)


@settings(max_examples=60, deadline=None)
@given(texte=N_IMPORTE_QUOI, autre=N_IMPORTE_QUOI)
@example(texte="\ud800\x00\ufffe", autre="👩‍👩‍👧 e\u0301\u0489")
@example(texte='\\u{41}"`', autre='the text `"a"` could not be displayed')
def test_aucun_texte_ne_casse_un_rendu(texte: str, autre: str) -> None:
    decrit = document(
        *texte_libre(texte),
        Paragraphe((gras(texte), italique(autre), lien(texte, "https://example.org"), Renvoi("debut"))),
        Tableau("t" + texte, (autre, texte), ((texte, autre),), notes=(texte,)),
        Figure(SVG, "a" + texte, texte),
        Definition(((texte, autre),)),
        Chiffres((Chiffre(texte, autre, texte),)),
        Citation(texte, autre),
        Encadre("stop", texte, (Liste((texte, autre), est_ordonnee=True),)),
        titre="t" + texte,
        surtitre=autre,
        sous_titre=texte,
        auteur=texte,
        mentions=(texte,),
        licence=autre,
        profondeur_du_sommaire=2,
        a_couverture=bool(len(texte) % 2),
        titres_en_marge=len(autre) % 2,
    )
    lettres = "".join(c for c in composer(decrit).titre if c.isascii() and c.isalnum())
    assert rendre_pdf(decrit)[:5] == b"%PDF-"
    assert lettres in re.sub(r"[^A-Za-z0-9]", "", texte_du_docx(rendre_docx(decrit)))
    assert lettres in re.sub(r"[^A-Za-z0-9]", "", texte_du_html(rendre_html(decrit)))


def test_le_dessin_devient_une_image_pour_word() -> None:
    assert rendre_png(SVG)[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(("extension", "debut"), [("pdf", b"%PDF-"), ("docx", b"PK\x03\x04")])
def test_le_document_se_telecharge(extension: str, debut: bytes) -> None:
    reponse = telecharger(document(), extension)
    assert reponse.content.startswith(debut)
    assert f"Le%20caf%C3%A9%20des%20clics.{extension}" in reponse.headers["Content-Disposition"]
