"""Corriger un jour, et le noter d'après le papier."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from maillage.accueil.models import Passage, TypeDeDemande
from maillage.accueil.temps import aujourd_hui, instant
from maillage.core.models import Changement
from maillage.territoire.models import Structure
from tests.accueil.fabriques import TypeDeDemandeFactory, passages
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def centre(distribution: Distribution) -> Structure:
    return distribution.deux_ponts


@pytest.fixture
def cafe(centre: Structure) -> TypeDeDemande:
    return TypeDeDemandeFactory(structure=centre, libelle="Café")


def rattraper(client: Client, centre: Structure, jour: Any, suite: str = "", **cases: Any) -> Any:
    envoi = {"le": str(jour), "jeton": uuid4()} | {cle.replace("_", "-"): n for cle, n in cases.items()}
    return client.post(f"/espace/comptoir/{centre.pk}/rattraper/{suite}", envoi)


@pytest.mark.parametrize("ecart", [1, -800])
def test_un_jour_a_venir_ou_trop_ancien_est_refuse(
    ecart: int, client_de: ClientDe, centre: Structure, cafe: TypeDeDemande
) -> None:
    jour = aujourd_hui(centre) + timedelta(days=ecart)
    reponse = rattraper(client_de("ines"), centre, jour, **{f"t{cafe.pk}_matin": 3})
    assert reponse.status_code == 422
    assert "Choisissez un jour entre" in reponse.content.decode()
    assert not Passage.objects.exists()


@pytest.mark.parametrize("saisie", ["beaucoup", "-1", "201"])
def test_une_case_illisible_est_dite_et_rien_n_est_note(
    saisie: str, client_de: ClientDe, centre: Structure, cafe: TypeDeDemande
) -> None:
    autre = TypeDeDemandeFactory(structure=centre)
    cases = {f"t{cafe.pk}_matin": saisie, f"t{autre.pk}_matin": 2}
    assert rattraper(client_de("ines"), centre, aujourd_hui(centre), **cases).status_code == 422
    assert not Passage.objects.exists()


def test_un_tableau_vide_est_refuse(client_de: ClientDe, centre: Structure, cafe: TypeDeDemande) -> None:
    assert rattraper(client_de("ines"), centre, aujourd_hui(centre)).status_code == 422


def test_un_tableau_note_chaque_passage_a_son_heure_et_le_marque(
    client_de: ClientDe, centre: Structure, cafe: TypeDeDemande
) -> None:
    hier = aujourd_hui(centre) - timedelta(days=1)
    rattraper(client_de("ines"), centre, hier, "?par=heure", **{f"t{cafe.pk}_9": 12, f"t{cafe.pk}_14": 3})
    notes = Passage.objects.filter(structure=centre, rattrape=True)
    heures = [passage.le.astimezone(centre.fuseau).hour for passage in notes]
    assert (heures.count(9), heures.count(14)) == (12, 3)
    assert all(passage.demandes.get().type == cafe for passage in notes)
    assert Changement.objects.filter(objet_type="accueil.typededemande", objet_id=cafe.pk).exists()


def test_le_meme_tableau_envoye_deux_fois_compte_une_fois(
    client_de: ClientDe, centre: Structure, cafe: TypeDeDemande
) -> None:
    client, jeton = client_de("ines"), uuid4()
    for nombre in (3, 3, 5):
        rattraper(client, centre, aujourd_hui(centre), **{"jeton": jeton, f"t{cafe.pk}_matin": nombre})
    assert Passage.objects.count() == 3


def test_un_autre_jour_note_depuis_la_page_d_avant_compte(
    client_de: ClientDe, centre: Structure, cafe: TypeDeDemande
) -> None:
    """« Retour » rend la page et son jeton ; Inès y change le jour et les nombres."""
    client, jeton = client_de("ines"), uuid4()
    for il_y_a, nombre in ((2, 12), (1, 9)):
        jour = aujourd_hui(centre) - timedelta(days=il_y_a)
        rattraper(client, centre, jour, **{"jeton": jeton, f"t{cafe.pk}_matin": nombre})
    assert Passage.objects.count() == 21


def test_le_type_d_un_autre_centre_n_a_pas_de_case(
    client_de: ClientDe, centre: Structure, cafe: TypeDeDemande
) -> None:
    ailleurs = TypeDeDemandeFactory()
    rattraper(client_de("ines"), centre, aujourd_hui(centre), **{f"t{ailleurs.pk}_matin": 3})
    assert not Passage.objects.exists()


def test_un_passage_d_hier_se_lit_s_annule_et_se_retrouve(
    client_de: ClientDe, centre: Structure, cafe: TypeDeDemande
) -> None:
    hier = aujourd_hui(centre) - timedelta(days=1)
    [passage] = passages(centre, cafe, instant(centre, hier))
    client, adresse = client_de("ines"), f"/espace/comptoir/{centre.pk}/jour/?le={hier}"
    assert "Café" in client.get(adresse).content.decode()
    geste = f"/espace/comptoir/{centre.pk}/passages/{passage.cle}/annuler/"
    assert client.post(geste, {"retour": adresse}).headers["Location"] == adresse
    page = client.get(adresse).content.decode()
    assert "<del>Café</del>" in page and "Rétablir" in page
    assert "Aucun passage ce jour-là" in client.get(f"/espace/comptoir/{centre.pk}/jour/").content.decode()


def test_le_retour_demande_hors_du_site_est_ignore(
    client_de: ClientDe, centre: Structure, cafe: TypeDeDemande
) -> None:
    [passage] = passages(centre, cafe, instant(centre, aujourd_hui(centre)))
    geste = f"/espace/comptoir/{centre.pk}/passages/{passage.cle}/annuler/"
    reponse = client_de("ines").post(geste, {"retour": "https://mechant.exemple/"})
    assert reponse.headers["Location"] == "/espace/comptoir/"
