"""Les points à vérifier : refus d'abord, puis le geste de Léa, et ce que chacun lit ensuite."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.catalogue.choices import EtatPoint, GenrePoint
from maillage.catalogue.models import PointAVerifier
from maillage.catalogue.operations.points import ecarter_point
from maillage.catalogue.presentation import texte_public
from maillage.core.models import Changement, LigneJournal
from tests.distribution import Distribution, distribuer
from tests.fabriques import ExperienceFactory, PointAVerifierFactory

pytestmark = pytest.mark.django_db
NUMERO = "01 99 00 12 34"


@pytest.fixture
def troupe() -> Distribution:
    return distribuer()


@pytest.fixture
def point(troupe: Distribution) -> PointAVerifier:
    texte = f"Appelez le {NUMERO} le matin."
    experience = ExperienceFactory(structure=troupe.deux_ponts, limites=texte)
    debut = texte.index(NUMERO)
    return PointAVerifierFactory(
        experience=experience,
        genre=GenrePoint.TELEPHONE,
        champ="limites",
        debut=debut,
        fin=debut + len(NUMERO),
        extrait=NUMERO,
    )


@pytest.mark.parametrize("prenom", ["amina", "chloe", "denis", "omar"])
def test_qui_ne_modere_pas_ne_trouve_pas_la_page(
    client: Client, troupe: Distribution, point: PointAVerifier, prenom: str
) -> None:
    client.force_login(troupe.personne(prenom))
    assert client.get(reverse("points")).status_code == 404
    reponse = client.post(reverse("agir_sur_un_point", args=[point.pk, "ecarter"]))
    assert reponse.status_code == 404
    point.refresh_from_db()
    assert point.etat == EtatPoint.A_VERIFIER


def test_un_geste_inconnu_n_existe_pas(client: Client, troupe: Distribution, point: PointAVerifier) -> None:
    client.force_login(troupe.lea)
    assert client.post(reverse("agir_sur_un_point", args=[point.pk, "effacer"])).status_code == 404


def test_une_lecture_ne_decide_rien(client: Client, troupe: Distribution, point: PointAVerifier) -> None:
    client.force_login(troupe.lea)
    assert client.get(reverse("agir_sur_un_point", args=[point.pk, "ecarter"])).status_code == 405


def test_le_retour_ne_mene_jamais_ailleurs(
    client: Client, troupe: Distribution, point: PointAVerifier
) -> None:
    client.force_login(troupe.lea)
    adresse = reverse("agir_sur_un_point", args=[point.pk, "traiter"])
    for ailleurs in ("https://ailleurs.example/", "//ailleurs.example", ""):
        assert client.post(adresse, {"retour": ailleurs})["Location"] == reverse("points")


def test_lea_voit_le_numero_dans_ses_mots(
    client: Client, troupe: Distribution, point: PointAVerifier
) -> None:
    client.force_login(troupe.lea)
    page = client.get(reverse("points"))
    assert page.status_code == 200
    assert f"<mark>{NUMERO}</mark>" in page.content.decode()


def test_garder_masque_puis_afficher_puis_revenir(
    client: Client, troupe: Distribution, point: PointAVerifier
) -> None:
    client.force_login(troupe.lea)
    lus = []
    for geste in ("traiter", "ecarter", "rouvrir"):
        client.post(reverse("agir_sur_un_point", args=[point.pk, geste]))
        point.refresh_from_db()
        experience = type(point.experience).objects.get(pk=point.experience_id)
        lus.append((point.etat, NUMERO in texte_public(experience, "limites")))
    assert lus == [("traite", False), ("ecarte", True), ("a_verifier", False)]


def test_l_acte_est_journalise_et_note_une_seule_fois(troupe: Distribution, point: PointAVerifier) -> None:
    for _ in range(2):
        ecarter_point(point, par=troupe.lea)
    ligne = LigneJournal.objects.get(acte="point_ecarte")
    assert ligne.acteur_id == troupe.lea.pk
    assert NUMERO not in ligne.phrase
    assert Changement.objects.filter(objet_id=point.experience_id, acte="point_ecarte").count() == 1
