"""Valeurs fermées du projet social."""

from typing import Final

from django.db.models import TextChoices

CACHE: Final = "caché"
"""Ce qui se lit à la place d'un nombre qui ferait reconnaître quelqu'un."""


class EtatProjet(TextChoices):
    """preparation → soumis → a_completer → soumis, agree ou refuse ; agree → en_cours → evalue → archive.

    Un projet refusé revient en préparation.
    """

    PREPARATION = "preparation", "En préparation"
    SOUMIS = "soumis", "Soumis à la Caf"
    A_COMPLETER = "a_completer", "À compléter"
    AGREE = "agree", "Agréé"
    REFUSE = "refuse", "Refusé"
    EN_COURS = "en_cours", "En cours"
    EVALUE = "evalue", "Évalué"
    ARCHIVE = "archive", "Archivé"


class EtatDemandeAgrement(TextChoices):
    """deposee → accordee, refusee ou retiree."""

    DEPOSEE = "deposee", "Déposée"
    ACCORDEE = "accordee", "Accordée"
    REFUSEE = "refusee", "Refusée"
    RETIREE = "retiree", "Retirée"


class GenreZone(TextChoices):
    QUARTIER = "quartier", "Quartier"
    QPV = "qpv", "Quartier prioritaire (QPV)"
    SECTEUR = "secteur", "Secteur, hameau, rues"


class Couleur(TextChoices):
    """Les couleurs d'axe, chacune vérifiée à 4,5 de contraste. Jamais seule : l'axe a aussi sa lettre."""

    CORAIL = "corail", "Corail"
    SAUGE = "sauge", "Sauge"
    VIOLET = "violet", "Violet"
    BLEU = "bleu", "Bleu"
    VERT = "vert", "Vert d’eau"
    MIEL = "miel", "Miel"


class GenreProjetSpecifique(TextChoices):
    FAMILLES = "familles", "Projet familles"
    JEUNESSE = "jeunesse", "Projet jeunesse"
    ACCUEIL = "accueil", "Projet d’accueil"
    AUTRE = "autre", "Autre projet"


class StatutFiche(TextChoices):
    """Ce que l'action est par rapport au projet d'avant."""

    EVOLUTION = "evolution", "Évolution"
    NOUVELLE = "nouvelle", "Nouvelle"
    EXISTANTE = "existante", "Existante"


class EtatFiche(TextChoices):
    """a_ecrire → prete → en_cours → terminee ou arretee."""

    A_ECRIRE = "a_ecrire", "À écrire"
    PRETE = "prete", "Prête"
    EN_COURS = "en_cours", "En cours"
    TERMINEE = "terminee", "Terminée"
    ARRETEE = "arretee", "Arrêtée"


class DegreParticipation(TextChoices):
    """La part que les habitants prennent à l'action. Informer n'est pas encore faire participer."""

    INFORMATION = "information", "Information"
    CONSULTATION = "consultation", "Consultation"
    CONCERTATION = "concertation", "Concertation"
    COCONSTRUCTION = "coconstruction", "Coconstruction"
    CODECISION = "codecision", "Codécision"


class ListeIndicateur(TextChoices):
    QUANTITATIVE = "quantitative", "Quantitatif"
    QUALITATIVE = "qualitative", "Qualitatif"


class SourceIndicateur(TextChoices):
    SAISIE = "saisie", "Saisi à la main"
    CALCUL = "calcul", "Calculé par Maillage"


class Frequence(TextChoices):
    MENSUELLE = "mensuelle", "Chaque mois"
    TRIMESTRIELLE = "trimestrielle", "Chaque trimestre"
    SEMESTRIELLE = "semestrielle", "Deux fois par an"
    ANNUELLE = "annuelle", "Une fois par an"
    FIN_DE_PROJET = "fin_de_projet", "À la fin du projet"


class Calendrier(TextChoices):
    """L'année sur laquelle on compte."""

    CIVILE = "civile", "Année civile"
    SCOLAIRE = "scolaire", "Année scolaire"
    PROJET = "projet", "Année du projet"


class Niveau(TextChoices):
    """La réponse à un indicateur qualitatif, en quatre degrés : pas de milieu où se réfugier."""

    NON = "non", "Non"
    PLUTOT_NON = "plutot_non", "Plutôt non"
    PLUTOT_OUI = "plutot_oui", "Plutôt oui"
    OUI = "oui", "Oui"


class DegreAtteinte(TextChoices):
    """Ce qu'une fiche a atteint dans l'année, en quatre degrés."""

    ATTEINT = "atteint", "Atteint"
    EN_PARTIE = "en_partie", "Atteint en partie"
    PEU = "peu", "Peu atteint"
    NON_ATTEINT = "non_atteint", "Non atteint"


class SuiteDonnee(TextChoices):
    RECONDUIRE = "reconduire", "Reconduire"
    AMELIORER = "ameliorer", "Améliorer"
    ARRETER = "arreter", "Arrêter"


class EtatDepot(TextChoices):
    """Un document de projet reçu. depose → importe ou abandonne."""

    DEPOSE = "depose", "Déposé"
    IMPORTE = "importe", "Importé"
    ABANDONNE = "abandonne", "Abandonné"


class EtatMorceau(TextChoices):
    """Un passage qu'aucune règle n'a reconnu. a_ranger → range ou ecarte."""

    A_RANGER = "a_ranger", "À ranger"
    RANGE = "range", "Rangé"
    ECARTE = "ecarte", "Mis de côté"
