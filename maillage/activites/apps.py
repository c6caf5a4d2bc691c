from django.apps import AppConfig


class ActivitesConfig(AppConfig):
    name = "maillage.activites"
    label = "activites"

    def ready(self) -> None:
        from maillage.activites.permissions import peut_tenir_des_activites
        from maillage.core.emplacements import occuper

        occuper(
            "fiche_action.a_cote",
            "activites_de_la_fiche",
            "Les activités de la fiche",
            droit=peut_tenir_des_activites,
        )
        occuper(
            "espace.aujourdhui.d_abord",
            "feuilles_aujourdhui",
            "Feuilles à terminer",
            droit=peut_tenir_des_activites,
        )
        occuper(
            "espace.aujourdhui.d_abord",
            "places_aujourdhui",
            "Places proposées",
            droit=peut_tenir_des_activites,
        )
        occuper(
            "espace.aujourdhui.a_cote",
            "seances_aujourdhui",
            "Séances du jour",
            droit=peut_tenir_des_activites,
        )
        occuper(
            "seance.a_cote",
            "seance_benevolat",
            "Les heures des bénévoles",
            droit=peut_tenir_des_activites,
        )
