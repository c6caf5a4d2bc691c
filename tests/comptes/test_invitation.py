"""L'invitation : la seule porte d'entrée."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Invitation, Utilisateur
from maillage.comptes.operations import InvitationRefusee, accepter_invitation, inviter
from maillage.core.models import LigneJournal
from maillage.territoire.models import Structure
from tests.courrier import courriels
from tests.fabriques import AppartenanceFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
BON_MOT_DE_PASSE = "quatre mots faciles à retenir"


@pytest.fixture
def deux_ponts() -> Structure:
    return StructureFactory(nom="Centre social des Deux-Ponts")


def inviter_bruno(structure: Structure, par: Utilisateur | None = None) -> str:
    """Invite Bruno et rend le jeton du lien."""
    lien = inviter(
        email="Bruno@Exemple.fr",
        prenom="Bruno",
        nom="Martin",
        role=Role.CONTRIBUTEUR,
        organisation=structure,
        par=par,
    )
    return lien.rstrip("/").rsplit("/", 1)[1]


def test_aucune_page_d_inscription_n_existe(client: Client) -> None:
    assert client.get("/compte/inscription/").status_code in {302, 404}
    assert client.get("/accounts/signup/").status_code == 404


def test_un_jeton_invente_est_refuse(client: Client) -> None:
    reponse = client.get(reverse("accepter_invitation", args=["inconnu"]))
    assert reponse.status_code == 410
    assert "Demandez une nouvelle invitation" in reponse.content.decode()


def test_un_lien_expire_est_refuse(deux_ponts: Structure) -> None:
    jeton = inviter_bruno(deux_ponts)
    Invitation.objects.update(expire_le=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationRefusee):
        accepter_invitation(jeton, mot_de_passe=BON_MOT_DE_PASSE)
    assert not Utilisateur.objects.exists()


def test_un_lien_ne_sert_qu_une_fois(deux_ponts: Structure) -> None:
    jeton = inviter_bruno(deux_ponts)
    accepter_invitation(jeton, mot_de_passe=BON_MOT_DE_PASSE)
    with pytest.raises(InvitationRefusee):
        accepter_invitation(jeton, mot_de_passe=BON_MOT_DE_PASSE)
    assert Utilisateur.objects.count() == 1


@pytest.mark.parametrize("faible", ["court", "motdepassemotdepasse"[:14], "bruno@exemple.fr"])
def test_un_mot_de_passe_faible_est_refuse_et_le_lien_reste_bon(deux_ponts: Structure, faible: str) -> None:
    jeton = inviter_bruno(deux_ponts)
    with pytest.raises(ValidationError):
        accepter_invitation(jeton, mot_de_passe=faible)
    accepter_invitation(jeton, mot_de_passe=BON_MOT_DE_PASSE)


def test_inviter_une_adresse_qui_a_un_compte_est_refuse(deux_ponts: Structure) -> None:
    UtilisateurFactory(email="bruno@exemple.fr")
    with pytest.raises(InvitationRefusee, match="existe déjà"):
        inviter_bruno(deux_ponts)


def test_la_base_ne_garde_pas_le_jeton(deux_ponts: Structure) -> None:
    jeton = inviter_bruno(deux_ponts)
    assert jeton not in str(Invitation.objects.values().get())


def test_bruno_recoit_un_lien_qui_ne_vient_pas_de_l_entete_host(deux_ponts: Structure) -> None:
    amina = AppartenanceFactory(
        utilisateur__prenom="Amina", structure=deux_ponts, role=Role.DIRECTRICE
    ).utilisateur
    jeton = inviter_bruno(deux_ponts, par=amina)
    (courriel,) = courriels()
    assert courriel.to == ["bruno@exemple.fr"]
    assert f"http://localhost:8000/compte/invitation/{jeton}/" in courriel.body
    assert "Amina" in courriel.body


def test_bruno_choisit_son_mot_de_passe_et_entre(client: Client, deux_ponts: Structure) -> None:
    adresse = reverse("accepter_invitation", args=[inviter_bruno(deux_ponts)])
    page = client.get(adresse).content.decode()
    assert "Bienvenue, Bruno" in page
    reponse = client.post(adresse, {"mot_de_passe": BON_MOT_DE_PASSE})
    assert (reponse.status_code, reponse["Location"]) == (302, reverse("espace"))
    assert "Centre social des Deux-Ponts" in client.get(reverse("espace")).content.decode()
    bruno = Utilisateur.objects.get()
    assert bruno.password.startswith("argon2")
    assert [(a.role, a.structure) for a in bruno.appartenances.all()] == [("contributeur", deux_ponts)]
    assert LigneJournal.objects.filter(acte="ouvrir_compte", acteur_id=bruno.pk).count() == 1
