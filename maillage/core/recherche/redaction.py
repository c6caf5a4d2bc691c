"""Du document d'une pièce au document du moteur : analyse, poids, facettes, mots pour réparer et suggérer."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import tantivy

from maillage.core.recherche.analyse import LONGUEUR_MAX_MOT, cle, mots, replier, texte_analyse
from maillage.core.recherche.index import Document, Schema

TEXTE: Final = "texte"
TITRE: Final = "titre"
VALEURS: Final = "valeurs"
LEXIQUE: Final = "lexique"
VISIBILITE: Final = "visibilite"
TRI_TITRE: Final = "tri_titre"
FACETTE: Final = "facette_"
TRI: Final = "tri_"

COUPURE: Final = " § "
"""Entre deux champs : une expression ne peut pas chevaucher deux champs."""
TEMOINS: Final = 5
"""Fiches qui gardent la trace d'un mot entier : assez pour le réparer, sans doubler la taille de l'index."""
GENRE_MOT: Final = "m"
GENRE_VALEUR: Final = "v"
LONGUEUR_TRI: Final = 80


def schema_tantivy(schema: Schema) -> tantivy.Schema:
    champs = tantivy.SchemaBuilder()
    champs.add_unsigned_field("id", indexed=True, fast=True)
    champs.add_text_field(TEXTE, tokenizer_name="whitespace", index_option="position")
    champs.add_text_field(TITRE, tokenizer_name="whitespace", index_option="freq")
    for nom in (VALEURS, LEXIQUE, VISIBILITE):
        champs.add_text_field(nom, tokenizer_name="raw", index_option="basic")
    champs.add_text_field(TRI_TITRE, tokenizer_name="raw", index_option="basic", fast=True)
    for nom in schema.facettes:
        champs.add_text_field(FACETTE + nom, tokenizer_name="raw", index_option="basic", fast=True)
    for nom in schema.tris:
        champs.add_unsigned_field(TRI + nom, fast=True)
    return champs.build()


class DocumentAnalyse(NamedTuple):
    """Prêt pour le moteur : des chaînes et des nombres, transmissibles d'un processus à l'autre."""

    id: int
    champs: dict[str, Any]
    tris: dict[str, int]

    def en_tantivy(self) -> tantivy.Document:
        document = tantivy.Document(**self.champs)
        document.add_unsigned("id", self.id)
        for nom, nombre in self.tris.items():
            document.add_unsigned(nom, nombre)
        return document


class Redacteur:
    """Analyse des documents. `deja_vu` dit combien de documents gardent déjà un mot du lexique."""

    def __init__(self, schema: Schema, deja_vu: Callable[[str], int] = lambda forme: 0) -> None:
        self._schema = schema
        self._deja_vu = deja_vu
        self._temoins: Counter[str] = Counter()
        self._assez_vus: set[str] = set()

    def analyser(self, document: Document) -> DocumentAnalyse:
        schema = self._schema
        morceaux: list[str] = []
        for champ, texte in document.textes.items():
            if texte:
                morceaux += [texte_analyse(texte)] * schema.champs[champ]
        for nom, valeurs in document.valeurs.items():
            for valeur in valeurs:
                morceaux += [texte_analyse(valeur)] * schema.valeurs[nom]
        titre = document.textes[schema.titre]
        valeurs_entieres = [valeur for valeurs in document.valeurs.values() for valeur in valeurs]
        return DocumentAnalyse(
            document.id,
            {
                TEXTE: COUPURE.join(morceaux),
                TITRE: texte_analyse(titre),
                VALEURS: [entiere for valeur in valeurs_entieres if (entiere := cle(valeur))],
                LEXIQUE: self._lexique(document.textes.values(), valeurs_entieres),
                VISIBILITE: list(document.visibilites),
                TRI_TITRE: replier(titre).lstrip(" \"'«#@-*.")[:LONGUEUR_TRI],
            }
            | {FACETTE + nom: list(valeurs) for nom, valeurs in document.facettes.items()},
            {TRI + nom: nombre for nom, nombre in document.tris.items()},
        )

    def _lexique(self, textes: Iterable[str], valeurs: Iterable[str]) -> list[str]:
        """Mots et valeurs entières de ce document dont on cherche encore des témoins."""
        formes = {forme_de_valeur(valeur) for valeur in valeurs}
        morceaux = {morceau for texte in textes for morceau in texte.split()}
        for morceau in morceaux - self._assez_vus:
            du_morceau = {forme_de_mot(mot) for mot in mots(morceau)} - {""}
            if all(self._vus(forme) >= TEMOINS for forme in du_morceau):
                self._assez_vus.add(morceau)
            formes |= du_morceau
        gardees = [forme for forme in formes if self._vus(forme) < TEMOINS]
        self._temoins.update(gardees)
        return gardees

    def _vus(self, forme: str) -> int:
        vus = self._temoins.get(forme)
        if vus is None:
            vus = self._temoins[forme] = self._deja_vu(forme)
        return vus


def forme_de_mot(mot: str) -> str:
    """« m|numerique|numérique » : le genre, le mot replié qu'on cherche, le mot qu'on montre."""
    montre = mot.lower()
    if not (3 <= len(montre) <= LONGUEUR_MAX_MOT and montre.isalpha()):
        return ""
    return f"{GENRE_MOT}|{replier(montre)}|{montre}"


def forme_de_valeur(valeur: str) -> str:
    return f"{GENRE_VALEUR}|{replier(valeur)}|{valeur}"
