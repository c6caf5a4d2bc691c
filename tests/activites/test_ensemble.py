"""Le même envoi d'une feuille ou d'un avis parti plusieurs fois au même instant, sur les deux bases."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from maillage.activites.choices import ReponseSatisfaction, RoleDePresence
from maillage.activites.models import Satisfaction, Seance
from maillage.activites.operations.presences import ACTE, Ecart, Venues, noter_venues
from maillage.activites.operations.satisfaction import donner_satisfaction
from maillage.core.models import Changement, LigneJournal
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution, distribuer
from tests.ensemble import en_meme_temps
from tests.personnes.fabriques import PersonneFactory

pytestmark = pytest.mark.django_db(transaction=True)
ENVOIS = 8
PARTICIPANT = RoleDePresence.PARTICIPANT.value


@pytest.fixture
def troupe(transactional_db: None) -> Distribution:
    return distribuer()


@pytest.fixture
def seance(troupe: Distribution) -> Seance:
    activite = ActiviteFactory(structure=troupe.deux_ponts, animateurs=[troupe.bruno])
    une: Seance = SeanceFactory(activite=activite, debut=datetime(2026, 3, 10, 14, tzinfo=UTC))
    return une


def test_le_meme_envoi_huit_fois_ensemble_note_une_seule_presence(
    troupe: Distribution, seance: Seance
) -> None:
    une = PersonneFactory(structure=troupe.deux_ponts)
    envoi = Venues({une.pk: PARTICIPANT}, [Ecart("18_25", "", PARTICIPANT, 2)], envoi=uuid4())
    rendus = en_meme_temps(*[lambda: noter_venues(seance, envoi, par=troupe.bruno)] * ENVOIS)
    assert rendus == [None] * ENVOIS, "chaque envoi est accusé"
    assert (seance.presences.count(), seance.venues_sans_nom.get().nombre) == (1, 2)
    assert LigneJournal.objects.filter(acte=ACTE).count() == 1
    assert Changement.objects.filter(acte=ACTE).count() == 1


def test_huit_envois_de_la_meme_personne_notent_une_presence_et_comptent_chaque_invite(
    troupe: Distribution, seance: Seance
) -> None:
    """Huit appareils, huit clés : la personne est venue une fois, les invités de chacun s'ajoutent."""
    une = PersonneFactory(structure=troupe.deux_ponts)

    def noter() -> None:
        venues = Venues({une.pk: PARTICIPANT}, [Ecart("", "", PARTICIPANT, 1)], envoi=uuid4())
        noter_venues(seance, venues, par=troupe.bruno)

    assert en_meme_temps(*[noter] * ENVOIS) == [None] * ENVOIS
    assert (seance.presences.count(), seance.venues_sans_nom.get().nombre) == (1, ENVOIS)


def test_le_meme_avis_huit_fois_ensemble_compte_une_fois(seance: Seance) -> None:
    cle = uuid4()
    rendus = en_meme_temps(*[lambda: donner_satisfaction(seance, ReponseSatisfaction.TRES, cle=cle)] * ENVOIS)
    assert rendus == [None] * ENVOIS
    assert Satisfaction.objects.count() == 1
    assert LigneJournal.objects.filter(acte="donner_satisfaction").count() == 1
