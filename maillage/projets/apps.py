from django.apps import AppConfig


class ProjetsConfig(AppConfig):
    name = "maillage.projets"
    label = "projets"

    def ready(self) -> None:
        from maillage.core.emplacements import occuper
        from maillage.projets.permissions import (
            peut_lire_des_dossiers,
            peut_lire_des_partages,
            peut_tenir_des_projets,
        )

        occuper(
            "espace.aujourdhui",
            "dossiers_du_jour",
            "Les dossiers qui vous attendent",
            droit=peut_lire_des_dossiers,
        )
        occuper(
            "espace.aujourdhui",
            "dossiers_partages",
            "Dossiers partagés avec vous",
            droit=peut_lire_des_partages,
        )
        occuper(
            "espace.aujourdhui",
            "complements_du_jour",
            "Ce que la Caf attend",
            droit=peut_tenir_des_projets,
        )
        occuper(
            "espace.aujourdhui",
            "taches_a_venir",
            "Le projet social, ce mois-ci",
            droit=peut_tenir_des_projets,
        )
        occuper("espace.aujourdhui", "relectures_attendues", "À relire", droit=peut_tenir_des_projets)
        occuper(
            "experience.apres_resultats",
            "reprises_d_une_experience",
            "S’en inspirer pour une fiche action",
            droit=peut_tenir_des_projets,
        )
        occuper("espace.aujourdhui", "fiches_en_retard", "Vos fiches en retard", droit=peut_tenir_des_projets)
