"""L'arbre lu d'un coup : chaque fiche à sa place, avec le numéro que sa place lui donne."""

import pytest
from django.core.exceptions import ValidationError

from maillage.projets.lecture import lire_arbre
from maillage.projets.models import FicheAction
from maillage.projets.numerotation import numero, numero_du_document, valider_modele
from tests.distribution import Distribution
from tests.projets.fabriques import arbre_d_essai


@pytest.mark.parametrize(
    "modele", ["{axe}", "Fiche", "{rang:03d}", "{axe}-{rang", "{titre} {rang}", "{rang:123}"]
)
def test_un_modele_de_numero_qui_ne_distingue_pas_les_fiches_est_refuse(modele: str) -> None:
    with pytest.raises(ValidationError):
        valider_modele(modele)


@pytest.mark.parametrize(
    ("modele", "attendu"),
    [("{axe}-{rang:02}", "A-07"), ("4.{axe}.{rang}", "4.A.7"), ("Fiche {rang}", "Fiche 7")],
)
def test_un_modele_de_numero_se_lit(modele: str, attendu: str) -> None:
    valider_modele(modele)
    assert numero(modele, "A", 7) == attendu


def test_le_numero_d_un_document_garde_sa_forme() -> None:
    assert numero_du_document("06", "1") == "1-06"
    assert numero_du_document("4.1.2", "1") == "4.1.2"


@pytest.mark.django_db
def test_l_arbre_se_lit_en_cinq_requetes(
    distribution: Distribution, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    projet = arbre_d_essai(distribution.deux_ponts)
    with django_assert_num_queries(5):  # type: ignore[operator]
        arbre = lire_arbre(projet)
    assert [str(lue) for lue in arbre.fiches] == [
        "A-01 Permanences d’écrivain public",
        "A-02 Le café des clics au marché",
        "A-03 Le prêt de vélos",
        "A-04 Rendez-vous emploi du mardi",
        "B-01 La fête des paliers",
        "Une idée d’habitants, à ranger",
    ]
    assert [enjeu.numero for enjeu in arbre.enjeux] == [1, 2, 3]
    assert [str(lue) for lue in arbre.objectifs[3].citees] == ["A-02 Le café des clics au marché"]


@pytest.mark.django_db
def test_un_projet_importe_garde_ses_numeros_jusqu_a_la_renumerotation(distribution: Distribution) -> None:
    projet = arbre_d_essai(distribution.deux_ponts, garde_les_numeros=True)
    FicheAction.objects.filter(titre="Le prêt de vélos").update(numero_source="07")
    assert "A-07 Le prêt de vélos" in [str(lue) for lue in lire_arbre(projet).fiches]
    projet.garde_les_numeros = False
    assert "A-03 Le prêt de vélos" in [str(lue) for lue in lire_arbre(projet).fiches]
