"""Valeurs fermées des personnes que le centre connaît."""

from typing import Final

from django.db.models import TextChoices

JOURS_GARDES: Final = 730
"""Deux ans après le dernier signe de vie (référentiel de la CNIL du 11 mars 2021)."""


class Genre(TextChoices):
    FEMMES = "femmes", "femmes"
    HOMMES = "hommes", "hommes"


GENRE_D_UNE_PERSONNE: Final = [(Genre.FEMMES, "femme"), (Genre.HOMMES, "homme")]
"""Les comptes disent « femmes » ; une fiche dit « femme »."""


class TrancheAge(TextChoices):
    """L'âge est pris au jour de la séance. Les bornes : `BORNES_D_AGE`."""

    TOUT_PETITS = "tout-petits", "de moins de 6 ans"
    ENFANTS = "enfants", "de moins de 12 ans"
    ADOLESCENTS = "adolescents", "de 12 à 17 ans"
    JEUNES = "jeunes", "de 12 à 25 ans"
    JEUNES_ADULTES = "jeunes adultes", "de 18 à 25 ans"
    ADULTES = "adultes", "de 18 ans et plus"
    SENIORS = "seniors", "de 60 ans et plus"
    GRAND_AGE = "grand âge", "de 75 ans et plus"


BORNES_D_AGE: Final[dict[TrancheAge, tuple[int, int | None]]] = {
    TrancheAge.TOUT_PETITS: (0, 5),
    TrancheAge.ENFANTS: (0, 11),
    TrancheAge.ADOLESCENTS: (12, 17),
    TrancheAge.JEUNES: (12, 25),
    TrancheAge.JEUNES_ADULTES: (18, 25),
    TrancheAge.ADULTES: (18, None),
    TrancheAge.SENIORS: (60, None),
    TrancheAge.GRAND_AGE: (75, None),
}
"""Années révolues, bornes comprises."""


class BandeAge(TextChoices):
    """Ce que l'on coche pour une personne sans nom. Les bandes ne se recouvrent pas, et chaque `TrancheAge` en est
    une suite : un nombre sans nom entre dans tous les comptes par âge."""

    DE_0_A_5 = "0_5", "0 à 5 ans"
    DE_6_A_11 = "6_11", "6 à 11 ans"
    DE_12_A_17 = "12_17", "12 à 17 ans"
    DE_18_A_25 = "18_25", "18 à 25 ans"
    DE_26_A_59 = "26_59", "26 à 59 ans"
    DE_60_A_74 = "60_74", "60 à 74 ans"
    DE_75 = "75", "75 ans et plus"


DEBUT_DE_BANDE: Final[dict[BandeAge, int]] = {
    BandeAge.DE_0_A_5: 0,
    BandeAge.DE_6_A_11: 6,
    BandeAge.DE_12_A_17: 12,
    BandeAge.DE_18_A_25: 18,
    BandeAge.DE_26_A_59: 26,
    BandeAge.DE_60_A_74: 60,
    BandeAge.DE_75: 75,
}
"""Premier âge de la bande, en années révolues ; il la représente une fois la personne effacée."""


class ChampDePersonne(TextChoices):
    """Ce que l'on peut noter d'une personne : douze champs au plus. Le nom et le prénom sont toujours là ; les
    autres sont fermés tant que la direction ne les ouvre pas. But et durée : `personnes.conservation`."""

    PRENOM = "prenom", "Prénom"
    NOM = "nom", "Nom"
    GENRE = "genre", "Genre"
    NAISSANCE = "naissance", "Année de naissance"
    TELEPHONE = "telephone", "Téléphone"
    COURRIEL = "courriel", "Courriel"
    ADRESSE = "adresse", "Adresse"
    PROVENANCE = "provenance", "Quartier ou commune"
    PUBLICS = "publics", "Publics"
    QUOTIENT = "quotient", "Tranche de quotient familial"
    ADHESION = "adhesion", "Adhésion jusqu’au"
    AUTORISES = "autorises", "Qui peut venir chercher l’enfant"


class EtatPersonne(TextChoices):
    """active → limitee, fusionnee ou effacee ; limitee et fusionnee reviennent à active."""

    ACTIVE = "active", "Suivie"
    LIMITEE = "limitee", "Gelée à sa demande"
    FUSIONNEE = "fusionnee", "Réunie à une autre fiche"
    EFFACEE = "effacee", "Effacée"


class TrancheQuotient(TextChoices):
    """La tranche seule : le montant n'est jamais noté."""

    TRANCHE_1 = "1", "Tranche 1, la plus basse"
    TRANCHE_2 = "2", "Tranche 2"
    TRANCHE_3 = "3", "Tranche 3"
    TRANCHE_4 = "4", "Tranche 4"
    TRANCHE_5 = "5", "Tranche 5, la plus haute"


class LienDeFoyer(TextChoices):
    RESPONSABLE = "responsable", "Responsable"
    ENFANT = "enfant", "Enfant"
    PROCHE = "proche", "Autre proche"


class ObjetDeConsentement(TextChoices):
    PHOTO = "photo", "Être pris en photo"
    LETTRE = "lettre", "Recevoir les nouvelles du centre"
    PARTAGE = "partage", "Que ses coordonnées soient données à un partenaire nommé"


class GenreDemandeDeDroits(TextChoices):
    ACCES = "acces", "Voir ce que le centre sait"
    RECTIFICATION = "rectification", "Corriger"
    EFFACEMENT = "effacement", "Effacer"
    LIMITATION = "limitation", "Geler"
    OPPOSITION = "opposition", "S’opposer à un usage"


class EtatDemandeDeDroits(TextChoices):
    """recue → satisfaite ou rejetee, avec la réponse."""

    RECUE = "recue", "Reçue"
    SATISFAITE = "satisfaite", "Satisfaite"
    REJETEE = "rejetee", "Rejetée, avec la raison"


class EtatImportDePersonnes(TextChoices):
    """depose → importe ou abandonne."""

    DEPOSE = "depose", "Déposé"
    IMPORTE = "importe", "Importé"
    ABANDONNE = "abandonne", "Abandonné"
