"""Un projet reçu en document, et ce qu'aucune règle n'y a reconnu."""

from django.db import models
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.projets.choices import EtatDepot, EtatMorceau
from maillage.projets.models.cadre import ProjetSocial
from maillage.projets.querysets import DepotQuerySet
from maillage.territoire.models import Structure


class DepotDeProjet(models.Model):
    """Un document déposé et ce qu'on y a lu. Le fichier est effacé une fois le projet importé ou abandonné.

    `lu` : ce que l'importation a reconnu (`importation.lu`), que la personne accepte, corrige ou met de côté ;
    `choix` : ses décisions, par pièce.
    """

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="depots_de_projet")
    nom_du_fichier = models.CharField(max_length=200)
    chemin = models.CharField(max_length=160, blank=True)
    lu = models.JSONField(default=dict)
    choix = models.JSONField(default=dict)
    etat = models.CharField("état", max_length=20, choices=EtatDepot, default=EtatDepot.DEPOSE)
    depose_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    depose_le = models.DateTimeField("déposé le", default=timezone.now)
    projets = models.ManyToManyField(ProjetSocial, blank=True, related_name="depots")

    objects = DepotQuerySet.as_manager()

    class Meta:
        verbose_name = "projet déposé"
        verbose_name_plural = "projets déposés"
        ordering = ["-depose_le", "-pk"]

    def __str__(self) -> str:
        return self.nom_du_fichier


class Morceau(models.Model):
    """Un passage du document qu'on n'a pas su ranger. Rien ne se perd : il attend qu'une personne en décide."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="morceaux")
    ligne_debut = models.PositiveIntegerField()
    ligne_fin = models.PositiveIntegerField()
    texte = models.TextField()
    etat = models.CharField("état", max_length=20, choices=EtatMorceau, default=EtatMorceau.A_RANGER)

    class Meta:
        verbose_name_plural = "morceaux"
        ordering = ["ligne_debut", "pk"]
