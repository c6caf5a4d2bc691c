"""Les alertes d'une recherche : demandées, confirmées par un second geste, envoyées, arrêtées.

Une alerte envoie les fiches entrées au catalogue entre deux envois, jamais deux fois la même : chaque envoi couvre la
période qui va de la fin du précédent à dix minutes avant lui, le temps que la recherche connaisse tout ce qui précède.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.choices import FrequenceAlerte
from maillage.catalogue.models import Alerte, Experience
from maillage.catalogue.presentation import accroche, texte_public
from maillage.catalogue.recherche import tous_les_ids
from maillage.catalogue.recherche.adresse import lire_recherche, recherche_en_mots
from maillage.core.anti_spam import drapeaux
from maillage.core.changements import noter_changement
from maillage.core.courrier import poster, reprendre
from maillage.core.journal import SYSTEME, journaliser

POUR_CONFIRMER = timedelta(days=7)
EN_ATTENTE_PAR_ADRESSE = 3
"""Demandes non confirmées d'une même adresse : on ne harcèle personne en tapant son courriel."""
RETARD_DE_LA_RECHERCHE = timedelta(minutes=10)
FICHES_PAR_ENVOI = 20
PERIODES = {
    FrequenceAlerte.QUOTIDIENNE: timedelta(hours=20),
    FrequenceAlerte.HEBDOMADAIRE: timedelta(days=6, hours=20),
}
"""Un peu moins que le jour ou la semaine : une tâche partie deux minutes plus tôt que la veille n'en saute pas un."""
LONGUEUR_ACCROCHE = 160


@transaction.atomic
def demander_alerte(courriel: str, recherche: str, frequence: str) -> None:
    """Envoie le lien à confirmer. La même demande ne se double pas ; rien ne dit si l'adresse est connue."""
    siennes = Alerte.objects.filter(courriel__iexact=courriel)
    if siennes.filter(recherche=recherche).exists():
        return
    if siennes.filter(confirmee_le=None).count() >= EN_ATTENTE_PAR_ADRESSE:
        return
    alerte = Alerte.objects.create(
        courriel=courriel, recherche=recherche, frequence=frequence, jeton=secrets.token_urlsafe(32)
    )
    _noter(alerte, "demander_alerte", "Un lecteur a demandé une alerte.")
    poster(
        courriel,
        "Confirmez votre alerte",
        "catalogue/alertes/courriel_confirmer.txt",
        {"alerte": alerte, "recherche": _mots_surs(recherche)},
        objet=alerte,
    )


def _mots_surs(recherche: str) -> str:
    """Ce courriel part à une adresse que rien ne prouve encore : il ne porte pas de lien écrit par un autre."""
    mots = recherche_en_mots(recherche)
    return "votre recherche" if "Contient un lien" in drapeaux(mots) else mots


@transaction.atomic
def confirmer_alerte(alerte: Alerte) -> None:
    """Le second accord : les envois commencent par ce qui paraîtra désormais."""
    if alerte.confirmee_le is None:
        alerte.confirmee_le = alerte.envoyee_le = timezone.now()
        alerte.save(update_fields=["confirmee_le", "envoyee_le"])
        _noter(alerte, "confirmer_alerte", "Un lecteur a confirmé une alerte.")


@transaction.atomic
def changer_frequence(alerte: Alerte, frequence: str) -> None:
    alerte.frequence = frequence
    alerte.save(update_fields=["frequence"])
    _noter(alerte, "changer_frequence", "Un lecteur a changé le rythme d'une alerte.")


@transaction.atomic
def arreter_alerte(alerte: Alerte) -> None:
    """Plus rien ne part, et l'adresse est effacée."""
    _noter(alerte, "arreter_alerte", "Un lecteur a arrêté une alerte.")
    reprendre(alerte)
    alerte.delete()


def envoyer_les_alertes(maintenant: datetime | None = None) -> int:
    """Envoie les alertes dues ; rend le nombre de courriels. Se répète sans doubler : chaque alerte avance avec son
    courriel, dans la même transaction. Lève `IndexIndisponible`."""
    jusqu_a = (maintenant or timezone.now()) - RETARD_DE_LA_RECHERCHE
    envoyes = 0
    for alerte in _dues(maintenant or timezone.now()):
        envoyes += _envoyer(alerte, jusqu_a)
    return envoyes


def _dues(maintenant: datetime) -> "QuerySet[Alerte]":
    dues = Q(pk__in=[])
    for frequence, periode in PERIODES.items():
        dues |= Q(frequence=frequence, envoyee_le__lte=maintenant - periode)
    return Alerte.objects.filter(dues, confirmee_le__isnull=False).order_by("pk")


def _envoyer(alerte: Alerte, jusqu_a: datetime) -> bool:
    fiches = _nouvelles(alerte, jusqu_a)
    with transaction.atomic():
        prise = Alerte.objects.filter(pk=alerte.pk, envoyee_le=alerte.envoyee_le)
        if not prise.update(envoyee_le=jusqu_a) or not fiches:
            return False
        arreter = settings.MAILLAGE_URL + reverse("alerte_arreter", args=[alerte.jeton])
        poster(
            alerte.courriel,
            _sujet(len(fiches)),
            "catalogue/alertes/courriel_nouvelles.txt",
            {
                "alerte": alerte,
                "recherche": recherche_en_mots(alerte.recherche),
                "fiches": [_ligne(fiche) for fiche in fiches[:FICHES_PAR_ENVOI]],
                "autres": max(0, len(fiches) - FICHES_PAR_ENVOI),
            },
            objet=alerte,
            entetes={
                "List-Unsubscribe": f"<{arreter}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
    return True


def _sujet(nombre: int) -> str:
    return "Une nouvelle expérience" if nombre == 1 else f"{nombre} nouvelles expériences"


def _nouvelles(alerte: Alerte, jusqu_a: datetime) -> list[Experience]:
    """Les fiches entrées au catalogue dans la période, par publication ou par un import, et qui répondent."""
    depuis = alerte.envoyee_le
    entrees = Experience.objects.publiees().filter(
        Q(publie_le__gt=depuis, publie_le__lte=jusqu_a) | Q(cree_le__gt=depuis, cree_le__lte=jusqu_a)
    )
    arrivees = set(entrees.order_by().values_list("pk", flat=True))
    if not arrivees:
        return []
    texte, choix = lire_recherche(alerte.recherche)
    gardees: list[int] = []
    for pk in tous_les_ids(texte, choix, tri="recentes"):
        if pk in arrivees:
            gardees.append(pk)
            if len(gardees) == len(arrivees):
                break
    fiches: dict[int, Any] = Experience.objects.publiees().completes().in_bulk(gardees)
    return [fiches[pk] for pk in gardees if pk in fiches]


def _ligne(fiche: Experience) -> dict[str, str]:
    return {
        "titre": " ".join(texte_public(fiche, "titre").split()),
        "structure": fiche.structure.nom,
        "adresse": settings.MAILLAGE_URL + reverse("experience_courte", args=[fiche.code]),
        "accroche": " ".join(accroche(fiche, LONGUEUR_ACCROCHE).split()),
    }


def effacer_les_alertes_oubliees() -> int:
    """Une alerte jamais confirmée s'efface au bout de sept jours, avec l'adresse."""
    limite = timezone.now() - POUR_CONFIRMER
    return Alerte.objects.filter(confirmee_le=None, creee_le__lt=limite).delete()[0]


def _noter(alerte: Alerte, acte: str, phrase: str) -> None:
    """Sans l'adresse : le journal reste, elle non."""
    journaliser(alerte, acte, phrase, par=SYSTEME)
    noter_changement(alerte, acte)
