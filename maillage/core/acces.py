"""Marques d'accès des vues : tout est fermé, sauf ce qui le dit ici."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required

Vue = TypeVar("Vue", bound=Callable[..., Any])


def publique(vue: Vue) -> Vue:
    """Page que chacun lit sans compte ; ses affichages sont comptés dans l'audience."""
    vue.compte_audience = True  # type: ignore[attr-defined]
    return login_not_required(vue)


def interne(vue: Vue) -> Vue:
    """Adresse ouverte sans compte mais qui n'est pas une page : état du service, fichiers de données."""
    return login_not_required(vue)
