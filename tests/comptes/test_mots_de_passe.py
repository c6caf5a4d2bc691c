"""Les mots de passe : toute écriture, rien de court, rien qui se devine."""

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.distribution import distribuer
from tests.fabriques import AppartenanceFactory, StructureFactory, UtilisateurFactory

REFUSES = [
    *("court", "treize signes", "", "Aé12!xyz"),
    *("azertyuiopqsdfgh", "123456789012345", "aaaaaaaaaaaaaaa", "abcdefghijklmnop", "zyxwvutsrqponmlkj"),
    *("motdepassemotdepasse", "MotDePasse123456789", "password12345678", "P@ssw0rdP@ssw0rd2024"),
    *("qwertyuiop1234567890", "1a2z3e4r5t6y7u8i9o0p", "987654321987654321", "bonjourbonjour2025"),
    *("correct horse battery staple", "iloveyouiloveyou", "azerty azerty azerty", " " * 20),
    *("Maillage2026Maillage", "M@1llage2026!!!!", "centre social maillage", "centresocialdesdeuxponts"),
    *("DeuxPonts-DeuxPonts-2026", "Maillage-Deux-Ponts-Bruno", "bruno.castel@exemple.fr"),
]
ACCEPTES = [
    *("quatre mots faciles à retenir", "la girafe traverse le canal", "cheval rouge deux lampes"),
    *("vélo-nuage-tartine-hublot", "15 bougies pour l'oncle Édouard", "x7Gq2pLz9vBn4Tk"),
    *(
        "Кошка гуляет по крыше",
        "我喜欢在雨天喝热茶和看书写字画",
        "🐙🌧🍋🚲🎻🧦🪴🥁🛶🕯🧩🦔🍩🧲🪁",
        "قطة تمشي على السطح",
    ),
    *("Le chat de Bruno dort sur la chaise verte", "mésange épicerie brouette " * 5),
]


@pytest.fixture
def bruno(db: None) -> object:
    structure = StructureFactory(nom="Centre social des Deux-Ponts")
    utilisateur = UtilisateurFactory(prenom="Bruno", nom="Castel", email="bruno.castel@exemple.fr")
    return AppartenanceFactory(utilisateur=utilisateur, structure=structure).utilisateur


def test_la_table_compte_quarante_mots_de_passe() -> None:
    assert len(REFUSES) + len(ACCEPTES) == 40


@pytest.mark.parametrize("mot_de_passe", REFUSES)
def test_ce_qui_se_devine_est_refuse(mot_de_passe: str, bruno: object) -> None:
    with pytest.raises(ValidationError):
        validate_password(mot_de_passe, bruno)  # type: ignore[arg-type]


@pytest.mark.parametrize("mot_de_passe", ACCEPTES)
def test_une_phrase_de_n_importe_quelle_ecriture_est_acceptee(mot_de_passe: str, bruno: object) -> None:
    validate_password(mot_de_passe, bruno)  # type: ignore[arg-type]


def test_le_refus_dit_quoi_faire(bruno: object) -> None:
    with pytest.raises(ValidationError) as refus:
        validate_password("Maillage2026Maillage", bruno)  # type: ignore[arg-type]
    assert "quatre ou cinq mots" in refus.value.messages[0]


def test_au_dela_de_256_signes_le_refus_le_dit(bruno: object) -> None:
    with pytest.raises(ValidationError, match="256"):
        validate_password("vélo nuage tartine " * 20, bruno)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=15, max_size=128))
def test_tout_texte_unicode_se_retrouve_tel_quel(mot_de_passe: str) -> None:
    hache = make_password(mot_de_passe)
    assert check_password(mot_de_passe, hache)
    assert not check_password(mot_de_passe + "x", hache)


def test_le_meme_texte_tape_sur_deux_claviers_est_le_meme_mot_de_passe() -> None:
    compose, decompose = "é" * 20, "e\u0301" * 20
    assert check_password(decompose, make_password(compose))


@pytest.mark.django_db
def test_on_entre_par_la_page_avec_un_mot_de_passe_de_toute_ecriture() -> None:
    amina = distribuer().amina
    for mot_de_passe in (
        "  espaces gardés au bord  ",
        "我喜欢在雨天喝热茶和看书写字画",
        "<b>&amp;\"' %s {0} \\",
    ):
        amina.set_password(mot_de_passe)
        amina.save()
        reponse = Client().post(reverse("account_login"), {"login": amina.email, "password": mot_de_passe})
        assert reponse.status_code == 302
