"""Du document d'une pièce au document du moteur : analyse, poids, facettes, mots pour réparer et suggérer."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final, Generic, NamedTuple, TypeVar

import tantivy

from maillage.core.recherche.analyse import (
    LONGUEUR_MAX_MOT,
    Memoire,
    cle,
    mots,
    replier,
    termes_du_morceau,
    texte_analyse,
)
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


class _Valeur(NamedTuple):
    """Une valeur entière : ses termes, comme d'un texte, et sa clé."""

    analyse: str
    cle: str


_valeurs = Memoire(lambda valeur: _Valeur(texte_analyse(valeur.split()), cle(valeur)))
Lu = TypeVar("Lu")


class _Suivis(dict[str, Lu], Generic[Lu]):
    """Ce que l'on lit d'un écrit qui a assez de témoins. Tout autre écrit se lit aussi, et reste `a_suivre`.

    Une fiche n'a presque que des mots déjà suivis : les lire et les écarter du lexique est une seule recherche.
    """

    def __init__(self, lire: Callable[[str], Lu], formes: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__()
        self._lire = lire
        self.formes = Memoire(formes)
        self.a_suivre: set[str] = set()

    def __missing__(self, ecrit: str) -> Lu:
        self.a_suivre.add(ecrit)
        return self._lire(ecrit)

    def ne_plus_suivre(self, ecrit: str) -> None:
        self[ecrit] = self._lire(ecrit)


class Redacteur:
    """Analyse des documents. `deja_vu` dit combien de documents gardent déjà un mot du lexique."""

    def __init__(self, schema: Schema, deja_vu: Callable[[str], int] = lambda forme: 0) -> None:
        self._schema = schema
        self._marqueur = Marqueur(schema.marquage)
        self._deja_vu = deja_vu
        self._temoins: Counter[str] = Counter()
        self._morceaux = _Suivis(termes_du_morceau, formes_du_morceau)
        self._valeurs = _Suivis(_valeurs.__getitem__, lambda valeur: (forme_de_valeur(valeur),))
        self._cles_de_facette = {nom: FACETTE + nom for nom in schema.facettes}
        self._cles_de_tri = {nom: TRI + nom for nom in schema.tris}

    def analyser(self, document: Document) -> DocumentAnalyse:
        schema = self._schema
        self._morceaux.a_suivre.clear()
        self._valeurs.a_suivre.clear()
        analyses: dict[str, str] = {}
        champs: list[str] = []
        marques: list[tuple[int, list[str]]] = []
        for champ, texte in document.textes.items():
            coupe = texte.split()
            analyses[champ] = texte_analyse(coupe, self._morceaux)
            champs += [analyses[champ]] * schema.champs[champ]
            if champ in schema.marquage.champs:
                marques.append((schema.marquage.champs[champ], coupe))
        cles: list[str] = []
        for nom, dites in document.valeurs.items():
            for dite in dites:
                valeur = self._valeurs[dite]
                champs += [valeur.analyse] * schema.valeurs[nom]
                cles.append(valeur.cle)
        marquants = self._marqueur.marquer(marques)
        return DocumentAnalyse(
            document.id,
            {
                TEXTE: COUPURE.join(champs),
                TITRE: analyses[schema.titre],
                MARQUANTS: marquants.en_termes(),
                GARDE: marquants.en_octets(
                    analyses[schema.titre].split(),
                    {nom: list(document.facettes.get(nom, ())) for nom in schema.marquage.facettes},
                    document.garde,
                ),
                VALEURS: list(filter(None, cles)),
                LEXIQUE: self._lexique(),
                VISIBILITE: list(document.visibilites),
                TRI_TITRE: replier(document.textes[schema.titre]).lstrip(" \"'«#@-*.")[:LONGUEUR_TRI],
            }
            | {self._cles_de_facette[nom]: list(choisies) for nom, choisies in document.facettes.items()},
            {self._cles_de_tri[nom]: nombre for nom, nombre in document.tris.items()},
        )

    def marquer(self, document: Document) -> Marque:
        """Ce qu'un document dirait de lui-même, sans l'indexer."""
        marquage = self._schema.marquage
        marques = [
            (marquage.champs[champ], texte.split())
            for champ, texte in document.textes.items()
            if champ in marquage.champs
        ]
        return Marque(
            self._marqueur.marquer(marques),
            texte_analyse(document.textes[self._schema.titre].split()).split(),
            {nom: list(document.facettes.get(nom, ())) for nom in marquage.facettes},
            document.garde,
        )

    def _lexique(self) -> list[str]:
        """Mots et valeurs entières de ce document dont on cherche encore des témoins."""
        gardees: set[str] = set()
        for suivis in (self._morceaux, self._valeurs):
            for ecrit in suivis.a_suivre:
                manquantes = [forme for forme in suivis.formes[ecrit] if self._vus(forme) < TEMOINS]
                if manquantes:
                    gardees.update(manquantes)
                else:
                    suivis.ne_plus_suivre(ecrit)
        self._temoins.update(gardees)
        return list(gardees)

    def _vus(self, forme: str) -> int:
        vus = self._temoins.get(forme)
        if vus is None:
            vus = self._temoins[forme] = self._deja_vu(forme)
        return vus


def formes_du_morceau(morceau: str) -> tuple[str, ...]:
    return tuple(forme for mot in mots(morceau) if (forme := forme_de_mot(mot)))


def forme_de_mot(mot: str) -> str:
    """« m|numerique|numérique » : le genre, le mot replié qu'on cherche, le mot qu'on montre."""
    montre = mot.lower()
    if not (3 <= len(montre) <= LONGUEUR_MAX_MOT and montre.isalpha()):
        return ""
    return f"{GENRE_MOT}|{replier(montre)}|{montre}"


def forme_de_valeur(valeur: str) -> str:
    return f"{GENRE_VALEUR}|{replier(valeur)}|{valeur}"
