"""De quoi appeler chaque adresse de l'évaluation : un projet dans sa dernière année, une version transmise."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.projets.choices import GenreEnvoi, MomentEvaluation
from maillage.projets.exportation.evaluation import rapport_d_evaluation
from maillage.projets.operations.envois import envoyer
from maillage.projets.operations.evaluation import retenir_une_lecon
from maillage.territoire.models import Structure
from tests.projets.fabriques import ProjetSocialFactory, arbre_d_essai

DU_PROJET = ("evaluation", "evaluation_clore", "memoire", "projet_suivant")
DU_MOMENT = ("evaluation_moment", "evaluation_rapport", "evaluation_transmettre")


def adresses_de_l_evaluation(structure: Structure, par: Utilisateur) -> dict[str, dict[str, Any]]:
    aujourd_hui = timezone.localdate()
    projet = arbre_d_essai(
        structure,
        en_cours=True,
        nom="Projet qui s’achève",
        du=aujourd_hui - timedelta(days=1200),
        au=aujourd_hui + timedelta(days=200),
        suite_de=ProjetSocialFactory(structure=structure, nom="D’avant", etat="archive"),
    )
    social, moment = {"pk": projet.pk}, {"mot": "mi-parcours"}
    lecon = retenir_une_lecon(projet, MomentEvaluation.MI_PARCOURS, texte="Aller vers.", par=par)
    rapport = rapport_d_evaluation(projet, MomentEvaluation.MI_PARCOURS)
    envoyer(projet, rapport, genre=GenreEnvoi.MI_PARCOURS, cle="un-essai", par=par)
    return {
        **dict.fromkeys(DU_PROJET, social),
        **dict.fromkeys(DU_MOMENT, social | moment),
        "evaluation_etape": social | moment | {"cle": f"axe-{projet.axes.order_by('pk')[0].pk}"},
        "evaluation_fichier": social | moment | {"extension": "docx"},
        "evaluation_ajouter": social | moment | {"genre": "nouveaute"},
        "evaluation_corriger": social | moment | {"genre": "lecon", "numero": lecon.pk},
        "fiche_action_avant": {"pk": projet.fiches.order_by("pk")[0].pk},
        "memoire_fichier": social | {"extension": "csv"},
    }
