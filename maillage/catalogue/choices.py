"""Valeurs fermées du catalogue. Les listes du métier (mots clés, publics…) sont des `Terme`, en base."""

from django.db.models import TextChoices


class EtatExperience(TextChoices):
    """Vie d'une expérience : brouillon → publiee → retiree (voir docs/statuts.md).

    Une fiche importée naît publiée : elle l'était déjà dans le catalogue national. Ce qui attend la modération
    est la `Contribution`, pas l'expérience.
    """

    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"
    RETIREE = "retiree", "Retirée"


class StatutAction(TextChoices):
    """Où en est l'action elle-même, dans la vie réelle."""

    EN_COURS = "en_cours", "En cours"
    TERMINEE = "terminee", "Terminée"


class FamilleTerme(TextChoices):
    DIMENSION = "dimension", "Dimension"
    MOT_CLE = "mot_cle", "Mot clé"
    PUBLIC = "public", "Public"
    INITIATIVE = "initiative", "À l’initiative"
    TERRITOIRE = "territoire", "Territoire"
    THEME = "theme", "Thème"


class RolePartenaire(TextChoices):
    ACTION = "action", "Agit"
    FINANCEUR = "financeur", "Finance"


class GenreMoyen(TextChoices):
    MONTANT = "montant", "Montant"
    PROFESSIONNELS = "professionnels", "Professionnels"
    BENEVOLES = "benevoles", "Bénévoles"
    HABITANTS = "habitants", "Habitants"
    TEMPS_PLEIN = "temps_plein", "Équivalents temps plein"
    PERSONNES = "personnes", "Personnes mobilisées"


class GenrePoint(TextChoices):
    TELEPHONE = "telephone", "Téléphone"
    COURRIEL = "courriel", "Courriel"
    NIR = "nir", "Numéro de sécurité sociale"
    IBAN = "iban", "Numéro de compte bancaire"
    PERSONNE = "personne", "Nom de personne"
    DOUBLON = "doublon", "Doublon possible"
    VALEUR_INCONNUE = "valeur_inconnue", "Valeur inconnue"


class EtatPoint(TextChoices):
    """a_verifier → traite (on a corrigé) ou ecarte (rien à corriger)."""

    A_VERIFIER = "a_verifier", "À vérifier"
    TRAITE = "traite", "Traité"
    ECARTE = "ecarte", "Écarté"


class EtatImportation(TextChoices):
    """deposee → importee ou abandonnee ; le fichier déposé est effacé dans les deux cas."""

    DEPOSEE = "deposee", "Déposée"
    IMPORTEE = "importee", "Importée"
    ABANDONNEE = "abandonnee", "Abandonnée"


class GenreContribution(TextChoices):
    NOUVELLE = "nouvelle", "Nouvelle fiche"
    REVISION = "revision", "Révision"
    CORRECTION = "correction", "Correction d’un lecteur"


class EtatContribution(TextChoices):
    """en_ecriture → soumise → acceptee, refusee, ou a_reprendre → soumise ; en_ecriture → abandonnee."""

    EN_ECRITURE = "en_ecriture", "En écriture"
    SOUMISE = "soumise", "Envoyée"
    A_REPRENDRE = "a_reprendre", "À reprendre"
    ACCEPTEE = "acceptee", "Acceptée"
    REFUSEE = "refusee", "Refusée"
    ABANDONNEE = "abandonnee", "Abandonnée"


class GenrePiece(TextChoices):
    IMAGE = "image", "Image"
    DOCUMENT = "document", "Document"


class EtatPiece(TextChoices):
    """en_attente → publiee (acceptée avec sa contribution) → retiree."""

    EN_ATTENTE = "en_attente", "En attente"
    PUBLIEE = "publiee", "Publiée"
    RETIREE = "retiree", "Retirée"


class FrequenceAlerte(TextChoices):
    QUOTIDIENNE = "quotidienne", "Chaque jour"
    HEBDOMADAIRE = "hebdomadaire", "Chaque semaine"


TEXTES = (
    "raison_fin",
    "resume",
    "initiative_precision",
    "elements_diagnostic",
    "description_experience",
    "description",
    "ressources_financieres",
    "personnes_mobilisees",
    "resultat_territoire",
    "resultat_centre",
    "resultat_habitants",
    "impacts",
    "limites",
    "perspectives",
)
"""Champs de texte libre d'une expérience, dans l'ordre de la fiche."""
