from django.apps import AppConfig


class ProjetsConfig(AppConfig):
    name = "maillage.projets"
    label = "projets"
