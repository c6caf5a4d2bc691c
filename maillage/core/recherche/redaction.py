"""Du document d'une pièce au document du moteur : analyse, poids, facettes, mots pour réparer et suggérer."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import tantivy

from maillage.core.recherche.analyse import LONGUEUR_MAX_MOT, Memoire, cle, mots, replier, texte_analyse
from maillage.core.recherche.index import Document, Schema
from maillage.core.recherche.marquage import Marque, Marqueur

TEXTE: Final = "texte"
TITRE: Final = "titre"
VALEURS: Final = "valeurs"
LEXIQUE: Final = "lexique"
VISIBILITE: Final = "visibilite"
TRI_TITRE: Final = "tri_titre"
FACETTE: Final = "facette_"
TRI: Final = "tri_"
MARQUANTS: Final = "marquants"
GARDE: Final = "garde"

COUPURE: Final = " § "
"""Entre deux champs : une expression ne peut pas chevaucher deux champs."""
TEMOINS: Final = 5
"""Fiches qui gardent la trace d'un mot entier : assez pour le réparer, sans doubler la taille de l'index."""
GENRE_MOT: Final = "m"
GENRE_VALEUR: Final = "v"
VALEUR_ENTIERE: Final = "\0"
"""Distingue, pour le lexique, une valeur entière d'un morceau de texte."""
LONGUEUR_TRI: Final = 80


def schema_tantivy(schema: Schema) -> tantivy.Schema:
    champs = tantivy.SchemaBuilder()
    champs.add_unsigned_field("id", indexed=True, fast=True)
    champs.add_text_field(TEXTE, tokenizer_name="whitespace", index_option="position")
    champs.add_text_field(TITRE, tokenizer_name="whitespace", index_option="freq")
    champs.add_text_field(MARQUANTS, tokenizer_name="whitespace", index_option="freq")
    champs.add_bytes_field(GARDE, stored=True, indexed=False)
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


_valeurs = Memoire(lambda valeur: texte_analyse(valeur.split()))


class Redacteur:
    """Analyse des documents. `deja_vu` dit combien de documents gardent déjà un mot du lexique."""

    def __init__(self, schema: Schema, deja_vu: Callable[[str], int] = lambda forme: 0) -> None:
        self._schema = schema
        self._marqueur = Marqueur(schema.marquage)
        self._deja_vu = deja_vu
        self._temoins: Counter[str] = Counter()
        self._assez_vus: set[str] = set()
        self._formes_connues: dict[str, tuple[str, ...]] = {}

    def analyser(self, document: Document) -> DocumentAnalyse:
        schema = self._schema
        champs: list[str] = []
        marques: list[tuple[int, list[str], str]] = []
        vus: set[str] = set()
        for champ, texte in document.textes.items():
            coupe = texte.split()
            vus.update(coupe)
            analyse = texte_analyse(coupe)
            champs += [analyse] * schema.champs[champ]
            if champ in schema.marquage.champs:
                marques.append((schema.marquage.champs[champ], coupe, analyse))
        valeurs: list[str] = []
        for nom, dites in document.valeurs.items():
            poids = schema.valeurs[nom]
            for valeur in dites:
                valeurs.append(valeur)
                vus.add(VALEUR_ENTIERE + valeur)
                champs += [_valeurs[valeur]] * poids
        titre = document.textes[schema.titre]
        titre_analyse = texte_analyse(titre.split())
        marquants = self._marqueur.marquer(marques)
        return DocumentAnalyse(
            document.id,
            {
                TEXTE: COUPURE.join(champs),
                TITRE: titre_analyse,
                MARQUANTS: marquants.en_termes(),
                GARDE: marquants.en_octets(
                    titre_analyse.split(),
                    {nom: list(document.facettes.get(nom, ())) for nom in schema.marquage.facettes},
                    document.garde,
                ),
                VALEURS: [entiere for valeur in valeurs if (entiere := cle(valeur))],
                LEXIQUE: self._lexique(vus),
                VISIBILITE: list(document.visibilites),
                TRI_TITRE: replier(titre).lstrip(" \"'«#@-*.")[:LONGUEUR_TRI],
            }
            | {FACETTE + nom: list(choisies) for nom, choisies in document.facettes.items()},
            {TRI + nom: nombre for nom, nombre in document.tris.items()},
        )

    def marquer(self, document: Document) -> Marque:
        """Ce qu'un document dirait de lui-même, sans l'indexer."""
        marquage = self._schema.marquage
        marques = [
            (marquage.champs[champ], coupe, texte_analyse(coupe))
            for champ, texte in document.textes.items()
            if champ in marquage.champs
            for coupe in [texte.split()]
        ]
        return Marque(
            self._marqueur.marquer(marques),
            texte_analyse(document.textes[self._schema.titre].split()).split(),
            {nom: list(document.facettes.get(nom, ())) for nom in marquage.facettes},
            document.garde,
        )

    def _lexique(self, morceaux: set[str]) -> list[str]:
        """Mots et valeurs entières de ce document dont on cherche encore des témoins."""
        gardees: set[str] = set()
        for morceau in morceaux - self._assez_vus:
            manquantes = [forme for forme in self._formes(morceau) if self._vus(forme) < TEMOINS]
            if manquantes:
                gardees.update(manquantes)
            else:
                self._assez_vus.add(morceau)
        self._temoins.update(gardees)
        return list(gardees)

    def _formes(self, morceau: str) -> tuple[str, ...]:
        formes = self._formes_connues.get(morceau)
        if formes is None:
            if morceau.startswith(VALEUR_ENTIERE):
                formes = (forme_de_valeur(morceau.removeprefix(VALEUR_ENTIERE)),)
            else:
                formes = tuple(forme for mot in mots(morceau) if (forme := forme_de_mot(mot)))
            self._formes_connues[morceau] = formes
        return formes

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
