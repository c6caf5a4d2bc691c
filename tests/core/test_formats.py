"""Écrire en français : nombres, euros, dates, accords, espaces insécables."""

import datetime
from decimal import Decimal

import pytest
from django.template import Context, Template

from maillage.core.francais import compte, date_longue, de, euros, heure, insecables, nombre, taille
from maillage.core.gabarits import typographier


@pytest.mark.parametrize(
    ("valeur", "ecrit"),
    [
        (None, ""),
        (0, "0"),
        (1234.5, "1\u202f234,5"),
        (1_000_000, "1\u202f000\u202f000"),
        (-3, "−3"),
        (-0.001, "0"),
        (Decimal("2.675"), "2,68"),
        (2.0, "2"),
    ],
)
def test_un_nombre_a_ses_milliers_separes_et_sa_virgule(valeur: float | None, ecrit: str) -> None:
    assert nombre(valeur) == ecrit


def test_un_nombre_garde_les_decimales_demandees() -> None:
    assert nombre(3, 1) == "3,0"


@pytest.mark.parametrize(
    ("montant", "ecrit"),
    [(None, ""), (14000, "14\u202f000\u00a0€"), (Decimal("12.5"), "12,50\u00a0€"), (-5, "−5\u00a0€")],
)
def test_les_centimes_ne_sont_ecrits_que_s_il_y_en_a(montant: int | None, ecrit: str) -> None:
    assert euros(montant) == ecrit


def test_le_premier_du_mois_est_premier() -> None:
    assert date_longue(datetime.date(2025, 3, 1)) == "1er\u00a0mars 2025"
    assert date_longue(datetime.date(2026, 11, 20)) == "20\u00a0novembre 2026"
    assert date_longue(None) == ""


def test_un_instant_est_dit_au_jour_et_a_l_heure_du_lieu() -> None:
    minuit_passe = datetime.datetime(2026, 7, 31, 22, 30, tzinfo=datetime.UTC)
    assert date_longue(minuit_passe) == "1er\u00a0août 2026"
    assert heure(minuit_passe) == "0\u00a0h\u00a030"
    assert heure(datetime.time(9)) == "9\u00a0h"


def test_zero_est_singulier_et_les_mots_irreguliers_se_donnent() -> None:
    assert compte(0, "expérience") == "0\u00a0expérience"
    assert compte(1240, "expérience") == "1\u202f240\u00a0expériences"
    assert compte(2, "journal,journaux") == "2\u00a0journaux"
    assert compte(2, "fiche action") == "2\u00a0fiches actions"


@pytest.mark.parametrize(
    ("tape", "compose"),
    [
        ("Vraiment ? Oui !", "Vraiment\u202f? Oui\u202f!"),
        ("« ici » : là", "«\u00a0ici\u00a0»\u00a0: là"),
        ("12 000 € par an", "12\u202f000\u00a0€ par an"),
        ("de 6 ans à 10 %", "de 6\u00a0ans à 10\u00a0%"),
        ("n° 5 et Mme Haddad", "n°\u00a05 et Mme\u00a0Haddad"),
        ("le 20 novembre 2026", "le 20 novembre 2026"),
        ("http://exemple.fr/a?b", "http://exemple.fr/a?b"),
    ],
)
def test_une_espace_devient_insecable_sans_qu_aucun_signe_change(tape: str, compose: str) -> None:
    assert insecables(tape) == compose
    assert compose.replace("\u00a0", " ").replace("\u202f", " ") == tape


def test_un_gabarit_est_compose_hors_de_ses_balises() -> None:
    balise = '<a title="a : b" class="{% if x %}c : d{% endif %}">'
    attendu = balise + "«\u00a0{{ nom }}\u00a0»\u00a0: {# e : f #}ici\u202f?</a>"
    assert typographier(balise + "« {{ nom }} » : {# e : f #}ici ?</a>") == attendu


def test_le_filtre_protege_les_balises_et_echappe_le_texte_saisi() -> None:
    rendu = Template("{{ texte|insecables }}").render(Context({"texte": "<b> : oui ?"}))
    assert rendu == "&lt;b&gt;\u00a0: oui\u202f?"


@pytest.mark.parametrize(
    ("octets", "dit"),
    [(0, "1 Ko"), (551, "1 Ko"), (360_900, "361 Ko"), (999_499, "999 Ko"), (2_449_000, "2,4 Mo")],
)
def test_le_poids_d_un_fichier_se_dit_en_ko_puis_en_mo(octets: int, dit: str) -> None:
    assert taille(octets).replace("\u00a0", " ") == dit


@pytest.mark.parametrize(
    ("nom", "dit"),
    [
        ("Farid", "de Farid"),
        ("Inès Moreau", "d’Inès Moreau"),
        ("Élodie", "d’Élodie"),
        ("Hélène Maurin", "d’Hélène Maurin"),
        ("Halle aux outils", "de Halle aux outils"),
        ("", "de "),
    ],
)
def test_de_s_elide_devant_une_voyelle_et_un_h_muet(nom: str, dit: str) -> None:
    assert de(nom) == dit
    assert Template("{{ nom|de }}").render(Context({"nom": nom})) == dit
