"""Ce que les modératrices tiennent : les synonymes de la recherche et les fichiers déposés."""

from django.db import models
from django.utils import timezone

from maillage.catalogue.choices import EtatImportation
from maillage.comptes.models import Utilisateur


class Synonyme(models.Model):
    """Un groupe de mots qui se cherchent l'un pour l'autre, ou un sigle et son développement.

    `termes` : un terme par ligne. Orienté : la première ligne seule appelle les suivantes (« CLAS » appelle
    « accompagnement à la scolarité », pas l'inverse).
    """

    termes = models.TextField()
    est_oriente = models.BooleanField("orienté", default=False)
    modifie_le = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]


class Importation(models.Model):
    """Un fichier déposé par une modératrice, avec ce que l'aperçu a trouvé, avant et après confirmation."""

    nom = models.CharField("nom du fichier", max_length=255)
    chemin = models.CharField(max_length=120, blank=True)
    taille = models.PositiveIntegerField("taille, en octets")
    etat = models.CharField("état", max_length=20, choices=EtatImportation, default=EtatImportation.DEPOSEE)
    bilan = models.JSONField(default=dict)
    deposee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    deposee_le = models.DateTimeField(default=timezone.now)
    finie_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-deposee_le", "-pk"]
