"""Ce qu'une adresse ou un envoi écrit sans formulaire : une ligne, un numéro. Rien d'imprévu n'arrive à la base."""

from typing import Final

CHIFFRES_D_UN_NUMERO: Final = 18
"""Au-delà, aucune base ne le tient."""


def une_ligne(texte: str, au_plus: int | None = None) -> str:
    """Sur une ligne, sans espaces en trop, et sans le signe nul qu'un copier-coller apporte parfois : PostgreSQL le
    refuse, personne ne le voit."""
    return " ".join(texte.replace("\0", "").split())[:au_plus]


def numero_ecrit(texte: str) -> int | None:
    """Le numéro d'une fiche ; rien quand ce n'en est pas un."""
    est_un_numero = texte.isascii() and texte.isdigit() and len(texte) <= CHIFFRES_D_UN_NUMERO
    return int(texte) if est_un_numero else None


def numeros_ecrits(texte: str) -> set[int]:
    """« 3,12,40 » : les numéros ; ce qui n'en est pas un est passé."""
    return {numero for un in texte.split(",") if (numero := numero_ecrit(un)) is not None}
