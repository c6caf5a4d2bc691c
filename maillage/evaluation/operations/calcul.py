"""Écrire ce que valent les indicateurs d'une fiche (`projets.ValeurCalculee`).

Une valeur calculée se refait à volonté : rien au journal, aucun changement noté. On lit d'abord, longuement au besoin,
sans tenir la base ; on écrit ensuite, d'un trait.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from maillage.accueil.models import TypeDeDemande
from maillage.activites.models import Activite, Initiative
from maillage.core.journal import type_objet
from maillage.core.suivi import derniere_position
from maillage.evaluation.calcul import Centre, calculer, periode, periodes
from maillage.evaluation.choices import Mesure
from maillage.evaluation.definitions import DefinitionInvalide, lire_definition
from maillage.evaluation.lecture import Compte
from maillage.evaluation.models import FicheCalculee
from maillage.evaluation.secret import Comptee, au_dehors
from maillage.projets.choices import CACHE
from maillage.projets.models import BilanDeFiche, FicheAction, Indicateur, ProjetSocial, ValeurCalculee
from maillage.projets.periodes import court_apres_son_annee

RIEN: Final = {"mot": CACHE, "detail": False}
SOURCES: Final = (Activite, Initiative, TypeDeDemande)
"""Ce qui se rattache à une fiche, et peut la quitter."""
Recompte = tuple[FicheAction, Iterable[Indicateur] | None]
"""Une fiche, et ses indicateurs à recompter ; tous quand il n'est pas dit lesquels."""


def recalculer_fiche(
    fiche: FicheAction, indicateurs: Iterable[Indicateur] | None = None, *, centre: Centre | None = None
) -> None:
    """Recompte ces indicateurs, tous par défaut, pour chaque période commencée. Peut se répéter, et se faire à
    plusieurs : le calcul qui a vu le plus de changements l'emporte."""
    recalculer_fiches([(fiche, indicateurs)], centre=centre or Centre(fiche.projet.structure))


def recalculer_fiches(recomptes: Iterable[Recompte], *, centre: Centre) -> None:
    """De même pour plusieurs fiches du centre. Chaque projet s'écrit d'un trait : ce qui s'en lit du dehors tient à
    tous ses nombres, et ne se redit qu'une fois."""
    vu = derniere_position()
    par_projet: dict[int, list[_Calcul]] = {}
    for fiche, indicateurs in recomptes:
        comptes = list(fiche.indicateurs.order_by("pk") if indicateurs is None else indicateurs)
        calcul = _Calcul(fiche, comptes, list(_calculer(fiche, comptes, centre)), _rattaches(fiche))
        par_projet.setdefault(fiche.projet_id, []).append(calcul)
    for calculs in par_projet.values():
        _ecrire_le_projet(calculs, vu)


@dataclass(frozen=True, slots=True)
class _Calcul:
    """`rattaches` : ce que la fiche comptait, par type d'objet."""

    fiche: FicheAction
    indicateurs: list[Indicateur]
    valeurs: list[ValeurCalculee]
    rattaches: dict[str, list[int]]


def _rattaches(fiche: FicheAction) -> dict[str, list[int]]:
    return {
        type_objet(modele): list(
            modele.objects.filter(fiche=fiche).order_by("pk").values_list("pk", flat=True)
        )
        for modele in SOURCES
    }


@transaction.atomic
def _ecrire_le_projet(calculs: list[_Calcul], vu: int) -> None:
    """`vu` : le dernier changement noté avant de compter."""
    projet = calculs[0].fiche.projet
    for calcul in calculs:
        FicheCalculee.objects.get_or_create(fiche=calcul.fiche)
    suivies = FicheCalculee.objects.select_for_update(of=("self",)).filter(fiche__projet=projet)
    par_fiche = {une.fiche_id: une for une in suivies.order_by("pk")}
    est_change = False
    for calcul in calculs:
        suivie = par_fiche[calcul.fiche.pk]
        if suivie.changement_id > vu:
            continue
        est_change |= _ecrire(calcul.fiche, calcul.indicateurs, calcul.valeurs)
        suivie.changement_id, suivie.sources, suivie.calculee_le = vu, calcul.rattaches, timezone.now()
        suivie.save(update_fields=["changement_id", "sources", "calculee_le"])
    if est_change:
        _dire_au_dehors(projet)


def _calculer(
    fiche: FicheAction, indicateurs: Iterable[Indicateur], centre: Centre
) -> Iterator[ValeurCalculee]:
    for indicateur in indicateurs:
        phrase = Compte(indicateur).enregistree
        if phrase is None:
            continue
        for quand in periodes(phrase.definition.calendrier, fiche.projet):
            mesures = calculer(phrase.definition, fiche, quand, centre)
            premiere = mesures[0].decompte
            if premiere.valeur is not None:
                yield ValeurCalculee(
                    indicateur=indicateur,
                    annee=quand.annee,
                    valeur=premiere.valeur,
                    couverture=premiere.couverture,
                    detail=[mesure.en_json() for mesure in mesures],
                )


def _ecrire(fiche: FicheAction, indicateurs: list[Indicateur], valeurs: list[ValeurCalculee]) -> bool:
    """Une année close ne bouge plus : on dit à côté ce que donneraient les saisies tardives. Vrai quand quelque chose
    a changé."""
    clos = BilanDeFiche.objects.filter(fiche=fiche, clos_le__isnull=False).values_list("annee", flat=True)
    closes = {
        (indicateur.pk, annee)
        for annee in clos
        for indicateur in indicateurs
        if not court_apres_son_annee(indicateur.calendrier, annee, fiche.projet)
    }
    lues = ValeurCalculee.objects.filter(indicateur__in=indicateurs).order_by("pk")
    anciennes = {(une.indicateur_id, une.annee): une for une in lues}
    nouvelles: list[ValeurCalculee] = []
    changees: list[ValeurCalculee] = []
    for calculee in valeurs:
        place = calculee.indicateur_id, calculee.annee
        ancienne = anciennes.pop(place, None)
        if ancienne is None:
            if place not in closes:
                nouvelles.append(calculee)
        elif _reprendre(ancienne, calculee, est_close=place in closes):
            changees.append(ancienne)
    ValeurCalculee.objects.bulk_create(nouvelles)
    ValeurCalculee.objects.bulk_update(
        changees, ["valeur", "couverture", "detail", "depuis_la_cloture", "calculee_le"], batch_size=100
    )
    perimees = [une.pk for place, une in anciennes.items() if place not in closes]
    ValeurCalculee.objects.filter(pk__in=perimees).delete()
    return bool(nouvelles or changees or perimees)


def _dire_au_dehors(projet: ProjetSocial) -> None:
    """Ce qu'on lit du dehors tient à tous les nombres du projet : l'un se retrancherait de l'autre."""
    du_projet = ValeurCalculee.objects.filter(indicateur__fiche__projet=projet)
    lues = list(du_projet.select_related("indicateur").order_by("pk"))
    comptees = (mesure for une in lues for mesure in _comptees(une, projet))
    dits = au_dehors(comptees, settings.PETITS_NOMBRES_DEHORS)
    changees = []
    for une in lues:
        places = [(une.indicateur_id, une.annee, rang) for rang in range(len(une.detail))]
        dehors = [dits.get(place, RIEN) for place in places]
        if dehors != une.dehors:
            une.dehors = dehors
            changees.append(une)
    ValeurCalculee.objects.bulk_update(changees, ["dehors"], batch_size=100)


def _comptees(valeur: ValeurCalculee, projet: ProjetSocial) -> Iterator[Comptee]:
    """Chaque mesure, telle que comptée : la phrase d'une année close a pu changer depuis. Une valeur gardée sous une
    autre forme n'en donne aucune : elle se cache."""
    indicateur = valeur.indicateur
    du = periode(indicateur.calendrier, valeur.annee, projet).du
    for rang, gardee in enumerate(valeur.detail):
        try:
            definition = lire_definition(gardee.get("definition"), indicateur.calendrier)
        except DefinitionInvalide:
            return
        if gardee["valeur"] is not None:
            yield Comptee(
                indicateur=indicateur.pk,
                rang=rang,
                fiche=indicateur.fiche_id,
                annee=valeur.annee,
                du=du,
                definition=definition,
                mesure=Mesure(gardee["mesure"]),
                valeur=Decimal(gardee["valeur"]),
                gens=gardee["gens"],
            )


def _reprendre(ancienne: ValeurCalculee, calculee: ValeurCalculee, *, est_close: bool) -> bool:
    """Vrai quand il y a quelque chose à écrire."""
    if est_close:
        voulues: dict[str, Any] = {
            "depuis_la_cloture": calculee.valeur if calculee.valeur != ancienne.valeur else None
        }
    else:
        voulues = {nom: getattr(calculee, nom) for nom in ("valeur", "couverture", "detail")}
        voulues["depuis_la_cloture"] = None
    if all(getattr(ancienne, nom) == valeur for nom, valeur in voulues.items()):
        return False
    for nom, valeur in voulues.items():
        setattr(ancienne, nom, valeur)
    ancienne.calculee_le = timezone.now()
    return True
