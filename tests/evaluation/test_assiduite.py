"""L'assiduité : qui est venu, sur qui l'on attendait. Jamais plus de cent pour cent."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from maillage.activites.choices import EtatSeance
from maillage.evaluation.operations import recalculer_fiche
from maillage.projets.models import ValeurCalculee
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
MARS = datetime(2026, 3, 10, 14, tzinfo=UTC)


def test_une_activite_qui_ne_dit_pas_ce_public_attend_aussi_qui_en_est(distribution: Distribution) -> None:
    """Rosa vient deux fois sur quatre à la couture, ouverte à tous, et à l'unique sortie des familles."""
    structure = distribution.deux_ponts
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=structure))
    indicateur = IndicateurFactory(
        fiche=fiche,
        source="calcul",
        definition={"mesures": ["assiduite"], "filtres": {"public": ["familles"]}},
    )
    rosa = PersonneFactory(structure=structure, publics=["familles"])
    sortie = ActiviteFactory(structure=structure, fiche=fiche, publics=["familles"])
    couture = ActiviteFactory(structure=structure, fiche=fiche)
    PresenceFactory(seance=SeanceFactory(activite=sortie, debut=MARS, etat=EtatSeance.TENUE), personne=rosa)
    for jours in range(4):
        seance = SeanceFactory(activite=couture, debut=MARS + timedelta(days=jours), etat=EtatSeance.TENUE)
        PresenceFactory(seance=seance)
        if jours < 2:
            PresenceFactory(seance=seance, personne=rosa)
    recalculer_fiche(fiche)
    calculee = ValeurCalculee.objects.get(indicateur=indicateur, annee=2026)
    assert calculee.valeur == Decimal(60)
    assert "3 présences avec un nom sur 5 attendues" in calculee.couverture.replace("\xa0", " ")
