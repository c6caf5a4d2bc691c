"""La fabrique des collections."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from maillage.catalogue.models import Collection, ElementCollection, Experience
from tests.fabriques import UtilisateurFactory


class CollectionFactory(DjangoModelFactory[Collection]):
    """Privée, à son auteur ; `CollectionFactory(est_partagee=True, fiches=[…])`."""

    class Meta:
        model = Collection
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"c{n:07d}")
    titre = factory.Sequence(lambda n: f"Collection {n}")
    auteur = factory.SubFactory(UtilisateurFactory)

    @factory.post_generation
    def fiches(self, create: bool, fiches: list[Experience] | None, **kwargs: Any) -> None:
        for rang, fiche in enumerate(fiches or [], start=1):
            ElementCollection.objects.create(collection=self, experience=fiche, rang=rang)
