"""Une directrice de deux centres règle celui qu'elle lit, jamais l'autre."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.personnes.choices import ChampDePersonne
from maillage.personnes.models import AvisDeConservation, ChampOuvert, Provenance
from maillage.territoire.models import Structure
from tests.distribution import Distribution
from tests.fabriques import AppartenanceFactory
from tests.personnes.fabriques import PersonneFactory, ProvenanceFactory, ouvrir_les_champs

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def second(distribution: Distribution) -> Structure:
    """Le centre que l'adresse ne dirait pas d'elle-même."""
    AppartenanceFactory(
        utilisateur=distribution.amina, role=Role.DIRECTRICE, structure=distribution.quatre_vents
    )
    return max(distribution.deux_ponts, distribution.quatre_vents, key=lambda centre: centre.pk)


def lien(page: str, morceau: str) -> str:
    trouve = re.search(rf'(?:href|action)="([^"]*{morceau}[^"]*)"', page)
    assert trouve is not None, morceau
    return trouve[1]


def test_les_liens_du_registre_gardent_le_centre(client_de: Ouvrir, second: Structure) -> None:
    page = client_de("amina").get(reverse("personnes"), {"centre": second.pk}).content.decode()
    for nom in ("personnes_reglages", "personnes_conservation"):
        assert lien(page, reverse(nom)).endswith(f"?centre={second.pk}")


def test_fermer_un_champ_ne_vide_que_le_centre_que_la_page_nomme(
    distribution: Distribution, client_de: Ouvrir, second: Structure
) -> None:
    fiches = {}
    for centre in (distribution.deux_ponts, distribution.quatre_vents):
        ouvrir_les_champs(centre, ChampDePersonne.TELEPHONE)
        fiches[centre.pk] = PersonneFactory(structure=centre, telephone="0601010101")
    client = client_de("amina")
    page = client.get(reverse("personnes_reglages"), {"centre": second.pk}).content.decode()
    fermer = lien(page, "champs/telephone/")
    assert second.nom in client.get(fermer).content.decode().split("<main")[-1]
    assert client.post(fermer, {"geste": "fermer"})["Location"].endswith(f"?centre={second.pk}")
    for numero, fiche in fiches.items():
        fiche.refresh_from_db()
        assert bool(fiche.telephone) == (numero != second.pk)
    page = client.get(reverse("personnes_reglages"), {"centre": second.pk}).content.decode()
    client.post(lien(page, "champs/telephone/"))
    assert ChampOuvert.objects.filter(structure=second, champ="telephone").exists()


def test_le_visa_et_un_lieu_se_notent_dans_le_second_centre(client_de: Ouvrir, second: Structure) -> None:
    client = client_de("amina")
    avis = AvisDeConservation.objects.create(
        personne=PersonneFactory(structure=second), efface_le=timezone.localdate(), visa_demande=True
    )
    lieu = ProvenanceFactory(structure=second)
    for nom, objet in (("avis_viser", avis), ("provenance_retirer", lieu)):
        suite = client.post(reverse(nom, args=[objet.pk]))
        assert suite.status_code == 302 and suite["Location"].endswith(f"?centre={second.pk}")
    avis.refresh_from_db()
    assert avis.visa_donne_le and not Provenance.objects.filter(pk=lieu.pk).exists()


def test_un_centre_que_l_on_ne_dirige_pas_n_a_pas_de_reglages(
    distribution: Distribution, client_de: Ouvrir
) -> None:
    avis = AvisDeConservation.objects.create(
        personne=PersonneFactory(structure=distribution.quatre_vents), efface_le=timezone.localdate()
    )
    lieu = ProvenanceFactory(structure=distribution.quatre_vents)
    for nom, objet in (("avis_viser", avis), ("provenance_retirer", lieu)):
        assert client_de("amina").post(reverse(nom, args=[objet.pk])).status_code == 404
