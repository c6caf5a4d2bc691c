"""Compter les essais, pour tous les processus à la fois, avant tout calcul coûteux (ADR 0013).

Un plafond vaut pour une fenêtre qui s'ouvre au premier essai. Un essai refusé ne s'écrit pas : une attaque ne coûte
que des lectures. Les clés sont des empreintes : la base ne garde ni courriel, ni adresse.
"""

import hashlib
import hmac
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from maillage.comptes.models import CompteurEssais


class TropDEssais(Exception):
    """Le plafond est atteint. `attente` : secondes avant que la fenêtre se ferme."""

    def __init__(self, attente: int) -> None:
        super().__init__(f"Trop d'essais, recommencez dans {attente} s.")
        self.attente = attente


@dataclass(frozen=True, slots=True)
class Plafond:
    """Au plus `nombre` essais par `duree`, pour une même valeur de ce que `par` nomme."""

    nombre: int
    duree: timedelta
    par: tuple[str, ...]


MINUTES_5, HEURE, JOUR = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)
COMPTE, ADRESSE = ("compte",), ("adresse",)
COMPTE_ET_ADRESSE, TOUS = ("compte", "adresse"), ()

FREINS: dict[str, tuple[Plafond, ...]] = {
    # Un compte attaqué depuis une adresse reste ouvert depuis les autres ; attaqué de partout, il s'ouvre par code.
    "mot_de_passe": (
        Plafond(10, MINUTES_5, COMPTE_ET_ADRESSE),
        Plafond(30, MINUTES_5, ADRESSE),
        Plafond(100, HEURE, COMPTE),
        Plafond(1000, MINUTES_5, TOUS),
    ),
    "code_de_connexion": (
        Plafond(3, MINUTES_5, COMPTE_ET_ADRESSE),
        Plafond(20, MINUTES_5, ADRESSE),
        Plafond(20, HEURE, COMPTE),
        Plafond(300, MINUTES_5, TOUS),
    ),
    "reinitialisation": (
        Plafond(3, MINUTES_5, COMPTE_ET_ADRESSE),
        Plafond(20, MINUTES_5, ADRESSE),
        Plafond(20, HEURE, COMPTE),
        Plafond(300, MINUTES_5, TOUS),
    ),
    # Six chiffres se devinent : le compte, d'où que l'on essaie (R5).
    "second_facteur": (
        Plafond(5, MINUTES_5, COMPTE),
        Plafond(20, HEURE, COMPTE),
        Plafond(50, JOUR, COMPTE),
    ),
}


@dataclass(frozen=True, slots=True)
class Essai:
    """Un essai compté, que l'on rend s'il réussit."""

    cles: tuple[str, ...]

    def rendre(self) -> None:
        CompteurEssais.objects.filter(cle__in=self.cles, nombre__gt=0).update(nombre=F("nombre") - 1)


def compter_un_essai(frein: str, *, compte: str, adresse: str) -> Essai:
    """Compte l'essai, ou lève `TropDEssais` sans rien écrire. `adresse` : déjà une empreinte du jour."""
    valeurs = {"compte": compte, "adresse": adresse}
    plafonds = {_cle(frein, plafond, valeurs): plafond for plafond in FREINS[frein]}
    maintenant = timezone.now()
    _refuser(plafonds, _ouverts(plafonds), maintenant)
    with transaction.atomic():
        CompteurEssais.objects.bulk_create(
            [CompteurEssais(cle=cle, jusqu_a=maintenant) for cle in plafonds], ignore_conflicts=True
        )
        lignes = {
            ligne.cle: ligne
            for ligne in CompteurEssais.objects.select_for_update().filter(cle__in=plafonds).order_by("cle")
        }
        _refuser(plafonds, lignes, maintenant)
        for cle, ligne in lignes.items():
            if ligne.jusqu_a <= maintenant:
                ligne.nombre, ligne.jusqu_a = 0, maintenant + plafonds[cle].duree
            ligne.nombre += 1
        CompteurEssais.objects.bulk_update(lignes.values(), ["nombre", "jusqu_a"])
    return Essai(tuple(plafonds))


def oublier_les_vieux_essais() -> None:
    """Chaque jour : les fenêtres fermées ne servent plus à rien."""
    CompteurEssais.objects.filter(jusqu_a__lt=timezone.now()).delete()


def _ouverts(cles: Iterable[str]) -> dict[str, CompteurEssais]:
    return {ligne.cle: ligne for ligne in CompteurEssais.objects.filter(cle__in=list(cles)).order_by("cle")}


def _refuser(plafonds: dict[str, Plafond], lignes: dict[str, CompteurEssais], maintenant: datetime) -> None:
    attentes = [
        (lignes[cle].jusqu_a - maintenant).total_seconds()
        for cle, plafond in plafonds.items()
        if cle in lignes and lignes[cle].nombre >= plafond.nombre and lignes[cle].jusqu_a > maintenant
    ]
    if attentes:
        raise TropDEssais(max(1, math.ceil(max(attentes))))


def _cle(frein: str, plafond: Plafond, valeurs: dict[str, str]) -> str:
    morceaux = [frein, str(plafond.duree), *plafond.par, *(valeurs[nom] for nom in plafond.par)]
    texte = "\x1f".join(f"{len(morceau)}:{morceau}" for morceau in morceaux)
    return hmac.new(settings.SECRET_KEY.encode(), texte.encode(), hashlib.sha256).hexdigest()
