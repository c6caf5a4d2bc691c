"""Ce qu'une contribution changerait à la fiche en ligne, champ par champ."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from typing import TypeVar

from maillage.catalogue.champs import CHAMPS, Champ, GenreChamp, Valeur, lire_champ
from maillage.catalogue.choices import TEXTES, GenreContribution
from maillage.catalogue.comparaison import comparer_champ
from maillage.catalogue.importation.moyens import budget, lire_moyens
from maillage.catalogue.importation.vigilance import Reperage, reperer
from maillage.catalogue.models import Contribution, Experience
from maillage.catalogue.presentation import MASQUES, places_masquees, texte_public
from maillage.catalogue.prudence import Doute, douter
from maillage.core.comparaison import Comparaison

Lu = TypeVar("Lu", Reperage, Doute)
_MASQUE_OU_MOT = re.compile("|".join([*map(re.escape, MASQUES.values()), r"\w+", r"[^\w\s]"]))


@dataclass(frozen=True)
class Proposition:
    """Un champ qui changerait, et ce qu'il vaut mieux regarder avant de le publier.

    `donnees` : celles de personnes, que l'on peut masquer ; `doutes` : les autres mots à peser.
    """

    champ: Champ
    en_ligne: Valeur
    proposee: Valeur
    a_change_depuis: bool
    """Quelqu'un a modifié ce champ en ligne depuis que l'auteur l'a lu : accepter effacerait ce changement."""
    donnees: tuple[Reperage, ...] = ()
    doutes: tuple[Doute, ...] = ()

    @property
    def nom(self) -> str:
        return self.champ.nom

    @cached_property
    def comparaison(self) -> Comparaison:
        return comparer_champ(self.champ.nom, self.en_ligne, self.proposee)


def propositions(contribution: Contribution) -> list[Proposition]:
    """Les seuls champs qui changeraient, dans l'ordre de la fiche."""
    experience = contribution.experience
    trouvees = []
    for nom, champ in CHAMPS.items():
        if nom not in contribution.contenu:
            continue
        en_ligne, proposee = lire_champ(experience, nom), valeur_proposee(contribution, nom)
        if proposee != en_ligne:
            trouvees.append(
                Proposition(
                    champ,
                    en_ligne,
                    proposee,
                    _a_change_depuis(contribution, nom, en_ligne),
                    *_a_regarder(experience, nom, en_ligne, proposee),
                )
            )
    return trouvees


def valeur_proposee(contribution: Contribution, nom: str) -> Valeur:
    """Ce qui serait écrit : dans le texte d'un lecteur, les données qu'il n'a pas vues sont remises à leur place."""
    valeur = contribution.contenu[nom]
    if contribution.genre == GenreContribution.CORRECTION and _est_un_texte(nom):
        return remettre_les_donnees(contribution.experience, nom, valeur)
    return valeur


def remettre_les_donnees(experience: Experience, nom: str, texte: str) -> str:
    """Rend à chaque masque laissé dans ce texte ce qu'il cache en ligne, d'après les mots qui l'entourent.

    Un lecteur a corrigé le texte masqué. Un masque qu'il a ôté emporte sa donnée ; un masque qu'il a inventé reste.
    """
    en_ligne: str = getattr(experience, nom)
    lus: list[str] = []
    cachees: dict[int, str] = {}
    curseur = 0
    for debut, fin, masque in sorted(places_masquees(experience, nom)):
        if debut >= curseur:
            lus += _MASQUE_OU_MOT.findall(en_ligne[curseur:debut])
            cachees[len(lus)] = en_ligne[debut:fin]
            lus.append(masque)
            curseur = fin
    if not cachees:
        return texte
    lus += _MASQUE_OU_MOT.findall(en_ligne[curseur:])
    ecrits = list(_MASQUE_OU_MOT.finditer(texte))
    mariage = SequenceMatcher(None, lus, [ecrit[0] for ecrit in ecrits], autojunk=False)
    for bloc in reversed(mariage.get_matching_blocks()):
        for pas in reversed(range(bloc.size)):
            if donnee := cachees.get(bloc.a + pas):
                place = ecrits[bloc.b + pas]
                texte = texte[: place.start()] + donnee + texte[place.end() :]
    return texte


def _est_un_texte(nom: str) -> bool:
    return CHAMPS[nom].genre in {GenreChamp.LONG, GenreChamp.COURT}


def _a_change_depuis(contribution: Contribution, nom: str, en_ligne: Valeur) -> bool:
    """Un lecteur part du texte masqué : celui-là compte aussi comme celui qu'il a lu."""
    if nom not in contribution.depart:
        return False
    depart = contribution.depart[nom]
    return bool(depart != en_ligne) and not (
        _est_un_texte(nom) and depart == texte_public(contribution.experience, nom)
    )


def budgets(
    contribution: Contribution, proposees: Sequence[Proposition]
) -> tuple[Decimal | None, Decimal | None]:
    """Le montant reconnu en ligne, et celui que l'on reconnaîtrait si tout était pris."""
    textes = {nom: getattr(contribution.experience, nom) for nom in TEXTES}
    textes |= {p.nom: p.proposee for p in proposees if p.nom in textes}
    return contribution.experience.budget, budget(lire_moyens(textes))


def donnees_nouvelles(experience: Experience, nom: str, texte: str) -> tuple[Reperage, ...]:
    """Les données de personnes qui ne sont pas déjà en ligne : celles-là sont masquées, ou jugées."""
    centre = experience.structure.nom
    deja = Counter(lue.extrait for lue in reperer({nom: getattr(experience, nom)}, centre))
    return _pas_encore(reperer({nom: texte}, centre), deja)


def _a_regarder(
    experience: Experience, nom: str, en_ligne: Valeur, proposee: Valeur
) -> tuple[tuple[Reperage, ...], tuple[Doute, ...]]:
    if not _est_un_texte(nom):
        return (), ()
    centre = experience.structure.nom
    donnees = donnees_nouvelles(experience, nom, proposee)
    deja = Counter(doute.extrait for doute in douter({nom: en_ligne}, centre))
    deja.update(donnee.extrait for donnee in donnees)
    return donnees, _pas_encore(douter({nom: proposee}, centre), deja)


def _pas_encore(lus: Sequence[Lu], deja: Counter[str]) -> tuple[Lu, ...]:
    """Ceux que `deja` ne compte pas : les mêmes mots écrits une fois de plus sont nouveaux une fois."""
    nouveaux = []
    for lu in lus:
        deja[lu.extrait] -= 1
        if deja[lu.extrait] < 0:
            nouveaux.append(lu)
    return tuple(nouveaux)
