"""Les adresses sans argument, retenues : chaque page en écrit une douzaine, qui ne changent qu'avec le logiciel."""

from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, reverse


def adresse_existante(nom: str) -> str | None:
    """L'adresse de ce nom, ou rien quand la page n'existe pas dans cette installation."""
    return _adresse(nom, settings.ROOT_URLCONF, get_script_prefix())


@cache
def _adresse(nom: str, racine: str, prefixe: str) -> str | None:
    """`racine` et `prefixe` : ce dont l'adresse dépend. Échouer coûte plus que trouver, on le retient aussi."""
    try:
        return reverse(nom)
    except NoReverseMatch:
        return None
