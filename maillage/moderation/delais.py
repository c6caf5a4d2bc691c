"""Les délais : ce que la charte promet, compté en jours ouvrés, et ce qui est vraiment tenu.

Ouvré : ni samedi, ni dimanche, ni jour férié de toute la France. Ce qui arrive un dimanche compte du lundi matin.
"""

from datetime import datetime, time, timedelta

from django.utils import timezone

from maillage.territoire.horaires import jour_ferie

JOURS_PROMIS = 2
UN_JOUR = timedelta(days=1)


def est_ouvre(moment: datetime) -> bool:
    jour = timezone.localdate(moment)
    return jour.weekday() < 5 and jour_ferie(jour) is None


def limite_du_retard(maintenant: datetime | None = None) -> datetime:
    """Ce qui attend depuis avant cet instant est en retard sur ce qui est promis."""
    moment = timezone.localtime(maintenant or timezone.now())
    if not est_ouvre(moment):
        # Un jour chômé ne compte pas : c'est comme si la veille ouvrée finissait.
        while not est_ouvre(moment - UN_JOUR):
            moment -= UN_JOUR
        moment = timezone.make_aware(datetime.combine(moment.date(), time.min))
    restants = JOURS_PROMIS
    while restants:
        moment -= UN_JOUR
        restants -= est_ouvre(moment)
    return moment
