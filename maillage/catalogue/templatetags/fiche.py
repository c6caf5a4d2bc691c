"""Ce que les gabarits d'une fiche écrivent en boucle."""

from collections.abc import Iterable

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.catalogue.models import Partenariat
from maillage.catalogue.presentation import Passage
from maillage.core.francais import euros

register = template.Library()


@register.filter
def passages(morceaux: Iterable[Passage]) -> SafeString:
    """Les mots du centre, ceux où un nombre a été lu entre <mark>."""
    ecrits = (
        (format_html("<mark>{}</mark>", texte) if morceau.est_lu else texte,)
        for morceau in morceaux
        if (texte := linebreaksbr(morceau.texte))
    )
    return format_html_join("", "{}", ecrits)


@register.filter
def partenaires(liens: Iterable[Partenariat], recherche: str) -> SafeString:
    """« Carsat (6 000 €), Caf » : chacun mène à ses expériences, par l'adresse de la recherche."""
    return format_html_join(
        ", ",
        '<a href="{}?partenaire={}">{}</a>{}',
        (
            (
                recherche,
                lien.partenaire.slug,
                lien.partenaire.nom,
                "" if lien.montant is None else f" ({euros(lien.montant)})",
            )
            for lien in liens
        ),
    )
