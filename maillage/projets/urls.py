"""Les adresses du projet social."""

from django.urls import path

from maillage.projets.views import projets

urlpatterns = [
    # --- Le cadre -------------------------------------------------------------------------------------
    path("espace/projets/", projets.projets, name="projets"),
    path("espace/projets/<int:pk>/", projets.projet, name="projet"),
]
