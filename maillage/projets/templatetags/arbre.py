"""L'arbre à l'écran : une ligne par fiche, écrite d'un trait, car il y en a soixante."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.core.templatetags.maillage import VIDE, statut
from maillage.projets.calendrier import dire_les_dates
from maillage.projets.choices import EtatFiche, StatutFiche
from maillage.projets.lecture import AxeLu, EnjeuLu, FicheLue, ObjectifLu
from maillage.projets.models import Axe, FicheAction
from maillage.projets.temps import MOTS, Annee
from maillage.projets.vue_de_l_arbre import (
    SIGNES,
    SIGNES_D_ETAT,
    VueDeLArbre,
    adresse_de_la_fiche,
    nom_du_pilote,
)

register = template.Library()
_BALISES: dict[Annee, str] = {"faite": "b", "prevue": "i", "non": "s"}


@register.simple_tag
def badge_d_axe(axe: Axe) -> SafeString:
    """Sa couleur, et toujours sa lettre."""
    return format_html(
        '<span class="axe" data-axe="{}"><span class="invisible">Axe </span>{}</span>',
        axe.couleur,
        axe.lettre,
    )


@register.simple_tag
def annees_de_la_fiche(annees: Sequence[tuple[int, Annee]]) -> SafeString:
    """Les années, dessinées pour l'œil et dites pour l'oreille."""
    return _annees(tuple(annees))


@lru_cache(maxsize=512)
def _annees(annees: tuple[tuple[int, Annee], ...]) -> SafeString:
    dites = [
        f"{MOTS[genre]} en {', '.join(str(annee) for annee, un in annees if un == genre)}"
        for genre in ("faite", "prevue")
        if any(un == genre for _, un in annees)
    ]
    return format_html(
        '<span class="annees" role="img" aria-label="{}">{}</span>',
        ", ".join(dites) or "aucune année",
        format_html_join(
            "", "<{0}>{1}</{0}>", ((_BALISES[genre], f"{annee % 100:02}") for annee, genre in annees)
        ),
    )


@register.simple_tag
def statut_de_la_fiche(fiche: FicheAction) -> SafeString:
    return _statut(fiche.statut)


@register.simple_tag
def etat_de_la_fiche(fiche: FicheAction) -> SafeString:
    return _etat(fiche.etat)


@cache
def _statut(valeur: str) -> SafeString:
    if not valeur:
        return VIDE
    ton, signe = SIGNES[StatutFiche(valeur)]
    return statut(StatutFiche(valeur).label, ton=ton, icone=signe)


@cache
def _etat(valeur: str) -> SafeString:
    ton, signe = SIGNES_D_ETAT[EtatFiche(valeur)]
    return statut(EtatFiche(valeur).label, ton=ton, icone=signe)


@cache
def _en_retard() -> SafeString:
    return statut("En retard", ton="stop", icone="clock-alert")


@register.simple_tag
def lien_de_la_fiche(lue: FicheLue) -> SafeString:
    return _lien(lue.fiche.pk, lue.numero, lue.fiche.titre)


def _lien(pk: int, numero: str, titre: str) -> SafeString:
    return format_html(
        '<a href="{}">{}{}</a>',
        reverse("fiche_action", args=[pk]),
        format_html("<strong>{}</strong> ", numero) if numero else VIDE,
        titre,
    )


@register.simple_tag
def ligne_de_fiche(vue: VueDeLArbre, lue: FicheLue, peut_ecrire: bool) -> SafeString:
    fiche = lue.fiche
    return _ligne(
        fiche.projet_id,
        fiche.pk,
        lue.numero,
        fiche.titre,
        nom_du_pilote(fiche),
        fiche.statut,
        _alerte(vue, fiche),
        tuple(vue.annees_de(lue)),
        peut_ecrire,
    )


@lru_cache(maxsize=4096)
def _ligne(
    projet_pk: int,
    pk: int,
    numero: str,
    titre: str,
    pilote: str,
    statut_: str,
    alerte: SafeString,
    annees: tuple[tuple[int, Annee], ...],
    peut_ecrire: bool,
) -> SafeString:
    """Tout ce qu'elle montre est dans ses paramètres : la même ligne se redit sans se récrire."""
    return format_html(
        '<li id="{0}" data-noeud="{0}"><div class="corps">{1}</div>{2}{3}{4}{5}{6}</li>\n',
        f"fiche-{pk}",
        _lien(pk, numero, titre),
        format_html('<span class="pilote">{}</span>', pilote) if pilote else VIDE,
        _statut(statut_),
        alerte,
        _annees(annees),
        _ranger(projet_pk, "fiche", pk, f"Ranger {numero or titre}", "ranger") if peut_ecrire else VIDE,
    )


def _alerte(vue: VueDeLArbre, fiche: FicheAction) -> SafeString:
    if fiche.pk in vue.en_retard:
        return _en_retard()
    return _etat(fiche.etat) if fiche.etat in (EtatFiche.ARRETEE, EtatFiche.TERMINEE) else VIDE


@register.simple_tag
def modifier_la_branche(projet_pk: int, genre: str, objet: Any) -> SafeString:
    return _ranger(projet_pk, genre, objet.pk, f"Modifier « {objet} »", "ranger crayon")


@lru_cache(maxsize=4096)
def _ranger(projet_pk: int, genre: str, pk: int, mots: str, signe: str) -> SafeString:
    """Le signe vient de la feuille de style : une page en a cent."""
    return format_html(
        '<a class="{}" href="{}" aria-label="{}"></a>',
        signe,
        reverse("arbre_noeud", args=[projet_pk, genre, pk]),
        mots,
    )


# --- La vue, donnée aux boucles du gabarit ---


@register.simple_tag
def enjeux_de(vue: VueDeLArbre, axe: AxeLu) -> list[tuple[EnjeuLu, str]]:
    return vue.enjeux(axe)


@register.simple_tag
def objectifs_de(vue: VueDeLArbre, objectifs: Iterable[ObjectifLu]) -> list[tuple[ObjectifLu, str]]:
    return vue.objectifs(objectifs)


@register.simple_tag
def fiches_de(vue: VueDeLArbre, lues: Iterable[FicheLue]) -> list[FicheLue]:
    return vue.fiches(lues)


@register.simple_tag
def couleur_de(lue: FicheLue) -> str:
    return lue.axe.couleur if lue.axe else "neutre"


@register.simple_tag
def annees_dans_la_vue(vue: VueDeLArbre, lue: FicheLue) -> SafeString:
    return annees_de_la_fiche(vue.annees_de(lue))


# --- Ce que le tableau et le calendrier en disent ---

register.simple_tag(adresse_de_la_fiche, name="adresse_de_fiche")
register.simple_tag(nom_du_pilote, name="pilote_de")
register.simple_tag(dire_les_dates, name="dates_de")
