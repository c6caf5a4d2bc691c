"""Les phrases de droit : refus d'abord."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from maillage.comptes.choices import Role
from maillage.comptes.permissions import a_role, est_moderatrice
from tests.distribution import distribuer

pytestmark = pytest.mark.django_db


def test_un_anonyme_ne_tient_aucun_role() -> None:
    assert not a_role(AnonymousUser(), *Role)
    assert not a_role(None, *Role)


def test_omar_parti_hier_ne_tient_plus_son_role() -> None:
    assert not a_role(distribuer().omar, Role.CONTRIBUTEUR)


def test_un_compte_ferme_ne_tient_plus_son_role() -> None:
    lea = distribuer().lea
    lea.is_active = False
    assert not est_moderatrice(lea)


@pytest.mark.parametrize("prenom", ["amina", "bruno", "chloe", "denis"])
def test_ni_la_directrice_ni_la_caf_ne_moderent(prenom: str) -> None:
    assert not est_moderatrice(distribuer().personne(prenom))


@pytest.mark.parametrize("prenom", ["lea", "nadia"])
def test_la_federation_et_la_plateforme_moderent(prenom: str) -> None:
    assert est_moderatrice(distribuer().personne(prenom))


def test_le_menu_ne_montre_a_amina_que_ce_qu_elle_peut_ouvrir(client: Client) -> None:
    troupe = distribuer()
    client.force_login(troupe.amina)
    assert reverse("points") not in client.get(reverse("espace")).content.decode()
    client.force_login(troupe.lea)
    assert reverse("points") in client.get(reverse("espace")).content.decode()
