"""Les comptes que personne n'ouvre plus : prévenus, fermés, rouverts ; et le refus de les servir en production."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from maillage.comptes.models import Invitation, Utilisateur
from maillage.comptes.operations import endormir_les_dormants, prevenir_les_dormants, terminer_appartenance
from maillage.comptes.operations.effacement import effacer_les_anciens, effacer_les_invitations_sans_suite
from maillage.comptes.taches import tenir_les_comptes
from maillage.comptes.verifications import comptes_surs
from maillage.core.journal import journaliser
from maillage.core.models import Courrier, LigneJournal
from tests.courrier import courriels
from tests.distribution import Distribution
from tests.fabriques import MOT_DE_PASSE, ContributionFactory, InvitationFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


def muet(personne: Utilisateur, jours: int, *, prevenu_il_y_a: int | None = None) -> Utilisateur:
    """Dernière entrée il y a tant de jours."""
    maintenant = timezone.now()
    Utilisateur.objects.filter(pk=personne.pk).update(
        cree_le=maintenant - timedelta(days=900),
        last_login=maintenant - timedelta(days=jours),
        prevenu_le=None if prevenu_il_y_a is None else maintenant - timedelta(days=prevenu_il_y_a),
    )
    personne.refresh_from_db()
    return personne


def est_ouvert(personne: Utilisateur) -> bool:
    return Utilisateur.objects.get(pk=personne.pk).is_active


def test_cinq_mois_previennent_une_seule_fois(distribution: Distribution) -> None:
    muet(distribution.bruno, 152)
    assert prevenir_les_dormants() == 0
    muet(distribution.bruno, 154)
    assert (prevenir_les_dormants(), prevenir_les_dormants()) == (1, 0)
    (courriel,) = courriels(distribution.bruno.email)
    assert "Votre compte se fermera le" in courriel.body
    assert est_ouvert(distribution.bruno)


def test_six_mois_sans_avoir_ete_prevenu_ne_ferment_rien(distribution: Distribution) -> None:
    muet(distribution.bruno, 400)
    assert endormir_les_dormants() == 0
    muet(distribution.bruno, 400, prevenu_il_y_a=29)
    assert endormir_les_dormants() == 0


def test_six_mois_et_trente_jours_de_preavis_ferment_le_compte_et_ses_sessions(
    client_de: ClientDe, distribution: Distribution
) -> None:
    bruno = client_de("bruno")
    muet(distribution.bruno, 184, prevenu_il_y_a=31)
    assert endormir_les_dormants() == 1
    assert not est_ouvert(distribution.bruno)
    assert bruno.get(reverse("espace")).status_code == 302
    reponse = Client().post(
        reverse("account_login"), {"login": distribution.bruno.email, "password": MOT_DE_PASSE}, follow=True
    )
    assert "direction" in reponse.content.decode()


def test_entrer_apres_le_preavis_garde_le_compte(distribution: Distribution) -> None:
    muet(distribution.bruno, 10, prevenu_il_y_a=40)
    assert endormir_les_dormants() == 0


def test_la_derniere_administratrice_ne_s_endort_pas(distribution: Distribution) -> None:
    muet(distribution.nadia, 400, prevenu_il_y_a=60)
    assert endormir_les_dormants() == 0


def test_un_compte_neuf_jamais_ouvert_compte_depuis_sa_creation() -> None:
    neuf = UtilisateurFactory()
    assert prevenir_les_dormants() == 0
    Utilisateur.objects.filter(pk=neuf.pk).update(cree_le=timezone.now() - timedelta(days=160))
    assert prevenir_les_dormants() == 1


def test_la_direction_rouvre_et_le_compte_ne_se_referme_pas_demain(
    client_de: ClientDe, distribution: Distribution
) -> None:
    muet(distribution.bruno, 184, prevenu_il_y_a=31)
    endormir_les_dormants()
    amina, tenue = client_de("amina"), distribution.bruno.appartenances.get()
    assert "après six mois sans visite" in amina.get(reverse("membre", args=[tenue.pk])).content.decode()
    assert client_de("chloe").post(reverse("membre_rouvrir", args=[tenue.pk])).status_code == 404
    amina.post(reverse("membre_rouvrir", args=[tenue.pk]))
    assert est_ouvert(distribution.bruno)
    assert (prevenir_les_dormants(), endormir_les_dormants()) == (0, 0)
    assert "a rouvert votre compte" in courriels(distribution.bruno.email)[-1].body


def test_le_travail_du_jour_se_repete_sans_effet(distribution: Distribution) -> None:
    muet(distribution.bruno, 184, prevenu_il_y_a=31)
    muet(distribution.ines, 160)
    assert tenir_les_comptes.func() == {"departs": 1, "endormis": 1, "prevenus": 1, "effaces": 0}
    assert set(tenir_les_comptes.func().values()) == {0}


# --- Effacer -----------------------------------------------------------------------------------------------
def test_un_an_apres_le_nom_s_efface_partout_et_les_fiches_restent(distribution: Distribution) -> None:
    bruno, courriel = distribution.bruno, distribution.bruno.email
    with transaction.atomic():
        journaliser(bruno, "ouvrir_compte", f"{bruno} a ouvert son compte.", par=bruno)
    fiche = ContributionFactory(experience__structure=distribution.deux_ponts, auteur=bruno)
    Utilisateur.objects.filter(pk=bruno.pk).update(
        is_active=False, endormi_le=timezone.now() - timedelta(days=364)
    )
    assert effacer_les_anciens() == 0
    Utilisateur.objects.update(endormi_le=timezone.now() - timedelta(days=366))
    assert (effacer_les_anciens(), effacer_les_anciens()) == (1, 0)
    bruno.refresh_from_db()
    assert (str(bruno), bruno.has_usable_password()) == ("Ancien membre", False)
    fiche.refresh_from_db()
    assert fiche.auteur == bruno
    for modele in (Utilisateur, LigneJournal, EmailAddress, Courrier, Invitation):
        contenu = repr(list(modele.objects.values()))
        assert courriel not in contenu and "Castel" not in contenu


def test_la_passation_ne_nomme_plus_ni_qui_laissait_ni_qui_reprenait(distribution: Distribution) -> None:
    """L'acte est d'Amina ou de Maillage, sur une fiche : ni l'un ni l'autre n'est à la personne effacée."""
    for _ in range(2):
        ContributionFactory(experience__structure=distribution.deux_ponts, auteur=distribution.bruno)
    terminer_appartenance(
        distribution.bruno.appartenances.get(), le=None, a=distribution.ines, par=distribution.amina
    )
    passees = LigneJournal.objects.filter(acte="transmettre")
    assert all("de Bruno Castel à Inès Moreau" in ligne.phrase for ligne in passees) and len(passees) == 2
    for partie, nom, reste in (
        (distribution.bruno, "Castel", "passe de Ancien membre à Inès Moreau."),
        (distribution.ines, "Moreau", "passe de Ancien membre à Ancien membre."),
    ):
        Utilisateur.objects.filter(pk=partie.pk).update(
            is_active=False, endormi_le=timezone.now() - timedelta(days=366)
        )
        assert effacer_les_anciens() == 1
        assert all(reste in ligne.phrase for ligne in passees.all())
        assert nom not in repr(list(LigneJournal.objects.values()))


def test_une_invitation_sans_suite_s_efface(distribution: Distribution) -> None:
    maintenant = timezone.now()
    for jours in (29, 31):
        InvitationFactory(structure=distribution.deux_ponts, expire_le=maintenant - timedelta(days=jours))
    assert effacer_les_invitations_sans_suite() == 1


# --- En production ---------------------------------------------------------------------------------------
def test_hors_production_rien_n_est_controle(distribution: Distribution) -> None:
    assert comptes_surs() == []


@override_settings(EN_PRODUCTION=True)
def test_un_compte_de_demonstration_est_refuse_en_production() -> None:
    UtilisateurFactory(email="marie@centre-des-rives.fr")
    assert comptes_surs() == []
    UtilisateurFactory(email="amina.benali@exemple.fr")
    (faute,) = comptes_surs()
    assert faute.id == "maillage.E020" and "amina.benali@exemple.fr" in str(faute.msg)


@override_settings(EN_PRODUCTION=True)
def test_une_administratrice_sans_second_facteur_est_refusee_en_production(
    distribution: Distribution,
) -> None:
    Utilisateur.objects.filter(pk=distribution.nadia.pk).update(email="nadia@reseau.fr")
    assert "maillage.E021" not in [faute.id for faute in comptes_surs()]
    Authenticator.objects.filter(user=distribution.nadia).delete()
    assert "maillage.E021" in [faute.id for faute in comptes_surs()]
