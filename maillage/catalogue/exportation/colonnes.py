"""Les colonnes d'un export : d'abord les clés de l'échange, dans leur ordre, puis les nôtres.

Les valeurs fermées sortent dans la graphie de la source (« Viellissement ») : un fichier exporté se relit ailleurs.
"""

from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from maillage.catalogue.choices import FamilleTerme, RolePartenaire, StatutAction
from maillage.catalogue.importation.bloc import CLES
from maillage.catalogue.models import BlocSource, Experience
from maillage.catalogue.presentation import partenariats, termes, texte_public

COLONNES_BLOC = CLES
COLONNES_EXPERIENCE = (
    *CLES,
    "id",
    "code",
    "adresse",
    "region",
    "themes",
    "elements_diagnostic",
    "impacts",
    "financeurs",
    "budget",
    "moyens",
    "publie_le",
    "modifie_le",
    "sources",
)
_LISTES = {
    "dimensions": FamilleTerme.DIMENSION,
    "mots_cles": FamilleTerme.MOT_CLE,
    "initiatives": FamilleTerme.INITIATIVE,
    "publics": FamilleTerme.PUBLIC,
    "themes": FamilleTerme.THEME,
}
_TEXTES = (
    "titre",
    "resume",
    "description_experience",
    "description",
    "ressources_financieres",
    "personnes_mobilisees",
    "resultat_territoire",
    "resultat_centre",
    "resultat_habitants",
    "limites",
    "perspectives",
    "elements_diagnostic",
    "impacts",
)
_TEXTES_FACULTATIFS = ("raison_fin", "initiative_precision")
"""Dans la source, le libellé même peut manquer : c'est alors `null`, et non un texte vide."""


def ligne_de_bloc(source: BlocSource) -> dict[str, Any]:
    """Le bloc lu, aux clés de l'échange."""
    place = {"fichier_source": source.fichier_source, "position": source.position}
    return {cle: place.get(cle, source.bloc.get(cle)) for cle in COLONNES_BLOC}


def ligne_de_fiche(experience: Experience, *, est_public: bool) -> dict[str, Any]:
    """Une expérience, aux clés de `COLONNES_EXPERIENCE`. Les partenaires de ses blocs sont réunis."""

    def texte(champ: str) -> str:
        return texte_public(experience, champ) if est_public else getattr(experience, champ)

    sources = list(experience.sources.all())
    principale = _source_principale(experience, sources)
    bloc = principale.bloc if principale else {}
    structure = experience.structure
    departement = structure.departement.nom if structure.departement else ""
    listes = {
        cle: [un.libelle_source for un in termes(experience, famille)] for cle, famille in _LISTES.items()
    }
    ligne = {
        "fichier_source": principale.fichier_source if principale else "",
        "position": principale.position if principale else None,
        "structure_brute": bloc.get("structure_brute") or f"{structure.nom} - {departement}",
        "structure_nom": bloc.get("structure_nom") or structure.nom,
        "departement": bloc.get("departement") or departement,
        "fichiers_associes": bloc.get("fichiers_associes", experience.fichiers_associes),
        "statut": StatutAction(experience.statut).label if experience.statut else bloc.get("statut", ""),
        **{champ: texte(champ) for champ in _TEXTES},
        **{champ: texte(champ) or bloc.get(champ) for champ in _TEXTES_FACULTATIFS},
        **listes,
        "territoire": " ".join(un.libelle_source for un in termes(experience, FamilleTerme.TERRITOIRE)),
        "partenaires_action": [
            lien.partenaire.nom_source or lien.partenaire.nom
            for lien in partenariats(experience, RolePartenaire.ACTION)
        ],
        "id": experience.pk,
        "code": experience.code,
        "adresse": settings.MAILLAGE_URL + _adresse(experience),
        "region": structure.departement.region.nom if structure.departement else "",
        "financeurs": [
            {"nom": lien.partenaire.nom, "montant": lien.montant}
            for lien in partenariats(experience, RolePartenaire.FINANCEUR)
        ],
        "budget": experience.budget,
        "moyens": [
            {
                "genre": moyen.genre,
                "valeur": moyen.valeur,
                "periode": moyen.periode,
                "est_approximatif": moyen.est_approximatif,
                "champ": moyen.champ,
                "extrait": moyen.extrait,
            }
            for moyen in experience.moyens.all()
            if moyen.est_retenu
        ],
        "publie_le": experience.publie_le,
        "modifie_le": experience.modifie_le,
        "sources": [
            {
                "fichier_source": source.fichier_source,
                "position": source.position,
                "partenaires_action": source.bloc["partenaires_action"],
            }
            for source in sources
        ],
    }
    return {cle: ligne[cle] for cle in COLONNES_EXPERIENCE}


def _source_principale(experience: Experience, sources: list[BlocSource]) -> BlocSource | None:
    """Le bloc qui raconte cette fiche : un doublon réuni a apporté les siens, qui ont un autre titre."""
    siennes = (source for source in sources if source.bloc.get("titre") == experience.titre)
    return next(siennes, sources[0] if sources else None)


def _adresse(experience: Experience) -> str:
    try:
        return reverse("experience", args=[experience.code, experience.slug])
    except NoReverseMatch:
        return f"/e/{experience.code}"
