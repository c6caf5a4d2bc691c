"""Lectures des comptes."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone


class AppartenanceQuerySet(models.QuerySet[Any]):
    def en_cours(self, le: date | None = None) -> "AppartenanceQuerySet":
        """Appartenances valables ce jour-là, premier et dernier jours compris."""
        jour = le or timezone.localdate()
        return self.filter(Q(au__isnull=True) | Q(au__gte=jour), du__lte=jour)
