"""Les mots de nos documents : `exportation.document` écrit avec eux, `retour` les relit."""

from typing import Final

MENTION: Final = "Document sorti de Maillage"
"""Par quoi commence la dernière ligne : c’est elle qui fait reconnaître le document."""
CHIFFRES, ARBRE, FICHES = "Les chiffres du diagnostic", "L’arbre du projet", "Les fiches actions"
GOUVERNANCE, SIGLES = "La gouvernance", "Les sigles"
A_RANGER: Final = "Ce qui n’a pas trouvé sa place"
PARTIES: Final = (CHIFFRES, ARBRE, FICHES, GOUVERNANCE, SIGLES, A_RANGER)
"""Les dernières parties, dans l'ordre ; avant elles, les textes du projet."""
FICHES_DE_L_AXE, FICHES_SANS_AXE = "Les fiches de l’axe", "Les fiches sans axe"
SANS_TITRE: Final = "Sans titre"
STRUCTURE, TERRITOIRE, QUARTIERS, QPV = (
    *("Centre social", "Territoire", "Quartiers"),
    "Quartiers prioritaires (QPV)",
)
ENTRE_DEUX_ZONES: Final = " / "
ENTRE_DEUX_LIGNES: Final = " à "
ENTETES_DES_CHIFFRES: Final = ("Chiffre", "Valeur", "Zone", "Source", "Année")
ENTETES_DES_INSTANCES: Final = ("Instance", "Rôle", "Qui y siège")
ENTETES_DES_SIGLES: Final = ("Sigle", "Signification")
ENTETES_DES_PASSAGES: Final = ("Lignes", "Passage")
LEGENDE_DE_FICHE: Final = "Ce que prévoit l’action"
LEGENDE_DES_CHIFFRES: Final = "Chiffres du diagnostic"
LEGENDE_DES_INSTANCES: Final = "Les instances et leur rôle"
LEGENDE_DES_SIGLES: Final = "Sigles"
LEGENDE_DES_PASSAGES: Final = "Passages du document d’origine, à ranger"
LEGENDES: Final = (
    LEGENDE_DE_FICHE,
    LEGENDE_DES_CHIFFRES,
    LEGENDE_DES_INSTANCES,
    LEGENDE_DES_SIGLES,
    LEGENDE_DES_PASSAGES,
)
TABLEAU_FAMILLES: Final = "Indicateurs familles"
INTITULE: Final = "Intitulé de l’action"
TRANSVERSAL: Final = "transversal"
RUBRIQUES: Final = {
    "axe": "Axe",
    "annees": "Années",
    "statut": "Statut de l’action",
    "objectifs_generaux": "Objectifs généraux",
    "contexte": "Contexte",
    "objectifs_operationnels": "Objectifs opérationnels",
    "public": "Public cible",
    "attention_particuliere": "Attention particulière",
    "presentation": "Présentation de l’action",
    "echeancier": "Échéancier",
    "moyens_humains": "Moyens humains",
    "moyens_materiels": "Moyens matériels et financiers",
    "partenaires": "Partenariat existant",
    "partenaires_potentiels": "Partenariat potentiel",
    "resultats_attendus": "Résultats attendus",
    "indicateurs_quantitatifs": "Indicateurs quantitatifs",
    "indicateurs_qualitatifs": "Indicateurs qualitatifs",
    "freins": "Freins à lever",
    "projets_specifiques": "Projets spécifiques",
    "pilote": "Pilote",
}
"""Clé de l'objet d'échange → libellé de sa cellule. Une cellule vide ne se montre pas."""
DITES_A_PART: Final = ("axe", "annees", "statut", "projets_specifiques", "pilote")
"""Les rubriques d'une fiche qui ne sont pas ses cellules."""
