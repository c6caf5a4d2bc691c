"""Un cadre de rapport : un fichier mal écrit est refusé, la bonne version remplit l'année, un petit nombre se tait."""

import tomllib
from collections import Counter
from datetime import date
from random import Random
from typing import Any

import pytest
from django.core.checks.registry import registry

from maillage.evaluation.cadres import definitions
from maillage.evaluation.cadres.croisement import cases_a_cacher
from maillage.evaluation.cadres.definitions import (
    DOSSIER,
    CadreInvalide,
    cadre_du,
    cadres,
    derniers_cadres,
    lire_cadre,
    lire_fichier,
)
from maillage.evaluation.cadres.verification import cadres_lisibles

LAEP: dict[str, Any] = tomllib.loads((DOSSIER / "laep-1.toml").read_text(encoding="utf-8"))


def laep(**changes: Any) -> dict[str, Any]:
    return LAEP | changes


def une(**rubrique: Any) -> dict[str, Any]:
    """Le cadre du Laep, dont cette rubrique est la seule."""
    return laep(parties=[{"titre": "Une partie", "rubriques": [{"cle": "une", "titre": "Une", **rubrique}]}])


@pytest.mark.parametrize(
    ("table", "mot"),
    [
        (laep(sources=[]), "d’où vient"),
        (laep(calendrier="projet"), "civile ou scolaire"),
        (laep(dispositif="reaap"), "Dispositif inconnu"),
        (laep(est_anonyme=False), "anonyme"),
        (laep(tranches={"Tous": ["0_5", "6_11"]}), "bande d’âge"),
        (laep(couleur="verte"), "couleur"),
        (une(), "une mesure"),
        (une(mesure="seances", a_dire="Racontez."), "une mesure"),
        (une(mesure="brouettes"), "brouettes"),
        (une(mesure="seances", filtres={"age": ["enfants"]}), "n’a pas de sens"),
        (une(mesure="personnes_differentes"), "anonyme"),
        (une(mesure="presences", par=["quartier"]), "anonyme"),
        (une(mesure="presences", par=["mois"]), "détail « mois »"),
        (une(mesure="presences", croise=["âge"]), "deux entrées"),
        (une(mesure="activites", en="heures"), "ne se compte pas"),
        (une(mesure="passages"), "dispositif"),
        (une(mesure="heures_benevolat"), "dispositif"),
    ],
)
def test_un_cadre_mal_ecrit_est_refuse_avec_sa_raison(table: dict[str, Any], mot: str) -> None:
    with pytest.raises(CadreInvalide, match=mot):
        lire_cadre(table)


def test_le_fichier_porte_le_nom_de_sa_version(tmp_path: Any) -> None:
    mal_nomme = tmp_path / "laep-2.toml"
    mal_nomme.write_text((DOSSIER / "laep-1.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(CadreInvalide, match=r"laep-2\.toml"):
        lire_fichier(mal_nomme)


def test_une_faute_se_dit_au_demarrage(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cadres_lisibles in registry.registered_checks
    assert cadres_lisibles() == []

    def cadres_fautifs() -> None:
        raise CadreInvalide("caf-1.toml : sans source.")

    monkeypatch.setattr("maillage.evaluation.cadres.verification.cadres", cadres_fautifs)
    assert [un.msg for un in cadres_lisibles()] == [
        "Un cadre de rapport ne se lit pas. caf-1.toml : sans source."
    ]


def test_les_trois_cadres_se_lisent_et_disent_leur_source() -> None:
    assert [cadre.sigle for cadre in derniers_cadres()] == ["caf", "clas", "laep"]
    assert all(adresse.startswith("https://") for cadre in cadres() for _, adresse in cadre.sources)
    assert {cadre.sigle for cadre in cadres() if cadre.est_anonyme} == {"laep"}


def test_la_version_en_usage_au_debut_de_l_annee_la_remplit() -> None:
    premiere = lire_cadre(laep())
    seconde = lire_cadre(laep(version="2", vaut_depuis=date(2025, 6, 1)))
    toutes = (premiere, seconde)
    assert cadre_du("laep", date(2025, 1, 1), toutes) is premiere
    assert cadre_du("laep", date(2026, 1, 1), toutes) is seconde
    assert cadre_du("laep", date(2020, 1, 1), toutes) is None
    assert definitions.cadre_du("reaap", date(2026, 1, 1)) is None


# --- Les cases d'un tableau croisé --------------------------------------------------------------------
def test_une_case_seule_sous_le_seuil_en_emporte_trois_autres() -> None:
    """Sans elles, un total de ligne et un total de colonne la rendraient."""
    cases = {("a", "x"): 3, ("a", "y"): 20, ("a", "z"): 30, ("b", "x"): 40, ("b", "y"): 50, ("b", "z"): 60}
    tues = cases_a_cacher(cases, 5, a_marges_cachees=False)
    assert tues == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}


def test_sans_petite_case_tout_se_lit() -> None:
    assert cases_a_cacher({("a", "x"): 5, ("b", "y"): 12}, 5, a_marges_cachees=False) == set()


def test_ce_que_taisent_les_marges_le_tableau_le_tait() -> None:
    cases = {("a", "x"): 4, ("b", "x"): 30, ("b", "y"): 30, ("c", "x"): 50, ("c", "y"): 60}
    tues = cases_a_cacher(cases, 11, a_marges_cachees=True)
    assert {case for case in tues if case[0] == "a"} == {("a", "x"), ("a", "y")}
    assert {case for case in tues if case[0] == "b"} == {("b", "x"), ("b", "y")}  # la marge cachée avec « a »


@pytest.mark.parametrize("graine", range(60))
def test_aucune_case_cachee_ne_se_retrouve_par_les_totaux(graine: int) -> None:
    """L'attaque : tous les totaux connus, on résout de proche en proche les lignes et les colonnes à une inconnue."""
    hasard = Random(graine)
    cases = {
        (f"l{i}", f"c{j}"): hasard.choice([0, 0, 1, 2, 3, 4, 6, 9, 15, 40])
        for i in range(hasard.randint(2, 5))
        for j in range(hasard.randint(2, 5))
    }
    tues = cases_a_cacher(cases, 5, a_marges_cachees=False)
    assert {case for case, n in cases.items() if 0 < n < 5} <= tues
    inconnues = set(tues)
    while True:
        par_rangee = Counter(mot for case in inconnues for mot in case)
        trouvees = {case for case in inconnues if 1 in (par_rangee[case[0]], par_rangee[case[1]])}
        if not trouvees:
            break
        inconnues -= trouvees
    seules = {case for case in tues - inconnues if 0 < cases[case] < 5}
    # Il ne reste de lisible que ce qu'un tableau d'une seule ligne utile ne peut pas taire.
    pleines = {case for case in cases if cases[case]}
    assert not seules or pleines <= tues
