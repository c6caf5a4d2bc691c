"""Écrire dans un brouillon comme une personne qui en a lu la dernière version."""

from maillage.catalogue.brouillon import valeurs
from maillage.catalogue.champs import Valeur
from maillage.catalogue.models import Contribution
from maillage.catalogue.operations.sauvegardes import Bilan, sauver_champs
from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import empreinte

LONG = "Une phrase assez longue pour compter comme un vrai texte de fiche. " * 3


def ecrire(
    contribution: Contribution, par: Utilisateur, lues: dict[str, Valeur] | None = None, **ecrites: Valeur
) -> Bilan:
    """Écrit en ayant lu la valeur présente, sauf celles que `lues` dit."""
    presentes = valeurs(Contribution.objects.get(pk=contribution.pk)) | (lues or {})
    empreintes = {nom: empreinte(presentes[nom]) for nom in ecrites}
    return sauver_champs(contribution, ecrites, empreintes, par=par)
