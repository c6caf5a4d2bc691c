"""Toutes les adresses. Chaque pièce déclare les siennes."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("maillage.core.urls")),
    path("", include("maillage.comptes.urls")),
    path("", include("maillage.moderation.urls")),
    path("", include("maillage.catalogue.urls")),
    path("", include("maillage.personnes.urls")),
    path("", include("maillage.accueil.urls")),
    path("", include("maillage.activites.urls")),
    path("", include("maillage.evaluation.urls")),
    path("", include("maillage.projets.urls")),
    path("", include("maillage.portail.urls")),
]
if settings.EN_DEMO:
    urlpatterns.append(path("demo/", include("maillage.demo.urls")))

handler400 = "maillage.core.views.demande_incomprise"
handler403 = "maillage.core.views.acces_refuse"
handler404 = "maillage.core.views.page_absente"
handler429 = "maillage.core.views.trop_de_demandes"  # lu par allauth
handler500 = "maillage.core.views.panne"
