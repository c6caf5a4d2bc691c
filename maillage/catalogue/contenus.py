"""Ce que le catalogue montre à chacun, pour qui le désigne par son adresse (`core.contenus`)."""

from typing import Any

from django.urls import reverse

from maillage.catalogue.lecture import lire
from maillage.catalogue.models import Collection, Experience
from maillage.catalogue.presentation import texte_public
from maillage.core.contenus import Contenu
from maillage.moderation.models import Commentaire


def contenu_de_fiche(fiche: Experience) -> Contenu:
    return Contenu(
        fiche,
        "la fiche",
        texte_public(fiche, "titre"),
        reverse("experience", args=[fiche.code, fiche.slug]),
        fiche.structure,
    )


def fiche_a(utilisateur: Any, code: str, slug: str) -> Contenu | None:
    fiche = lire(code, utilisateur)
    return contenu_de_fiche(fiche) if fiche else None


def commentaire_a(utilisateur: Any, code: str, pk: int) -> Contenu | None:
    fiche = lire(code, utilisateur)
    commentaire = Commentaire.objects.publies().sur(fiche).filter(pk=pk).first() if fiche else None
    if fiche is None or commentaire is None:
        return None
    titre = f"{commentaire.signature}, sous « {texte_public(fiche, 'titre')} »"
    return Contenu(commentaire, "le commentaire", titre, adresse_du_commentaire(fiche, pk), fiche.structure)


def collection_a(utilisateur: Any, code: str) -> Contenu | None:
    """Une collection partagée ; les autres ne sont lues que par qui les fait."""
    collection = Collection.objects.filter(est_partagee=True, code=code).select_related("structure").first()
    if collection is None:
        return None
    adresse = reverse("collection", args=[collection.code])
    return Contenu(collection, "la collection", collection.titre, adresse, collection.structure)


def adresse_du_commentaire(fiche: Experience, pk: int) -> str:
    return reverse("experience_commentaire", args=[fiche.code, pk])
