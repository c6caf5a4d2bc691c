"""La liste des projets et la page d'un projet."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.francais import date_longue
from tests.distribution import Distribution
from tests.projets.fabriques import DemandeAgrementFactory, ProjetSocialFactory, TacheFactory, arbre_d_essai

pytestmark = pytest.mark.django_db


def test_un_centre_ne_voit_pas_le_projet_d_un_autre(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    chloe = client_de("chloe")
    assert projet.nom not in chloe.get(reverse("projets")).content.decode()
    assert chloe.get(reverse("projet", args=[projet.pk])).status_code == 404


def test_la_caf_ne_lit_pas_un_projet_en_preparation(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    projet = ProjetSocialFactory(structure=distribution.deux_ponts)
    denis = client_de("denis")
    assert "Aucun projet ne vous est encore soumis" in denis.get(reverse("projets")).content.decode()
    assert denis.get(reverse("projet", args=[projet.pk])).status_code == 404


def test_la_caf_lit_un_projet_soumis(distribution: Distribution, client_de: Callable[[str], Client]) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    projet = arbre_d_essai(distribution.deux_ponts, soumis=True)
    denis = client_de("denis")
    assert projet.nom in denis.get(reverse("projets")).content.decode()
    assert denis.get(reverse("projet", args=[projet.pk])).status_code == 200


def test_la_caf_d_un_autre_departement_ne_lit_rien(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    distribution.caf.departements.add(distribution.quatre_vents.departement)
    projet = arbre_d_essai(distribution.deux_ponts, soumis=True)
    assert client_de("denis").get(reverse("projet", args=[projet.pk])).status_code == 404


def test_la_liste_dit_l_avancement(distribution: Distribution, client_de: Callable[[str], Client]) -> None:
    arbre_d_essai(distribution.deux_ponts)
    page = client_de("bruno").get(reverse("projets")).content.decode()
    assert "6\xa0fiches action" in page and "En préparation" in page


def test_sans_projet_la_direction_lit_par_quoi_commencer(client_de: Callable[[str], Client]) -> None:
    assert "Aucun projet pour l’instant" in client_de("amina").get(reverse("projets")).content.decode()


def test_l_essentiel_dit_ce_qui_vient_et_ce_qui_manque(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    TacheFactory(projet=projet, titre="Écrire le bilan", echeance=timezone.localdate() - timedelta(days=3))
    page = client_de("bruno").get(reverse("projet", args=[projet.pk])).content.decode()
    assert "Écrire le bilan" in page and "En retard de 3\xa0jours" in page
    assert "6\xa0fiches en retard" in page, "aucune n'est écrite, et le projet a commencé"
    assert "6\xa0fiches sans pilote" in page and "1\xa0fiche sans axe" in page


def test_la_caf_ne_lit_ni_l_histoire_ni_ce_qui_manque(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    page = client_de("denis").get(reverse("projet", args=[projet.pk])).content.decode()
    assert "Son histoire" not in page and "sans pilote" not in page and "Ce qui vient" not in page


def test_la_caf_lit_la_demande_et_l_arbre_en_bref_sans_rien_pouvoir_changer(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    projet = arbre_d_essai(distribution.deux_ponts, soumis=True)
    demande = DemandeAgrementFactory(projet=projet)
    adresse = reverse("projet", args=[projet.pk])
    page = client_de("denis").get(adresse).content.decode()
    assert "Le centre attend votre réponse" in page and "Attend la réponse" in page
    assert date_longue(demande.deposee_le) in page
    for axe in projet.axes.all():
        assert f"#axe-{axe.pk}" in page and axe.titre in page
    assert reverse("demande_decision", args=[demande.pk]) not in page
    assert "L’arbre en bref" not in client_de("bruno").get(adresse).content.decode()
