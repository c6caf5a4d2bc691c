"""Le plan d'un dossier : les chapitres du référentiel, ceux du centre, dans l'ordre, avec leur numéro.

Tant que personne n'a touché au plan, il n'est pas en base : il se lit du référentiel et de ce qu'un document importé a
laissé. Un chapitre importé prend la place attendue quand leurs titres se ressemblent ; sinon il reste libre, à sa
place. Aucun texte n'en disparaît.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.projets.choices import EtatChapitre
from maillage.projets.models import Chapitre, ProjetSocial
from maillage.projets.referentiels import ChapitreAttendu, referentiel_de

NIVEAU_MAX: Final = 3
RESSEMBLANCE: Final = 0.5
_VIDES: Final = frozenset(
    "a au aux avec ce ces d de des du en et l la le les nous notre nos ou par pour qu que qui sa ses son sur un une"
    " rappel elements".split()
)
_NUMERO: Final = re.compile(
    r"^\s*(?:chapitre\s+|partie\s+)?(?:\d+(?:\.\d+)*[.)]?|[ivxIVX]{1,5}[.)])\s*[:–—-]?\s+(?=\S)",
    re.IGNORECASE,
)


@dataclass(eq=False)
class Place:
    """Un chapitre à sa place. `chapitre` n'a pas de clé de base tant que le plan n'est pas posé."""

    chapitre: Chapitre
    attendu: ChapitreAttendu | None = None
    numero: str = ""

    @property
    def titre(self) -> str:
        """Sans le numéro que le document d'origine écrivait devant : le dossier donne le sien."""
        return _NUMERO.sub("", self.chapitre.titre).strip() or self.chapitre.titre

    @property
    def blocs(self) -> tuple[str, ...]:
        return self.attendu.blocs if self.attendu else ()

    @property
    def niveau(self) -> int:
        return min(self.chapitre.niveau, NIVEAU_MAX)

    @property
    def dit(self) -> str:
        """« 3.2. La méthode » ; sans numéro quand le chapitre ne paraît pas dans le document."""
        return f"{self.numero}. {self.titre}" if self.numero else self.titre

    @property
    def repere(self) -> str:
        """Ce qui le désigne dans une adresse : sa clé du référentiel, sinon son numéro en base."""
        return self.chapitre.cle or str(self.chapitre.pk)

    @property
    def est_vide(self) -> bool:
        return not self.chapitre.texte.strip()

    @property
    def mots(self) -> int:
        return len(self.chapitre.texte.split())


def lire_le_plan(projet: ProjetSocial) -> list[Place]:
    """Sans les chapitres ôtés."""
    return numeroter([place for place in lire_tout_le_plan(projet) if not place.chapitre.est_ote])


def lire_tout_le_plan(projet: ProjetSocial) -> list[Place]:
    """Ceux que l'on a ôtés aussi, sans numéro."""
    ecrits = projet.chapitres.select_related("responsable")
    return composer(projet, ecrits, referentiel_de(projet).chapitres)


def composer(
    projet: ProjetSocial, ecrits: Iterable[Chapitre], attendus: Sequence[ChapitreAttendu]
) -> list[Place]:
    """Tous, ôtés compris : ceux qui sont écrits, puis, à leur place, ceux qui manquent."""
    par_cle = {attendu.cle: attendu for attendu in attendus}
    places = [Place(chapitre, par_cle.get(chapitre.cle)) for chapitre in ecrits]
    if places and not any(place.chapitre.cle for place in places):
        _reconnaitre(places, attendus)
    rangs = {place.attendu.cle: place for place in places if place.attendu}
    precedente: Place | None = None
    for attendu in attendus:
        place = rangs.get(attendu.cle)
        if place is None:
            place = Place(
                Chapitre(projet=projet, rang=0, niveau=attendu.niveau, titre=attendu.titre, cle=attendu.cle),
                attendu,
            )
            places.insert(_apres(places, precedente, attendu.niveau), place)
        precedente = place
    return places


def numeroter(places: list[Place]) -> list[Place]:
    """« 3 », « 3.2 ». Un chapitre ne descend que d'un niveau à la fois."""
    rangs: list[int] = []
    for place in places:
        niveau = min(place.niveau, len(rangs) + 1)
        rangs = rangs[:niveau] + [0] * (niveau - len(rangs))
        rangs[niveau - 1] += 1
        place.numero = ".".join(map(str, rangs))
    return places


def enfants(places: Sequence[Place], place: Place) -> Iterator[Place]:
    """Ceux que ce chapitre contient."""
    debut = places.index(place) + 1
    for autre in places[debut:]:
        if autre.chapitre.niveau <= place.chapitre.niveau:
            return
        yield autre


def _apres(places: list[Place], precedente: Place | None, niveau: int) -> int:
    """Après le chapitre d'avant et tout ce qu'il contient de plus bas que `niveau`.

    Une partie manquante va aussi après les chapitres libres qui ferment le plan : devant, elle les repousserait à la
    fin. Un chapitre qu'une partie contient, lui, reste dans sa partie.
    """
    if precedente is None:
        return 0
    rang = places.index(precedente) + 1
    if niveau == 1 and all(place.attendu is None for place in places[rang:]):
        return len(places)
    while rang < len(places) and places[rang].chapitre.niveau > niveau:
        rang += 1
    return rang


# --- Reconnaître un chapitre importé ----------------------------------------------------------------


def _reconnaitre(places: list[Place], attendus: Sequence[ChapitreAttendu]) -> None:
    pris: set[int] = set()
    for attendu in attendus:
        notes = [
            (_ressemblance(attendu.titre, place.titre), -rang)
            for rang, place in enumerate(places)
            if rang not in pris and place.chapitre.niveau == attendu.niveau
        ]
        meilleure, rang = max(notes, default=(0.0, 0))
        if meilleure >= RESSEMBLANCE:
            pris.add(-rang)
            places[-rang].attendu = attendu
            places[-rang].chapitre.cle = attendu.cle


def _ressemblance(un: str, autre: str) -> float:
    ici, la = _mots(un), _mots(autre)
    communs = len(ici & la)
    return communs / min(len(ici), len(la)) - 0.01 * abs(len(ici) - len(la)) + 0.01 if communs else 0.0


def _mots(titre: str) -> frozenset[str]:
    plat = unicodedata.normalize("NFKD", re.sub(r"\.(e|s)\b", "", titre.casefold()))
    lus = re.findall(r"[a-z]+", "".join(signe for signe in plat if not unicodedata.combining(signe)))
    return frozenset(mot.rstrip("sx") for mot in lus if mot not in _VIDES)


def etat_selon_le_texte(chapitre: Chapitre) -> EtatChapitre:
    """Écrire ramène à « commencé » : ce que l'on avait relu n'est plus ce qui est écrit."""
    return EtatChapitre.COMMENCE if chapitre.texte.strip() else EtatChapitre.A_ECRIRE
