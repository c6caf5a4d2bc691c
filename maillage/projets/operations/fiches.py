"""Écrire une fiche action, à plusieurs et champ par champ (`core.ecriture`) ; la commencer, la faire avancer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from maillage.catalogue.operations.contenu import partenaires_nommes
from maillage.comptes.models import Utilisateur
from maillage.core import ecriture
from maillage.core.changements import noter_changement
from maillage.core.ecriture import PAUSE, Conflit, GesteRefuse, Tri, Valeur
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.projets.champs import CHAMPS, COLONNES, GenreChamp, lire_champs
from maillage.projets.choices import EtatFiche
from maillage.projets.equipe import equipe_du_projet
from maillage.projets.models import Axe, FicheAction, Objectif, ProjetSocial, SauvegardeDeFiche
from maillage.projets.operations.arbre import deplacer, rattacher
from maillage.projets.operations.specifiques import mettre_dans_les_projets
from maillage.projets.permissions import OUVERTS_A_L_ECRITURE

ACTE_D_ECRITURE: Final = "ecrire_fiche_action"
SUITES: Final[dict[str, tuple[EtatFiche, ...]]] = {
    EtatFiche.A_ECRIRE: (EtatFiche.PRETE,),
    EtatFiche.PRETE: (EtatFiche.EN_COURS, EtatFiche.A_ECRIRE),
    EtatFiche.EN_COURS: (EtatFiche.TERMINEE, EtatFiche.ARRETEE, EtatFiche.PRETE),
    EtatFiche.TERMINEE: (EtatFiche.EN_COURS,),
    EtatFiche.ARRETEE: (EtatFiche.EN_COURS,),
}
"""La vie d'une fiche (docs/statuts.md)."""


class FicheFermee(GesteRefuse):
    """Le projet ne s'écrit plus. Ce qui vient d'être écrit est gardé de côté."""


@dataclass(frozen=True, slots=True)
class Bilan:
    """Ce qu'un enregistrement a fait. `fiche` est relue."""

    fiche: FicheAction
    le: datetime
    ecrits: list[str] = field(default_factory=list)
    conflits: dict[str, Conflit] = field(default_factory=dict)


def verrouiller(fiche: FicheAction) -> FicheAction:
    """La fiche relue, que nul autre n'écrit jusqu'à la fin de la transaction ; son projet aussi, d'abord.

    L'arbre prend le même verrou : déplacer une fiche et l'écrire ne se croisent pas.
    """
    ProjetSocial.objects.select_for_update().get(pk=fiche.projet_id)
    verrouillee: FicheAction = (
        FicheAction.objects.select_for_update(of=("self",))
        .select_related("projet__structure")
        .get(pk=fiche.pk)
    )
    return verrouillee


def exiger_ouverte(fiche: FicheAction) -> None:
    """Lève `FicheFermee`."""
    if fiche.projet.etat not in OUVERTS_A_L_ECRITURE:
        raise FicheFermee(
            f"Le projet est maintenant « {fiche.projet.get_etat_display()} » : ses fiches ne s’écrivent plus."
        )


# --- Commencer ------------------------------------------------------------------------------------


@transaction.atomic
def commencer_fiche_action(
    projet: ProjetSocial, titre: str, *, sous: Axe | Objectif | None = None, par: Utilisateur
) -> FicheAction:
    """Une fiche neuve, rangée sous `sous`, sinon « à ranger ». Lève `GesteRefuse`, ou `ArbreRefuse`.

    Le projet se tient d'abord : deux fiches commencées ensemble s'attendraient l'une l'autre (PostgreSQL).
    """
    ProjetSocial.objects.select_for_update().get(pk=projet.pk)
    fiche = FicheAction(projet=projet, titre=titre, annees=projet.annees)
    exiger_ouverte(fiche)
    fiche.save()
    noter(fiche, "commencer_fiche_action", f"a commencé la fiche « {fiche} ».", par=par)
    if sous is not None:
        deplacer(fiche, sous, par=par)
    return fiche


# --- Écrire ---------------------------------------------------------------------------------------


def sauver_fiche(
    fiche: FicheAction, ecrites: Mapping[str, Valeur], lues: Mapping[str, str], *, par: Utilisateur
) -> Bilan:
    """Écrit les champs que cette personne a changés depuis qu'elle les a lus. Rejouer le même envoi ne fait rien.

    `lues` : champ → empreinte de la valeur montrée. Lève `FicheFermee`, ou `ArbreRefuse` si l'objectif a disparu.
    """
    with transaction.atomic():
        fiche = verrouiller(fiche)
        bilan = Bilan(fiche, timezone.now())
        tri = ecriture.trier(fiche.sauvegardes, lire_champs(fiche, ecrites), ecrites, lues, par=par)
        bilan.conflits.update(tri.conflits)
        a_part = tri.a_part
        est_ouverte = fiche.projet.etat in OUVERTS_A_L_ECRITURE
        if est_ouverte:
            _ecrire(fiche, tri, par=par, le=bilan.le)
            bilan.ecrits.extend(tri.changees)
        else:
            a_part |= tri.changees
        ecriture.garder_a_part(fiche.sauvegardes, a_part, par=par, le=bilan.le)
    if not est_ouverte:
        raise FicheFermee(
            "Le projet ne s’écrit plus : il a été envoyé, ou il est clos. Votre texte est gardé."
        )
    return bilan


@transaction.atomic
def revenir_au_texte(sauvegarde: SauvegardeDeFiche, *, par: Utilisateur) -> FicheAction:
    """Remet un texte d'avant, que quelqu'un avait laissé dans ce champ. Lève `FicheFermee`."""
    fiche = verrouiller(sauvegarde.fiche)
    exiger_ouverte(fiche)
    nom = sauvegarde.champ
    avant = lire_champs(fiche, [nom])
    if avant[nom] == sauvegarde.valeur:
        return fiche
    _ecrire(fiche, Tri({nom: sauvegarde.valeur}), par=par, le=timezone.now())
    noter(
        fiche,
        "revenir_au_texte",
        f"a repris un texte d’avant pour « {CHAMPS[nom].libelle} », dans « {fiche} ».",
        par=par,
        avant=avant,
        apres={nom: sauvegarde.valeur},
    )
    return fiche


def reunir(nom: str, le_sien: Valeur, le_mien: Valeur) -> Valeur:
    """Les deux bout à bout, le sien d'abord ; pour une liste, l'un puis ce que l'autre y ajoute."""
    if isinstance(le_sien, list):
        return list(dict.fromkeys([*le_sien, *le_mien]))
    return (" / " if CHAMPS[nom].genre == GenreChamp.COURT else "\n\n").join(filter(None, [le_sien, le_mien]))


def peut_se_reunir(nom: str) -> bool:
    """Un choix n'a qu'une valeur : on garde l'une ou l'autre."""
    return CHAMPS[nom].genre != GenreChamp.CHOIX


def _ecrire(fiche: FicheAction, tri: Tri, *, par: Utilisateur, le: datetime) -> None:
    if not tri.changees:
        return
    if ecriture.commence_une_seance(fiche.sauvegardes, par=par, le=le):
        journaliser_les_seances(fiche, finies_avant=le - PAUSE)
    _garder_le_depart(fiche, tri, le=le)
    colonnes = {nom: valeur for nom, valeur in tri.changees.items() if nom in COLONNES}
    if "annees" in tri.changees:
        colonnes["annees"] = sorted(int(annee) for annee in tri.changees["annees"])
    if "pilote" in tri.changees:
        numero = tri.changees["pilote"]
        colonnes["pilote"] = equipe_du_projet(fiche.projet).filter(pk=numero).first() if numero else None
    enregistrer(fiche, version_lue=fiche.version, **colonnes)
    for nom, poser in _LIENS.items():
        if nom in tri.changees:
            poser(fiche, tri.changees[nom], par)
    ecriture.garder(fiche.sauvegardes, tri.changees, tri.dernieres, par=par, le=le)
    noter_changement(fiche, ACTE_D_ECRITURE)


def _garder_le_depart(fiche: FicheAction, tri: Tri, *, le: datetime) -> None:
    """La valeur d'avant toute écriture (importée, par exemple) : on pourra y revenir."""
    connus = set(
        fiche.sauvegardes.filter(champ__in=tri.changees).order_by().values_list("champ", flat=True).distinct()
    )
    for nom, valeur in lire_champs(fiche, [nom for nom in tri.changees if nom not in connus]).items():
        if valeur:
            fiche.sauvegardes.create(champ=nom, valeur=valeur, par=None, commencee_le=le, le=le)


def _poser_l_objectif(fiche: FicheAction, numero: str, par: Utilisateur) -> None:
    objectifs = Objectif.objects.filter(enjeu__axe__projet=fiche.projet_id).select_related("enjeu__axe")
    sous = objectifs.filter(pk=numero).first() if numero else None
    deplacer(fiche, sous or fiche.axe or fiche.projet, par=par)


def _poser_les_autres(fiche: FicheAction, numeros: list[str], par: Utilisateur) -> None:
    rattacher(
        fiche, list(Objectif.objects.filter(enjeu__axe__projet=fiche.projet_id, pk__in=numeros)), par=par
    )


def _poser_les_specifiques(fiche: FicheAction, numeros: list[str], par: Utilisateur) -> None:
    mettre_dans_les_projets(fiche, list(fiche.projet.specifiques.filter(pk__in=numeros)), par=par)


def _poser_l_equipe(fiche: FicheAction, numeros: list[str], par: Utilisateur) -> None:
    """Qui a quitté le centre reste dans l'équipe tant que personne ne l'en retire."""
    fiche.equipe.set((equipe_du_projet(fiche.projet) | fiche.equipe.all()).distinct().filter(pk__in=numeros))


def _poser_les_partenaires(fiche: FicheAction, noms: list[str], par: Utilisateur) -> None:
    fiche.partenaires.set(partenaires_nommes(noms).values())


_LIENS: Final[dict[str, Any]] = {
    "objectif": _poser_l_objectif,
    "autres_objectifs": _poser_les_autres,
    "specifiques": _poser_les_specifiques,
    "equipe": _poser_l_equipe,
    "partenaires": _poser_les_partenaires,
}


# --- Faire avancer --------------------------------------------------------------------------------


@transaction.atomic
def changer_l_etat(fiche: FicheAction, etat: EtatFiche, *, par: Utilisateur) -> FicheAction:
    """La fait passer à l'état suivant, ou revenir. Refaire le même geste ne change rien. Lève `GesteRefuse`."""
    fiche = verrouiller(fiche)
    exiger_ouverte(fiche)
    if fiche.etat == etat:
        return fiche
    if etat not in SUITES[fiche.etat]:
        raise GesteRefuse(
            f"Cette fiche est « {fiche.get_etat_display()} » : elle ne peut pas devenir « {etat.label} »."
        )
    journaliser_les_seances(fiche)
    avant = fiche.etat
    enregistrer(fiche, version_lue=fiche.version, etat=etat)
    phrase = f"a passé « {fiche} » à l’état « {etat.label} »."
    noter(fiche, "changer_l_etat", phrase, par=par, avant={"etat": avant}, apres={"etat": etat})
    return fiche


# --- Le journal -----------------------------------------------------------------------------------


def journaliser_les_seances(fiche: FicheAction, *, finies_avant: datetime | None = None) -> None:
    """Qui a écrit quoi depuis sa dernière ligne. À appeler dans la transaction de l'acte."""
    ecriture.journaliser_les_seances(
        fiche,
        fiche.sauvegardes,
        acte=ACTE_D_ECRITURE,
        libelles={nom: champ.libelle for nom, champ in CHAMPS.items()},
        depart={},
        structure_id=fiche.projet.structure_id,
        finies_avant=finies_avant,
    )


def noter(fiche: FicheAction, acte: str, suite: str, *, par: Utilisateur, **details: Any) -> None:
    """L'acte au journal de la fiche, et aux consommateurs."""
    phrase = f"{par.get_full_name()} {suite}"
    journaliser(fiche, acte, phrase, par=par, structure_id=fiche.projet.structure_id, **details)
    noter_changement(fiche, acte)
