"""Ce qu'un document donne : des pièces figées, chacune avec sa place dans le document.

`ligne_debut` et `ligne_fin` comptent à partir de 1 : les lignes d'un texte, les paragraphes d'une page ou d'un document
Word. Rien ici n'est écrit en base : une personne accepte, corrige ou met de côté chaque pièce.
"""

from dataclasses import dataclass, field
from datetime import date

from maillage.projets.importation.blocs import Ligne

CHAMPS_DE_TEXTE = ("contexte", "presentation")
"""Ces cellules se lisent comme un texte ; toutes les autres comme une liste."""

CHAMPS = (
    "contexte",
    "objectifs_generaux",
    "objectifs_operationnels",
    "public",
    "presentation",
    "echeancier",
    "moyens_humains",
    "moyens_materiels",
    "partenaires",
    "resultats_attendus",
    "indicateurs_quantitatifs",
    "indicateurs_qualitatifs",
    "freins",
)
"""Les cellules d'une fiche action."""

DITS_A_PART = {"public": "attention_particuliere", "partenaires": "partenaires_potentiels"}
"""Champ → celui que l'objet d'échange y réunit, à la fin, et que nos fiches disent aussi à part."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    ligne_debut: int
    ligne_fin: int


@dataclass(frozen=True, kw_only=True)
class AxeLu(Piece):
    """`numero` : « 1 », « A », ou « T » pour un axe transversal."""

    numero: str
    titre: str


@dataclass(frozen=True, kw_only=True)
class EnjeuLu(Piece):
    numero: int
    axe: str
    titre: str


@dataclass(frozen=True, kw_only=True)
class OperationnelLu:
    """`fiches` : celles que l'arbre cite sous lui plutôt que sous l'objectif général."""

    titre: str
    fiches: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ObjectifLu(Piece):
    """`fiches` : les numéros, dans l'axe. `renvois` : les fiches d'un autre axe que l'arbre rappelle ici."""

    titre: str
    enjeu: int | None
    axe: str
    fiches: tuple[str, ...] = ()
    renvois: tuple[str, ...] = ()
    operationnels: tuple[OperationnelLu, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CelluleLue(Piece):
    """Une cellule d'une fiche. `libelle` : comme la source l'écrit (« Partenariat potentiel »)."""

    champ: str
    libelle: str
    lignes: tuple[Ligne, ...]

    @property
    def elements(self) -> tuple[str, ...]:
        return tuple(ligne.texte for ligne in self.lignes)

    @property
    def texte(self) -> str:
        """Les paragraphes, et les listes à tirets."""
        base = min((ligne.puce for ligne in self.lignes if ligne.puce), default=1)
        return "\n".join(
            f"{'  ' * (ligne.puce - base)}- {ligne.texte}" if ligne.puce else ligne.texte
            for ligne in self.lignes
        )


@dataclass(frozen=True, kw_only=True)
class FicheLue(Piece):
    """`numero` comme la source l'écrit ; `axe` vide quand rien ne le dit. `autres` : pilote, lieu…"""

    axe: str
    numero: str
    ordre: int
    titre: str
    titre_dans_arbre: str | None = None
    statut: str | None = None
    annees: tuple[int, ...] = ()
    enjeux: tuple[int, ...] = ()
    objectifs: tuple[str, ...] = ()
    cellules: tuple[CelluleLue, ...] = ()
    projets_specifiques: tuple[str, ...] = ()
    autres: tuple[tuple[str, str], ...] = ()

    def elements(self, champ: str) -> list[str]:
        return [
            element for cellule in self.cellules if cellule.champ == champ for element in cellule.elements
        ]

    def texte(self, champ: str) -> str:
        return "\n".join(cellule.texte for cellule in self.cellules if cellule.champ == champ)


@dataclass(frozen=True, kw_only=True)
class InstanceLue(Piece):
    nom: str
    role: str = ""
    composition: str = ""


@dataclass(frozen=True, kw_only=True)
class ChiffreLu(Piece):
    libelle: str
    valeur: float
    unite: str
    zone: str
    source: str = ""
    annee: int | None = None


@dataclass(frozen=True, kw_only=True)
class ValeurLue:
    """`brut` comme la source l'écrit ; `valeur` absente quand la source ne la donne pas (« nc »)."""

    zone: str
    brut: str
    valeur: float | None
    unite: str


@dataclass(frozen=True, kw_only=True)
class LigneDeTableau(Piece):
    libelle: str
    valeurs: tuple[ValeurLue, ...]


@dataclass(frozen=True, kw_only=True)
class TableauLu(Piece):
    """Un tableau de chiffres : des zones en colonnes, un libellé par ligne."""

    titre: str
    source: str
    zones: tuple[str, ...]
    lignes: tuple[LigneDeTableau, ...]


@dataclass(frozen=True, kw_only=True)
class SigleLu(Piece):
    sigle: str
    sens: str


@dataclass(frozen=True, kw_only=True)
class ParagrapheLu(Piece):
    texte: str
    puce: int = 0


@dataclass(frozen=True, kw_only=True)
class ChapitreLu(Piece):
    """Un passage de texte suivi. `niveau` 1 pour un chapitre, 2 pour « 1.2 », 3 pour « 1.2.1 »."""

    niveau: int
    titre: str
    paragraphes: tuple[ParagrapheLu, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Periode:
    debut: int
    fin: int


@dataclass(frozen=True, kw_only=True)
class ProjetLu(Piece):
    """`du`, `au` : les jours exacts, que seuls nos documents disent."""

    nom: str
    structure: str = ""
    territoire: str = ""
    quartiers: tuple[str, ...] = ()
    qpv: tuple[str, ...] = ()
    periode: Periode | None = None
    du: date | None = None
    au: date | None = None
    axes: tuple[AxeLu, ...] = ()
    enjeux: tuple[EnjeuLu, ...] = ()
    objectifs: tuple[ObjectifLu, ...] = ()
    fiches: tuple[FicheLue, ...] = ()
    gouvernance: tuple[InstanceLue, ...] = ()
    chiffres_diagnostic: tuple[ChiffreLu, ...] = ()
    indicateurs_familles: TableauLu | None = None
    tableaux: tuple[TableauLu, ...] = ()
    sigles: tuple[SigleLu, ...] = ()
    chapitres: tuple[ChapitreLu, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Morceau(Piece):
    """Ce qu'aucune règle n'a su placer. `projet` : le nom de celui où il se trouve, vide hors de tout projet."""

    projet: str
    texte: str


@dataclass(frozen=True, kw_only=True)
class Compte:
    """Paragraphes et rangs de tableau. Toujours : lus = places + a_ranger + mise_en_page."""

    lus: int
    places: int
    a_ranger: int
    mise_en_page: int


@dataclass(frozen=True, kw_only=True)
class DocumentLu:
    projets: tuple[ProjetLu, ...]
    paragraphes: Compte
    a_ranger: tuple[Morceau, ...] = field(default=())
