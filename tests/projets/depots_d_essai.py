"""Un petit projet social à nous, en page web, et le dépôt qui en vient."""

from typing import Any

from maillage.comptes.models import Utilisateur
from maillage.projets.models import DepotDeProjet, ProjetSocial
from maillage.projets.operations.depots import deposer_projet
from maillage.territoire.models import Structure


def _fiche(numero: str, titre: str, axe: str, objectif: str, **cellules: str) -> str:
    lignes = {"Axe": axe, "Objectif général": objectif, **cellules}
    rangs = "".join(f"<tr><th>{libelle}</th><td>{texte}</td></tr>" for libelle, texte in lignes.items())
    return f"<h2>Fiche action {numero} : {titre}</h2><table>{rangs}</table>"


DROITS, LIENS = "Axe 1 : Faire valoir ses droits", "Axe 2 : Vivre en voisins"
PAGE = f"""<!doctype html><html lang="fr"><body>
<p>Projet social 2025-2028</p><h1>Centre social des Deux-Ponts</h1>
<h1>Préambule</h1><p>Ce projet est né de douze réunions d’habitants. Il dit ce que nous voulons pour le quartier.</p>
<h1>L’arbre du projet</h1>
<h2>{DROITS}</h2><h3>Enjeu 1 : Que personne ne renonce à une aide</h3>
<p>Objectif général : Rendre les démarches plus simples</p>
<ul><li>Fiche 01 : Le café des clics</li><li>Fiche 02 : L’écrivain public</li></ul>
<h2>{LIENS}</h2><h3>Enjeu 2 : Que les voisins se connaissent</h3>
<p>Objectif général : Multiplier les occasions de se rencontrer</p>
<ul><li>Fiche 01 : La fête des paliers</li></ul>
<h1>Les fiches actions</h1>
{
    _fiche(
        "01",
        "Le café des clics",
        DROITS,
        "Rendre les démarches plus simples",
        **{
            "Contexte": "Beaucoup de voisins n’osent plus faire une demande seuls.",
            "Public": "<ul><li>Les adultes</li><li>Les aînés</li></ul>",
            "Présentation": "Un café, trois tablettes, deux bénévoles.",
            "Échéancier": "Dès 2026",
            "Indicateurs quantitatifs": "<ul><li>Nombre de cafés tenus</li><li>Nombre de personnes venues</li></ul>",
            "Indicateurs qualitatifs": "<ul><li>Confiance prise par les personnes</li></ul>",
        },
    )
}
{
    _fiche(
        "02",
        "L’écrivain public",
        DROITS,
        "Rendre les démarches plus simples",
        **{
            "Contexte": "Les courriers restent fermés sur la table.",
            "Public": "Tout public",
            "Présentation": "Une permanence le mardi.",
            "Indicateurs quantitatifs": "Nombre de courriers écrits",
        },
    )
}
{
    _fiche(
        "01",
        "La fête des paliers",
        LIENS,
        "Multiplier les occasions de se rencontrer",
        **{
            "Contexte": "On se croise sans se parler.",
            "Public": "Les locataires",
            "Présentation": "Un goûter par cage d’escalier, en juin.",
            "Indicateurs quantitatifs": "Nombre de paliers",
        },
    )
}
</body></html>"""


def deposer(structure: Structure, par: Utilisateur, page: str = PAGE) -> DepotDeProjet:
    return deposer_projet("projet.html", page.encode(), structure=structure, par=par)


def adresses_du_depot(
    projet: ProjetSocial, structure: Structure, par: Utilisateur
) -> dict[str, dict[str, Any]]:
    """De quoi ouvrir chaque page de l'assistant et du dossier (`tests/architecture`)."""
    depot = {"pk": deposer(structure, par).pk}
    return {
        **dict.fromkeys(("depot", "depot_confirmer", "depot_abandonner"), depot),
        "depot_cadre": depot | {"projet": 0},
        "depot_partie": depot | {"projet": 0, "partie": "fiches"},
        "dossier": {"pk": projet.pk},
        "dossier_fichier": {"pk": projet.pk, "extension": "json"},
    }
