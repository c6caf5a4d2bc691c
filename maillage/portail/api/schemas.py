"""Ce que l'API rend, champ par champ. Les descriptions sont lues sur la page de documentation."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from ninja import Schema
from pydantic import Field

T = TypeVar("T")


class Page(Schema, Generic[T]):
    total: int = Field(description="Nombre d’objets qui répondent, toutes pages comprises.")
    page: int = Field(description="Numéro de la page rendue, à partir de 1.")
    par_page: int
    suivante: str | None = Field(description="Adresse de la page suivante ; nul à la dernière.")
    objets: list[T]


class DepartementLu(Schema):
    code: str = Field(description="Code INSEE : « 01 », « 2A », « 971 ».")
    nom: str
    region: str


class StructureBreve(Schema):
    id: str = Field(description="Identifiant stable, qui termine aussi l’adresse de la page.")
    nom: str
    departement: DepartementLu | None
    url: str = Field(description="Page à lire.")


class TermeLu(Schema):
    famille: str = Field(description="dimension, mot_cle, public, initiative, territoire ou theme.")
    slug: str
    libelle: str
    libelle_source: str = Field(description="Graphie du catalogue national, gardée pour les échanges.")


class PartenaireLu(Schema):
    nom: str
    role: str = Field(description="action (il agit) ou financeur (il finance).")
    montant: float | None = Field(description="En euros, quand il est connu.")


class MoyenLu(Schema):
    genre: str = Field(description="montant, professionnels, benevoles, habitants ou temps_plein.")
    valeur: float
    periode: str
    est_approximatif: bool
    extrait: str = Field(description="Les mots du centre dont vient ce nombre.")


class SourceLue(Schema):
    fichier_source: str
    position: int


class ExperienceBreve(Schema):
    id: str = Field(description="Code court et définitif.")
    titre: str
    accroche: str = Field(description="Début du résumé.")
    statut: str = Field(description="en_cours, terminee, ou vide.")
    structure: StructureBreve
    publie_le: datetime | None
    modifie_le: datetime
    url: str


class ExperienceLue(ExperienceBreve):
    textes: dict[str, str] = Field(
        description="Textes du centre, tels quels ; téléphones et courriels non vérifiés y sont masqués."
    )
    termes: list[TermeLu]
    partenaires: list[PartenaireLu]
    moyens: list[MoyenLu]
    budget: float | None = Field(description="Montant reconnu dans le texte, en euros.")
    depuis_le: date | None
    sources: list[SourceLue] = Field(description="Blocs du catalogue national dont elle vient.")


class SiteLu(Schema):
    nom: str
    est_principal: bool
    adresse: str
    code_postal: str
    code_insee: str | None
    commune: str | None
    telephone: str = Field(description="Au format international quand il est reconnu.")
    horaires: str = Field(description="Notation opening_hours d’OpenStreetMap.")
    accessibilite: list[str]
    acceslibre: str
    latitude: float | None
    longitude: float | None


class StructureLue(StructureBreve):
    genre: str = Field(description="centre_social, espace_de_vie_sociale ou a_preciser.")
    etat: str = Field(description="active, a_completer ou fermee.")
    adresse: str
    code_postal: str
    code_insee: str | None
    commune: str | None
    telephone: str
    courriel: str
    site_web: str
    siret: str
    gestionnaire: str | None
    accroche: str
    sites: list[SiteLu]
    modifie_le: datetime


class ValeurDeFacette(Schema):
    valeur: str
    libelle: str
    nombre: int


class RechercheLue(Page[ExperienceBreve]):
    requete: str
    correction: dict[str, str] | None = Field(description="Mot réparé : de, vers. Nul sans réparation.")
    facettes: dict[str, list[ValeurDeFacette]]


def _filtre(description: str) -> Any:
    return Field(default_factory=list, max_length=50, description=description)


class Filtres(Schema):
    """Même clé répétée = OU ; clés différentes = ET."""

    dimension: list[str] = _filtre("Dimension : slug, répétable.")
    mot_cle: list[str] = _filtre("Mot clé.")
    public: list[str] = _filtre("Public.")
    partenaire: list[str] = _filtre("Partenaire qui agit ou finance.")
    territoire: list[str] = _filtre("Taille du territoire.")
    initiative: list[str] = _filtre("Qui est à l’initiative.")
    statut: list[str] = _filtre("en_cours ou terminee.")
    departement: list[str] = _filtre("Département : slug, « isere ».")
    region: list[str] = _filtre("Région : slug.")
    structure: list[str] = _filtre("Structure : identifiant.")
    annee: list[str] = _filtre("Année de publication.")
    budget: list[str] = _filtre("Tranche de budget.")


class Erreur(Schema):
    detail: str
