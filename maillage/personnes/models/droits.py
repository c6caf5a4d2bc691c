"""Ce qu'une personne a accepté, demandé, et ce qui est fait de ses données."""

from django.db import models
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.personnes.choices import (
    JOURS_GARDES,
    EtatDemandeDeDroits,
    GenreDemandeDeDroits,
    ObjetDeConsentement,
)
from maillage.personnes.models.personne import Personne
from maillage.personnes.querysets import DemandeDeDroitsQuerySet
from maillage.territoire.models import Structure


class Consentement(models.Model):
    """Un accord, séparé des autres, daté, qui se retire aussi simplement qu'il se donne."""

    personne = models.ForeignKey(Personne, models.CASCADE, related_name="consentements")
    objet = models.CharField(max_length=20, choices=ObjetDeConsentement)
    precision = models.CharField("précision", max_length=200, blank=True)
    donne_le = models.DateField("donné le", default=timezone.localdate)
    donne_par = models.CharField("donné par", max_length=120, blank=True)
    recueilli_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    notice = models.CharField("notice montrée", max_length=20, blank=True)
    fin_le = models.DateField("vaut jusqu’au", null=True, blank=True)
    retire_le = models.DateField("retiré le", null=True, blank=True)

    class Meta:
        ordering = ["-donne_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["personne", "objet", "precision"],
                condition=models.Q(retire_le=None),
                name="un_consentement_en_cours_par_objet",
                violation_error_message="Cet accord est déjà noté.",
            )
        ]


class DemandeDeDroits(models.Model):
    """Une personne exerce un droit. La loi donne un mois pour répondre."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="demandes_de_droits")
    personne = models.ForeignKey(
        Personne, models.SET_NULL, null=True, blank=True, related_name="demandes_de_droits"
    )
    genre = models.CharField(max_length=20, choices=GenreDemandeDeDroits)
    etat = models.CharField(
        "état", max_length=20, choices=EtatDemandeDeDroits, default=EtatDemandeDeDroits.RECUE
    )
    recue_le = models.DateField("reçue le", default=timezone.localdate)
    echeance = models.DateField("à répondre avant le")
    reponse = models.TextField("réponse", blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    close_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DemandeDeDroitsQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de droits"
        verbose_name_plural = "demandes de droits"
        ordering = ["echeance", "pk"]


class Consultation(models.Model):
    """Qui a ouvert la fiche d'une personne, et quand. Aucun contenu."""

    personne = models.ForeignKey(Personne, models.CASCADE, related_name="consultations")
    par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    le = models.DateTimeField(default=timezone.now)
    motif = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-le", "-pk"]
        indexes = [models.Index(fields=["personne", "-le"], name="consultations_d_une_personne")]


class AvisDeConservation(models.Model):
    """Annonce, trente jours avant, qu'une fiche sera effacée faute de signe de vie."""

    personne = models.OneToOneField(Personne, models.CASCADE, related_name="avis_de_conservation")
    annonce_le = models.DateField("annoncé le", default=timezone.localdate)
    efface_le = models.DateField("effacement prévu le")
    visa_demande = models.BooleanField("archives publiques : attend un visa", default=False)
    visa_donne_le = models.DateField("visa donné le", null=True, blank=True)

    class Meta:
        verbose_name = "avis de conservation"
        verbose_name_plural = "avis de conservation"
        ordering = ["efface_le", "pk"]


class DureeDeConservation(models.Model):
    """Un centre garde ses fiches moins longtemps que deux ans. Absente, c'est deux ans ; jamais plus.

    `jours_avant` : ce que l'on gardait au matin du dernier changement ; ce jour-là, une erreur se corrige jusque-là.
    """

    structure = models.OneToOneField(Structure, models.PROTECT, related_name="duree_de_conservation")
    jours = models.PositiveSmallIntegerField("jours gardés")
    jours_avant = models.PositiveSmallIntegerField("jours gardés avant", default=JOURS_GARDES)
    fixee_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    fixee_le = models.DateTimeField("fixée le", default=timezone.now)

    class Meta:
        verbose_name = "durée de conservation"
        verbose_name_plural = "durées de conservation"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(jours__lte=JOURS_GARDES), name="une_duree_jamais_allongee"
            )
        ]


class Effacement(models.Model):
    """Empreinte à clé d'une personne effacée : rejouée après chaque restauration, elle ne ressuscite personne."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="+")
    personne_id_efface = models.BigIntegerField("numéro de la ligne vidée")
    empreinte = models.CharField(max_length=64, db_index=True)
    efface_le = models.DateTimeField("effacé le", default=timezone.now)
    raison = models.CharField(max_length=40)

    class Meta:
        ordering = ["-efface_le", "-pk"]
