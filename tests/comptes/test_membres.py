"""Un membre : changer son rôle, noter son départ et sa passation, fermer ses sessions, retirer son second facteur."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.choices import EtatContribution, GenreContribution
from maillage.catalogue.models import Collection, Contribution
from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.comptes.operations import RoleRefuse, appliquer_les_departs, terminer_appartenance
from maillage.core.models import LigneJournal
from tests.comptes.confirmation import se_confirmer
from tests.courrier import courriels
from tests.distribution import Distribution
from tests.fabriques import MOT_DE_PASSE, AppartenanceFactory, ExperienceFactory

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def de_bruno(distribution: Distribution) -> Appartenance:
    return distribution.bruno.appartenances.get()


@pytest.fixture
def amina(client_de: ClientDe, distribution: Distribution) -> Client:
    return se_confirmer(client_de("amina"), distribution.amina)


def le_travail_de_bruno(distribution: Distribution) -> tuple[Contribution, Contribution, Collection]:
    """Un brouillon et une collection aux Deux-Ponts, et une fiche acceptée."""
    brouillon, acceptee = (
        Contribution.objects.create(
            experience=ExperienceFactory(structure=distribution.deux_ponts),
            genre=GenreContribution.REVISION,
            etat=etat,
            auteur=distribution.bruno,
        )
        for etat in (EtatContribution.EN_ECRITURE, EtatContribution.ACCEPTEE)
    )
    collection = Collection.objects.create(
        code="c0llection", titre="Nos jardins", structure=distribution.deux_ponts, auteur=distribution.bruno
    )
    return brouillon, acceptee, collection


def partir(client: Client, tenue: Appartenance, **champs: object) -> str:
    reponse = client.post(
        reverse("membre_depart", args=[tenue.pk]), {"quand": "maintenant"} | champs, follow=True
    )
    return reponse.content.decode()


# --- Refus -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "nom",
    [
        *("membre_role", "membre_depart", "membre_reste", "membre_sessions"),
        *("membre_second_facteur", "membre_rouvrir"),
    ],
)
@pytest.mark.parametrize("prenom", ["chloe", "lea", "denis", "ines"])
def test_le_membre_d_un_autre_centre_n_existe_pas(
    prenom: str, nom: str, client_de: ClientDe, de_bruno: Appartenance, distribution: Distribution
) -> None:
    avant = LigneJournal.objects.count()
    client = se_confirmer(client_de(prenom), distribution.personne(prenom) or distribution.amina)
    assert client.post(reverse(nom, args=[de_bruno.pk]), {"role": "directrice"}).status_code == 404
    assert LigneJournal.objects.count() == avant


@pytest.mark.parametrize("nom", ["membre_role", "membre_depart", "membre_second_facteur"])
def test_une_preuve_de_plus_d_un_quart_d_heure_ne_suffit_pas(
    nom: str, client_de: ClientDe, de_bruno: Appartenance, distribution: Distribution
) -> None:
    client = se_confirmer(client_de("amina"), distribution.amina, il_y_a=15 * 60 + 1)
    reponse = client.post(reverse(nom, args=[de_bruno.pk]), {"role": "directrice", "quand": "maintenant"})
    assert reponse["Location"].startswith(reverse("account_reauthenticate"))
    de_bruno.refresh_from_db()
    assert (de_bruno.role, de_bruno.au) == (Role.CONTRIBUTEUR, None)


def test_sa_propre_fiche_de_membre_ne_s_ouvre_pas(amina: Client, distribution: Distribution) -> None:
    assert amina.get(reverse("membre", args=[distribution.amina.appartenances.get().pk])).status_code == 404


def test_le_depart_de_la_derniere_direction_est_refuse(
    client_de: ClientDe, distribution: Distribution
) -> None:
    nadia = se_confirmer(client_de("nadia"), distribution.nadia)
    page = partir(nadia, distribution.amina.appartenances.get())
    assert "n’aurait plus de direction" in page
    assert distribution.amina.appartenances.get().au is None


def test_un_depart_dans_le_passe_est_refuse(amina: Client, de_bruno: Appartenance) -> None:
    hier = timezone.localdate() - timedelta(days=1)
    assert "Ce jour est passé" in partir(amina, de_bruno, quand="plus_tard", le=hier.isoformat())
    assert "Écrivez son dernier jour" in partir(amina, de_bruno, quand="plus_tard", le="")


def test_le_travail_ne_reste_pas_sans_personne(
    amina: Client, de_bruno: Appartenance, distribution: Distribution
) -> None:
    le_travail_de_bruno(distribution)
    page = partir(amina, de_bruno)
    assert "Elle laisse 1\xa0brouillon et 1\xa0collection." in page
    assert "Dites qui reprend" in page
    with pytest.raises(RoleRefuse, match="à qui passent"):
        terminer_appartenance(de_bruno, le=None, a=None, par=distribution.amina)


def test_le_travail_ne_passe_pas_a_une_personne_d_ailleurs(
    amina: Client, de_bruno: Appartenance, distribution: Distribution
) -> None:
    assert "Choisissez une personne de la liste" in partir(amina, de_bruno, a=distribution.chloe.pk)
    with pytest.raises(RoleRefuse, match="même équipe"):
        terminer_appartenance(de_bruno, le=None, a=distribution.chloe, par=distribution.amina)


# --- Départ ------------------------------------------------------------------------------------------
def test_un_depart_vaut_a_la_demande_suivante(
    amina: Client, client_de: ClientDe, de_bruno: Appartenance, distribution: Distribution
) -> None:
    bruno = client_de("bruno")
    assert distribution.deux_ponts.nom in bruno.get(reverse("espace")).content.decode()
    assert "Le départ de Bruno Castel est noté" in partir(amina, de_bruno, a=distribution.ines.pk)
    page = bruno.get(reverse("espace")).content.decode()
    assert distribution.deux_ponts.nom not in page
    assert "Vous n’avez pas encore de rôle" in page
    assert "fin de votre rôle" in courriels(distribution.bruno.email)[0].body


def test_les_brouillons_et_les_collections_passent_a_ines_les_fiches_acceptees_restent(
    amina: Client, de_bruno: Appartenance, distribution: Distribution
) -> None:
    brouillon, acceptee, collection = le_travail_de_bruno(distribution)
    partir(amina, de_bruno, a=distribution.ines.pk)
    for objet, auteur in (
        (brouillon, distribution.ines),
        (collection, distribution.ines),
        (acceptee, distribution.bruno),
    ):
        objet.refresh_from_db()
        assert objet.auteur == auteur
    assert LigneJournal.objects.filter(acte="transmettre").count() == 2


def test_le_travail_d_un_autre_centre_reste_a_qui_n_en_part_pas(
    amina: Client, de_bruno: Appartenance, distribution: Distribution
) -> None:
    AppartenanceFactory(utilisateur=distribution.bruno, structure=distribution.quatre_vents)
    ailleurs = Collection.objects.create(
        code="ailleurs", titre="Là-bas", structure=distribution.quatre_vents, auteur=distribution.bruno
    )
    partir(amina, de_bruno, a=distribution.ines.pk)
    ailleurs.refresh_from_db()
    assert ailleurs.auteur == distribution.bruno


def test_un_depart_annonce_attend_son_jour_puis_se_fait_seul(
    amina: Client, de_bruno: Appartenance, distribution: Distribution
) -> None:
    brouillon, _, _ = le_travail_de_bruno(distribution)
    demain = timezone.localdate() + timedelta(days=1)
    partir(amina, de_bruno, quand="plus_tard", le=demain.isoformat(), a=distribution.ines.pk)
    assert appliquer_les_departs() == 1, "seul Omar, parti hier"
    brouillon.refresh_from_db()
    assert brouillon.auteur == distribution.bruno
    Appartenance.objects.filter(pk=de_bruno.pk).update(au=timezone.localdate() - timedelta(days=1))
    assert (appliquer_les_departs(), appliquer_les_departs()) == (1, 0)
    brouillon.refresh_from_db()
    assert brouillon.auteur == distribution.ines


def test_un_depart_annonce_s_annule(
    amina: Client, de_bruno: Appartenance, distribution: Distribution
) -> None:
    demain = timezone.localdate() + timedelta(days=1)
    partir(amina, de_bruno, quand="plus_tard", le=demain.isoformat(), a=distribution.ines.pk)
    assert "part le" in amina.get(reverse("membre", args=[de_bruno.pk])).content.decode()
    amina.post(reverse("membre_reste", args=[de_bruno.pk]))
    de_bruno.refresh_from_db()
    assert (de_bruno.au, de_bruno.passation_a) == (None, None)


def test_qui_est_parti_reste_dans_l_histoire_de_l_equipe(
    amina: Client, de_bruno: Appartenance, distribution: Distribution
) -> None:
    page = partir(amina, de_bruno, a=distribution.ines.pk)
    assert "Ont quitté l’équipe" in page
    assert "travail repris par Inès Moreau" in page
    assert amina.get(reverse("membre", args=[de_bruno.pk])).status_code == 404


def test_partir_le_jour_de_son_arrivee_se_peut(amina: Client, distribution: Distribution) -> None:
    neuve = AppartenanceFactory(structure=distribution.deux_ponts, du=timezone.localdate())
    partir(amina, neuve, a=distribution.ines.pk)
    neuve.refresh_from_db()
    assert neuve.fermee_le is not None
    assert isinstance(neuve.au, date)


# --- Rôle --------------------------------------------------------------------------------------------
def test_amina_nomme_bruno_directeur_et_sa_session_change_de_numero(
    amina: Client, client_de: ClientDe, de_bruno: Appartenance, distribution: Distribution
) -> None:
    bruno = client_de("bruno")
    bruno.get(reverse("espace"))
    avant = bruno.session.session_key
    amina.post(reverse("membre_role", args=[de_bruno.pk]), {"role": "directrice"})
    assert (
        bruno.get(reverse("equipe_lieu", args=["structure", distribution.deux_ponts.pk])).status_code == 200
    )
    assert bruno.session.session_key != avant
    assert UserSession.objects.get(user=distribution.bruno).session_key == bruno.session.session_key
    (courriel,) = courriels(distribution.bruno.email)
    assert "vous êtes maintenant « Directrice ou directeur »" in courriel.body


# --- Sessions et second facteur -----------------------------------------------------------------------
def test_fermer_les_sessions_d_un_membre_vaut_a_sa_demande_suivante(
    amina: Client, de_bruno: Appartenance, distribution: Distribution
) -> None:
    bruno = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0"})
    bruno.post(reverse("account_login"), {"login": distribution.bruno.email, "password": MOT_DE_PASSE})
    assert "Firefox sur Linux" in amina.get(reverse("membre", args=[de_bruno.pk])).content.decode()
    amina.post(reverse("membre_sessions", args=[de_bruno.pk]))
    reponse = bruno.get(reverse("espace"))
    assert reponse["Location"].startswith(reverse("account_login"))
    assert "Aucune session n’est ouverte" in amina.get(reverse("membre", args=[de_bruno.pk])).content.decode()


def test_une_directrice_ne_touche_pas_au_compte_de_qui_travaille_aussi_ailleurs(
    amina: Client, de_bruno: Appartenance, distribution: Distribution
) -> None:
    AppartenanceFactory(utilisateur=distribution.bruno, structure=distribution.quatre_vents)
    assert amina.get(reverse("membre_second_facteur", args=[de_bruno.pk])).status_code == 404
    page = amina.post(reverse("membre_sessions", args=[de_bruno.pk]), follow=True).content.decode()
    assert "a aussi un rôle ailleurs" in page
    assert Utilisateur.objects.get(pk=distribution.bruno.pk).tour_de_cle == 0


def test_telephone_perdu_nadia_retire_le_facteur_de_lea_qui_en_est_prevenue(
    client_de: ClientDe, distribution: Distribution
) -> None:
    tenue, lea = distribution.lea.appartenances.get(), client_de("lea")
    nadia = se_confirmer(client_de("nadia"), distribution.nadia)
    adresse = reverse("membre_second_facteur", args=[tenue.pk])
    assert "De vive voix" in nadia.get(adresse).content.decode()
    nadia.post(adresse)
    assert not Authenticator.objects.filter(user=distribution.lea).exists()
    assert lea.get(reverse("points"))["Location"].startswith(reverse("account_login"))
    assert LigneJournal.objects.get(acte="retirer_second_facteur").acteur_id == distribution.nadia.pk
    assert "Nadia Keller a retiré votre second facteur" in courriels(distribution.lea.email)[0].body
    assert "rien à retirer" in nadia.post(adresse, follow=True).content.decode()
