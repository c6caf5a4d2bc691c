"""L'adresse où l'on donne son avis en sortant, et ce que l'on en montre."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.safestring import SafeString

from maillage.activites.choices import EtatSeance, ReponseSatisfaction
from maillage.activites.jetons import AVIS, adresse_signee
from maillage.activites.models import Seance
from maillage.core.francais import nombre
from maillage.core.qr import dessiner_le_code

MINIMUM: Final = settings.PETITS_NOMBRES_DEDANS
SORTIE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AvisDeSortie:
    total: int
    parts: list[tuple[str, str]]
    """Réponse, pour cent ; vide sous le minimum : à trois, chacun saurait qui a été déçu."""
    adresse: str
    minimum: int = MINIMUM


def avis_de(seance: Seance) -> AvisDeSortie:
    par_reponse = seance.satisfactions.order_by().values_list("reponse").annotate(n=Count("pk"))
    nombres = {str(reponse): int(n) for reponse, n in par_reponse}
    total = sum(nombres.values())
    parts = (
        [(str(r.label), nombre(100 * nombres.get(r, 0) / total, 0)) for r in ReponseSatisfaction]
        if total >= MINIMUM
        else []
    )
    return AvisDeSortie(total, parts, adresse_de_l_avis(seance) if est_ouverte(seance) else "")


def adresse_de_l_avis(seance: Seance) -> str:
    """La même toute la vie de la séance : le code s'imprime d'avance, la page ne s'ouvre que le jour venu."""
    return adresse_signee("avis_de_sortie", AVIS, seance.pk)


def code_de_l_avis(seance: Seance, *, allonge: float = 1) -> SafeString:
    """Le code carré à scanner en sortant."""
    adresse = f"{settings.MAILLAGE_URL}{adresse_de_l_avis(seance)}"
    return dessiner_le_code(adresse, dit=f"Code à scanner pour donner son avis : {adresse}", allonge=allonge)


def est_ouverte(seance: Seance) -> bool:
    """Le jour de la séance, là où elle se tient, et le temps de sortir d'une soirée qui passe minuit."""
    maintenant = timezone.now()
    est_le_jour = seance.jour == maintenant.astimezone(seance.fuseau).date()
    on_en_sort = seance.debut <= maintenant <= seance.fin + SORTIE
    return seance.etat != EtatSeance.ANNULEE and (est_le_jour or on_en_sort)
