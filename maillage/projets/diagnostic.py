"""Ce que l'on range au diagnostic, chacun avec ses champs : constats, paroles, thèmes, rencontres, résultats."""

from typing import Final

from maillage.projets.elements import Genre
from maillage.projets.models import Constat, Parole, Rencontre, ResultatEnquete, ThemeDeParoles

GENRES_DU_DIAGNOSTIC: Final[dict[str, Genre]] = {
    genre.cle: genre
    for genre in (
        Genre(
            "constats",
            Constat,
            ("texte", "nature", "source"),
            "constat",
            "Constats",
            "« Trois écoles, et aucun lieu ouvert le mercredi. »",
            "scan-search",
        ),
        Genre(
            "paroles",
            Parole,
            ("texte", "qui", "theme_id", "occasion"),
            "parole",
            "Paroles d’habitants",
            "« Le bus, après huit heures, il n’y en a plus. » Une lycéenne du Moulin.",
            "message-circle",
        ),
        Genre(
            "themes",
            ThemeDeParoles,
            ("nom", "couleur"),
            "thème",
            "Thèmes des paroles",
            "Se déplacer, se soigner, trouver quelqu’un à qui parler.",
            "library",
        ),
        Genre(
            "rencontres",
            Rencontre,
            ("titre", "genre", "le", "lieu", "affluence", "retenu"),
            "rencontre",
            "Rencontres et restitutions",
            "Le café de la place, douze habitants, deux élues.",
            "users-round",
        ),
        Genre(
            "resultats",
            ResultatEnquete,
            ("question", "enquete", "annee", "croisement", "colonnes", "lignes"),
            "résultat",
            "Résultats d’enquête",
            "« Qu’est-ce qui vous manque le plus ici ? », question par question.",
            "clipboard-check",
        ),
    )
}
