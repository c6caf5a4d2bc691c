"""Le second facteur : rien avant de l'avoir relié, un code une seule fois, des essais comptés."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.urls import reverse

from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.comptes.operations.second_facteur import prendre_un_code
from maillage.demo.distribution import code_du_moment
from tests.architecture.objets import adresses_d_essai
from tests.architecture.test_acces import table
from tests.comptes.confirmation import se_confirmer
from tests.courrier import courriels
from tests.distribution import Distribution
from tests.fabriques import (
    MOT_DE_PASSE,
    SECRET_DU_TELEPHONE,
    AppartenanceFactory,
    GestionnaireFactory,
    InstitutionFactory,
)

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]
AVANT_LE_SECOND_FACTEUR = ("account_", "mfa_")
PAGES = {
    *("mon_compte", "session", "reprendre_un_envoi", "usersessions_list"),
    *("accepter_invitation", "healthz", "readyz"),
}


def sans_facteur(role: Role, lieu: str) -> Client:
    organisation = {
        "institution": InstitutionFactory,
        "gestionnaire": GestionnaireFactory,
    }[lieu]()
    tenue = AppartenanceFactory(role=role, **{lieu: organisation}, second_facteur=False)
    client = Client()
    client.force_login(tenue.utilisateur)
    return client


@pytest.mark.parametrize(
    ("role", "lieu"),
    [
        (Role.MODERATRICE, "institution"),
        (Role.ADMINISTRATRICE, "institution"),
        (Role.CONSEILLER_CAF, "institution"),
        (Role.VILLE, "institution"),
        (Role.DIRECTRICE, "gestionnaire"),
        (Role.CONTRIBUTEUR, "gestionnaire"),
    ],
)
def test_rien_ne_s_ouvre_avant_le_second_facteur(role: Role, lieu: str, distribution: Distribution) -> None:
    """Chaque adresse du projet, sauf celles du compte, mène à l'activation."""
    client, parametres = sans_facteur(role, lieu), adresses_d_essai(distribution)
    client.raise_request_exception = False
    ouvertes = []
    for nom, ligne in table().items():
        if nom in PAGES or nom.startswith(AVANT_LE_SECOND_FACTEUR):
            continue
        adresse = reverse(nom, kwargs=parametres.get(nom, {})) + ligne.get("suite", "")
        reponse = client.generic(ligne.get("methode", "GET"), adresse)
        if not reponse.get("Location", "").startswith(reverse("mfa_activate_totp")):
            ouvertes.append(f"{nom} : {reponse.status_code}")
    assert ouvertes == []


def test_on_est_mene_a_l_activation_et_l_on_sait_pourquoi() -> None:
    client = sans_facteur(Role.VILLE, "institution")
    tenue = Utilisateur.objects.get()
    reponse = se_confirmer(client, tenue).get(reverse("espace"), follow=True)
    assert "Votre rôle demande un second facteur" in reponse.content.decode()


def test_qui_n_en_a_pas_besoin_n_y_est_pas_mene(client_de: ClientDe) -> None:
    for prenom in ("amina", "bruno", "omar"):
        assert client_de(prenom).get(reverse("espace")).status_code == 200


def test_un_role_recu_en_cours_de_session_le_demande_des_la_page_suivante(
    client_de: ClientDe, distribution: Distribution
) -> None:
    amina = client_de("amina")
    Authenticator.objects.filter(user=distribution.amina).delete()
    assert amina.get(reverse("espace")).status_code == 200
    AppartenanceFactory(
        utilisateur=distribution.amina,
        institution=distribution.federation,
        role=Role.MODERATRICE,
        second_facteur=False,
    )
    assert amina.get(reverse("espace"))["Location"].startswith(reverse("mfa_activate_totp"))


def test_relier_ferme_les_autres_sessions_et_previent(distribution: Distribution) -> None:
    def entrer() -> Client:
        client = Client()
        client.post(reverse("account_login"), {"login": distribution.amina.email, "password": MOT_DE_PASSE})
        return client

    ici, ailleurs = entrer(), entrer()
    page = ici.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200, "elle vient d'entrer : pas besoin de se confirmer"
    secret = page.context["form"].secret
    reponse = ici.post(reverse("mfa_activate_totp"), {"code": code_du_moment(secret)}, follow=True)
    assert "Vos codes de secours" in reponse.content.decode()
    assert ici.get(reverse("espace")).status_code == 200
    assert ailleurs.get(reverse("espace")).status_code == 302
    assert "Vous avez relié une application" in courriels(distribution.amina.email)[0].body
    assert "Aucune autre session" in ici.get(reverse("usersessions_list")).content.decode()


# --- Un code ne sert qu'une fois ------------------------------------------------------------------------
def code(pas: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET_DU_TELEPHONE, int(time.time()) // 30 + pas))


def test_un_code_deja_pris_est_refuse_et_un_plus_ancien_aussi(distribution: Distribution) -> None:
    lea = distribution.lea
    assert prendre_un_code(lea, "000000") is None
    actuel, avant = code(), code(-1)
    assert prendre_un_code(lea, actuel) is not None
    assert prendre_un_code(lea, actuel) is None
    assert prendre_un_code(lea, avant) is None


def test_le_rejeu_est_refuse_dans_une_autre_fenetre(distribution: Distribution) -> None:
    def entrer(saisi: str) -> Client:
        client = Client()
        client.post(reverse("account_login"), {"login": distribution.lea.email, "password": MOT_DE_PASSE})
        client.post(reverse("mfa_authenticate"), {"code": saisi})
        return client

    saisi = code()
    assert entrer(saisi).get(reverse("espace")).status_code == 200
    assert entrer(saisi).get(reverse("espace")).status_code == 302


def test_un_code_de_secours_ne_sert_qu_une_fois(distribution: Distribution) -> None:
    secours = RecoveryCodes.activate(distribution.lea).get_unused_codes()
    assert prendre_un_code(distribution.lea, secours[0]) is not None
    assert prendre_un_code(distribution.lea, secours[0]) is None
    assert prendre_un_code(distribution.lea, secours[1]) is not None


def test_la_base_ne_garde_en_clair_ni_secret_ni_code(distribution: Distribution) -> None:
    secours = RecoveryCodes.activate(distribution.lea)
    graine = secours.instance.data["seed"]
    with connection.cursor() as curseur:
        curseur.execute("SELECT data FROM mfa_authenticator")
        contenu = str(curseur.fetchall())
    assert graine in contenu
    for secret in (SECRET_DU_TELEPHONE, *secours.generate_codes()):
        assert secret not in contenu


def test_une_cle_precedente_ouvre_encore(distribution: Distribution, settings: object) -> None:
    ancienne = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "une-autre-cle" * 5, [ancienne]  # type: ignore[attr-defined]
    assert prendre_un_code(distribution.lea, code()) is not None


# --- Des essais comptés ---------------------------------------------------------------------------------
def au_second_facteur(courriel: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": courriel, "password": MOT_DE_PASSE})
    return client


def test_cinq_codes_faux_puis_attendre_meme_avec_le_bon(distribution: Distribution) -> None:
    client = au_second_facteur(distribution.lea.email)
    codes = [client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    reponse = au_second_facteur(distribution.lea.email).post(reverse("mfa_authenticate"), {"code": code()})
    assert reponse.status_code == 429, "d'une autre fenêtre aussi : six chiffres se devinent"
    assert int(reponse["Retry-After"]) <= 300


def test_entrer_ne_consomme_pas_d_essai(distribution: Distribution) -> None:
    for _ in range(8):
        Authenticator.objects.filter(user=distribution.lea).delete()
        TOTP.activate(distribution.lea, SECRET_DU_TELEPHONE)
        reponse = au_second_facteur(distribution.lea.email).post(
            reverse("mfa_authenticate"), {"code": code()}
        )
        assert reponse.status_code == 302
