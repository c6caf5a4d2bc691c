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
    groupe = Groupe()
    coordonne, rompu, liaison = False, False, ""
    rang = 0
    while rang < len(mots):
        plie = mots[rang].plie
        en_apposition = groupe.tete is not None and not liaison
        noms, longueur = lexique().noms.trouver(mots, rang, exact=en_apposition)
        qualificatifs, longueur_qualificatif = lexique().qualificatifs.trouver(mots, rang)
        if (
            longueur_qualificatif > longueur
            or longueur_qualificatif
            and _se_qualifie(groupe, liaison, qualificatifs)
        ):
            groupe.qualificatifs += qualificatifs
            groupe.garde |= not groupe.complements and any(q.garde for q in qualificatifs)
            rang += longueur_qualificatif
            coordonne, liaison = False, ""
            continue
        if not noms:
            rang += 1
            if plie in _COORDINATIONS:
                coordonne, liaison = True, ""
            elif plie in _RUPTURES:
                coordonne, rompu, liaison = True, True, ""
            elif plie == "dont":
                yield groupe
                groupe = Groupe(tete=groupe.tete)
                if not any(q.effets for q in _suite(mots, rang)):
                    return
            elif plie in _DE:
                liaison = "de"
            elif plie in _PREPOSITIONS:
                liaison = plie
            elif plie not in _ARTICLES:
                groupe.vise_autre_chose |= liaison in {"a", "au", "aux"}
                if groupe.tete is None and not (coordonne and not liaison and groupe.operateurs):
                    groupe.tete = INCONNU
                coordonne, rompu, liaison = False, False, ""
            continue
        nom = noms[0]
        if (coordonne or rompu) and _commence(nom, groupe, liaison, rompu=rompu):
            yield groupe
            groupe = Groupe()
        if nom.concept.est_operateur and groupe.tete is None:
            groupe.operateurs.append(nom.concept.nom)
        elif groupe.tete is None:
            groupe.tete = nom
        else:
            groupe.complements.append(nom)
            groupe.liaison = liaison
        rang += longueur
        coordonne, rompu, liaison = False, False, ""
    yield groupe


def _suite(mots: list[Mot], rang: int) -> list[Qualificatif]:
    while rang < len(mots) and mots[rang].plie in _ARTICLES | _DE:
        rang += 1
    return lexique().qualificatifs.trouver(mots, rang)[0] if rang < len(mots) else []


def _se_qualifie(groupe: Groupe, liaison: str, qualificatifs: list[Qualificatif]) -> bool:
    """Le même mot est nom ou adjectif (« bénévoles », « suivis ») : adjectif après une tête, sans préposition."""
    if groupe.tete is None:
        return any(qualificatif.avant for qualificatif in qualificatifs)
    return not liaison


def _commence(nom: Nom, groupe: Groupe, liaison: str, *, rompu: bool) -> bool:
    """Vrai si ce nom, après une coordination, ouvre un nouveau compte."""
    if groupe.tete is None:
        return bool(groupe.operateurs) and not nom.concept.est_operateur
    if rompu or nom.concept.est_operateur or nom.concept.abstrait:
        return True
    if liaison == "de":
        return groupe.liaison != "de"
    return not liaison and not groupe.complements
