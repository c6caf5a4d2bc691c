"""Le calcul, recompté : un an simulé, chaque valeur refaite en Python nu sur les mêmes lignes, et égale."""

import pytest
from django.core.management import call_command

from maillage.evaluation.choices import Perimetre
from maillage.projets.models import Indicateur, ProjetSocial, ValeurCalculee
from outils.mesures._annee import Tailles, simuler
from outils.mesures.quotidien import accepter_tout, ecarts
from tests.evaluation.test_propositions import ESSAIS
from tests.fabriques import StructureFactory
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
PETITES = Tailles(
    passages=400,
    activites=24,
    seances=240,
    presences=1_200,
    personnes=90,
    initiatives=20,
    partenaires=12,
    benevoles=10,
)


@pytest.fixture
def projet() -> ProjetSocial:
    """Nos indicateurs d'essai répartis entre les fiches d'un projet, phrases acceptées, un an de quotidien."""
    projet = arbre_d_essai(StructureFactory())
    fiches = list(projet.fiches.order_by("pk"))
    for rang, (texte, *_) in enumerate(ESSAIS["quantitative"]):
        IndicateurFactory(fiche=fiches[rang % len(fiches)], libelle=texte)
    accepter_tout(projet)
    for phrase in PHRASES:
        IndicateurFactory(fiche=fiches[0], libelle="Une phrase précise", definition=phrase, source="calcul")
    simuler(projet, rentree=2025, tailles=PETITES)
    return projet


PHRASES = [
    {"mesures": ["personnes_differentes"], "au_moins": 3, "filtres": {"age": ["seniors", "enfants"]}},
    {"mesures": ["personnes_differentes"], "filtres": {"genre": ["femmes"], "quartier": ["Le Moulin"]}},
    {"mesures": ["presences"], "filtres": {"age": ["adolescents"], "genre_seance": ["atelier", "sortie"]}},
    {"mesures": ["presences", "seances"], "filtres": {"role": ["parent"]}, "perimetre": "centre"},
    {"mesures": ["assiduite"], "filtres": {"age": ["adultes"]}},
    {"mesures": ["nouvelles_personnes"], "perimetre": "centre"},
    {"mesures": ["familles"], "au_moins": 2, "filtres": {"quartier": ["territoire du centre"]}},
    {"mesures": ["benevoles"], "perimetre": "centre"},
    {"mesures": ["heures_benevolat"], "filtres": {"genre_seance": ["atelier"]}, "perimetre": "centre"},
    {"mesures": ["initiatives"], "filtres": {"age": ["jeunes"]}, "perimetre": "centre"},
    {"mesures": ["partenaires"], "filtres": {"type_partenaire": ["associations"]}},
    {"mesures": ["passages"], "filtres": {"age": ["seniors"], "genre": ["femmes"]}, "perimetre": "centre"},
    {"mesures": ["demandes_par_type"], "perimetre": "centre"},
    {"mesures": ["evolution"], "base": ["presences"], "perimetre": "centre"},
    {"mesures": ["satisfaction"], "perimetre": "centre"},
    {
        "mesures": ["activites"],
        "perimetre": "centre",
        "filtres": {"public": ["un mot que personne n’emploie"]},
    },
]


@pytest.mark.plafond_de_requetes(10_000)
def test_chaque_valeur_est_celle_qu_on_recompte_en_python_nu(projet: ProjetSocial) -> None:
    call_command("recalculer", ecrire=True)
    combien, faux = ecarts(projet, (2025, 2026))
    assert faux == []
    assert combien >= 80  # deux années de tout ce qui se calcule : la comparaison n'est pas vide


def test_le_calcul_se_rejoue_sans_rien_changer(projet: ProjetSocial) -> None:
    call_command("recalculer", ecrire=True)
    avant = list(ValeurCalculee.objects.order_by("indicateur", "annee").values())
    call_command("recalculer", ecrire=True)
    assert list(ValeurCalculee.objects.order_by("indicateur", "annee").values()) == avant
    assert avant


def test_a_blanc_rien_n_est_ecrit(projet: ProjetSocial) -> None:
    call_command("recalculer")
    assert not ValeurCalculee.objects.exists()


def test_le_detail_d_un_compte_de_lignes_fait_son_total(projet: ProjetSocial) -> None:
    """Par mois et par lieu, les présences et les passages s'additionnent ; des personnes, jamais."""
    call_command("recalculer", ecrire=True)
    vues = 0
    for valeur in ValeurCalculee.objects.filter(
        indicateur__in=Indicateur.objects.filter(definition__perimetre=Perimetre.CENTRE)
    ).order_by("pk"):
        premiere = valeur.detail[0]
        if premiere["mesure"] not in {"presences", "demandes_par_type", "passages"}:
            continue
        for axe in ("mois", "site"):
            assert sum(float(n) for _, n in premiere["par"][axe]) == pytest.approx(float(valeur.valeur))
            vues += 1
    assert vues
