"""La feuille d'une séance : qui est venu, combien sans nom, un mot, et sa fin.

Le journal dit combien de présences, jamais de qui. Un envoi porte la clé de l'appareil : répété, il compte une fois.
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from maillage.activites.choices import EtatSeance, RoleDePresence
from maillage.activites.models import Presence, Seance, VenueSansNom
from maillage.activites.operations.noms import noter_un_nom
from maillage.catalogue.prudence import douter
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.core.journal import journaliser, type_objet
from maillage.core.models import LigneJournal
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import Personne
from maillage.personnes.operations import fiches_gardees, noter_un_signe_de_vie

ACTE = "noter_venues"
SANS_NOM = "Un lieu d’accueil enfants-parents est sans nom. Comptez les personnes dans la grille."
PLAFOND = 2000
"""Personnes sans nom dans une case : au-delà, c'est une faute de frappe."""


class FeuilleRefusee(GesteRefuse):
    """La séance n'accepte pas ces venues ; le message dit pourquoi et quoi faire."""


class MotImprudent(FeuilleRefusee):
    """Le mot nomme sans doute quelqu'un ; la personne le relit, puis le garde si elle veut."""


@dataclass(frozen=True, slots=True)
class Ecart:
    """Ce qui s'ajoute à une case de la grille, ou s'en retire. Bande ou genre vides : on ne sait pas."""

    bande: str
    genre: str
    role: str
    nombre: int


@dataclass(frozen=True, slots=True)
class Venues:
    """Ce qu'un envoi change. `presences` : personne → son rôle, vide quand elle n'est pas venue."""

    presences: Mapping[int, str] = field(default_factory=dict)
    sans_nom: Iterable[Ecart] = ()
    envoi: UUID | None = None


@transaction.atomic
def noter_venues(seance: Seance, venues: Venues, *, par: Utilisateur) -> None:
    """Écrit ce qui change, et rien d'autre : ce qu'une collègue vient de noter reste. La séance devient tenue.

    Une personne gelée, effacée ou d'ailleurs est passée sous silence. Lève `FeuilleRefusee`.
    """
    seance = _verrouiller(seance)
    if venues.envoi and _est_deja_recu(seance, venues.envoi):
        return
    _exiger_ouverte(seance)
    notees, otees = _noter_les_noms(seance, venues, par=par)
    ecarts = [ecart for une in venues.sans_nom if (ecart := _compter(seance, une))]
    if not notees and not otees and not ecarts:
        return
    if seance.etat == EtatSeance.PREVUE:
        _changer(seance, etat=EtatSeance.TENUE)
    journaliser(
        seance,
        ACTE,
        f"{par.get_full_name()} {_dire(notees, otees, ecarts)}.",
        par=par,
        apres={"envoi": str(venues.envoi)} if venues.envoi else None,
        structure_id=seance.activite.structure_id,
    )
    noter_changement(seance, ACTE)


@transaction.atomic
def accueillir_a_la_seance(
    seance: Seance, prenom: str, nom: str, *, autre_que: Container[int] = (), par: Utilisateur
) -> None:
    """Une personne que le centre ne connaît pas encore : son nom, et sa présence. Lève `FeuilleRefusee`, et
    `NomDejaConnu` pour une fiche de ce nom qui n'est pas dans `autre_que`."""
    seance = _verrouiller(seance)
    _exiger_ouverte(seance)
    if seance.activite.est_sans_nom:
        raise FeuilleRefusee(SANS_NOM)
    if not prenom or not nom:
        raise FeuilleRefusee("Écrivez le prénom et le nom, ou comptez la personne sans nom.")
    try:
        nouvelle = noter_un_nom(seance.activite.structure, prenom, nom, autre_que=autre_que, par=par)
    except ValidationError as refus:
        raise FeuilleRefusee(" ".join(refus.messages)) from refus
    noter_venues(seance, Venues({nouvelle.pk: RoleDePresence.PARTICIPANT.value}), par=par)


def reprendre_la_feuille(seance: Seance, *, par: Utilisateur) -> int:
    """Note présentes les personnes de la séance d'avant, dans leur rôle ; rend leur nombre. Lève `FeuilleRefusee`."""
    avant = seance_d_avant(seance)
    if avant is None:
        raise FeuilleRefusee("Aucune séance d’avant n’a de présences. Cochez les noms un par un.")
    deja = set(seance.presences.values_list("personne_id", flat=True))
    roles = dict(avant.presences.values_list("personne_id", "role"))
    nouvelles = {pk: role for pk, role in roles.items() if pk not in deja}
    noter_venues(seance, Venues(nouvelles), par=par)
    return len(nouvelles)


def seance_d_avant(seance: Seance) -> Seance | None:
    """La dernière de la même activité où quelqu'un est noté."""
    autres: Any = seance.activite.seances.filter(debut__lt=seance.debut, presences__isnull=False)
    trouvee: Seance | None = autres.order_by("-debut", "-pk").first()
    return trouvee


# --- Le mot, la fin ---------------------------------------------------------------------------------


@transaction.atomic
def ecrire_le_mot(seance: Seance, mot: str, *, lu: str, est_relu: bool = False, par: Utilisateur) -> None:
    """`lu` : le mot que la page montrait. Lève `FeuilleRefusee` quand une collègue l'a changé depuis, `MotImprudent`
    quand il nomme quelqu'un de l'activité ou dit ce qui ne s'écrit pas, tant qu'il n'est pas `est_relu`."""
    seance = _verrouiller(seance)
    if mot == seance.mot:
        return
    if seance.mot != lu:
        raise FeuilleRefusee(
            "Une collègue a changé ce mot pendant que vous écriviez. Réunissez les deux textes."
        )
    if not est_relu:
        _exiger_sans_nom(seance, mot)
    _changer(seance, mot=mot)
    journaliser(
        seance,
        "ecrire_le_mot",
        f"{par.get_full_name()} a écrit un mot sur la séance.",
        par=par,
        structure_id=seance.activite.structure_id,
    )
    noter_changement(seance, "ecrire_le_mot")


def _exiger_sans_nom(seance: Seance, mot: str) -> None:
    connues = Personne.objects.filter(inscriptions__activite=seance.activite_id) | Personne.objects.filter(
        presences__seance__activite=seance.activite_id
    )
    prenoms = set(connues.order_by().values_list("prenom", flat=True).distinct())
    for prenom in sorted(filter(None, prenoms)):
        if re.search(rf"\b{re.escape(prenom)}\b", mot):  # avec sa majuscule : « rose » est aussi une couleur
            raise MotImprudent(
                f"« {prenom} » est un prénom de l’activité. Écrivez plutôt « un enfant », « une mère »."
            )
    for doute in douter({"mot": mot}, seance.activite.structure.nom):
        raise MotImprudent(
            f"« {doute.extrait} » : ce mot peut dire qui est une personne, ou sa santé. Ôtez-le."
        )


@transaction.atomic
def terminer_feuille(seance: Seance, venues: Venues | None = None, *, par: Utilisateur) -> None:
    """Note ce qui reste, puis clôt : la séance a eu lieu, même si personne n'est venu.

    Terminée deux fois, rien ne change. Lève `FeuilleRefusee`.
    """
    seance = _verrouiller(seance)
    if seance.feuille_close_le:
        return
    _exiger_ouverte(seance)
    if venues is not None:
        noter_venues(seance, venues, par=par)
    _changer(seance, etat=EtatSeance.TENUE, feuille_close_le=timezone.now(), feuille_close_par=par)
    _dire_la_fin(seance, "terminer_feuille", "a terminé la feuille", par=par)


@transaction.atomic
def rouvrir_feuille(seance: Seance, *, par: Utilisateur) -> None:
    """Pour corriger après coup. Ce qui est noté reste."""
    seance = _verrouiller(seance)
    if not seance.feuille_close_le:
        return
    _changer(seance, feuille_close_le=None, feuille_close_par=None)
    _dire_la_fin(seance, "rouvrir_feuille", "a rouvert la feuille", par=par)


def _dire_la_fin(seance: Seance, acte: str, fait: str, *, par: Utilisateur) -> None:
    journaliser(
        seance,
        acte,
        f"{par.get_full_name()} {fait} de « {seance.activite} ».",
        par=par,
        structure_id=seance.activite.structure_id,
    )
    noter_changement(seance, acte)


# --- Ce que partagent ces actes ---------------------------------------------------------------------


def _verrouiller(seance: Seance) -> Seance:
    """Deux personnes sur la même feuille : l'une après l'autre, et rien ne se perd."""
    lues: Any = Seance.objects.select_for_update(of=("self",)).select_related("activite__structure")
    verrouillee: Seance = lues.get(pk=seance.pk)
    return verrouillee


def _exiger_ouverte(seance: Seance) -> None:
    if seance.etat == EtatSeance.ANNULEE:
        raise FeuilleRefusee("Cette séance est annulée. Remettez-la avant de noter qui est venu.")
    if seance.feuille_close_le:
        raise FeuilleRefusee("La feuille est terminée. Rouvrez-la pour la corriger.")
    if seance.jour > timezone.now().astimezone(seance.fuseau).date():
        raise FeuilleRefusee("Cette séance n’a pas encore eu lieu. Revenez le jour même.")


def _changer(seance: Seance, **valeurs: Any) -> None:
    Seance.objects.filter(pk=seance.pk).update(**valeurs, version=F("version") + 1, modifie_le=timezone.now())


def _est_deja_recu(seance: Seance, envoi: UUID) -> bool:
    """Même si une collègue a décoché depuis : rejouer ne recoche pas."""
    lignes = LigneJournal.objects.filter(objet_type=type_objet(seance), objet_id=seance.pk, acte=ACTE)
    return lignes.filter(apres__envoi=str(envoi)).exists()


def _noter_les_noms(seance: Seance, venues: Venues, *, par: Utilisateur) -> tuple[int, int]:
    """Rend combien de présences sont notées, et combien retirées."""
    if not venues.presences:
        return 0, 0
    if seance.activite.est_sans_nom:
        raise FeuilleRefusee(SANS_NOM)
    roles = set(RoleDePresence.values)
    presences = _sur_la_fiche_gardee(venues.presences)
    actuelles = {une.personne_id: une for une in seance.presences.filter(personne__in=presences)}
    venus = {pk: role for pk, role in presences.items() if role in roles}
    partis = [une.pk for pk, une in actuelles.items() if not presences[pk]]
    changes = [pk for pk, role in venus.items() if pk in actuelles and actuelles[pk].role != role]
    for pk in changes:
        seance.presences.filter(pk=actuelles[pk].pk).update(role=venus[pk])
    nouvelles = _nouvelles(seance, [pk for pk in venus if pk not in actuelles])
    Presence.objects.bulk_create(
        Presence(
            seance=seance,
            personne=personne,
            role=venus[personne.pk],
            age=age_au_jour(personne, seance),
            cle=uuid5(venues.envoi, str(personne.pk)) if venues.envoi else None,
            notee_par=par,
        )
        for personne in nouvelles
    )
    # Le signe de vie d'où part la conservation : le jour de la séance, pas celui de la saisie.
    if nouvelles:
        noter_un_signe_de_vie(nouvelles, seance.jour)
    if partis:
        seance.presences.filter(pk__in=partis).delete()
    return len(nouvelles) + len(changes), len(partis)


def _sur_la_fiche_gardee(presences: Mapping[int, str]) -> dict[int, str]:
    """Une feuille ouverte avant une réunion montre encore l'autre fiche : la venue va à celle que l'on garde. Les deux
    y sont-elles, une coche l'emporte sur une absence, et la fiche gardée sur l'autre."""
    gardees = fiches_gardees(presences)
    lues: dict[int, str] = {}
    for pk, role in sorted(presences.items(), key=lambda lue: lue[0] == gardees[lue[0]]):
        lues[gardees[pk]] = role or lues.get(gardees[pk], "")
    return lues


def _nouvelles(seance: Seance, numeros: list[int]) -> list[Personne]:
    if not numeros:
        return []
    connues = Personne.objects.filter(structure=seance.activite.structure_id, etat=EtatPersonne.ACTIVE)
    return list(connues.filter(pk__in=numeros))


def age_au_jour(personne: Personne, seance: Seance) -> int | None:
    """Années révolues à la fin de l'année de la séance : seule l'année de naissance est connue."""
    return None if personne.naissance is None else max(0, seance.jour.year - personne.naissance)


def _compter(seance: Seance, ecart: Ecart) -> int:
    """Ajoute à la case, sans descendre sous zéro ; rend ce qui a vraiment changé. À zéro, la case s'ôte : une séance
    où rien n'est noté peut s'annuler."""
    qui: dict[str, Any] = {"bande": ecart.bande, "genre": ecart.genre, "role": ecart.role}
    case: VenueSansNom | None = seance.venues_sans_nom.filter(**qui).first()
    deja = case.nombre if case else 0
    nombre = max(0, deja + ecart.nombre)
    if nombre > PLAFOND:
        raise FeuilleRefusee(f"Plus de {PLAFOND} personnes dans une case : vérifiez le nombre.")
    if nombre:
        seance.venues_sans_nom.update_or_create(**qui, defaults={"nombre": nombre})
    elif case:
        case.delete()
    return nombre - deja


def _dire(notees: int, otees: int, ecarts: list[int]) -> str:
    ajoutees, retirees = sum(e for e in ecarts if e > 0), -sum(e for e in ecarts if e < 0)
    faits = [
        (notees, "a noté", "présence", ""),
        (otees, "a retiré", "présence", ""),
        (ajoutees, "a ajouté", "venue", " sans nom"),
        (retirees, "a retiré", "venue", " sans nom"),
    ]
    return ", ".join(f"{acte} {compte(nombre, mot)}{suite}" for nombre, acte, mot, suite in faits if nombre)
