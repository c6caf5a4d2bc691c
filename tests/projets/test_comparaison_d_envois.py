"""Comparer deux versions : sections, mots, nombres."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from maillage.core.comparaison import Sort
from maillage.core.documents.description import Document, Figure, Paragraphe, Section, Tableau
from maillage.core.documents.garde import en_donnees
from maillage.projets.comparaison_d_envois import SortDeSection, comparer_documents
from tests.distribution import Distribution
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_envois import EnvoiFactory, document_d_essai, donner_un_territoire

AJOUTEE, OTEE = SortDeSection.AJOUTEE, SortDeSection.OTEE
CHANGEE, PAREILLE = SortDeSection.CHANGEE, SortDeSection.PAREILLE


def avec(*sections: Section) -> Document:
    return replace(document_d_essai(), sections=sections)


def sorts(avant: Document, apres: Document) -> list[tuple[str, str]]:
    return [(section.titre, section.sort) for section in comparer_documents(avant, apres)]


def test_deux_documents_pareils_ne_disent_rien() -> None:
    assert sorts(document_d_essai(), document_d_essai()) == [
        ("Le quartier", PAREILLE),
        ("Les places", PAREILLE),
    ]


def test_une_section_ajoutee_et_une_otee_gardent_leur_place() -> None:
    avant = avec(Section("Un"), Section("Deux", (Paragraphe("Le marché."),)), Section("Trois"))
    apres = avec(Section("Un"), Section("Trois"), Section("Quatre", (Paragraphe("La halle."),)))
    assert sorts(avant, apres) == [
        ("Un", PAREILLE),
        ("Deux", OTEE),
        ("Trois", PAREILLE),
        ("Quatre", AJOUTEE),
    ]


def test_un_mot_change_se_montre_seul() -> None:
    (quartier, _) = comparer_documents(
        document_d_essai("Le quartier compte deux ponts."),
        document_d_essai("Le quartier compte trois ponts."),
    )
    assert quartier.sort == CHANGEE and quartier.texte is not None
    assert [m.texte for m in quartier.texte.avant if m.sort == Sort.OTE] == ["deux"]
    assert [m.texte for m in quartier.texte.apres if m.sort == Sort.AJOUTE] == ["trois"]


def test_un_nombre_change_se_lit_avant_et_apres() -> None:
    (_, places) = comparer_documents(document_d_essai(places=12), document_d_essai(places=16))
    (tableau,) = places.tableaux
    velo, jardin = tableau.lignes
    assert (velo.cases[1].avant, velo.cases[1].apres, velo.cases[1].change) == ("12", "16", True)
    assert jardin.sort == PAREILLE


@pytest.mark.parametrize(
    ("lignes", "attendus"),
    [
        ((("Vélo", "12"), ("Jardin", "8"), ("Four", "5")), [PAREILLE, PAREILLE, AJOUTEE]),
        ((("Jardin", "8"),), [OTEE, PAREILLE]),
    ],
)
def test_une_ligne_ajoutee_ou_otee_se_dit(
    lignes: tuple[tuple[str, str], ...], attendus: list[SortDeSection]
) -> None:
    avant = document_d_essai()
    apres = replace(
        avant,
        sections=(
            avant.sections[0],
            Section("Les places", (Tableau("Places par an", ("Action", "Places"), lignes),)),
        ),
    )
    (tableau,) = comparer_documents(avant, apres)[1].tableaux
    assert [ligne.sort for ligne in tableau.lignes] == attendus


def test_des_colonnes_qui_changent_montrent_les_deux_tableaux() -> None:
    avant = document_d_essai()
    neuf = Tableau("Places par an", ("Action", "Places", "Prix"), (("Vélo", "12", "3"),))
    apres = replace(avant, sections=(avant.sections[0], Section("Les places", (neuf,))))
    (tableau,) = comparer_documents(avant, apres)[1].tableaux
    assert {ligne.sort for ligne in tableau.lignes} == {OTEE, AJOUTEE}
    assert all(len(ligne.cases) == 3 for ligne in tableau.lignes)


def test_un_titre_change_reste_la_meme_section() -> None:
    texte = (Paragraphe("Le jardin ouvre le mardi et le samedi, toute l’année."),)
    avant, apres = avec(Section("A-01 Le jardin", texte)), avec(Section("A-02 Le jardin", texte))
    (section,) = comparer_documents(avant, apres)
    assert section.sort == CHANGEE and section.titre_d_avant == "A-01 Le jardin"


def test_un_dessin_qui_a_son_tableau_se_compare_par_lui() -> None:
    """Le nom du projet, écrit dans le dessin, ne fait pas changer chaque axe."""

    def arbre(mot: str, tableau: Tableau | None) -> Section:
        dessin = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>{mot}</text></svg>'
        return Section("Axe A", (Figure(dessin, alt="L’arbre.", legende="L’arbre", tableau=tableau),))

    fiches = Tableau("Objectif par objectif", ("Objectif", "Fiche"), (("Jardiner", "A-01"),))
    (pareille,) = comparer_documents(avec(arbre("Avant", fiches)), avec(arbre("Après", fiches)))
    assert (pareille.sort, pareille.figures) == (PAREILLE, ())
    (changee,) = comparer_documents(avec(arbre("Avant", None)), avec(arbre("Après", None)))
    assert (changee.sort, changee.figures) == (CHANGEE, ("L’arbre",))


# --- La page -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_la_comparaison_se_lit_des_deux_cotes_et_pas_ailleurs(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    donner_un_territoire(distribution)
    projet = arbre_d_essai(distribution.deux_ponts, soumis=True)
    v1 = EnvoiFactory(projet=projet)
    v2 = EnvoiFactory(
        projet=projet, contenu=en_donnees(document_d_essai("Le quartier compte trois ponts.", 16))
    )
    adresse = reverse("envois_comparer", args=[v2.pk, v1.pk])
    for prenom in ("amina", "bruno", "denis"):
        page = client_de(prenom).get(adresse).text
        assert "De la version 1 à la version 2" in page, "toujours de l'ancienne à la récente"
        assert "<del>deux</del>" in page and "<ins>trois</ins>" in page
        assert "<del>12</del>" in page and "<ins>16</ins>" in page
    for prenom in ("chloe", "lea", "nadia"):
        assert client_de(prenom).get(adresse).status_code == 404
    bilan = EnvoiFactory(projet=projet, bilan=True)
    for autre in (v1, bilan):
        page = client_de("amina").get(reverse("envois_comparer", args=[v1.pk, autre.pk]))
        assert page.status_code == 404


@pytest.mark.django_db
def test_un_nom_et_des_pieces_qui_changent_se_disent_aussi(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    donner_un_territoire(distribution)
    projet = arbre_d_essai(distribution.deux_ponts, soumis=True)
    document = document_d_essai()
    vieille, neuve = ({"nom": f"{nom}.pdf", "empreinte": nom} for nom in ("Statuts", "Budget"))
    v1 = EnvoiFactory(projet=projet, pieces=[vieille])
    renomme = en_donnees(replace(document, titre="Projet du pont neuf"))
    v2 = EnvoiFactory(projet=projet, contenu=renomme, pieces=[neuve])
    page = client_de("denis").get(reverse("envois_comparer", args=[v1.pk, v2.pk])).text
    assert "<ins>Projet du pont neuf</ins>" in page
    assert "<del>Statuts.pdf</del>" in page and "<ins>Budget.pdf</ins>" in page
