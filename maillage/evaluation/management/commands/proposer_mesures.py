"""Propose ce que compterait chaque indicateur d'un projet (docs/indicateurs.md). Sans base."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandParser

from maillage.core.commandes import CommandeMaillage, Refus
from maillage.core.francais import compte
from maillage.evaluation.propositions import proposer
from maillage.projets.choices import ListeIndicateur

CLES: Final = {
    ListeIndicateur.QUANTITATIVE: "indicateurs_quantitatifs",
    ListeIndicateur.QUALITATIVE: "indicateurs_qualitatifs",
}
POIDS_MAX: Final = 50_000_000


class Command(CommandeMaillage):
    help = "Dit ce que chaque indicateur d'un projet compterait : proposer_mesures PROJET.json --json"
    sans_base = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("projet", help="un projet exporté en JSON, ou une liste de fiches")

    def faire(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        return [ligne for fiche in _fiches(Path(options["projet"])) for ligne in _lignes(fiche)]

    def raconter(self, resultat: list[dict[str, Any]]) -> Iterator[str]:
        for ligne in resultat:
            yield f"{ligne['fiche_id']} · {ligne['texte']} → {', '.join(ligne['mesures']) or 'un jugement'}"
        genres = Counter(
            "jugement"
            if not ligne["mesures"]
            else "nombre à taper"
            if ligne["mesures"] == ["manuel"]
            else "calcul"
            for ligne in resultat
        )
        yield (
            f"{compte(len(resultat), 'indicateur')} : {compte(genres['calcul'], 'calcul')}, "
            f"{compte(genres['nombre à taper'], 'nombre à taper,nombres à taper')}, "
            f"{compte(genres['jugement'], 'jugement')}."
        )


def _fiches(chemin: Path) -> list[dict[str, Any]]:
    """Lève `Refus` quand le fichier n'est pas un projet."""
    if chemin.is_file() and chemin.stat().st_size > POIDS_MAX:
        raise Refus(f"« {chemin.name} » est trop lourd pour un projet. Donnez l'export d'un projet.")
    try:
        document = json.loads(chemin.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as panne:
        raise Refus(f"« {chemin.name} » n'est pas du JSON lisible. Exportez le projet à nouveau.") from panne
    fiches = document.get("fiches") if isinstance(document, dict) else document
    if not isinstance(fiches, list) or not all(isinstance(fiche, dict) for fiche in fiches):
        raise Refus(f"« {chemin.name} » n'est ni un projet, ni une liste de fiches.")
    if fiches and not any(cle in fiche for fiche in fiches for cle in CLES.values()):
        raise Refus(f"« {chemin.name} » n'a pas d'indicateurs : il faut {' ou '.join(CLES.values())}.")
    return fiches


def _lignes(fiche: dict[str, Any]) -> Iterator[dict[str, Any]]:
    nom = fiche.get("id")
    titre = fiche.get("titre") or ""
    for liste, cle in CLES.items():
        textes = fiche.get(cle) or []
        if isinstance(textes, str):
            textes = [textes]
        if not isinstance(textes, list) or not all(isinstance(texte, str) for texte in textes):
            raise Refus(f"Fiche « {nom} » : « {cle} » doit être une liste de textes.")
        for rang, texte in enumerate(textes):
            proposition = proposer(texte, liste, titre if isinstance(titre, str) else "")
            yield {
                "fiche_id": nom,
                "liste": liste.value,
                "rang": rang,
                "texte": texte,
                **proposition.en_contrat(),
            }
