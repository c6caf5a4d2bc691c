"""Entrer, et ce que chaque personne trouve dans son espace."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.courrier import chemin_du_dernier, courriels
from tests.distribution import distribuer
from tests.fabriques import MOT_DE_PASSE

pytestmark = pytest.mark.django_db


def test_l_espace_renvoie_l_anonyme_a_l_entree(client: Client) -> None:
    reponse = client.get("/espace/")
    assert reponse.status_code == 302
    assert reponse["Location"].startswith("/compte/connexion/?next=")


def test_un_mauvais_mot_de_passe_ne_dit_pas_si_le_compte_existe(client: Client) -> None:
    amina = distribuer().amina
    textes = set()
    for email in (amina.email, "personne@exemple.fr"):
        reponse = client.post(reverse("account_login"), {"login": email, "password": "faux-mais-assez-long"})
        assert reponse.status_code == 200
        textes.add(tuple(reponse.context["form"].non_field_errors()))
    assert len(textes) == 1


def test_demander_un_code_ne_dit_pas_si_le_compte_existe(client: Client) -> None:
    amina = distribuer().amina
    for email in (amina.email, "personne@exemple.fr"):
        reponse = client.post(reverse("account_request_login_code"), {"email": email})
        assert (reponse.status_code, reponse["Location"]) == (302, reverse("account_confirm_login_code"))
    assert [courriel.to for courriel in courriels()] == [[amina.email]]


def test_qui_fait_trop_d_essais_attend(client: Client) -> None:
    for _ in range(31):
        reponse = client.post(reverse("account_login"))
    assert reponse.status_code == 429
    assert "Trop de demandes en peu de temps" in reponse.content.decode()


def test_une_page_ouverte_avant_de_se_connecter_dit_quoi_faire() -> None:
    reponse = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a@exemple.fr"})
    assert reponse.status_code == 403
    assert "rechargez la page" in reponse.content.decode()


@pytest.mark.parametrize(
    ("nom", "champ", "phrase"),
    [
        ("account_login", "login", "Écrivez votre courriel."),
        ("account_login", "password", "Écrivez votre mot de passe."),
        ("account_request_login_code", "email", "Écrivez votre courriel."),
        ("account_reset_password", "email", "Écrivez votre courriel."),
    ],
)
def test_un_champ_oublie_dit_quoi_ecrire(client: Client, nom: str, champ: str, phrase: str) -> None:
    assert client.post(reverse(nom), {}).context["form"].errors[champ] == [phrase]


def test_un_lien_invente_ne_change_aucun_mot_de_passe(client: Client) -> None:
    page = client.get(reverse("account_reset_password_from_key", args=["1", "abc-0123"])).content.decode()
    assert "Ce lien n’est plus valable" in page


def test_omar_qui_a_quitte_l_equipe_entre_mais_ne_trouve_plus_le_centre(client: Client) -> None:
    troupe = distribuer()
    client.force_login(troupe.omar)
    page = client.get(reverse("espace")).content.decode()
    assert "Vous n’avez pas encore de rôle" in page
    assert troupe.deux_ponts.nom not in page


def test_un_compte_ferme_n_entre_pas(client: Client) -> None:
    bruno = distribuer().bruno
    bruno.is_active = False
    bruno.save()
    client.post(reverse("account_login"), {"login": bruno.email, "password": MOT_DE_PASSE})
    assert client.get("/espace/").status_code == 302


def test_amina_entre_avec_son_mot_de_passe_et_trouve_son_centre(client: Client) -> None:
    troupe = distribuer()
    reponse = client.post(reverse("account_login"), {"login": troupe.amina.email, "password": MOT_DE_PASSE})
    assert reponse["Location"] == reverse("espace")
    page = client.get(reverse("espace")).content.decode()
    assert "Bonjour Amina" in page
    assert troupe.deux_ponts.nom in page
    assert "no-store" in client.get(reverse("espace"))["Cache-Control"]


def test_amina_choisit_un_nouveau_mot_de_passe_par_le_lien_recu(client: Client) -> None:
    amina = distribuer().amina
    client.post(reverse("account_reset_password"), {"email": amina.email})
    lien = chemin_du_dernier()
    page = client.get(lien, follow=True)
    assert "Choisir un nouveau mot de passe" in page.content.decode()
    neuf = "cinq mots neufs à retenir"
    client.post(page.request["PATH_INFO"], {"password1": neuf, "password2": neuf})
    amina.refresh_from_db()
    assert amina.check_password(neuf)
    assert "Ce lien n’est plus valable" in client.get(lien, follow=True).content.decode()


@pytest.mark.parametrize(
    "nom",
    ["mon_compte", "account_change_password", "mfa_index", "usersessions_list", "account_logout"],
)
def test_les_pages_du_compte_sont_en_francais(client: Client, nom: str) -> None:
    client.force_login(distribuer().amina)
    reponse = client.get(reverse(nom), follow=True)
    assert reponse.status_code == 200
    page = reponse.content.decode()
    for mot_anglais in ("Sign In", "Password:", "Two-Factor", "Sessions</h1>", "Sign Out"):
        assert mot_anglais not in page
