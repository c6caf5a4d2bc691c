"""Synonymes et sigles : des groupes de mots, appliqués à la question, jamais à l'index.

Changer un groupe vaut donc aussitôt, sans reconstruire.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from maillage.core.recherche.analyse import analyser, mots, replier

FORT: Final = 2
FAIBLE: Final = 1
MARQUE_FAIBLE: Final = "~"
LONGUEUR_MAX: Final = 6
"""Termes du plus long groupe reconnu dans une question."""

Termes = tuple[str, ...]


class Groupe(NamedTuple):
    """Des termes qui s'appellent l'un l'autre ; orienté : le premier appelle les autres, sans retour.

    Un terme précédé de « ~ » est un voisin : on le trouve aussi, mais il compte moins, et n'appelle personne.
    """

    termes: tuple[str, ...]
    est_oriente: bool = False


def lire_groupes(lignes: Iterable[str]) -> Iterator[Groupe]:
    """Lit le format de fichier : « a, b, ~c » ou « a, b => c, ~d » ; « # » ouvre un commentaire."""
    for brute in lignes:
        ligne = brute.split("#")[0].strip()
        if not ligne:
            continue
        gauche, oriente, droite = ligne.partition("=>")
        if oriente:
            for appelant in _termes_ecrits(gauche):
                yield Groupe((appelant, *_termes_ecrits(droite)), est_oriente=True)
        else:
            yield Groupe(_termes_ecrits(gauche))


def _termes_ecrits(texte: str) -> tuple[str, ...]:
    return tuple(terme for morceau in texte.split(",") if (terme := " ".join(morceau.split())))


class Dictionnaire:
    """Les groupes, analysés : de chaque terme vers ses voisins et leur force."""

    def __init__(self, groupes: Iterable[Groupe] = ()) -> None:
        self._voisins: dict[Termes, dict[Termes, int]] = defaultdict(dict)
        self._ecritures: dict[Termes, str] = {}
        self.mots: dict[str, str] = {}
        """Mots des groupes, repliés → tels qu'ils s'écrivent : ils aident à réparer une faute."""
        for groupe in groupes:
            self._ajouter(groupe)
        self._connus = frozenset(terme for termes in self._voisins for terme in termes)

    def _ajouter(self, groupe: Groupe) -> None:
        lus: list[tuple[Termes, int]] = []
        for ecrit in groupe.termes:
            force = FAIBLE if ecrit.startswith(MARQUE_FAIBLE) else FORT
            termes = tuple(analyser(ecrit))
            if termes:
                lus.append((termes, force))
                self._ecritures.setdefault(termes, ecrit.removeprefix(MARQUE_FAIBLE))
                self.mots.update((replier(mot), mot.lower()) for mot in mots(ecrit) if mot.isalpha())
        appelants = (
            lus[:1] if groupe.est_oriente else [(termes, force) for termes, force in lus if force == FORT]
        )
        for appelant, _ in appelants:
            for appele, force in lus:
                if appele != appelant:
                    deja = self._voisins[appelant].get(appele, 0)
                    self._voisins[appelant][appele] = max(deja, force)

    def voisins(self, termes: Termes) -> Mapping[Termes, int]:
        return self._voisins.get(termes, {})

    def connait(self, terme: str) -> bool:
        """Le terme figure dans un groupe : il n'est pas une faute, même absent des fiches."""
        return terme in self._connus

    def expliquer(self, texte: str) -> list[tuple[str, list[str]]]:
        """Comment une question se lit : chaque groupe reconnu, et ce qu'il appelle, tels qu'ils s'écrivent."""
        return [
            (
                self._ecritures.get(segment, " ".join(segment)),
                [self._ecritures[v] for v in self.voisins(segment)],
            )
            for segment in self.segmenter(analyser(texte))
        ]

    def segmenter(self, termes: list[str]) -> list[Termes]:
        """Coupe une question en groupes connus, le plus long d'abord ; un mot seul reste seul."""
        segments: list[Termes] = []
        debut = 0
        while debut < len(termes):
            for longueur in range(min(LONGUEUR_MAX, len(termes) - debut), 0, -1):
                segment = tuple(termes[debut : debut + longueur])
                if longueur == 1 or segment in self._voisins:
                    segments.append(segment)
                    debut += longueur
                    break
        return segments
