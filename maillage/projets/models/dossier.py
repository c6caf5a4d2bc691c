"""Ce qui entoure l'arbre dans un projet social : chapitres, gouvernance, chiffres du diagnostic, sigles."""

from django.db import models

from maillage.projets.models.cadre import ProjetSocial


class Chapitre(models.Model):
    """Un morceau de texte suivi : préambule, diagnostic, orientations. `niveau` 1 est le plus haut."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="chapitres")
    rang = models.PositiveIntegerField()
    niveau = models.PositiveSmallIntegerField(default=1)
    titre = models.CharField(max_length=500, blank=True)
    texte = models.TextField(blank=True)

    class Meta:
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.titre


class Instance(models.Model):
    """Un lieu où l'on décide ou débat : comité de pilotage, comité d'usagers, conseil d'administration."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="instances")
    nom = models.CharField(max_length=300)
    role = models.TextField("rôle", blank=True)
    composition = models.TextField(blank=True)
    rang = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.nom


class ChiffreDiagnostic(models.Model):
    """Un chiffre du diagnostic, jamais sans sa zone, sa source et son année quand on les a."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="chiffres")
    libelle = models.CharField("libellé", max_length=300)
    valeur = models.DecimalField(max_digits=14, decimal_places=2)
    unite = models.CharField("unité", max_length=60, blank=True)
    zone = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300, blank=True)
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    rang = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "chiffre du diagnostic"
        verbose_name_plural = "chiffres du diagnostic"
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.libelle


class TableauDiagnostic(models.Model):
    """Un tableau de chiffres par zone. `lignes` : [{libelle, valeurs: [{zone, brut, valeur, unite}]}]."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="tableaux")
    titre = models.CharField(max_length=300)
    zones = models.JSONField(default=list)
    source = models.CharField(max_length=300, blank=True)
    lignes = models.JSONField(default=list)
    rang = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "tableau du diagnostic"
        verbose_name_plural = "tableaux du diagnostic"
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.titre


class Sigle(models.Model):
    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="sigles")
    sigle = models.CharField(max_length=40)
    sens = models.CharField(max_length=300)

    class Meta:
        ordering = ["sigle", "pk"]

    def __str__(self) -> str:
        return self.sigle
