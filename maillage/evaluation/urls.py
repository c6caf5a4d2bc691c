"""Les adresses des mesures. Avant celles de `projets`, dont un geste d'indicateur prendrait la place."""

from django.urls import path

from maillage.evaluation.views import modeles, nombres, phrases, propositions

urlpatterns = [
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
    path("espace/projets/indicateurs/<int:pk>/nombre/noms/", nombres.indicateur_noms, name="indicateur_noms"),
    # --- Ceux d'une fiche -----------------------------------------------------------------------------
    path("espace/projets/fiches/<int:pk>/indicateurs/modeles/", modeles.fiche_modeles, name="fiche_modeles"),
    path(
        "espace/projets/fiches/<int:pk>/indicateurs/phrases/",
        propositions.fiche_phrases,
        name="fiche_phrases",
    ),
]
