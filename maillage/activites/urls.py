"""Les adresses de la pièce."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
