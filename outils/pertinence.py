"""La pertinence de la recherche, jugée sur des requêtes dont on connaît les réponses.

    python -m outils.pertinence [FICHIER…]              nDCG@10 de chaque requête, par le code de la page
    python -m outils.pertinence --validation [FICHIER…] règle les poids sur une moitié, mesure sur l'autre

Sans fichier : les requêtes de `../shared/verites` et les nôtres. Les fiches jugées doivent être dans la base de
l'installation (`MAILLAGE_DONNEES`) : importez-les d'abord.
"""

import argparse
import json
import math
import os
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import mean
from typing import Any, Final

RACINE: Final = Path(__file__).resolve().parent.parent
REQUETES: Final = RACINE.parent / "shared" / "verites" / "requetes.json"
REQUETES_MAISON: Final = RACINE / "tests" / "catalogue" / "donnees" / "requetes_maison.json"
RANGS: Final = 10
TIRAGES: Final = 200
PARTAGES: Final = 20
ESSAIS: Final[Mapping[str, Sequence[float]]] = {
    "fort": (0.5, 0.6, 0.7, 0.8, 0.9),
    "faible": (0.2, 0.3, 0.4),
    "partiel": (0.2, 0.3, 0.5, 0.7),
    "mot_faible": (0.2, 0.3, 0.5),
    "expression": (0.2, 0.3, 0.5, 0.8),
    "voisinage": (0.25, 0.5, 0.8),
    "ecart": (0, 1, 3),
    "titre": (0.25, 0.5, 1.0),
    "valeur": (0.4, 0.6, 1.0, 1.5),
    "plafond": (4.0, 5.0, 6.0),
}


def ndcg(rangees: Sequence[int], pertinences: Mapping[int, int]) -> float:
    """nDCG@10 : gain 2^pertinence − 1, décote log2(rang + 1), une fiche non jugée vaut 0."""
    ideal = _cumul(sorted(pertinences.values(), reverse=True))
    return _cumul([pertinences.get(pk, 0) for pk in rangees]) / ideal if ideal else 0.0


def _cumul(pertinences: Sequence[int]) -> float:
    return sum((2**valeur - 1) / math.log2(rang + 2) for rang, valeur in enumerate(pertinences[:RANGS]))


def juger(requetes: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """nDCG@10 de chaque requête, par le code de la page. Une fiche a la meilleure pertinence de ses blocs."""
    from maillage.catalogue.models import BlocSource
    from maillage.catalogue.recherche import chercher

    fiches = {
        (fichier, position): pk
        for pk, fichier, position in BlocSource.objects.values_list(
            "experience_id", "fichier_source", "position"
        )
    }
    notes = {}
    for requete in requetes:
        pertinences: dict[int, int] = {}
        for attendu in requete["attendus"]:
            pk = fiches[attendu["fichier_source"], attendu["position"]]
            pertinences[pk] = max(attendu["pertinence"], pertinences.get(pk, 0))
        rangees = [fiche.pk for fiche in chercher(requete["requete"], nombre=RANGS, facettes=()).fiches]
        notes[requete["requete"]] = ndcg(rangees, pertinences)
    return notes


def lire(fichiers: Iterable[Path]) -> list[dict[str, Any]]:
    return [requete for fichier in fichiers for requete in json.loads(fichier.read_text(encoding="utf-8"))]


def valider(requetes: Sequence[Mapping[str, Any]]) -> None:
    """Validation croisée : des poids tirés au sort, choisis sur une moitié des requêtes, jugés sur l'autre."""
    from maillage.catalogue.recherche import index
    from maillage.core.recherche.requete import Ponderation

    hasard = random.Random(1)
    noms = [requete["requete"] for requete in requetes]
    essais: list[tuple[dict[str, Any], dict[str, float]]] = []
    actuels = asdict(Ponderation())
    for tirage in range(TIRAGES):
        poids = dict(actuels)
        for nom in hasard.sample(sorted(ESSAIS), hasard.randint(1, 4) if tirage else 0):
            poids[nom] = hasard.choice(ESSAIS[nom])
        index().ponderation = Ponderation(**poids)
        essais.append((poids, juger(requetes)))
    regles, juges, laisses = [], [], []
    for partage in range(PARTAGES):
        melange = random.Random(partage).sample(noms, len(noms))
        moitie, autre = melange[: len(noms) // 2], melange[len(noms) // 2 :]
        _, meilleurs = max(essais, key=lambda essai: mean(essai[1][nom] for nom in moitie))
        regles.append(mean(meilleurs[nom] for nom in moitie))
        juges.append(mean(meilleurs[nom] for nom in autre))
        laisses.append(mean(essais[0][1][nom] for nom in autre))
    poids, notes = max(essais, key=lambda essai: mean(essai[1].values()))
    print(f"Réglés et mesurés sur la même moitié : {mean(regles):.3f}")
    print(f"Réglés sur une moitié, mesurés sur l'autre : {mean(juges):.3f}")
    print(f"Poids actuels, mesurés sur l'autre : {mean(laisses):.3f}")
    print(f"Meilleur tirage sur tout : {mean(notes.values()):.3f}")
    print({nom: valeur for nom, valeur in poids.items() if valeur != actuels[nom]})


def principal(arguments: Sequence[str]) -> int:
    analyse = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    analyse.add_argument("fichiers", nargs="*", type=Path)
    analyse.add_argument("--validation", action="store_true")
    options = analyse.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.settings")
    import django

    django.setup()
    from maillage.catalogue.recherche import rattraper_index

    rattraper_index()
    fichiers = options.fichiers or [f for f in (REQUETES, REQUETES_MAISON) if f.exists()]
    if options.validation:
        valider(lire(fichiers))
        return 0
    for fichier in fichiers:
        notes = juger(lire([fichier]))
        for requete, note in sorted(notes.items(), key=lambda couple: couple[1]):
            print(f"{note:.3f}  {requete}")
        print(f"{mean(notes.values()):.4f}  {fichier.name}, {len(notes)} requêtes\n")
    return 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
