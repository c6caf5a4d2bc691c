"""Adresses de la pièce."""

from django.urls import path

from maillage.catalogue.views import fiche, points

urlpatterns = [
    path("e/<slug:code>", fiche.adresse_courte, name="experience_courte"),
    path("experiences/<slug:code>/<slug:slug>/", fiche.experience, name="experience"),
    path("espace/points/", points.points, name="points"),
    path("espace/points/<int:pk>/<slug:geste>/", points.agir_sur_un_point, name="agir_sur_un_point"),
]
