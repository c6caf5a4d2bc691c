"""Le cadre d'un projet : sa période, son territoire, ses agréments, son rétroplanning."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.models import Versionnee
from maillage.projets.choices import EtatDemandeAgrement, EtatProjet, GenreZone
from maillage.projets.querysets import ProjetSocialQuerySet, TacheQuerySet
from maillage.territoire.choices import TypeAgrement
from maillage.territoire.models import Agrement, Commune, Institution, Quartier, Structure

MODELE_DE_NUMERO = "{axe}-{rang:02}"
"""Le numéro d'une fiche quand le projet n'en dit pas d'autre : A-01."""


class ProjetSocial(Versionnee):
    """Le projet d'une structure, de un à quatre ans.

    `modele_de_numero` : ce qui écrit le numéro d'une fiche (`{axe}`, `{rang}`, `{rang:02}`). Tant que
    `garde_les_numeros` est vrai, un projet importé montre les numéros et les titres de son document.
    """

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="projets")
    nom = models.CharField(max_length=200)
    etat = models.CharField("état", max_length=20, choices=EtatProjet, default=EtatProjet.PREPARATION)
    du = models.DateField("début")
    au = models.DateField("fin")
    territoire = models.CharField(max_length=200, blank=True)
    communes = models.ManyToManyField(Commune, blank=True, related_name="+")
    modele_de_numero = models.CharField("modèle de numéro", max_length=40, default=MODELE_DE_NUMERO)
    garde_les_numeros = models.BooleanField("garde les numéros du document", default=False)
    suite_de = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="suites")
    jeton_agenda = models.CharField("clé de l’agenda", max_length=40, unique=True)

    objects = ProjetSocialQuerySet.as_manager()

    class Meta:
        verbose_name = "projet social"
        verbose_name_plural = "projets sociaux"
        ordering = ["-au", "nom", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__gt=F("du")),
                name="projet_finit_apres_son_debut",
                violation_error_message="Le projet finit avant de commencer. Corrigez une des deux dates.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def annees(self) -> list[int]:
        """Les années civiles que le projet touche."""
        return list(range(self.du.year, self.au.year + 1))


class Zone(models.Model):
    """Une partie du territoire : quartier prioritaire officiel, ou zone que le centre nomme lui-même."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="zones")
    nom = models.CharField(max_length=200)
    genre = models.CharField(max_length=20, choices=GenreZone, default=GenreZone.QUARTIER)
    quartier = models.ForeignKey(Quartier, models.PROTECT, null=True, blank=True, related_name="+")
    precision = models.TextField("précision", blank=True)

    class Meta:
        ordering = ["genre", "nom", "pk"]

    def __str__(self) -> str:
        return self.nom


class DemandeAgrement(models.Model):
    """Une demande à la Caf et sa réponse. Accordée, elle pose un `Agrement` sur la structure.

    `regle` : la version des règles qui s'appliquait (clé de `donnees/regles.toml`).
    """

    projet = models.ForeignKey(ProjetSocial, models.PROTECT, related_name="demandes")
    type = models.CharField(max_length=30, choices=TypeAgrement)
    regle = models.CharField("règle", max_length=20)
    etat = models.CharField(
        "état", max_length=20, choices=EtatDemandeAgrement, default=EtatDemandeAgrement.DEPOSEE
    )
    deposee_le = models.DateField("déposée le")
    decidee_le = models.DateField("décidée le", null=True, blank=True)
    commission = models.CharField(max_length=200, blank=True)
    agrement = models.OneToOneField(
        Agrement, models.PROTECT, null=True, blank=True, related_name="demande", verbose_name="agrément"
    )
    motif = models.TextField(blank=True)

    class Meta:
        verbose_name = "demande d’agrément"
        verbose_name_plural = "demandes d’agrément"
        ordering = ["-deposee_le", "-pk"]


class EtapeRetroplanning(models.Model):
    """Une étape du renouvellement selon une Caf. Sans ligne pour elle, on prend celles du référentiel."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="etapes_retroplanning")
    mois_avant = models.PositiveSmallIntegerField("mois avant la fin de l’agrément")
    titre = models.CharField(max_length=200)
    detail = models.TextField("détail", blank=True)

    class Meta:
        verbose_name = "étape du rétroplanning"
        verbose_name_plural = "étapes du rétroplanning"
        ordering = ["-mois_avant", "pk"]


class Tache(Versionnee):
    """Une chose à faire pour le dossier, avec sa date et qui la fait. `mois_avant` : née du rétroplanning."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="taches")
    titre = models.CharField(max_length=200)
    detail = models.TextField("détail", blank=True)
    echeance = models.DateField("échéance")
    mois_avant = models.PositiveSmallIntegerField(null=True, blank=True)
    responsable = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)
    rappelee_le = models.DateTimeField("rappelée le", null=True, blank=True)

    objects = TacheQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche"
        ordering = ["echeance", "pk"]

    def __str__(self) -> str:
        return self.titre

    @property
    def est_en_retard(self) -> bool:
        return self.faite_le is None and self.echeance < timezone.localdate()
