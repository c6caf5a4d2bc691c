"""Les lignes de la feuille de présence, écrites d'un coup : deux cents personnes ne doivent pas peser."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from maillage.activites.feuille import Case, Ligne
from maillage.core.documents.html import repeter

register = template.Library()
UNE_PERSONNE = (
    '<label><input type="checkbox" name="p" value="{0}"{1}>{2}{3}</label>'
    '<button name="role" value="{0}" aria-label="{4}, rôle de {2}">{4}</button>'
)


UNE_CASE = (
    '<input form="feuille" type="number" min="0" max="2000" inputmode="numeric" name="n_{}" value="{}"'
    ' aria-label="{}"{}>'
)


@register.simple_tag
def cases_sans_nom(grille: Iterable[tuple[str, Iterable[Case]]], est_fermee: bool) -> SafeString:
    """La grille des venues sans nom : une rangée par âge, une case par genre, qui dit les deux."""
    fermee = " disabled" if est_fermee else ""
    return repeter(
        "<span>{}</span>{}",
        (
            (libelle, repeter(UNE_CASE, ((case.cle, case.nombre, case.dite, fermee) for case in cases)))
            for libelle, cases in grille
        ),
    )


@register.simple_tag
def lignes_de_presence(lignes: Iterable[Ligne]) -> SafeString:
    """Une personne tient en trois éléments : une case dans son nom, et le bouton de son rôle."""
    return repeter(
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
        "\n",
    )
