"""Découper un indicateur en groupes du nom : une tête, ce qui la qualifie, ce qui la complète.

« Nombre de sorties et de familles accompagnées » fait deux groupes ; « Nombre de participants aux ateliers et sorties »
n'en fait qu'un. Tout se joue à ce qui suit la coordination : un « de » répété, un nouveau « nombre », un nom abstrait
(« assiduité »), ou rien.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from maillage.evaluation.propositions.lecture import Mot, lire_mots
from maillage.evaluation.propositions.lexique import INCONNU, Nom, Qualificatif, lexique

_COORDINATIONS: Final = frozenset("et ou puis ainsi , / & +".split())
_RUPTURES: Final = frozenset("; : – — -".split())
_DE: Final = frozenset("de d".split())
_ARTICLES: Final = frozenset(
    "le la les l un une ce cet cette ces leur leurs son sa ses nos notre que qu qui s n".split()
)
_PREPOSITIONS: Final = frozenset(
    "a au aux du des dans en pour par avec lors sur entre chez aupres vers sein suite via durant pendant autour "
    "comme sans hors parmi depuis apres avant selon".split()
)


@dataclass(slots=True)
class Groupe:
    """`operateurs` : « nombre », « évolution »… ; `liaison` : la préposition qui amène le dernier complément.

    `garde` : un participe de présence suit la tête (« accueillis et orientés ») ; `vise_autre_chose` : un « à » mène à
    un nom inconnu (« participation à la définition de… »).
    """

    operateurs: list[str] = field(default_factory=list)
    tete: Nom | None = None
    qualificatifs: list[Qualificatif] = field(default_factory=list)
    complements: list[Nom] = field(default_factory=list)
    liaison: str = ""
    garde: bool = False
    vise_autre_chose: bool = False

    @property
    def noms(self) -> list[Nom]:
        return ([self.tete] if self.tete else []) + self.complements

    def est_vide(self) -> bool:
        return not (self.operateurs or self.tete)


def lire_groupes(texte: str) -> list[Groupe]:
    """Les groupes d'un texte sans parenthèses. Un opérateur sans tête prend celle de son voisin."""
    groupes = [groupe for groupe in _decouper(lire_mots(texte)) if not groupe.est_vide()]
    for rang, groupe in enumerate(groupes):
        if groupe.tete is None and len(groupes) > 1:
            voisin = groupes[rang + 1] if rang + 1 < len(groupes) else groupes[rang - 1]
            groupe.tete = next(iter(reversed(voisin.noms)), None)
    for groupe, suivant in pairwise(groupes):  # « seniors et personnes isolées accompagnés » : tous le sont
        seul = not groupe.qualificatifs and not groupe.complements
        if seul and groupe.tete and suivant.tete and groupe.tete.concept == suivant.tete.concept:
            groupe.qualificatifs = suivant.qualificatifs
    return groupes


def _decouper(mots: list[Mot]) -> Iterator[Groupe]:
    lecteur = _Lecteur()
    rang = 0
    while rang < len(mots):
        noms, longueur = lexique().noms.trouver(mots, rang, exact=lecteur.est_en_apposition)
        qualificatifs, longueur_qualificatif = lexique().qualificatifs.trouver(mots, rang)
        if longueur_qualificatif and (
            longueur_qualificatif > longueur or lecteur.attend_un_adjectif(qualificatifs)
        ):
            lecteur.qualifier(qualificatifs)
            rang += longueur_qualificatif
        elif noms:
            if lecteur.ouvre_un_groupe(noms[0]):
                yield lecteur.fermer()
            lecteur.nommer(noms[0])
            rang += longueur
        elif mots[rang].plie == "dont":
            tete = lecteur.groupe.tete
            yield lecteur.fermer()
            if not any(q.effets for q in _qualificatifs_qui_suivent(mots, rang + 1)):
                return
            lecteur.groupe.tete = tete
            rang += 1
        else:
            lecteur.lier(mots[rang].plie)
            rang += 1
    yield lecteur.groupe


def _qualificatifs_qui_suivent(mots: list[Mot], rang: int) -> list[Qualificatif]:
    while rang < len(mots) and mots[rang].plie in _ARTICLES | _DE:
        rang += 1
    return lexique().qualificatifs.trouver(mots, rang)[0] if rang < len(mots) else []


class _Lecteur:
    """Lit de gauche à droite : le groupe en cours, et ce que les mots-outils annoncent du mot suivant.

    `liaison` : « de », une préposition, un article après une coordination, ou rien.
    """

    def __init__(self) -> None:
        self.groupe = Groupe()
        self._oublier()

    def _oublier(self) -> None:
        self.coordonne, self.rompu, self.liaison = False, False, ""

    def fermer(self) -> Groupe:
        ferme, self.groupe = self.groupe, Groupe()
        return ferme

    @property
    def est_en_apposition(self) -> bool:
        return self.groupe.tete is not None and not self.liaison

    def attend_un_adjectif(self, qualificatifs: list[Qualificatif]) -> bool:
        """Le même mot est nom ou adjectif (« bénévoles », « suivis ») : adjectif après une tête, sans préposition."""
        if self.groupe.tete is None:
            return any(qualificatif.avant for qualificatif in qualificatifs)
        return not self.liaison

    def qualifier(self, qualificatifs: list[Qualificatif]) -> None:
        self.groupe.qualificatifs += qualificatifs
        self.groupe.garde |= not self.groupe.complements and any(q.garde for q in qualificatifs)
        self.coordonne, self.liaison = False, ""

    def nommer(self, nom: Nom) -> None:
        if nom.concept.est_operateur and self.groupe.tete is None:
            self.groupe.operateurs.append(nom.concept.nom)
        elif self.groupe.tete is None:
            self.groupe.tete = nom
        else:
            self.groupe.complements.append(nom)
            self.groupe.liaison = self.liaison
        self._oublier()

    def ouvre_un_groupe(self, nom: Nom) -> bool:
        """Vrai si ce nom, après une coordination ou une rupture, commence un nouveau compte."""
        if not self.coordonne:
            return False
        if self.groupe.tete is None:
            return bool(self.groupe.operateurs) and not nom.concept.est_operateur
        if self.liaison == "par" and nom.concept.est_operateur:  # « demandes reçues, par type » : un détail
            return False
        if self.rompu or nom.concept.est_operateur or nom.concept.abstrait:
            return True
        if self.liaison == "de":
            return self.groupe.liaison != "de"
        return not self.liaison and not self.groupe.complements

    def lier(self, mot: str) -> None:
        """Un mot hors du lexique : mot-outil, ou mot inconnu."""
        if mot in _COORDINATIONS or mot in _RUPTURES:
            self.coordonne, self.liaison = True, ""
            self.rompu |= mot in _RUPTURES
        elif mot in _DE:
            self.liaison = "de"
        elif mot in _PREPOSITIONS:
            self.liaison = mot
        elif mot in _ARTICLES:
            self.liaison = self.liaison or ("article" if self.coordonne else "")
        else:
            self._passer_un_inconnu()

    def _passer_un_inconnu(self) -> None:
        """Une tête qu'on ne sait pas compter ; ou, collé à un opérateur, un adjectif (« évolution annuelle »)."""
        if self.groupe.tete is None and (self.liaison or not self.groupe.operateurs):
            self.groupe.tete = INCONNU
        self.groupe.vise_autre_chose |= self.liaison in {"a", "au", "aux"}
        self._oublier()
