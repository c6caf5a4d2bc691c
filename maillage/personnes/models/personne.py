"""Une personne, d'où elle vient, avec qui elle vit."""

import hashlib
import hmac

from django.conf import settings
from django.db import models
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.models import Versionnee
from maillage.personnes.choices import (
    GENRE_D_UNE_PERSONNE,
    ChampDePersonne,
    EtatImportDePersonnes,
    EtatPersonne,
    LienDeFoyer,
    TrancheQuotient,
)
from maillage.personnes.querysets import FoyerQuerySet, ImportDePersonnesQuerySet, PersonneQuerySet
from maillage.territoire.models import Quartier, Structure


class Provenance(models.Model):
    """D'où viennent les gens, dans les mots du centre : « Le Moulin », « Autre commune »."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="provenances")
    nom = models.CharField(max_length=80)
    quartier = models.ForeignKey(
        Quartier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quartier prioritaire (QPV)",
    )
    est_du_territoire = models.BooleanField("dans la zone du centre", default=True)
    rang = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "nom"],
                name="une_provenance_par_nom",
                violation_error_message="Ce lieu est déjà dans la liste.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class ChampOuvert(models.Model):
    """La direction a décidé de noter ce champ : quand, qui. Absent, il n'est ni demandé ni montré."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="champs_ouverts")
    champ = models.CharField(max_length=20, choices=ChampDePersonne)
    ouvert_le = models.DateTimeField("ouvert le", default=timezone.now)
    ouvert_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "champ ouvert"
        verbose_name_plural = "champs ouverts"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "champ"], name="un_champ_ouvert_une_fois")
        ]


class Personne(Versionnee):
    """Une personne connue d'un centre, et de lui seul. Douze champs au plus, jamais de note sociale ni de santé.

    Effacée, la ligne reste sans rien qui la nomme : les présences gardent la bande d'âge, et les comptes ne bougent
    pas. `vue_le` : dernier signe de vie (présence, inscription, adhésion), d'où part la conservation. `foyer_garde` :
    effacée, l'empreinte du foyer qui la comptait (`Foyer.empreinte`).
    """

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="personnes")
    etat = models.CharField("état", max_length=20, choices=EtatPersonne, default=EtatPersonne.ACTIVE)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField(max_length=80, blank=True)
    nom_cherche = models.CharField(max_length=170, blank=True, editable=False)
    genre = models.CharField(max_length=10, choices=GENRE_D_UNE_PERSONNE, blank=True)
    naissance = models.PositiveSmallIntegerField("année de naissance", null=True, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField(blank=True)
    adresse = models.CharField(max_length=200, blank=True)
    provenance = models.ForeignKey(
        Provenance,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="personnes",
        verbose_name="quartier ou commune",
    )
    publics = models.JSONField(default=list, blank=True)
    quotient = models.CharField(
        "tranche de quotient familial", max_length=2, choices=TrancheQuotient, blank=True
    )
    adhesion = models.DateField("adhésion jusqu’au", null=True, blank=True)
    autorises = models.CharField("qui peut venir chercher l’enfant", max_length=200, blank=True)
    vue_le = models.DateField("dernier signe de vie", default=timezone.localdate)
    fusionnee_dans = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="fusionnees"
    )
    foyer_garde = models.BigIntegerField("foyer gardé sans nom", null=True, blank=True, editable=False)

    objects = PersonneQuerySet.as_manager()

    class Meta:
        ordering = ["nom", "prenom", "pk"]
        indexes = [
            models.Index(fields=["structure", "etat", "nom_cherche"], name="personnes_d_une_structure")
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}".strip() or "Personne effacée"


class Foyer(Versionnee):
    """Des personnes qui vivent ensemble. Un enfant dont les parents sont séparés est de deux foyers ; chacun des
    parents ne voit que le sien."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="foyers")
    nom = models.CharField(max_length=120)

    objects = FoyerQuerySet.as_manager()

    class Meta:
        ordering = ["nom", "pk"]

    def __str__(self) -> str:
        return self.nom

    @property
    def empreinte(self) -> int:
        """À clé : une famille compte encore une fois quand un des siens est effacé, et la base seule ne dit pas
        laquelle. Toujours négative : jamais le numéro d'un foyer."""
        identite = f"foyer:{self.structure_id}:{self.pk}:{self.cree_le.isoformat()}"
        cle = hmac.new(settings.SECRET_KEY.encode(), identite.encode(), hashlib.sha256).digest()
        return -1 - (int.from_bytes(cle[:8]) >> 1)


class MembreDeFoyer(models.Model):
    foyer = models.ForeignKey(Foyer, models.CASCADE, related_name="membres")
    personne = models.ForeignKey(Personne, models.CASCADE, related_name="foyers")
    lien = models.CharField(max_length=20, choices=LienDeFoyer, default=LienDeFoyer.RESPONSABLE)

    class Meta:
        verbose_name = "membre d’un foyer"
        verbose_name_plural = "membres d’un foyer"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["foyer", "personne"], name="une_fois_dans_un_foyer")]


class FusionDePersonnes(models.Model):
    """Deux fiches de la même personne réunies. `deplace` : ce qui a été déplacé, modèle par modèle, pour défaire."""

    gardee = models.ForeignKey(Personne, models.CASCADE, related_name="fusions_recues")
    absorbee = models.ForeignKey(Personne, models.CASCADE, related_name="fusions_subies")
    deplace = models.JSONField("ce qui a été déplacé", default=dict)
    faite_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    faite_le = models.DateTimeField(default=timezone.now)
    defaite_le = models.DateTimeField("défaite le", null=True, blank=True)

    class Meta:
        verbose_name = "fusion de personnes"
        verbose_name_plural = "fusions de personnes"
        ordering = ["-faite_le", "-pk"]


class PaireEcartee(models.Model):
    """Deux fiches qui se ressemblent, et que l'accueil a dites de deux personnes : la paire n'est plus proposée.

    `une` est la plus ancienne des deux. Remise, la ligne disparaît ; un effacement aussi.
    """

    une = models.ForeignKey(Personne, models.CASCADE, related_name="+")
    autre = models.ForeignKey(Personne, models.CASCADE, related_name="+")
    ecartee_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    ecartee_le = models.DateTimeField("écartée le", default=timezone.now)

    class Meta:
        verbose_name = "paire écartée"
        verbose_name_plural = "paires écartées"
        ordering = ["-ecartee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["une", "autre"], name="une_paire_ecartee_une_fois"),
            models.CheckConstraint(condition=models.Q(une__lt=models.F("autre")), name="une_paire_rangee"),
        ]


class ImportDePersonnes(Versionnee):
    """Un classeur de personnes reçu, vérifié avant d'écrire. La correspondance des colonnes sert la fois suivante."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="imports_de_personnes")
    fichier = models.FileField(upload_to="imports_de_personnes", blank=True)
    nom_du_fichier = models.CharField(max_length=200)
    etat = models.CharField(
        "état", max_length=20, choices=EtatImportDePersonnes, default=EtatImportDePersonnes.DEPOSE
    )
    correspondance = models.JSONField("colonne du classeur → champ", default=dict)
    compte_rendu = models.JSONField(default=dict)
    depose_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")

    objects = ImportDePersonnesQuerySet.as_manager()

    class Meta:
        verbose_name = "import de personnes"
        verbose_name_plural = "imports de personnes"
        ordering = ["-cree_le", "-pk"]
