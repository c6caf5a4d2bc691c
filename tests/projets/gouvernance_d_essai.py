"""De quoi appeler chaque adresse de la gouvernance et du budget."""

from typing import Any

from maillage.projets.models import ProjetSocial
from tests.projets.fabriques import InstanceFactory
from tests.projets.fabriques_gouvernance import (
    CollegeFactory,
    DecisionFactory,
    FinancementFactory,
    MandatFactory,
    PreuveFactory,
    ReunionFactory,
)

DU_PROJET = ("gouvernance", "instance_nouvelle", "instance_remettre", "participation", "budget")
DE_L_INSTANCE = (
    *("instance", "instance_modifier", "instance_retirer", "instance_colleges"),
    *("mandat_nouveau", "reunion_nouvelle"),
)
DE_LA_REUNION = (
    *("reunion", "reunion_modifier", "reunion_presences", "reunion_compte_rendu"),
    *("reunion_document", "decision_nouvelle"),
)
DE_L_ANNEE = (
    *("budget_annee", "budget_copier", "budget_somme", "budget_document", "budget_classeur"),
    *("budget_importer", "budget_importer_confirmer", "financement_nouveau", "heures_benevoles"),
)


def adresses_de_la_gouvernance(projet: ProjetSocial) -> dict[str, dict[str, Any]]:
    social = {"pk": projet.pk}
    siege = InstanceFactory(projet=projet, nom="Comité de pilotage")
    tenue = ReunionFactory(instance=siege, tenue=True)
    membre = MandatFactory(college=CollegeFactory(instance=siege))
    fiche = next(une for une in projet.fiches.order_by("pk") if 2026 in une.annees)
    instance, reunion = social | {"instance": siege.pk}, social | {"reunion": tenue.pk}
    mandat, decision = (
        social | {"mandat": membre.pk},
        social | {"decision": DecisionFactory(reunion=tenue).pk},
    )
    annee = social | {"annee": 2026}
    financement = annee | {"financement": FinancementFactory(projet=projet).pk}
    return {
        **dict.fromkeys(DU_PROJET, social),
        "gouvernance_fichier": social | {"extension": "docx"},
        **dict.fromkeys(DE_L_INSTANCE, instance),
        "instance_deplacer": instance | {"sens": "monter"},
        "mandat": mandat,
        "mandat_geste": mandat | {"geste": "finir"},
        **dict.fromkeys(DE_LA_REUNION, reunion),
        "reunion_fichier": reunion | {"extension": "docx"},
        "reunion_geste": reunion | {"geste": "remettre"},
        "decision": decision,
        "decision_geste": decision | {"geste": "faite"},
        "participation_fiche": social | {"fiche": fiche.pk},
        "preuve_retirer": social | {"preuve": PreuveFactory(fiche=fiche).pk},
        **dict.fromkeys(DE_L_ANNEE, annee),
        "budget_fichier": annee | {"extension": "docx"},
        **dict.fromkeys(("financement", "financement_retirer"), financement),
        "budget_fiche": annee | {"fiche": fiche.pk},
        "budget_grille": annee | {"portee": "centre"},
    }
