"""Le même appui parti plusieurs fois au même instant, sur les deux bases."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from maillage.accueil.models import Demande, Passage
from maillage.accueil.operations.passages import noter_passage
from maillage.core.models import Changement, LigneJournal
from tests.accueil.fabriques import TypeDeDemandeFactory
from tests.distribution import distribuer
from tests.ensemble import en_meme_temps

pytestmark = pytest.mark.django_db(transaction=True)
ENVOIS = 8


def test_la_meme_cle_envoyee_huit_fois_ensemble_compte_un_seul_passage() -> None:
    troupe = distribuer()
    types = TypeDeDemandeFactory.create_batch(2, structure=troupe.deux_ponts)
    cle = uuid4()

    def noter() -> int:
        return noter_passage(troupe.deux_ponts, cle=cle, types=types, par=troupe.ines).pk

    rendus = en_meme_temps(*[noter] * ENVOIS)
    assert rendus == [Passage.objects.get().pk] * ENVOIS, "chaque envoi est accusé, du même passage"
    assert Demande.objects.count() == len(types)
    assert LigneJournal.objects.filter(acte="noter_passage").count() == 1
    assert Changement.objects.filter(acte="noter_passage").count() == 1


def test_huit_cles_ensemble_comptent_huit_passages() -> None:
    """Le témoin : rien ne se perd quand deux bureaux comptent au même instant."""
    troupe = distribuer()
    un_type = TypeDeDemandeFactory(structure=troupe.deux_ponts)
    tantot = timezone.now() - timedelta(minutes=5)

    def noter() -> int:
        return noter_passage(troupe.deux_ponts, cle=uuid4(), types=[un_type], par=troupe.ines, le=tantot).pk

    rendus = en_meme_temps(*[noter] * ENVOIS)
    assert sorted(map(str, rendus)) == sorted(str(pk) for pk in Passage.objects.values_list("pk", flat=True))
    assert len(set(rendus)) == ENVOIS
