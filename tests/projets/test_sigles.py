"""Les sigles ramassés dans les textes : d'où vient leur développement, ce que la personne garde et corrige."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.projets.models import ProjetSocial, Sigle
from maillage.projets.sigles import ramasser
from tests.distribution import Distribution
from tests.projets.fabriques_dossier import dossier_d_essai


@pytest.mark.parametrize(
    ("texte", "sigle", "sens"),
    [
        ("Le Comité de pilotage (COPIL) se réunit.", "COPIL", "Comité de pilotage"),
        ("dans les quartiers politique de la ville (QPV)", "QPV", "Quartiers politique de la ville"),
        (
            "Le CLAS (contrat local d’accompagnement à la scolarité) aide.",
            "CLAS",
            "Contrat local d’accompagnement à la scolarité",
        ),
        ("un lieu d’accueil enfants-parents (LAEP)", "LAEP", "Lieu d’accueil enfants-parents"),
    ],
)
def test_le_texte_dit_lui_meme_ce_que_veut_dire_un_sigle(texte: str, sigle: str, sens: str) -> None:
    (trouve,) = ramasser([texte])
    assert (trouve.sigle, trouve.sens, trouve.d_ou) == (sigle, sens, "votre texte")


def test_une_parenthese_qui_n_epelle_pas_le_sigle_n_en_dit_rien() -> None:
    (trouve,) = ramasser(["Nous en parlons avec le bailleur (CAF) et la CAF."])
    assert trouve.sens == "Caisse d’allocations familiales" and trouve.d_ou == "les sigles du métier"


def test_un_titre_en_capitales_et_un_siecle_ne_sont_pas_des_sigles() -> None:
    assert ramasser(["LES ORIENTATIONS DU PROJET SOCIAL", "Au XIXe et au chapitre II, la TV."]) == []


def test_un_inconnu_se_propose_s_il_revient() -> None:
    assert ramasser(["Un ZZT seul."]) == []
    (trouve,) = ramasser(["Le ZZT.", "Encore le ZZT."])
    assert (trouve.sens, trouve.fois) == ("", 2)


@pytest.mark.django_db
def test_on_garde_on_corrige_on_laisse(
    client_de: Callable[[str], Client], distribution: Distribution
) -> None:
    projet: ProjetSocial = dossier_d_essai(distribution.deux_ponts)
    projet.chapitres.filter(rang=2).update(
        texte="Avec la CAF et la PMI, puis le ZZT et le ZZT. L’EVS est déjà dit."
    )
    page = reverse("dossier_sigles", args=[projet.pk])
    lue = client_de("amina").get(page).content.decode()
    assert "Caisse d’allocations familiales" in lue and 'name="garder_EVS"' not in lue
    manque = client_de("amina").post(page, {"garder_ZZT": "on", "sens_ZZT": ""})
    assert manque.status_code == 422 and "Écrivez ce que veut dire ZZT" in manque.content.decode()
    envoi = {"garder_CAF": "on", "sens_CAF": "La Caf de chez nous", "sens_PMI": "Protection maternelle"}
    for _ in range(2):
        assert client_de("amina").post(page, envoi).status_code == 302
    assert dict(Sigle.objects.values_list("sigle", "sens")) == {
        "CAF": "La Caf de chez nous",
        "EVS": "Espace de vie sociale",
    }
