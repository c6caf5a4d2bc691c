"""Poser une série, changer sa règle, la défaire, l'ôter."""

from datetime import date, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from maillage.activites.choices import EtatTheme
from maillage.activites.models import Activite, Seance, Serie
from maillage.activites.operations.activites import exiger_ouverte
from maillage.activites.operations.journal import noter, tenir
from maillage.activites.recurrence import Regle
from maillage.activites.series import Mouvement, prevoir, regle_de
from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.core.journal import journaliser, type_objet
from maillage.core.models import LigneJournal
from maillage.core.versions import enregistrer

RETOUR: Final = timedelta(days=1)
"""La règle d'avant revient d'un bouton pendant un jour."""


@transaction.atomic
def poser_serie(activite: Activite, regle: Regle, *, par: Utilisateur) -> Serie:
    """Lève `GesteRefuse` : activité close, ou règle qui ne donne aucun jour."""
    exiger_ouverte(tenir(activite))
    mouvement = prevoir(activite, regle)
    _exiger_une_seance(mouvement)
    serie = Serie.objects.create(activite=activite, **regle.valeurs)
    posees = _faire(serie, regle, mouvement, {})
    fait = f"a posé une série de {compte(len(posees), 'séance')}"
    noter(activite, "poser_serie", fait, par=par, seances=posees)
    return serie


@transaction.atomic
def changer_serie(serie: Serie, regle: Regle, *, version_lue: int, par: Utilisateur) -> Mouvement:
    """Rend ce qui a bougé. Les séances passées, tenues, annulées, changées à part ou notées restent.

    Lève `ConflitDeVersion` ; `GesteRefuse` si la règle ne donne plus aucun jour.
    """
    tenir(serie.activite)
    avant = regle_de(Serie.objects.select_related("activite__structure").get(pk=serie.pk))
    mouvement = prevoir(serie.activite, regle, serie)
    if not (mouvement.inchangees or mouvement.gardees):
        _exiger_une_seance(mouvement)
    enregistrer(serie, version_lue=version_lue, **regle.valeurs)
    _appliquer(serie, regle, mouvement, "changer_serie", "a changé une série", par=par, avant=avant)
    return mouvement


def regle_d_avant(serie: Serie) -> Regle | None:
    """Celle d'avant le dernier changement, s'il est récent et n'a pas été défait."""
    changement = _dernier_changement(serie)
    return _lire(changement.avant, serie) if changement and changement.avant else None


def _dernier_changement(serie: Serie) -> LigneJournal | None:
    recentes = LigneJournal.objects.filter(
        objet_type=type_objet(Serie), objet_id=serie.pk, fait_le__gt=timezone.now() - RETOUR
    )
    derniere = recentes.order_by("-fait_le", "-pk").first()
    return derniere if derniere and derniere.acte == "changer_serie" else None


def _themes_d_avant(serie: Serie) -> dict[str, int]:
    """Jour → le thème de la séance que le dernier changement a ôtée, s'il n'est pas écarté depuis."""
    changement = _dernier_changement(serie)
    otes: dict[str, int] = (changement and changement.apres or {}).get("themes_otes", {})
    restent = set(serie.activite.themes.exclude(etat=EtatTheme.ECARTE).values_list("pk", flat=True))
    return {jour: theme for jour, theme in otes.items() if theme in restent}


@transaction.atomic
def defaire_la_regle(serie: Serie, *, par: Utilisateur) -> Mouvement:
    """Remet la règle d'avant, et les séances à sa suite avec leur thème. Lève `GesteRefuse`."""
    tenir(serie.activite)
    regle = regle_d_avant(serie)
    if regle is None:
        raise GesteRefuse("Il n’y a plus de changement à défaire. Changez la règle à la main.")
    actuelle = Serie.objects.select_related("activite__structure").get(pk=serie.pk)
    mouvement = prevoir(serie.activite, regle, serie)
    themes = _themes_d_avant(serie)
    enregistrer(serie, version_lue=actuelle.version, **regle.valeurs)
    fait = "est revenu à la règle d’avant d’une série"
    avant = regle_de(actuelle)
    _appliquer(serie, regle, mouvement, "defaire_la_regle", fait, par=par, avant=avant, themes=themes)
    return mouvement


@transaction.atomic
def retirer_serie(serie: Serie, *, par: Utilisateur) -> Mouvement:
    """Ôte ses séances à venir. Celles que la règle ne touche pas restent, une par une."""
    activite = serie.activite
    tenir(activite)
    mouvement = prevoir(activite, None, serie)
    for seance in mouvement.retirees:
        seance.delete()
    serie.delete()
    fait = f"a retiré une série et {compte(len(mouvement.retirees), 'séance')} à venir"
    noter(activite, "retirer_serie", fait, par=par)
    return mouvement


def _exiger_une_seance(mouvement: Mouvement) -> None:
    if not (mouvement.posees or mouvement.deplacees):
        raise GesteRefuse(
            "Cette règle ne pose aucune séance. Changez les dates, le jour, ou ce que la série saute."
        )


def _appliquer(
    serie: Serie,
    regle: Regle,
    mouvement: Mouvement,
    acte: str,
    fait: str,
    *,
    par: Utilisateur,
    avant: Regle,
    themes: dict[str, int] | None = None,
) -> None:
    """Fait bouger les séances. La règle d'avant et les thèmes ôtés vont dans le journal de la série : de quoi y
    revenir. `themes` : ceux des séances posées, par jour."""
    apres = {"themes_otes": {str(une.jour_prevu): une.theme_id for une in mouvement.retirees if une.theme_id}}
    touchees = _faire(serie, regle, mouvement, themes or {})
    phrase = f"{par.get_full_name()} {fait} (« {serie.activite} »)."
    structure = serie.activite.structure_id
    journaliser(serie, acte, phrase, par=par, avant=_ecrire(avant), apres=apres, structure_id=structure)
    noter(serie.activite, acte, fait, par=par, seances=touchees)


def _faire(serie: Serie, regle: Regle, mouvement: Mouvement, themes: dict[str, int]) -> list[Seance]:
    """Rend les séances posées et déplacées."""
    fuseau = serie.activite.structure.fuseau
    for seance in mouvement.retirees:
        seance.delete()
    for seance, jour in mouvement.deplacees:
        instants = regle.instants(jour, fuseau)
        enregistrer(seance, version_lue=seance.version, jour_prevu=jour, **instants)
    posees = Seance.objects.bulk_create(
        Seance(
            activite=serie.activite,
            serie=serie,
            jour_prevu=jour,
            theme_id=themes.get(str(jour)),
            **regle.instants(jour, fuseau),
        )
        for jour in mouvement.posees
    )
    return posees + [seance for seance, _ in mouvement.deplacees]


def _ecrire(regle: Regle) -> dict[str, Any]:
    """La règle, en JSON, pour le journal."""
    return {
        nom: valeur.isoformat() if isinstance(valeur, date | time) else valeur
        for nom, valeur in regle.valeurs.items()
    }


def _lire(ecrite: dict[str, Any], serie: Serie) -> Regle:
    moments = {nom: date.fromisoformat(ecrite[nom]) for nom in ("du", "au")}
    heures = {nom: time.fromisoformat(ecrite[nom]) for nom in ("debut", "fin")}
    return Regle(**(ecrite | moments | heures), departement=serie.activite.structure.departement_id or "")
