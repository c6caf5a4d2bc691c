"""Les heures de bénévolat notées dans l'année vont au budget d'un geste, et d'un seul."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from maillage.activites.models import HeuresDeBenevolat
from maillage.projets.models import Budget
from tests.distribution import Distribution
from tests.projets.fabriques import arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


def test_les_heures_notees_de_l_annee_vont_au_budget(distribution: Distribution, client_de: Ouvrir) -> None:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    for jour, heures in ((date(2026, 3, 2), "4.5"), (date(2026, 5, 4), "3"), (date(2025, 5, 4), "99")):
        HeuresDeBenevolat.objects.create(structure=distribution.deux_ponts, jour=jour, heures=Decimal(heures))
    adresse = reverse("heures_benevoles", args=[projet.pk, 2026])
    amina = client_de("amina")
    assert "7,5" in amina.get(adresse).content.decode()
    for _ in range(2):
        assert amina.post(adresse).status_code == 302
    budget = Budget.objects.get()
    assert (budget.heures_reelles, budget.annee, budget.portee) == (Decimal("7.50"), 2026, "centre")
    assert client_de("bruno").post(adresse).status_code == 404
    assert amina.get(reverse("heures_benevoles", args=[projet.pk, 2031])).status_code == 404


def test_sans_heure_notee_rien_ne_s_ecrit(distribution: Distribution, client_de: Ouvrir) -> None:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    adresse = reverse("heures_benevoles", args=[projet.pk, 2026])
    client_de("amina").post(adresse)
    assert not Budget.objects.exists()
