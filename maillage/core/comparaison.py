"""Comparer deux textes, mot à mot, pour qu'une personne voie d'un coup d'œil ce qui change.

Un texte se compare phrase par phrase, puis mot par mot dans les phrases changées : un texte long ne coûte pas plus
qu'un court, et une phrase réécrite se lit en entier plutôt qu'en confettis. Les espaces ne comptent pas.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_MOTS = re.compile(r"\w+(?:['’\-]\w+)*['’]?\s*|[^\w\s]\s*|\s+")
_PHRASES = re.compile(r"[^.!?…;\n]*(?:[.!?…;\n]+\s*|$)")
_LIGNES = re.compile(r"[^\n]*(?:\n|$)")
RESSEMBLANCE_MIN = 0.3
"""En dessous, une phrase est dite remplacée : marier trois mots au hasard n'aide pas à lire."""
MOTS_MAX = 1200
"""Par côté ; au-delà, un passage tout réécrit se montre remplacé, sans chercher plus fin."""
LONGUEUR_MONTREE = 220
LONGUEUR_REPLIEE = 90


class Sort(StrEnum):
    PAREIL = "pareil"
    OTE = "ote"
    AJOUTE = "ajoute"
    REPLIE = "replie"


@dataclass(frozen=True, slots=True)
class Morceau:
    texte: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Les deux côtés. Vide : le champ l'est. Repliés, ils ne montrent que les alentours de ce qui change."""

    avant: tuple[Morceau, ...]
    apres: tuple[Morceau, ...]

    @property
    def avant_replie(self) -> tuple[Morceau, ...]:
        return _replier(self.avant)

    @property
    def apres_replie(self) -> tuple[Morceau, ...]:
        return _replier(self.apres)

    @property
    def est_repliee(self) -> bool:
        return self.avant_replie != self.avant or self.apres_replie != self.apres

    @property
    def est_d_espaces(self) -> bool:
        """Rien ne change que des espaces ou des retours à la ligne."""
        return all(morceau.sort == Sort.PAREIL for morceau in (*self.avant, *self.apres))


def comparer_lignes(avant: str, apres: str) -> Comparaison:
    """Une liste : chaque ligne est un tout, que l'on ôte ou que l'on ajoute."""
    lignes_avant, lignes_apres = _decouper(_LIGNES, avant), _decouper(_LIGNES, apres)
    return _marier(
        lignes_avant, lignes_apres, SequenceMatcher(None, _cles(lignes_avant), _cles(lignes_apres))
    )


def comparer_textes(avant: str, apres: str) -> Comparaison:
    phrases_avant, phrases_apres = _decouper(_PHRASES, avant), _decouper(_PHRASES, apres)
    par_phrase = SequenceMatcher(None, _cles(phrases_avant), _cles(phrases_apres), autojunk=False)
    cote_avant: list[Morceau] = []
    cote_apres: list[Morceau] = []
    for etat, a1, a2, b1, b2 in par_phrase.get_opcodes():
        ici, la = "".join(phrases_avant[a1:a2]), "".join(phrases_apres[b1:b2])
        if etat == "equal":
            cote_avant.append(Morceau(ici, Sort.PAREIL))
            cote_apres.append(Morceau(la, Sort.PAREIL))
        else:
            mot_a_mot = _comparer_mots(ici, la)
            cote_avant += mot_a_mot.avant
            cote_apres += mot_a_mot.apres
    return Comparaison(_unir(cote_avant), _unir(cote_apres))


def _comparer_mots(avant: str, apres: str) -> Comparaison:
    mots_avant, mots_apres = _decouper(_MOTS, avant), _decouper(_MOTS, apres)
    remplace = Comparaison(_un(avant, Sort.OTE), _un(apres, Sort.AJOUTE))
    if not avant or not apres or max(len(mots_avant), len(mots_apres)) > MOTS_MAX:
        return remplace
    par_mot = SequenceMatcher(None, _cles(mots_avant), _cles(mots_apres), autojunk=False)
    if par_mot.ratio() < RESSEMBLANCE_MIN:
        return remplace
    return _marier(mots_avant, mots_apres, par_mot)


def _marier(avant: list[str], apres: list[str], mariage: "SequenceMatcher[str]") -> Comparaison:
    cote_avant: list[Morceau] = []
    cote_apres: list[Morceau] = []
    for etat, a1, a2, b1, b2 in mariage.get_opcodes():
        cote_avant += _un("".join(avant[a1:a2]), Sort.PAREIL if etat == "equal" else Sort.OTE)
        cote_apres += _un("".join(apres[b1:b2]), Sort.PAREIL if etat == "equal" else Sort.AJOUTE)
    return Comparaison(_unir(cote_avant), _unir(cote_apres))


def _decouper(motif: re.Pattern[str], texte: str) -> list[str]:
    return [trouve for trouve in motif.findall(texte) if trouve]


def _cles(morceaux: Sequence[str]) -> list[str]:
    """Ce qui se compare : sans les espaces du bout, qui changent avec la mise en page."""
    return [" ".join(morceau.split()) for morceau in morceaux]


def _un(texte: str, sort: Sort) -> tuple[Morceau, ...]:
    """Un blanc n'est jamais ôté ni ajouté : on ne le verrait pas."""
    return (Morceau(texte, sort if texte.strip() else Sort.PAREIL),) if texte else ()


def _unir(morceaux: Sequence[Morceau]) -> tuple[Morceau, ...]:
    """Les voisins de même sort n'en font qu'un ; l'espace qui finit un mot changé reste hors de la marque."""
    unis: list[Morceau] = []
    for morceau in morceaux:
        if unis and unis[-1].sort == morceau.sort:
            unis[-1] = Morceau(unis[-1].texte + morceau.texte, morceau.sort)
        else:
            unis.append(morceau)
    resultat: list[Morceau] = []
    for morceau in unis:
        nu = morceau.texte.rstrip()
        if morceau.sort == Sort.PAREIL or nu == morceau.texte:
            resultat.append(morceau)
        else:
            resultat += [Morceau(nu, morceau.sort), Morceau(morceau.texte[len(nu) :], Sort.PAREIL)]
    return tuple(resultat)


def _replier(morceaux: tuple[Morceau, ...]) -> tuple[Morceau, ...]:
    """Les longs passages pareils, réduits à leurs bords."""
    if all(morceau.sort == Sort.PAREIL for morceau in morceaux):
        return morceaux
    replies: list[Morceau] = []
    for rang, morceau in enumerate(morceaux):
        if morceau.sort != Sort.PAREIL or len(morceau.texte) <= LONGUEUR_MONTREE:
            replies.append(morceau)
            continue
        debut = morceau.texte[:LONGUEUR_REPLIEE].rpartition(" ")[0] if rang else ""
        fin = morceau.texte[-LONGUEUR_REPLIEE:].partition(" ")[2] if rang < len(morceaux) - 1 else ""
        replies += [*_un(debut, Sort.PAREIL), Morceau("…", Sort.REPLIE), *_un(fin, Sort.PAREIL)]
    return tuple(replies)
