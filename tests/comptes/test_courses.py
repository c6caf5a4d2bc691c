"""Deux gestes au même moment, sur les deux bases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance
from maillage.comptes.operations import RoleRefuse, TropDEssais, terminer_appartenance
from maillage.comptes.operations.essais import compter_un_essai
from tests.distribution import distribuer
from tests.fabriques import AppartenanceFactory

pytestmark = pytest.mark.django_db(transaction=True)


def ensemble(*gestes: Callable[[], None]) -> list[bool]:
    """Vrai pour chaque geste qui passe."""

    def faire(geste: Callable[[], None]) -> bool:
        try:
            geste()
            return True
        except (RoleRefuse, TropDEssais):
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(gestes)) as fils:
        return list(fils.map(faire, gestes))


def test_vingt_codes_essayes_ensemble_n_en_font_passer_que_cinq() -> None:
    passes = ensemble(*[lambda: compter_un_essai("second_facteur", compte="lea", adresse="") and None] * 20)
    assert sum(passes) == 5


def test_deux_directrices_qui_se_retirent_l_une_l_autre_laissent_une_direction() -> None:
    troupe = distribuer()
    seconde = AppartenanceFactory(structure=troupe.deux_ponts, role=Role.DIRECTRICE)
    premiere = troupe.amina.appartenances.get()
    passes = ensemble(
        lambda: terminer_appartenance(premiere, le=None, a=None, par=seconde.utilisateur),
        lambda: terminer_appartenance(seconde, le=None, a=None, par=troupe.amina),
    )
    assert sorted(passes) == [False, True]
    assert Appartenance.objects.de_direction().filter(structure=troupe.deux_ponts).count() == 1
