"""Lectures des comptes."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from maillage.comptes.choices import Role


class AppartenanceQuerySet(models.QuerySet[Any]):
    def en_cours(self, le: Any = None) -> "AppartenanceQuerySet":
        """Appartenances valables ce jour-là, premier et dernier jours compris, et que personne n'a fermées. `le` : une
        date, ou son expression."""
        jour = le or timezone.localdate()
        return self.filter(Q(au__isnull=True) | Q(au__gte=jour), du__lte=jour, fermee_le=None)

    def de_direction(self) -> "AppartenanceQuerySet":
        """Celles qui dirigent aujourd'hui, d'un compte ouvert."""
        return self.en_cours().filter(role=Role.DIRECTRICE, utilisateur__is_active=True)

    def finies(self) -> "AppartenanceQuerySet":
        """Celles de qui est parti, les plus récentes d'abord."""
        return self.filter(Q(au__lt=timezone.localdate()) | ~Q(fermee_le=None)).order_by("-au", "-pk")


class InvitationQuerySet(models.QuerySet[Any]):
    def en_attente(self) -> "InvitationQuerySet":
        """Ni acceptées ni annulées ; une invitation expirée attend d'être renvoyée."""
        return self.filter(acceptee_le=None, annulee_le=None)
