"""Faire vivre les instances : collèges, mandats, réunions, décisions ; et la preuve de la participation.

Le journal ne nomme jamais un membre : il dit l'instance et le collège.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte, date_longue
from maillage.core.versions import enregistrer
from maillage.projets.choices import EtatReunion, GenreCollege, GenrePreuve, VenueEnReunion
from maillage.projets.models import (
    College,
    Decision,
    FicheAction,
    Instance,
    Mandat,
    PresenceEnReunion,
    PresentsSansMandat,
    PreuveDeParticipation,
    ProjetSocial,
    Reunion,
)
from maillage.projets.operations.elements import tenir_ouvert
from maillage.projets.operations.projets import noter, tenir
from maillage.projets.permissions import VIVENT

_COORDONNEES: Final = re.compile(r"@|(?:\d[ .-]?){6,}")
SANS_COORDONNEES: Final = "Pas de coordonnées ici : un prénom ou une fonction suffit."
ETATS: Final = {
    EtatReunion.PREVUE: {EtatReunion.TENUE, EtatReunion.ANNULEE},
    EtatReunion.TENUE: {EtatReunion.PREVUE},
    EtatReunion.ANNULEE: {EtatReunion.PREVUE},
}


def valider_le_nom(nom: str) -> str:
    """Un prénom ou une fonction. Lève `ValidationError` quand on y a mis un courriel ou un téléphone."""
    propre = " ".join(nom.split())
    if _COORDONNEES.search(propre):
        raise ValidationError(SANS_COORDONNEES)
    return propre


def tenir_vivant(projet: ProjetSocial) -> ProjetSocial:
    """Une instance se réunit aussi pendant que la Caf lit le dossier ; plus quand le projet est archivé."""
    tenu = tenir(projet)
    if tenu.etat not in VIVENT:
        raise GesteRefuse(f"Le projet est maintenant « {tenu.get_etat_display()} » : il ne change plus.")
    return tenu


# --- Les collèges -----------------------------------------------------------------------------------


@transaction.atomic
def regler_les_colleges(instance: Instance, sieges: Mapping[str, int], *, par: Utilisateur) -> None:
    """Les sièges de chaque collège ; zéro l'ôte. Lève `GesteRefuse` s'il a encore des membres."""
    tenu = tenir_ouvert(instance.projet)
    actuels = {college.genre: college for college in instance.colleges.all()}
    avant = {genre: college.sieges for genre, college in actuels.items()}
    voulus = {genre: nombre for genre, nombre in sieges.items() if nombre}
    if avant == voulus:
        return
    for genre, college in actuels.items():
        if genre in voulus:
            continue
        if college.mandats.exists():
            raise GesteRefuse(
                f"Le collège « {college} » a encore des membres. Retirez d’abord leurs mandats."
            )
        college.delete()
    for genre, nombre in voulus.items():
        College.objects.update_or_create(instance=instance, genre=genre, defaults={"sieges": nombre})
    phrase = f"{par.get_full_name()} a réglé les collèges de « {instance} »."
    noter(tenu, "regler_les_colleges", phrase, par=par, avant=avant, apres=voulus)


# --- Les mandats ------------------------------------------------------------------------------------


@transaction.atomic
def ouvrir_mandat(
    instance: Instance, *, genre: str, nom: str, fonction: str = "", du: date, au: date, par: Utilisateur
) -> Mandat:
    """Le même, posé deux fois, n'en fait qu'un. Lève `ValidationError` ou `GesteRefuse`."""
    tenu = tenir_vivant(instance.projet)
    college, _ = College.objects.get_or_create(instance=instance, genre=genre)
    valeurs = {"nom": valider_le_nom(nom), "fonction": valider_le_nom(fonction), "du": du, "au": au}
    _valider_les_dates(du, au)
    if deja := college.mandats.filter(**valeurs).first():
        return deja
    mandat = Mandat.objects.create(college=college, **valeurs)
    phrase = f"{par.get_full_name()} a ouvert un mandat dans « {instance} » ({college})."
    noter(tenu, "ouvrir_mandat", phrase, par=par)
    return mandat


@transaction.atomic
def modifier_mandat(mandat: Mandat, *, par: Utilisateur, **valeurs: Any) -> None:
    """Lève `ValidationError` ou `GesteRefuse`."""
    instance = mandat.college.instance
    tenu = tenir_vivant(instance.projet)
    genre = valeurs.pop("genre", mandat.college.genre)
    valeurs["nom"] = valider_le_nom(valeurs["nom"])
    valeurs["fonction"] = valider_le_nom(valeurs["fonction"])
    _valider_les_dates(valeurs["du"], valeurs["au"])
    if genre != mandat.college.genre:
        mandat.college, _ = College.objects.get_or_create(instance=instance, genre=genre)
    for champ, valeur in valeurs.items():
        setattr(mandat, champ, valeur)
    mandat.save(update_fields=["college", *valeurs])
    phrase = f"{par.get_full_name()} a corrigé un mandat dans « {instance} » ({mandat.college})."
    noter(tenu, "modifier_mandat", phrase, par=par)


@transaction.atomic
def finir_mandat(mandat: Mandat, *, par: Utilisateur) -> None:
    """Le mandat finit aujourd'hui. Il reste dans les réunions passées."""
    instance = mandat.college.instance
    tenu = tenir_vivant(instance.projet)
    jour = max(timezone.localdate(), mandat.du)
    if mandat.au <= jour:
        return
    mandat.au = jour
    mandat.save(update_fields=["au"])
    phrase = f"{par.get_full_name()} a mis fin à un mandat dans « {instance} » ({mandat.college})."
    noter(tenu, "finir_mandat", phrase, par=par)


@transaction.atomic
def retirer_mandat(mandat: Mandat, *, par: Utilisateur) -> None:
    """Saisi par erreur. Lève `GesteRefuse` s'il a compté dans une réunion : on y met plutôt fin."""
    instance = mandat.college.instance
    tenu = tenir_vivant(instance.projet)
    if mandat.venues.exists():
        raise GesteRefuse("Ce membre est noté dans une réunion. Mettez plutôt fin à son mandat.")
    if Mandat.objects.filter(pk=mandat.pk).delete()[0]:
        phrase = f"{par.get_full_name()} a retiré un mandat de « {instance} » ({mandat.college})."
        noter(tenu, "retirer_mandat", phrase, par=par)


def _valider_les_dates(du: date, au: date) -> None:
    if au < du:
        raise ValidationError({"au": "Le mandat finit avant de commencer. Corrigez une des deux dates."})


# --- Les réunions -----------------------------------------------------------------------------------


@transaction.atomic
def poser_reunion(instance: Instance, *, par: Utilisateur, **valeurs: Any) -> Reunion:
    """Lève `GesteRefuse` si cette instance se réunit déjà ce jour-là, à cette heure."""
    tenu = tenir_vivant(instance.projet)
    _exiger_un_moment_libre(instance, valeurs["le"], valeurs.get("heure"))
    reunion = Reunion.objects.create(instance=instance, **valeurs)
    _noter(reunion, tenu, "poser_reunion", "a prévu", par)
    return reunion


def _exiger_un_moment_libre(
    instance: Instance, le: date, heure: time | None, *, sauf: Reunion | None = None
) -> None:
    autres = instance.reunions.exclude(pk=sauf.pk) if sauf else instance.reunions.all()
    if autres.filter(le=le, heure=heure).exists():
        raise GesteRefuse(f"« {instance} » se réunit déjà le {date_longue(le)}. Ouvrez cette réunion.")


@transaction.atomic
def modifier_reunion(reunion: Reunion, *, version_lue: int, par: Utilisateur, **valeurs: Any) -> None:
    """Jour, heure, lieu, ordre du jour. Lève `ConflitDeVersion` ou `GesteRefuse`."""
    tenu = tenir_vivant(reunion.instance.projet)
    if _est_deja_ecrit(reunion, valeurs):
        return
    le, heure = valeurs.get("le", reunion.le), valeurs.get("heure", reunion.heure)
    if (le, heure) != (reunion.le, reunion.heure):
        _exiger_un_moment_libre(reunion.instance, le, heure, sauf=reunion)
    if reunion.etat == EtatReunion.TENUE and le > max(reunion.le, timezone.localdate()):
        raise GesteRefuse("Cette réunion a eu lieu. Pour la repousser, remettez-la d’abord comme prévue.")
    enregistrer(reunion, version_lue=version_lue, **valeurs)
    _noter(reunion, tenu, "modifier_reunion", "a modifié", par)


@transaction.atomic
def ecrire_le_compte_rendu(reunion: Reunion, texte: str, *, version_lue: int, par: Utilisateur) -> None:
    """Lève `ConflitDeVersion` ou `GesteRefuse`."""
    modifier_reunion(reunion, version_lue=version_lue, compte_rendu=texte, par=par)


@transaction.atomic
def changer_l_etat_de_la_reunion(reunion: Reunion, etat: EtatReunion, *, par: Utilisateur) -> None:
    """Tenue, annulée, ou de nouveau prévue. Dire deux fois la même chose ne change rien. Lève `GesteRefuse`."""
    tenu = tenir_vivant(reunion.instance.projet)
    tenue = Reunion.objects.select_for_update().get(pk=reunion.pk)
    if tenue.etat == etat:
        return
    if etat not in ETATS[EtatReunion(tenue.etat)]:
        raise GesteRefuse("Remettez d’abord cette réunion comme prévue.")
    if etat == EtatReunion.TENUE and tenue.le > timezone.localdate():
        raise GesteRefuse("Cette réunion n’a pas encore eu lieu. Changez son jour si elle a été avancée.")
    enregistrer(reunion, version_lue=tenue.version, etat=etat)
    _noter(reunion, tenu, "changer_l_etat_de_la_reunion", f"a dit « {etat.label.lower()} »", par)


@transaction.atomic
def noter_les_presences(
    reunion: Reunion,
    venues: Mapping[int, str],
    sans_mandat: Mapping[str, int],
    *,
    version_lue: int,
    par: Utilisateur,
) -> None:
    """Remplace la feuille de présence ; la réunion devient tenue. `venues` : mandat → venue, vide quand on ne sait pas.

    Lève `ConflitDeVersion` ou `GesteRefuse`.
    """
    tenu = tenir_vivant(reunion.instance.projet)
    if reunion.le > timezone.localdate():
        raise GesteRefuse("Cette réunion n’a pas encore eu lieu : les présences se notent le jour même.")
    if reunion.etat == EtatReunion.ANNULEE:
        raise GesteRefuse("Remettez d’abord cette réunion comme prévue.")
    dites = {mandat: venue for mandat, venue in venues.items() if venue in VenueEnReunion}
    autres = {genre: nombre for genre, nombre in sans_mandat.items() if nombre}
    deja = dict(reunion.venues.order_by().values_list("mandat_id", "venue"))
    deja_autres = dict(reunion.sans_mandat.order_by().values_list("genre", "nombre"))
    if reunion.etat == EtatReunion.TENUE and (deja, deja_autres) == (dites, autres):
        return
    enregistrer(reunion, version_lue=version_lue, etat=EtatReunion.TENUE)
    connus = set(
        Mandat.objects.filter(pk__in=dites, college__instance=reunion.instance_id)
        .order_by()
        .values_list("pk", flat=True)
    )
    reunion.venues.all().delete()
    reunion.sans_mandat.all().delete()
    PresenceEnReunion.objects.bulk_create(
        PresenceEnReunion(reunion=reunion, mandat_id=mandat, venue=venue)
        for mandat, venue in dites.items()
        if mandat in connus
    )
    PresentsSansMandat.objects.bulk_create(
        PresentsSansMandat(reunion=reunion, genre=genre, nombre=nombre)
        for genre, nombre in autres.items()
        if genre in GenreCollege
    )
    presents = sum(venue == VenueEnReunion.PRESENT for venue in dites.values()) + sum(autres.values())
    _noter(reunion, tenu, "noter_les_presences", f"a noté {compte(presents, 'présent')} à", par)


@transaction.atomic
def retirer_reunion(reunion: Reunion, *, par: Utilisateur) -> None:
    """Une réunion posée par erreur. Lève `GesteRefuse` dès qu'elle porte quelque chose : on l'annule plutôt."""
    tenu = tenir_vivant(reunion.instance.projet)
    porte = reunion.venues.exists() or reunion.sans_mandat.exists() or reunion.decisions.exists()
    if porte or reunion.compte_rendu.strip():
        raise GesteRefuse(
            "Cette réunion a des présences, une décision ou un compte rendu. Annulez-la plutôt."
        )
    if Reunion.objects.filter(pk=reunion.pk).delete()[0]:
        _noter(reunion, tenu, "retirer_reunion", "a retiré", par)


def _noter(reunion: Reunion, projet: ProjetSocial, acte: str, verbe: str, par: Utilisateur) -> None:
    quoi = f"la réunion du {date_longue(reunion.le)}, « {reunion.instance} »"
    noter(projet, acte, f"{par.get_full_name()} {verbe} {quoi}.", par=par)


def _est_deja_ecrit(objet: Any, valeurs: Mapping[str, Any]) -> bool:
    """Un envoi rejoué : tout y est déjà."""
    objet.refresh_from_db()
    return all(getattr(objet, champ) == valeur for champ, valeur in valeurs.items())


# --- Les décisions ----------------------------------------------------------------------------------


@transaction.atomic
def ajouter_decision(reunion: Reunion, *, texte: str, par: Utilisateur, **valeurs: Any) -> Decision:
    """La même, dite deux fois, n'en fait qu'une. Lève `ValidationError` ou `GesteRefuse`."""
    tenu = tenir_vivant(reunion.instance.projet)
    valeurs["qui"] = valider_le_nom(valeurs.get("qui", ""))
    propre = texte.strip()
    if deja := reunion.decisions.filter(texte=propre).first():
        return deja
    decision = Decision.objects.create(reunion=reunion, texte=propre, **valeurs)
    _noter(reunion, tenu, "ajouter_decision", "a écrit une décision de", par)
    return decision


@transaction.atomic
def modifier_decision(decision: Decision, *, version_lue: int, par: Utilisateur, **valeurs: Any) -> None:
    """Lève `ConflitDeVersion`, `ValidationError` ou `GesteRefuse`."""
    tenu = tenir_vivant(decision.reunion.instance.projet)
    valeurs["qui"] = valider_le_nom(valeurs.get("qui", ""))
    if _est_deja_ecrit(decision, valeurs):
        return
    enregistrer(decision, version_lue=version_lue, **valeurs)
    _noter(decision.reunion, tenu, "modifier_decision", "a corrigé une décision de", par)


@transaction.atomic
def cocher_decision(decision: Decision, *, est_faite: bool, par: Utilisateur) -> None:
    """Faite, ou à refaire. Dire deux fois la même chose ne change rien."""
    tenu = tenir_vivant(decision.reunion.instance.projet)
    tenue = Decision.objects.select_for_update().get(pk=decision.pk)
    if (tenue.faite_le is not None) == est_faite:
        return
    faite_le = timezone.localdate() if est_faite else None
    enregistrer(decision, version_lue=tenue.version, faite_le=faite_le)
    verbe = "a tenu une décision de" if est_faite else "a rouvert une décision de"
    _noter(decision.reunion, tenu, "cocher_decision", verbe, par)


@transaction.atomic
def retirer_decision(decision: Decision, *, par: Utilisateur) -> None:
    tenu = tenir_vivant(decision.reunion.instance.projet)
    if Decision.objects.filter(pk=decision.pk).delete()[0]:
        garde = {"texte": decision.texte, "pour_le": str(decision.pour_le or "")}
        quoi = f"la réunion du {date_longue(decision.reunion.le)}, « {decision.reunion.instance} »"
        phrase = f"{par.get_full_name()} a retiré une décision de {quoi}."
        noter(tenu, "retirer_decision", phrase, par=par, avant=garde)


# --- La preuve de la participation --------------------------------------------------------------------


@transaction.atomic
def ajouter_preuve(
    fiche: FicheAction, *, genre: GenrePreuve, le: date, texte: str, habitants: int | None, par: Utilisateur
) -> PreuveDeParticipation:
    """La même, dite deux fois, n'en fait qu'une. Lève `GesteRefuse` ou `ValidationError`."""
    tenu = tenir_vivant(fiche.projet)
    if le > timezone.localdate():
        raise ValidationError({"le": "Ce jour n’est pas encore venu. Une preuve dit ce qui a eu lieu."})
    preuve, est_neuve = PreuveDeParticipation.objects.get_or_create(
        fiche=fiche, genre=genre, le=le, texte=valider_le_nom(texte), habitants=habitants
    )
    if est_neuve:
        phrase = f"{par.get_full_name()} a ajouté une preuve de participation à « {fiche} »."
        noter(tenu, "ajouter_preuve", phrase, par=par)
    return preuve


@transaction.atomic
def retirer_preuve(preuve: PreuveDeParticipation, *, par: Utilisateur) -> None:
    tenu = tenir_vivant(preuve.projet)
    if PreuveDeParticipation.objects.filter(pk=preuve.pk).delete()[0]:
        garde = {"genre": preuve.genre, "le": str(preuve.le), "texte": preuve.texte}
        phrase = f"{par.get_full_name()} a retiré une preuve de participation de « {preuve.fiche} »."
        noter(tenu, "retirer_preuve", phrase, par=par, avant=garde)
