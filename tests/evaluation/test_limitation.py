"""Une fiche gelée ne se compte plus, ne se liste plus, et le nombre le dit (RGPD, article 18)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from maillage.activites.choices import EtatSeance, RoleDePresence
from maillage.activites.models import Benevole, HeuresDeBenevolat, Inscription
from maillage.core import suivi
from maillage.core.suivi import rattraper_pour
from maillage.evaluation.consommateur import ConsommateurCalcul
from maillage.evaluation.operations import recalculer_fiche
from maillage.personnes.models import Personne
from maillage.personnes.operations import degeler_personne, geler_personne
from maillage.projets.models import FicheAction, ValeurCalculee
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import FoyerFactory, PersonneFactory
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
LES_DEUX = {
    "presences": 2,
    "personnes_differentes": 2,
    "nouvelles_personnes": 2,
    "familles": 2,
    "benevoles": 2,
    "heures_benevolat": 5,
}
"""Mesure → ce qu'elle vaut avec Adam et Yvonne : une séance de deux heures chacun ; Yvonne en a noté trois à part."""
SANS_YVONNE = dict.fromkeys(LES_DEUX, 1) | {"heures_benevolat": 2}


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    centre = distribution.deux_ponts
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=centre))
    for mesure in LES_DEUX:
        IndicateurFactory(fiche=fiche, libelle=mesure, source="calcul", definition={"mesures": [mesure]})
    IndicateurFactory(
        fiche=fiche, libelle="assiduite", source="calcul", definition={"mesures": ["assiduite"]}
    )
    atelier = ActiviteFactory(structure=centre, fiche=fiche, titre="Couture")
    debut = datetime(2025, 3, 10, 14, tzinfo=UTC)
    seance = SeanceFactory(activite=atelier, debut=debut, fin=debut.replace(hour=16), etat=EtatSeance.TENUE)
    for prenom in ("Adam", "Yvonne"):
        personne = PersonneFactory(structure=centre, prenom=prenom, nom="Berger")
        FoyerFactory(structure=centre).membres.create(personne=personne)
        PresenceFactory(seance=seance, personne=personne, role=RoleDePresence.BENEVOLE)
    Inscription.objects.create(activite=atelier, personne=personne, inscrite_le=debut)
    benevole = Benevole.objects.create(structure=centre, personne=personne)
    HeuresDeBenevolat.objects.create(
        structure=centre,
        benevole=benevole,
        activite=atelier,
        seance=seance,
        jour=date(2025, 3, 10),
        heures=Decimal(3),
    )
    recalculer_fiche(fiche)
    return fiche


def valeurs(fiche: FicheAction) -> dict[str, int]:
    rattraper_pour(fiche)
    lues = ValeurCalculee.objects.filter(annee=2025, indicateur__libelle__in=LES_DEUX)
    return {une.indicateur.libelle: int(une.valeur) for une in lues.select_related("indicateur")}


def test_geler_retire_des_nombres_et_degeler_remet(distribution: Distribution, fiche: FicheAction) -> None:
    assert valeurs(fiche) == LES_DEUX
    yvonne = Personne.objects.get(prenom="Yvonne")
    geler_personne(yvonne, par=distribution.amina)
    assert valeurs(fiche) == SANS_YVONNE
    degeler_personne(yvonne, par=distribution.amina)
    assert valeurs(fiche) == LES_DEUX


def test_chaque_nombre_nomme_dit_qu_une_fiche_gelee_n_y_est_pas(
    distribution: Distribution, fiche: FicheAction
) -> None:
    geler_personne(Personne.objects.get(prenom="Yvonne"), par=distribution.amina)
    rattraper_pour(fiche)
    lues = ValeurCalculee.objects.filter(annee=2025).select_related("indicateur")
    assert lues.count() == len(LES_DEUX) + 1
    muettes = [
        une.indicateur.libelle
        for une in lues
        if "1 venue d’une fiche gelée" not in une.couverture.replace("\xa0", " ")
    ]
    assert muettes == []


@pytest.mark.parametrize("mesure", sorted(LES_DEUX))
def test_les_lignes_ne_la_montrent_plus_meme_a_la_direction(
    client_de: Ouvrir, distribution: Distribution, fiche: FicheAction, mesure: str
) -> None:
    adresse = reverse("indicateur_noms", args=[fiche.indicateurs.get(libelle=mesure).pk])
    amina = client_de("amina")
    assert "Yvonne" in amina.get(adresse).content.decode()
    geler_personne(Personne.objects.get(prenom="Yvonne"), par=distribution.amina)
    suivi.rattraper(ConsommateurCalcul())
    page = amina.get(adresse).content.decode()
    assert "Yvonne" not in page
    assert "Adam" in page
