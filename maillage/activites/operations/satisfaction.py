"""Un geste en sortant d'une séance : ni nom, ni compte, et le même geste ne compte qu'une fois."""

from uuid import UUID

from django.db import transaction

from maillage.activites.choices import EtatSeance, ReponseSatisfaction
from maillage.activites.models import Satisfaction, Seance
from maillage.core.changements import noter_changement
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import SYSTEME, journaliser


@transaction.atomic
def donner_satisfaction(seance: Seance, reponse: ReponseSatisfaction, *, cle: UUID) -> None:
    """`cle` : celle du geste, posée par la page. Lève `GesteRefuse` pour une séance annulée."""
    if seance.etat == EtatSeance.ANNULEE:
        raise GesteRefuse("Cette séance est annulée.")
    _, est_nouvelle = Satisfaction.objects.get_or_create(
        cle=cle, defaults={"seance": seance, "reponse": reponse}
    )
    if not est_nouvelle:
        return
    journaliser(
        seance,
        "donner_satisfaction",
        f"Un avis a été donné en sortant de « {seance.activite} ».",
        par=SYSTEME,
        structure_id=seance.activite.structure_id,
    )
    noter_changement(seance, "donner_satisfaction")
