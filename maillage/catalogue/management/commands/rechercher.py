"""Cherche dans le catalogue, par le code même de la page (docs/exploitation.md)."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandParser

from maillage.catalogue.models import Experience
from maillage.catalogue.recherche import (
    CLES,
    IndexIndisponible,
    Trouvees,
    chercher,
    rattraper_index,
    trier_les_filtres,
)
from maillage.core.commandes import CommandeMaillage, Refus, UsageFaux
from maillage.core.francais import compte

LIMITE_MAX = 10_000


class Command(CommandeMaillage):
    help = 'Cherche des expériences : rechercher "jardin partagé" --filtre public=seniors'

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("texte", help="ce que l'on cherche ; vide : tout")
        parser.add_argument(
            "--filtre",
            action="append",
            default=[],
            metavar="CLE=VALEUR",
            help=f"libellé ou slug, répétable (même clé = OU). Clés : {', '.join(CLES)}",
        )
        parser.add_argument("--limite", type=int, default=25)

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        if not 0 <= options["limite"] <= LIMITE_MAX:
            raise UsageFaux(f"--limite va de 0 à {LIMITE_MAX}.")
        choix = _choix(options["filtre"])
        try:
            rattraper_index()
            trouvees = chercher(
                options["texte"], choix, nombre=options["limite"], facettes=CLES, valeurs_par_facette=None
            )
        except IndexIndisponible as panne:
            raise Refus(str(panne)) from panne
        return {
            "requete": options["texte"],
            "correction": trouvees.correction
            and {"de": trouvees.correction.de, "vers": trouvees.correction.vers},
            "total": trouvees.total,
            "resultats": [
                _resultat(rang, fiche, trouvees) for rang, fiche in enumerate(trouvees.fiches, start=1)
            ],
            "facettes": {
                cle: [
                    {"valeur": valeur.libelle, "nombre": valeur.nombre, "slug": valeur.cle}
                    for valeur in valeurs
                ]
                for cle, valeurs in trouvees.facettes.items()
            },
            "mots_ignores": list(trouvees.ignores),
            "proches": [
                _resultat(rang, fiche, trouvees) for rang, fiche in enumerate(trouvees.proches, start=1)
            ],
        }

    def raconter(self, resultat: dict[str, Any]) -> Iterator[str]:
        if correction := resultat["correction"]:
            yield f"Résultats pour « {correction['vers']} »."
        yield compte(resultat["total"], "expérience")
        for ligne in resultat["resultats"]:
            yield f"{ligne['rang']:>3}. {ligne['titre']} — {ligne['structure_nom']} ({ligne['departement']})"
        if resultat["proches"]:
            yield "Les plus proches :"
            for ligne in resultat["proches"]:
                yield f"   - {ligne['titre']} — {ligne['structure_nom']} ({ligne['departement']})"


def _choix(filtres: list[str]) -> dict[str, list[str]]:
    couples = []
    for filtre in filtres:
        cle, egal, valeur = filtre.partition("=")
        if not egal or not valeur.strip():
            raise UsageFaux(
                f"« {filtre} » : écrivez --filtre CLE=VALEUR, par exemple --filtre public=seniors."
            )
        couples.append((cle.strip(), valeur.strip()))
    try:
        return trier_les_filtres(couples)
    except KeyError as inconnue:
        cle = inconnue.args[0]
        raise UsageFaux(f"La clé « {cle} » n'existe pas. Les clés : {', '.join(CLES)}.") from inconnue


def _resultat(rang: int, fiche: Experience, trouvees: Trouvees) -> dict[str, Any]:
    departement = fiche.structure.departement
    return {
        "rang": rang,
        "id": fiche.pk,
        "titre": fiche.titre,
        "structure_nom": fiche.structure.nom,
        "departement": departement.nom if departement else "",
        "score": round(trouvees.notes.get(fiche.pk, 0.0), 4),
        "sources": [
            {"fichier_source": source.fichier_source, "position": source.position}
            for source in fiche.sources.all()
        ],
    }
