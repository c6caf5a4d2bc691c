"""La bibliothèque d'indicateurs : chaque modèle se dit, et se retrouve."""

import pytest

from maillage.evaluation.bibliotheque import Modele, chercher, modeles, origines, themes
from maillage.evaluation.choices import Mesure
from maillage.evaluation.phrases import dire
from maillage.evaluation.propositions import proposer
from maillage.projets.choices import ListeIndicateur
from tests.evaluation.test_phrases import sans_fautes


def test_une_recherche_sans_reponse_est_vide() -> None:
    assert chercher("hippodrome") == []
    assert chercher(theme="inconnu") == []


@pytest.mark.parametrize("modele", modeles(), ids=lambda modele: modele.libelle)
def test_chaque_modele_est_complet_et_sa_definition_se_dit(modele: Modele) -> None:
    assert modele.theme in themes()
    assert modele.unite and modele.conseil.endswith((".", "?", "»"))
    if modele.definition:
        assert sans_fautes(modele.definition) == modele.phrase == dire(modele.definition)
        assert modele.origines
    else:
        assert modele.methode and modele.liste is ListeIndicateur.QUALITATIVE


def test_la_bibliotheque_couvre_le_metier() -> None:
    assert len(modeles()) >= 80
    assert {modele.theme for modele in modeles()} == {*themes()}
    assert {*origines()} == {*Mesure}
    assert len({modele.libelle for modele in modeles()}) == len(modeles())
    employees = {m for modele in modeles() if modele.definition for m in modele.definition.comptees}
    assert employees == {*Mesure} - {Mesure.EVOLUTION}


def test_on_retrouve_un_modele_par_ses_mots_a_leur_racine_pres() -> None:
    assert [modele.libelle for modele in chercher("bénévolat heure")] == ["Nombre d’heures de bénévolat"]
    assert chercher("père") == chercher("peres", "familles") != []


def test_les_jugements_se_laissent_de_cote() -> None:
    assert all(modele.definition for modele in chercher(comptes_seulement=True))


def test_le_libelle_d_un_modele_est_compris_comme_sa_definition() -> None:
    """Un troisième jeu d'essai : notre propre bibliothèque."""
    faux = [
        (modele.libelle, proposer(modele.libelle, modele.liste).mesures)
        for modele in modeles()
        if {*proposer(modele.libelle, modele.liste).mesures}
        != {*(modele.definition.mesures if modele.definition else ())}
    ]
    assert len(faux) <= len(modeles()) // 20, faux
