"""Données de la mécanique : qui a fait quoi, ce qui a changé, et où en est chaque lecteur."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Versionnee(models.Model):
    """Objet que deux personnes peuvent modifier : la version lue est exigée à l'écriture (`core.versions`)."""

    version = models.PositiveIntegerField(default=1, editable=False)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)
    modifie_le = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


class SauvegardeDeChamp(models.Model):
    """Une valeur d'un champ telle qu'une personne l'a laissée : rien d'écrit ne se perd, même en conflit.

    Une ligne par champ, par personne et par dix minutes d'écriture. Chaque pièce y ajoute l'objet écrit.
    """

    champ = models.CharField(max_length=40)
    valeur = models.JSONField()
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    commencee_le = models.DateTimeField("commencée le", default=timezone.now)
    le = models.DateTimeField("dernière frappe", default=timezone.now)
    est_ecartee = models.BooleanField("texte qu'un conflit n'a pas gardé", default=False)

    class Meta:
        abstract = True
        ordering = ["-le", "-pk"]


class LigneJournal(models.Model):
    """Un acte : qui, quand, quoi, de quoi à quoi, en une phrase. On ajoute, on ne corrige jamais.

    L'acteur et la structure sont des numéros, pas des clés : le journal survit au compte, et `core` ne connaît
    aucune pièce.
    """

    fait_le = models.DateTimeField(default=timezone.now, db_index=True)
    acteur_id = models.BigIntegerField(null=True, db_index=True)
    acteur_nom = models.CharField(max_length=150)
    acte = models.CharField(max_length=80)
    objet_type = models.CharField(max_length=80)
    objet_id = models.BigIntegerField()
    structure_id = models.BigIntegerField(null=True)
    phrase = models.TextField()
    avant = models.JSONField(null=True)
    apres = models.JSONField(null=True)
    demande_id = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "lignes du journal"
        indexes = [models.Index(fields=["objet_type", "objet_id", "-id"], name="journal_par_objet")]


class Changement(models.Model):
    """Boîte de départ : un objet a changé, les consommateurs le sauront, dans l'ordre des validations."""

    objet_type = models.CharField(max_length=80)
    objet_id = models.BigIntegerField()
    acte = models.CharField(max_length=80)
    note_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "changement"
        indexes = [models.Index(fields=["objet_type", "objet_id"], name="changement_par_objet")]


class PositionLecteur(models.Model):
    """Dernier changement traité par un consommateur, sur un nœud (chaque machine a son index)."""

    consommateur = models.CharField(max_length=120)
    noeud = models.CharField(max_length=80)
    changement_id = models.BigIntegerField(default=0)
    lu_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "position d'un lecteur"
        verbose_name_plural = "positions des lecteurs"
        constraints = [
            models.UniqueConstraint(fields=["consommateur", "noeud"], name="position_unique_par_noeud")
        ]


class Echeance(models.Model):
    """Petite horloge : dernière exécution d'un travail régulier."""

    nom = models.CharField(max_length=80, unique=True)
    fait_le = models.DateTimeField()

    class Meta:
        verbose_name = "échéance"


class Courrier(models.Model):
    """Un courriel à envoyer, écrit dans la transaction de l'acte qui le cause : jamais avant elle, jamais deux fois.

    Le travailleur l'envoie (`core.courrier`). Le texte s'efface une fois parti.
    """

    destinataire = models.EmailField()
    sujet = models.CharField(max_length=200)
    texte = models.TextField(blank=True)
    entetes = models.JSONField(default=dict)
    objet_type = models.CharField(max_length=80, blank=True)
    objet_id = models.BigIntegerField(null=True)
    ecrit_le = models.DateTimeField(default=timezone.now)
    a_envoyer_le = models.DateTimeField(default=timezone.now, db_index=True)
    envoye_le = models.DateTimeField(null=True)
    essais = models.PositiveSmallIntegerField(default=0)
    abandonne_le = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["objet_type", "objet_id"], name="courrier_par_objet")]


class Audience(models.Model):
    """Nombre d'affichages d'une page par jour. Aucune adresse, aucun identifiant, aucun cookie."""

    jour = models.DateField()
    page = models.CharField(max_length=120)
    nombre = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "audience"
        constraints = [models.UniqueConstraint(fields=["jour", "page"], name="audience_unique_par_jour")]
