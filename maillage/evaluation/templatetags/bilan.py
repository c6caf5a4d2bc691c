"""Les tableaux du bilan du centre, écrits d'un coup : soixante-dix nombres, chacun vers ses lignes."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from maillage.core.documents.html import repeter
from maillage.core.francais import nombre
from maillage.evaluation.tableau.lecture import Case

register = template.Library()
LIEN = '<td class="nb"><a href="{}?{}">{}</a></td>'
RIEN = repeter('<td class="nb">0</td>', [()])


@register.simple_tag
def rangees_du_bilan(rangees: Iterable[tuple[str, Iterable[Case]]], lignes: str) -> SafeString:
    """`lignes` : l'adresse de la page des lignes."""
    return repeter(
        '<tr><th scope="row">{}</th>{}</tr>',
        ((nom[:1].upper() + nom[1:], _cases(cases, lignes)) for nom, cases in rangees),
        "\n",
    )


def _cases(cases: Iterable[Case], lignes: str) -> SafeString:
    return repeter(
        "{}",
        (
            (repeter(LIEN, [(lignes, case.adresse, nombre(case.valeur))]) if case.adresse else RIEN,)
            for case in cases
        ),
    )
