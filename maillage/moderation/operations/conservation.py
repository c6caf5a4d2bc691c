"""Ce que la modération garde des lecteurs, et combien de temps (page « Données personnelles »)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from maillage.moderation.choices import EtatCommentaire
from maillage.moderation.models import Commentaire, Signalement

GARDE_DES_COURRIELS = timedelta(days=365)
EFFACEE = "-"
"""Début d'une empreinte effacée. Le numéro qui suit garde le compte des personnes sans plus dire lesquelles."""


@transaction.atomic
def effacer_les_empreintes() -> int:
    """Celles d'avant aujourd'hui : une personne n'est reconnue que le jour même."""
    minuit = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    anciennes = Signalement.objects.filter(recu_le__lt=minuit).exclude(empreinte__startswith=EFFACEE)
    return anciennes.update(empreinte=Concat(Value(EFFACEE), Cast("pk", CharField())))


@transaction.atomic
def effacer_les_courriels() -> int:
    """Un an après, l'adresse d'un lecteur s'efface ; un commentaire refusé, en entier."""
    limite = timezone.now() - GARDE_DES_COURRIELS
    Commentaire.objects.filter(etat=EtatCommentaire.REFUSE, depose_le__lt=limite).delete()
    return sum(
        objets.exclude(courriel="").update(courriel="")
        for objets in (
            Commentaire.objects.filter(depose_le__lt=limite),
            Signalement.objects.filter(recu_le__lt=limite),
        )
    )
