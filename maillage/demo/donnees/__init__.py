"""Le réseau de démonstration, écrit par l'équipe : rien n'y vient d'un centre réel, sauf les communes."""

import json
from pathlib import Path
from typing import Any, Final

PROJETS: Final = ("deux_ponts", "quatre_vents", "lavandieres")
"""Les projets sociaux : celui d'Amina, celui que Chloé prépare, un autre soumis à la Caf de l'Isère."""


QUOTIDIENS: Final = ("deux_ponts", "quatre_vents")
"""Les centres dont on raconte chaque jour : le comptoir, les séances, qui vient."""


def lire(nom: str) -> list[dict[str, Any]]:
    """Contenu de `<nom>.json`."""
    donnees: list[dict[str, Any]] = json.loads(_texte(nom))
    return donnees


def lire_projet(cle: str) -> dict[str, Any]:
    """Un projet social entier : son cadre, son arbre et, dans l'arbre, ses fiches."""
    return lire_objet(f"projet_{cle}")


def lire_objet(nom: str) -> dict[str, Any]:
    """Contenu de `<nom>.json`, quand c'en est un seul objet."""
    objet: dict[str, Any] = json.loads(_texte(nom))
    return objet


def _texte(nom: str) -> str:
    return (Path(__file__).parent / f"{nom}.json").read_text(encoding="utf-8")
