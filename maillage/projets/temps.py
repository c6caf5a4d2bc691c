"""Le temps d'une fiche : ce que fut ou sera chaque année, et ce qui est en retard."""

from datetime import date
from functools import cache
from typing import Any, Final, Literal

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from maillage.core.requete_rejouee import RequeteRejouee
from maillage.projets.choices import EtatFiche, ListeIndicateur
from maillage.projets.models import (
    BilanDeFiche,
    Etape,
    FicheAction,
    ProjetSocial,
    Releve,
    ValeurCalculee,
)

Annee = Literal["faite", "prevue", "non"]
MOTS: Final[dict[Annee, str]] = {"faite": "faite", "prevue": "prévue", "non": "pas cette année"}
COMMENCEES: Final = {EtatFiche.EN_COURS, EtatFiche.TERMINEE, EtatFiche.ARRETEE}
CLOSES: Final = {EtatFiche.TERMINEE, EtatFiche.ARRETEE}


def annees_de(fiche: FicheAction, annees: list[int], aujourd_hui: date) -> list[tuple[int, Annee]]:
    """Chaque année du projet. « Faite » : l'année est là ou passée, et l'action a commencé."""

    def dire(annee: int) -> Annee:
        if annee not in fiche.annees:
            return "non"
        if annee <= aujourd_hui.year:
            return "faite" if fiche.etat in COMMENCEES else "prevue"
        return "non" if fiche.etat in CLOSES else "prevue"

    return [(annee, dire(annee)) for annee in annees]


def avec_les_retards(projet: ProjetSocial) -> list[FicheAction]:
    """Les fiches du projet et leur pilote, par rang, avec de quoi dire un retard sans autre requête : les mêmes
    retards que `suivi`."""
    hier = timezone.localdate()
    passees = _passees(projet, hier)
    return _fiches_et_leurs_retards(len(passees))(projet.pk, hier.isoformat(), *passees)


@cache
def _fiches_et_leurs_retards(nombre_d_annees: int) -> RequeteRejouee[FicheAction]:
    """Les clés : le projet, le jour, puis chaque année finie."""
    return RequeteRejouee(_les_chercher, cles=2 + nombre_d_annees)


def _les_chercher(projet: Any, hier: Any, *annees: Any) -> "models.QuerySet[FicheAction]":
    fiche = OuterRef("pk")
    passees = Q(au__lt=hier) | Q(au=None, du__lt=hier)
    a_savoir: dict[str, Any] = {
        "etape_en_retard": Exists(Etape.objects.filter(passees, fiche=fiche, faite_le=None))
    }
    quantitatif = Q(indicateur__liste=ListeIndicateur.QUANTITATIVE)
    dit = Q(quantitatif, valeur__isnull=False) | (~quantitatif & ~Q(niveau=""))
    for place, annee in enumerate(annees):
        ici = {"indicateur__fiche": fiche, "annee": annee}
        a_savoir[_renseignee(place)] = (
            Exists(BilanDeFiche.objects.filter(fiche=fiche, annee=annee))
            | Exists(ValeurCalculee.objects.filter(quantitatif, **ici))
            | Exists(Releve.objects.filter(dit, **ici))
        )
    siennes = FicheAction.objects.filter(projet_id=projet).select_related("pilote")
    return siennes.annotate(**a_savoir).order_by("rang", "pk")


def est_en_retard(fiche: FicheAction, projet: ProjetSocial) -> bool:
    """D'une fiche de `avec_les_retards` : une étape passée, une année finie sans valeur ni bilan, ou pas écrite."""
    aujourd_hui = timezone.localdate()
    if fiche.etat == EtatFiche.A_ECRIRE and projet.du <= aujourd_hui:
        return True
    if fiche.etat != EtatFiche.ARRETEE and getattr(fiche, "etape_en_retard", False):
        return True
    siennes = [annee for annee in projet.annees if annee in fiche.annees] or projet.annees
    return any(
        not getattr(fiche, _renseignee(place))
        for place, annee in enumerate(_passees(projet, aujourd_hui))
        if annee in siennes
    )


def _passees(projet: ProjetSocial, aujourd_hui: date) -> list[int]:
    return [annee for annee in projet.annees if annee < aujourd_hui.year]


def _renseignee(place: int) -> str:
    """L'année finie de cette place a un bilan ou une valeur."""
    return f"renseignee_{place}"
