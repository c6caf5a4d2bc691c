"""Ce qui entoure l'arbre dans un projet social : chapitres, gouvernance, chiffres du diagnostic, sigles."""

from django.db import models
from django.db.models import Q

from maillage.comptes.models import Utilisateur
from maillage.core.models import SauvegardeDeChamp, Versionnee
from maillage.projets.choices import EtatChapitre, GenreInstance
from maillage.projets.models.cadre import ProjetSocial


class Chapitre(Versionnee):
    """Un chapitre du dossier : son titre, son texte suivi. `niveau` 1 est le plus haut.

    `cle` : celle du référentiel ; vide, un chapitre que le centre ajoute. `texte` : dans l'écriture légère
    (`core.documents.ecriture_legere`), citations en jetons (`projets.jetons`). `est_ote` : hors du plan ; le texte
    reste, on peut le remettre.
    """

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="chapitres")
    rang = models.PositiveIntegerField()
    niveau = models.PositiveSmallIntegerField(default=1)
    titre = models.CharField(max_length=500, blank=True)
    texte = models.TextField(blank=True)
    cle = models.CharField("clé du référentiel", max_length=40, blank=True)
    etat = models.CharField("état", max_length=20, choices=EtatChapitre, default=EtatChapitre.A_ECRIRE)
    responsable = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="qui l’écrit"
    )
    est_ote = models.BooleanField("ôté du plan", default=False)

    class Meta:
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["projet", "cle"],
                condition=~Q(cle=""),
                name="un_chapitre_par_cle",
                violation_error_message="Ce chapitre est déjà dans le plan.",
            )
        ]

    def __str__(self) -> str:
        return self.titre


class SauvegardeDeChapitre(SauvegardeDeChamp):
    chapitre = models.ForeignKey(Chapitre, models.CASCADE, related_name="sauvegardes")

    class Meta(SauvegardeDeChamp.Meta):
        verbose_name = "sauvegarde d’un chapitre"
        verbose_name_plural = "sauvegardes des chapitres"
        indexes = [models.Index(fields=["chapitre", "champ", "-id"], name="sauvegardes_d_un_chapitre")]


class Instance(models.Model):
    """Un lieu où l'on décide ou débat : comité de pilotage, comité d'usagers, conseil d'administration.

    `composition` : ce que dit le document, en mots. Les collèges (`College`) la disent en nombres.
    `veut_la_parite` : le centre veut autant d'habitants que de tous les autres. C'est son choix, pas une règle.
    """

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="instances")
    nom = models.CharField(max_length=300)
    genre = models.CharField(max_length=30, choices=GenreInstance, default=GenreInstance.AUTRE)
    role = models.TextField("rôle", blank=True)
    composition = models.TextField(blank=True)
    veut_la_parite = models.BooleanField("veut la parité", default=False)
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
    """Un tableau de chiffres par zone. `lignes` : [{libelle, valeurs: [{zone, brut, valeur, unite}]}].

    `cle` : ce que Maillage a compté lui-même ; le recompter remplace le tableau, sans le doubler.
    """

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="tableaux")
    titre = models.CharField(max_length=300)
    zones = models.JSONField(default=list)
    source = models.CharField(max_length=300, blank=True)
    lignes = models.JSONField(default=list)
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    releve_le = models.DateField("relevé le", null=True, blank=True)
    cle = models.CharField("compté par Maillage", max_length=40, blank=True)
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
