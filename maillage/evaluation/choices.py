"""Les valeurs closes d'une mesure. Un membre, sa valeur et son libellé sont le même mot (docs/glossaire.md).

Les mesures portent les noms du format d'échange de `proposer_mesures` (docs/indicateurs.md).
"""

from django.db.models import TextChoices


class Mesure(TextChoices):
    """Ce que l'on compte."""

    SEANCES = "seances", "séances"
    PERSONNES_DIFFERENTES = "personnes_differentes", "personnes différentes"
    PRESENCES = "presences", "présences"
    ASSIDUITE = "assiduite", "assiduité"
    NOUVELLES_PERSONNES = "nouvelles_personnes", "nouvelles personnes"
    FAMILLES = "familles", "familles"
    PASSAGES = "passages", "passages"
    DEMANDES_PAR_TYPE = "demandes_par_type", "demandes, par type"
    ENTRETIENS = "entretiens", "entretiens"
    ACCOMPAGNEMENTS = "accompagnements", "accompagnements"
    ORIENTATIONS = "orientations", "orientations"
    PRESCRIPTIONS = "prescriptions", "prescriptions"
    RESULTATS_ACCOMPAGNEMENT = "resultats_accompagnement", "résultats des accompagnements"
    PARTENAIRES = "partenaires", "partenaires"
    BENEVOLES = "benevoles", "bénévoles"
    HEURES_BENEVOLAT = "heures_benevolat", "heures de bénévolat"
    INITIATIVES = "initiatives", "initiatives"
    ACTIVITES = "activites", "activités"
    CONVENTIONS = "conventions", "conventions"
    SATISFACTION = "satisfaction", "satisfaction"
    REPARTITION = "repartition", "répartition"
    EVOLUTION = "evolution", "évolution"
    STATISTIQUES_WEB = "statistiques_web", "statistiques du web"
    MANUEL = "manuel", "nombre à taper"


class Filtre(TextChoices):
    """Ce qui restreint une mesure. `autre` est un texte libre, les autres des listes."""

    GENRE_SEANCE = "genre_seance", "genre de séance"
    ROLE = "role", "rôle"
    AGE = "age", "âge"
    GENRE = "genre", "genre"
    PUBLIC = "public", "public"
    QUARTIER = "quartier", "quartier"
    TYPE_DEMANDE = "type_demande", "type de demande"
    TYPE_PARTENAIRE = "type_partenaire", "type de partenaire"
    INSTANCE = "instance", "instance"
    AUTRE = "autre", "autre précision"


class Ventilation(TextChoices):
    """« Par » quoi un nombre se détaille."""

    GENRE = "genre", "par genre"
    AGE = "âge", "par âge"
    QUARTIER = "quartier", "par quartier"
    PUBLIC = "public", "par public"
    TYPE_DEMANDE = "type de demande", "par type de demande"
    TYPE_PARTENAIRE = "type de partenaire", "par type de partenaire"
    TYPE_SORTIE = "type de sortie", "par type de sortie"
    ACTIVITE = "activité", "par activité"
    RYTHME = "rythme", "par rythme, régulier ou ponctuel"
    ETAT = "état", "par état d’avancement"
    MOIS = "mois", "par mois"


class Perimetre(TextChoices):
    FICHE = "fiche", "cette action"
    CENTRE = "centre", "tout le centre"


class Grandeur(TextChoices):
    """Ce que le bilan du centre compte. Celles d'une mesure portent son nom ; leurs règles sont les siennes."""

    PASSAGES = "passages", "passages à l’accueil"
    SEANCES = "seances", "séances"
    PRESENCES = "presences", "présences"
    PERSONNES_DIFFERENTES = "personnes_differentes", "personnes différentes"
    HEURES_D_ACTIVITE = "heures_d_activite", "heures d’activité"
    BENEVOLES = "benevoles", "bénévoles"
    HEURES_BENEVOLAT = "heures_benevolat", "heures de bénévolat"
    INITIATIVES = "initiatives", "initiatives d’habitants"

    @property
    def mesure(self) -> Mesure:
        """Celle dont les lignes la font : des heures d'activité sont la durée des séances."""
        return Mesure.SEANCES if self is Grandeur.HEURES_D_ACTIVITE else Mesure(self.value)


class Decoupe(TextChoices):
    """Selon quoi une cellule du bilan se découpe. Le jour de la semaine va de lundi, 1, à dimanche, 7."""

    ENSEMBLE = "ensemble", "ensemble"
    MOIS = "mois", "mois"
    JOUR = "jour", "jour de la semaine"
    HEURE = "heure", "heure"
