"""Valeurs fermées des activités."""

from django.db.models import TextChoices


class GenreSeance(TextChoices):
    ATELIER = "atelier", "ateliers"
    REUNION = "réunion", "réunions"
    RENCONTRE = "rencontre", "rencontres"
    SORTIE = "sortie", "sorties"
    SEJOUR = "séjour", "séjours"
    FORMATION = "formation", "formations"
    PERMANENCE = "permanence", "permanences"
    EVENEMENT = "événement", "événements"


class RoleDePresence(TextChoices):
    """Comme quoi une personne est venue : une même personne en change d'une séance à l'autre."""

    PARTICIPANT = "participant", "participants"
    PARENT = "parent", "parents"
    HABITANT_ORGANISATEUR = "habitant organisateur", "habitants organisateurs"
    BENEVOLE = "bénévole", "bénévoles"
    INTERVENANT = "intervenant", "intervenants"
    PROFESSIONNEL = "professionnel", "professionnels"
    MEMBRE_D_INSTANCE = "membre d'instance", "membres d’une instance"

    @classmethod
    def qui_animent(cls) -> "frozenset[RoleDePresence]":
        """Elles et ils ne prennent pas de place."""
        return frozenset({cls.HABITANT_ORGANISATEUR, cls.BENEVOLE, cls.INTERVENANT, cls.PROFESSIONNEL})


class EtatActivite(TextChoices):
    """ouverte → close, et retour."""

    OUVERTE = "ouverte", "Ouverte"
    CLOSE = "close", "Close"


class Cadre(TextChoices):
    """Le dispositif que suit l'activité ; il décide de ce que l'on a le droit de noter, et du rapport à rendre."""

    AUCUN = "aucun", "Aucun dispositif"
    CLAS = "clas", "Accompagnement à la scolarité (CLAS)"
    LAEP = "laep", "Lieu d’accueil enfants-parents (LAEP), sans nom"
    ALSH = "alsh", "Accueil de loisirs (ALSH)"


class EtatSeance(TextChoices):
    """prevue → tenue ou annulee ; les deux reviennent à prevue."""

    PREVUE = "prevue", "Prévue"
    TENUE = "tenue", "Tenue"
    ANNULEE = "annulee", "Annulée"


class EtatTheme(TextChoices):
    """propose → valide ou ecarte ; le groupe ajuste, rien n'est perdu."""

    PROPOSE = "propose", "Proposé"
    VALIDE = "valide", "Validé par le groupe"
    ECARTE = "ecarte", "Écarté"


class EtatInscription(TextChoices):
    """inscrite ou en_attente ; en_attente → proposee → inscrite ou en_attente ; toutes → desistee."""

    INSCRITE = "inscrite", "Inscrite"
    EN_ATTENTE = "en_attente", "En attente"
    PROPOSEE = "proposee", "Place proposée"
    DESISTEE = "desistee", "Désistée"


class ReponseSatisfaction(TextChoices):
    """Un geste en sortant, quatre réponses : pas de milieu où se réfugier."""

    TRES = "tres", "Très content"
    PLUTOT = "plutot", "Plutôt content"
    PLUTOT_PAS = "plutot_pas", "Plutôt déçu"
    PAS = "pas", "Déçu"


class GenreInitiative(TextChoices):
    PROJET = "projet", "Projet d’habitants"
    COLLECTIF = "collectif", "Collectif"
    ASSOCIATION = "association", "Association accompagnée"


class EtatInitiative(TextChoices):
    """idee → en_montage → realisee ; abandonnee depuis les deux premiers, et retour."""

    IDEE = "idee", "Une idée"
    EN_MONTAGE = "en_montage", "En montage"
    REALISEE = "realisee", "Réalisée"
    ABANDONNEE = "abandonnee", "Abandonnée"


class Rythme(TextChoices):
    """Se lit des séances : une activité qui revient est régulière."""

    REGULIER = "régulier", "régulières"
    PONCTUEL = "ponctuel", "ponctuelles"
