"""Les adresses des mesures. Avant celles de `projets`, dont un geste d'indicateur prendrait la place."""

from django.urls import path, re_path

from maillage.evaluation.views import (
    benevolat,
    cadres,
    modeles,
    nombres,
    origines,
    phrases,
    propositions,
    tableau,
)

urlpatterns = [
    # --- Le bilan du centre ---------------------------------------------------------------------------
    path("espace/bilan-du-centre/", tableau.bilans_des_centres, name="bilans_des_centres"),
    path("espace/bilan-du-centre/<int:centre>/", tableau.bilan_du_centre, name="bilan_du_centre"),
    path(
        "espace/bilan-du-centre/<int:centre>/lignes/",
        tableau.bilan_du_centre_lignes,
        name="bilan_du_centre_lignes",
    ),
    path(
        "espace/bilan-du-centre/<int:centre>/bilan.xlsx",
        tableau.bilan_du_centre_fichier,
        name="bilan_du_centre_fichier",
    ),
    # --- Les cadres de l'année ------------------------------------------------------------------------
    path("espace/cadres/", cadres.cadres, name="cadres"),
    path("espace/cadres/<int:centre>/", cadres.cadres_du_centre, name="cadres_du_centre"),
    path("espace/cadres/<int:centre>/<slug:sigle>/<int:annee>/", cadres.cadre_rempli, name="cadre_rempli"),
    path(
        "espace/cadres/<int:centre>/<slug:sigle>/<int:annee>/document/",
        cadres.cadre_document,
        name="cadre_document",
    ),
    re_path(
        r"^espace/cadres/(?P<centre>[0-9]+)/(?P<sigle>[a-z]+)/(?P<annee>[0-9]{4})/document\.(?P<extension>pdf|docx|xlsx)$",
        cadres.cadre_fichier,
        name="cadre_fichier",
    ),
    path(
        "espace/cadres/<int:centre>/<slug:sigle>/<int:annee>/lignes/<slug:rubrique>/",
        cadres.cadre_lignes,
        name="cadre_lignes",
    ),
    # --- D'où viennent les personnes ------------------------------------------------------------------
    path(
        "espace/projets/<int:pk>/diagnostic/provenance/",
        origines.provenance_des_personnes,
        name="provenance_des_personnes",
    ),
    path(
        "espace/projets/<int:pk>/diagnostic/provenance/<int:annee>/",
        origines.provenance_au_diagnostic,
        name="provenance_au_diagnostic",
    ),
    # --- Les heures de bénévolat, pour le budget ---------------------------------------------------------
    path(
        "espace/projets/<int:pk>/budget/<int:annee>/heures-benevoles/",
        benevolat.heures_benevoles,
        name="heures_benevoles",
    ),
    # --- Un indicateur --------------------------------------------------------------------------------
    path(
        "espace/projets/indicateurs/<int:pk>/definition/",
        phrases.indicateur_definition,
        name="indicateur_definition",
    ),
    path("espace/projets/indicateurs/<int:pk>/phrase/", phrases.indicateur_phrase, name="indicateur_phrase"),
    path(
        "espace/projets/indicateurs/<int:pk>/modeles/", modeles.indicateur_modeles, name="indicateur_modeles"
    ),
    path("espace/projets/indicateurs/<int:pk>/nombre/", nombres.indicateur_nombre, name="indicateur_nombre"),
    path(
        "espace/projets/indicateurs/<int:pk>/nombre/lignes/",
        nombres.indicateur_lignes,
        name="indicateur_lignes",
    ),
    path(
        "espace/projets/indicateurs/<int:pk>/nombre/lignes.<str:extension>",
        nombres.indicateur_lignes_fichier,
        name="indicateur_lignes_fichier",
    ),
    path("espace/projets/indicateurs/<int:pk>/nombre/noms/", nombres.indicateur_noms, name="indicateur_noms"),
    path(
        "espace/projets/indicateurs/<int:pk>/nombre/noms.<str:extension>",
        nombres.indicateur_noms_fichier,
        name="indicateur_noms_fichier",
    ),
    # --- Ceux d'une fiche -----------------------------------------------------------------------------
    path("espace/projets/fiches/<int:pk>/nombres/", nombres.fiche_nombres, name="fiche_nombres"),
    path("espace/projets/fiches/<int:pk>/indicateurs/modeles/", modeles.fiche_modeles, name="fiche_modeles"),
    path(
        "espace/projets/fiches/<int:pk>/indicateurs/phrases/",
        propositions.fiche_phrases,
        name="fiche_phrases",
    ),
]
