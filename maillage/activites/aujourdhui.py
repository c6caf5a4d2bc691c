"""Les séances d'aujourd'hui, et celles qui attendent leur feuille."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Min, Q
from django.utils import timezone

from maillage.activites.choices import EtatActivite, EtatInscription, EtatSeance
from maillage.activites.models import Activite, Seance
from maillage.comptes.permissions import structures_de, structures_du_registre
from maillage.territoire.models import Structure

ATTENTE: Final = timedelta(days=30)
"""Une feuille se fait dans le mois ; au-delà, la séance n'a sans doute pas eu lieu."""


def seances_du_jour(utilisateur: Any) -> list[Seance]:
    """Celles de ses centres, le jour qu'il est là-bas, dans l'ordre des heures ; chacune sait ses inscrits."""
    jours = Q(pk__in=[])
    for structure in Structure.objects.filter(pk__in=structures_de(utilisateur)):
        jour = timezone.now().astimezone(structure.fuseau).date()
        debut = datetime.combine(jour, time.min, structure.fuseau)
        fin = datetime.combine(jour + timedelta(days=1), time.min, structure.fuseau)
        jours |= Q(activite__structure=structure, debut__gte=debut, debut__lt=fin)
    inscrits = Count(
        "activite__inscriptions", filter=Q(activite__inscriptions__etat=EtatInscription.INSCRITE)
    )
    seances = Seance.objects.de_l_equipe(utilisateur).filter(jours).avec_leur_activite()
    return list(
        seances.prefetch_related("activite__animateurs").annotate(inscrits=inscrits).order_by("debut", "pk")
    )


def feuilles_a_terminer(utilisateur: Any) -> Any:
    """Celles que cette personne peut faire : les siennes, ou toutes si elle tient le registre ; les plus vieilles
    d'abord."""
    maintenant = timezone.now()
    siennes = Q(activite__animateurs=utilisateur)
    siennes |= Q(activite__structure__in=structures_du_registre(utilisateur))
    passees = Seance.objects.de_l_equipe(utilisateur).filter(
        fin__lt=maintenant, fin__gte=maintenant - ATTENTE, feuille_close_le=None
    )
    attendues = passees.exclude(etat=EtatSeance.ANNULEE).filter(siennes).distinct()
    return attendues.avec_leur_activite().prefetch_related("activite__animateurs").order_by("debut", "pk")


def places_proposees(utilisateur: Any) -> Any:
    """Les activités dont une place attend une réponse, la plus pressée d'abord ; à qui peut lire qui doit répondre."""
    siennes = Q(animateurs=utilisateur) | Q(structure__in=structures_du_registre(utilisateur))
    tenues = Activite.objects.de_l_equipe(utilisateur).filter(siennes, etat=EtatActivite.OUVERTE).distinct()
    proposee = Q(inscriptions__etat=EtatInscription.PROPOSEE)
    return (
        Activite.objects.filter(pk__in=tenues.values("pk"))
        .annotate(
            proposees=Count("inscriptions", filter=proposee),
            limite=Min("inscriptions__proposee_jusqu_au", filter=proposee),
        )
        .filter(proposees__gt=0)
        .select_related("structure")
        .order_by("limite", "pk")
    )
