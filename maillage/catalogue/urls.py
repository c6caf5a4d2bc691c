"""Adresses de la pièce."""

from django.urls import path

from maillage.catalogue.views import (
    aujourdhui,
    examen,
    exports,
    fiche,
    flux,
    importation,
    liste,
    pieces,
    points,
    redaction,
    redaction_etapes,
    redaction_histoire,
    retraits,
    synonymes,
)

urlpatterns = [
    path("e/<slug:code>", fiche.adresse_courte, name="experience_courte"),
    path("experiences/", liste.experiences, name="experiences"),
    path("experiences/suggestions", liste.suggestions, name="experiences_suggestions"),
    path("experiences/flux.atom", flux.flux, name="experiences_flux"),
    path("experiences/resultats.<slug:extension>", exports.fichier, name="experiences_fichier"),
    path("experiences/<slug:code>/fiche.<slug:extension>", fiche.document, name="experience_document"),
    path(
        "experiences/<slug:code>/pieces/<slug:code_piece>-vignette",
        pieces.piece_vignette,
        name="piece_vignette",
    ),
    path("experiences/<slug:code>/pieces/<slug:code_piece>", pieces.piece, name="piece"),
    path("experiences/<slug:code>/<slug:slug>/", fiche.experience, name="experience"),
    path("espace/points/en-attente/", aujourdhui.points_en_attente, name="points_en_attente"),
    path(
        "espace/mes-experiences/",
        aujourdhui.experiences_de_mes_structures,
        name="experiences_de_mes_structures",
    ),
    path("espace/experiences/<slug:code>/reviser/", redaction.experience_reviser, name="experience_reviser"),
    path("espace/contributions/", redaction.contributions, name="contributions"),
    path("espace/contributions/nouvelle/", redaction.contribution_nouvelle, name="contribution_nouvelle"),
    path("espace/contributions/partenaires", redaction.partenaires, name="contribution_partenaires"),
    path("espace/contributions/<int:pk>/", redaction.contribution, name="contribution"),
    path("espace/contributions/<int:pk>/relire/", redaction.contribution_relire, name="contribution_relire"),
    path(
        "espace/contributions/<int:pk>/proches/",
        redaction_etapes.contribution_proches,
        name="contribution_proches",
    ),
    path(
        "espace/contributions/<int:pk>/proches/<int:autre>/",
        redaction.contribution_voisine,
        name="contribution_voisine",
    ),
    path(
        "espace/contributions/<int:pk>/histoire/",
        redaction_histoire.contribution_histoire,
        name="contribution_histoire",
    ),
    path(
        "espace/contributions/<int:pk>/revenir/<int:sauvegarde>/",
        redaction_histoire.contribution_revenir,
        name="contribution_revenir",
    ),
    path(
        "espace/contributions/<int:pk>/geste/<slug:geste>/",
        redaction.contribution_geste,
        name="contribution_geste",
    ),
    path("espace/contributions/<int:pk>/pieces/", pieces.contribution_pieces, name="contribution_pieces"),
    path("espace/contributions/<int:pk>/<slug:cle>/", redaction_etapes.etape, name="contribution_etape"),
    path("espace/moderation/fiches/<int:pk>/", examen.examiner_contribution, name="examiner_contribution"),
    path("espace/moderation/fiches/<int:pk>/defaire/", examen.defaire_examen, name="defaire_examen"),
    path("espace/moderation/fiches/<int:pk>/masquer/<slug:champ>/", examen.masquer, name="masquer_donnees"),
    path("espace/experiences/<slug:code>/retirer/", retraits.experience_retirer, name="experience_retirer"),
    path(
        "espace/experiences/<slug:code>/remettre/", retraits.experience_remettre, name="experience_remettre"
    ),
    path("espace/points/", points.points, name="points"),
    path("espace/points/<int:pk>/<slug:geste>/", points.agir_sur_un_point, name="agir_sur_un_point"),
    path("espace/importations/", importation.importations, name="importations"),
    path("espace/importations/<int:pk>/", importation.importation, name="importation"),
    path(
        "espace/importations/<int:pk>/confirmer/",
        importation.importation_confirmer,
        name="importation_confirmer",
    ),
    path(
        "espace/importations/<int:pk>/abandonner/",
        importation.importation_abandonner,
        name="importation_abandonner",
    ),
    path("espace/synonymes/", synonymes.synonymes, name="synonymes"),
    path("espace/synonymes/nouveau/", synonymes.synonyme_nouveau, name="synonyme_nouveau"),
    path("espace/synonymes/<int:pk>/", synonymes.synonyme, name="synonyme"),
    path("espace/synonymes/<int:pk>/supprimer/", synonymes.synonyme_supprimer, name="synonyme_supprimer"),
]
