"""Revenir, après un geste, à l'endroit de la page d'où il est parti : on ne perd pas sa place dans une longue liste."""

import re

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.projets.models import ProjetSocial

_CLE = re.compile(r"[a-z]+:[0-9]+")


def revenir(nom: str, projet: ProjetSocial, ancre: str) -> HttpResponse:
    """Vers la page `nom` du projet, à l'ancre dite. Sans ancre, en haut."""
    return redirect(reverse(nom, args=[projet.pk]) + (f"#{ancre}" if ancre else ""))


def ancre_de(cle: str) -> str:
    """L'ancre de la preuve « chiffre:12 » ; vide si la clé n'en est pas une."""
    return f"preuve-{cle.replace(':', '-')}" if _CLE.fullmatch(cle) else ""
