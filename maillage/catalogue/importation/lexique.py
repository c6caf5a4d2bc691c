"""Les mots de la page source : libellés dans leur ordre, valeurs des listes fermées, graphies.

Relevé sur les pages du catalogue national SENACS (`docs/format-du-catalogue.md`). La graphie de la source est
gardée pour l'échange ; ce que les gens lisent est corrigé.
"""

from dataclasses import dataclass

TITRE_DU_SITE = "Les actions des centres sociaux"
DEBUT_DE_FICHE = "Actions"
PARTENAIRES_ACTION = "Partenaires d'action:"
PARTENAIRES_FINANCIERS = "Partenaires financiers:"


@dataclass(frozen=True)
class Libelle:
    """Un libellé de la page. `signe` : la lettre qui le représente pendant la lecture."""

    signe: str
    texte: str
    est_facultatif: bool = False


STRUCTURE = Libelle("S", "Structure organisatrice")
FICHIERS = Libelle("F", "Fichier(s) associé(s)", est_facultatif=True)
STATUT = Libelle("T", "Statut de l'action")
RAISON_FIN = Libelle("R", "Raisons pour lesquelles l'action est terminée", est_facultatif=True)
DIMENSION = Libelle("D", "Dimension")
MOTS_CLES = Libelle("M", "Mots clés associés à l'action")
RESUME = Libelle("Z", "Résumé")
INITIATIVE = Libelle("I", "Qui est à l'initiative de l'action ?")
PRECISION = Libelle("P", "Précision ( si autre )", est_facultatif=True)
TERRITOIRE = Libelle("C", "Territoire concerné")
DESCRIPTION_EXPERIENCE = Libelle(
    "E", "Description de l'expérience, ses objectifs, ses acteurs et ses différentes phases."
)
PUBLIC = Libelle("U", "Public")
AVEC_QUI = Libelle("Q", "Avec qui cette action a-t-elle été menée ?")
DESCRIPTION = Libelle("G", "Description générale")
RESSOURCES = Libelle("1", "Ressources financières mobilisées pour cette action")
PERSONNES = Libelle("2", "Nombre de personnes mobilisés pour cette action")
RESULTAT_TERRITOIRE = Libelle("3", "Résultat sur le territoire")
RESULTAT_CENTRE = Libelle("4", "Résultat pour le centre social")
RESULTAT_HABITANTS = Libelle("5", "Résultat pour les habitants")
LIMITES = Libelle("6", "Suite de l'action : Limites")
PERSPECTIVES = Libelle("7", "Suite de l'action : Perspectives")

ORDRE_V2 = (
    STRUCTURE,
    FICHIERS,
    STATUT,
    RAISON_FIN,
    DIMENSION,
    MOTS_CLES,
    RESUME,
    INITIATIVE,
    PRECISION,
    TERRITOIRE,
    DESCRIPTION_EXPERIENCE,
    PUBLIC,
    AVEC_QUI,
    TERRITOIRE,
    DESCRIPTION,
    RESSOURCES,
    PERSONNES,
    RESULTAT_TERRITOIRE,
    RESULTAT_CENTRE,
    RESULTAT_HABITANTS,
    LIMITES,
    PERSPECTIVES,
)
"""Les libellés d'une fiche, dans l'ordre de la page. « Territoire concerné » y est deux fois."""

# Fiche ancienne (avant 2015 environ) : d'autres questions, dans un autre ordre, sans public ni partenaire.
THEMES = Libelle("h", "Thèmes")
DIAGNOSTIC = Libelle("q", "Quels furent les éléments de diagnostic à l'origine de l'expérience ?")
MOTS_CLES_V1 = Libelle("m", "Mots clés")
IMPACTS = Libelle(
    "i", "Quels sont les impacts ou effets positifs sur le public, le centre social, l'environnement ?"
)
DEBUT_IMPACTS = "Quels sont les impacts ou effets positifs"
"""La fin de la question change d'une page à l'autre : son début suffit à la reconnaître."""

ORDRE_V1 = (
    STRUCTURE,
    FICHIERS,
    STATUT,
    THEMES,
    DIAGNOSTIC,
    MOTS_CLES_V1,
    DESCRIPTION,
    DESCRIPTION_EXPERIENCE,
    IMPACTS,
)

VALEURS: dict[str, dict[str, str]] = {
    "statut": {"En cours": "En cours", "Terminée": "Terminée"},
    "dimensions": {
        "Accompagnement de projets": "Accompagnement de projets",
        "Citoyenneté": "Citoyenneté",
        "Services": "Services",
    },
    "mots_cles": {
        "alphabétisation & apprentissage du français": "Alphabétisation et apprentissage du français",
        "Culture": "Culture",
        "Démocratie & citoyenneté": "Démocratie et citoyenneté",
        "développement durable": "Développement durable",
        "discriminations": "Discriminations",
        "éducation / scolarité": "Éducation, scolarité",
        "Emploi, économie": "Emploi, économie",
        "Environnement": "Environnement",
        "Habitants": "Habitants",
        "Intégration": "Intégration",
        "intergénérationnel": "Intergénérationnel",
        "Logement": "Logement",
        "Mixité sociale": "Mixité sociale",
        "mobilité / transport": "Mobilité, transport",
        "Parentalité": "Parentalité",
        "Précarité": "Précarité",
        "Santé": "Santé",
        "Solidarité": "Solidarité",
        "vacances / loisirs": "Vacances, loisirs",
        "Viellissement": "Vieillissement",
    },
    "initiatives": {
        "Le centre social": "Le centre social",
        "Un groupe d'habitants": "Un groupe d'habitants",
        "Un ou plusieurs partenaire(s)": "Un ou plusieurs partenaires",
        "Autre": "Autre",
    },
    "territoire": {
        "Un quartier": "Un quartier",
        "Plusieurs quartiers": "Plusieurs quartiers",
        "Une commune": "Une commune",
        "Plusieurs communes": "Plusieurs communes",
        "Autre": "Autre",
    },
    "publics": {
        "Tous publics": "Tous publics",
        "Enfance": "Enfance",
        "Jeunesse": "Jeunesse",
        "Jeunes adultes": "Jeunes adultes",
        "Adultes": "Adultes",
        "familles": "Familles",
        "Seniors": "Seniors",
    },
    "partenaires_action": {
        "Bailleur social": "Bailleur social",
        "Caf": "Caf",
        "CARSAT": "Carsat",
        "Préfecture": "Préfecture",
    },
}
"""Par champ : graphie de la source → libellé affiché. Une valeur absente d'ici est acceptée, et signalée."""

LISTES_OUVERTES = frozenset({"partenaires_action", "themes"})
"""Listes dont on n'a vu qu'une partie : une valeur nouvelle n'y est pas une anomalie."""


def libelle_affiche(champ: str, graphie: str) -> str:
    """Ce que les gens lisent pour une graphie de la source ; une inconnue prend une majuscule."""
    return VALEURS.get(champ, {}).get(graphie) or graphie[:1].upper() + graphie[1:]


def est_connue(champ: str, graphie: str) -> bool:
    return champ in LISTES_OUVERTES or graphie in VALEURS[champ]
