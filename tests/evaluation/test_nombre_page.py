"""« D'où vient ce nombre » : ce que lit l'équipe, ce que lit la Caf, et ce que personne ne lit d'ailleurs."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from maillage.activites.choices import EtatSeance
from maillage.activites.models import VenueSansNom
from maillage.evaluation.operations import recalculer_fiche
from maillage.projets.choices import EtatProjet
from maillage.projets.models import Indicateur
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
PAGES = ("indicateur_nombre", "indicateur_lignes", "indicateur_noms")


@pytest.fixture
def indicateur(distribution: Distribution) -> Indicateur:
    """Trois personnes connues et quatorze venues sans nom, à l'atelier que Bruno anime."""
    centre = distribution.deux_ponts
    distribution.caf.departements.add(centre.departement)
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=centre, etat=EtatProjet.EN_COURS))
    atelier = ActiviteFactory(structure=centre, fiche=fiche, titre="Couture", animateurs=[distribution.bruno])
    seance = SeanceFactory(
        activite=atelier, debut=datetime(2026, 3, 10, 14, tzinfo=UTC), etat=EtatSeance.TENUE
    )
    for prenom in ("Adam", "Salima", "Yvonne"):
        PresenceFactory(
            seance=seance, personne=PersonneFactory(structure=centre, prenom=prenom, nom="Berger")
        )
    VenueSansNom.objects.create(seance=seance, nombre=14)
    compte = IndicateurFactory(
        fiche=fiche, source="calcul", definition={"mesures": ["presences", "personnes_differentes"]}
    )
    recalculer_fiche(fiche)
    return compte


def lire(client: Client, page: str, indicateur: Indicateur, **demande: str) -> str:
    reponse = client.get(reverse(page, args=[indicateur.pk]), demande)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("personne", ["chloe", "lea", "nadia", "omar"])
@pytest.mark.parametrize("page", PAGES)
def test_le_nombre_d_un_autre_centre_n_existe_pas(
    client_de: Ouvrir, indicateur: Indicateur, personne: str, page: str
) -> None:
    reponse = client_de(personne).get(reverse(page, args=[indicateur.pk]))
    # Sans second facteur, une page de noms l'a demandé avant de répondre.
    assert reponse.status_code in ({302, 404} if page == "indicateur_noms" else {404})


@pytest.mark.parametrize("page", PAGES)
def test_la_caf_ne_lit_ni_le_nombre_ni_ses_lignes(
    client_de: Ouvrir, indicateur: Indicateur, page: str
) -> None:
    reponse = client_de("denis").get(reverse(page, args=[indicateur.pk]))
    assert reponse.status_code in {302, 404}
    assert "Berger" not in reponse.content.decode()


@pytest.mark.parametrize("annee", ["1999", "2099"])
def test_une_annee_hors_du_projet_n_existe_pas(client_de: Ouvrir, indicateur: Indicateur, annee: str) -> None:
    adresse = reverse("indicateur_nombre", args=[indicateur.pk])
    assert client_de("amina").get(adresse, {"annee": annee}).status_code == 404


def test_l_equipe_lit_le_nombre_sa_couverture_et_les_mois(client_de: Ouvrir, indicateur: Indicateur) -> None:
    page = lire(client_de("farid"), "indicateur_nombre", indicateur)
    assert "<b>17</b><span>présences</span>" in page
    assert "3 présences avec un nom et 14 présences sans nom" in page
    assert "<b>3</b><span>personnes différentes</span>" in page
    assert "Berger" not in page


def test_les_lignes_se_lisent_sans_nom(client_de: Ouvrir, indicateur: Indicateur) -> None:
    page = lire(client_de("farid"), "indicateur_lignes", indicateur)
    assert "Couture" in page
    assert "une personne" in page
    assert "Berger" not in page


def test_la_direction_lit_les_noms_derriere_le_nombre(client_de: Ouvrir, indicateur: Indicateur) -> None:
    assert "Salima Berger" in lire(client_de("amina"), "indicateur_noms", indicateur)


def test_qui_anime_lit_les_noms_de_ses_activites_seulement(client_de: Ouvrir, indicateur: Indicateur) -> None:
    ailleurs = ActiviteFactory(structure=indicateur.fiche.projet.structure, fiche=indicateur.fiche)
    PresenceFactory(
        seance=SeanceFactory(
            activite=ailleurs, debut=datetime(2026, 4, 1, 9, tzinfo=UTC), etat=EtatSeance.TENUE
        ),
        personne=PersonneFactory(structure=ailleurs.structure, prenom="Zoé", nom="Cachée"),
    )
    page = lire(client_de("bruno"), "indicateur_noms", indicateur)
    assert "Salima Berger" in page
    assert "Cachée" not in page


def test_qui_n_anime_rien_ne_lit_aucun_nom(client_de: Ouvrir, indicateur: Indicateur) -> None:
    assert client_de("farid").get(reverse("indicateur_noms", args=[indicateur.pk])).status_code == 404


def test_ce_qui_manque_est_dit_en_mots(client_de: Ouvrir, indicateur: Indicateur) -> None:
    seul = IndicateurFactory(
        fiche=FicheActionFactory(projet=indicateur.fiche.projet),
        source="calcul",
        definition={"mesures": ["seances"]},
    )
    assert "Aucune activité n’est rattachée" in lire(client_de("farid"), "indicateur_nombre", seul)


def test_un_mois_sans_rien_se_voit_entre_deux_autres(client_de: Ouvrir, indicateur: Indicateur) -> None:
    """Tout vient de mars : les onze autres mois sont là, à zéro."""
    page = lire(client_de("farid"), "indicateur_nombre", indicateur)
    for mois in ("juil.", "août"):
        assert f'<th scope="row">{mois}</th><td class="nb">0</td>' in page
