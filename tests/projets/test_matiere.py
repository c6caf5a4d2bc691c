"""Ce qu'un dossier raconte : quels blocs ont de quoi se remplir, dit en une requête et sans les construire."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maillage.projets.exportation.blocs import BLOCS, faire
from maillage.projets.matiere import Matiere
from maillage.projets.models import LigneDeBudget, ProjetSocial, Sigle
from tests.distribution import Distribution
from tests.projets.fabriques import (
    FicheActionFactory,
    IndicateurFactory,
    InstanceFactory,
    ProjetSocialFactory,
    ProjetSpecifiqueFactory,
    arbre_d_essai,
)
from tests.projets.fabriques_diagnostic import (
    BesoinFactory,
    ChiffreFactory,
    ConstatFactory,
    ParoleFactory,
    RencontreFactory,
    ResultatFactory,
    TableauFactory,
)
from tests.projets.fabriques_gouvernance import BudgetFactory, FinancementFactory

pytestmark = pytest.mark.django_db


def construits(projet: ProjetSocial) -> set[str]:
    matiere = Matiere(projet)
    return {nom for nom in BLOCS if faire(nom, matiere)}


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return ProjetSocialFactory(structure=distribution.deux_ponts)


def test_un_projet_vide_n_a_que_son_cadre(projet: ProjetSocial) -> None:
    assert Matiere(projet).remplis == construits(projet) == {"cadre"}


@pytest.mark.parametrize(
    "coquille",
    [
        lambda projet: ProjetSpecifiqueFactory(projet=projet, presentation=""),
        lambda projet: FicheActionFactory(projet=projet, annees=[], degre_participation=""),
        lambda projet: TableauFactory(projet=projet, zones=[], lignes=[]),
        lambda projet: ResultatFactory(projet=projet, lignes=[]),
        lambda projet: BudgetFactory(
            projet=projet, annee=projet.annees[0], taux_horaire=None, heures_prevues=3
        ),
        lambda projet: FinancementFactory(projet=projet, annee=projet.au.year + 3),
    ],
    ids=[
        "specifique_nu",
        "fiche_nue",
        "tableau_sans_zone",
        "enquete_sans_reponse",
        "heures_sans_taux",
        "hors_periode",
    ],
)
def test_une_coquille_vide_ne_remplit_rien_de_plus_que_ce_qui_se_construit(
    projet: ProjetSocial, coquille: object
) -> None:
    coquille(projet)  # type: ignore[operator]
    assert Matiere(projet).remplis == construits(projet)


def test_chaque_bloc_qui_se_construit_est_dit_rempli_en_une_requete(distribution: Distribution) -> None:
    avant = arbre_d_essai(distribution.deux_ponts)
    projet = arbre_d_essai(distribution.deux_ponts)
    projet.suite_de = avant
    projet.save()
    annee = projet.annees[0]
    projet.fiches.update(annees=[annee], degre_participation="concertation")
    IndicateurFactory(fiche=projet.fiches.order_by("pk")[0])
    for fabrique in (
        BesoinFactory,
        ChiffreFactory,
        ConstatFactory,
        InstanceFactory,
        ParoleFactory,
        RencontreFactory,
        ResultatFactory,
    ):
        fabrique(projet=projet)
    LigneDeBudget.objects.create(
        budget=BudgetFactory(projet=projet, annee=annee), compte="60", prevu=Decimal(100)
    )
    FinancementFactory(projet=projet, annee=annee)
    ProjetSpecifiqueFactory(projet=projet, presentation="Les jeunes du quartier, le soir.")
    Sigle.objects.create(projet=projet, sigle="AG", sens="Assemblée générale")
    matiere = Matiere(projet)
    with CaptureQueriesContext(connection) as lues:
        remplis = matiere.remplis
    assert remplis == construits(projet) == set(BLOCS) and len(lues) == 1
