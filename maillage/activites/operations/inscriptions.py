"""S'inscrire à une activité : les places, l'attente dans l'ordre, la place proposée un temps.

L'activité est verrouillée d'un bout à l'autre : cinquante inscriptions ensemble pour une place en font une acceptée
et quarante-neuf en attente, dans l'ordre. Le journal ne dit jamais qui.
"""

from collections.abc import Container
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from maillage.activites.choices import EtatActivite, EtatInscription, RoleDePresence
from maillage.activites.jetons import PLACE, adresse_signee
from maillage.activites.models import Activite, Inscription
from maillage.activites.operations.noms import noter_un_nom
from maillage.activites.places import places_libres
from maillage.core.changements import noter_changement
from maillage.core.courrier import poster, reprendre
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import date_longue
from maillage.core.journal import SYSTEME, Acteur, journaliser, type_objet
from maillage.core.models import LigneJournal
from maillage.personnes.choices import ChampDePersonne, EtatPersonne
from maillage.personnes.models import Personne
from maillage.personnes.operations import champs_notes, noter_un_signe_de_vie

DELAI_DE_REPONSE: Final = 3
"""Jours entiers pour dire oui : jusqu'au soir du troisième."""
DELAI_D_ENVOI: Final = timedelta(minutes=10)
"""Le temps de défaire un désistement avant que le courriel parte."""
SANS_NOM = "Un lieu d’accueil enfants-parents est sans nom : on ne s’y inscrit pas."
EN_COURS = (EtatInscription.INSCRITE, EtatInscription.EN_ATTENTE, EtatInscription.PROPOSEE)


class InscriptionRefusee(GesteRefuse):
    """L'activité n'accepte pas ce geste ; le message dit pourquoi et quoi faire."""


@transaction.atomic
def inscrire_personne(
    activite: Activite, personne: Personne, *, role: str = RoleDePresence.PARTICIPANT, par: Any
) -> Inscription:
    """Inscrite s'il reste une place et que personne n'attend, sinon en attente. Qui a déjà tenu une place a une
    ligne neuve : la première garde son temps. Lève `InscriptionRefusee`."""
    activite = _verrouiller(activite)
    _exiger_ouverte(activite, personne)
    _exiger_pas_encore_la(activite, personne)
    etat = EtatInscription.INSCRITE if _peut_entrer(activite, role) else EtatInscription.EN_ATTENTE
    valeurs = {
        "etat": etat,
        "role": role,
        "inscrite_le": timezone.now(),
        "inscrite_par": par,
        "proposee_le": None,
        "finie_le": None,
    }
    sans_place = activite.inscriptions.filter(personne=personne, finie_le=None)
    inscription: Inscription | None = sans_place.order_by("-pk").first()
    if inscription is None:
        inscription = Inscription.objects.create(activite=activite, personne=personne, **valeurs)
    else:
        _changer(inscription, **valeurs)
    noter_un_signe_de_vie([personne])
    fait = "a inscrit une personne" if etat == EtatInscription.INSCRITE else "a mis une personne en attente"
    return _dire(inscription, "inscrire_personne", fait, par=par)


@transaction.atomic
def inscrire_nouvelle_personne(
    activite: Activite,
    prenom: str,
    nom: str,
    *,
    role: str = RoleDePresence.PARTICIPANT,
    autre_que: Container[int] = (),
    par: Any,
) -> Inscription:
    """Une personne que le centre ne connaît pas encore : notée, puis inscrite. Lève `InscriptionRefusee`, et
    `NomDejaConnu` pour une fiche de ce nom qui n'est pas dans `autre_que`."""
    activite = _verrouiller(activite)
    if not prenom or not nom:
        raise InscriptionRefusee("Écrivez le prénom et le nom, ou cherchez la personne au registre.")
    if activite.est_sans_nom:
        raise InscriptionRefusee(SANS_NOM)
    try:
        nouvelle = noter_un_nom(activite.structure, prenom, nom, autre_que=autre_que, par=par)
    except ValidationError as refus:
        raise InscriptionRefusee(" ".join(refus.messages)) from refus
    return inscrire_personne(activite, nouvelle, role=role, par=par)


@transaction.atomic
def desister(inscription: Inscription, *, par: Any) -> Inscription | None:
    """La personne ne vient plus. Sa place est proposée à la suivante, qui est rendue. Inscrite du jour même, c'est une
    erreur que l'on reprend : elle n'a rien tenu. Lève `InscriptionRefusee`."""
    activite = _verrouiller(inscription.activite)
    inscription.refresh_from_db()
    if inscription.etat == EtatInscription.DESISTEE:
        raise InscriptionRefusee("Cette personne s’était déjà désistée.")
    reprendre(inscription)
    avant = {"etat": inscription.etat}
    aujourd_hui, arrivee = (
        le.astimezone(activite.structure.fuseau).date() for le in (timezone.now(), inscription.inscrite_le)
    )
    tenue = inscription.etat == EtatInscription.INSCRITE and arrivee < aujourd_hui
    _changer(
        inscription,
        etat=EtatInscription.DESISTEE,
        finie_le=aujourd_hui if tenue else inscription.finie_le,
        proposee_jusqu_au=None,
    )
    _dire(inscription, "desister", "a noté un désistement", par=par, avant=avant)
    return _proposer_a_la_suivante(activite, par=par)


@transaction.atomic
def remettre_inscription(inscription: Inscription, *, par: Any) -> Inscription:
    """Défait un désistement ; rend l'inscription qui vaut désormais. Sa place, si elle n'était que proposée à une
    autre, lui revient ; prise, elle attend la première, et la ligne où elle la tenait garde son temps. Qui attendait
    n'avait pas de place : elle attend de nouveau, à son rang. Lève `InscriptionRefusee`."""
    activite = _verrouiller(inscription.activite)
    inscription.refresh_from_db()
    if inscription.etat != EtatInscription.DESISTEE:
        raise InscriptionRefusee("Cette personne ne s’était pas désistée.")
    _exiger_ouverte(activite, inscription.personne)
    _exiger_pas_encore_la(activite, inscription.personne)
    attendait = _etat_quitte(inscription) == EtatInscription.EN_ATTENTE
    if not attendait and not _tient(activite, inscription.role):
        derniere = activite.inscriptions.filter(etat=EtatInscription.PROPOSEE).order_by("-modifie_le").first()
        if derniere is not None:
            reprendre(derniere)
            _changer(derniere, etat=EtatInscription.EN_ATTENTE, proposee_le=None, proposee_jusqu_au=None)
    if attendait:
        _changer(inscription, etat=EtatInscription.EN_ATTENTE)
    elif _tient(activite, inscription.role):
        _changer(inscription, etat=EtatInscription.INSCRITE, finie_le=None)
    else:
        inscription = _attendre_la_premiere(activite, inscription, par=par)
    return _dire(inscription, "remettre_inscription", "a défait un désistement", par=par)


# --- La place proposée ------------------------------------------------------------------------------


@transaction.atomic
def proposer_place(inscription: Inscription, *, par: Any) -> None:
    """Une place est libre : cette personne a trois jours pour la prendre. Lève `InscriptionRefusee`."""
    activite = _verrouiller(inscription.activite)
    inscription.refresh_from_db()
    if inscription.etat != EtatInscription.EN_ATTENTE:
        raise InscriptionRefusee("Cette personne n’attend pas de place.")
    if not _tient(activite, inscription.role):
        raise InscriptionRefusee(
            "Aucune place n’est libre. Ajoutez une place à l’activité, ou notez un désistement."
        )
    _proposer(activite, inscription, par=par)


@transaction.atomic
def accepter_place(inscription: Inscription, *, par: Acteur) -> None:
    """La personne dit oui, dans le délai : elle tient sa place de ce jour, l'attente ne compte pas. Acceptée deux fois,
    rien ne change. Lève `InscriptionRefusee`."""
    _verrouiller(inscription.activite)
    inscription.refresh_from_db()
    if inscription.etat == EtatInscription.INSCRITE:
        return
    if inscription.etat != EtatInscription.PROPOSEE:
        raise InscriptionRefusee(
            "Cette place n’est plus proposée : le délai est passé, ou le centre l’a reprise."
        )
    reprendre(inscription)
    _changer(
        inscription,
        etat=EtatInscription.INSCRITE,
        inscrite_le=timezone.now(),
        proposee_jusqu_au=None,
        finie_le=None,
    )
    _dire(inscription, "accepter_place", "a donné une place acceptée", par=par)


@transaction.atomic
def reprendre_place(inscription: Inscription, *, par: Acteur) -> None:
    """La personne dit non, ou le délai est passé : elle repasse en fin d'attente, et la suivante est prévenue."""
    activite = _verrouiller(inscription.activite)
    inscription.refresh_from_db()
    if inscription.etat != EtatInscription.PROPOSEE:
        return
    reprendre(inscription)
    _changer(inscription, etat=EtatInscription.EN_ATTENTE, proposee_jusqu_au=None, inscrite_le=timezone.now())
    _dire(inscription, "reprendre_place", "a repris une place sans réponse", par=par)
    _proposer_a_la_suivante(activite, sauf=inscription, par=par)


@transaction.atomic
def proposer_les_places(activite: Activite, *, sans_relance: bool = False, par: Acteur) -> int:
    """Chaque place libre à une personne qui attend, dans l'ordre ; rend leur nombre. `sans_relance` : seulement à qui
    n'a encore jamais eu de proposition."""
    activite = _verrouiller(activite)
    proposees = 0
    while _proposer_a_la_suivante(activite, sans_relance=sans_relance, par=par) is not None:
        proposees += 1
    return proposees


def tenir_les_places() -> int:
    """Chaque jour : reprend les places dont le délai est passé, propose celles qu'un effacement ou la réunion de deux
    fiches a libérées ; rend le nombre de reprises."""
    passees = Inscription.objects.filter(etat=EtatInscription.PROPOSEE, proposee_jusqu_au__lt=timezone.now())
    lues = list(passees.select_related("activite__structure").order_by("inscrite_le", "pk"))
    for inscription in lues:
        reprendre_place(inscription, par=SYSTEME)
    attendues = Inscription.objects.filter(etat=EtatInscription.EN_ATTENTE, proposee_le=None)
    for activite in Activite.objects.filter(etat=EtatActivite.OUVERTE, pk__in=attendues.values("activite")):
        proposer_les_places(activite, sans_relance=True, par=SYSTEME)
    return len(lues)


# --- Ce que partagent ces actes ---------------------------------------------------------------------


def _verrouiller(activite: Activite) -> Activite:
    verrouillee: Activite = (
        Activite.objects.select_for_update(of=("self",)).select_related("structure").get(pk=activite.pk)
    )
    return verrouillee


def _exiger_ouverte(activite: Activite, personne: Personne) -> None:
    if activite.est_sans_nom:
        raise InscriptionRefusee(SANS_NOM)
    if activite.etat == EtatActivite.CLOSE:
        raise InscriptionRefusee("Cette activité est close. Rouvrez-la pour inscrire.")
    if personne.structure_id != activite.structure_id or personne.etat != EtatPersonne.ACTIVE:
        raise InscriptionRefusee("Cette personne n’est plus au registre du centre.")


def _exiger_pas_encore_la(activite: Activite, personne: Personne) -> None:
    if activite.inscriptions.filter(personne=personne, etat__in=EN_COURS).exists():
        raise InscriptionRefusee("Cette personne est déjà inscrite ou en attente.")


def _etat_quitte(inscription: Inscription) -> str:
    """Celui d'avant son désistement ; vide quand le journal ne le dit pas."""
    lignes = LigneJournal.objects.filter(
        objet_type=type_objet(inscription), objet_id=inscription.pk, acte="desister"
    )
    derniere = lignes.order_by("-fait_le", "-pk").first()
    return str((derniere.avant or {}).get("etat", "")) if derniere else ""


def _attendre_la_premiere(activite: Activite, inscription: Inscription, *, par: Any) -> Inscription:
    """Une ligne qui a tenu une place ne sert plus à attendre : son temps se perdrait."""
    arrivees = [inscription.inscrite_le, *_attendent(activite).values_list("inscrite_le", flat=True)]
    valeurs = {"etat": EtatInscription.EN_ATTENTE, "inscrite_le": min(arrivees) - timedelta.resolution}
    if inscription.finie_le is None:
        _changer(inscription, **valeurs)
        return inscription
    neuve: Inscription = Inscription.objects.create(
        activite=activite,
        personne=inscription.personne,
        role=inscription.role,
        inscrite_par=par,
        **valeurs,
    )
    return neuve


def _tient(activite: Activite, role: str) -> bool:
    """Reste-t-il une place ? Celles et ceux qui animent n'en prennent pas."""
    libres = places_libres(activite)
    return role in RoleDePresence.qui_animent() or libres is None or libres > 0


def _peut_entrer(activite: Activite, role: str) -> bool:
    """Une place, et personne avant elle."""
    attend = _attendent(activite).exists()
    return _tient(activite, role) and (role in RoleDePresence.qui_animent() or not attend)


def _attendent(activite: Activite) -> QuerySet[Inscription]:
    """Celles à qui une place peut aller : gelée ou effacée, une personne ne la prendrait pas."""
    return activite.inscriptions.filter(etat=EtatInscription.EN_ATTENTE, personne__etat=EtatPersonne.ACTIVE)


def _proposer_a_la_suivante(
    activite: Activite, *, sauf: Inscription | None = None, sans_relance: bool = False, par: Acteur
) -> Inscription | None:
    libres = places_libres(activite)
    if libres is not None and libres <= 0 or activite.etat == EtatActivite.CLOSE:
        return None
    attendent = _attendent(activite)
    if sauf is not None:
        attendent = attendent.exclude(pk=sauf.pk)
    if sans_relance:
        attendent = attendent.filter(proposee_le=None)
    suivante: Inscription | None = attendent.order_by("inscrite_le", "pk").first()
    if suivante is not None:
        _proposer(activite, suivante, par=par)
    return suivante


def _proposer(activite: Activite, inscription: Inscription, *, par: Acteur) -> None:
    local = timezone.now().astimezone(activite.structure.fuseau)
    soir = datetime.combine(
        local.date() + timedelta(days=DELAI_DE_REPONSE), time(23, 59), tzinfo=activite.structure.fuseau
    )
    _changer(inscription, etat=EtatInscription.PROPOSEE, proposee_le=local, proposee_jusqu_au=soir)
    _dire(inscription, "proposer_place", "a proposé une place", par=par)
    if peut_recevoir_un_courriel(inscription):
        poster(
            inscription.personne.courriel,
            f"Une place s’est libérée : {activite.titre}",
            "activites/courriel_place.txt",
            {
                "activite": activite,
                "limite": date_longue(soir.date()),
                "adresse": adresse_de_la_place(inscription),
            },
            objet=inscription,
            dans=DELAI_D_ENVOI,
        )


def adresse_de_la_place(inscription: Inscription) -> str:
    """Où dire oui ou non ; une autre proposition a une autre adresse."""
    limite = inscription.proposee_jusqu_au
    return adresse_signee("place_proposee", PLACE, inscription.pk, f"{limite:%y%m%d}" if limite else "")


def peut_recevoir_un_courriel(inscription: Inscription) -> bool:
    """Le centre note les adresses, et la personne a donné la sienne ; sinon, on la rappelle."""
    ouverts = champs_notes(inscription.activite.structure_id)
    return bool(inscription.personne.courriel) and ChampDePersonne.COURRIEL.value in ouverts


def _changer(inscription: Inscription, **valeurs: Any) -> None:
    Inscription.objects.filter(pk=inscription.pk).update(
        **valeurs, version=F("version") + 1, modifie_le=timezone.now()
    )
    inscription.refresh_from_db()


def _dire(
    inscription: Inscription, acte: str, fait: str, *, par: Acteur, avant: dict[str, Any] | None = None
) -> Inscription:
    activite = inscription.activite
    phrase = f"{par.get_full_name()} {fait} à « {activite} »."
    journaliser(inscription, acte, phrase, par=par, avant=avant, structure_id=activite.structure_id)
    noter_changement(activite, acte)
    return inscription
