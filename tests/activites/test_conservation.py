"""Deux fiches réunies : la personne garde la meilleure de ses deux inscriptions, et séparer rend les deux."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from maillage.activites.choices import EtatInscription
from maillage.activites.models import Activite, Inscription
from maillage.activites.operations.inscriptions import (
    adresse_de_la_place,
    inscrire_personne,
    tenir_les_places,
)
from maillage.activites.places import places_libres
from maillage.core.models import Changement
from maillage.personnes.models import Personne
from maillage.personnes.operations import reunir_personnes, separer_personnes
from tests.activites.fabriques import ActiviteFactory, InscriptionFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory

INSCRITE, ATTENTE, PROPOSEE = EtatInscription.INSCRITE, EtatInscription.EN_ATTENTE, EtatInscription.PROPOSEE
LUNDI = datetime(2026, 5, 4, 12, tzinfo=UTC)
MARDI = LUNDI + timedelta(days=1)


@pytest.fixture
def activite(distribution: Distribution) -> Activite:
    """Une place."""
    une: Activite = ActiviteFactory(structure=distribution.deux_ponts, capacite=1)
    return une


@pytest.fixture
def gardee(activite: Activite) -> Personne:
    une: Personne = PersonneFactory(structure=activite.structure, prenom="Ada", nom="Bo")
    return une


@pytest.fixture
def absorbee(activite: Activite) -> Personne:
    une: Personne = PersonneFactory(structure=activite.structure, prenom="Ada", nom="Bot")
    return une


def photographie() -> list[dict[str, Any]]:
    return list(Inscription.objects.order_by("pk").values())


@pytest.mark.parametrize(
    ("la_sienne", "l_autre", "reste"),
    [
        ((ATTENTE, LUNDI), (INSCRITE, MARDI), "l_autre"),
        ((ATTENTE, LUNDI), (PROPOSEE, MARDI), "l_autre"),
        ((PROPOSEE, LUNDI), (INSCRITE, MARDI), "l_autre"),
        ((ATTENTE, MARDI), (ATTENTE, LUNDI), "l_autre"),
        ((INSCRITE, MARDI), (INSCRITE, LUNDI), "l_autre"),
        ((INSCRITE, MARDI), (ATTENTE, LUNDI), "la_sienne"),
        ((PROPOSEE, MARDI), (ATTENTE, LUNDI), "la_sienne"),
        ((ATTENTE, LUNDI), (ATTENTE, MARDI), "la_sienne"),
        ((ATTENTE, LUNDI), (ATTENTE, LUNDI), "la_sienne"),
    ],
)
def test_reunir_ne_perd_ni_la_place_ni_le_rang_et_separer_rend_les_deux(
    la_sienne: tuple[str, datetime],
    l_autre: tuple[str, datetime],
    reste: str,
    activite: Activite,
    gardee: Personne,
    absorbee: Personne,
    distribution: Distribution,
) -> None:
    des_deux = {
        nom: InscriptionFactory(activite=activite, personne=personne, etat=etat, inscrite_le=le)
        for nom, personne, (etat, le) in (("la_sienne", gardee, la_sienne), ("l_autre", absorbee, l_autre))
    }
    avant = photographie()
    fusion = reunir_personnes(gardee, absorbee, par=distribution.ines)
    assert Inscription.objects.get() == des_deux[reste]
    assert gardee.inscriptions.get().etat == des_deux[reste].etat
    separer_personnes(fusion, par=distribution.ines)
    assert photographie() == avant


def test_se_desister_d_un_cote_n_ote_pas_la_place_de_l_autre(
    activite: Activite, gardee: Personne, absorbee: Personne, distribution: Distribution
) -> None:
    InscriptionFactory(activite=activite, personne=gardee, etat=EtatInscription.DESISTEE)
    place = InscriptionFactory(activite=activite, personne=absorbee)
    avant = photographie()
    fusion = reunir_personnes(gardee, absorbee, par=distribution.ines)
    assert gardee.inscriptions.get(etat=INSCRITE) == place
    separer_personnes(fusion, par=distribution.ines)
    assert photographie() == avant


def test_la_place_qu_une_reunion_libere_se_propose_dans_la_journee(
    activite: Activite, gardee: Personne, absorbee: Personne, distribution: Distribution
) -> None:
    Activite.objects.filter(pk=activite.pk).update(capacite=2)
    activite.refresh_from_db()
    for personne in (gardee, absorbee):
        inscrire_personne(activite, personne, par=distribution.ines)
    attend = inscrire_personne(activite, PersonneFactory(structure=activite.structure), par=distribution.ines)
    assert attend.etat == ATTENTE
    reunir_personnes(gardee, absorbee, par=distribution.ines)
    assert places_libres(activite) == 1
    tenir_les_places()
    attend.refresh_from_db()
    assert attend.etat == PROPOSEE and places_libres(activite) == 0


def test_la_reunion_fait_recompter_les_actions_des_deux(
    activite: Activite, gardee: Personne, absorbee: Personne, distribution: Distribution
) -> None:
    InscriptionFactory(activite=activite, personne=gardee, etat=ATTENTE)
    InscriptionFactory(activite=activite, personne=absorbee)
    fusion = reunir_personnes(gardee, absorbee, par=distribution.ines)
    separer_personnes(fusion, par=distribution.ines)
    for acte in ("reunir_personnes", "separer_personnes"):
        notes = Changement.objects.filter(acte=acte, objet_type="personnes.personne")
        assert set(notes.values_list("objet_id", flat=True)) == {gardee.pk, absorbee.pk}


def test_l_adresse_d_une_place_dont_la_ligne_s_est_effacee_dit_qu_elle_n_est_plus_proposee(
    activite: Activite, gardee: Personne, absorbee: Personne, distribution: Distribution, client: Client
) -> None:
    InscriptionFactory(activite=activite, personne=gardee)
    proposee = InscriptionFactory(activite=activite, personne=absorbee, etat=PROPOSEE)
    adresse = adresse_de_la_place(proposee)
    reunir_personnes(gardee, absorbee, par=distribution.ines)
    for page in (client.get(adresse), client.post(adresse, {"reponse": "oui"})):
        assert page.status_code == 200 and "n’est plus proposée" in page.content.decode()
    assert gardee.inscriptions.get().etat == INSCRITE
