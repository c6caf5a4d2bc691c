"""Ce que les pages du projet social montrent partout : l'état du projet, ses onglets."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from maillage.core.templatetags.maillage import statut
from maillage.projets.choices import EtatProjet
from maillage.projets.echeances import de_quand, quand
from maillage.projets.manques import Manque
from maillage.projets.models import ProjetSocial, Tache

register = template.Library()
UNE_SEMAINE = 7

SIGNES = {
    EtatProjet.PREPARATION: ("info", "pencil"),
    EtatProjet.SOUMIS: ("alerte", "send"),
    EtatProjet.A_COMPLETER: ("alerte", "message-circle"),
    EtatProjet.AGREE: ("ok", "circle-check"),
    EtatProjet.REFUSE: ("stop", "octagon-x"),
    EtatProjet.EN_COURS: ("ok", "circle-play"),
    EtatProjet.EVALUE: ("info", "clipboard-check"),
    EtatProjet.ARCHIVE: ("", "archive"),
}
ONGLETS = (
    ("projet", "L’essentiel"),
    ("diagnostic", "Diagnostic"),
    ("arbre", "Arbre"),
    ("tableau", "Tableau"),
    ("calendrier", "Calendrier"),
    ("gouvernance", "Gouvernance"),
    ("budget", "Budget"),
    ("dossier", "Dossier"),
    ("suivi", "Suivi"),
    ("evaluation", "Évaluation"),
    ("cadre", "Cadre"),
)
"""Nom d'adresse, libellé. Une adresse absente de l'installation n'apparaît pas."""


@register.simple_tag
def etat_du_projet(projet: ProjetSocial) -> SafeString:
    ton, icone = SIGNES[EtatProjet(projet.etat)]
    return statut(projet.get_etat_display(), ton=ton, icone=icone)


@register.inclusion_tag("projets/_onglets.html", takes_context=True)
def onglets_du_projet(context: template.Context, projet: ProjetSocial, sous: str = "") -> dict[str, Any]:
    """Les façons de voir le projet. Une page rangée sous un onglet le garde allumé ; ailleurs, `sous` le nomme."""
    ici = context["request"].path
    onglets = []
    for nom, libelle in ONGLETS:
        try:
            adresse = reverse(nom, args=[projet.pk])
        except NoReverseMatch:
            continue
        place = "page" if adresse == ici else "true" if _est_dessous(ici, nom, adresse, sous) else ""
        onglets.append({"adresse": adresse, "libelle": libelle, "place": place})
    return {"onglets": onglets}


def _est_dessous(ici: str, nom: str, adresse: str, sous: str) -> bool:
    return nom == sous or (nom != "projet" and ici.startswith(adresse))


@register.simple_tag
def echeance_de(tache: Tache) -> SafeString:
    """« En retard de 3 jours », « Dans 3 semaines », « Faite »."""
    if tache.faite_le is not None:
        return statut("Faite", ton="ok")
    jours = (tache.echeance - timezone.localdate()).days
    if jours < 0:
        return statut(f"En retard {de_quand(-jours)}", ton="stop", icone="clock-alert")
    return statut(quand(jours), ton="alerte" if jours <= UNE_SEMAINE else "info", icone="clock")


@register.simple_tag
def adresse_du_manque(manque: Manque, projet: ProjetSocial) -> str:
    """Où l'on y remédie ; vide quand la page n'existe pas ici."""
    return manque.adresse(projet)
