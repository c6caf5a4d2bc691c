"""Écrire une page du catalogue : l'inverse de la lecture, pour prouver l'aller-retour."""

from collections.abc import Iterable
from typing import Any

from maillage.catalogue.importation import lexique

TEXTES_DE_FIN = (
    (lexique.DESCRIPTION, "description"),
    (lexique.RESSOURCES, "ressources_financieres"),
    (lexique.PERSONNES, "personnes_mobilisees"),
    (lexique.RESULTAT_TERRITOIRE, "resultat_territoire"),
    (lexique.RESULTAT_CENTRE, "resultat_centre"),
    (lexique.RESULTAT_HABITANTS, "resultat_habitants"),
    (lexique.LIMITES, "limites"),
    (lexique.PERSPECTIVES, "perspectives"),
)


def bloc(**champs: Any) -> dict[str, Any]:
    """Une fiche inventée, aux clés de l'échange ; chaque argument en remplace une."""
    return {
        "titre": "Le jardin des voisins",
        "structure_nom": "CENTRE SOCIAL DES TILLEULS",
        "departement": "Allier",
        "fichiers_associes": [],
        "statut": "En cours",
        "raison_fin": None,
        "dimensions": ["Citoyenneté"],
        "mots_cles": ["Solidarité", "Mixité sociale"],
        "resume": "Un potager partagé au pied des immeubles.",
        "initiatives": ["Un groupe d'habitants"],
        "initiative_precision": None,
        "territoire": "Un quartier",
        "description_experience": "Tout est parti d'un banc.",
        "publics": ["Tous publics"],
        "partenaires_action": ["Bailleur social"],
        "description": "- Préparer la terre\n- Semer",
        "ressources_financieres": "1 200 €",
        "personnes_mobilisees": "2 professionnels et 12 bénévoles",
        "resultat_territoire": "",
        "resultat_centre": "",
        "resultat_habitants": "Des voisins se parlent.",
        "limites": "",
        "perspectives": "Planter des arbres fruitiers.",
    } | champs


def rendre(fiches: Iterable[dict[str, Any]], *, avec_titre_du_site: bool = True) -> str:
    """La page qui porte ces fiches, comme le site la donne."""
    lignes = [lexique.TITRE_DU_SITE] if avec_titre_du_site else []
    for fiche in fiches:
        lignes += _lignes(fiche)
    return "\n".join(lignes)


def _lignes(fiche: dict[str, Any]) -> list[str]:
    def libelle(nom: lexique.Libelle) -> str:
        return f"- {nom.texte}"

    def liste(valeurs: Iterable[str]) -> list[str]:
        return [f"- {valeur}" for valeur in valeurs]

    def texte(valeur: str) -> list[str]:
        return valeur.split("\n") if valeur else []

    def valeur_seule(valeur: str) -> list[str]:
        return [f"- {valeur}"] if valeur else []

    lignes = [lexique.DEBUT_DE_FICHE, fiche["titre"]] if fiche["titre"] else [lexique.DEBUT_DE_FICHE]
    lignes += [libelle(lexique.STRUCTURE), f"- {fiche['structure_nom']} - {fiche['departement']}"]
    if fiche["fichiers_associes"] is not None:
        lignes += [libelle(lexique.FICHIERS), *liste(fiche["fichiers_associes"])]
    lignes += [libelle(lexique.STATUT), *valeur_seule(fiche["statut"])]
    if fiche["raison_fin"] is not None:
        lignes += [libelle(lexique.RAISON_FIN), *texte(fiche["raison_fin"])]
    lignes += [libelle(lexique.DIMENSION), *liste(fiche["dimensions"])]
    lignes += [libelle(lexique.MOTS_CLES), "-", *liste(fiche["mots_cles"])]
    lignes += [libelle(lexique.RESUME), *texte(fiche["resume"])]
    lignes += [libelle(lexique.INITIATIVE), "-", *liste(fiche["initiatives"])]
    if fiche["initiative_precision"] is not None:
        lignes += [libelle(lexique.PRECISION), *texte(fiche["initiative_precision"])]
    territoire = [libelle(lexique.TERRITOIRE), *valeur_seule(fiche["territoire"])]
    lignes += [*territoire, libelle(lexique.DESCRIPTION_EXPERIENCE), *texte(fiche["description_experience"])]
    lignes += [libelle(lexique.PUBLIC), *liste(fiche["publics"])]
    lignes += [
        libelle(lexique.AVEC_QUI),
        "-",
        lexique.PARTENAIRES_ACTION,
        *liste(fiche["partenaires_action"]),
    ]
    lignes += territoire
    for nom, champ in TEXTES_DE_FIN:
        lignes += [libelle(nom), *texte(fiche[champ])]
    return lignes


def relue(fiche: dict[str, Any], position: int = 1, fichier: str = "page.txt") -> dict[str, Any]:
    """Ce que la lecture doit rendre pour cette fiche."""
    brute = f"{fiche['structure_nom']} - {fiche['departement']}"
    return fiche | {"fichier_source": fichier, "position": position, "structure_brute": brute}
