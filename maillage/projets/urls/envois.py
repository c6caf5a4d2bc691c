"""Les adresses de ce qui est envoyé : versions, lecture par la Caf, avis, décision."""

from django.urls import URLPattern, path

from maillage.projets.views import dossiers_du_jour, envois, instruction

urlpatterns: list[URLPattern] = [
    # --- Le centre ----------------------------------------------------------------------------------
    path("espace/projets/<int:pk>/envois/", envois.envois, name="envois"),
    path("espace/projets/<int:pk>/envois/apercu/", envois.envoi_apercu, name="envoi_apercu"),
    path("espace/projets/<int:pk>/envois/partages/", envois.partages, name="partages"),
    path(
        "espace/projets/<int:pk>/suivi/<int:annee>/bilan/transmettre/",
        envois.bilan_transmettre,
        name="bilan_transmettre",
    ),
    path("espace/envois/<int:pk>/reprendre/", envois.envoi_reprendre, name="envoi_reprendre"),
    path("espace/envois/partages/<int:pk>/fermer/", envois.partage_fermer, name="partage_fermer"),
    path("espace/envois/complements/", dossiers_du_jour.complements_du_jour, name="complements_du_jour"),
    path("espace/envois/points/<int:pk>/", envois.point_repondre, name="point_repondre"),
    # --- Lire un envoi : le centre, la Caf, les cofinanceurs ------------------------------------------
    path("espace/dossiers-partages/", envois.dossiers_partages, name="dossiers_partages"),
    path("espace/envois/<int:pk>/", envois.envoi, name="envoi"),
    path("espace/envois/<int:pk>/envoi.<slug:extension>", envois.envoi_fichier, name="envoi_fichier"),
    path("espace/envois/<int:pk>/pieces/<int:rang>/", envois.envoi_piece, name="envoi_piece"),
    path("espace/envois/<int:pk>/comparer/<int:autre>/", envois.envois_comparer, name="envois_comparer"),
    # --- La Caf -------------------------------------------------------------------------------------
    path("espace/dossiers/", instruction.liste, name="dossiers_recus"),
    path("espace/dossiers/du-jour/", dossiers_du_jour.dossiers_du_jour, name="dossiers_du_jour"),
    path("espace/dossiers/<int:pk>/", instruction.dossier, name="dossier_recu"),
    path("espace/envois/<int:pk>/recevoir/", instruction.envoi_recevoir, name="envoi_recevoir"),
    path("espace/envois/<int:pk>/annoter/", instruction.envoi_annoter, name="envoi_annoter"),
    path(
        "espace/envois/annotations/<int:pk>/retirer/",
        instruction.annotation_retirer,
        name="annotation_retirer",
    ),
    path("espace/envois/<int:pk>/complements/", instruction.dossier_complements, name="dossier_complements"),
    path(
        "espace/envois/complements/<int:pk>/reprendre/",
        instruction.complements_reprendre,
        name="complements_reprendre",
    ),
    path("espace/envois/<int:pk>/avis/", instruction.dossier_avis, name="dossier_avis"),
    path("espace/envois/<int:pk>/decision/", instruction.dossier_decision, name="dossier_decision"),
    path("espace/lettres/<int:pk>/annuler/", instruction.decision_revenir, name="decision_revenir"),
    path("espace/lettres/<int:pk>/", instruction.lettre, name="lettre"),
    path(
        "espace/lettres/<int:pk>/lettre.<slug:extension>", instruction.lettre_fichier, name="lettre_fichier"
    ),
]
