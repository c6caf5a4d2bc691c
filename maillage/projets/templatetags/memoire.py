"""À côté d'une fiche : ce que celle du projet d'avant a donné."""

from typing import Any

from django import template

from maillage.projets.memoire import souvenir_de
from maillage.projets.models import FicheAction
from maillage.projets.permissions import OUVERTS_A_L_ECRITURE

register = template.Library()


@register.inclusion_tag("projets/evaluation/_avant.html")
def memoire_de_la_fiche(fiche: FicheAction) -> dict[str, Any]:
    """Rien quand elle n'en prolonge aucune. Pages de l'équipe seulement : les nombres y sont entiers."""
    if fiche.suite_de_id is None:
        a_un_avant = fiche.projet.suite_de_id is not None and fiche.projet.etat in OUVERTS_A_L_ECRITURE
        return {"souvenir": None, "a_relier": fiche if a_un_avant else None}
    avant = FicheAction.objects.select_related("projet__structure").get(pk=fiche.suite_de_id)
    return {"souvenir": souvenir_de(avant, est_dehors=False), "a_relier": None}
