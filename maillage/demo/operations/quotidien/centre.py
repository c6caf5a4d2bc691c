"""Le centre que l'on remplit : ses dates, son hasard, ses gens. Le hasard a une graine : rien ne change d'une fois à
l'autre, sauf les dates, qui suivent le jour du chargement."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.personnes.models import Personne
from maillage.projets.models import FicheAction
from maillage.territoire.horaires import fuseau, jour_ferie
from maillage.territoire.models import Site, Structure

Donnees = Mapping[str, Any]
DEBUT_D_ANNEE = timedelta(days=90)
"""En janvier, l'année qui court ne montrerait rien : on remonte d'un an."""


@dataclass
class Centre:
    structure: Structure
    donnees: Donnees
    utilisateurs: Mapping[str, Utilisateur]
    cercles: dict[str, list[Personne]] = field(default_factory=dict)
    """Par sorte d'habitants (« aines », « parents »), les plus assidus d'abord."""
    foyers: list[list[Personne]] = field(default_factory=list)

    @cached_property
    def hasard(self) -> random.Random:
        return random.Random(f"quotidien {self.structure.slug}")  # noqa: S311 — une histoire, pas un secret

    @cached_property
    def fuseau(self) -> ZoneInfo:
        return fuseau(self.structure.departement_id or "", self.structure.commune_id or "")

    @cached_property
    def aujourd_hui(self) -> date:
        return timezone.now().astimezone(self.fuseau).date()

    @cached_property
    def premier_jour(self) -> date:
        """Le 1er janvier de l'année que l'on montre."""
        return (self.aujourd_hui - DEBUT_D_ANNEE).replace(month=1, day=1)

    @cached_property
    def rentree(self) -> date:
        """Le 1er septembre d'avant : une aide aux devoirs se compte par année scolaire."""
        return date(self.premier_jour.year - 1, 9, 1)

    @cached_property
    def fiches(self) -> dict[str, FicheAction]:
        lues = FicheAction.objects.filter(projet__structure=self.structure).order_by("pk")
        return {_simple(fiche.titre): fiche for fiche in lues}

    @cached_property
    def sites(self) -> dict[str, Site]:
        return {site.nom: site for site in self.structure.sites.all()}

    @property
    def direction(self) -> Utilisateur:
        return self.utilisateurs[self.donnees["equipe"]["direction"]]

    @property
    def accueil(self) -> Utilisateur:
        return self.utilisateurs[self.donnees["equipe"]["accueil"]]

    def fiche(self, ligne: Donnees) -> FicheAction | None:
        return self.fiches[_simple(ligne["fiche"])] if "fiche" in ligne else None

    def est_ferie(self, jour: date) -> bool:
        return jour_ferie(jour, self.structure.departement_id or "") is not None

    def instant(self, jour: date, heure: time) -> datetime:
        return datetime.combine(jour, heure, self.fuseau)

    def venus(self, cercle: Sequence[Personne], combien: int) -> list[Personne]:
        """Des gens du cercle, sans répéter ; les premiers viennent plus souvent."""
        tires = sorted(
            enumerate(cercle), key=lambda un: self.hasard.random() ** (1 + un[0] / 25), reverse=True
        )
        return [personne for _, personne in tires[: max(0, combien)]]

    def autour_de(self, moyenne: float) -> int:
        """Un nombre qui varie d'un tiers autour de sa moyenne."""
        return max(0, round(self.hasard.triangular(moyenne * 2 / 3, moyenne * 4 / 3, moyenne)))


def _simple(titre: str) -> str:
    return " ".join(titre.split())
