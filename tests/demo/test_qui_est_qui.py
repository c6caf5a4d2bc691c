"""La page `/demo/` : entrer à la place de chacun, en démonstration seulement."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import Resolver404, resolve
from pytest_django import Settings

from maillage.comptes.models import Utilisateur
from maillage.demo.distribution import Compte, code_du_moment, comptes, sans_compte

RACINE = Path(__file__).resolve().parents[2]
ADRESSES = ["/demo/", "/demo/courrier/", "/demo/courrier/un-message-1/"]
pytestmark = pytest.mark.django_db


def _compte(prenom: str) -> Compte:
    return next(compte for compte in comptes() if compte.prenom == prenom)


@pytest.mark.parametrize("adresse", ADRESSES)
def test_hors_demonstration_l_adresse_n_est_meme_pas_declaree(adresse: str) -> None:
    with pytest.raises(Resolver404):
        resolve(adresse)


@pytest.mark.parametrize("adresse", ADRESSES)
def test_declaree_par_erreur_l_adresse_reste_absente(
    adresse: str, en_demo: Path, settings: Settings, client: Client
) -> None:
    settings.EN_DEMO = False
    assert client.get(adresse).status_code == 404


def test_en_demonstration_l_adresse_est_declaree() -> None:
    resultat = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from django.urls import reverse; print(reverse('demo_courrier'))",
        ],
        env=os.environ | {"MAILLAGE_MODE": "demo", "DJANGO_SETTINGS_MODULE": "maillage.settings"},
        cwd=RACINE,
        capture_output=True,
        text=True,
    )
    assert resultat.stdout.strip() == "/demo/courrier/", resultat.stderr


def test_chacun_y_est_avec_son_courriel_et_son_mot_de_passe(en_demo: Path, client: Client) -> None:
    page = client.get("/demo/").content.decode()
    for personne in comptes():
        assert personne.courriel in page and personne.mot_de_passe in page
    assert [personne.prenom for personne in sans_compte()] == ["Omar", "Sylvie"]
    assert all(str(personne) in page.replace("&#x27;", "'") for personne in sans_compte())


def test_les_mots_de_passe_tiennent_la_regle_des_quinze_caracteres() -> None:
    mots_de_passe = [personne.mot_de_passe for personne in comptes()]
    assert min(len(mot_de_passe) for mot_de_passe in mots_de_passe) >= 15
    assert len(set(mots_de_passe)) == len(mots_de_passe)


def test_une_autre_installation_a_d_autres_mots_de_passe(settings: Settings) -> None:
    ici = _compte("Amina").mot_de_passe, _compte("Léa").secret
    assert (_compte("Amina").mot_de_passe, _compte("Léa").secret) == ici
    settings.SECRET_KEY = "la clé d'une autre installation"
    assert _compte("Amina").mot_de_passe != ici[0] and _compte("Léa").secret != ici[1]


def test_le_code_du_moment_vient_du_second_facteur_du_compte(en_demo: Path, client: Client) -> None:
    lea = _compte("Léa")
    assert "<b>" not in client.get("/demo/").content.decode()
    compte = Utilisateur.objects.create(email=lea.courriel, prenom="Léa", nom="Roussel")
    facteur = TOTP.activate(compte, lea.secret)
    page = client.get("/demo/").content.decode()
    code = code_du_moment(lea.secret)
    assert f"<b>{code}</b>" in page
    assert facteur.validate_code(code)


def test_la_page_ne_se_garde_ni_ne_s_indexe(en_demo: Path, client: Client) -> None:
    reponse = client.get("/demo/")
    assert "no-store" in reponse["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in reponse.content.decode()
