"""« Partenariat existant / potentiel » : deux listes quand le document les sépare, aucune devinée sinon."""

import pytest

from maillage.projets.importation import en_json, lire_document

_TETE = "Centre social Bel-Air\nProjet social 2026-2029\n\nFiche action n° 1 : Le jardin\n\n"
_CORPS = "Contexte\tLa friche est vide.\nPublic\tTous\n"


def _lus(lignes: str) -> tuple[list[str], list[str]]:
    """(existants, potentiels) d'une fiche dont le tableau finit par ces lignes."""
    (fiche,) = en_json(lire_document((_TETE + _CORPS + lignes).encode(), "projet.txt").projets[0])["fiches"]
    potentiels = fiche["partenaires_potentiels"]
    assert fiche["partenaires"][len(fiche["partenaires"]) - len(potentiels) :] == potentiels
    return fiche["partenaires"][: len(fiche["partenaires"]) - len(potentiels)], potentiels


@pytest.mark.parametrize("libelle", ["Partenariat", "Partenaires locaux", "Partenariat existant / potentiel"])
def test_des_partenaires_que_rien_ne_separe_sont_ceux_d_aujourd_hui(libelle: str) -> None:
    assert _lus(f"{libelle}\tLe bailleur\n") == (["Le bailleur"], [])


def test_une_precision_qui_n_est_pas_la_notre_reste_dans_le_texte() -> None:
    assert _lus("Partenaires\t<p>Partenaires relais : l'école</p>\n") == (
        ["Partenaires relais : l'école"],
        [],
    )


@pytest.mark.parametrize(
    ("existant", "potentiel"),
    [
        ("Partenariat existant", "Partenariat potentiel"),
        ("PARTENAIRES EXISTANTS :", "PARTENAIRES À MOBILISER :"),
        ("Partenaires actuels", "Partenaires pressentis"),
    ],
)
def test_deux_libelles_font_deux_listes(existant: str, potentiel: str) -> None:
    assert _lus(f"{existant}\tLe bailleur\n{potentiel}\tLe lycée\n") == (["Le bailleur"], ["Le lycée"])


def test_deux_colonnes_font_deux_listes() -> None:
    assert _lus("Partenariat existant\tPartenariat à construire\nLe bailleur\tLe lycée\n") == (
        ["Le bailleur"],
        ["Le lycée"],
    )


def test_des_sous_titres_dans_la_cellule_font_deux_listes() -> None:
    cellule = "<p>Existant :</p><ul><li>Le bailleur</li></ul><p>À développer :</p><ul><li>Le lycée</li></ul>"
    assert _lus(f"Partenariat existant / potentiel\t{cellule}\n") == (["Le bailleur"], ["Le lycée"])


def test_un_element_qui_se_dit_potentiel_garde_ses_mots() -> None:
    cellule = "<ul><li>Le bailleur</li><li>Partenaire à solliciter : le lycée</li></ul>"
    assert _lus(f"Partenariat\t{cellule}\n") == (["Le bailleur"], ["Partenaire à solliciter : le lycée"])
