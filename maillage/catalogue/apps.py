from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "maillage.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from maillage.catalogue.contenus import collection_a, commentaire_a, fiche_a
        from maillage.catalogue.permissions import est_d_une_structure, peut_verifier
        from maillage.core.contenus import declarer
        from maillage.core.emplacements import occuper

        declarer("experience", fiche_a)
        declarer("experience_commentaire", commentaire_a)
        declarer("collection", collection_a)
        occuper("signalement.agir.catalogue.experience", "corriger_la_fiche", "Corriger la fiche")
        occuper("signalement.agir.catalogue.experience", "retirer_la_fiche", "Retirer la fiche")
        for genre in ("fiche", "correction"):
            occuper(f"moderation.{genre}", "examiner_contribution", "Examiner")
        occuper("espace.aujourdhui", "points_en_attente", "Les points à vérifier", droit=peut_verifier)
        occuper(
            "espace.aujourdhui", "experiences_de_mes_structures", "Vos expériences", droit=est_d_une_structure
        )
