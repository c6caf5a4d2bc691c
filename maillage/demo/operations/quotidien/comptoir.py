"""Deux ans de passages à l'accueil d'un centre inventé : jamais un nom, des heures qui ressemblent à la vie."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from maillage.accueil.choices import Canal, Suite
from maillage.accueil.models import Demande, DemandeASuivre, Passage, TypeDeDemande
from maillage.accueil.operations.types import adopter_la_liste_de_depart, modifier_type
from maillage.catalogue.operations.contenu import partenaires_nommes
from maillage.core.changements import noter_changements
from maillage.demo.operations.quotidien.activites import GROS_LOTS
from maillage.demo.operations.quotidien.centre import Centre, Donnees
from maillage.personnes.choices import BandeAge, Genre

FERMETURE_D_ETE = (8, (1, 16))
"""Le mois et les jours où les deux comptoirs sont fermés."""


def tenir_le_comptoir(centre: Centre) -> None:
    adopter_la_liste_de_depart(centre.structure, par=centre.direction)
    types = {un.libelle: un for un in TypeDeDemande.objects.filter(structure=centre.structure)}
    dits: Donnees = centre.donnees["passages"]
    for libelle, titre in dits["fiches_des_types"].items():
        liee = {"fiche": centre.fiche({"fiche": titre})}
        modifier_type(types[libelle], liee, version_lue=types[libelle].version, par=centre.direction)
    passages = list(_passages(centre, dits))
    Passage.objects.bulk_create(passages, batch_size=GROS_LOTS)
    Demande.objects.bulk_create(_demandes(centre, dits, types, passages), batch_size=GROS_LOTS)
    noter_changements(types.values(), "noter_passage")
    _a_suivre(centre)


def _passages(centre: Centre, dits: Donnees) -> Iterator[Passage]:
    partenaires = list(partenaires_nommes(dits["orientations"]).values())
    provenances = list(centre.structure.provenances.all())
    hasard = centre.hasard
    for instant, lieu in _instants(centre, dits):
        suite = hasard.choices((Suite.REPONDU, Suite.ORIENTE, Suite.RENDEZ_VOUS, ""), (62, 6, 7, 25))[0]
        yield Passage(
            structure=centre.structure,
            site=centre.sites[lieu["site"]],
            le=instant,
            cle=UUID(int=hasard.getrandbits(128)),
            nombre=hasard.choices((1, 2, 3), (88, 10, 2))[0],
            canal=hasard.choices((Canal.VENUE, Canal.TELEPHONE, Canal.COURRIEL), (84, 14, 2))[0],
            premiere_visite=hasard.choices((True, False, None), (9, 41, 50))[0],
            suite=suite,
            oriente_vers=hasard.choice(partenaires) if suite == Suite.ORIENTE else None,
            bande=hasard.choice((*BandeAge.values[2:], "", "", "")),
            genre=hasard.choice((*Genre.values, "")),
            provenance=hasard.choice((*provenances, None, None)),
            note_par=centre.accueil,
            note_le=instant,
        )


def _instants(centre: Centre, dits: Donnees) -> Iterator[tuple[datetime, Donnees]]:
    """Autant que l'année en dit ; celle qui court, jusqu'à cet instant."""
    annee = centre.premier_jour.year
    for une, combien in ((annee - 1, dits["an_dernier"]), (annee, dits["cette_annee"])):
        places = list(_places(centre, dits, une))
        tires = centre.hasard.choices(places, [place[2] for place in places], k=combien)
        for jour, heure, _, lieu in sorted(tires, key=lambda place: place[:2]):
            instant = centre.instant(jour, time(heure, centre.hasard.randrange(60)))
            if instant <= timezone.now():
                yield instant, lieu


def _places(centre: Centre, dits: Donnees, annee: int) -> Iterator[tuple[date, int, float, Donnees]]:
    """Chaque heure d'ouverture, son poids, son lieu."""
    mois_ferme, (du, au) = FERMETURE_D_ETE
    jour = date(annee, 1, 2)
    while jour.year == annee:
        ferme = centre.est_ferie(jour) or (jour.month == mois_ferme and du <= jour.day < au)
        for lieu in dits["lieux"]:
            if not ferme and jour.weekday() in lieu["jours"]:
                poids_du_jour = (0.45 if jour.weekday() == 5 else 1.0) * (1.3 if jour.month == 9 else 1.0)
                for heure, poids in lieu["heures"].items():
                    if jour.weekday() != 5 or int(heure) < 12:
                        part = poids * lieu["part"] / len(lieu["jours"])
                        yield jour, int(heure), part * poids_du_jour, lieu
        jour += timedelta(days=1)


def _demandes(
    centre: Centre, dits: Donnees, types: dict[str, TypeDeDemande], passages: list[Passage]
) -> Iterator[Demande]:
    libelles, parts = zip(*dits["types"].items(), strict=True)
    for passage in passages:
        voulus: dict[str, Any] = dict.fromkeys(
            centre.hasard.choices(libelles, parts, k=2 if centre.hasard.random() < 0.12 else 1)
        )
        for libelle in voulus:
            yield Demande(passage=passage, type=types[libelle])


def _a_suivre(centre: Centre) -> None:
    DemandeASuivre.objects.bulk_create(
        DemandeASuivre(
            structure=centre.structure,
            objet=ligne["objet"],
            a_faire_avant=centre.aujourd_hui + timedelta(days=ligne["dans"]),
            responsable=centre.accueil,
        )
        for ligne in centre.donnees["a_suivre"]
    )
