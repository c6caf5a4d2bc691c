from django.apps import AppConfig


class PortailConfig(AppConfig):
    name = "maillage.portail"
    label = "portail"

    def ready(self) -> None:
        from maillage.core.contenus import declarer
        from maillage.portail.contenus import centre_a

        declarer("centre", centre_a)
