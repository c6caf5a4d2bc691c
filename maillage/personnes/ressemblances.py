"""Proposer des doublons, et dire pourquoi : même téléphone, même courriel, nom proche."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import Any, Final

from maillage.personnes.choices import ChampDePersonne
from maillage.personnes.models import Personne
from maillage.personnes.noms import nom_cherche, proximite

NOM_PROCHE: Final = 0.86
COMPARES: Final = (
    ChampDePersonne.PRENOM,
    ChampDePersonne.NOM,
    ChampDePersonne.NAISSANCE,
    ChampDePersonne.TELEPHONE,
    ChampDePersonne.COURRIEL,
)
CONNUES_AU_PLUS: Final = 8
"""À qui note un nom : au-delà, une liste ne se lit plus."""


@dataclass(frozen=True)
class Ressemblance:
    """`raisons` : dans les mots que lit la personne qui décide."""

    une: Personne
    autre: Personne
    note: float
    raisons: tuple[str, ...]


def ressembler(une: Personne, autre: Personne) -> Ressemblance | None:
    """Rien quand deux années de naissance se contredisent : un père et son fils portent le même nom."""
    if une.naissance and autre.naissance and une.naissance != autre.naissance:
        return None
    nom = proximite(une.nom_cherche, autre.nom_cherche)
    raisons = []
    if nom == 1:
        raisons.append("même nom")
    elif nom >= NOM_PROCHE:
        raisons.append("nom proche, à une faute près")
    if chiffres(une.telephone) and chiffres(une.telephone) == chiffres(autre.telephone):
        raisons.append("même téléphone")
    if une.courriel and une.courriel.casefold() == autre.courriel.casefold():
        raisons.append("même courriel")
    meme_prenom = proximite(une.prenom.casefold(), autre.prenom.casefold()) >= NOM_PROCHE
    if nom < NOM_PROCHE and not (raisons and meme_prenom):
        return None  # un téléphone de famille ne fait pas une seule personne
    if une.naissance and une.naissance == autre.naissance:
        raisons.append(f"même année de naissance, {une.naissance}")
    return Ressemblance(une, autre, nom + len(raisons), tuple(raisons))


def doublons_parmi(
    personnes: Iterable[Personne],
    *,
    connues: Iterable[Personne] = (),
    sauf: Set[tuple[int, int]] = frozenset(),
) -> list[Ressemblance]:
    """Les plus sûrs d'abord ; `connues` : s'y comparent aussi, jamais entre elles ; `sauf` : les paires écartées, la
    fiche la plus ancienne en premier.

    Ne se comparent que des fiches qui partagent deux débuts de mots, un téléphone…
    """
    paquets, deja = _paquets(personnes), _paquets(connues)
    vues = set(sauf)
    trouvees = []
    for cle, paquet in paquets.items():
        for une, autre in chain(combinations(paquet, 2), product(paquet, deja.get(cle, ()))):
            paire = (min(une.pk, autre.pk), max(une.pk, autre.pk))
            if paire not in vues:
                vues.add(paire)
                if ressemblance := ressembler(une, autre):
                    trouvees.append(ressemblance)
    return sorted(trouvees, key=lambda r: (-r.note, r.une.pk, r.autre.pk))


def ressemblances_avec(champs: Mapping[str, Any], connues: Iterable[Personne]) -> list[Ressemblance]:
    """Les fiches qui ressemblent à une personne pas encore notée, les plus sûres d'abord. `champs` : par nom de
    `ChampDePersonne`."""
    dites = {champ: champs[champ] for champ in COMPARES if champs.get(champ)}
    ecrite = Personne(
        pk=-1, nom_cherche=nom_cherche(champs.get("prenom", ""), champs.get("nom", "")), **dites
    )
    return doublons_parmi([ecrite], connues=connues)[:CONNUES_AU_PLUS]


def _paquets(personnes: Iterable[Personne]) -> dict[str, list[Personne]]:
    paquets: dict[str, list[Personne]] = defaultdict(list)
    for personne in personnes:
        for cle in _cles(personne):
            paquets[cle].append(personne)
    return paquets


def _cles(personne: Personne) -> set[str]:
    """Deux débuts de mots ensemble : une faute en épargne toujours une paire dans un nom et un prénom."""
    mots = sorted({mot[:2] for mot in personne.nom_cherche.split()})
    cles = {f"nom:{un}:{autre}" for un, autre in combinations(mots, 2)} or {f"nom:{mot}" for mot in mots}
    if telephone := chiffres(personne.telephone):
        cles.add(f"tel:{telephone}")
    if personne.courriel:
        cles.add(f"mail:{personne.courriel.casefold()}")
    return cles


def chiffres(telephone: str) -> str:
    """Les neuf derniers : « +33 6 12… » et « 06 12… » sont le même numéro."""
    lus = "".join(signe for signe in telephone if signe.isdigit())
    return lus[-9:] if len(lus) >= 9 else ""
