"""L'assiduité : qui est venu, sur qui l'on attendait. Jamais plus de cent pour cent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from maillage.activites.choices import EtatInscription, EtatSeance
from maillage.activites.models import Activite
from maillage.activites.operations.inscriptions import accepter_place
from maillage.evaluation.operations import recalculer_fiche
from maillage.projets.models import Indicateur, ValeurCalculee
from tests.activites.fabriques import ActiviteFactory, InscriptionFactory, PresenceFactory, SeanceFactory
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


@pytest.fixture
def couture(distribution: Distribution) -> Activite:
    """Ouverte depuis 2025, d'une fiche qui compte son assiduité."""
    structure = distribution.deux_ponts
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=structure, du=date(2025, 1, 1)))
    une: Activite = ActiviteFactory(structure=structure, fiche=fiche)
    return une


@pytest.fixture
def assiduite(couture: Activite) -> Indicateur:
    un: Indicateur = IndicateurFactory(
        fiche=couture.fiche, source="calcul", definition={"mesures": ["assiduite"]}
    )
    return un


def test_un_desistement_ne_change_pas_l_assiduite_des_annees_ou_la_place_etait_tenue(
    couture: Activite, assiduite: Indicateur
) -> None:
    """Rosa vient en 2025 et 2026. Lina tient une place jusqu'à mai, Mina jusqu'à décembre ; Zélie attend."""
    rosa = PersonneFactory(structure=couture.structure)
    for debut in (datetime(2025, 11, 10, 14, tzinfo=UTC), MARS):
        PresenceFactory(
            seance=SeanceFactory(activite=couture, debut=debut, etat=EtatSeance.TENUE), personne=rosa
        )
    octobre = datetime(2025, 10, 1, 9, tzinfo=UTC)
    for finie_le in (date(2026, 5, 20), date(2025, 12, 20), None):
        InscriptionFactory(
            activite=couture, etat=EtatInscription.DESISTEE, inscrite_le=octobre, finie_le=finie_le
        )
    recalculer_fiche(couture.fiche)
    lues = ValeurCalculee.objects.filter(indicateur=assiduite).order_by("annee")
    assert [(une.annee, round(une.valeur)) for une in lues if une.valeur] == [(2025, 33), (2026, 50)]


def test_l_annee_ou_l_on_attendait_ne_compte_pas_quand_la_place_vient_ensuite(
    couture: Activite, assiduite: Indicateur, distribution: Distribution
) -> None:
    """Rosa vient à l'automne 2025. Mina attend depuis octobre ; on lui donne une place aujourd'hui."""
    automne = SeanceFactory(
        activite=couture, debut=datetime(2025, 11, 10, 14, tzinfo=UTC), etat=EtatSeance.TENUE
    )
    PresenceFactory(seance=automne, personne=PersonneFactory(structure=couture.structure))
    mina = InscriptionFactory(
        activite=couture,
        etat=EtatInscription.PROPOSEE,
        inscrite_le=datetime(2025, 10, 1, 9, tzinfo=UTC),
    )
    accepter_place(mina, par=distribution.ines)
    recalculer_fiche(couture.fiche)
    assert ValeurCalculee.objects.get(indicateur=assiduite, annee=2025).valeur == 100
