"""Retrouver une personne par son nom, ou une partie, sans accents et à une faute près."""

from typing import Final

from maillage.personnes.models import Personne
from maillage.personnes.noms import nom_cherche, proximite
from maillage.personnes.querysets import PersonneQuerySet
from maillage.personnes.ressemblances import CONNUES_AU_PLUS

AU_PLUS: Final = 50
ASSEZ_PROCHE: Final = 0.72
"""« dupond » et « dupont » font 0,83 ; « martin » et « marin » 0,91 ; deux noms sans rapport moins de 0,6."""


def chercher_personnes(personnes: PersonneQuerySet, q: str, *, au_plus: int = AU_PLUS) -> list[Personne]:
    """Celles dont le nom porte chaque mot ; si aucune, les plus proches. `personnes` : déjà restreint par le droit."""
    mots = nom_cherche(q).split()
    if not mots:
        return []
    exactes = list(personnes.qui_portent(mots)[:au_plus])
    return exactes or _proches(personnes, mots, au_plus)


def homonymes(personnes: PersonneQuerySet, prenom: str, nom: str) -> list[Personne]:
    """Celles qui portent ce nom entier, sans accents et dans un ordre ou l'autre. `personnes` : déjà restreint par le
    droit."""
    mots = sorted(nom_cherche(prenom, nom).split())
    if not mots:
        return []
    meme_nom = [une for une in personnes.qui_portent(mots) if sorted(une.nom_cherche.split()) == mots]
    return meme_nom[:CONNUES_AU_PLUS]


def _proches(personnes: PersonneQuerySet, mots: list[str], au_plus: int) -> list[Personne]:
    """Chaque mot cherché ressemble à un mot du nom. Les noms d'un centre tiennent en mémoire."""
    notes: dict[int, float] = {}
    for numero, nom in personnes.order_by().values_list("pk", "nom_cherche"):
        note = min(max((proximite(mot, n) for n in _morceaux(nom)), default=0.0) for mot in mots)
        if note >= ASSEZ_PROCHE:
            notes[numero] = note
    meilleures = sorted(notes, key=lambda numero: (-notes[numero], numero))[:au_plus]
    trouvees = personnes.in_bulk(meilleures)
    return [trouvees[numero] for numero in meilleures]


def _morceaux(nom: str) -> list[str]:
    """Ses mots, et deux mots qui se suivent collés : « legof » trouve « Le Goff »."""
    mots = nom.split()
    return mots + [un + suivant for un, suivant in zip(mots, mots[1:], strict=False)]
