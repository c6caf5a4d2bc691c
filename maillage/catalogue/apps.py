from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "maillage.catalogue"
    label = "catalogue"
