"""Le calendrier : années et étapes de chaque fiche, sur la frise et dans le tableau."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.documents.dessin import verifier_svg
from maillage.projets.calendrier import dessiner_le_calendrier, groupes
from maillage.projets.choices import EtatFiche
from maillage.projets.models import Etape, FicheAction, ProjetSocial
from maillage.projets.temps import annees_de
from maillage.projets.vue_de_l_arbre import VueDeLArbre
from tests.distribution import Distribution
from tests.projets.fabriques import arbre_d_essai

pytestmark = pytest.mark.django_db


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    social = arbre_d_essai(distribution.deux_ponts)
    velos = FicheAction.objects.get(titre__contains="vélos")
    Etape.objects.create(fiche=velos, titre="Acheter dix vélos", du=date(2025, 11, 1), au=date(2026, 2, 15))
    Etape.objects.create(fiche=velos, titre="Le premier prêt", du=date(2028, 3, 1), faite_le=timezone.now())
    return social


@pytest.mark.parametrize(
    ("etat", "attendu"),
    [
        (EtatFiche.A_ECRIRE, ["prevue", "prevue", "prevue", "non"]),
        (EtatFiche.EN_COURS, ["faite", "faite", "prevue", "non"]),
        (EtatFiche.ARRETEE, ["faite", "faite", "non", "non"]),
    ],
)
def test_une_annee_est_faite_quand_elle_est_venue_et_que_l_action_a_commence(
    etat: EtatFiche, attendu: list[str]
) -> None:
    fiche = FicheAction(etat=etat, annees=[2025, 2026, 2027])
    assert [genre for _, genre in annees_de(fiche, [2025, 2026, 2027, 2028], date(2026, 6, 1))] == attendu


def test_une_etape_a_cheval_se_lit_dans_chacune_de_ses_annees(
    projet: ProjetSocial, client_de: Callable[[str], Client]
) -> None:
    page = client_de("ines").get(reverse("calendrier", args=[projet.pk])).content.decode()
    lu = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert lu.count("Acheter dix vélos, du") == 2
    assert "En retard : Acheter dix vélos" in lu
    assert "Fait : Le premier prêt" in lu
    assert "6 fiches, 2 étapes datées" in lu


def test_la_frise_a_une_bande_par_annee_et_un_trait_par_etape(projet: ProjetSocial) -> None:
    vue = VueDeLArbre.lire(projet)
    frise = dessiner_le_calendrier(projet, projet.annees, groupes(vue, projet), date(2026, 6, 1))
    verifier_svg(frise)
    assert frise.count("<rect") == 6 * 2 + 2
    assert frise.count("stroke-dasharray") == 1
    passe = dessiner_le_calendrier(projet, projet.annees, [], date(2030, 1, 1))
    assert "stroke-dasharray" not in passe


def test_une_annee_finie_ou_rien_ne_s_est_fait_n_a_ni_colonne_ni_repere(
    projet: ProjetSocial, client_de: Callable[[str], Client]
) -> None:
    ProjetSocial.objects.filter(pk=projet.pk).update(du=date(2023, 10, 1))
    page = client_de("ines").get(reverse("calendrier", args=[projet.pk])).content.decode()
    (frise,) = re.findall(r"<svg class=\"calendrier-dessine\".*?</svg>", page, re.DOTALL)
    assert ">2023<" not in page and ">2025<" in frise
