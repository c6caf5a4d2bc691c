"""Poser une séance, la changer seule, l'annuler, la remettre."""

from datetime import date, datetime, time
from typing import Any, Final

from django.db import transaction

from maillage.activites.choices import EtatSeance
from maillage.activites.models import Activite, Seance
from maillage.activites.operations.activites import exiger_ouverte
from maillage.activites.operations.benevoles import deplacer_les_heures_de_la_seance
from maillage.activites.operations.journal import noter, tenir
from maillage.activites.recurrence import lundi
from maillage.activites.series import regle_de
from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import date_longue
from maillage.core.versions import enregistrer

DE_LA_SERIE: Final = ("debut", "fin", "genre", "site", "lieu")
"""Ce qui, changé, met la séance à part de sa série. Le thème et le mot ne la changent pas."""


@transaction.atomic
def poser_seance(
    activite: Activite, *, jour: date, debut: time, fin: time, par: Utilisateur, **valeurs: Any
) -> Seance:
    """Une séance à part. Lève `GesteRefuse` si l'activité est close."""
    exiger_ouverte(tenir(activite))
    fuseau = activite.structure.fuseau
    seance = Seance.objects.create(
        activite=activite,
        debut=datetime.combine(jour, debut, fuseau),
        fin=datetime.combine(jour, fin, fuseau),
        **valeurs,
    )
    noter(activite, "poser_seance", f"a posé la séance du {date_longue(jour)}", par=par, seances=[seance])
    return seance


@transaction.atomic
def changer_seance(
    seance: Seance, *, version_lue: int, jour: date, debut: time, fin: time, par: Utilisateur, **valeurs: Any
) -> None:
    """Jour, heures, lieu, genre, thème, mot. Lève `ConflitDeVersion`."""
    voulues = valeurs | {
        "debut": datetime.combine(jour, debut, seance.fuseau),
        "fin": datetime.combine(jour, fin, seance.fuseau),
    }
    change = any(nom in voulues and voulues[nom] != getattr(seance, nom) for nom in DE_LA_SERIE)
    if change and seance.serie_id is not None:
        voulues["est_changee"] = True
    enregistrer(seance, version_lue=version_lue, **voulues)
    deplacer_les_heures_de_la_seance(seance)
    _noter(seance, "changer_seance", "a changé", par)


@transaction.atomic
def rendre_a_la_serie(seance: Seance, *, par: Utilisateur) -> None:
    """Le jour que la règle de sa série donne cette semaine-là, ses heures et son lieu, de nouveau.

    Lève `GesteRefuse` si elle n'est pas d'une série, ou si la règle, changée depuis, n'en donne plus.
    """
    tenue = _tenir(seance)
    if tenue.serie is None or tenue.jour_prevu is None:
        raise GesteRefuse("Cette séance n’est pas dans une série.")
    _exiger_prevue(tenue)
    regle, semaine = regle_de(tenue.serie), lundi(tenue.jour_prevu)
    jour = next((un.jour for un in regle.jours() if not un.saute and lundi(un.jour) == semaine), None)
    if jour is None:
        raise GesteRefuse(
            "La série ne donne plus de séance cette semaine-là. Gardez-la à part, ou annulez-la."
        )
    valeurs: dict[str, Any] = {"est_changee": False, "genre": "", "site": None, "lieu": ""}
    valeurs |= {"jour_prevu": jour, **regle.instants(jour, tenue.fuseau)}
    enregistrer(seance, version_lue=tenue.version, **valeurs)
    deplacer_les_heures_de_la_seance(seance)
    _noter(seance, "rendre_a_la_serie", "a remis dans sa série", par)


@transaction.atomic
def annuler_seance(seance: Seance, *, raison: str, par: Utilisateur) -> None:
    """Elle reste au calendrier, barrée. Lève `GesteRefuse` si quelqu'un y est noté."""
    tenue = _tenir(seance)
    if tenue.etat == EtatSeance.ANNULEE:
        return
    _exiger_prevue(tenue)
    if tenue.satisfactions.exists():
        raise GesteRefuse("Un avis y a été donné en sortant : cette séance a eu lieu, elle ne s’annule pas.")
    if Seance.objects.notees().filter(pk=tenue.pk).exists():
        raise GesteRefuse(
            "Des présences, un partenaire ou des heures de bénévolat y sont notés. Ôtez-les, puis annulez la "
            "séance."
        )
    raison = " ".join(raison.split())
    enregistrer(seance, version_lue=tenue.version, etat=EtatSeance.ANNULEE, raison=raison)
    _noter(seance, "annuler_seance", "a annulé", par)


@transaction.atomic
def remettre_seance(seance: Seance, *, par: Utilisateur) -> None:
    """Annulée ou tenue par erreur, elle est de nouveau prévue ; ce qui y est noté reste."""
    tenue = _tenir(seance)
    if tenue.etat == EtatSeance.PREVUE:
        return
    vide: dict[str, Any] = {"feuille_close_le": None, "feuille_close_par": None, "raison": ""}
    enregistrer(seance, version_lue=tenue.version, etat=EtatSeance.PREVUE, **vide)
    _noter(seance, "remettre_seance", "a remis", par)


def _tenir(seance: Seance) -> Seance:
    tenue: Seance = (
        Seance.objects.select_for_update(of=("self",))
        .select_related("activite__structure", "serie__activite__structure")
        .get(pk=seance.pk)
    )
    return tenue


def _exiger_prevue(seance: Seance) -> None:
    if seance.etat == EtatSeance.TENUE:
        raise GesteRefuse("La feuille de cette séance est terminée. Rouvrez-la avant de changer la séance.")
    if seance.etat == EtatSeance.ANNULEE:
        raise GesteRefuse("Cette séance est annulée. Remettez-la avant de la changer.")


def _noter(seance: Seance, acte: str, fait: str, par: Utilisateur) -> None:
    phrase = f"{fait} la séance du {date_longue(seance.jour)}"
    noter(seance.activite, acte, phrase, par=par, seances=[seance])
