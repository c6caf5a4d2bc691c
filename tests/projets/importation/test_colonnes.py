"""Un tableau dessiné avec des espaces est un tableau ; une phrase à deux espaces n'en est pas un."""

import pytest

from maillage.projets.importation import en_json, lire_document
from maillage.projets.importation.texte import lire_le_texte


def _rangs(texte: str) -> list[list[str]]:
    return [[cellule.texte for cellule in bloc.cellules] for bloc in lire_le_texte(texte) if bloc.est_rang]


@pytest.mark.parametrize(
    "texte",
    [
        "On sème en mars.  On récolte en juin.\nLe jardin ferme en hiver.",
        "Une ligne  seule à deux espaces\n\nUn paragraphe.",
        "1.   Semer\n2.   Récolter",
        "-   Semer\n-   Récolter",
        "        Centre social Bel-Air\n        Projet social",
        "Un mot   ici\nUn autre mot, bien plus loin   là",
    ],
)
def test_ce_qui_n_est_pas_aligne_n_est_pas_un_tableau(texte: str) -> None:
    assert _rangs(texte) == []


def test_des_colonnes_alignees_font_un_tableau() -> None:
    assert _rangs("Public      Les aînés\nLieu        La salle") == [
        ["Public", "Les aînés"],
        ["Lieu", "La salle"],
    ]


def test_une_cellule_ecrite_sur_plusieurs_lignes_est_recollee() -> None:
    texte = """
Contexte           La friche est vide
                   depuis dix ans.
Moyens humains     Une animatrice
et matériels       - une bêche

                   Deux bénévoles
Public             Tous
Un paragraphe qui suit le tableau.
"""
    assert _rangs(texte) == [
        ["Contexte", "La friche est vide depuis dix ans."],
        ["Moyens humains et matériels", "Une animatrice\nune bêche\nDeux bénévoles"],
        ["Public", "Tous"],
    ]
    assert lire_le_texte(texte)[-1].texte == "Un paragraphe qui suit le tableau."


def test_une_fiche_alignee_avec_des_espaces_est_lue() -> None:
    texte = """Centre social Bel-Air
Projet social 2026-2029

Fiche action n° 1 : Le jardin

Contexte            La friche est vide
                    depuis dix ans.
Public              Les aînés
                    Les voisins
Description         On sème.

Indicateurs         Nombre de jardiniers
quantitatifs        Nombre de récoltes
"""
    document = lire_document(texte.encode(), "projet.txt")
    (fiche,) = en_json(document.projets[0])["fiches"]
    assert fiche["contexte"] == "La friche est vide depuis dix ans."
    assert fiche["public"] == ["Les aînés", "Les voisins"]
    assert fiche["presentation"] == "On sème."
    assert fiche["indicateurs_quantitatifs"] == ["Nombre de jardiniers", "Nombre de récoltes"]
    assert document.a_ranger == ()


def test_un_tableau_de_chiffres_aligne_est_lu() -> None:
    texte = """Centre social Bel-Air
Projet social 2026-2029

LE QUARTIER

Familles (Insee 2021)     Le Pré     La ville
Monoparentales              31 %        1 118
Nombreuses                   2 %           92

Fiche action n° 1 : Le jardin
Contexte : la friche.
Public : tous
Description : on sème.
"""
    familles = en_json(lire_document(texte.encode(), "projet.txt").projets[0])["indicateurs_familles"]
    assert familles["zones"] == ["Le Pré", "La ville"]
    assert [[valeur["valeur"] for valeur in ligne["valeurs"]] for ligne in familles["lignes"]] == [
        [31, 1118],
        [2, 92],
    ]
