from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "maillage.moderation"
    label = "moderation"

    def ready(self) -> None:
        from maillage.core.emplacements import occuper
        from maillage.moderation.permissions import peut_moderer

        occuper(
            "espace.aujourdhui", "moderation_en_attente", "Ce qui attend la modération", droit=peut_moderer
        )
        occuper("espace.aujourdhui", "mis_de_cote_en_attente", "Textes mis de côté", droit=peut_moderer)
        occuper("moderation.commentaire", "examiner_commentaire", "Examiner")
        occuper("moderation.signalement", "examiner_signalement", "Examiner")
