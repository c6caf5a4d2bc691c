"""La liste des types de demande : une seule pour tous les lieux, tenue par la direction."""

from collections.abc import Callable

import pytest
from django.test import Client

from maillage.accueil.models import TypeDeDemande
from maillage.accueil.operations.types import (
    TypeRefuse,
    adopter_la_liste_de_depart,
    remettre_type,
    retirer_type,
)
from tests.accueil.fabriques import TypeDeDemandeFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


def au_comptoir(distribution: Distribution) -> list[str]:
    siens = TypeDeDemande.objects.filter(structure=distribution.deux_ponts)
    return [un_type.libelle for un_type in siens.proposes()]


@pytest.fixture
def adresse(distribution: Distribution) -> str:
    return f"/espace/comptoir/{distribution.deux_ponts.pk}/demandes/"


def test_ines_ne_regle_pas_la_liste(client_de: ClientDe, adresse: str) -> None:
    assert client_de("ines").get(adresse).status_code == 404
    assert client_de("ines").post(f"{adresse}depart/").status_code == 404
    assert not TypeDeDemande.objects.exists()


def test_un_libelle_deja_la_est_refuse(client_de: ClientDe, adresse: str, distribution: Distribution) -> None:
    TypeDeDemandeFactory(structure=distribution.deux_ponts, libelle="Courrier")
    reponse = client_de("amina").post(adresse, {"libelle": "Courrier", "icone": "bus"})
    assert reponse.status_code == 422
    assert "Ce type de demande existe déjà." in reponse.content.decode()


def test_une_fiche_d_un_autre_centre_ne_se_choisit_pas(client_de: ClientDe, adresse: str) -> None:
    reponse = client_de("amina").post(adresse, {"libelle": "Emploi", "icone": "bus", "fiche": 999_999})
    assert reponse.status_code == 422
    assert not TypeDeDemande.objects.exists()


def test_remettre_un_type_dont_le_nom_est_pris_est_refuse(distribution: Distribution) -> None:
    ancien = TypeDeDemandeFactory(structure=distribution.deux_ponts, libelle="Courrier")
    retirer_type(ancien, par=distribution.amina)
    TypeDeDemandeFactory(structure=distribution.deux_ponts, libelle="Courrier")
    ancien.refresh_from_db()
    with pytest.raises(TypeRefuse, match="Courrier"):
        remettre_type(ancien, par=distribution.amina)


def test_la_liste_de_depart_se_prend_en_un_geste_et_une_fois(
    client_de: ClientDe, adresse: str, distribution: Distribution
) -> None:
    for _ in range(2):
        client_de("amina").post(f"{adresse}depart/")
    assert len(au_comptoir(distribution)) == 9
    assert au_comptoir(distribution)[0] == "Renseignement"


def test_la_liste_de_depart_qui_ne_tient_pas_le_dit_et_n_ajoute_rien(
    client_de: ClientDe, adresse: str, distribution: Distribution
) -> None:
    TypeDeDemandeFactory.create_batch(25, structure=distribution.deux_ponts)
    page = client_de("amina").post(f"{adresse}depart/", follow=True).content.decode()
    assert "plus de 30 types" in page
    assert len(au_comptoir(distribution)) == 25


def test_un_type_se_deplace_et_les_touches_suivent(
    client_de: ClientDe, adresse: str, distribution: Distribution
) -> None:
    adopter_la_liste_de_depart(distribution.deux_ponts, par=distribution.amina)
    dernier = TypeDeDemande.objects.get(libelle="Autre demande")
    client_de("amina").post(f"{adresse}{dernier.pk}/monter/")
    assert au_comptoir(distribution)[-2:] == ["Autre demande", "Courrier, papiers"]
    client_de("amina").post(f"{adresse}{dernier.pk}/descendre/")
    assert au_comptoir(distribution)[-1] == "Autre demande"


def test_retire_un_type_quitte_le_comptoir_puis_y_revient(
    client_de: ClientDe, adresse: str, distribution: Distribution
) -> None:
    un_type = TypeDeDemandeFactory(structure=distribution.deux_ponts)
    client = client_de("amina")
    client.post(f"{adresse}{un_type.pk}/retirer/")
    assert au_comptoir(distribution) == []
    client.post(f"{adresse}{un_type.pk}/remettre/")
    assert au_comptoir(distribution) == [un_type.libelle]


def test_changer_un_type_que_quelqu_un_a_change_ne_l_ecrase_pas(
    client_de: ClientDe, adresse: str, distribution: Distribution
) -> None:
    un_type = TypeDeDemandeFactory(structure=distribution.deux_ponts, libelle="Ordinateur")
    client, envoi = client_de("amina"), {"icone": "bus", "version": 1}
    client.post(f"{adresse}{un_type.pk}/", envoi | {"libelle": "Numérique"})
    client.post(f"{adresse}{un_type.pk}/", envoi | {"libelle": "Informatique"})
    un_type.refresh_from_db()
    assert (un_type.libelle, un_type.icone, un_type.version) == ("Numérique", "bus", 2)
