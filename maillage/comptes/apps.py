from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "maillage.comptes"
    label = "comptes"

    def ready(self) -> None:
        from maillage.comptes import verifications  # noqa: F401 - ses contrôles se déclarent
