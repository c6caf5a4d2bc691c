"""Écrire ce qui entoure l'arbre : ajouter, corriger, ordonner, retirer et remettre un élément du dossier."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from django.db import models, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.models import LigneJournal
from maillage.projets.elements import Genre
from maillage.projets.histoire import histoire
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.projets import noter, tenir
from maillage.projets.permissions import OUVERTS_A_L_ECRITURE
from maillage.projets.preuves import besoins_cites_par
from maillage.projets.verification.citees import endroits_qui_citent, refus

REMISE: Final = timedelta(days=1)
SE_REMETTENT: Final = ("corriger_element", "retirer_element")
CITES: Final = {"chiffres": "chiffre", "tableaux": "tableau", "instances": "instance"}
"""Ce qu'un texte peut citer, sous quel mot : « [[chiffre:12]] »."""
NOM_AU_JOURNAL: Final = 300
Sens = Literal["monter", "descendre"]


class ElementChange(GesteRefuse):
    """Quelqu'un a changé l'élément depuis la lecture : la page montre les deux textes."""


@transaction.atomic
def ajouter_element(
    projet: ProjetSocial, genre: Genre, valeurs: dict[str, Any], *, par: Utilisateur
) -> models.Model:
    """À la fin de sa liste ; le même envoyé deux fois de suite n'en fait qu'un. Lève `GesteRefuse`."""
    tenu = tenir_ouvert(projet)
    dernier: models.Model | None = genre.du_projet(tenu).order_by("-pk").first()
    if dernier is not None and genre.valeurs(dernier) == valeurs:
        return dernier
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
    est_deja_ecrit = all(avant[champ] == valeur for champ, valeur in valeurs.items())
    if genre.empreinte(element) != lue and not est_deja_ecrit:
        raise ElementChange("Quelqu’un a changé ce texte pendant que vous écriviez.")
    if est_deja_ecrit:
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
    """Le journal garde l'élément, de quoi le remettre. Lève `GesteRefuse` si autre chose s'appuie sur lui."""
    tenu = tenir_ouvert(element.projet)
    if genre.cle in CITES and (places := endroits_qui_citent(tenu, [(CITES[genre.cle], element.pk)])):
        raise GesteRefuse(refus(str(element), places))
    refuser_si_cite(element)
    avant = genre.valeurs(element) | ({"rang": element.rang} if genre.a_un_ordre else {})
    try:
        retires = genre.du_projet(tenu).filter(pk=element.pk).delete()[0]
    except ProtectedError as tenu_par:
        quoi = sorted({str(objet._meta.verbose_name) for objet in tenu_par.protected_objects})
        raise GesteRefuse(
            f"« {element} » sert encore : {', '.join(quoi)}. Retirez cela d’abord."
        ) from tenu_par
    if retires:
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


def refuser_si_cite(element: models.Model) -> None:
    """Une preuve ne disparaît pas sous un besoin. Lève `GesteRefuse`, avec où elle est citée."""
    if cites := [besoin.titre for besoin in besoins_cites_par(element)]:
        dits = ", ".join(f"« {titre} »" for titre in cites)
        raise GesteRefuse(f"Cet élément est la preuve d’un besoin : {dits}. Ôtez-le d’abord de ses preuves.")


def dernier_rang(projet: ProjetSocial, genre: Genre) -> int:
    return genre.du_projet(projet).aggregate(dernier=Max("rang"))["dernier"] or 0


def _en_json(valeurs: dict[str, Any]) -> dict[str, Any]:
    return {champ: str(v) if isinstance(v, Decimal | date) else v for champ, v in valeurs.items()}


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
    nom = nom if len(nom) <= NOM_AU_JOURNAL else f"{nom[:NOM_AU_JOURNAL].rstrip()}…"
    phrase = f"{par.get_full_name()} {verbe} « {nom} » ({genre.titre.lower()})."
    noter(projet, acte, phrase, par=par, **details)
