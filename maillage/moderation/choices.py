"""Valeurs fermées de la modération."""

from django.db.models import TextChoices


class GenreDemande(TextChoices):
    FICHE = "fiche", "Fiche"
    CORRECTION = "correction", "Correction"
    COMMENTAIRE = "commentaire", "Commentaire"
    SIGNALEMENT = "signalement", "Signalement"


class EtatDemande(TextChoices):
    """en_attente → acceptee, refusee, ou precision → en_attente. sans_objet : retirée par qui l'avait envoyée."""

    EN_ATTENTE = "en_attente", "En attente"
    PRECISION = "precision", "Précision demandée"
    ACCEPTEE = "acceptee", "Acceptée"
    REFUSEE = "refusee", "Refusée"
    SANS_OBJET = "sans_objet", "Sans objet"


class Geste(TextChoices):
    ACCEPTER = "accepter", "Accepter"
    DEMANDER = "demander", "Demander une précision"
    REFUSER = "refuser", "Refuser"


class GenreCommentaire(TextChoices):
    COMMENTAIRE = "commentaire", "Commentaire"
    ESSAI = "essai", "Essayé ici"


class EtatCommentaire(TextChoices):
    """retenu → publie ou refuse ; publie → masque (trois signalements, ou une modératrice) → publie."""

    RETENU = "retenu", "Retenu"
    PUBLIE = "publie", "Publié"
    REFUSE = "refuse", "Refusé"
    MASQUE = "masque", "Masqué"


class ResultatEssai(TextChoices):
    REUSSI = "reussi", "Cela a marché"
    EN_PARTIE = "en_partie", "Cela a marché en partie"
    ECHOUE = "echoue", "Cela n’a pas marché"
    TROP_TOT = "trop_tot", "Trop tôt pour le dire"


class MotifSignalement(TextChoices):
    PERSONNE = "personne", "Une personne est citée ou reconnaissable"
    ERREUR = "erreur", "Une information est fausse"
    ILLICITE = "illicite", "Des propos contraires à la loi"
    IMAGE = "image", "Une image ou un texte repris sans accord"
    AUTRE = "autre", "Autre chose"


class EtatSignalement(TextChoices):
    """ouvert → retenu (on a agi) ou ecarte (rien à changer), avec une réponse."""

    OUVERT = "ouvert", "Reçu"
    RETENU = "retenu", "Suivi d’effet"
    ECARTE = "ecarte", "Sans suite"
