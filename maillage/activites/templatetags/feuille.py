"""Les lignes de la feuille de présence, écrites d'un coup : deux cents personnes ne doivent pas peser."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from maillage.activites.feuille import Ligne

register = template.Library()
UNE_PERSONNE = (
    '<label><input type="checkbox" name="p" value="{0}"{1}>{2}{3}</label>'
    '<button name="role" value="{0}" aria-label="{4}, rôle de {2}">{4}</button>'
)


@register.simple_tag
def lignes_de_presence(lignes: Iterable[Ligne]) -> SafeString:
    """Une personne tient en trois éléments : une case dans son nom, et le bouton de son rôle."""
    return format_html_join(
        "\n",
        UNE_PERSONNE,
        (
            (
                une.pk,
                " checked" if une.est_presente else "",
                une.nom,
                " · 1re fois" if une.est_nouvelle else "",
                une.mot_du_role,
            )
            for une in lignes
        ),
    )
