"""Une source : des lignes, ce qu'on en compte, et selon quoi cela se détaille. Le calcul est une seule requête."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, Final

from django.db.models import (
    Case,
    CharField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from maillage.core.francais import MOIS
from maillage.personnes.choices import DEBUT_DE_BANDE, BandeAge

MOIS_LU: Final = "mois"
SITE: Final = "site"
NON_DIT: Final = "non dit"
Detail = dict[str, Decimal]


@dataclass(frozen=True)
class Axe:
    """Selon quoi détailler : une expression de la ligne (`dire` en fait un mot), des parts qui se recouvrent, ou une
    lecture à part (`detailler`) quand la ligne ne le porte pas."""

    expression: str | Combinable | None = None
    dire: Callable[[Any], str] = str
    parts: Mapping[str, Q] = field(default_factory=dict)
    detailler: Callable[[QuerySet[Any]], Detail] | None = None


def en_nombre(valeur: Any) -> Decimal:
    """Rien compte pour zéro ; une durée, en heures."""
    if valeur is None:
        return Decimal(0)
    if isinstance(valeur, timedelta):
        return Decimal(valeur // timedelta(seconds=1)) / 3600
    return valeur if isinstance(valeur, Decimal) else Decimal(str(valeur))


def duree(prefixe: str = "", fois: Any = None) -> Callable[..., Any]:
    """La somme des durées de séance ; `prefixe` : le chemin de la ligne à sa séance, `fois` : ce qui la multiplie."""
    une: Any = ExpressionWrapper(F(f"{prefixe}fin") - F(f"{prefixe}debut"), output_field=DurationField())
    if fois is not None:
        une = ExpressionWrapper(une * fois, output_field=DurationField())
    return partial(Sum, une)


def arrondir(valeur: Decimal) -> Decimal:
    return valeur.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Source:
    lignes: QuerySet[Any]
    nombre: Callable[..., Any]
    """L'agrégat à faire ; `filter` le restreint à une part."""
    axes: Mapping[str, Axe]

    @property
    def total(self) -> Decimal:
        return en_nombre(self.lignes.order_by().aggregate(n=self.nombre())["n"])

    def detail(self, nom: str) -> Detail:
        """Mot → nombre ; vide quand ces lignes ne se détaillent pas ainsi."""
        axe = self.axes.get(nom)
        if axe is None:
            return {}
        lignes = self.lignes.order_by()
        if axe.detailler:
            return axe.detailler(lignes)
        if axe.expression is None:
            parts = list(axe.parts.items())
            if not parts:
                return {}
            comptes = lignes.aggregate(
                **{f"part_{rang}": self.nombre(filter=q) for rang, (_, q) in enumerate(parts)}
            )
            return {mot: en_nombre(comptes[f"part_{rang}"]) for rang, (mot, _) in enumerate(parts)}
        detail: Detail = {}
        expression = F(axe.expression) if isinstance(axe.expression, str) else axe.expression
        for cle, compte in (
            lignes.values(groupe=expression).annotate(n=self.nombre()).values_list("groupe", "n")
        ):
            mot = axe.dire(cle) if cle not in (None, "") else NON_DIT
            detail[mot] = detail.get(mot, Decimal(0)) + en_nombre(compte)
        return detail


def bande_de(age: str) -> Case:
    """La bande d'un âge connu, la même que pour une venue sans nom."""
    quand = [
        When(**{f"{age}__gte": debut}, then=Value(str(bande)))
        for bande, debut in sorted(DEBUT_DE_BANDE.items(), key=lambda paire: -paire[1])
    ]
    return Case(*quand, default=Value(""), output_field=CharField())


def dire_la_bande(bande: str) -> str:
    return str(BandeAge(bande).label)


def dire_l_annee_et_le_mois(rang: int) -> str:
    """202603 : « mars 2026 »."""
    annee, mois = divmod(rang, 100)
    return f"{MOIS[mois - 1]} {annee}"


def dire_le_mois(mois: datetime) -> str:
    """« mars 2026 »."""
    return f"{MOIS[mois.month - 1]} {mois.year}"


def additionner(details: list[Detail]) -> Detail:
    total: Detail = {}
    for detail in details:
        for mot, compte in detail.items():
            total[mot] = total.get(mot, Decimal(0)) + compte
    return {mot: arrondir(compte) for mot, compte in total.items()}
