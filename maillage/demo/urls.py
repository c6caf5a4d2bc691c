"""Adresses de la pièce, déclarées en mode démonstration seulement (`maillage/urls.py`)."""

from django.urls import path

from maillage.demo import views

urlpatterns = [
    path("", views.qui_est_qui, name="demo"),
    path("courrier/", views.boite, name="demo_courrier"),
    path("courrier/<slug:identifiant>/", views.message, name="demo_message"),
]
