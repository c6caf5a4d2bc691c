"""Selon quoi une ligne se détaille : le mois, le lieu, et ce qu'elle porte."""

from django.db.models import Q
from django.db.models.functions import Coalesce

from maillage.core.base_de_donnees import mois_local
from maillage.evaluation.calcul.portee import Portee
from maillage.evaluation.calcul.sources import (
    MOIS_LU,
    SITE,
    Axe,
    bande_de,
    dire_l_annee_et_le_mois,
    dire_la_bande,
)
from maillage.evaluation.choices import Ventilation as V


def d_une_seance(portee: Portee, prefixe: str) -> dict[str, Axe]:
    lieu = Coalesce(f"{prefixe}site__nom", f"{prefixe}activite__site__nom")
    return {
        MOIS_LU: _mois(portee, f"{prefixe}debut"),
        SITE: Axe(lieu),
        V.ACTIVITE: Axe(f"{prefixe}activite__titre"),
        V.PUBLIC: par_public(portee, f"{prefixe}activite"),
    }


def _mois(portee: Portee, instant: str) -> Axe:
    quand = portee.periode
    return Axe(mois_local(instant, quand.fuseau, quand.debut, quand.fin), dire_l_annee_et_le_mois)


def par_public(portee: Portee, activite: str) -> Axe:
    mots: dict[str, set[int]] = {}
    for une in portee.activites_du_perimetre:
        for public in une.publics:
            mots.setdefault(public, set()).add(une.pk)
    return Axe(parts={mot: Q(**{f"{activite}__in": sorted(ids)}) for mot, ids in sorted(mots.items())})


def d_une_presence(portee: Portee) -> dict[str, Axe]:
    return d_une_seance(portee, "seance__") | {
        V.GENRE: Axe("personne__genre"),
        V.AGE: Axe(bande_de("age"), dire_la_bande),
        V.QUARTIER: Axe("personne__provenance__nom"),
    }


def d_une_venue_sans_nom(portee: Portee) -> dict[str, Axe]:
    return d_une_seance(portee, "seance__") | {
        V.GENRE: Axe("genre"),
        V.AGE: Axe("bande", dire_la_bande),
    }


def d_un_passage(portee: Portee, prefixe: str, type_de_demande: str) -> dict[str, Axe]:
    return {
        MOIS_LU: _mois(portee, f"{prefixe}le"),
        SITE: Axe(f"{prefixe}site__nom"),
        V.GENRE: Axe(f"{prefixe}genre"),
        V.AGE: Axe(f"{prefixe}bande", dire_la_bande),
        V.QUARTIER: Axe(f"{prefixe}provenance__nom"),
        V.TYPE_DEMANDE: Axe(type_de_demande),
    }


def par_type_de_partenaire(portee: Portee) -> Axe:
    mots: dict[str, set[int]] = {}
    for pk, genres in portee.centre.genres_de_partenaire:
        for genre in genres:
            mots.setdefault(genre, set()).add(pk)
    return Axe(parts={mot: Q(pk__in=sorted(ids)) for mot, ids in sorted(mots.items())})
