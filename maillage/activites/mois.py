"""« Mon mois » : ce qu'une personne a animé, en nombres, par fiche action. Aucun nom d'habitant."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from maillage.activites.jetons import MOIS, adresse_signee, numero_du_jeton
from maillage.activites.models import Presence, Seance, VenueSansNom
from maillage.comptes.models import Utilisateur
from maillage.core.francais import MOIS as NOMS_DES_MOIS
from maillage.core.francais import nombre

PARTAGE: Final = timedelta(days=30)
"""Le temps que vaut l'adresse d'un mois montré hors de l'équipe."""
SANS_FICHE = "Sans fiche action"


@dataclass(slots=True)
class Part:
    """Une fiche action, ou le mois. Présences, personnes, venues sans nom : trois nombres, jamais additionnés."""

    titre: str
    fiche_id: int | None = None
    seances: int = 0
    heures: Decimal = Decimal(0)
    presences: int = 0
    personnes: int = 0
    sans_nom: int = 0


@dataclass(slots=True)
class Mois:
    premier: date
    total: Part
    parts: list[Part]
    themes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{NOMS_DES_MOIS[self.premier.month - 1]} {self.premier.year}"

    @property
    def avant(self) -> date:
        return (self.premier - timedelta(days=1)).replace(day=1)

    @property
    def apres(self) -> date | None:
        """Le mois suivant, s'il est commencé."""
        suivant = (self.premier + timedelta(days=32)).replace(day=1)
        return suivant if suivant <= timezone.localdate() else None


@dataclass(frozen=True, slots=True)
class MoisPartage:
    """Ce que porte l'adresse signée d'un mois : qui, lequel, jusqu'à quand."""

    animateur: int
    premier: date
    jusqu_au: date

    @property
    def adresse(self) -> str:
        return adresse_signee("mon_mois_partage", MOIS, self.animateur, f"{self.premier}:{self.jusqu_au}")

    @property
    def est_perime(self) -> bool:
        return timezone.localdate() > self.jusqu_au


def partager(mois: Mois, utilisateur: Utilisateur) -> MoisPartage:
    return MoisPartage(utilisateur.pk, mois.premier, timezone.localdate() + PARTAGE)


def mois_du_jeton(jeton: str) -> MoisPartage | None:
    """Rien quand l'adresse a été devinée."""
    lu = numero_du_jeton(MOIS, jeton)
    if lu is None:
        return None
    premier, _, jusqu_au = lu[1].partition(":")
    return MoisPartage(lu[0], date.fromisoformat(premier), date.fromisoformat(jusqu_au))


def gens_au_dehors(total: Part) -> list[tuple[str, str]]:
    """Ce qui compte des gens, hors de l'équipe : un petit nombre s'y tait. Par fiche, ils ne se montrent pas."""
    seuil = settings.PETITS_NOMBRES_DEHORS
    return [
        (f"moins de {seuil}" if 0 < combien < seuil else nombre(combien), libelle)
        for combien, libelle in (
            (total.presences, "présences nommées"),
            (total.personnes, "personnes différentes, connues par leur nom"),
            (total.sans_nom, "venues sans nom, non dédoublonnées"),
        )
        if combien
    ]


def mois_de(utilisateur: Utilisateur, premier: date) -> Mois:
    """Les séances tenues que cette personne anime, dont le jour tombe dans ce mois, là où elles se tiennent."""
    large = timedelta(days=1)  # un fuseau d'outre-mer déborde d'un jour
    du = timezone.make_aware(datetime.combine(premier, time.min)) - large
    siennes = Seance.objects.de_l_equipe(utilisateur).tenues().filter(activite__animateurs=utilisateur)
    candidates = siennes.entre(du, du + timedelta(days=35)).avec_leur_activite()
    seances = [
        une for une in candidates.select_related("activite__fiche") if une.jour.replace(day=1) == premier
    ]
    par_fiche: dict[int | None, list[Seance]] = {}
    for seance in seances:
        par_fiche.setdefault(seance.activite.fiche_id, []).append(seance)
    parts = [
        _compter(str(siens[0].activite.fiche or SANS_FICHE), numero, siens)
        for numero, siens in par_fiche.items()
    ]
    parts.sort(key=lambda part: (-part.seances, part.titre))
    themes = dict.fromkeys(str(une.theme) for une in seances if une.theme)
    return Mois(premier, _compter("Ensemble", None, seances), parts, list(themes))


def _compter(titre: str, fiche_id: int | None, seances: Iterable[Seance]) -> Part:
    toutes = list(seances)
    numeros = [une.pk for une in toutes]
    presences: dict[str, Any] = Presence.objects.filter(seance__in=numeros).aggregate(
        toutes=Count("pk"), personnes=Count("personne", distinct=True)
    )
    sans_nom = VenueSansNom.objects.filter(seance__in=numeros).aggregate(n=Sum("nombre"))["n"] or 0
    durees = sum((une.fin - une.debut for une in toutes), timedelta())
    return Part(
        titre,
        fiche_id,
        seances=len(toutes),
        heures=(Decimal(durees.total_seconds()) / 3600).quantize(Decimal("0.01")),
        presences=presences["toutes"],
        personnes=presences["personnes"],
        sans_nom=sans_nom,
    )
