"""Les heures données à un centre, par mission et par année ; l'attestation d'une bénévole. Jamais en euros."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from maillage.activites.models import Benevole, HeuresDeBenevolat
from maillage.catalogue.exportation.formats import ecrire
from maillage.core.documents.description import Definition, Document, Paragraphe, Section, Tableau
from maillage.core.francais import date_longue, nombre
from maillage.territoire.models import Structure

SANS_MISSION = "Sans mission dite"


@dataclass(frozen=True, slots=True)
class Mission:
    nom: str
    heures: Decimal
    fois: int


@dataclass(frozen=True, slots=True)
class AnneeDeBenevolat:
    """`connus` : bénévoles nommés qui ont donné des heures. `sans_nom` : les autres venues, non dédoublonnées."""

    annee: int
    heures: Decimal
    connus: int
    sans_nom: int
    missions: list[Mission]


def annee_de_benevolat(structure: Structure, annee: int) -> AnneeDeBenevolat:
    lignes = HeuresDeBenevolat.objects.filter(structure=structure, jour__year=annee).order_by()
    totaux = lignes.aggregate(
        heures=Sum("heures"),
        connus=Count("benevole__personne", distinct=True),
        sans_nom=Sum("nombre", filter=Q(benevole=None)),
    )
    par_mission = lignes.values_list("mission").annotate(heures=Sum("heures"), fois=Count("pk"))
    return AnneeDeBenevolat(
        annee,
        totaux["heures"] or Decimal(0),
        totaux["connus"],
        totaux["sans_nom"] or 0,
        [
            Mission(nom or SANS_MISSION, h, fois)
            for nom, h, fois in par_mission.order_by("-heures", "mission")
        ],
    )


def annees_de_benevolat(structure: Structure) -> list[int]:
    """Celles où des heures sont notées, et celle qui court ; la plus récente d'abord."""
    jours = HeuresDeBenevolat.objects.filter(structure=structure).dates("jour", "year")
    cette_annee = timezone.localdate(timezone=structure.fuseau).year
    return sorted({cette_annee, *(jour.year for jour in jours)}, reverse=True)


def exporter_les_heures(structure: Structure, annee: int, format: str) -> Iterator[bytes]:
    """Une ligne par ligne d'heures, sans aucun nom. Lève `ValueError` pour un format inconnu."""
    lues = HeuresDeBenevolat.objects.filter(structure=structure, jour__year=annee).select_related("activite")
    lignes = (
        {
            "Jour": un.jour,
            "Mission": un.mission or SANS_MISSION,
            "Activité": str(un.activite or ""),
            "Personnes": un.nombre,
            "Heures": un.heures,
        }
        for un in lues.order_by("jour", "pk")
    )
    return ecrire(lignes, ["Jour", "Mission", "Activité", "Personnes", "Heures"], format, titre="Bénévolat")


def attestation(benevole: Benevole) -> Document:
    """Le « passeport » que la personne emporte : ce qu'elle a donné, ce qu'elle a appris."""
    structure = benevole.structure
    jour = timezone.localdate(timezone=structure.fuseau)
    par_annee: dict[tuple[int, str], Decimal] = {}
    for un in benevole.heures.order_by("jour", "pk"):
        cle = (un.jour.year, un.mission or SANS_MISSION)
        par_annee[cle] = par_annee.get(cle, Decimal(0)) + un.heures
    formations = list(benevole.formations.order_by("jour", "pk"))
    identite: tuple[tuple[str, Any], ...] = (
        ("Bénévole", str(benevole.personne)),
        ("Au centre", structure.nom),
        ("Depuis le", date_longue(benevole.depuis)),
        ("Jusqu’au", date_longue(benevole.jusqu_au) if benevole.jusqu_au else "engagement en cours"),
        ("Missions", benevole.missions or "Non précisées"),
        ("Heures données", f"{nombre(sum(par_annee.values()))} h"),
    )
    sections = []
    if par_annee:
        sections.append(_table_des_heures(par_annee))
    if formations:
        lignes = tuple((date_longue(un.jour), un.titre, f"{nombre(un.heures)} h") for un in formations)
        tableau = Tableau(
            "Formations suivies", ("Jour", "Formation", "Durée"), lignes, ("gauche", "gauche", "droite")
        )
        sections.append(Section("Ce que la personne a appris", (tableau,)))
    sections.append(
        Section("Signature", (Paragraphe(f"Fait le {date_longue(jour)}, pour {structure.nom} :"),))
    )
    return Document(
        titre="Attestation de bénévolat",
        sous_titre=str(benevole.personne),
        auteur=structure.nom,
        date=jour,
        blocs=(Definition(tuple((nom, valeur) for nom, valeur in identite)),),
        sections=tuple(sections),
        tient_en=1,
    )


def _table_des_heures(par_annee: dict[tuple[int, str], Decimal]) -> Section:
    lignes = tuple(
        (str(annee), mission, f"{nombre(h)} h") for (annee, mission), h in sorted(par_annee.items())
    )
    tableau = Tableau(
        "Heures données", ("Année", "Mission", "Heures"), lignes, ("gauche", "gauche", "droite")
    )
    return Section("Ce que la personne a donné", (tableau,))


def annee_demandee(texte: str, annees: list[int]) -> int:
    """Celle de l'adresse quand elle existe, sinon la plus récente."""
    return next((annee for annee in annees if str(annee) == texte), annees[0])
