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


class EtatChapitre(TextChoices):
    """Un chapitre du dossier. a_ecrire → commence → relu ; l'écrire de nouveau le ramène à commence."""

    A_ECRIRE = "a_ecrire", "À écrire"
    COMMENCE = "commence", "Commencé"
    RELU = "relu", "Relu"


class GenreEnvoi(TextChoices):
    """Ce que le centre transmet : le dossier, le bilan d'une année, l'évaluation."""

    DOSSIER = "dossier", "Dossier d’agrément"
    BILAN = "bilan", "Bilan de l’année"
    MI_PARCOURS = "mi_parcours", "Évaluation à mi-parcours"
    FINALE = "finale", "Évaluation finale"


class PorteeAnnotation(TextChoices):
    """Qui lit une annotation de la Caf."""

    CAF = "caf", "La Caf seulement"
    CENTRE = "centre", "Le centre aussi"


class SensAvis(TextChoices):
    FAVORABLE = "favorable", "Favorable"
    RESERVE = "reserve", "Réservé"
    DEFAVORABLE = "defavorable", "Défavorable"


class Appreciation(TextChoices):
    """Ce que la conseillère ou le conseiller dit d'un critère. Vide : il ne s'est pas prononcé."""

    SATISFAIT = "satisfait", "Satisfait"
    A_PRECISER = "a_preciser", "À préciser"
    INSATISFAIT = "insatisfait", "Insatisfait"


class EtatReferentiel(TextChoices):
    """a_relire → en_vigueur → remplace → en_vigueur. Celui que Maillage apporte, gardé pour un projet : livre."""

    A_RELIRE = "a_relire", "À relire"
    EN_VIGUEUR = "en_vigueur", "En vigueur"
    REMPLACE = "remplace", "Remplacée"
    LIVRE = "livre", "Apportée par Maillage"


class GenreManque(TextChoices):
    """Ce que dit un point relevé avant l'envoi."""

    COMPLETUDE = "completude", "À compléter"
    COHERENCE = "coherence", "À accorder"


class NatureConstat(TextChoices):
    """Ce que l'on voit du territoire, en quatre cases : dedans ou dehors, ce qui aide ou ce qui gêne."""

    ATOUT = "atout", "Atout"
    FAIBLESSE = "faiblesse", "Faiblesse"
    OPPORTUNITE = "opportunite", "Opportunité"
    MENACE = "menace", "Menace"


class GenreRencontre(TextChoices):
    """Un moment où l'on a écouté, ou un moment où l'on a rendu compte."""

    ECOUTE = "ecoute", "Rencontre"
    RESTITUTION = "restitution", "Restitution"


class SorteDeParticipants(TextChoices):
    """Qui était là, en nombres : jamais de nom."""

    HABITANTS = "habitants", "Habitants"
    BENEVOLES = "benevoles", "Bénévoles"
    PARTENAIRES = "partenaires", "Partenaires"
    ELUS = "elus", "Élus"
    EQUIPE = "equipe", "Équipe"
    AUTRES = "autres", "Autres"


class Croisement(TextChoices):
    """Ce qui sépare les réponses d'une enquête en colonnes."""

    PAR_AGE = "par_age", "Par âge"
    PAR_GENRE = "par_genre", "Par genre"
    PAR_QUARTIER = "par_quartier", "Par quartier"


# --- La gouvernance ---------------------------------------------------------------------------------


class GenreInstance(TextChoices):
    PILOTAGE = "comite_de_pilotage", "Comité de pilotage"
    TECHNIQUE = "comite_technique", "Comité technique"
    USAGERS = "comite_d_usagers", "Comité d’usagers"
    CONSEIL = "conseil_d_administration", "Conseil d’administration"
    GROUPE = "groupe_de_travail", "Groupe de travail"
    SEMINAIRE = "seminaire", "Séminaire"
    AUTRE = "autre", "Autre instance"


class GenreCollege(TextChoices):
    """Qui siège. Les habitants se comptent à part de tous les autres."""

    HABITANTS = "habitants", "Habitants"
    ASSOCIATIONS = "associations", "Associations"
    ELUS = "elus", "Élus"
    EQUIPE = "equipe", "Équipe du centre"
    CAF = "caf", "Caf"
    PARTENAIRES = "partenaires", "Autres partenaires"


class EtatReunion(TextChoices):
    """prevue → tenue ou annulee ; annulee → prevue."""

    PREVUE = "prevue", "Prévue"
    TENUE = "tenue", "Tenue"
    ANNULEE = "annulee", "Annulée"


class VenueEnReunion(TextChoices):
    PRESENT = "present", "Là"
    EXCUSE = "excuse", "Excusé"
    ABSENT = "absent", "Absent"


class GenrePreuve(TextChoices):
    """Ce qui montre que les habitants prennent part à une action."""

    RENCONTRE = "rencontre", "Une rencontre"
    BENEVOLAT = "benevolat", "Du bénévolat"
    PROPOSITION = "proposition", "Une proposition d’habitants"


# --- Le budget --------------------------------------------------------------------------------------


class PorteeBudget(TextChoices):
    """Ce dont on tient le budget. Les fiches et les deux fonctions font ensemble celui du centre."""

    FICHE = "fiche", "Une fiche action"
    PILOTAGE = "pilotage", "Pilotage"
    LOGISTIQUE = "logistique", "Logistique"
    CENTRE = "centre", "Centre entier"


class EtatFinancement(TextChoices):
    """a_demander → demande → accorde, partiel ou refuse ; accorde ou partiel → recu."""

    A_DEMANDER = "a_demander", "À demander"
    DEMANDE = "demande", "Demandé, sans réponse"
    ACCORDE = "accorde", "Accordé"
    PARTIEL = "partiel", "Accordé en partie"
    REFUSE = "refuse", "Refusé"
    RECU = "recu", "Reçu"


class MomentEvaluation(TextChoices):
    """Les deux évaluations d'un projet."""

    MI_PARCOURS = "mi_parcours", "Évaluation à mi-parcours"
    FINALE = "finale", "Évaluation finale"


class SuiteProposee(TextChoices):
    """Ce que l'évaluation propose au projet d'après."""

    CONTINUER = "continuer", "Continuer"
    TRANSFORMER = "transformer", "Transformer"
    ARRETER = "arreter", "Arrêter"
    COMMENCER = "commencer", "Commencer"
