"""Un conseiller de la Caf qui travaille aussi dans un centre : il en lit ce que l'équipe lit, et n'y juge rien."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.projets.choices import PorteeAnnotation
from maillage.projets.models import Envoi
from tests.distribution import Distribution
from tests.projets.fabriques import ProjetSocialFactory
from tests.projets.fabriques_envois import (
    AnnotationFactory,
    DemandeDeComplementsFactory,
    EnvoiFactory,
    LettreFactory,
    donner_un_territoire,
)

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def envoi(distribution: Distribution) -> Envoi:
    donner_un_territoire(distribution)
    recu: Envoi = EnvoiFactory(projet=ProjetSocialFactory(structure=distribution.deux_ponts, soumis=True))
    return recu


def test_un_conseiller_n_instruit_pas_le_centre_ou_il_travaille(
    client_de: Ouvrir, envoi: Envoi, distribution: Distribution
) -> None:
    distribution.denis.appartenances.create(structure=distribution.deux_ponts, role="contributeur")
    denis = client_de("denis")
    assert denis.get(reverse("envoi", args=[envoi.pk])).status_code == 200, "il le lit comme l'équipe"
    assert denis.get(reverse("dossier_avis", args=[envoi.pk])).status_code == 404
    assert "Aucun dossier reçu" in denis.get(reverse("dossiers_recus")).text


def test_un_conseiller_ne_defait_rien_pour_le_centre_ou_il_travaille(
    client_de: Ouvrir, envoi: Envoi, distribution: Distribution
) -> None:
    lettre = LettreFactory(envoi=envoi, institution=distribution.caf)
    demande = DemandeDeComplementsFactory(envoi=envoi)
    annotation = AnnotationFactory(envoi=envoi, ecrite_par=distribution.denis)
    distribution.denis.appartenances.create(structure=distribution.deux_ponts, role="contributeur")
    denis = client_de("denis")
    for geste, objet in (
        ("decision_revenir", lettre),
        ("complements_reprendre", demande),
        ("annotation_retirer", annotation),
    ):
        assert denis.post(reverse(geste, args=[objet.pk])).status_code == 404, geste


def test_un_conseiller_ne_lit_pas_ce_que_les_autres_se_disent_du_centre_ou_il_travaille(
    client_de: Ouvrir, envoi: Envoi, distribution: Distribution
) -> None:
    AnnotationFactory(envoi=envoi, texte="Entre nous seulement.", portee=PorteeAnnotation.CAF)
    distribution.denis.appartenances.create(structure=distribution.deux_ponts, role="contributeur")
    assert "Entre nous seulement." not in client_de("denis").get(reverse("envoi", args=[envoi.pk])).text
