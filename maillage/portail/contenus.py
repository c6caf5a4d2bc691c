"""Ce que le portail montre à chacun, pour qui le désigne par son adresse (`core.contenus`)."""

from typing import Any

from django.urls import reverse

from maillage.core.contenus import Contenu
from maillage.territoire.models import Structure


def centre_a(utilisateur: Any, slug: str) -> Contenu | None:
    structure = Structure.objects.visibles().filter(slug=slug).first()
    if structure is None:
        return None
    adresse = reverse("centre", args=[structure.slug])
    return Contenu(structure, "la page de", structure.nom, adresse, structure)
