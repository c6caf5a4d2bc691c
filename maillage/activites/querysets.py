"""Les lectures des activités."""

from typing import Any, Self

from django.db import models

from maillage.activites.choices import EtatSeance
from maillage.comptes.permissions import structures_de


class ActiviteQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_de(utilisateur))


class SeanceQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(activite__structure__in=structures_de(utilisateur))

    def tenues(self) -> Self:
        return self.filter(etat=EtatSeance.TENUE)


class InitiativeQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_de(utilisateur))


class BenevoleQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_de(utilisateur))
