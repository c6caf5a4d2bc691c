"""Les lectures de l'accueil."""

from typing import Any, Self

from django.db import models

from maillage.comptes.permissions import structures_de


class PassageQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_de(utilisateur))

    def comptes(self) -> Self:
        """Ceux qui comptent : annulé, un passage ne compte plus."""
        return self.filter(annule_le=None)


class DemandeASuivreQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_de(utilisateur))
