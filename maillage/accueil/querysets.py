"""Les lectures de l'accueil."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models

from maillage.accueil.choices import EtatSuivi
from maillage.comptes.permissions import structures_du_registre


class TypeDeDemandeQuerySet(models.QuerySet[Any]):
    def proposes(self) -> Self:
        """Ceux du comptoir d'aujourd'hui, dans l'ordre des touches."""
        return self.filter(retire_le=None)


class PassageQuerySet(models.QuerySet[Any]):
    def comptes(self) -> Self:
        """Ceux qui comptent : annulé, un passage ne compte plus."""
        return self.filter(annule_le=None)

    def entre(self, du: datetime, au: datetime) -> Self:
        """Du premier instant compris au dernier exclu."""
        return self.filter(le__gte=du, le__lt=au)


class DemandeASuivreQuerySet(models.QuerySet[Any]):
    def suivies_par(self, utilisateur: Any) -> Self:
        """Un prénom peut s'y lire : la direction et l'accueil du centre, personne d'autre."""
        return self.filter(structure__in=structures_du_registre(utilisateur))

    def ouvertes(self) -> Self:
        return self.filter(etat=EtatSuivi.OUVERT)

    def a_faire(self, jour: date) -> Self:
        """Celles dont la date est là, ou passée."""
        return self.ouvertes().filter(a_faire_avant__lte=jour)
