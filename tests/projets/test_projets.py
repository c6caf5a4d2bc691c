"""La liste des projets et la page d'un projet."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.projets.choices import EtatProjet
from tests.distribution import Distribution
from tests.projets.fabriques import ProjetSocialFactory, TacheFactory, arbre_d_essai

pytestmark = pytest.mark.django_db


def test_un_centre_ne_voit_pas_le_projet_d_un_autre(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    chloe = client_de("chloe")
    assert projet.nom not in chloe.get(reverse("projets")).content.decode()
    assert chloe.get(reverse("projet", args=[projet.pk])).status_code == 404


@pytest.mark.parametrize("etat", EtatProjet)
def test_la_caf_ne_lit_jamais_un_projet_qui_s_ecrit(
    distribution: Distribution, client_de: Callable[[str], Client], etat: EtatProjet
) -> None:
    """Quel que soit son état : elle lit ce qui lui est transmis, et rien de ce que le centre tient."""
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    projet = ProjetSocialFactory(structure=distribution.deux_ponts, etat=etat)
    denis = client_de("denis")
    assert denis.get(reverse("projets")).status_code == 404
    for page in ("projet", "cadre", "agrement", "arbre", "suivi", "dossier", "tableau", "envois"):
        assert denis.get(reverse(page, args=[projet.pk])).status_code == 404, page


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
    assert "1\xa0fiche sans axe" in page and "6\xa0fiches encore à écrire" in page
    assert reverse("verification", args=[projet.pk]) in page, "le reste est dans la vérification"
