"""L'histoire d'un projet : les phrases de son journal, la plus récente d'abord."""

from django.db.models import QuerySet

from maillage.core.journal import type_objet
from maillage.core.models import LigneJournal
from maillage.projets.models import ProjetSocial


def histoire(projet: ProjetSocial) -> QuerySet[LigneJournal]:
    lignes = LigneJournal.objects.filter(objet_type=type_objet(projet), objet_id=projet.pk)
    return lignes.order_by("-pk")
