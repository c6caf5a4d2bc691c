"""Le journal des actes : pas d'acte sans ligne, pas de ligne sans acte."""

import pytest
from django.db import transaction

from maillage.core.demande import numero_de_demande
from maillage.core.journal import SYSTEME, journaliser
from maillage.core.models import LigneJournal
from maillage.territoire.models import Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return Region.objects.create(code="84", nom="Auvergne-Rhône-Alpes", slug="auvergne-rhone-alpes")


@pytest.mark.django_db(transaction=True)
def test_ecrire_hors_d_une_transaction_est_refuse(region: Region) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        journaliser(region, "renommer", "Léa a renommé la région.", par=SYSTEME)
    assert not LigneJournal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_un_acte_annule_ne_laisse_aucune_ligne(region: Region) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        journaliser(region, "renommer", "Léa a renommé la région.", par=SYSTEME)
        raise ZeroDivisionError
    assert not LigneJournal.objects.exists()


def test_la_ligne_dit_qui_quoi_et_de_quoi_a_quoi() -> None:
    region = Region(code="84")

    class Lea:
        pk = 12

        def get_full_name(self) -> str:
            return "Léa Marchetti"

    jeton = numero_de_demande.set("abc123")
    try:
        with transaction.atomic():
            journaliser(
                region,
                "renommer",
                "Léa a renommé la région.",
                par=Lea(),
                avant={"nom": "A"},
                apres={"nom": "B"},
            )
    finally:
        numero_de_demande.reset(jeton)
    ligne = LigneJournal.objects.get()
    assert (ligne.acteur_id, ligne.acteur_nom, ligne.acte) == (12, "Léa Marchetti", "renommer")
    assert (ligne.objet_type, ligne.avant, ligne.apres) == ("territoire.region", {"nom": "A"}, {"nom": "B"})
    assert ligne.demande_id == "abc123"
