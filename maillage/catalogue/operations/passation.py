"""Quand une personne part : ses brouillons et ses collections changent d'auteur (réglage `PASSATIONS`)."""

from django.db.models import Q, QuerySet

from maillage.catalogue.models import Collection, Contribution
from maillage.comptes.models import Utilisateur
from maillage.comptes.operations import TRANSMETTRE
from maillage.core.journal import SYSTEME, ecrire, ligne


class PassationDuCatalogue:
    def compter(self, de: Utilisateur, structures: list[int] | None) -> dict[str, int]:
        return {
            "brouillon": self._brouillons(de, structures).count(),
            "collection": self._collections(de, structures).count(),
        }

    def transmettre(
        self, de: Utilisateur, a: Utilisateur, structures: list[int] | None, *, par: Utilisateur | None
    ) -> None:
        """Dans la transaction du départ. Une fiche déjà acceptée garde le nom de qui l'a écrite."""
        brouillons, collections = self._brouillons(de, structures), self._collections(de, structures)
        qui = par or SYSTEME
        ecrire(
            ligne(
                transmis,
                TRANSMETTRE,
                f"« {transmis} » passe de {de} à {a}.",
                par=qui,
                avant={"auteur": de.pk},
                apres={"auteur": a.pk},
            )
            for transmis in [*brouillons, *collections]
        )
        brouillons.update(auteur=a)
        collections.update(auteur=a)

    def _brouillons(self, de: Utilisateur, structures: list[int] | None) -> QuerySet[Contribution]:
        """En écriture, à reprendre, ou envoyés : quelqu'un doit répondre."""
        ici = Q(experience__structure=None) if structures is None else Q(experience__structure__in=structures)
        return (
            Contribution.objects.redactions_en_cours()
            .filter(ici, auteur=de)
            .select_related("experience")
            .order_by("pk")
        )

    def _collections(self, de: Utilisateur, structures: list[int] | None) -> QuerySet[Collection]:
        ici = Q(structure=None) if structures is None else Q(structure__in=structures)
        return Collection.objects.filter(ici, auteur=de).order_by("pk")
