"""Photographie de tout ce qu'un import écrit, sans ce qui dépend de l'heure et de l'ordre d'écriture."""

from typing import Any

from maillage.catalogue.choices import TEXTES
from maillage.catalogue.models import (
    BlocSource,
    Classement,
    Experience,
    Moyen,
    Partenariat,
    PointAVerifier,
    Terme,
)
from maillage.core.models import Changement, LigneJournal
from maillage.territoire.models import Partenaire, Structure

PHOTOGRAPHIES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Structure, ("nom", "slug", "etat", "cle_import", "departement_id")),
    (Terme, ("famille", "libelle", "libelle_source", "slug", "rang", "est_a_verifier")),
    (Partenaire, ("nom", "slug", "nom_source")),
    (
        Experience,
        (
            "code",
            "slug",
            "etat",
            "structure__slug",
            "titre",
            "statut",
            "budget",
            "empreinte",
            "version",
            *TEXTES,
        ),
    ),
    (Classement, ("experience__code", "terme__slug", "rang")),
    (Partenariat, ("experience__code", "partenaire__slug", "role", "montant", "rang")),
    (BlocSource, ("experience__code", "fichier_source", "position", "ligne", "empreinte")),
    (
        Moyen,
        ("experience__code", "genre", "valeur", "periode", "est_retenu", "champ", "debut", "fin", "extrait"),
    ),
    (PointAVerifier, ("experience__code", "genre", "etat", "champ", "debut", "extrait", "proche_de__code")),
    (LigneJournal, ("acte", "phrase")),
    (Changement, ("objet_type", "acte")),
)


def etat() -> dict[str, list[tuple[Any, ...]]]:
    return {
        modele.__name__: sorted(modele.objects.order_by().values_list(*champs), key=repr)
        for modele, champs in PHOTOGRAPHIES
    }
