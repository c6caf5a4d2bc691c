"""Le rapport d'évaluation : ce qu'il dit au dehors, et sa transmission, figée."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as LireWord

from maillage.core.documents.description import Figure
from maillage.core.documents.html import rendre_html
from maillage.projets.choices import CACHE, MomentEvaluation
from maillage.projets.exportation.evaluation import rapport_d_evaluation
from maillage.projets.models import Envoi, ProjetSocial, ValeurCalculee
from tests.distribution import Distribution
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai
from tests.projets.fabriques_evaluation import ecrire, projet_evalue_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
MI = MomentEvaluation.MI_PARCOURS


@pytest.fixture
def projet(distribution: Distribution, settings: Any, tmp_path: Any) -> ProjetSocial:
    settings.DOSSIER_FICHIERS = tmp_path
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    return projet_evalue_d_essai(distribution.deux_ponts, distribution.amina)


def adresse(projet: ProjetSocial, nom: str, *reste: Any) -> str:
    return reverse(nom, args=[projet.pk, "mi-parcours", *reste])


# --- Refus ----------------------------------------------------------------------------------------
def test_seule_la_direction_transmet(client_de: Ouvrir, projet: ProjetSocial) -> None:
    for personne in ("bruno", "denis", "chloe"):
        reponse = client_de(personne).post(adresse(projet, "evaluation_transmettre"), {"cle": "a"})
        assert reponse.status_code == 404, personne
    assert not Envoi.objects.exists()


# --- Ce qu'il dit ---------------------------------------------------------------------------------
def test_le_rapport_dit_prevu_fait_effet_et_la_suite(projet: ProjetSocial) -> None:
    page = rendre_html(rapport_d_evaluation(projet, MI))
    for dit in (
        *("Cela tient.", "Deux soirées", "On revient seul.", "Je l’ai refait.", "Aller vers", "Partout"),
        *("Nous proposons\xa0: transformer", "L’hiver vide la table", "La commune fait de même"),
    ):
        assert dit in page, dit
    assert "Habitantes et habitants" in page and "14" in page
    assert "Atteinte" in page, "47 sur 40 la dernière année"


def test_une_parole_y_est_sans_nom(projet: ProjetSocial) -> None:
    assert "Perez" not in rendre_html(rapport_d_evaluation(projet, MI))


def test_un_nombre_compte_sur_trop_peu_de_gens_y_est_cache(client_de: Ouvrir, projet: ProjetSocial) -> None:
    fiche = projet.fiches.get(titre="La fête des paliers")
    compte = IndicateurFactory(fiche=fiche, source="calcul", libelle="Voisines aidées")
    ValeurCalculee.objects.create(indicateur=compte, annee=2025, valeur=Decimal(7))
    page = client_de("amina").get(adresse(projet, "evaluation_rapport")).content.decode()
    ligne = page[page.index("Voisines aidées") :][:400]
    assert CACHE in ligne and ">7<" not in ligne


def test_chaque_figure_a_sa_phrase_et_son_tableau(projet: ProjetSocial) -> None:
    figures = [
        bloc
        for s in rapport_d_evaluation(projet, MI).sections
        for bloc in s.blocs
        if isinstance(bloc, Figure)
    ]
    assert len(figures) == 2
    assert all(figure.alt and figure.tableau and figure.tableau.lignes for figure in figures)
    assert "première barre : comparables" in figures[1].legende


def test_sans_rien_d_ecrit_le_rapport_le_dit(distribution: Distribution) -> None:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    page = rendre_html(rapport_d_evaluation(projet, MI))
    for dit in ("n’est pas encore écrit", "Aucune leçon", "Aucune proposition"):
        assert dit in page, dit


def test_le_rapport_sort_en_pdf_et_en_word(client_de: Ouvrir, projet: ProjetSocial) -> None:
    pdf = client_de("bruno").get(adresse(projet, "evaluation_fichier", "pdf"))
    assert pdf.content.startswith(b"%PDF") and pdf["Content-Type"] == "application/pdf"
    word = client_de("bruno").get(adresse(projet, "evaluation_fichier", "docx"))
    texte = "\n".join(p.text for p in LireWord(io.BytesIO(word.content)).paragraphs)
    assert "On revient seul." in texte and "Ce que nous avons appris" in texte


# --- Transmettre ----------------------------------------------------------------------------------
def transmettre(client: Client, projet: ProjetSocial, **valeurs: str) -> Any:
    """Ouvre la page et l'envoie, avec la clé née avec elle."""
    page = client.get(adresse(projet, "evaluation_transmettre"))
    cle = page.context["form"]["cle"].value()
    return client.post(adresse(projet, "evaluation_transmettre"), {"cle": cle} | valeurs)


def test_transmettre_fige_le_rapport_et_deux_fois_le_meme_geste_n_en_fait_qu_un(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    amina = client_de("amina")
    page = amina.get(adresse(projet, "evaluation_transmettre")).content.decode()
    assert "Transmettre la version 1" in page and "À voir avant de transmettre" in page
    for _ in range(2):
        reponse = transmettre(amina, projet, cle="a" * 32, mot="Bonne lecture")
        envoi = Envoi.objects.get()
        assert reponse.url == reverse("envoi", args=[envoi.pk])
    assert (envoi.genre, envoi.numero, envoi.envoye_par) == ("mi_parcours", 1, distribution.amina)
    ecrire(projet, MI, distribution.bruno, synthese="Autre chose.")
    version = amina.get(reverse("envoi", args=[envoi.pk])).content.decode()
    assert "Cela tient." in version and "Autre chose." not in version and "Bonne lecture" in version
    assert "Transmettre la version 2" in amina.get(adresse(projet, "evaluation_transmettre")).text
    transmettre(amina, projet)
    assert [e.numero for e in Envoi.objects.order_by("pk")] == [1, 2]


def test_sans_rien_de_change_on_ne_transmet_pas_de_nouveau(client_de: Ouvrir, projet: ProjetSocial) -> None:
    amina = client_de("amina")
    transmettre(amina, projet)
    page = amina.get(transmettre(amina, projet)["Location"])
    assert "Rien n’a changé depuis la version 1" in page.content.decode()
    assert Envoi.objects.count() == 1


@pytest.mark.parametrize("mot", ["mi-parcours", "finale"])
def test_la_caf_lit_et_annote_l_evaluation_transmise_et_elle_seule(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution, mot: str
) -> None:
    moment = {"mi-parcours": MI, "finale": MomentEvaluation.FINALE}[mot]
    ecrire(projet, moment, distribution.bruno, synthese="Ce que nous retenons.")
    rapport = reverse("evaluation_transmettre", args=[projet.pk, mot])
    amina, denis = client_de("amina"), client_de("denis")
    assert "Aucun dossier reçu" in denis.get(reverse("dossiers_recus")).text
    amina.post(rapport, {"cle": "b" * 32})
    envoi = Envoi.objects.get()
    liste = denis.get(reverse("dossiers_recus")).text
    assert projet.structure.nom in liste and "À lire" in liste and moment.label in liste
    assert f"{moment.label}, version 1" in denis.get(reverse("dossier_recu", args=[projet.pk])).text
    page = denis.get(reverse("envoi", args=[envoi.pk]))
    assert "Ce que nous retenons." in page.text and "Perez" not in page.text
    ancre = page.context["sections"][0][0]
    annotation = {"texte": "Dites comment vous comptez.", "portee": "centre", "ancre": ancre}
    assert denis.post(reverse("envoi_annoter", args=[envoi.pk]), annotation).status_code == 302
    assert "Dites comment vous comptez." in amina.get(reverse("envoi", args=[envoi.pk])).text
    onglet = amina.get(reverse("evaluation", args=[projet.pk])).text
    assert reverse("envoi", args=[envoi.pk]) in onglet and "Reçu par la Caf" in onglet
    assert denis.get(reverse("evaluation_rapport", args=[projet.pk, mot])).status_code == 404
    for extension in ("pdf", "docx", "html"):
        assert denis.get(reverse("envoi_fichier", args=[envoi.pk, extension])).status_code == 200
