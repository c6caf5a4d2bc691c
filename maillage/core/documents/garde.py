"""Garder un document tel qu'il était : sa description en données simples, et son empreinte.

Ce qui est gardé se relit et se rend comme au premier jour (page, PDF, Word), même quand ce dont il parlait a changé.
"""

import base64
import datetime
import json
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any, Final

from maillage.core.documents import description, texte
from maillage.core.documents.description import Document
from maillage.core.documents.texte import DescriptionRefusee

GENRE: Final = "genre"
CLASSES: Final[dict[str, type]] = {
    classe.__name__: classe
    for classe in (
        *(texte.Bout, texte.Renvoi),
        *(description.Paragraphe, description.Liste, description.Tableau, description.Figure),
        *(description.Photo, description.Citation, description.Encadre, description.Chiffre),
        *(description.Chiffres, description.Definition, description.Saut),
        *(description.Section, description.Document),
    )
}
"""Ce qu'une description peut contenir. Un genre inconnu est refusé : rien d'autre ne se reconstruit."""
DATE: Final = "date"
OCTETS: Final = "octets"


def en_donnees(document: Document) -> dict[str, Any]:
    """La description en dictionnaires, listes, textes et nombres : de quoi l'écrire en base."""
    donnees: dict[str, Any] = _plier(document)
    return donnees


def de_donnees(donnees: dict[str, Any]) -> Document:
    """Le document que `en_donnees` avait plié. Lève `DescriptionRefusee` s'il ne se relit pas."""
    document = _deplier(donnees)
    if not isinstance(document, Document):
        raise DescriptionRefusee("Ces données ne sont pas un document.")
    return document


def empreinte_de(donnees: Any) -> str:
    """SHA-256 des données, dans une écriture qui ne dépend ni de l'ordre des clés ni de la machine."""
    ecriture = json.dumps(donnees, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(ecriture.encode()).hexdigest()


def _plier(valeur: Any) -> Any:
    if is_dataclass(valeur) and not isinstance(valeur, type):
        champs = {champ.name: getattr(valeur, champ.name) for champ in fields(valeur)}
        defauts = {champ.name: champ.default for champ in fields(valeur)}
        dits = {nom: _plier(une) for nom, une in champs.items() if une != defauts[nom]}
        return {GENRE: type(valeur).__name__, **dits}
    if isinstance(valeur, tuple):
        return [_plier(element) for element in valeur]
    if isinstance(valeur, datetime.date):
        return {GENRE: DATE, DATE: valeur.isoformat()}
    if isinstance(valeur, bytes):
        return {GENRE: OCTETS, OCTETS: base64.b64encode(valeur).decode()}
    return str(valeur) if isinstance(valeur, str) else valeur


def _deplier(valeur: Any) -> Any:
    if isinstance(valeur, list):
        return tuple(map(_deplier, valeur))
    if not isinstance(valeur, dict):
        return valeur
    genre = valeur.get(GENRE)
    if genre == DATE:
        return datetime.date.fromisoformat(valeur[DATE])
    if genre == OCTETS:
        return base64.b64decode(valeur[OCTETS])
    classe = CLASSES.get(str(genre))
    if classe is None:
        raise DescriptionRefusee(f"Genre inconnu dans un document gardé : {genre!r}.")
    try:
        return classe(**{nom: _deplier(une) for nom, une in valeur.items() if nom != GENRE})
    except TypeError as faute:
        raise DescriptionRefusee(f"Un document gardé ne se relit plus : {faute}.") from faute
