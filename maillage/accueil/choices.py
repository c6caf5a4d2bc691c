"""Valeurs fermées de l'accueil."""

from django.db.models import TextChoices


class Canal(TextChoices):
    VENUE = "venue", "est venue"
    TELEPHONE = "telephone", "a téléphoné"
    COURRIEL = "courriel", "a écrit"
    DEHORS = "dehors", "rencontrée dehors"


class Suite(TextChoices):
    """Ce qui a suivi la demande. L'orientation de l'accueil est sans nom ; la nominative est d'une autre pièce."""

    REPONDU = "repondu", "Réponse donnée"
    ORIENTE = "oriente", "Orientée vers un partenaire"
    RENDEZ_VOUS = "rendez_vous", "Rendez-vous pris au centre"


class EtatSuivi(TextChoices):
    """ouvert → fait ou abandonne, et retour."""

    OUVERT = "ouvert", "À suivre"
    FAIT = "fait", "Fait"
    ABANDONNE = "abandonne", "Abandonné"
