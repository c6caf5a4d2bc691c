from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "maillage.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from maillage.catalogue.permissions import est_d_une_structure, peut_verifier
        from maillage.core.emplacements import occuper

        occuper("espace.aujourdhui", "points_en_attente", "Les points à vérifier", droit=peut_verifier)
        occuper(
            "espace.aujourdhui", "experiences_de_mes_structures", "Vos expériences", droit=est_d_une_structure
        )
