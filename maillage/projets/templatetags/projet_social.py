"""Ce que les pages du projet social montrent partout : l'état du projet, ses onglets."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from maillage.core.templatetags.maillage import statut
from maillage.projets.choices import EtatProjet
from maillage.projets.models import ProjetSocial

register = template.Library()

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
    ("projet", "L’essentiel", "sprout"),
    ("arbre", "Arbre", "list-tree"),
    ("tableau", "Tableau", "table-2"),
    ("calendrier", "Calendrier", "calendar-range"),
    ("suivi", "Suivi", "gauge"),
    ("cadre", "Cadre", "file-text"),
    ("dossier", "Dossier", "folder-down"),
)
"""Nom d'adresse, libellé, icône. Une adresse absente de l'installation n'apparaît pas."""


@register.simple_tag
def etat_du_projet(projet: ProjetSocial) -> SafeString:
    ton, icone = SIGNES[EtatProjet(projet.etat)]
    return statut(projet.get_etat_display(), ton=ton, icone=icone)


@register.inclusion_tag("projets/_onglets.html", takes_context=True)
def onglets_du_projet(context: template.Context, projet: ProjetSocial) -> dict[str, Any]:
    """Les façons de voir le projet. Une page rangée sous un onglet le garde allumé."""
    ici = context["request"].path
    onglets = []
    for nom, libelle, icone in ONGLETS:
        try:
            adresse = reverse(nom, args=[projet.pk])
        except NoReverseMatch:
            continue
        place = "page" if adresse == ici else "true" if nom != "projet" and ici.startswith(adresse) else ""
        onglets.append({"adresse": adresse, "libelle": libelle, "icone": icone, "place": place})
    return {"onglets": onglets}
