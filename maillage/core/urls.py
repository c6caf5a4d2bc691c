from django.urls import path

from maillage.core import views

urlpatterns = [
    path("healthz", views.en_vie, name="healthz"),
    path("readyz", views.pret, name="readyz"),
]
