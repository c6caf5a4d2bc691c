"""Montrer un côté d'une comparaison : chaque texte est échappé, chaque changement est marqué et dit."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.core.comparaison import Comparaison, Morceau, Sort

register = template.Library()

_FORMES = {
    Sort.PAREIL: "{}",
    Sort.OTE: '<del><span class="invisible">ôté : </span>{}</del>',
    Sort.AJOUTE: '<ins><span class="invisible">ajouté : </span>{}</ins>',
    Sort.REPLIE: '<span class="saute"> {} </span>',
}


def _ecrire(morceaux: Iterable[Morceau]) -> SafeString:
    ecrits = (format_html(_FORMES[morceau.sort], morceau.texte) for morceau in morceaux)
    return format_html(
        '<p class="tel-quel">{}</p>', format_html_join("", "{}", ((ecrit,) for ecrit in ecrits))
    )


@register.simple_tag
def comparaison(deux: Comparaison, cote: str) -> SafeString:
    """`cote` : « avant », « apres », ou « seul » (le texte proposé, sans marque). Replié autour des changements."""
    if cote == "seul":
        return format_html('<p class="tel-quel">{}</p>', "".join(morceau.texte for morceau in deux.apres))
    entier = deux.avant if cote == "avant" else deux.apres
    replie = deux.avant_replie if cote == "avant" else deux.apres_replie
    if not entier:
        return format_html('<p class="vide-ici">{}</p>', "Champ vide")
    if deux.est_d_espaces and cote == "apres":
        return format_html(
            "{}{}",
            _ecrire(entier),
            format_html('<p class="petit douce">{}</p>', "Seuls des espaces changent."),
        )
    if replie == entier:
        return _ecrire(entier)
    return format_html(
        "{}<details><summary>Le texte entier</summary>{}</details>", _ecrire(replie), _ecrire(entier)
    )
