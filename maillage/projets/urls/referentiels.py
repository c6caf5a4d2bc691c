"""Les adresses des référentiels, des pièces du dossier et de sa vérification."""

from django.urls import path, re_path

from maillage.projets.views import pieces, referentiels, suppressions, verification

urlpatterns = [
    # --- La vérification ------------------------------------------------------------------------------
    path("espace/projets/<int:pk>/dossier/verification/", verification.verification, name="verification"),
    path(
        "espace/projets/<int:pk>/dossier/verification/noter/",
        verification.verification_noter,
        name="verification_noter",
    ),
    path(
        "espace/projets/<int:pk>/dossier/verification/<slug:reference>/",
        verification.verification_point,
        name="verification_point",
    ),
    # --- Les pièces -----------------------------------------------------------------------------------
    path("espace/projets/<int:pk>/dossier/pieces/", pieces.pieces_du_dossier, name="pieces_du_dossier"),
    path(
        "espace/projets/<int:pk>/dossier/pieces/joindre/<slug:cle>/",
        pieces.piece_deposer,
        name="piece_deposer",
    ),
    path("espace/projets/pieces/<int:pk>/", pieces.piece_modifier, name="piece_modifier"),
    path("espace/projets/pieces/<int:pk>/fichier/", pieces.piece_fichier, name="piece_fichier"),
    re_path(
        r"^espace/projets/pieces/(?P<pk>[0-9]+)/(?P<geste>oter|remettre)/$",
        pieces.piece_geste,
        name="piece_geste",
    ),
    # --- Les référentiels -----------------------------------------------------------------------------
    path(
        "espace/projets/<int:pk>/dossier/referentiel/",
        referentiels.referentiel_du_projet,
        name="referentiel_du_projet",
    ),
    path("espace/referentiels/", referentiels.referentiels, name="referentiels"),
    path("espace/referentiels/deposer/", referentiels.referentiel_deposer, name="referentiel_deposer"),
    path("espace/referentiels/confirmer/", referentiels.referentiel_confirmer, name="referentiel_confirmer"),
    path("espace/referentiels/<int:pk>/", referentiels.referentiel_version, name="referentiel_version"),
    path(
        "espace/referentiels/<int:pk>/referentiel.toml",
        referentiels.referentiel_fichier,
        name="referentiel_fichier",
    ),
    re_path(
        r"^espace/referentiels/(?P<pk>[0-9]+)/(?P<geste>publier|retirer)/$",
        referentiels.referentiel_geste,
        name="referentiel_geste",
    ),
    path(
        "espace/referentiels/apportes/<slug:cle>/", referentiels.referentiel_livre, name="referentiel_livre"
    ),
    path(
        "espace/referentiels/apportes/<slug:cle>.toml",
        referentiels.referentiel_livre_fichier,
        name="referentiel_livre_fichier",
    ),
    # --- Supprimer ------------------------------------------------------------------------------------
    path(
        "espace/projets/fiches/<int:pk>/supprimer/",
        suppressions.fiche_action_supprimer,
        name="fiche_action_supprimer",
    ),
]
