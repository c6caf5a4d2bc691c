"""Écrire ce qui entoure l'arbre : ajouter, corriger, ordonner, retirer et remettre un élément du dossier."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.models import LigneJournal
from maillage.projets.elements import GENRES, Genre
from maillage.projets.histoire import histoire
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.projets import noter, tenir
from maillage.projets.permissions import OUVERTS_A_L_ECRITURE

REMISE: Final = timedelta(days=1)
SE_REMETTENT: Final = ("corriger_element", "retirer_element")
Sens = Literal["monter", "descendre"]


class ElementChange(GesteRefuse):
    """Quelqu'un a changé l'élément depuis la lecture : la page montre les deux textes."""


@transaction.atomic
def ajouter_element(
    projet: ProjetSocial, genre: Genre, valeurs: dict[str, Any], *, par: Utilisateur
) -> models.Model:
    """À la fin de sa liste. Lève `GesteRefuse` quand le projet ne s'écrit plus."""
    tenu = tenir_ouvert(projet)
    rang = {"rang": dernier_rang(tenu, genre) + 1} if genre.a_un_ordre else {}
    element: models.Model = genre.du_projet(tenu).create(projet=tenu, **valeurs, **rang)
    _noter(tenu, "ajouter_element", "a ajouté", genre, element, par)
    return element


@transaction.atomic
def corriger_element(
    element: Any, genre: Genre, valeurs: dict[str, Any], *, lue: str, par: Utilisateur
) -> None:
    """`lue` : l'empreinte de ce que la page montrait. Lève `ElementChange`, l'élément relu, ou `GesteRefuse`."""
    tenu = tenir_ouvert(element.projet)
    element.refresh_from_db()
    avant = genre.valeurs(element)
    if genre.empreinte(element) != lue and avant != valeurs:
        raise ElementChange("Quelqu’un a changé ce texte pendant que vous écriviez.")
    if avant == valeurs:
        return
    for champ, valeur in valeurs.items():
        setattr(element, champ, valeur)
    element.save(update_fields=list(valeurs))
    garde = {"genre": genre.cle, "element": element.pk, "valeurs": _en_json(avant)}
    _noter(
        tenu,
        "corriger_element",
        "a corrigé",
        genre,
        element,
        par,
        avant=garde,
        apres=_en_json(genre.valeurs(element)),
    )


@transaction.atomic
def deplacer_element(element: Any, genre: Genre, sens: Sens, *, par: Utilisateur) -> None:
    """Échange sa place avec son voisin. Sans effet au bout de la liste."""
    tenu = tenir_ouvert(element.projet)
    rangee = list(genre.du_projet(tenu).order_by("rang", "pk"))
    place = next((i for i, autre in enumerate(rangee) if autre.pk == element.pk), None)
    if place is None:
        return
    voisine = place + (-1 if sens == "monter" else 1)
    if not 0 <= voisine < len(rangee):
        return
    rangee[place], rangee[voisine] = rangee[voisine], rangee[place]
    for rang, autre in enumerate(rangee, start=1):
        autre.rang = rang
    genre.modele._default_manager.bulk_update(rangee, ["rang"])
    _noter(tenu, "deplacer_element", "a déplacé", genre, element, par)


@transaction.atomic
def retirer_element(element: Any, genre: Genre, *, par: Utilisateur) -> None:
    """Le journal garde l'élément, de quoi le remettre."""
    tenu = tenir_ouvert(element.projet)
    avant = genre.valeurs(element) | ({"rang": element.rang} if genre.a_un_ordre else {})
    if genre.du_projet(tenu).filter(pk=element.pk).delete()[0]:
        garde = {"genre": genre.cle, "valeurs": _en_json(avant)}
        _noter(tenu, "retirer_element", "a retiré", genre, element, par, avant=garde)


def element_a_remettre(projet: ProjetSocial, genre: Genre) -> LigneJournal | None:
    """Le dernier élément de ce genre corrigé ou retiré depuis peu, s'il n'est pas déjà remis."""
    derniere = histoire(projet).filter(acte__in=(*SE_REMETTENT, "remettre_element")).first()
    if derniere is None or derniere.acte not in SE_REMETTENT:
        return None
    est_du_genre = (derniere.avant or {}).get("genre") == genre.cle
    return derniere if est_du_genre and derniere.fait_le > timezone.now() - REMISE else None


@transaction.atomic
def remettre_element(projet: ProjetSocial, genre: Genre, *, par: Utilisateur) -> None:
    """Retiré, le remet à sa place ; corrigé, lui rend ses mots d'avant.

    Lève `GesteRefuse` s'il n'y a rien à remettre, ou si quelqu'un l'a changé depuis.
    """
    tenu = tenir_ouvert(projet)
    ligne = element_a_remettre(tenu, genre)
    if ligne is None or ligne.avant is None:
        raise GesteRefuse("Il n’y a rien à remettre.")
    valeurs = dict(ligne.avant["valeurs"])
    if valeurs.get("valeur") is not None:
        valeurs["valeur"] = Decimal(valeurs["valeur"])
    if ligne.acte == "retirer_element":
        element = genre.du_projet(tenu).create(projet=tenu, **valeurs)
    else:
        element = genre.du_projet(tenu).filter(pk=ligne.avant["element"]).first()
        if element is None or _en_json(genre.valeurs(element)) != ligne.apres:
            raise GesteRefuse("Quelqu’un l’a changé depuis : on ne peut plus le remettre comme avant.")
        for champ, valeur in valeurs.items():
            setattr(element, champ, valeur)
        element.save(update_fields=list(valeurs))
    _noter(tenu, "remettre_element", "a remis", genre, element, par)


def tenir_ouvert(projet: ProjetSocial) -> ProjetSocial:
    tenu = tenir(projet)
    if tenu.etat not in OUVERTS_A_L_ECRITURE:
        raise GesteRefuse(f"Le projet est maintenant « {tenu.get_etat_display()} » : il ne s’écrit plus.")
    return tenu


def dernier_rang(projet: ProjetSocial, genre: Genre) -> int:
    return genre.du_projet(projet).aggregate(dernier=Max("rang"))["dernier"] or 0


def _en_json(valeurs: dict[str, Any]) -> dict[str, Any]:
    return {champ: str(v) if isinstance(v, Decimal) else v for champ, v in valeurs.items()}


def _noter(
    projet: ProjetSocial,
    acte: str,
    verbe: str,
    genre: Genre,
    element: models.Model,
    par: Utilisateur,
    **details: Any,
) -> None:
    nom = str(genre.valeurs(element)[genre.champs[0]]) or "sans titre"
    phrase = f"{par.get_full_name()} {verbe} « {nom} » ({GENRES[genre.cle].titre.lower()})."
    noter(projet, acte, phrase, par=par, **details)
