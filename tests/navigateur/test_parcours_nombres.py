"""Bruno note une présence : la fiche et son bilan ont le nombre. Il le corrige, dit pourquoi, et y revient."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from maillage.activites.models import Seance
from maillage.projets.choices import EtatProjet
from maillage.projets.models import Cible, FicheAction
from maillage.projets.suivi import annee_de_travail
from tests.activites.fabriques import ActiviteFactory, InscriptionFactory, SeanceFactory
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    projet = ProjetSocialFactory(structure=distribution.deux_ponts, etat=EtatProjet.EN_COURS)
    fiche: FicheAction = FicheActionFactory(projet=projet, titre="Tables de devoirs")
    compte = IndicateurFactory(
        fiche=fiche, libelle="Venues aux tables", source="calcul", definition={"mesures": ["presences"]}
    )
    Cible.objects.create(indicateur=compte, annee=annee_de_travail(projet), valeur=40)
    return fiche


@pytest.fixture
def seance(distribution: Distribution, fiche: FicheAction) -> Seance:
    """La première minute de l'année : passée, quel que soit le jour de l'essai."""
    activite = ActiviteFactory(
        structure=distribution.deux_ponts, fiche=fiche, titre="Devoirs", animateurs=[distribution.bruno]
    )
    for prenom in ("Adam", "Camille"):
        InscriptionFactory(activite=activite, personne__prenom=prenom)
    debut = datetime(annee_de_travail(fiche.projet), 1, 1, 0, 1, tzinfo=ZoneInfo("Europe/Paris"))
    une: Seance = SeanceFactory(activite=activite, debut=debut)
    return une


def noter(page: Page, seance: Seance, rang: int) -> None:
    page.goto(f"/espace/seances/{seance.pk}/presences/")
    page.locator(".presences input").nth(rang).focus()
    page.keyboard.press("Space")
    expect(page.locator("#garde[data-etat=fait]")).to_contain_text("Enregistré à")


def test_une_presence_notee_est_sur_la_fiche_et_dans_son_bilan(
    page: Page, entrer: Entrer, voir: Voir, fiche: FicheAction, seance: Seance
) -> None:
    entrer("bruno")
    noter(page, seance, 0)
    page.goto(f"/espace/projets/fiches/{fiche.pk}/")
    nombres = page.get_by_role("region", name="Les nombres de")
    expect(nombres).to_contain_text("1 sur 40")
    voir()
    noter(page, seance, 1)
    page.goto(f"/espace/projets/fiches/{fiche.pk}/")
    expect(nombres).to_contain_text("2 sur 40")
    nombres.get_by_role("link", name="Venues aux tables").click()
    expect(page.locator(".chiffre b").first).to_have_text("2")
    page.get_by_role("link", name="Voir ce qui est compté").click()
    expect(page.get_by_role("cell", name="une personne")).to_have_count(2)
    voir()
    with page.expect_download() as telechargement:
        page.get_by_role("button", name="Tableur (xlsx)").click()
    assert telechargement.value.suggested_filename.endswith(".xlsx")
    page.goto(f"/espace/projets/fiches/{fiche.pk}/bilan/{annee_de_travail(fiche.projet)}/")
    expect(page.get_by_text("Calculée : 2")).to_be_visible()
    page.get_by_label("Corriger 2").fill("3")
    page.get_by_label("Pourquoi corriger le calcul").fill("Une feuille perdue")
    bouton(page, "Enregistrer les valeurs")
    expect(page.get_by_text("Retenu : 3")).to_be_visible()
    voir()
    page.get_by_role("button", name="Revenir au nombre compté").click()
    expect(page.locator(".messages")).to_contain_text("La correction est retirée")
    expect(page.get_by_text("Retenu : 3")).to_have_count(0)
