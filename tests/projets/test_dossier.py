"""Le dossier en document : ce qu'il rassemble, ce qu'il tait, et ses trois rendus qui disent la même chose."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from docx.oxml.ns import qn

from maillage.core.documents.description import Document, Tableau, composer, parcourir
from maillage.core.documents.docx import rendre_docx
from maillage.core.documents.garde import de_donnees, en_donnees
from maillage.core.documents.html import rendre_html
from maillage.core.documents.pdf import rendre_pdf
from maillage.core.documents.texte import bouts
from maillage.core.journal import SYSTEME
from maillage.projets.choices import EtatMorceau
from maillage.projets.exportation import blocs
from maillage.projets.exportation.dossier import document_du_dossier
from maillage.projets.exportation.objet import objet_du_projet
from maillage.projets.exportation.resume import PAGES, resume_du_projet
from maillage.projets.models import Axe, Indicateur, ProjetSocial, ValeurCalculee
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from maillage.projets.plan import lire_le_plan
from maillage.projets.verification.citees import endroits_qui_citent
from tests.core.test_documents_pdf import arbre_du_pdf
from tests.distribution import Distribution
from tests.documents import LECTURES, serre
from tests.fabriques import StructureFactory
from tests.projets.fabriques import MorceauFactory
from tests.projets.fabriques_dossier import dossier_d_essai

pytestmark = pytest.mark.django_db
VERITES = Path(__file__).resolve().parents[3] / "shared" / "verites"


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return dossier_d_essai(distribution.deux_ponts)


def titres(document: Document) -> list[str]:
    return [section.titre for section in document.sections]


def ecrire(projet: ProjetSocial, texte: str) -> None:
    projet.chapitres.filter(rang=2).update(texte=texte)


# --- Ce qui n'y est pas -----------------------------------------------------------------------------
def test_un_chapitre_vide_n_y_est_pas_et_les_numeros_se_suivent(projet: ProjetSocial) -> None:
    lus = titres(document_du_dossier(projet))
    assert lus[0] == "1. PRÉAMBULE"
    assert not any("Le budget" in titre or "La méthode" in titre for titre in lus)
    premiers = [int(trouve[1]) for titre in lus if (trouve := re.match(r"(\d+)\. ", titre))]
    assert premiers == list(range(1, len(premiers) + 1))


def test_ce_qui_reste_a_ranger_et_ce_que_l_equipe_se_dit_n_y_sont_pas(projet: ProjetSocial) -> None:
    MorceauFactory(projet=projet, texte="Un passage à ranger.", etat=EtatMorceau.A_RANGER)
    assert "Un passage à ranger." not in rendre_html(document_du_dossier(projet))


def test_les_petits_nombres_sont_caches_meme_pour_qui_ecrit(projet: ProjetSocial) -> None:
    """Le dossier est lu par la Caf : un nombre compté sur trop peu de gens n'y paraît jamais."""
    indicateur = Indicateur.objects.get(libelle="Vélos prêtés")
    ValeurCalculee.objects.create(
        indicateur=indicateur,
        annee=2025,
        valeur=7,
        dehors=[{"mot": "moins de 11"}],
        calculee_le="2026-01-01T00:00Z",
    )
    ecrire(projet, f"Nous en sommes là : [[indicateur:{indicateur.pk}]].")
    page = serre(str(rendre_html(document_du_dossier(projet))))
    assert "Vélosprêtés(départ:120vélos;visé:2345en2028)" in page.replace("\u202f", "").replace("\xa0", "")
    assert "7vélos" not in page


def test_un_bloc_inconnu_ou_une_fiche_partie_se_disent_sans_casser(projet: ProjetSocial) -> None:
    ecrire(projet, "Voir [[fiche:99999]] et [[axe:99999]].\n\n[[bloc:nimporte]]\n\n[[bloc:budget]]")
    page = rendre_html(document_du_dossier(projet))
    assert page.count("(n’est plus dans le projet)") == 3


# --- Ce qui se pose tout seul -----------------------------------------------------------------------
def test_chaque_bloc_se_pose_a_sa_place_attendue(projet: ProjetSocial) -> None:
    lus = titres(document_du_dossier(projet))
    voulus = ("Axe A : Faire valoir ses droits", "A-03 Le prêt de vélos", "Fiches sans axe")
    assert all(titre in lus for titre in voulus)
    page = serre(str(rendre_html(document_du_dossier(projet))))
    for mots in ("Familles monoparentales", "Comité d’usagers", "Espace de vie sociale", "2 345 en 2028"):
        assert serre(mots) in page, mots


def test_un_bloc_pose_dans_un_texte_n_est_plus_ailleurs(projet: ProjetSocial) -> None:
    ecrire(projet, "Avant.\n\n[[bloc:sigles]]\n\nAprès.\n\n[[bloc:sigles]]")
    page = rendre_html(document_du_dossier(projet))
    assert page.count("Espace de vie sociale") == 1
    assert page.index("Avant.") < page.index("Espace de vie sociale") < page.index("Après.")


def test_un_bloc_d_une_autre_page_se_branche_par_son_nom(
    projet: ProjetSocial, monkeypatch: pytest.MonkeyPatch
) -> None:
    paragraphe = blocs.Paragraphe("Le budget tient.")
    monkeypatch.setitem(blocs.BLOCS, "budget", blocs.du_projet(lambda lu: (paragraphe,)))
    lus = [titre for titre in titres(document_du_dossier(projet)) if "budget" in titre]
    assert len(lus) == 1 and re.fullmatch(r"\d+\. Le budget et les moyens", lus[0])


def test_renommer_un_axe_change_tous_les_documents(projet: ProjetSocial) -> None:
    axe = Axe.objects.get(projet=projet, lettre="A")
    ecrire(projet, f"Tout part de [[axe:{axe.pk}]].")
    assert [un.nom for un in endroits_qui_citent(projet, [("axe", axe.pk)])] == [
        "Chapitre « Le quartier la nuit »"
    ]
    Axe.objects.filter(pk=axe.pk).update(titre="Ouvrir les droits")
    for document in (document_du_dossier(projet), resume_du_projet(projet)):
        for lire in LECTURES:
            lu = lire(document)
            assert serre("Ouvrir les droits") in lu and serre("Faire valoir ses droits") not in lu
    assert "Tout part de « Axe A Ouvrir les droits »." in rendre_html(document_du_dossier(projet)).replace(
        "\xa0", " "
    )
    paragraphes = [p["texte"] for un in objet_du_projet(projet)["chapitres"] for p in un["paragraphes"]]
    assert "Tout part de « Axe A Ouvrir les droits »." in paragraphes


def test_une_citation_mene_a_sa_fiche_dans_le_document(projet: ProjetSocial) -> None:
    fiche = projet.fiches.get(titre="Le prêt de vélos")
    ecrire(projet, f"Voir [[fiche:{fiche.pk}]].")
    page = rendre_html(document_du_dossier(projet))
    assert f'Voir <a href="#fiche-{fiche.pk}">A-03 Le prêt de vélos</a>.' in page
    assert f'id="fiche-{fiche.pk}"' in page


# --- Trois rendus, un document ----------------------------------------------------------------------
def test_les_memes_nombres_se_lisent_dans_la_page_le_pdf_et_le_word(projet: ProjetSocial) -> None:
    document = document_du_dossier(projet)
    page, pdf, word = (lire(document) for lire in LECTURES)
    for nombre in ("31,5 %", "2 345 en 2028", "120 vélos", "2022"):
        voulu = serre(nombre)
        assert voulu in page, nombre
        assert page.count(voulu) == word.count(voulu), nombre
        assert voulu in pdf, nombre


def test_chaque_nombre_d_un_tableau_est_le_meme_dans_les_trois_rendus(projet: ProjetSocial) -> None:
    document = document_du_dossier(projet)
    page, pdf, word = (lire(document) for lire in LECTURES)
    cellules = {
        serre("".join(bout.texte for bout in bouts(cellule)))
        for bloc in parcourir(composer(document))
        if isinstance(bloc, Tableau)
        for ligne in bloc.lignes
        for cellule in ligne
    }
    chiffrees = {cellule for cellule in cellules if len(cellule) > 2 and re.search(r"\d", cellule)}
    assert len(chiffrees) >= 8
    for cellule in chiffrees:
        assert page.count(cellule) == word.count(cellule), cellule
        assert cellule in pdf, cellule


def test_le_dossier_garde_se_rend_comme_au_premier_jour(projet: ProjetSocial) -> None:
    document = document_du_dossier(projet)
    garde = de_donnees(json.loads(json.dumps(en_donnees(document))))
    assert garde == document and rendre_html(garde) == rendre_html(document)


def test_le_pdf_du_dossier_se_lit_par_sa_structure(projet: ProjetSocial) -> None:
    document = document_du_dossier(projet)
    lecteur = pypdf.PdfReader(io.BytesIO(rendre_pdf(document)))
    racine = lecteur.trailer["/Root"]
    assert str(racine["/Lang"]).lower().startswith("fr")
    assert re.search(r"pdfuaid:part", racine["/Metadata"].get_data().decode())
    assert lecteur.metadata is not None and lecteur.metadata.title == projet.nom
    signets = [str(un.title) for un in lecteur.outline if not isinstance(un, list)]
    assert [serre(un) for un in signets] == [serre(s.titre) for s in document.sections if s.niveau == 1]
    arbre = arbre_du_pdf(lecteur)
    balises = [str(element["/S"]) for element in arbre]
    figures = [element for element in arbre if element["/S"] == "/Figure" and "/Alt" in element]
    dessins = sum(type(bloc).__name__ == "Figure" for s in document.sections for bloc in s.blocs)
    assert dessins == 2 and sum("Arbre dessiné" in str(une["/Alt"]) for une in figures) == dessins
    assert balises.count("/H1") == len(signets) and "/Title" in balises
    tableaux = [element for element in arbre if element["/S"] == "/Table"]
    assert tableaux and balises.count("/TH") >= len(tableaux)
    assert "/TOC" in balises and "/TOCI" in balises


def test_chaque_page_du_pdf_dit_ou_l_on_est(projet: ProjetSocial) -> None:
    pages = pypdf.PdfReader(io.BytesIO(rendre_pdf(document_du_dossier(projet)))).pages
    lues = [serre(page.extract_text()) for page in pages]
    fiche = next(
        rang for rang, lue in enumerate(lues) if lue.find(serre("A-04 Rendez-vous emploi")) > -1 and rang > 3
    )
    assert serre("Les fiches actions") in lues[fiche]
    assert re.search(rf"page{len(pages)}sur{len(pages)}", lues[-1])


def test_le_word_du_dossier_a_de_vrais_titres_et_un_vrai_sommaire(projet: ProjetSocial) -> None:
    document = document_du_dossier(projet)
    word = docx.Document(io.BytesIO(rendre_docx(document)))
    corps = [(p.style.name if p.style else "", serre(p.text)) for p in word.paragraphs]
    for section in document.sections:
        assert any(
            style == f"Heading {section.niveau}" and serre(texte) == serre(section.titre)
            for style, texte in corps
        )
    champs = [noeud.text or "" for noeud in word.element.body.iter(qn("w:instrText"))]
    assert any(champ.startswith("TOC") for champ in champs)
    tete = word.sections[0].header._element
    assert any(noeud.get(qn("w:instr")) == "STYLEREF 1" for noeud in tete.iter(qn("w:fldSimple")))
    assert word.sections[0].different_first_page_header_footer
    sans_alt = [n for n in word.element.body.iter(qn("wp:docPr")) if not n.get("descr")]
    assert not sans_alt


def test_le_resume_tient_en_quatre_pages(projet: ProjetSocial) -> None:
    pages = pypdf.PdfReader(io.BytesIO(rendre_pdf(resume_du_projet(projet)))).pages
    assert len(pages) <= PAGES
    lu = serre("".join(page.extract_text() for page in pages))
    for mots in ("Le prêt de vélos", "Comité d’usagers", "Familles monoparentales", "Douze réunions"):
        assert serre(mots) in lu, mots


# --- Le grand projet --------------------------------------------------------------------------------
def test_le_projet_du_sud_donne_son_dossier_et_son_resume() -> None:
    chemin = VERITES / "projet-sud.json"
    if not chemin.exists():
        pytest.skip("../shared/verites n'est pas là")
    lu: dict[str, Any] = json.loads(chemin.read_text(encoding="utf-8"))
    projet = ecrire_projet_lu(lu, structure=StructureFactory(), par=SYSTEME)
    document = document_du_dossier(projet)
    fiches = [section for section in document.sections if section.ancre.startswith("fiche-")]
    assert len(fiches) == projet.fiches.count() == 47
    pdf = pypdf.PdfReader(io.BytesIO(rendre_pdf(document)))
    assert sum("Arbre dessiné" in str(e.get("/Alt", "")) for e in arbre_du_pdf(pdf)) == projet.axes.count()
    resume = pypdf.PdfReader(io.BytesIO(rendre_pdf(resume_du_projet(projet))))
    assert len(resume.pages) <= PAGES


def test_aucun_texte_importe_ne_disparait_du_plan(projet: ProjetSocial) -> None:
    ecrits = {chapitre.texte for chapitre in projet.chapitres.all()}
    assert ecrits == {place.chapitre.texte for place in lire_le_plan(projet)} - {""}


# --- Les pages --------------------------------------------------------------------------------------
def test_la_page_du_dossier_et_les_fichiers_sortent_pour_l_equipe(
    client_de: Callable[[str], Client], projet: ProjetSocial
) -> None:
    bruno = client_de("bruno")
    page = bruno.get(reverse("dossier_page", args=[projet.pk])).content.decode()
    assert "Douze réunions d’habitants" in page and "A-03 Le prêt de vélos" in page
    for nom in ("dossier_document", "dossier_resume"):
        for extension, debut in (("pdf", b"%PDF"), ("docx", b"PK"), ("html", b"<!doctype html>")):
            reponse = bruno.get(reverse(nom, args=[projet.pk, extension]))
            assert reponse.content.startswith(debut), (nom, extension)
    reprendre = bruno.get(reverse("dossier_reprendre", args=[projet.pk])).content.decode()
    assert "Tableur" in reprendre and "Données" in reprendre
