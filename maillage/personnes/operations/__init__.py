"""Les actes sur les personnes."""

from maillage.personnes.operations.personnes import (
    champs_notes,
    corriger_personne,
    noter_personne,
    noter_personnes,
    noter_un_signe_de_vie,
)

__all__ = [
    "champs_notes",
    "corriger_personne",
    "noter_personne",
    "noter_personnes",
    "noter_un_signe_de_vie",
]
