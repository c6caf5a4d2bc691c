from django.conf import settings
from django.urls import path

from maillage.core import composants, views

urlpatterns = [
    path("healthz", views.en_vie, name="healthz"),
    path("readyz", views.pret, name="readyz"),
]
if not settings.EN_PRODUCTION:
    urlpatterns += [
        path("composants/", composants.planche, name="composants"),
        path("composants/espace/", composants.espace, name="composants_espace"),
        path("composants/liste/", composants.liste, name="composants_liste"),
        path("composants/suggestions/", composants.suggestions, name="composants_suggestions"),
    ]
