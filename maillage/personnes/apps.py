from django.apps import AppConfig


class PersonnesConfig(AppConfig):
    name = "maillage.personnes"
    label = "personnes"
