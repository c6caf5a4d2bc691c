"""La page de l'équipe : voir, inviter, renvoyer, annuler."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Invitation, Utilisateur
from maillage.comptes.operations import accepter_invitation, inviter
from tests.comptes.confirmation import se_confirmer
from tests.courrier import chemin_du_dernier, courriels
from tests.distribution import Distribution
from tests.fabriques import (
    MOT_DE_PASSE,
    AppartenanceFactory,
    DepartementFactory,
    InvitationFactory,
    StructureFactory,
)

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]
BON_MOT_DE_PASSE = "quatre mots faciles à retenir"
SALOME = {"email": "salome@exemple.fr", "prenom": "Salomé", "nom": "Dupré", "role": "contributeur"}


def lieu(distribution: Distribution, nom: str = "equipe_lieu") -> str:
    return reverse(nom, args=["structure", distribution.deux_ponts.pk])


@pytest.mark.parametrize("prenom", ["omar", "bruno", "denis"])
def test_qui_ne_donne_aucun_role_ne_voit_ni_le_menu_ni_la_page(prenom: str, client_de: ClientDe) -> None:
    client = client_de(prenom)
    assert client.get(reverse("equipe")).status_code == 404
    assert reverse("equipe") not in client.get(reverse("espace")).content.decode()


def test_une_directrice_ne_voit_pas_l_equipe_d_un_autre_centre(
    client_de: ClientDe, distribution: Distribution
) -> None:
    chloe = client_de("chloe")
    for adresse in (lieu(distribution), lieu(distribution, "inviter_ici")):
        assert chloe.get(adresse).status_code == 404
        assert chloe.post(adresse, SALOME).status_code in {404, 405}
    assert not Invitation.objects.exists()


def test_la_federation_ne_voit_pas_l_equipe_d_un_centre_qui_a_une_direction(
    client_de: ClientDe, distribution: Distribution
) -> None:
    lea = client_de("lea")
    assert lea.get(lieu(distribution)).status_code == 404
    orpheline = StructureFactory()
    assert lea.get(reverse("equipe_lieu", args=["structure", orpheline.pk])).status_code == 200


def test_une_moderatrice_ne_voit_pas_un_centre_hors_de_son_territoire(
    client_de: ClientDe, distribution: Distribution
) -> None:
    distribution.federation.departements.add(DepartementFactory())
    ailleurs = StructureFactory(departement=DepartementFactory(autre=True))
    lea = client_de("lea")
    assert lea.get(reverse("equipe_lieu", args=["structure", ailleurs.pk])).status_code == 404
    assert ailleurs.nom not in lea.get(reverse("equipe"), {"q": "essais"}).content.decode()


def test_inviter_demande_de_prouver_qui_l_on_est_et_rien_n_est_fait_avant(
    client_de: ClientDe, distribution: Distribution
) -> None:
    amina = client_de("amina")
    reponse = amina.post(lieu(distribution, "inviter_ici"), SALOME)
    assert reponse.status_code == 302
    assert reponse["Location"].startswith(reverse("account_reauthenticate"))
    assert not Invitation.objects.exists()
    amina.post(reponse["Location"], {"password": MOT_DE_PASSE, "next": lieu(distribution, "inviter_ici")})
    assert Invitation.objects.get().email == "salome@exemple.fr", "ce qui était envoyé reprend tout seul"


def test_un_role_absent_de_la_liste_est_refuse(client_de: ClientDe, distribution: Distribution) -> None:
    amina = se_confirmer(client_de("amina"), distribution.amina)
    for role in ("administratrice", "moderatrice", "", "reine"):
        reponse = amina.post(lieu(distribution, "inviter_ici"), SALOME | {"role": role})
        assert "role" in reponse.context["formulaire"].errors
    assert not Invitation.objects.exists()


def test_amina_voit_son_equipe_et_invite(client_de: ClientDe, distribution: Distribution) -> None:
    amina = se_confirmer(client_de("amina"), distribution.amina)
    page = amina.get(reverse("equipe"), follow=True).content.decode()
    for prenom in ("Bruno Castel", "Inès Moreau", "Farid Haddou"):
        assert prenom in page
    assert "Chloé" not in page
    assert "Qui peut donner quel rôle" in page
    reponse = amina.post(lieu(distribution, "inviter_ici"), SALOME, follow=True)
    assert "L’invitation part à salome@exemple.fr" in reponse.content.decode()
    jeton = chemin_du_dernier("salome@exemple.fr").rstrip("/").rsplit("/", 1)[1]
    salome = accepter_invitation(jeton, mot_de_passe=BON_MOT_DE_PASSE)
    assert [(t.role, t.structure) for t in salome.appartenances.all()] == [
        ("contributeur", distribution.deux_ponts)
    ]


def test_inviter_une_personne_qui_a_un_compte_lui_donne_le_role(
    client_de: ClientDe, distribution: Distribution
) -> None:
    amina = se_confirmer(client_de("amina"), distribution.amina)
    amina.post(lieu(distribution, "inviter_ici"), SALOME | {"email": distribution.chloe.email.upper()})
    chloe = Utilisateur.objects.get(pk=distribution.chloe.pk)
    assert distribution.deux_ponts.pk in chloe.structures_du_jour
    assert not Invitation.objects.exists()
    assert len(courriels(chloe.email)) == 1


def test_accepter_une_invitation_donne_aussi_les_roles_des_autres(distribution: Distribution) -> None:
    qui = {"email": "salome@exemple.fr", "prenom": "Salomé", "nom": "Dupré", "role": Role.CONTRIBUTEUR}
    inviter(**qui, organisation=distribution.deux_ponts, par=distribution.amina)
    lien = inviter(**qui, organisation=distribution.quatre_vents, par=distribution.chloe)
    salome = accepter_invitation(lien.rstrip("/").rsplit("/", 1)[1], mot_de_passe=BON_MOT_DE_PASSE)
    assert salome.appartenances.count() == 2
    assert not Invitation.objects.en_attente().exists()


def test_une_invitation_annulee_ne_sert_plus_et_le_courriel_ne_part_pas(
    client: Client, client_de: ClientDe, distribution: Distribution
) -> None:
    amina = se_confirmer(client_de("amina"), distribution.amina)
    amina.post(lieu(distribution, "inviter_ici"), SALOME)
    invitation = Invitation.objects.get()
    amina.post(reverse("invitation_annuler", args=[invitation.pk]))
    assert courriels("salome@exemple.fr") == []
    reponse = amina.post(reverse("invitation_renvoyer", args=[invitation.pk]), follow=True)
    assert "n’attend plus" in reponse.content.decode()


def test_renvoyer_donne_un_lien_neuf_et_tue_l_ancien(
    client: Client, client_de: ClientDe, distribution: Distribution
) -> None:
    amina = se_confirmer(client_de("amina"), distribution.amina)
    amina.post(lieu(distribution, "inviter_ici"), SALOME)
    ancien = chemin_du_dernier("salome@exemple.fr")
    Invitation.objects.update(expire_le=timezone.now() - timedelta(days=1))
    assert "Lien périmé" in amina.get(lieu(distribution)).content.decode()
    amina.post(reverse("invitation_renvoyer", args=[Invitation.objects.get().pk]))
    neuf = chemin_du_dernier("salome@exemple.fr")
    assert neuf != ancien
    assert client.get(ancien).status_code == 410
    assert client.get(neuf).status_code == 200


@pytest.mark.parametrize("nom", ["invitation_annuler", "invitation_renvoyer"])
def test_l_invitation_d_un_autre_centre_n_existe_pas(
    nom: str, client_de: ClientDe, distribution: Distribution
) -> None:
    invitation = InvitationFactory(structure=distribution.deux_ponts)
    assert client_de("chloe").post(reverse(nom, args=[invitation.pk])).status_code == 404
    invitation.refresh_from_db()
    assert invitation.annulee_le is None


def test_lea_gere_ses_collegues_de_la_federation(client_de: ClientDe, distribution: Distribution) -> None:
    collegue = AppartenanceFactory(institution=distribution.federation, role=Role.MODERATRICE)
    lea = se_confirmer(client_de("lea"), distribution.lea)
    page = lea.get(reverse("equipe_lieu", args=["institution", distribution.federation.pk])).content.decode()
    assert str(collegue.utilisateur) in page
    assert lea.get(reverse("equipe_lieu", args=["institution", distribution.caf.pk])).status_code == 404


def test_l_administratrice_trouve_n_importe_quel_lieu(
    client_de: ClientDe, distribution: Distribution
) -> None:
    nadia = client_de("nadia")
    page = nadia.get(reverse("equipe"), {"q": "quatre"}).content.decode()
    assert reverse("equipe_lieu", args=["structure", distribution.quatre_vents.pk]) in page
    assert "Caf du Puy-de-Dôme" in nadia.get(reverse("equipe"), {"q": "caf"}).content.decode()
    assert "Aucun lieu de ce nom" in nadia.get(reverse("equipe"), {"q": "zzz"}).content.decode()


def test_une_directrice_de_deux_centres_les_voit_tous_les_deux(
    client_de: ClientDe, distribution: Distribution
) -> None:
    AppartenanceFactory(
        utilisateur=distribution.amina, structure=distribution.quatre_vents, role=Role.DIRECTRICE
    )
    page = client_de("amina").get(reverse("equipe")).content.decode()
    assert distribution.deux_ponts.nom in page
    assert distribution.quatre_vents.nom in page
