"""Les adresses de la maison.

Celles sans argument sont retenues : chaque page en écrit une douzaine, qui ne changent qu'avec le logiciel.
"""

from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse


def adresse_existante(nom: str) -> str | None:
    """L'adresse de ce nom, ou rien quand la page n'existe pas dans cette installation."""
    return _adresse(nom, settings.ROOT_URLCONF, get_script_prefix())


def adresse_de_retour(demandee: str, *, sinon: str) -> str:
    """L'adresse où une page demande de revenir, si c'est bien une page d'ici ; sinon celle de ce nom."""
    try:
        resolve(demandee.partition("?")[0].partition("#")[0])
    except Resolver404:
        return reverse(sinon)
    return demandee if demandee.isprintable() else reverse(sinon)


@cache
def _adresse(nom: str, racine: str, prefixe: str) -> str | None:
    """`racine` et `prefixe` : ce dont l'adresse dépend. Échouer coûte plus que trouver, on le retient aussi."""
    try:
        return reverse(nom)
    except NoReverseMatch:
        return None
