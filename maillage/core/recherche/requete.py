"""De ce que les gens tapent à ce que le moteur calcule.

Deux temps. D'abord l'ensemble des réponses : toutes les idées de la question, chacune par ses mots ou ses
synonymes ; s'il y en a trop peu, on élargit d'un cran. Puis le classement fin des premières : les synonymes
comptent moins que le mot tapé, les expressions et les valeurs entières (un mot clé, un département) plus.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Final, NamedTuple

import tantivy
from tantivy import Occur, Query

from maillage.core.recherche.analyse import analyser, raciner, racines
from maillage.core.recherche.redaction import TEXTE, TITRE, VALEURS
from maillage.core.recherche.synonymes import FORT, Dictionnaire, Termes

TERMES_MAX: Final = 24
"""Termes gardés d'une question : au-delà, c'est un texte collé, et les premiers mots suffisent."""
LONGUEUR_VALEUR_MAX: Final = 7
"""Mots de la plus longue valeur entière cherchée dans une question."""
NOTES_MAX: Final = 60
"""Notes d'un classement : une question ordinaire en a une quinzaine."""
ASSEZ: Final = 25
"""Une page pleine : au-dessous, on élargit."""
COURANT: Final = 5_000
"""Un mot qui trouve déjà tant de fiches n'a pas besoin de ses synonymes pour répondre."""

_PARTOUT: Final = """
    action actions activite activites aide aider contre developper favoriser lutte lutter mettre mise
    organiser organisation place pratique projet projets proposer promouvoir renforcer
"""
MOTS_FAIBLES: Final = frozenset(raciner(mot) for mot in _PARTOUT.split())
"""Mots que toute fiche emploie : ils aident à classer, ils n'excluent personne."""


@dataclass(frozen=True, slots=True)
class Ponderation:
    """Réglages du classement, choisis par validation croisée (`outils/pertinence.py`)."""

    fort: float = 0.7
    faible: float = 0.3
    partiel: float = 0.5
    """Synonymes d'un seul mot d'une expression reconnue."""
    mot_faible: float = 0.2
    expression: float = 0.3
    voisinage: float = 0.6
    ecart: int = 3
    titre: float = 0.5
    valeur: float = 0.6
    plafond: float = 5.0
    """Rareté au-delà de laquelle un mot ne pèse pas plus."""
    rarete_inconnue: float = 3.0
    """Rareté d'une idée dont aucun mot n'est dans l'index, mais dont un synonyme y est."""


class Note(NamedTuple):
    requete: Query
    est_expression: bool = False


@dataclass(frozen=True, slots=True)
class Idee:
    """Une idée de la question : ses mots présents dans l'index, et les autres façons de la dire."""

    mots: Termes
    voisins: dict[Termes, float]
    forts: frozenset[Termes]
    est_faible: bool

    @property
    def existe(self) -> bool:
        return bool(self.mots or self.voisins)


class Lecture:
    """Une question lue devant l'état présent de l'index."""

    def __init__(
        self,
        texte: str,
        dictionnaire: Dictionnaire,
        searcher: tantivy.Searcher,
        schema: tantivy.Schema,
        ponderation: Ponderation,
    ) -> None:
        self._texte = texte
        self._dictionnaire = dictionnaire
        self._searcher = searcher
        self._schema = schema
        self._poids = ponderation
        self._frequences: dict[tuple[str, str], int] = {}
        self.termes = list(dict.fromkeys(analyser(texte)))[:TERMES_MAX]
        self.est_vide = not self.termes

    # --- Ce que la question veut dire ---

    @cached_property
    def idees(self) -> list[Idee]:
        return [
            idee
            for segment in self._dictionnaire.segmenter(self.termes)
            if (idee := self._idee(segment)).existe
        ]

    def _idee(self, segment: Termes) -> Idee:
        poids, dictionnaire = self._poids, self._dictionnaire
        voisins: dict[Termes, float] = {}
        forts = set()

        def ajouter(termes: Termes, part: float) -> None:
            for voisin, force in dictionnaire.voisins(termes).items():
                if all(self.frequence(terme) for terme in voisin):
                    valeur = part * (poids.fort if force == FORT else poids.faible)
                    voisins[voisin] = max(valeur, voisins.get(voisin, 0.0))
                    if force == FORT and part == 1.0:
                        forts.add(voisin)

        ajouter(segment, 1.0)
        if len(segment) > 1:
            for terme in segment:
                ajouter((terme,), poids.partiel)
        return Idee(
            mots=tuple(terme for terme in segment if self.frequence(terme)),
            voisins=voisins,
            forts=frozenset(forts),
            est_faible=all(terme in MOTS_FAIBLES for terme in segment),
        )

    @property
    def cherches(self) -> frozenset[Termes]:
        """Tout ce qui peut être surligné : les mots de la question et leurs synonymes francs."""
        return frozenset((mot,) for idee in self.idees for mot in idee.mots) | {
            voisin for idee in self.idees for voisin in idee.forts
        }

    def frequence(self, terme: str, champ: str = TEXTE) -> int:
        cle = (champ, terme)
        if cle not in self._frequences:
            self._frequences[cle] = self._searcher.doc_freq(champ, terme)
        return self._frequences[cle]

    # --- L'ensemble des réponses ---

    def ensembles(self) -> Iterator[Query]:
        """Du plus exigeant au plus large. On garde le premier qui remplit une page."""
        idees = [idee for idee in self.idees if not idee.est_faible] or self.idees
        if not idees:
            return
        yield self._toutes(idees, avec_faibles=False)
        yield self._toutes(idees, avec_faibles=True)
        for combien in sorted({len(idees) - 1, len(idees) // 2, 1} - {0, len(idees)}, reverse=True):
            larges = [(Occur.Should, self._reponse(idee, avec_faibles=True, entiere=False)) for idee in idees]
            yield Query.boolean_query(larges, minimum_number_should_match=combien)
        if len(idees) == 1:
            yield self._reponse(idees[0], avec_faibles=True, entiere=False)

    def _toutes(self, idees: Iterable[Idee], *, avec_faibles: bool) -> Query:
        return Query.boolean_query(
            [(Occur.Must, self._reponse(idee, avec_faibles=avec_faibles, entiere=True)) for idee in idees]
        )

    def _reponse(self, idee: Idee, *, avec_faibles: bool, entiere: bool) -> Query:
        """Une fiche répond à une idée par ses mots (tous, ou l'un d'eux) ou par un de ses voisins."""
        facons: list[tuple[Occur, Query]] = []
        if idee.mots:
            lien = Occur.Must if entiere else Occur.Should
            parlants = [mot for mot in idee.mots if entiere or mot not in MOTS_FAIBLES] or idee.mots
            facons.append((Occur.Should, Query.boolean_query([(lien, self._mot(mot)) for mot in parlants])))
        est_courante = bool(idee.mots) and min(map(self.frequence, idee.mots)) >= COURANT
        if avec_faibles or not est_courante or not idee.mots:
            voisins: Collection[Termes] = idee.voisins if avec_faibles else idee.forts
            facons += [
                (Occur.Should, Query.boost_query(self._expression(voisin), idee.voisins[voisin]))
                for voisin in voisins
            ]
        if not facons:  # ni mot présent, ni voisin franc : les voisins lointains, faute de mieux
            facons = [(Occur.Should, self._expression(voisin)) for voisin in idee.voisins]
        return Query.boolean_query(facons)

    def _mot(self, terme: str, champ: str = TEXTE) -> Query:
        return Query.term_query(self._schema, champ, terme)

    def _expression(self, termes: Termes, ecart: int = 0) -> Query:
        if len(termes) == 1:
            return self._mot(termes[0])
        return Query.phrase_query(self._schema, TEXTE, list(termes), ecart)

    # --- Le classement ---

    def classement(self, ids: Sequence[int]) -> Query:
        """Note fine de ces fiches. Elle ne décide pas qui répond : seulement dans quel ordre.

        Chaque note est greffée seule sur la précédente, et une expression d'abord bornée à ces fiches : le moteur
        saute alors de l'une à l'autre. Une réunion de notes (« ou ») lui ferait relire tout l'index.
        """
        une = [(Occur.Should, Query.term_query(self._schema, "id", identifiant)) for identifiant in ids]
        eux = Query.const_score_query(Query.boolean_query(une), 0.0)
        requete = eux
        for note in islice(self._notes(), NOTES_MAX):
            if note.est_expression:
                bornee = Query.boolean_query([(Occur.Must, eux), (Occur.Must, note.requete)])
            else:
                bornee = note.requete
            requete = Query.boolean_query([(Occur.Must, requete), (Occur.Should, bornee)])
        return requete

    def _notes(self) -> Iterator[Note]:
        poids = self._poids
        for idee in self.idees:
            for mot in idee.mots:
                facteur = poids.mot_faible if mot in MOTS_FAIBLES else 1.0
                yield Note(Query.boost_query(self._mot(mot), facteur))
            if len(idee.mots) > 1:
                yield self._a_la_mesure(idee.mots, poids.expression, self._rarete(idee))
            for voisin, part in idee.voisins.items():
                yield self._a_la_mesure(voisin, part, self._rarete(idee))
        for terme in self.termes:
            if self.frequence(terme, TITRE) and terme not in MOTS_FAIBLES:
                yield Note(Query.boost_query(self._mot(terme, TITRE), poids.titre))
        yield from self._notes_de_valeurs()
        for paire in pairwise(
            self.termes
        ):  # deux mots de la question qui se suivent, à peu près, dans la fiche
            if all(self.frequence(terme) for terme in paire):
                yield Note(Query.boost_query(self._expression(paire, poids.ecart), poids.voisinage), True)

    def _rarete(self, idee: Idee) -> float:
        """Ce que vaut l'idée : la rareté de ses propres mots, jamais celle d'un synonyme peu employé."""
        if not idee.mots:
            return self._poids.rarete_inconnue
        return min(self._poids.plafond, sum(self._idf(self.frequence(mot)) for mot in idee.mots))

    def _a_la_mesure(self, termes: Termes, part: float, rarete: float) -> Note:
        """L'expression, ramenée à `part` de la rareté voulue : un synonyme rare ne doit pas l'emporter."""
        propre = sum(self._idf(self.frequence(terme)) for terme in termes)
        facteur = part * (min(1.0, rarete / propre) if len(termes) == 1 else rarete / propre)
        return Note(Query.boost_query(self._expression(termes), facteur), len(termes) > 1)

    def _idf(self, frequence: int) -> float:
        nombre = self._searcher.num_docs
        return math.log(1 + (nombre - min(frequence, nombre) + 0.5) / (frequence + 0.5))

    def _notes_de_valeurs(self) -> Iterator[Note]:
        """La question nomme une valeur entière : « Lot » est un département, pas un lot de tablettes."""
        mots = racines(self._texte)[: 2 * TERMES_MAX]
        for longueur in range(1, LONGUEUR_VALEUR_MAX + 1):
            for debut in range(len(mots) - longueur + 1):
                valeur = "_".join(mots[debut : debut + longueur])
                if frequence := self.frequence(valeur, VALEURS):
                    force = self._poids.valeur * self._idf(frequence) * math.sqrt(longueur)
                    yield Note(Query.const_score_query(self._mot(valeur, VALEURS), force))
