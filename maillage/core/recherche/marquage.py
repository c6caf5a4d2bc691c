"""Les mots marquants d'un document : ceux de son titre, de son résumé, ou qu'il répète.

Choisis à l'écriture et gardés avec le document, dans ses propres mots. La rareté et les synonymes ne jouent qu'à
la lecture (`ressemblance.py`) : ils changent sans qu'on réécrive l'index.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, repeat
from typing import Any, Final, NamedTuple, Self

from maillage.core.recherche.analyse import Memoire, analyser, ecritures
from maillage.core.recherche.index import Marquage

MARQUANTS_MAX: Final = 40
POIDS_MIN: Final = 2
"""Un mot écrit une seule fois dans le corps du texte ne marque pas."""
LONGUEUR_MIN: Final = 3
_en_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Marquants(NamedTuple):
    """Terme → son poids (le vecteur est de longueur 1) et le mot le plus court qui l'écrit dans le document."""

    poids: dict[str, float]
    mots: dict[str, str]

    def en_termes(self) -> str:
        """Pour le moteur, qui ne compte que des répétitions : un terme du titre y est dit plus souvent."""
        plus_leger = min(self.poids.values(), default=1.0)
        fois = {poids: round(poids / plus_leger) for poids in set(self.poids.values())}
        return " ".join(
            chain.from_iterable(repeat(terme, fois[poids]) for terme, poids in self.poids.items())
        )

    def en_octets(
        self, titre: Sequence[str], facettes: Mapping[str, Sequence[str]], garde: Mapping[str, Any]
    ) -> bytes:
        """Des chaînes plutôt que des listes : elles se relisent trois fois plus vite."""
        document = {
            "termes": " ".join(self.poids),
            "poids": list(self.poids.values()),
            "mots": " ".join(self.mots[terme] for terme in self.poids),
            "titre": " ".join(titre),
            "facettes": facettes,
            "garde": garde,
        }
        return _en_json(document).encode()


class Marque(NamedTuple):
    """Ce qu'un document de l'index dit de lui-même."""

    marquants: Marquants
    titre: list[str]
    facettes: Mapping[str, list[str]]
    garde: Mapping[str, Any]

    @classmethod
    def relire(cls, octets: bytes) -> Self:
        lu = json.loads(octets.decode())
        termes = lu["termes"].split()
        marquants = Marquants(
            dict(zip(termes, lu["poids"], strict=True)),
            dict(zip(termes, lu["mots"].split(), strict=True)),
        )
        return cls(marquants, lu["titre"].split(), lu["facettes"], lu["garde"])


@cache
def _termes_de(mots: tuple[str, ...]) -> frozenset[str]:
    return frozenset(terme for mot in mots for terme in analyser(mot))


class Marqueur:
    """Choisit les mots marquants. Toute fiche y passe : il compte des morceaux de texte, lus une fois pour toutes."""

    def __init__(self, marquage: Marquage) -> None:
        self._sans_sujet = _termes_de(marquage.sans_sujet)
        self._termes = Memoire(self._lire)

    def marquer(self, champs: Iterable[tuple[int, list[str]]]) -> Marquants:
        """`champs` : le poids du champ, et ses morceaux de texte (`texte.split()`)."""
        morceaux: list[str] = []
        for poids, ecrits in champs:
            morceaux += ecrits * poids
        fois = Counter(morceaux)
        comptes: dict[str, int] = defaultdict(int)
        mots: dict[str, str] = {}
        for lus, nombre in zip(map(self._termes.__getitem__, fois), fois.values(), strict=True):
            for terme, mot in lus:
                comptes[terme] += nombre
                if mot and (terme not in mots or _est_plus_court(mot, mots[terme])):
                    mots[terme] = mot
        candidats = sorted(terme for terme in mots if comptes[terme] >= POIDS_MIN)
        retenus = sorted(candidats, key=comptes.__getitem__, reverse=True)[:MARQUANTS_MAX]
        bruts = [1 + math.log(comptes[terme]) for terme in retenus]
        longueur = math.hypot(*bruts)
        arrondis = {brut: round(brut / longueur, 3) for brut in set(bruts)}
        return Marquants(
            {terme: arrondis[brut] for terme, brut in zip(retenus, bruts, strict=True)},
            {terme: mots[terme] for terme in retenus},
        )

    def _lire(self, morceau: str) -> tuple[tuple[str, str], ...]:
        """Les termes qui peuvent marquer, chacun avec le mot qui l'écrit, vide s'il ne se montre pas."""
        return tuple(
            (terme, mot if mot.isalpha() and len(mot) >= LONGUEUR_MIN else "")
            for terme, mot in ecritures(morceau)
            if len(terme) >= LONGUEUR_MIN and terme.isalpha() and terme not in self._sans_sujet
        )


def _est_plus_court(mot: str, autre: str) -> bool:
    """« bénévole » plutôt que « bénévolement »."""
    return (len(mot), mot) < (len(autre), autre)
