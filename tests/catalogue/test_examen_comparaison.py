"""Voir ce qui change : chaque mot ôté, chaque mot ajouté, et rien d'autre."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.comparaison import Comparaison, Morceau, Sort, comparer_lignes, comparer_textes


def ecrit(morceaux: tuple[Morceau, ...]) -> str:
    """« quatre [-mots-] » : ce qui est ôté entre [-…-], ajouté entre {+…+}."""
    signes = {Sort.OTE: "[-{}-]", Sort.AJOUTE: "{{+{}+}}", Sort.PAREIL: "{}", Sort.REPLIE: "<{}>"}
    return "".join(signes[morceau.sort].format(morceau.texte) for morceau in morceaux)


def deux(comparaison: Comparaison) -> tuple[str, str]:
    return ecrit(comparaison.avant), ecrit(comparaison.apres)


@pytest.mark.parametrize(
    ("avant", "apres", "attendus"),
    [
        (
            "Deux salariées et une équipe de quatre bénévoles.",
            "Deux salariées et une équipe de neuf bénévoles, selon les semaines.",
            (
                "Deux salariées et une équipe de [-quatre-] bénévoles.",
                "Deux salariées et une équipe de {+neuf+} bénévoles{+, selon les semaines+}.",
            ),
        ),
        ("", "Tout est neuf.", ("", "{+Tout est neuf.+}")),
        ("Tout est vieux.", "", ("[-Tout est vieux.-]", "")),
        (
            "Les habitants sont très contents.",
            "Au total, 86 personnes différentes en 2025. Deux sur trois refont seules le geste appris.",
            (
                "[-Les habitants sont très contents.-]",
                "{+Au total, 86 personnes différentes en 2025. Deux sur trois refont seules le geste appris.+}",
            ),
        ),
        ("L’atelier du lundi", "L’atelier du mardi", ("L’atelier du [-lundi-]", "L’atelier du {+mardi+}")),
        ("<b>gras</b>", "<i>gras</i>", ("<[-b-]>gras</[-b-]>", "<{+i+}>gras</{+i+}>")),
    ],
)
def test_seuls_les_mots_qui_changent_sont_marques(avant: str, apres: str, attendus: tuple[str, str]) -> None:
    assert deux(comparer_textes(avant, apres)) == attendus


def test_des_espaces_de_plus_ne_sont_pas_un_changement() -> None:
    comparaison = comparer_textes("Un  jardin.\nDeux poules.", "Un jardin. Deux poules.")
    assert comparaison.est_d_espaces
    assert not comparer_textes("Un jardin.", "Un jardin partagé.").est_d_espaces


def test_une_liste_se_compare_ligne_a_ligne() -> None:
    assert deux(comparer_lignes("Carsat\nVille de Lens", "Ville de Lens\nCarsat, 500 €")) == (
        "[-Carsat-]\nVille de Lens",
        "Ville de Lens\n{+Carsat, 500 €+}",
    )


def test_un_long_texte_pareil_se_replie_autour_du_changement_et_rien_ne_se_perd() -> None:
    debut, fin = "Chaque samedi on jardine. " * 30, " On mange ensuite." * 30
    comparaison = comparer_textes(debut + "Le maire vient." + fin, debut + "La mairesse vient." + fin)
    assert comparaison.est_repliee
    replie = ecrit(comparaison.apres_replie)
    assert replie.startswith("<…>") and replie.endswith("<…>")
    assert "jardine. {+La mairesse+} vient." in replie
    assert len(replie) < 300
    assert "".join(m.texte for m in comparaison.apres) == debut + "La mairesse vient." + fin


def test_un_texte_court_ne_se_replie_pas() -> None:
    assert not comparer_textes("Un jardin.", "Deux jardins.").est_repliee


def test_un_long_texte_tout_reecrit_est_dit_remplace() -> None:
    """Sans borne, marier les mots courants de deux récits prendrait des minutes."""
    avant, apres = "un deux trois de la " * 5_000, "quatre cinq six de la " * 5_000
    assert deux(comparer_textes(avant, apres)) == (
        f"[-{avant.strip()}-] ",
        "{+" + apres.strip() + "+} ",
    )


@given(st.text(alphabet="ab.,; \n’-", max_size=80), st.text(alphabet="ab.,; \n’-", max_size=80))
def test_chaque_cote_redonne_exactement_son_texte(avant: str, apres: str) -> None:
    for comparaison in (comparer_textes(avant, apres), comparer_lignes(avant, apres)):
        assert "".join(m.texte for m in comparaison.avant) == avant
        assert "".join(m.texte for m in comparaison.apres) == apres
        assert not any(m.sort == Sort.AJOUTE for m in comparaison.avant)
        assert not any(m.sort == Sort.OTE for m in comparaison.apres)
