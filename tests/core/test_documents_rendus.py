"""Les trois rendus d'un même document : mêmes textes, sûrs quel que soit le texte."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lecteur_html

from maillage.core.documents.description import (
    Chiffre,
    Chiffres,
    Citation,
    Definition,
    Document,
    Encadre,
    Figure,
    Liste,
    Paragraphe,
    Tableau,
    composer,
    texte_libre,
)
from maillage.core.documents.html import rendre_html, repeter
from maillage.core.documents.pdf import rendre_images, rendre_pdf
from maillage.core.documents.telechargement import telecharger
from maillage.core.documents.texte import Renvoi, gras, italique, lien
from tests.documents import ALT, LECTURES, SVG, document, document_complet, lire_docx, lire_html, serre

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


@pytest.mark.parametrize("lire", LECTURES)
def test_chaque_texte_est_dans_chaque_rendu(lire: Callable[[Document], str]) -> None:
    rendu = lire(document_complet())
    assert [texte for texte in TEXTES if serre(texte) not in rendu] == []


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


def test_le_sommaire_range_chaque_partie_sous_son_chapitre_et_l_on_y_revient() -> None:
    page = lecteur_html.fromstring(rendre_html(document_complet(), niveau=2))
    (liste,) = page.xpath("//nav[contains(@class, 'sommaire')]/ol")
    assert liste.xpath("li/a/text()") == ["1. Le début", "2. La suite"]
    assert liste.xpath("li[2]/ol/li/a/text()") == ["2.1. Un détail"]
    (retour,) = page.xpath("//p[contains(@class, 'au-sommaire')]/a/@href")
    assert page.xpath(f"//*[@id='{retour.removeprefix('#')}']")
    assert page.xpath("//nav[contains(@class, 'sommaire')]/following::a/@href")[0] == retour, (
        "premier au clavier"
    )
    sans = replace(document_complet(), profondeur_du_sommaire=0)
    assert "ommaire" not in rendre_html(sans, niveau=2)
    assert "au-sommaire" not in rendre_html(document_complet())


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
    for lire in (lire_docx, lire_html):
        assert lettres in re.sub(r"[^A-Za-z0-9]", "", lire(decrit))


def test_le_dessin_devient_une_image_pour_word() -> None:
    premiere, seconde = rendre_images([SVG, SVG.replace("320", "160")])
    assert premiere[:8] == seconde[:8] == b"\x89PNG\r\n\x1a\n" and premiere != seconde
    assert rendre_images([]) == []


@pytest.mark.parametrize(("extension", "debut"), [("pdf", b"%PDF-"), ("docx", b"PK\x03\x04")])
def test_le_document_se_telecharge(extension: str, debut: bytes) -> None:
    reponse = telecharger(document(), extension)
    assert reponse.content.startswith(debut)
    assert f"Le%20caf%C3%A9%20des%20clics.{extension}" in reponse.headers["Content-Disposition"]


def test_une_forme_repetee_echappe_ce_qui_n_est_pas_deja_du_html() -> None:
    cases = repeter("<i>{}</i>", [("<b>",), (3,), (None,), ('d\'où "x" & y',)], " ")
    assert cases == "<i>&lt;b&gt;</i> <i>3</i> <i>None</i> <i>d&#x27;où &quot;x&quot; &amp; y</i>"
    assert repeter("<p>{}</p>", [(cases,)]) == f"<p>{cases}</p>"
    assert repeter("{}", ()) == ""
