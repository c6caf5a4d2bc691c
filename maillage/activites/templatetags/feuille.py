"""Les lignes de la feuille de présence, écrites d'un coup : deux cents personnes ne doivent pas peser."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from maillage.activites.feuille import Ligne

register = template.Library()
UNE_PERSONNE = (
    '<label><input type="checkbox" name="p" value="{}"{}>{}{}</label>'
    '<button name="role" value="{}" aria-label="{}, rôle de {}">{}</button>'
)


@register.simple_tag
def lignes_de_presence(lignes: Iterable[Ligne]) -> SafeString:
    """Une personne tient en trois éléments : une case dans son nom, et le bouton de son rôle."""
    return format_html_join(
        "\n",
        UNE_PERSONNE,
        (
            (
                une.personne.pk,
                " checked" if une.est_presente else "",
                une.nom,
                " · 1re fois" if une.est_nouvelle else "",
                une.personne.pk,
                une.mot_du_role,
                une.nom,
                une.mot_du_role,
            )
            for une in lignes
        ),
    )
