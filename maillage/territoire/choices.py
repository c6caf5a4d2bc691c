"""Valeurs fermées du territoire."""

from django.db.models import TextChoices


class GenreStructure(TextChoices):
    CENTRE_SOCIAL = "centre_social", "Centre social"
    ESPACE_DE_VIE_SOCIALE = "espace_de_vie_sociale", "Espace de vie sociale"
    A_PRECISER = "a_preciser", "À préciser"


class EtatStructure(TextChoices):
    """`a_completer` : créée par un import, seuls le nom et le département sont sûrs."""

    ACTIVE = "active", "Active"
    A_COMPLETER = "a_completer", "À compléter"
    FERMEE = "fermee", "Fermée"


class FormeGestionnaire(TextChoices):
    ASSOCIATION = "association", "Association"
    COMMUNE = "commune", "Commune"
    CAF = "caf", "Caf"
    AUTRE = "autre", "Autre"


class GenreInstitution(TextChoices):
    FEDERATION = "federation", "Fédération"
    CAF = "caf", "Caf"
    COLLECTIVITE = "collectivite", "Collectivité"
    RESEAU_NATIONAL = "reseau_national", "Réseau national"


class TypeAgrement(TextChoices):
    ANIMATION_GLOBALE = "animation_globale", "Animation globale et coordination"
    ANIMATION_FAMILLES = "animation_familles", "Animation collective familles"
    ANIMATION_LOCALE = "animation_locale", "Animation locale"
