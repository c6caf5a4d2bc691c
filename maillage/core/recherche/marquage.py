"""Les mots marquants d'un document : ceux de son titre, de son résumé, ou qu'il répète.

Choisis à l'écriture et gardés avec le document, dans ses propres mots. La rareté et les synonymes ne jouent qu'à
la lecture (`ressemblance.py`) : ils changent sans qu'on réécrive l'index.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, Self

from maillage.core.recherche.analyse import analyser, ecritures
from maillage.core.recherche.index import Marquage

MARQUANTS_MAX: Final = 40
POIDS_MIN: Final = 2
"""Un mot écrit une seule fois dans le corps du texte ne marque pas."""
LONGUEUR_MIN: Final = 3


class Marquants(NamedTuple):
    """Terme → son poids (le vecteur est de longueur 1) et le mot le plus court qui l'écrit dans le document."""

    poids: dict[str, float]
    mots: dict[str, str]

    def en_termes(self) -> str:
        """Pour le moteur, qui ne compte que des répétitions : un terme du titre y est dit plus souvent."""
        plus_leger = min(self.poids.values(), default=1.0)
        return " ".join(
            terme for terme, poids in self.poids.items() for _ in range(round(poids / plus_leger))
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
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


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
    def __init__(self, marquage: Marquage) -> None:
        self._sans_sujet = _termes_de(marquage.sans_sujet)
        self._peut_marquer: dict[str, bool] = {}

    def marquer(self, champs: Iterable[tuple[int, list[str], str]]) -> Marquants:
        """`champs` : le poids du champ, ses morceaux de texte, et leurs termes."""
        comptes: dict[str, int] = {}
        morceaux: set[str] = set()
        for poids, coupe, analyse in champs:
            morceaux.update(coupe)
            for terme in analyse.split():
                comptes[terme] = comptes.get(terme, 0) + poids
        candidats = {
            terme: nombre for terme, nombre in comptes.items() if nombre >= POIDS_MIN and self._marque(terme)
        }
        mots = _mots_les_plus_courts(candidats, morceaux)
        retenus = sorted(sorted(mots), key=candidats.__getitem__, reverse=True)[:MARQUANTS_MAX]
        poids_bruts = {terme: 1 + math.log(candidats[terme]) for terme in retenus}
        longueur = math.hypot(*poids_bruts.values())
        return Marquants(
            {terme: round(brut / longueur, 3) for terme, brut in poids_bruts.items()},
            {terme: mots[terme] for terme in retenus},
        )

    def _marque(self, terme: str) -> bool:
        connu = self._peut_marquer.get(terme)
        if connu is None:
            connu = len(terme) >= LONGUEUR_MIN and terme.isalpha() and terme not in self._sans_sujet
            self._peut_marquer[terme] = connu
        return connu


def _mots_les_plus_courts(candidats: Mapping[str, int], morceaux: Iterable[str]) -> dict[str, str]:
    """« bénévole » plutôt que « bénévolement »."""
    mots: dict[str, str] = {}
    for morceau in morceaux:
        for terme, mot in ecritures[morceau]:
            if terme in candidats and mot.isalpha() and len(mot) >= LONGUEUR_MIN:
                deja = mots.get(terme)
                if deja is None or (len(mot), mot) < (len(deja), deja):
                    mots[terme] = mot
    return mots
