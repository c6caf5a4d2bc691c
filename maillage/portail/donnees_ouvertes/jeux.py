"""La liste des fichiers publiés, et ce qui écrit chacun."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.serializers.json import DjangoJSONEncoder

from maillage.portail.donnees_ouvertes import annuaire

DANGEREUX = ("=", "+", "-", "@", "\t", "\r", "\0")
"""Débuts de cellule qu'un tableur prendrait pour une formule (exigence R60)."""


@dataclass(frozen=True)
class Jeu:
    """`ecrire` reçoit le fichier ouvert en octets et rend le nombre de lignes ou d'objets écrits."""

    nom: str
    jeu: str
    ecrire: Callable[[BinaryIO], int]


def ecrire_csv(champs: Iterable[str], lignes: Iterable[dict[str, Any]], sortie: BinaryIO) -> int:
    """Point-virgule et marque UTF-8 : un tableur français l'ouvre sans question."""
    texte = io.TextIOWrapper(sortie, encoding="utf-8-sig", newline="", write_through=True)
    ecrivain = csv.DictWriter(texte, fieldnames=list(champs), delimiter=";")
    ecrivain.writeheader()
    nombre = 0
    for ligne in lignes:
        ecrivain.writerow({cle: sans_formule(valeur) for cle, valeur in ligne.items()})
        nombre += 1
    texte.detach()
    return nombre


def ecrire_json(objets: Iterable[dict[str, Any]], sortie: BinaryIO) -> int:
    """Une liste, un objet par ligne : se lit d'un bloc ou ligne à ligne."""
    nombre = 0
    sortie.write(b"[")
    for nombre, objet in enumerate(objets, start=1):
        sortie.write(b"\n" if nombre == 1 else b",\n")
        sortie.write(json.dumps(objet, ensure_ascii=False, cls=DjangoJSONEncoder).encode())
    sortie.write(b"\n]\n")
    return nombre


def sans_formule(valeur: Any) -> Any:
    """Une apostrophe devant un texte qui commence comme une formule."""
    return f"'{valeur}" if isinstance(valeur, str) and valeur.startswith(DANGEREUX) else valeur


JEUX = (
    Jeu(
        "centres.csv",
        "centres",
        lambda sortie: ecrire_csv([nom for nom, _ in annuaire.CHAMPS], annuaire.lignes(), sortie),
    ),
    Jeu("centres.json", "centres", lambda sortie: ecrire_json(annuaire.lignes(), sortie)),
    Jeu(
        "structures-data-inclusion.json",
        "data-inclusion",
        lambda sortie: ecrire_json(annuaire.structures_data_inclusion(), sortie),
    ),
)
