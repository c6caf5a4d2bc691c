"""Les champs d'une fiche que l'on écrit, compare et corrige : leur nom, leur forme, leur lecture en mots.

Une valeur se garde en JSON (`Contribution.contenu`) sous une seule forme par genre de champ :
texte et choix : chaîne ; mois : « 2026-03 » ou « » ; termes : liste de slugs, dans l'ordre ;
partenaires : liste de `{"nom", "montant"}`, le montant en euros en chaîne (« 1200.00 »), ou vide.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from maillage.catalogue.choices import FamilleTerme, RolePartenaire, StatutAction
from maillage.catalogue.models import Experience, Terme
from maillage.core.francais import euros

Valeur = Any


class GenreChamp(StrEnum):
    COURT = "court"
    LONG = "long"
    CHOIX = "choix"
    MOIS = "mois"
    TERMES = "termes"
    PARTENAIRES = "partenaires"


@dataclass(frozen=True, slots=True)
class Champ:
    """`famille` pour des termes, `role` pour des partenaires. `maximum` : nombre de termes que l'on peut choisir."""

    nom: str
    libelle: str
    genre: GenreChamp = GenreChamp.LONG
    famille: FamilleTerme | None = None
    role: RolePartenaire | None = None
    maximum: int = 0

    @property
    def vide(self) -> Valeur:
        return [] if self.genre in {GenreChamp.TERMES, GenreChamp.PARTENAIRES} else ""


def _termes(nom: str, libelle: str, famille: FamilleTerme, maximum: int) -> Champ:
    return Champ(nom, libelle, GenreChamp.TERMES, famille=famille, maximum=maximum)


_TOUS = (
    Champ("titre", "Titre", GenreChamp.COURT),
    Champ("resume", "Résumé"),
    Champ("statut", "Où en est l’action", GenreChamp.CHOIX),
    Champ("raison_fin", "Pourquoi elle s’est terminée"),
    Champ("depuis_le", "Depuis quand", GenreChamp.MOIS),
    _termes("dimensions", "Dimensions", FamilleTerme.DIMENSION, 3),
    _termes("mots_cles", "Mots clés", FamilleTerme.MOT_CLE, 6),
    _termes("publics", "Publics", FamilleTerme.PUBLIC, 8),
    _termes("territoires", "Territoire", FamilleTerme.TERRITOIRE, 1),
    _termes("initiatives", "À l’initiative de", FamilleTerme.INITIATIVE, 6),
    Champ("initiative_precision", "Précision sur l’initiative"),
    Champ("elements_diagnostic", "Ce qui a fait naître l’action"),
    Champ("description_experience", "Le récit de l’expérience"),
    Champ("description", "Description générale"),
    Champ("ressources_financieres", "Ressources financières"),
    Champ("personnes_mobilisees", "Personnes mobilisées"),
    Champ(
        "partenaires_action", "Partenaires qui agissent", GenreChamp.PARTENAIRES, role=RolePartenaire.ACTION
    ),
    Champ("financeurs", "Financeurs", GenreChamp.PARTENAIRES, role=RolePartenaire.FINANCEUR),
    Champ("resultat_habitants", "Résultat pour les habitants"),
    Champ("resultat_centre", "Résultat pour le centre"),
    Champ("resultat_territoire", "Résultat sur le territoire"),
    Champ("impacts", "Effets positifs"),
    Champ("limites", "Limites"),
    Champ("perspectives", "Perspectives"),
)
CHAMPS: dict[str, Champ] = {champ.nom: champ for champ in _TOUS}
"""Dans l'ordre de la fiche."""


def lire_champ(experience: Experience, nom: str) -> Valeur:
    """La valeur d'un champ de la fiche telle qu'elle est en ligne, non masquée."""
    champ = CHAMPS[nom]
    if champ.genre == GenreChamp.TERMES:
        return [c.terme.slug for c in experience.ses_classements if c.terme.famille == champ.famille]
    if champ.genre == GenreChamp.PARTENAIRES:
        return [
            {"nom": p.partenaire.nom, "montant": "" if p.montant is None else str(p.montant)}
            for p in experience.ses_partenariats
            if p.role == champ.role
        ]
    if champ.genre == GenreChamp.MOIS:
        return experience.depuis_le.strftime("%Y-%m") if experience.depuis_le else ""
    return getattr(experience, nom)


def lire_champs(experience: Experience) -> dict[str, Valeur]:
    return {nom: lire_champ(experience, nom) for nom in CHAMPS}


def en_mots(nom: str, valeur: Valeur) -> str:
    """La valeur comme on la lirait : pour comparer deux états, et pour le journal. Une ligne par élément de liste."""
    champ = CHAMPS[nom]
    if champ.genre == GenreChamp.TERMES:
        libelles = dict(Terme.objects.filter(famille=champ.famille).values_list("slug", "libelle"))
        return "\n".join(libelles.get(slug, slug) for slug in valeur)
    if champ.genre == GenreChamp.PARTENAIRES:
        return "\n".join(_partenaire_en_mots(partenaire) for partenaire in valeur)
    if champ.genre == GenreChamp.CHOIX and valeur:
        return StatutAction(valeur).label
    if champ.genre == GenreChamp.MOIS and valeur:
        annee, _, mois = valeur.partition("-")
        return f"{mois}/{annee}"
    return str(valeur)


def _partenaire_en_mots(partenaire: dict[str, str]) -> str:
    montant = partenaire.get("montant")
    return f"{partenaire['nom']}, {euros(Decimal(montant))}" if montant else partenaire["nom"]
