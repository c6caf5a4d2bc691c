"""Ce que montre la feuille d'une séance : ses noms, sa grille sans nom, ses nombres."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, Protocol

from django.db.models import Q
from django.utils.functional import Promise

from maillage.activites.choices import EtatInscription, RoleDePresence
from maillage.activites.models import Presence, Seance, VenueSansNom
from maillage.core.francais import compte
from maillage.personnes.choices import BandeAge, EtatPersonne, Genre
from maillage.personnes.models import Personne
from maillage.personnes.recherche import chercher_personnes

SINGULIERS: Final[dict[str, str]] = {
    RoleDePresence.PARTICIPANT: "Participant",
    RoleDePresence.PARENT: "Parent",
    RoleDePresence.HABITANT_ORGANISATEUR: "Organisateur",
    RoleDePresence.BENEVOLE: "Bénévole",
    RoleDePresence.INTERVENANT: "Intervenant",
    RoleDePresence.PROFESSIONNEL: "Professionnel",
    RoleDePresence.MEMBRE_D_INSTANCE: "Membre",
}
"""Le rôle d'une personne, en un mot qui tient au bout de sa ligne."""
SEANCES_DES_HABITUES = 3
"""Qui est venu à l'une des trois dernières séances est proposé, sans inscription."""


class Nommable(Protocol):
    """Une personne, ou ce que la feuille en lit : de quoi l'écrire en court."""

    @property
    def pk(self) -> int: ...
    @property
    def prenom(self) -> str: ...
    @property
    def nom(self) -> str: ...


class Connue(NamedTuple):
    """Ce que la feuille lit d'une personne inscrite ou venue. Deux cents fiches entières pèseraient la moitié de la
    page."""

    pk: int
    role: str
    prenom: str
    nom: str


DE_CONNUE: Final = ("personne", "role", "personne__prenom", "personne__nom")


class Ligne(NamedTuple):
    """Une personne de la feuille. `role` : le sien si elle est présente, celui de son inscription sinon."""

    pk: int
    nom: str
    role: str
    est_presente: bool
    est_nouvelle: bool

    @property
    def mot_du_role(self) -> str:
        return SINGULIERS[self.role]


@dataclass(frozen=True, slots=True)
class Case:
    """Une case de la grille sans nom."""

    bande: str
    genre: str
    nombre: int
    dite: str

    @property
    def cle(self) -> str:
        return f"{self.bande}.{self.genre}"


@dataclass(frozen=True)
class Feuille:
    seance: Seance
    role_sans_nom: str = RoleDePresence.PARTICIPANT.value

    @cached_property
    def _dernieres(self) -> list[int]:
        """Les séances d'avant où quelqu'un est noté."""
        avant = self.seance.activite.seances.filter(debut__lt=self.seance.debut, presences__isnull=False)
        numeros = avant.order_by("-debut", "-pk").values_list("pk", flat=True).distinct()
        return list(numeros[:SEANCES_DES_HABITUES])

    @cached_property
    def _notees(self) -> list[tuple[int, str, Connue]]:
        """Qui est noté, ici et aux dernières séances, d'une seule lecture : la séance, l'état de la personne, elle."""
        lues = Presence.objects.filter(seance__in=[self.seance.pk, *self._dernieres]).order_by()
        return [
            (seance, etat, Connue._make(connue))
            for _, seance, etat, *connue in sorted(
                lues.values_list("pk", "seance", "personne__etat", *DE_CONNUE)
            )
        ]

    @cached_property
    def _presences(self) -> dict[int, Connue]:
        return {une.pk: une for seance, _, une in self._notees if seance == self.seance.pk}

    @cached_property
    def _inscriptions(self) -> dict[int, Connue]:
        jour = self.seance.jour
        ouvertes = self.seance.activite.inscriptions.filter(Q(finie_le=None) | Q(finie_le__gte=jour))
        siennes = ouvertes.filter(etat=EtatInscription.INSCRITE, personne__etat=EtatPersonne.ACTIVE)
        lues = sorted(siennes.order_by().values_list("pk", *DE_CONNUE))
        return {une[1]: Connue._make(une[1:]) for une in lues}

    @property
    def _habitues(self) -> dict[int, Connue]:
        return {
            une.pk: une
            for seance, etat, une in self._notees
            if seance != self.seance.pk and etat == EtatPersonne.ACTIVE
        }

    @cached_property
    def lignes(self) -> list[Ligne]:
        """Les inscrits, les habitués et ceux que l'on a ajoutés, par prénom. Les bénévoles viennent après."""
        connues = self._habitues | self._inscriptions | self._presences
        noms = noms_courts(connues.values())
        deja = self._deja_venus if self._dernieres else set(connues)
        lignes = [
            Ligne(pk, noms[pk], une.role, pk in self._presences, pk not in deja)
            for pk, une in connues.items()
        ]
        participe = RoleDePresence.PARTICIPANT
        return sorted(lignes, key=lambda ligne: (ligne.role != participe, sans_accent(ligne.nom), ligne.pk))

    @cached_property
    def _deja_venus(self) -> set[int]:
        """Tous ceux de l'activité : nommer à la base les deux cents de la feuille coûterait plus cher."""
        avant = Presence.objects.filter(
            seance__activite=self.seance.activite, seance__debut__lt=self.seance.debut
        )
        return set(avant.order_by().values_list("personne_id", flat=True).distinct())

    @property
    def titre(self) -> str:
        """« 30 inscrits », « 12 habitués » : d'où viennent les noms."""
        if self.seance.activite.accueil_libre or not self._inscriptions:
            return compte(len(self.lignes), "personne")
        return compte(len(self._inscriptions), "inscrit")

    @property
    def peut_reprendre(self) -> bool:
        return bool(self._dernieres) and not self._presences

    @property
    def presents(self) -> list[int]:
        return sorted(self._presences)

    # --- Sans nom ---

    @cached_property
    def _venues(self) -> list[VenueSansNom]:
        return list(self.seance.venues_sans_nom.order_by("pk"))

    @cached_property
    def grille(self) -> list[tuple[str, list[Case]]]:
        """Par bande d'âge : femmes, hommes, non précisé, dans le rôle choisi."""
        nombres = {(v.bande, v.genre): v.nombre for v in self._venues if v.role == self.role_sans_nom}
        bandes = [(b.value, str(b.label)) for b in BandeAge] + [("", "Âge inconnu")]
        genres = [*((g.value, str(g.label)) for g in Genre), ("", "non précisé")]
        return [
            (libelle, [Case(b, g, nombres.get((b, g), 0), f"{libelle}, {mot}") for g, mot in genres])
            for b, libelle in bandes
        ]

    @property
    def lues(self) -> str:
        """Les nombres que la page montre, pour n'écrire que ce que l'on y change."""
        return ",".join(
            f"{case.cle}={case.nombre}" for _, cases in self.grille for case in cases if case.nombre
        )

    @property
    def roles(self) -> Sequence[tuple[str, str | Promise]]:
        """Chaque rôle, et combien sont venus sans nom dans ce rôle."""
        nombres: Counter[str] = Counter()
        for venue in self._venues:
            nombres[venue.role] += venue.nombre
        return [
            (
                role.value,
                f"{str(role.label).capitalize()} ({nombres[role]})"
                if nombres[role]
                else str(role.label).capitalize(),
            )
            for role in RoleDePresence
        ]

    # --- Les nombres ---

    @cached_property
    def etat(self) -> "EtatDeFeuille":
        return etat_de(
            {pk: une.role for pk, une in self._presences.items()}, sum(venue.nombre for venue in self._venues)
        )


@dataclass(frozen=True, slots=True)
class EtatDeFeuille:
    """Présences et venues sans nom : deux nombres qu'on dit l'un à côté de l'autre."""

    presents: str
    dont: str
    sans_nom: str


def etat_de(roles: dict[int, str], sans_nom: int) -> EtatDeFeuille:
    benevoles = sum(role == RoleDePresence.BENEVOLE for role in roles.values())
    return EtatDeFeuille(
        presents=compte(len(roles), "présent"),
        dont=f"dont {compte(benevoles, 'bénévole')}" if benevoles else "",
        sans_nom=f"+ {sans_nom} sans nom" if sans_nom else "",
    )


def chercher_au_registre(utilisateur: Any, seance: Seance, q: str) -> list[Personne]:
    """Celles que cette personne peut lire, et qui ne sont pas déjà notées."""
    connues = Personne.objects.du_registre(utilisateur).presentes()
    connues = connues.filter(structure=seance.activite.structure_id)
    return chercher_personnes(connues.exclude(presences__seance=seance), q, au_plus=8)


def noms_courts(personnes: Iterable[Nommable]) -> dict[int, str]:
    """« Adam B. », et « Adam Be. », « Adam Bo. » quand l'initiale ne suffit pas à les distinguer."""
    restantes = list(personnes)
    noms: dict[int, str] = {}
    for lettres in range(1, 81):
        ecrits = {p.pk: _abrege(p, lettres) for p in restantes}
        pris = Counter(ecrits.values())
        noms |= ecrits
        restantes = [p for p in restantes if pris[ecrits[p.pk]] > 1 and len(p.nom) > lettres]
        if not restantes:
            break
    return noms


def _abrege(personne: Nommable, lettres: int) -> str:
    if not personne.nom:
        return personne.prenom or "Personne effacée"
    point = "." if lettres == 1 or len(personne.nom) > lettres else ""
    return f"{personne.prenom} {personne.nom[:lettres]}{point}".strip()


def sans_accent(nom: str) -> str:
    """Émilie se range à E."""
    lettres = nom.casefold()
    if not lettres.isascii():
        lettres = unicodedata.normalize("NFKD", lettres)
    return _NI_LETTRE_NI_ESPACE.sub("", lettres)


_NI_LETTRE_NI_ESPACE: Final = re.compile(r"[^\w ]|_")
