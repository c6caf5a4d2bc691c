"""Les bénévoles d'un centre inventé, et ce que ses habitants portent."""

from datetime import timedelta
from decimal import Decimal

from maillage.activites.models import Benevole, FormationDeBenevole, HeuresDeBenevolat
from maillage.activites.operations.initiatives import accueillir_initiative, suivre_initiative
from maillage.demo.operations.quotidien.centre import Centre, Donnees
from maillage.personnes.models import Personne

ANCIENS = timedelta(days=900)


def choisir_les_benevoles(centre: Centre) -> list[Personne]:
    """Des adultes et des aînés, un parent de temps en temps."""
    possibles = centre.cercles["adultes"] + centre.cercles["aines"] + centre.cercles["parents"][:20]
    return centre.hasard.sample(possibles, centre.donnees["benevoles"]["nombre"])


def engager(centre: Centre, personnes: list[Personne]) -> dict[int, Benevole]:
    """Numéro de la personne → son engagement. Les deux tiers sont là depuis plus d'un an."""
    dites, hasard = centre.donnees["benevoles"], centre.hasard
    benevoles = [
        Benevole(
            structure=centre.structure,
            personne=personne,
            depuis=centre.premier_jour
            - timedelta(days=hasard.randint(30, ANCIENS.days))
            + timedelta(days=hasard.choice((0, 0, 200))),
            missions=hasard.choice(dites["missions"]),
            disponibilites=hasard.choice(dites["disponibilites"]),
        )
        for personne in personnes
    ]
    Benevole.objects.bulk_create(benevoles)
    FormationDeBenevole.objects.bulk_create(
        FormationDeBenevole(
            benevole=benevole,
            titre=hasard.choice(dites["formations"]),
            jour=centre.premier_jour + timedelta(days=hasard.randint(20, 60)),
            heures=Decimal(hasard.choice((3, 6, 7))),
        )
        for benevole in benevoles
        if hasard.random() < 0.4
    )
    HeuresDeBenevolat.objects.bulk_create(_de_plusieurs(centre))
    return {benevole.personne_id: benevole for benevole in benevoles}


def _de_plusieurs(centre: Centre) -> list[HeuresDeBenevolat]:
    """Une fois par mois, des voisins aident sans que l'on note leur nom."""
    mois = (centre.aujourd_hui - centre.premier_jour).days // 30
    return [
        HeuresDeBenevolat(
            structure=centre.structure,
            nombre=(nombre := centre.hasard.randint(4, 9)),
            jour=centre.premier_jour + timedelta(days=30 * rang + 12),
            heures=Decimal(3 * nombre),
            mission="Installer, ranger, tenir la buvette",
            notees_par=centre.accueil,
        )
        for rang in range(mois)
    ]


def porter(centre: Centre) -> None:
    """Les initiatives, et leurs dates."""
    for ligne in centre.donnees["initiatives"]:
        _une(centre, ligne)


def _une(centre: Centre, ligne: Donnees) -> None:
    nee_le = centre.aujourd_hui - timedelta(days=ligne["il_y_a"])
    simples = ("genre", "titre", "portee_par", "description", "publics", "instance", "age")
    initiative = accueillir_initiative(
        centre.structure,
        {
            **{nom: ligne[nom] for nom in simples if nom in ligne},
            "fiche": centre.fiche(ligne),
            "referente": centre.direction,
            "nee_le": nee_le,
        },
        partenaires=ligne.get("partenaires", ()),
        par=centre.direction,
    )
    for pas in ligne["suivis"]:
        suivre_initiative(
            initiative,
            le=nee_le + timedelta(days=pas["apres"]),
            etat=pas.get("etat", ""),
            mot=pas.get("mot", ""),
            par=centre.direction,
        )
