from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "maillage.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        from maillage.core.emplacements import occuper
        from maillage.evaluation.cadres import verification  # noqa: F401

        occuper("fiche_action.nombres", "fiche_nombres", "Les nombres de l’année")
        occuper("projets.indicateur.definition", "indicateur_definition", "Ce que Maillage compte")
        occuper("projets.indicateur.lignes", "indicateur_nombre", "D’où vient ce nombre")
        occuper("projets.budget.benevolat", "heures_benevoles", "Les heures notées de l’année")
