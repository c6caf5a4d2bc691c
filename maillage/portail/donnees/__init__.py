"""Ce que l'équipe du portail tient à la main : chiffres nationaux sourcés, recherches proposées."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def lire(nom: str) -> list[dict[str, Any]]:
    """Contenu de `<nom>.json`."""
    donnees: list[dict[str, Any]] = json.loads((Path(__file__).parent / f"{nom}.json").read_text("utf-8"))
    return donnees
