"""Un cofinanceur lit ce qu'on lui donne, rien d'autre, et plus rien quand on le lui retire."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.core.ecriture import GesteRefuse
from maillage.core.models import LigneJournal
from maillage.projets.models import Envoi, Partage
from maillage.projets.operations.partages import fermer_partage, partager
from maillage.territoire.choices import GenreInstitution
from maillage.territoire.models import Institution
from tests.distribution import Distribution
from tests.fabriques import InstitutionFactory
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_envois import EnvoiFactory, donner_un_territoire, representant

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def ville(distribution: Distribution) -> Institution:
    ville = InstitutionFactory(nom="Ville de Thiers", genre=GenreInstitution.COLLECTIVITE)
    representant(distribution, ville)
    return ville


@pytest.fixture
def envois(distribution: Distribution) -> list[Envoi]:
    projet = arbre_d_essai(distribution.deux_ponts, soumis=True)
    return [EnvoiFactory(projet=projet), EnvoiFactory(projet=projet)]


def test_sans_acces_un_cofinanceur_ne_lit_rien(
    client_de: Ouvrir, ville: Institution, envois: list[Envoi]
) -> None:
    lea = client_de("lea")
    assert "Aucun dossier pour l’instant" in lea.get(reverse("dossiers_partages")).text
    assert lea.get(reverse("envoi", args=[envois[0].pk])).status_code == 404
    assert lea.get(reverse("envoi_fichier", args=[envois[0].pk, "pdf"])).status_code == 404
    assert lea.get(reverse("dossiers_recus")).status_code == 404


def test_seule_la_direction_ouvre_un_acces(
    client_de: Ouvrir, ville: Institution, envois: list[Envoi]
) -> None:
    adresse = reverse("partages", args=[envois[0].projet_id])
    for prenom in ("bruno", "denis", "chloe", "lea"):
        donnees = {"institution": ville.pk, "envois": [envois[0].pk]}
        assert client_de(prenom).post(adresse, donnees).status_code == 404
    assert not Partage.objects.exists()


def test_un_acces_ne_se_donne_qu_a_une_collectivite_et_sur_ses_envois(
    client_de: Ouvrir, ville: Institution, envois: list[Envoi], distribution: Distribution
) -> None:
    ailleurs = EnvoiFactory(projet__structure=distribution.quatre_vents)
    adresse = reverse("partages", args=[envois[0].projet_id])
    amina = client_de("amina")
    for donnees in (
        {"institution": ville.pk, "envois": [ailleurs.pk]},
        {"institution": distribution.caf.pk, "envois": [envois[0].pk]},
        {"institution": ville.pk, "envois": ["9" * 30]},
        {},
    ):
        assert amina.post(adresse, donnees).status_code == 422
    with pytest.raises(GesteRefuse):
        partager(envois[0].projet, [envois[0]], distribution.caf, par=distribution.amina)
    with pytest.raises(GesteRefuse):
        partager(envois[0].projet, [ailleurs], ville, par=distribution.amina)
    assert not Partage.objects.exists()


def test_un_cofinanceur_lit_l_envoi_choisi_et_rien_d_autre(
    client_de: Ouvrir, ville: Institution, envois: list[Envoi]
) -> None:
    premier, second = envois
    amina, lea = client_de("amina"), client_de("lea")
    donnees = {"institution": ville.pk, "envois": [second.pk]}
    amina.post(reverse("partages", args=[premier.projet_id]), donnees)
    amina.post(reverse("partages", args=[premier.projet_id]), donnees)
    assert Partage.objects.count() == 1, "deux fois n'ouvre pas deux accès"
    assert reverse("envoi", args=[second.pk]) in lea.get(reverse("dossiers_partages")).text
    page = lea.get(reverse("envoi", args=[second.pk]))
    assert page.status_code == 200 and "Annoter" not in page.text
    assert reverse("envoi", args=[premier.pk]) not in page.text
    for extension in ("pdf", "docx", "html"):
        assert lea.get(reverse("envoi_fichier", args=[second.pk, extension])).status_code == 200
    assert lea.get(reverse("envoi", args=[premier.pk])).status_code == 404
    assert lea.get(reverse("envois_comparer", args=[premier.pk, second.pk])).status_code == 404
    assert lea.get(reverse("projet", args=[premier.projet_id])).status_code == 404
    assert lea.get(reverse("dossier_recu", args=[premier.projet_id])).status_code == 404
    for geste in ("envoi_recevoir", "envoi_annoter", "envoi_reprendre"):
        assert lea.post(reverse(geste, args=[second.pk]), {"texte": "Intrus"}).status_code == 404


def test_un_cofinanceur_ne_lit_pas_le_mot_ecrit_pour_la_caf(
    client_de: Ouvrir, ville: Institution, envois: list[Envoi], distribution: Distribution
) -> None:
    donner_un_territoire(distribution)
    mot = "La Ville ne sait pas encore que l’antenne ferme."
    confie = EnvoiFactory(projet=envois[0].projet, mot=mot)
    partager(confie.projet, [confie], ville, par=distribution.amina)
    adresse = reverse("envoi", args=[confie.pk])
    for prenom, lit in (("amina", True), ("bruno", True), ("denis", True), ("lea", False)):
        page = client_de(prenom).get(adresse)
        assert page.status_code == 200 and ("l’antenne ferme" in page.text) == lit, prenom
    for extension in ("pdf", "docx", "html"):
        fichier = client_de("lea").get(reverse("envoi_fichier", args=[confie.pk, extension]))
        assert fichier.status_code == 200 and "antenne" not in fichier.content.decode(errors="ignore")


def test_l_acces_se_retire_et_le_journal_le_dit(
    client_de: Ouvrir, ville: Institution, envois: list[Envoi], distribution: Distribution
) -> None:
    (partage,) = partager(envois[0].projet, [envois[0]], ville, par=distribution.amina)
    fermer = reverse("partage_fermer", args=[partage.pk])
    assert client_de("bruno").post(fermer).status_code == 404
    assert client_de("lea").post(fermer).status_code == 404
    client_de("amina").post(fermer)
    fermer_partage(partage, par=distribution.amina)
    lea = client_de("lea")
    assert lea.get(reverse("envoi", args=[envois[0].pk])).status_code == 404
    assert lea.get(reverse("envoi_fichier", args=[envois[0].pk, "pdf"])).status_code == 404
    actes = list(LigneJournal.objects.order_by("pk").values_list("acte", flat=True))
    assert actes.count("partager") == 1 and actes.count("fermer_partage") == 1
    partager(envois[0].projet, [envois[0]], ville, par=distribution.amina)
    assert Partage.objects.count() == 2, "rouvrir garde la trace du premier"
