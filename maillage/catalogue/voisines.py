"""Les fiches très proches de celle que l'on écrit : peut-être la même action, déjà racontée."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.urls import reverse

from maillage.catalogue.choices import EtatContribution, GenreContribution
from maillage.catalogue.importation.voisinage import FICHES_MAX, Voisinage
from maillage.catalogue.models import Contribution, Experience
from maillage.catalogue.recherche import IndexIndisponible, chercher

VOISINES_MAX: Final = 4
CANDIDATES: Final = 10
"""Fiches d'autres centres que la recherche propose, et que l'on compare de près."""


@dataclass(frozen=True, slots=True)
class Voisine:
    """`pk` : l'expérience. `est_d_ici` : de la même structure, on peut donc la rejoindre."""

    pk: int
    titre: str
    structure: str
    url: str
    est_d_ici: bool
    est_en_ecriture: bool = False


def voisines(contribution: Contribution, titre: str, resume: str) -> list[Voisine]:
    """Celles de la structure d'abord, en ligne ou en écriture, puis celles d'ailleurs. Rien tant que le titre ou
    le résumé manque, ni pour une révision : on sait de quelle fiche il s'agit."""
    if contribution.genre != GenreContribution.NOUVELLE or not titre.strip() or not resume.strip():
        return []
    structure = contribution.experience.structure
    connues = [*_d_ici(structure.pk), *_en_ecriture(contribution, structure.pk)]
    connues += _d_ailleurs(titre, sauf={un.pk for un, _ in connues})
    proches = Voisinage(
        ((voisine, voisine.titre, texte) for voisine, texte in connues), fiches_max=len(connues)
    ).proches(titre, resume)
    return [une for une in proches if une.pk not in contribution.autres_que][:VOISINES_MAX]


def _d_ici(structure: int) -> Iterable[tuple[Voisine, str]]:
    fiches = Experience.objects.publiees().filter(structure=structure).select_related("structure")
    for fiche in fiches.order_by("-publie_le", "-pk")[:FICHES_MAX]:
        yield _publiee(fiche, est_d_ici=True), fiche.resume


def _en_ecriture(contribution: Contribution, structure: int) -> Iterable[tuple[Voisine, str]]:
    """Les brouillons des collègues, qui racontent peut-être la même chose en ce moment."""
    autres = Contribution.objects.filter(
        ~Q(pk=contribution.pk),
        experience__structure=structure,
        genre=GenreContribution.NOUVELLE,
        etat__in=[EtatContribution.EN_ECRITURE, EtatContribution.SOUMISE, EtatContribution.A_REPRENDRE],
    ).select_related("experience__structure")
    for autre in autres.order_by("-pk")[:FICHES_MAX]:
        voisine = Voisine(
            autre.experience_id,
            autre.titre,
            autre.experience.structure.nom,
            reverse("contribution", args=[autre.pk]),
            est_d_ici=True,
            est_en_ecriture=True,
        )
        yield voisine, str(autre.contenu.get("resume", ""))


def _d_ailleurs(titre: str, *, sauf: set[int]) -> list[tuple[Voisine, str]]:
    """Une recherche qui se prépare n'empêche pas d'écrire."""
    try:
        trouvees = chercher(titre, nombre=CANDIDATES, facettes=())
    except IndexIndisponible:
        return []
    return [
        (_publiee(fiche, est_d_ici=False), fiche.resume) for fiche in trouvees.fiches if fiche.pk not in sauf
    ]


def _publiee(fiche: Experience, *, est_d_ici: bool) -> Voisine:
    adresse = reverse("experience", args=[fiche.code, fiche.slug])
    return Voisine(fiche.pk, fiche.titre, fiche.structure.nom, adresse, est_d_ici)
