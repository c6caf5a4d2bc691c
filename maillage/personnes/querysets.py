"""Les lectures des personnes."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models

from maillage.comptes.permissions import structures_du_registre
from maillage.personnes.choices import EtatPersonne


class PersonneQuerySet(models.QuerySet[Any]):
    def du_registre(self, utilisateur: Any) -> Self:
        """Celles des centres dont cette personne tient le registre, effacées exceptées."""
        tenues = self.filter(structure__in=structures_du_registre(utilisateur))
        return tenues.exclude(etat=EtatPersonne.EFFACEE)

    def presentes(self) -> Self:
        """Celles que l'on propose : ni gelées, ni réunies à une autre, ni effacées."""
        return self.filter(etat=EtatPersonne.ACTIVE)

    def qui_portent(self, mots: Iterable[str]) -> Self:
        """Dont le nom plié porte chacun de ces mots, pliés eux aussi."""
        toutes = self
        for mot in mots:
            toutes = toutes.filter(nom_cherche__contains=mot)
        return toutes


class FoyerQuerySet(models.QuerySet[Any]):
    def du_registre(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_du_registre(utilisateur))


class ImportDePersonnesQuerySet(models.QuerySet[Any]):
    def du_registre(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_du_registre(utilisateur))


class DemandeDeDroitsQuerySet(models.QuerySet[Any]):
    def du_registre(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_du_registre(utilisateur))
