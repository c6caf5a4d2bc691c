"""Les sessions : dites en mots, neuves à l'entrée, mortes quand il le faut, fermées sans geste, sans rien perdre."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.comptes.middleware import ENVOI, OUVERTE, VU
from maillage.comptes.templatetags.appareils import appareil
from tests.comptes.confirmation import se_confirmer
from tests.courrier import courriels
from tests.distribution import Distribution, distribuer
from tests.fabriques import MOT_DE_PASSE

ClientDe = Callable[[str], Client]

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "mots"),
    [
        (f"{WINDOWS} {WEBKIT} Edg/126.0", "Edge sur Windows"),
        (f"{WINDOWS} {WEBKIT}", "Chrome sur Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox sur Linux"),
        (f"Mozilla/5.0 (Linux; Android 14) {WEBKIT}", "Chrome sur Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Safari/604.1",
            "Safari sur un iPhone",
        ),
        ("curl/8.0", "Un autre navigateur"),
    ],
)
def test_un_navigateur_est_nomme(agent: str, mots: str) -> None:
    assert appareil(agent) == mots


@pytest.mark.django_db
def test_la_session_ouverte_est_reconnue_et_seule() -> None:
    client = Client(headers={"user-agent": f"{WINDOWS} {WEBKIT}"})
    client.post(reverse("account_login"), {"login": distribuer().amina.email, "password": MOT_DE_PASSE})
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Chrome sur Windows" in page
    assert "Aucune autre session" in page


def entrer(courriel: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": courriel, "password": MOT_DE_PASSE})
    return client


def vieillir(client: Client, *, sans_geste: int = 0, ouverte: int = 0) -> Client:
    session = client.session
    session[VU] -= sans_geste
    session[OUVERTE] -= ouverte
    session.save()
    return client


def mene_a_l_entree(client: Client) -> bool:
    return client.get(reverse("espace")).get("Location", "").startswith(reverse("account_login"))


# --- Neuves, et mortes quand il le faut -----------------------------------------------------------------
@pytest.mark.django_db
def test_l_entree_donne_un_numero_neuf() -> None:
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["avant"] = "un numéro choisi par un autre"
    session.save()
    avant = session.session_key
    client.cookies["maillage_session"] = avant
    client.post(reverse("account_login"), {"login": distribuer().amina.email, "password": MOT_DE_PASSE})
    assert client.session.session_key != avant
    voleur = Client()
    voleur.cookies["maillage_session"] = avant
    assert mene_a_l_entree(voleur)


@pytest.mark.django_db
def test_changer_de_mot_de_passe_ferme_les_autres_sessions_et_previent() -> None:
    amina = distribuer().amina
    ici, ailleurs = entrer(amina.email), entrer(amina.email)
    neuf = "cinq mots neufs à retenir"
    ici.post(
        reverse("account_change_password"),
        {"oldpassword": MOT_DE_PASSE, "password1": neuf, "password2": neuf},
    )
    assert mene_a_l_entree(ailleurs)
    assert "Votre mot de passe vient de changer" in courriels(amina.email)[0].body


@pytest.mark.django_db
def test_fermer_un_compte_vaut_a_la_demande_suivante() -> None:
    amina = distribuer().amina
    client = entrer(amina.email)
    amina.is_active = False
    amina.save()
    assert mene_a_l_entree(client)


@pytest.mark.django_db
def test_sortir_rend_la_session_inutile_a_qui_l_aurait_copiee() -> None:
    client, voleur = entrer(distribuer().amina.email), Client()
    voleur.cookies["maillage_session"] = client.cookies["maillage_session"].value
    assert not mene_a_l_entree(voleur)
    client.post(reverse("account_logout"))
    assert mene_a_l_entree(voleur)


# --- Sans geste ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_trente_minutes_sans_geste_ferment_la_session_de_lea(client_de: ClientDe) -> None:
    lea = vieillir(client_de("lea"), sans_geste=30 * 60 - 5)
    assert lea.get(reverse("points")).status_code == 200
    reponse = vieillir(lea, sans_geste=30 * 60).get(reverse("points"), {"page": "2"}, follow=True)
    assert reponse.redirect_chain[0][0] == f"{reverse('account_login')}?next=%2Fespace%2Fpoints%2F%3Fpage%3D2"
    assert "s’est fermée après une longue pause" in reponse.content.decode()


@pytest.mark.django_db
def test_douze_heures_au_plus_meme_avec_des_gestes(client_de: ClientDe) -> None:
    lea = vieillir(client_de("lea"), ouverte=12 * 3600)
    assert mene_a_l_entree(lea)


@pytest.mark.django_db
def test_une_pause_ne_ferme_pas_la_session_d_amina(client_de: ClientDe) -> None:
    assert not mene_a_l_entree(vieillir(client_de("amina"), sans_geste=3 * 3600))


@pytest.mark.django_db
def test_demander_combien_il_reste_ne_prolonge_pas_rester_connecte_si(client_de: ClientDe) -> None:
    lea, adresse = vieillir(client_de("lea"), sans_geste=29 * 60), reverse("session")
    json = {"accept": "application/json"}
    assert lea.get(adresse, headers=json).json()["reste"] <= 60
    assert lea.get(adresse, headers=json).json()["reste"] <= 60
    assert lea.get(reverse("espace"), headers={"Sans-Geste": "1"}).status_code == 200
    assert lea.get(adresse, headers=json).json()["reste"] <= 60
    assert lea.post(adresse, headers=json).json()["reste"] > 29 * 60
    assert 'data-session="' in lea.get(reverse("espace")).content.decode()
    amina = client_de("amina")
    assert amina.get(adresse, headers=json).json() == {"reste": None}
    assert "data-session" not in amina.get(reverse("espace")).content.decode()


@pytest.mark.django_db
def test_ce_qui_est_envoye_trop_tard_se_retrouve_en_rentrant(
    client_de: ClientDe, distribution: Distribution
) -> None:
    lea = vieillir(client_de("lea"), sans_geste=31 * 60)
    ecrit = {"termes": "potager partagé dans la cour\njardin", "password": "secret-a-ne-pas-garder"}
    reponse = lea.post(reverse("synonyme_nouveau"), ecrit)
    assert reponse["Location"] == f"{reverse('account_login')}?next=%2Fcompte%2Freprendre%2F"
    assert "secret" not in str(lea.session[ENVOI])
    lea.force_login(distribution.lea)
    page = lea.get(reverse("reprendre_un_envoi")).content.decode()
    assert "potager partagé dans la cour" in page
    assert f'action="{reverse("synonyme_nouveau")}"' in page
    lea.post(reverse("reprendre_un_envoi"))
    assert lea.get(reverse("reprendre_un_envoi")).status_code == 302


@pytest.mark.django_db
def test_ce_que_lea_ecrivait_ne_se_montre_pas_a_nadia(
    client_de: ClientDe, distribution: Distribution
) -> None:
    lea = vieillir(client_de("lea"), sans_geste=31 * 60)
    lea.post(reverse("synonyme_nouveau"), {"termes": "potager partagé dans la cour"})
    lea.force_login(distribution.nadia)
    assert lea.get(reverse("reprendre_un_envoi")).status_code == 302


@pytest.mark.django_db
def test_une_entree_recente_suffit_a_se_confirmer_une_ancienne_non(
    client_de: ClientDe, distribution: Distribution
) -> None:
    adresse = reverse("inviter_ici", args=["structure", distribution.deux_ponts.pk])
    assert entrer(distribution.amina.email).get(adresse).status_code == 200
    vieille = se_confirmer(client_de("amina"), distribution.amina, il_y_a=16 * 60)
    assert vieille.get(adresse)["Location"].startswith(reverse("account_reauthenticate"))
