"""Les tableaux du bilan du centre, écrits d'un coup : soixante-dix nombres, chacun vers ses lignes."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.core.francais import nombre
from maillage.evaluation.tableau.lecture import Case

register = template.Library()


@register.simple_tag
def rangees_du_bilan(rangees: Iterable[tuple[str, Iterable[Case]]], lignes: str) -> SafeString:
    """`lignes` : l'adresse de la page des lignes."""
    return format_html_join(
        "\n",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (nom[:1].upper() + nom[1:], format_html_join("", "{}", _cases(cases, lignes)))
            for nom, cases in rangees
        ),
    )


def _cases(cases: Iterable[Case], lignes: str) -> Iterable[tuple[SafeString]]:
    for case in cases:
        if case.adresse:
            lien = '<td class="nb"><a href="{}?{}">{}</a></td>'
            yield (format_html(lien, lignes, case.adresse, nombre(case.valeur)),)
        else:
            yield (RIEN,)


RIEN = format_html('<td class="nb">{}</td>', 0)
