"""Des objets de la base à ce que l'API rend. Tout texte passe par les mêmes masques que les pages."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from maillage.catalogue.choices import TEXTES
from maillage.catalogue.models import Experience, Terme
from maillage.catalogue.presentation import accroche, texte_public
from maillage.core.recherche.index import Correction
from maillage.territoire.models import Departement, Site, Structure

LONGUEUR_ACCROCHE = 300


def departement(lieu: Departement | None) -> dict[str, str] | None:
    if lieu is None:
        return None
    return {"code": lieu.code, "nom": lieu.nom, "region": lieu.region.nom}


def structure_breve(structure: Structure) -> dict[str, Any]:
    return {
        "id": structure.slug,
        "nom": structure.nom,
        "departement": departement(structure.departement),
        "url": settings.MAILLAGE_URL + reverse("centre", args=[structure.slug]),
    }


def structure(objet: Structure) -> dict[str, Any]:
    return structure_breve(objet) | {
        "genre": objet.genre,
        "etat": objet.etat,
        "adresse": objet.adresse,
        "code_postal": objet.code_postal,
        "code_insee": objet.commune_id,
        "commune": objet.commune.nom if objet.commune else None,
        "telephone": objet.telephone_international or objet.telephone,
        "courriel": objet.courriel,
        "site_web": objet.site_web,
        "siret": objet.siret,
        "gestionnaire": objet.gestionnaire.nom if objet.gestionnaire else None,
        "accroche": objet.accroche,
        "sites": [site(lieu) for lieu in objet.sites.all()],
        "modifie_le": objet.modifie_le,
    }


def site(lieu: Site) -> dict[str, Any]:
    return {
        "nom": lieu.nom,
        "est_principal": lieu.est_principal,
        "adresse": lieu.adresse,
        "code_postal": lieu.code_postal,
        "code_insee": lieu.commune_id,
        "commune": lieu.commune.nom if lieu.commune else None,
        "telephone": lieu.telephone_international or lieu.telephone,
        "horaires": lieu.horaires,
        "accessibilite": lieu.accessibilite,
        "acceslibre": lieu.acceslibre,
        "latitude": lieu.latitude,
        "longitude": lieu.longitude,
    }


def terme(objet: Terme) -> dict[str, str]:
    return {
        "famille": objet.famille,
        "slug": objet.slug,
        "libelle": objet.libelle,
        "libelle_source": objet.libelle_source,
    }


def experience_breve(fiche: Experience) -> dict[str, Any]:
    return {
        "id": fiche.code,
        "titre": texte_public(fiche, "titre"),
        "accroche": accroche(fiche, LONGUEUR_ACCROCHE),
        "statut": fiche.statut,
        "structure": structure_breve(fiche.structure),
        "publie_le": fiche.publie_le,
        "modifie_le": fiche.modifie_le,
        "url": settings.MAILLAGE_URL + reverse("experience", args=[fiche.code, fiche.slug]),
    }


def experience(fiche: Experience) -> dict[str, Any]:
    """La fiche entière, préchargée par `.completes()`."""
    return experience_breve(fiche) | {
        "textes": {champ: texte for champ in TEXTES if (texte := texte_public(fiche, champ))},
        "termes": [terme(classement.terme) for classement in fiche.classements.all()],
        "partenaires": [
            {"nom": lien.partenaire.nom, "role": lien.role, "montant": lien.montant}
            for lien in fiche.partenariats.all()
        ],
        "moyens": [
            {
                "genre": moyen.genre,
                "valeur": moyen.valeur,
                "periode": moyen.periode,
                "est_approximatif": moyen.est_approximatif,
                "extrait": moyen.extrait,
            }
            for moyen in fiche.moyens.all()
        ],
        "budget": fiche.budget,
        "depuis_le": fiche.depuis_le,
        "sources": [
            {"fichier_source": source.fichier_source, "position": source.position}
            for source in fiche.sources.all()
        ],
    }


def correction(reparee: Correction | None) -> dict[str, str] | None:
    return {"de": reparee.de, "vers": reparee.vers} if reparee else None
