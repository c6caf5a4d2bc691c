"""Aujourd'hui au comptoir, à côté d'un même jour habituel : la moyenne des dernières semaines, heure par heure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count
from django.utils import timezone

from maillage.accueil.lecture import Etat, etat_du_comptoir, passages_du_jour
from maillage.accueil.models import Passage
from maillage.accueil.temps import JOURS, bornes, instant
from maillage.core.base_de_donnees import morceau_local
from maillage.core.francais import heure
from maillage.core.graphiques import Graphique, Serie
from maillage.territoire.models import Structure

SEMAINES: Final = 4
"""Un jour habituel est la moyenne de ceux-ci ; un jour sans aucun passage (férié, fermé) n'y compte pas."""
OUVERTURE, FERMETURE = 9, 17
"""Les heures toujours montrées ; une heure où quelqu'un est venu s'y ajoute."""


@dataclass(frozen=True, slots=True)
class JourDeComptoir:
    centre: Structure
    maintenant: datetime
    etat: Etat
    par_heure: Mapping[int, int]
    habituels: list[Mapping[int, int]]
    habituels_jusqu_ici: list[int]

    @property
    def heure(self) -> str:
        return heure(self.maintenant.time())

    @property
    def jour(self) -> str:
        return JOURS[self.maintenant.weekday()]

    @property
    def habituel(self) -> int | None:
        """Combien de passages à cette heure-ci, un même jour habituel ; rien tant qu'on n'en sait rien."""
        if not self.habituels_jusqu_ici:
            return None
        return round(sum(self.habituels_jusqu_ici) / len(self.habituels_jusqu_ici))

    @property
    def graphique(self) -> Graphique | None:
        if not self.habituels and not self.par_heure:
            return None
        venues = {*self.par_heure, *(h for un in self.habituels for h in un)}
        heures = sorted(venues | set(range(OUVERTURE, FERMETURE + 1)))
        return Graphique(
            titre="Passages par heure",
            repere="Heure",
            reperes=[f"{une} h" for une in heures],
            series=[
                Serie("Aujourd’hui", [self._aujourd_hui(une) for une in heures]),
                Serie(f"Un {self.jour} habituel", [self._moyenne(une) for une in heures]),
            ],
            source=f"Habituel : moyenne des derniers {self.jour}s, {SEMAINES} au plus.",
        )

    def _aujourd_hui(self, une: int) -> int | None:
        return self.par_heure.get(une, 0) if une <= self.maintenant.hour else None

    def _moyenne(self, une: int) -> int | None:
        if not self.habituels:
            return None
        return round(sum(un.get(une, 0) for un in self.habituels) / len(self.habituels))


def jour_de_comptoir(centre: Structure) -> JourDeComptoir:
    maintenant = timezone.now().astimezone(centre.fuseau)
    jour = maintenant.date()
    habituels: list[Mapping[int, int]] = []
    jusqu_ici = []
    for semaine in range(1, SEMAINES + 1):
        autre = jour - timedelta(weeks=semaine)
        if par_heure := _par_heure(centre, autre):
            habituels.append(par_heure)
            jusqu_ici.append(_jusqu_a(centre, autre, maintenant))
    return JourDeComptoir(
        centre, maintenant, etat_du_comptoir(centre), _par_heure(centre, jour), habituels, jusqu_ici
    )


def _par_heure(centre: Structure, jour: date) -> dict[int, int]:
    extrait = morceau_local("heure", "le", centre.fuseau, *bornes(centre, jour, jour))
    comptes = passages_du_jour(centre, jour).comptes().order_by().annotate(morceau=extrait)
    return dict(comptes.values_list("morceau").annotate(n=Count("pk")))


def _jusqu_a(centre: Structure, jour: date, maintenant: datetime) -> int:
    """Ce jour-là, à la même heure à la pendule."""
    borne = instant(centre, jour, maintenant.time())
    du_jour = Passage.objects.filter(structure=centre).entre(instant(centre, jour), borne)
    nombre: int = du_jour.comptes().count()
    return nombre
