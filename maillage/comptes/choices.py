"""Rôles d'une appartenance. Le rôle dit ce que la personne fait ; l'organisation dit où."""

from django.db.models import TextChoices


class Role(TextChoices):
    CONTRIBUTEUR = "contributeur", "Contributeur"
    ACCUEIL = "accueil", "Accueil et inscriptions"
    DIRECTRICE = "directrice", "Directrice ou directeur"
    MODERATRICE = "moderatrice", "Modératrice ou modérateur du réseau"
    CONSEILLER_CAF = "conseiller_caf", "Conseiller Caf"
    VILLE = "ville", "Ville"
    ADMINISTRATRICE = "administratrice", "Administratrice ou administrateur de la plateforme"
