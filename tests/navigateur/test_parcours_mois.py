"""Bruno montre son mois : l'adresse, puis ce qu'en lit une élue sans compte."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from maillage.activites.models import VenueSansNom
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db(transaction=True)


def test_un_mois_se_montre_par_une_adresse(
    page: Page,
    entrer: Callable[[str], None],
    voir: Callable[[], None],
    distribution: Distribution,
) -> None:
    atelier = ActiviteFactory(
        structure=distribution.deux_ponts, titre="Couture", animateurs=[distribution.bruno]
    )
    debut = timezone.now().replace(day=1, hour=10) - timedelta(days=10)
    seance = SeanceFactory(activite=atelier, debut=debut, etat="tenue")
    VenueSansNom.objects.create(seance=seance, nombre=14)
    entrer("bruno")
    page.goto(f"/espace/mon-mois/?mois={debut:%Y-%m}")
    voir()
    lien = page.get_by_label("L’adresse à envoyer").input_value()
    page.get_by_role("link", name="Voir ce qu’elle montre").click()
    expect(page.get_by_text("venues sans nom")).to_be_visible()
    voir()
    page.context.clear_cookies()
    page.goto(page.url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bruno")
    assert lien.endswith(page.url.partition("//")[2].partition("/")[2])
