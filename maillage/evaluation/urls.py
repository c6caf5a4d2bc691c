"""Les adresses des mesures. Avant celles de `projets`, dont un geste d'indicateur prendrait la place."""

from django.urls import path

from maillage.evaluation.views import phrases

urlpatterns = [
    path(
        "espace/projets/indicateurs/<int:pk>/definition/",
        phrases.indicateur_definition,
        name="indicateur_definition",
    ),
    path("espace/projets/indicateurs/<int:pk>/phrase/", phrases.indicateur_phrase, name="indicateur_phrase"),
    path(
        "espace/projets/indicateurs/<int:pk>/modeles/", phrases.indicateur_modeles, name="indicateur_modeles"
    ),
]
