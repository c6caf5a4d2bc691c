"""Qui s'inscrit, qui vient, qui intervient, et ce qu'on en dit en sortant."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from maillage.activites.choices import EtatInscription, ReponseSatisfaction, RoleDePresence
from maillage.activites.models.activite import Activite, Seance
from maillage.comptes.models import Utilisateur
from maillage.core.models import Versionnee
from maillage.personnes.choices import BandeAge, Genre
from maillage.personnes.models import Personne
from maillage.territoire.models import Partenaire, Structure


class Inscription(Versionnee):
    """Une personne dans une activité. L'ordre d'attente est celui d'arrivée (`inscrite_le`, puis le numéro) ; la place
    acceptée, `inscrite_le` est le premier jour où elle la tient.

    `proposee_le` : la dernière place proposée ; qui l'a laissée n'est plus relancé de lui-même. `finie_le` : le dernier
    jour de sa place ; vide tant qu'elle la tient, ou si elle n'a fait qu'attendre. `age` : la personne effacée, le
    premier âge de sa bande l'année de son inscription.
    """

    activite = models.ForeignKey(Activite, models.PROTECT, related_name="inscriptions")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="inscriptions")
    etat = models.CharField("état", max_length=20, choices=EtatInscription, default=EtatInscription.INSCRITE)
    role = models.CharField("rôle", max_length=30, choices=RoleDePresence, default=RoleDePresence.PARTICIPANT)
    inscrite_le = models.DateTimeField("inscrite le", default=timezone.now)
    inscrite_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    proposee_le = models.DateTimeField("place proposée le", null=True, blank=True)
    proposee_jusqu_au = models.DateTimeField("place proposée jusqu’au", null=True, blank=True)
    finie_le = models.DateField("finie le", null=True, blank=True)
    age = models.PositiveSmallIntegerField("âge gardé à l’effacement", null=True, blank=True, editable=False)

    class Meta:
        ordering = ["inscrite_le", "pk"]
        indexes = [models.Index(fields=["activite", "etat"], name="inscriptions_par_etat")]
        constraints = [
            models.UniqueConstraint(
                fields=["activite", "personne"],
                condition=~Q(etat="desistee"),
                name="une_inscription_par_personne",
                violation_error_message="Cette personne est déjà inscrite.",
            )
        ]


class Presence(models.Model):
    """Une personne venue à une séance. La ligne est la présence : absente, elle n'existe pas.

    `age` : années révolues au jour de la séance, d'après l'année de naissance ; la personne effacée, le premier âge
    de sa bande. `cle` : posée par l'appareil qui note ; envoyée deux fois, elle compte une fois.
    """

    seance = models.ForeignKey(Seance, models.PROTECT, related_name="presences")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="presences")
    role = models.CharField("rôle", max_length=30, choices=RoleDePresence, default=RoleDePresence.PARTICIPANT)
    age = models.PositiveSmallIntegerField("âge au jour de la séance", null=True, blank=True)
    cle = models.UUIDField("clé de l’appareil", null=True, blank=True, unique=True)
    notee_le = models.DateTimeField("notée le", default=timezone.now)
    notee_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "présence"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["seance", "personne"], name="une_presence_par_seance")]


class VenueSansNom(models.Model):
    """Combien sont venus sans nom, par bande d'âge, genre et rôle ; vide = on ne sait pas. Un nombre, jamais des
    personnes inventées : il n'entre dans aucun compte de personnes différentes."""

    seance = models.ForeignKey(Seance, models.PROTECT, related_name="venues_sans_nom")
    bande = models.CharField("bande d’âge", max_length=10, choices=BandeAge, blank=True)
    genre = models.CharField(max_length=10, choices=Genre, blank=True)
    role = models.CharField("rôle", max_length=30, choices=RoleDePresence, default=RoleDePresence.PARTICIPANT)
    nombre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "venue sans nom"
        verbose_name_plural = "venues sans nom"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["seance", "bande", "genre", "role"], name="un_nombre_par_case")
        ]


class PartenaireDuCentre(models.Model):
    """Un partenaire vu d'un centre : ses genres, dans les mots du centre (« association », « entreprise »)."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="partenaires_du_centre")
    partenaire = models.ForeignKey(Partenaire, models.PROTECT, related_name="centres")
    genres = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = "partenaire du centre"
        verbose_name_plural = "partenaires du centre"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "partenaire"], name="un_partenaire_par_centre")
        ]


class Intervention(models.Model):
    """Un partenaire présent à une séance, ou une intervenante venue d'ailleurs (`nom`, facultatif)."""

    seance = models.ForeignKey(Seance, models.CASCADE, related_name="interventions")
    partenaire = models.ForeignKey(
        Partenaire, models.PROTECT, null=True, blank=True, related_name="interventions"
    )
    nom = models.CharField(max_length=120, blank=True)
    est_formee = models.BooleanField("intervient pour former", default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seance", "partenaire"],
                condition=~Q(partenaire=None),
                name="un_partenaire_par_seance",
                violation_error_message="Ce partenaire est déjà noté à cette séance.",
            )
        ]


class Satisfaction(models.Model):
    """Un geste en sortant d'une séance. Sans nom ; `cle` : l'appareil ne compte pas deux fois le même geste."""

    seance = models.ForeignKey(Seance, models.PROTECT, related_name="satisfactions")
    reponse = models.CharField("réponse", max_length=20, choices=ReponseSatisfaction)
    cle = models.UUIDField("clé de l’appareil", unique=True)
    donnee_le = models.DateTimeField("donnée le", default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["seance", "reponse"], name="satisfactions_d_une_seance")]
