from django.apps import AppConfig


class AccueilConfig(AppConfig):
    name = "maillage.accueil"
    label = "accueil"

    def ready(self) -> None:
        from maillage.accueil.permissions import peut_suivre_des_demandes, peut_tenir_le_comptoir
        from maillage.core.emplacements import occuper

        occuper(
            "espace.aujourdhui.d_abord",
            "demandes_du_jour",
            "Demandes à suivre aujourd’hui",
            droit=peut_suivre_des_demandes,
        )
        occuper(
            "espace.aujourdhui.a_cote",
            "passages_aujourdhui",
            "Passages du jour",
            droit=peut_tenir_le_comptoir,
        )
