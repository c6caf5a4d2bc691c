"""Compter les essais : avant de hacher, pour tous les processus, sans enfermer la victime dehors."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.comptes import hachage
from maillage.comptes.models import CompteurEssais
from maillage.comptes.operations import essais
from maillage.comptes.operations.essais import TropDEssais, compter_un_essai, oublier_les_vieux_essais
from tests.courrier import courriels
from tests.distribution import Distribution
from tests.fabriques import MOT_DE_PASSE

pytestmark = pytest.mark.django_db
FAUX = "pas-le-bon-mot-de-passe"


class Horloge:
    def __init__(self) -> None:
        self.maintenant = timezone.now()

    def avancer(self, **duree: float) -> None:
        self.maintenant += timedelta(**duree)

    def __call__(self) -> datetime:
        return self.maintenant


@pytest.fixture
def horloge(monkeypatch: pytest.MonkeyPatch) -> Horloge:
    horloge = Horloge()
    monkeypatch.setattr(essais.timezone, "now", horloge)
    return horloge


def essayer(frein: str, fois: int, compte: str = "lea", adresse: str = "ici") -> list[bool]:
    """Vrai : l'essai est passé."""
    passes = []
    for _ in range(fois):
        try:
            compter_un_essai(frein, compte=compte, adresse=adresse)
            passes.append(True)
        except TropDEssais:
            passes.append(False)
    return passes


def entrer(courriel: str, mot_de_passe: str = FAUX, adresse: str = "203.0.113.7") -> int:
    reponse = Client(REMOTE_ADDR=adresse).post(
        reverse("account_login"), {"login": courriel, "password": mot_de_passe}
    )
    return reponse.status_code


# --- Les plafonds ---------------------------------------------------------------------------------------
def test_un_code_a_six_chiffres_cinq_par_cinq_minutes_vingt_par_heure_cinquante_par_jour(
    horloge: Horloge,
) -> None:
    passes = 0
    for _ in range(24):  # un jour, cinq minutes par cinq minutes, une heure sur douze
        for _ in range(12):
            passes += sum(essayer("second_facteur", 10))
            horloge.avancer(minutes=5)
        if passes < 50:
            assert passes % 20 == 0
    assert passes == 50
    assert essayer("second_facteur", 1, compte="denis") == [True]
    horloge.avancer(days=1)
    assert essayer("second_facteur", 6) == [True] * 5 + [False]


def test_un_essai_refuse_n_ecrit_rien(horloge: Horloge) -> None:
    essayer("second_facteur", 5)
    with CaptureQueriesContext(connections["default"]) as requetes, pytest.raises(TropDEssais) as refus:
        compter_un_essai("second_facteur", compte="lea", adresse="")
    assert len(requetes) == 1
    assert refus.value.attente == 300


def test_un_essai_rendu_ne_compte_plus(horloge: Horloge) -> None:
    for _ in range(20):
        compter_un_essai("second_facteur", compte="lea", adresse="").rendre()
    assert set(CompteurEssais.objects.values_list("nombre", flat=True)) == {0}


def test_la_base_ne_garde_ni_courriel_ni_adresse(distribution: Distribution) -> None:
    entrer(distribution.amina.email)
    contenu = str(list(CompteurEssais.objects.values()))
    assert distribution.amina.email not in contenu
    assert "203.0.113.7" not in contenu


def test_les_fenetres_fermees_s_oublient(horloge: Horloge) -> None:
    essayer("mot_de_passe", 1)
    horloge.avancer(hours=2)
    oublier_les_vieux_essais()
    assert not CompteurEssais.objects.exists()


def test_le_plafond_de_tous_arrete_deux_mille_adresses(horloge: Horloge) -> None:
    passes = [
        essayer("mot_de_passe", 1, compte=f"compte{rang}", adresse=f"adresse{rang}")[0]
        for rang in range(1010)
    ]
    assert passes == [True] * 1000 + [False] * 10


# --- À l'entrée -----------------------------------------------------------------------------------------
def test_dix_mots_de_passe_faux_depuis_une_adresse_et_la_vraie_personne_entre_d_une_autre(
    distribution: Distribution,
) -> None:
    courriel = distribution.amina.email
    assert [entrer(courriel) for _ in range(12)] == [200] * 10 + [429] * 2
    assert entrer(courriel, MOT_DE_PASSE) == 429, "même le bon : on ne dit rien de plus à qui attaque"
    assert entrer(courriel, MOT_DE_PASSE, adresse="198.51.100.9") == 302


def test_mille_essais_de_cent_adresses_et_la_vraie_personne_entre_par_un_code(
    distribution: Distribution, horloge: Horloge
) -> None:
    courriel = distribution.amina.email
    recus = [essayer("mot_de_passe", 10, compte=courriel, adresse=f"a{rang}") for rang in range(100)]
    assert sum(map(sum, recus)) == 100
    assert entrer(courriel, MOT_DE_PASSE, adresse="198.51.100.9") == 429
    client = Client(REMOTE_ADDR="198.51.100.9")
    client.post(reverse("account_request_login_code"), {"email": courriel})
    code = courriels(courriel)[0].body.split("Maillage : ")[1].split()[0]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.get(reverse("espace")).status_code == 200
    horloge.avancer(hours=1, seconds=1)
    assert entrer(courriel, MOT_DE_PASSE, adresse="198.51.100.9") == 302, "rien ne dure plus d'une heure"


def test_un_compte_inconnu_recoit_la_meme_reponse_au_meme_moment(distribution: Distribution) -> None:
    suites = {}
    for courriel in (distribution.amina.email, "personne@exemple.fr"):
        suites[courriel] = [entrer(courriel, adresse=f"192.0.2.{len(courriel)}") for _ in range(12)]
    assert len({str(suite) for suite in suites.values()}) == 1


@pytest.mark.parametrize("courriel", ["amina.benali@essais.exemple", "personne@exemple.fr"])
def test_un_compte_inconnu_coute_autant_de_hachages_qu_un_autre(
    courriel: str, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    faits = []
    for nom in ("encode", "verify"):
        monkeypatch.setattr(
            hachage.Argon2Mesure,
            nom,
            lambda *_, nom=nom: faits.append(nom) or (nom == "encode" and "argon2$x"),
        )
    assert entrer(courriel) == 200
    assert len(faits) == 1


def test_un_atelier_de_trente_personnes_derriere_une_adresse_entre(distribution: Distribution) -> None:
    assert {entrer(distribution.amina.email, MOT_DE_PASSE) for _ in range(30)} == {302}


@pytest.mark.parametrize(
    ("nom", "frein"),
    [("account_request_login_code", "code_de_connexion"), ("account_reset_password", "reinitialisation")],
)
def test_demander_des_codes_ou_des_liens_est_limite_de_meme_pour_un_inconnu(
    nom: str, frein: str, distribution: Distribution
) -> None:
    suites = []
    for courriel in (distribution.amina.email, "personne@exemple.fr"):
        suites.append([Client().post(reverse(nom), {"email": courriel}).status_code for _ in range(5)])
    assert suites == [[302] * 3 + [429] * 2] * 2
    assert len(courriels(distribution.amina.email)) == 3
    assert courriels("personne@exemple.fr") == []


def test_le_refus_dit_quand_revenir_et_par_ou_passer(distribution: Distribution) -> None:
    client = Client()
    for _ in range(11):
        reponse = client.post(reverse("account_login"), {"login": distribution.amina.email, "password": FAUX})
    assert 0 < int(reponse["Retry-After"]) <= 300
    page = reponse.content.decode()
    assert "Réessayez dans 5\xa0minutes" in page
    assert "Recevoir un code par courriel" in page


def test_une_adresse_ecrite_par_le_client_ne_change_rien(distribution: Distribution) -> None:
    recus = [
        Client(REMOTE_ADDR="203.0.113.7", headers={"x-forwarded-for": f"198.51.100.{rang}"})
        .post(reverse("account_login"), {"login": distribution.amina.email, "password": FAUX})
        .status_code
        for rang in range(12)
    ]
    assert recus == [200] * 10 + [429] * 2


# --- Les hachages ---------------------------------------------------------------------------------------
def test_pas_plus_de_hachages_a_la_fois_que_de_places(
    distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hachage, "PATIENCE", 0.001)
    with hachage.une_place(), hachage.une_place():
        client = Client()
        reponse = client.post(
            reverse("account_login"), {"login": distribution.amina.email, "password": MOT_DE_PASSE}
        )
        assert (reponse.status_code, reponse["Retry-After"]) == (429, "2")
        assert "Beaucoup de personnes entrent" in reponse.content.decode()
    assert not CompteurEssais.objects.filter(nombre__gt=0).exists(), "ce n'était pas un essai faux"
    assert entrer(distribution.amina.email, MOT_DE_PASSE) == 302


def test_une_panne_pendant_le_hachage_rend_la_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        with pytest.raises(ValueError, match="panne"), hachage.une_place():
            raise ValueError("panne")
    assert make_password(MOT_DE_PASSE)


def test_le_hachage_en_service_est_argon2id_sur_un_coeur(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["maillage.comptes.hachage.Argon2Mesure"]
    hache = make_password(MOT_DE_PASSE)
    assert hache.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert check_password(MOT_DE_PASSE, hache)
