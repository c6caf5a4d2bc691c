"""Ce que plusieurs pages d'activités disent de la même façon."""

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from maillage.activites.calendrier import JOURS
from maillage.activites.choices import EtatSeance
from maillage.activites.models import Activite, Seance, Serie
from maillage.activites.permissions import peut_faire_la_feuille
from maillage.activites.presentation import comment_venir, pour_qui, prix
from maillage.core.francais import heure
from maillage.core.templatetags.maillage import VIDE, statut

RYTHMES = {2: "deux", 3: "trois", 4: "quatre"}

register = template.Library()
for une in (comment_venir, pour_qui, prix):
    register.simple_tag(une)


@register.simple_tag
def etat_de_la_seance(seance: Seance) -> SafeString:
    """Ce qui n'est pas l'ordinaire : tenue, annulée, changée à part. Prévue, rien."""
    if seance.etat == EtatSeance.TENUE:
        return statut("Tenue", ton="ok", icone="circle-check")
    if seance.etat == EtatSeance.ANNULEE:
        return statut("Annulée", ton="stop", icone="circle-x")
    if seance.est_changee:
        return statut("Changée à part", ton="alerte", icone="pencil")
    return VIDE


@register.simple_tag(takes_context=True)
def feuille_de(context: Context, seance: Seance) -> str:
    """L'adresse de la feuille, pour qui peut la faire ; préchargez `activite__animateurs`."""
    if seance.etat == EtatSeance.ANNULEE or not peut_faire_la_feuille(context["request"].user, seance):
        return ""
    return reverse("feuille", args=[seance.pk])


@register.simple_tag
def qui_anime(activite: Activite) -> str:
    """« Bruno, Inès » ; préchargez `animateurs`."""
    return ", ".join(une.prenom for une in activite.animateurs.all())


@register.simple_tag
def dire_la_serie(serie: Serie) -> str:
    """« Chaque mardi de 14 h à 16 h », « Un mardi sur deux… »."""
    jour = JOURS[serie.jour].lower()
    rythme = f"Chaque {jour}" if serie.toutes_les == 1 else f"Un {jour} sur {RYTHMES[serie.toutes_les]}"
    return f"{rythme} de {heure(serie.debut)} à {heure(serie.fin)}"
