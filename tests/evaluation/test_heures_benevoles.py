"""Les heures de bénévolat : chacune compte une fois, et elles vont au budget d'un geste, et d'un seul."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from maillage.activites.choices import EtatSeance
from maillage.activites.models import HeuresDeBenevolat, Seance
from maillage.activites.operations.benevoles import engager_benevole, noter_les_heures_de_la_seance
from maillage.evaluation.calcul import Centre
from maillage.evaluation.choices import Grandeur
from maillage.evaluation.operations import recalculer_fiche
from maillage.evaluation.tableau.comptes import decompter, mois_de
from maillage.projets.models import Budget, Indicateur, ValeurCalculee
from tests.activites.engagement_d_essai import BenevoleFactory
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def indicateur(distribution: Distribution) -> Indicateur:
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=distribution.deux_ponts))
    heures: Indicateur = IndicateurFactory(
        fiche=fiche, source="calcul", definition={"mesures": ["heures_benevolat"]}
    )
    return heures


@pytest.fixture
def seance(indicateur: Indicateur) -> Seance:
    """D'une heure et demie ; une bénévole engagée et une personne sans engagement y aident."""
    structure = indicateur.fiche.projet.structure
    tenue: Seance = SeanceFactory(
        activite=ActiviteFactory(structure=structure, fiche=indicateur.fiche, publics=["seniors"]),
        debut=datetime(2026, 3, 10, 14, tzinfo=UTC),
        etat=EtatSeance.TENUE,
    )
    engagee = BenevoleFactory(personne__structure=structure)
    PresenceFactory(seance=tenue, personne=engagee.personne, role="bénévole")
    PresenceFactory(
        seance=tenue,
        personne__structure=structure,
        personne__genre="femmes",
        personne__prenom="Rosa",
        role="bénévole",
    )
    return tenue


def compter(indicateur: Indicateur, **filtres: list[str]) -> tuple[Decimal | None, Decimal | None]:
    """L'indicateur de la fiche, et le bilan du centre (le budget reprend celui-ci)."""
    indicateur.definition = {"mesures": ["heures_benevolat"], "filtres": filtres}
    indicateur.save()
    recalculer_fiche(indicateur.fiche)
    structure = indicateur.fiche.projet.structure
    du_centre = decompter(Centre(structure), Grandeur.HEURES_BENEVOLAT, mois_de(structure, 2026)).valeur
    return ValeurCalculee.objects.get(indicateur=indicateur, annee=2026).valeur, du_centre


def test_les_heures_d_une_seance_ne_comptent_qu_une_fois(
    seance: Seance, indicateur: Indicateur, distribution: Distribution
) -> None:
    """Le geste annonce trois heures : partout, c'est trois heures."""
    assert compter(indicateur) == (3, 3)
    assert noter_les_heures_de_la_seance(seance, par=distribution.bruno) == 3
    assert compter(indicateur) == (3, 3)
    assert compter(indicateur, public=["seniors"]) == (3, 3)


def test_un_engagement_note_apres_coup_ne_compte_pas_ses_heures_deux_fois(
    seance: Seance, indicateur: Indicateur, distribution: Distribution
) -> None:
    noter_les_heures_de_la_seance(seance, par=distribution.bruno)
    rosa = seance.presences.get(personne__prenom="Rosa").personne
    engager_benevole(rosa, {"depuis": date(2026, 1, 5)}, par=distribution.ines)
    assert compter(indicateur) == (3, 3)


def test_une_benevole_ajoutee_a_la_feuille_depuis_compte_la_duree_de_la_seance(
    seance: Seance, indicateur: Indicateur, distribution: Distribution
) -> None:
    noter_les_heures_de_la_seance(seance, par=distribution.bruno)
    PresenceFactory(seance=seance, role="bénévole")
    assert compter(indicateur) == (Decimal("4.5"), Decimal("4.5"))


def test_des_heures_sans_nom_n_otent_rien_a_un_compte_par_genre(
    seance: Seance, indicateur: Indicateur, distribution: Distribution
) -> None:
    """La ligne sans nom n'a pas de genre : elle n'y est pas, la présence de Rosa y reste."""
    noter_les_heures_de_la_seance(seance, par=distribution.bruno)
    assert compter(indicateur, genre=["femmes"])[0] == Decimal("1.5")


def test_les_heures_notees_de_l_annee_vont_au_budget(distribution: Distribution, client_de: Ouvrir) -> None:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    for jour, heures in ((date(2026, 3, 2), "4.5"), (date(2026, 5, 4), "3"), (date(2025, 5, 4), "99")):
        HeuresDeBenevolat.objects.create(structure=distribution.deux_ponts, jour=jour, heures=Decimal(heures))
    adresse = reverse("heures_benevoles", args=[projet.pk, 2026])
    amina = client_de("amina")
    assert "7,5" in amina.get(adresse).content.decode()
    for _ in range(2):
        assert amina.post(adresse).status_code == 302
    budget = Budget.objects.get()
    assert (budget.heures_reelles, budget.annee, budget.portee) == (Decimal("7.50"), 2026, "centre")
    assert client_de("bruno").post(adresse).status_code == 404
    assert amina.get(reverse("heures_benevoles", args=[projet.pk, 2031])).status_code == 404


def test_sans_heure_notee_rien_ne_s_ecrit(distribution: Distribution, client_de: Ouvrir) -> None:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    adresse = reverse("heures_benevoles", args=[projet.pk, 2026])
    client_de("amina").post(adresse)
    assert not Budget.objects.exists()
