"""Argent et personnes lus dans le récit. Se taire vaut mieux que se tromper."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.catalogue.choices import GenreMoyen
from maillage.catalogue.importation.bloc import TEXTES
from maillage.catalogue.importation.moyens import CHAMP_ARGENT, CHAMP_PERSONNES, budget, lire_moyens

PARTAGE = Path(__file__).resolve().parents[2].parent / "shared"


def budget_de(texte: str) -> str | None:
    lu = budget(lire_moyens({CHAMP_ARGENT: texte}))
    return None if lu is None else str(lu)


def personnes_de(texte: str) -> dict[str, str]:
    return {lu.genre.value: str(lu.valeur) for lu in lire_moyens({CHAMP_PERSONNES: texte}) if lu.est_retenu}


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "/",
        "en cours",
        "Financements divers",
        "3",
        "Une participation de 12 € par personne",
        "Subvention de la ville : 3 000 €",
        "La scène (300 €) et le tournage (1 200 €)",
        "Ville 800 €, Caf 900 €",
        "2/5 pour la ville, 1/5 pour la Caf, 1/10 pour le bailleur",
        "Trois partenaires à parts égales",
        "0 €",
        "le 12/05/2021",
    ],
)
def test_un_budget_incertain_n_est_pas_retenu(texte: str) -> None:
    assert budget_de(texte) is None


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("100.200 €", "100200"),
        ("43 700 euros", "43700"),
        ("52\u00a0800 Euros", "52800"),
        ("14000 eros", "14000"),
        ("55000", "55000"),
        ("environ 30 000 €", "30000"),
        ("10000€ par an", "10000"),
        ("1 234,56 €", "1234.56"),
        ("12 k€", "12000"),
        ("1500 euros sans compter le minibus", "1500"),
        ("27 860 €, dont 42 % de la Caf.\nLes locaux valent 3000 €", "27860"),
        ("Budget global : 372100€\nSubventions : 214650€ (Ville : 37250€)", "372100"),
        ("l'action a un coût global de 4410€ ; la Caf verse 2000€", "4410"),
        ("Le budget, évalué à 38 297.47€ la première année, puis 20 000€ / an", "38297.47"),
        ("Le coût est celui du salarié soit 33.000 € dont 25.000 € de la ville", "33000"),
        ("Subventions : 2 000 € et 3 000 €. 23 335€ de charges", "23335"),
        ("En 2018, les charges représentaient 36400€. Recettes : 8000€, 4000€", "36400"),
        (
            "Repas : 100 €\nSalaires : 900 €\nTotal : 1000 €\nVille : 400 €\nCaf : 600 €\nTotal : 1000 €",
            "1000",
        ),
        (
            "Achat 100,00 € Caf 1 404,08 € Total dépenses de l'exercice 1 504,08 € Total recettes 1 504,08 €",
            "1504.08",
        ),
        ("Ville 400 €\nTOTAL PRODUITS : 900 €\nTOTAL CHARGES : 950 €", "950"),
        ("eau = 41.70\ngaz = 58.30\nTotal = 100", "100"),
        ("CHARGES :\nAchats = 100€ / Salaires = 3 500€\nPRODUITS :\nCaf = 3 000€ / Ville = 600€", "3600"),
    ],
)
def test_le_budget_est_lu_quand_il_est_sur(texte: str, attendu: str) -> None:
    assert budget_de(texte) == attendu


def test_des_charges_et_des_produits_qui_ne_s_equilibrent_pas_ne_donnent_pas_de_budget() -> None:
    assert (
        budget_de("CHARGES :\nAchats = 100€ / Salaires = 3 500€\nPRODUITS :\nCaf = 3 000€ / Ville = 6€")
        is None
    )


def test_la_periode_et_l_approximation_sont_gardees() -> None:
    (lu,) = lire_moyens({CHAMP_ARGENT: "environ 5000€ /an, salaires compris"})
    assert (lu.periode, lu.est_approximatif, lu.extrait) == ("par an", True, "environ 5000€ /an")


def test_un_montant_ecrit_ailleurs_est_lu_sans_etre_retenu() -> None:
    (lu,) = lire_moyens({"resultat_habitants": "Des vêtements entre 1,2 et 3,2 euros"})
    assert (lu.valeur, lu.est_retenu, lu.est_approximatif) == (Decimal("1.2"), False, True)


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "/",
        "Les salariés du centre social",
        "Les chargées d'accueil, le directeur et l'animatrice",
        "Des intervenants et plusieurs bénévoles",
        "Pour 12 salariés en insertion",
        "15 à 20 partenaires, 3 associations, 2 institutions",
        "10 séances d'1h30, 25h par semaine",
        "90% sont des habitants",
        "2 salaires",
        "18-25 ans : 3",
        "4 conseillers municipaux",
    ],
)
def test_des_personnes_incertaines_ne_sont_pas_retenues(texte: str) -> None:
    assert personnes_de(texte) == {}


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("20", {"personnes": "20"}),
        ("3 personnes", {"personnes": "3"}),
        ("5 professionnels et 9 bénévoles", {"professionnels": "5", "benevoles": "9"}),
        ("2 ETP", {"temps_plein": "2"}),
        ("3 salariés (2,5 ETP)", {"professionnels": "3", "temps_plein": "2.5"}),
        ("une dizaine de pofessionnels", {"professionnels": "10"}),
        ("2 salariées; une quinzaine de bénévoles", {"professionnels": "2", "benevoles": "15"}),
        ("3 professionnels (1 coordinateur, 1 référent, 1 animateur)", {"professionnels": "3"}),
        ("3 salariés + 1 intervenant + 1 bénévole", {"professionnels": "4", "benevoles": "1"}),
        ("8 salariés + 35 nénévoles et environ 250 bénéficiaires",
         {"professionnels": "8", "benevoles": "35", "habitants": "250"}),
        ("11 adultes\n1 animatrice\n1 bénévole", {"habitants": "11", "professionnels": "1", "benevoles": "1"}),
        ("112 jeunes, soit 44 garçons et 68 filles, dont :\n- 65 adolescents\n- 47 jeunes", {"habitants": "112"}),
        ("25 habitants + 3 associations", {"habitants": "25"}),
        ("entre 15 et 20 bénévoles", {"benevoles": "15"}),
        ("Plus de 1 200 habitants", {"habitants": "1200"}),
        ("Un coordinateur,\nUne éducatrice,\nun conseiller", {"professionnels": "3"}),
        ("la référente famille, une animatrice et 4 bénévoles chauffeurs", {"professionnels": "2", "benevoles": "4"}),
        ("Bénévoles : 12\nSalariés : 2", {"benevoles": "12", "professionnels": "2"}),
        ("Bénévolat : 4 personnes : 0,40 ETP", {"benevoles": "4", "temps_plein": "0.40"}),
        ("Au total 428 personnes ont pu être accompagnées", {"habitants": "428"}),
        ("40 personnes du centre. Plus de 200 habitants.", {"personnes": "40", "habitants": "200"}),
        ("32 personnes : 30 adultes, 2 bénévoles", {"habitants": "30", "benevoles": "2"}),
        ("6 parents bénévoles", {"benevoles": "6"}),
        ("3 animateurs. Les animateurs préparent la séance.", {"professionnels": "3"}),
    ],
)  # fmt: skip
def test_les_personnes_sont_lues_quand_c_est_sur(texte: str, attendu: dict[str, str]) -> None:
    assert personnes_de(texte) == attendu


def test_une_somme_montre_les_mots_dont_elle_vient() -> None:
    texte = "3 salariés + 1 intervenant + 1 bénévole"
    (somme,) = [
        lu
        for lu in lire_moyens({CHAMP_PERSONNES: texte})
        if lu.est_retenu and lu.genre == GenreMoyen.PROFESSIONNELS
    ]
    assert somme.extrait == "3 salariés + 1 intervenant"


_MORCEAUX = st.sampled_from(
    ["12", "1 200", "€", "euros", ",", ".", ":", "=", "(", ")", "\n", "-", "dont", "soit", "total", "budget"]
    + [
        "charges",
        "salariés",
        "bénévole",
        "les",
        "une dizaine de",
        "ETP",
        "k€",
        "/an",
        "%",
        "entre",
        "environ",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(_MORCEAUX, max_size=40).map(" ".join)))
def test_ce_qui_est_lu_est_toujours_a_sa_place_dans_le_texte(texte: str) -> None:
    textes = {CHAMP_ARGENT: texte, CHAMP_PERSONNES: texte, "resume": texte}
    lus = lire_moyens(textes)
    for lu in lus:
        assert textes[lu.champ][lu.debut : lu.fin] == lu.extrait != ""
        assert lu.valeur > 0
        assert len(lu.periode) <= 30
    retenus = [lu.genre for lu in lus if lu.est_retenu]
    assert len(retenus) == len(set(retenus))


@pytest.mark.skipif(not PARTAGE.is_dir(), reason="documents réels absents : dossier « shared »")
def test_sur_les_vraies_fiches_chaque_budget_retenu_est_juste() -> None:
    """Relu fiche par fiche. `None` : le texte ne dit pas ce que l'action a coûté."""
    attendus = {
        "prefecture": {1: 100200, 2: 33000, 4: 43700, 5: 55000, 8: 5000, 9: 372100, 10: 27860, 11: 5000, 12: 36400,
                       17: 23335, 18: 3500, 19: 30000, 20: 37669, 22: 52800, 24: 14000},
        "carsat": {2: 1500, 4: "4256.95", 5: "2704.08", 6: 20000, 7: "38297.47", 8: "69543.58", 9: 7290, 10: 4410,
                   11: 12137, 12: 5647, 13: 6258, 17: 5000, 19: 10000, 20: 36400, 24: 12000},
    }  # fmt: skip
    for fiche in json.loads((PARTAGE / "verites" / "catalogue.json").read_text()):
        lu = budget(lire_moyens({champ: fiche.get(champ) for champ in TEXTES}))
        page = "prefecture" if "prefecture" in fiche["fichier_source"] else "carsat"
        voulu = attendus[page].get(fiche["position"])
        assert (None if lu is None else lu) == (None if voulu is None else Decimal(voulu)), fiche["position"]
