"""Les menus : des noms d'URL, et qui les voit. Une adresse absente de l'installation n'apparaît pas.

Le droit est un nom pointé vers un `peut_…` : un menu ne montre à chacun que ce qu'il peut ouvrir.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lien:
    nom: str
    libelle: str
    icone: str = ""
    droit: str = ""


NAVIGATION_PUBLIQUE = (
    Lien("experiences", "Expériences"),
    Lien("centres", "Centres"),
    Lien("agenda", "Agenda"),
    Lien("guide", "Guide"),
)
NAVIGATION_PRO = (
    Lien("espace", "Aujourd’hui", "house"),
    Lien("comptoir", "Accueil", "hand", "maillage.accueil.permissions.peut_tenir_le_comptoir"),
    Lien("seances", "Séances", "calendar-days", "maillage.activites.permissions.peut_tenir_des_activites"),
    Lien("projets", "Projet social", "sprout", "maillage.projets.permissions.peut_tenir_des_projets"),
    Lien("dossiers_recus", "Dossiers", "inbox", "maillage.projets.permissions.peut_lire_des_dossiers"),
    Lien(
        "dossiers_partages",
        "Dossiers partagés",
        "folder-open",
        "maillage.projets.permissions.peut_lire_des_partages",
    ),
    Lien(
        "bilans_des_centres",
        "Bilan du centre",
        "gauge",
        "maillage.evaluation.permissions.peut_lire_un_bilan",
    ),
    Lien(
        "cadres",
        "Cadres de l’année",
        "clipboard-check",
        "maillage.evaluation.permissions.peut_lire_un_bilan",
    ),
    Lien("personnes", "Personnes", "contact", "maillage.personnes.permissions.peut_tenir_le_registre"),
    Lien(
        "initiatives", "Initiatives", "lightbulb", "maillage.activites.permissions.peut_tenir_des_activites"
    ),
    Lien("benevolat", "Bénévolat", "hand-heart", "maillage.activites.permissions.peut_tenir_des_activites"),
    Lien(
        "contributions", "Mes fiches", "file-pen-line", "maillage.catalogue.permissions.est_d_une_structure"
    ),
    Lien(
        "commentaires_recus",
        "Commentaires",
        "message-circle",
        "maillage.catalogue.permissions.est_d_une_structure",
    ),
    Lien("equipe", "Équipe", "users-round", "maillage.comptes.permissions.peut_voir_des_equipes"),
    Lien("moderation", "Modération", "message-square-diff", "maillage.moderation.permissions.peut_moderer"),
    Lien("points", "À vérifier", "scan-search", "maillage.catalogue.permissions.peut_verifier"),
    Lien("structures", "Structures", "building-2", "maillage.comptes.permissions.peut_tenir_des_structures"),
    Lien("collections", "Collections", "library"),
    Lien(
        "renouvellement",
        "Renouvellement",
        "calendar-range",
        "maillage.projets.permissions.peut_regler_des_etapes",
    ),
    Lien(
        "referentiels",
        "Référentiels",
        "clipboard-check",
        "maillage.projets.permissions.peut_tenir_des_referentiels",
    ),
    Lien("doublons", "Doublons", "copy", "maillage.catalogue.permissions.peut_verifier"),
    Lien("importations", "Imports", "file-up", "maillage.catalogue.permissions.peut_importer"),
    Lien("synonymes", "Synonymes", "languages", "maillage.catalogue.permissions.peut_modifier_synonymes"),
    Lien("quartiers", "Quartiers", "map", "maillage.portail.permissions.peut_importer_quartiers"),
)
