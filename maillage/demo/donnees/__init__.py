"""Le réseau de démonstration, écrit par l'équipe : rien n'y vient d'un centre réel, sauf les communes."""

import json
from pathlib import Path
from typing import Any


def lire(nom: str) -> list[dict[str, Any]]:
    """Contenu de `<nom>.json`."""
    texte = (Path(__file__).parent / f"{nom}.json").read_text(encoding="utf-8")
    donnees: list[dict[str, Any]] = json.loads(texte)
    return donnees
