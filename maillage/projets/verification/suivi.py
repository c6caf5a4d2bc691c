"""Où en est la vérification : chaque point d'aujourd'hui avec ce que l'on en a décidé, et ceux qui sont réglés."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from maillage.projets.choices import GenreManque
from maillage.projets.manques import Manque
from maillage.projets.models import PointDeVerification, ProjetSocial
from maillage.projets.verification import manques_de
from maillage.projets.verification.lecture import Lecture

RUBRIQUES: Final = {
    "Territoire": ("projet_territoire",),
    "Diagnostic": (
        "diagnostic",
        "diagnostic_chiffres",
        "diagnostic_rencontres",
        "diagnostic_paroles",
        "diagnostic_enquetes",
        "diagnostic_constats",
        "besoins",
        "preuves_sans_besoin",
    ),
    "Textes": ("dossier", "elements", "morceaux"),
    "Arbre": ("arbre",),
    "Fiches et indicateurs": ("tableau",),
    "Dates": ("calendrier",),
    "Gouvernance et participation": ("gouvernance", "participation"),
    "Budget": ("budget",),
    "Pièces": ("pieces_du_dossier",),
}
"""Les rubriques, dans l'ordre où on les lit : les pages du projet où l'on y remédie."""
AUTRE: Final = "Autres"
RUBRIQUE_DE: Final = {page: rubrique for rubrique, pages in RUBRIQUES.items() for page in pages}
ORDRE: Final = (*RUBRIQUES, AUTRE)


@dataclass(eq=False)
class Ligne:
    manque: Manque
    point: PointDeVerification | None
    adresse: str

    @property
    def est_laissee(self) -> bool:
        """Tant qu'elle dit la même chose que le jour où on l'a laissée."""
        point = self.point
        return point is not None and bool(point.laisse_le) and point.phrase_laissee == self.manque.phrase

    @property
    def est_revenue(self) -> bool:
        return self.point is not None and bool(self.point.laisse_le) and not self.est_laissee

    @property
    def est_confiee(self) -> bool:
        point = self.point
        return (
            not self.est_laissee
            and point is not None
            and point.tache is not None
            and not point.tache.faite_le
        )


@dataclass(eq=False)
class Verification:
    projet: ProjetSocial
    lignes: Sequence[Ligne]
    reglees: Sequence[PointDeVerification]
    """Déjà vues, et que l'on ne trouve plus."""

    @cached_property
    def ouvertes(self) -> list[Ligne]:
        return [ligne for ligne in self.lignes if not ligne.est_laissee]

    @cached_property
    def laissees(self) -> list[Ligne]:
        return [ligne for ligne in self.lignes if ligne.est_laissee]

    @cached_property
    def confiees(self) -> int:
        return sum(ligne.est_confiee for ligne in self.lignes)

    @property
    def faits(self) -> int:
        return len(self.laissees) + len(self.reglees)

    @property
    def total(self) -> int:
        return len(self.lignes) + len(self.reglees)

    def parties(self) -> list[tuple[str, str, list[tuple[str, list[Ligne]]]]]:
        """(genre, titre, [(rubrique, lignes)]) : ce qui reste à voir."""
        parties = []
        for genre, titre in ((GenreManque.COMPLETUDE, "À compléter"), (GenreManque.COHERENCE, "À accorder")):
            rubriques: dict[str, list[Ligne]] = {}
            for ligne in self.ouvertes:
                if ligne.manque.genre == genre:
                    rubriques.setdefault(RUBRIQUE_DE.get(ligne.manque.ou, AUTRE), []).append(ligne)
            if rubriques:
                rangees = sorted(rubriques.items(), key=lambda une: ORDRE.index(une[0]))
                parties.append((genre.value, titre, rangees))
        return parties

    def ligne(self, reference: str) -> Ligne | None:
        return next((ligne for ligne in self.lignes if ligne.manque.reference == reference), None)


def verifier(lecture: Lecture) -> Verification:
    """Recalcule tout ; ne note rien."""
    projet = lecture.projet
    connus = {
        point.cle: point
        for point in projet.points.select_related("tache__responsable", "laisse_par").order_by("vu_le", "pk")
    }
    trouves = manques_de(lecture)
    presents = {manque.identite for manque in trouves}
    lignes = [Ligne(manque, connus.get(manque.identite), manque.adresse(projet)) for manque in trouves]
    reglees = [point for cle, point in connus.items() if cle not in presents]
    return Verification(projet, lignes, reglees)
