"""Les adresses de la pièce."""

from django.urls import path

from maillage.activites.views import initiatives

urlpatterns = [
    path("espace/initiatives/", initiatives.initiatives, name="initiatives"),
    path("espace/initiatives/nouvelle/", initiatives.initiative_nouvelle, name="initiative_nouvelle"),
    path("espace/initiatives/<int:pk>/", initiatives.initiative, name="initiative"),
    path(
        "espace/initiatives/<int:pk>/modifier/", initiatives.initiative_modifier, name="initiative_modifier"
    ),
    path(
        "espace/initiatives/dates/<int:pk>/retirer/",
        initiatives.initiative_defaire,
        name="initiative_defaire",
    ),
]
