"""Des habitants inventés : des foyers, des aînés, des jeunes. Leurs noms sont tirés de listes, au hasard."""

from typing import Any, Final

from maillage.demo.donnees import lire_objet
from maillage.demo.operations.quotidien.centre import Centre
from maillage.personnes.choices import ChampDePersonne, Genre, LienDeFoyer
from maillage.personnes.models import ChampOuvert, Foyer, MembreDeFoyer, Personne, Provenance
from maillage.personnes.operations import noter_personnes

OUVERTS: Final = (
    ChampDePersonne.GENRE,
    ChampDePersonne.NAISSANCE,
    ChampDePersonne.PROVENANCE,
    ChampDePersonne.TELEPHONE,
    ChampDePersonne.ADHESION,
)
"""Ce que ces deux centres ont décidé de noter, parmi les douze champs."""
AGES: Final = {"jeunes": (15, 24), "adultes": (27, 59), "aines": (61, 74), "grand_age": (76, 92)}

ANCIENS: Final = 55
"""Passé cet âge, on porte un prénom d'alors ; avant, jamais."""


class EtatCivil:
    """Tire des noms sans répéter une personne."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.listes: dict[str, list[str]] = lire_objet("habitants")
        self.anciens = set(self.listes["anciens"])
        self.pris: set[tuple[str, str]] = set()

    def tirer(self, ages: tuple[int, int], nom: str = "") -> dict[str, Any]:
        hasard = self.centre.hasard
        genre = hasard.choices(Genre.values, (58, 42))[0]
        possibles = [un for un in self.listes[genre] if (un in self.anciens) == (ages[0] > ANCIENS)]
        while True:
            couple = (hasard.choice(possibles), nom or hasard.choice(self.listes["noms"]))
            if couple not in self.pris:
                break
        self.pris.add(couple)
        naissance = self.centre.premier_jour.year - hasard.randint(*ages)
        return {"prenom": couple[0], "nom": couple[1], "genre": genre, "naissance": naissance}


def peupler(centre: Centre) -> None:
    """Remplit `centre.cercles` et `centre.foyers`."""
    ChampOuvert.objects.bulk_create(
        ChampOuvert(structure=centre.structure, champ=champ, ouvert_par=centre.direction) for champ in OUVERTS
    )
    provenances = _provenances(centre)
    etat_civil = EtatCivil(centre)
    voulus = centre.donnees["habitants"]
    fiches, foyers = _familles(centre, etat_civil, voulus["foyers"])
    sortes = ["famille"] * len(fiches)
    for sorte, ages in AGES.items():
        fiches += [etat_civil.tirer(ages) for _ in range(voulus[sorte])]
        sortes += [sorte] * voulus[sorte]
    lieux, parts = zip(*provenances, strict=True)
    for fiche in fiches:
        fiche["provenance"] = centre.hasard.choices(lieux, parts)[0]
    for membres in foyers:  # une famille habite au même endroit
        for rang in membres[1:]:
            fiches[rang]["provenance"] = fiches[membres[0]]["provenance"]
    personnes = noter_personnes(centre.structure, fiches, par=centre.accueil)
    centre.foyers = [[personnes[rang] for rang in membres] for membres in foyers]
    _reunir(centre)
    _ranger(centre, personnes, sortes)


def _provenances(centre: Centre) -> list[tuple[Provenance, int]]:
    creees = []
    for rang, ligne in enumerate(centre.donnees["provenances"], start=1):
        valeurs = {nom: valeur for nom, valeur in ligne.items() if nom != "part"}
        creees.append((Provenance(structure=centre.structure, rang=rang, **valeurs), ligne["part"]))
    Provenance.objects.bulk_create(provenance for provenance, _ in creees)
    return creees


def _familles(
    centre: Centre, etat_civil: EtatCivil, nombre: int
) -> tuple[list[dict[str, Any]], list[list[int]]]:
    """Les fiches, et pour chaque foyer les rangs de ses membres : les parents d'abord."""
    fiches: list[dict[str, Any]] = []
    foyers: list[list[int]] = []
    hasard = centre.hasard
    for _ in range(nombre):
        nom = hasard.choice(etat_civil.listes["noms"])
        ages = [(28, 48)] * hasard.choices((1, 2), (40, 60))[0]
        ages += [hasard.choice(((1, 5), (6, 11), (6, 11), (11, 16)))] + [
            hasard.choice(((1, 5), (6, 11), (11, 16))) for _ in range(hasard.randint(0, 2))
        ]
        foyers.append(list(range(len(fiches), len(fiches) + len(ages))))
        fiches += [etat_civil.tirer(age, nom) for age in ages]
    return fiches, foyers


def _reunir(centre: Centre) -> None:
    annee = centre.premier_jour.year
    foyers = [Foyer(structure=centre.structure, nom=f"Famille {membres[0].nom}") for membres in centre.foyers]
    Foyer.objects.bulk_create(foyers)
    MembreDeFoyer.objects.bulk_create(
        MembreDeFoyer(foyer=foyer, personne=membre, lien=_lien(membre, annee))
        for foyer, membres in zip(foyers, centre.foyers, strict=True)
        for membre in membres
    )


def _lien(membre: Personne, annee: int) -> LienDeFoyer:
    return LienDeFoyer.RESPONSABLE if annee - (membre.naissance or 0) > 20 else LienDeFoyer.ENFANT


def _ranger(centre: Centre, personnes: list[Personne], sortes: list[str]) -> None:
    """Les cercles où puisent les activités."""
    cercles: dict[str, list[Personne]] = {
        sorte: [] for sorte in (*AGES, "parents", "meres", "enfants", "ados")
    }
    cercles |= {"tout_petits": [], "aucun": []}
    for personne, sorte in zip(personnes, sortes, strict=True):
        if sorte != "famille":
            cercles[sorte].append(personne)
            continue
        age = centre.premier_jour.year - (personne.naissance or 0)
        if age > 20:
            cercles["parents"].append(personne)
            if personne.genre == Genre.FEMMES:
                cercles["meres"].append(personne)
        else:
            cercles["tout_petits" if age < 6 else "enfants" if age < 12 else "ados"].append(personne)
    cercles["nouveaux"] = [cercles["grand_age"].pop() for _ in range(min(36, len(cercles["grand_age"]) // 5))]
    for cercle in cercles.values():
        centre.hasard.shuffle(cercle)
    peres = [parent for parent in cercles["parents"] if parent.genre == Genre.HOMMES]
    cercles["parents_du_cafe"] = cercles["meres"][:38] + peres[:8]  # les pères y viennent encore peu
    centre.cercles = cercles
