"""Les lectures des personnes."""

from typing import Any, Self

from django.db import models

from maillage.comptes.permissions import structures_de
from maillage.personnes.choices import EtatPersonne


class PersonneQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        """Celles des centres où cette personne travaille ; ce qu'elle en voit dépend de son rôle."""
        return self.filter(structure__in=structures_de(utilisateur))

    def presentes(self) -> Self:
        """Celles que l'on propose : ni gelées, ni réunies à une autre, ni effacées."""
        return self.filter(etat=EtatPersonne.ACTIVE)
