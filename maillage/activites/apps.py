from django.apps import AppConfig


class ActivitesConfig(AppConfig):
    name = "maillage.activites"
    label = "activites"
