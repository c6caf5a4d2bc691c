"""Les adresses du projet social."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
