"""Ce que le catalogue garde des lecteurs, et combien de temps (page « Données personnelles »)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.catalogue.choices import GenreContribution
from maillage.catalogue.models import Contribution, Utilite

GARDE_DES_COURRIELS = timedelta(days=365)


@transaction.atomic
def effacer_les_utilites_d_hier() -> int:
    """L'empreinte ne sert que le jour même, à ne pas compter deux fois. Le nombre, lui, est sur la fiche."""
    return Utilite.objects.filter(jour__lt=timezone.localdate()).delete()[0]


@transaction.atomic
def effacer_les_auteurs_de_corrections() -> int:
    """Un an après l'envoi, le nom et le courriel d'un lecteur s'effacent de sa correction."""
    limite = timezone.now() - GARDE_DES_COURRIELS
    anciennes = Contribution.objects.filter(genre=GenreContribution.CORRECTION, soumise_le__lt=limite)
    return anciennes.exclude(Q(auteur_nom="") & Q(auteur_courriel="")).update(
        auteur_nom="", auteur_courriel=""
    )
