"""Les nombres sur la fiche : l'équipe les lit à jour, avec leur cible ; les autres n'y voient rien de plus."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.choices import EtatSeance
from maillage.activites.models import Seance, VenueSansNom
from maillage.core.changements import noter_changement
from maillage.evaluation.operations import recalculer_fiche
from maillage.projets.choices import EtatProjet
from maillage.projets.models import Cible, FicheAction, Releve
from maillage.projets.suivi import annee_de_travail
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    centre = distribution.deux_ponts
    distribution.caf.departements.add(centre.departement)
    projet = ProjetSocialFactory(structure=centre, etat=EtatProjet.EN_COURS)
    fiche = FicheActionFactory(projet=projet)
    compte = IndicateurFactory(
        fiche=fiche, libelle="Venues à l’atelier", source="calcul", definition={"mesures": ["presences"]}
    )
    Cible.objects.create(indicateur=compte, annee=annee_de_travail(projet), valeur=40)
    IndicateurFactory(fiche=fiche, libelle="Affiches posées")
    return fiche


@pytest.fixture
def seance(fiche: FicheAction) -> Seance:
    """Au début de l'année de travail du projet, quel que soit le jour de l'essai."""
    debut = datetime(annee_de_travail(fiche.projet), 1, 1, 10, tzinfo=UTC)
    activite = ActiviteFactory(structure=fiche.projet.structure, fiche=fiche)
    return SeanceFactory(activite=activite, debut=debut, etat=EtatSeance.TENUE)


def venir(seance: Seance, combien: int) -> None:
    VenueSansNom.objects.update_or_create(seance=seance, role="participant", defaults={"nombre": combien})
    noter_changement(seance, "noter_venues")


def lire(client: Client, fiche: FicheAction) -> str:
    reponse = client.get(reverse("fiche_nombres", args=[fiche.pk]))
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("personne", ["chloe", "lea", "nadia", "omar"])
def test_les_nombres_d_un_autre_centre_n_existent_pas(
    client_de: Ouvrir, fiche: FicheAction, personne: str
) -> None:
    assert client_de(personne).get(reverse("fiche_nombres", args=[fiche.pk])).status_code == 404


def test_farid_ouvre_sa_fiche_et_les_nombres_y_sont(
    client_de: Ouvrir, fiche: FicheAction, seance: Seance
) -> None:
    farid = client_de("farid")
    adresse = reverse("fiche_nombres", args=[fiche.pk])
    assert f'hx-get="{adresse}"' in farid.get(reverse("fiche_action", args=[fiche.pk])).content.decode()
    assert "40 visés" in lire(farid, fiche)
    venir(seance, 17)
    page = lire(farid, fiche)
    assert "<strong>17</strong> sur 40" in page
    assert "17 présences sans nom" in page
    venir(seance, 42)  # la page ne montre jamais un nombre dépassé
    assert "<strong>42</strong> sur 40" in lire(farid, fiche)
    assert "Cible atteinte" in lire(farid, fiche)


def test_une_correction_se_lit_avec_le_calcul_a_cote(
    client_de: Ouvrir, fiche: FicheAction, seance: Seance, distribution: Distribution
) -> None:
    venir(seance, 17)
    Releve.objects.create(
        indicateur=fiche.indicateurs.get(source="calcul"),
        annee=annee_de_travail(fiche.projet),
        valeur=19,
        motif="Deux oublis",
        saisi_par=distribution.farid,
    )
    page = lire(client_de("farid"), fiche)
    assert "<strong>19</strong> sur 40" in page
    assert "Maillage compte 17" in page


def test_la_caf_ne_lit_pas_les_nombres_d_une_fiche(
    client_de: Ouvrir, fiche: FicheAction, seance: Seance
) -> None:
    venir(seance, 17)
    assert client_de("denis").get(reverse("fiche_nombres", args=[fiche.pk])).status_code == 404


def test_jusqu_en_aout_l_annee_scolaire_qui_court_est_celle_de_l_an_passe(
    client_de: Ouvrir, fiche: FicheAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """En mars 2026, l'année scolaire est celle de septembre 2025 : son nombre et sa cible se lisent."""
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: date(2026, 3, 20))
    scolaire = IndicateurFactory(
        fiche=fiche, source="calcul", calendrier="scolaire", definition={"mesures": ["seances"]}
    )
    Cible.objects.create(indicateur=scolaire, annee=2025, valeur=9)
    atelier = ActiviteFactory(structure=fiche.projet.structure, fiche=fiche)
    for jour in range(1, 8):
        debut = datetime(2025, 10, jour, 14, tzinfo=UTC)
        SeanceFactory(activite=atelier, debut=debut, etat=EtatSeance.TENUE)
    recalculer_fiche(fiche)
    page = lire(client_de("farid"), fiche)
    assert "<strong>7</strong> sur 9" in page
    assert "du 1er septembre 2025 au 31 août 2026" in page
    assert f"{reverse('indicateur_nombre', args=[scolaire.pk])}?annee=2025" in page
