"""Le budget d'un projet, année par année, et son plan de financement. Tout est en euros et en centimes exacts."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import Q

from maillage.core.models import Versionnee
from maillage.projets.choices import EtatFinancement, PorteeBudget
from maillage.projets.models.cadre import ProjetSocial
from maillage.projets.models.fiche import FicheAction
from maillage.territoire.models import Institution, Partenaire

CENTIME = Decimal("0.01")
HEURES_MAX = Decimal(9_999_999)
"""La colonne n'en tient pas plus."""


def _montant(libelle: str) -> models.DecimalField:
    return models.DecimalField(libelle, max_digits=12, decimal_places=2, null=True, blank=True)


class Budget(Versionnee):
    """Le budget d'une année : celui d'une fiche, d'une fonction, ou du centre entier.

    Le bénévolat n'y est pas écrit deux fois : les heures et leur taux donnent le même montant en emplois (86) et en
    ressources (87).
    """

    projet = models.ForeignKey(ProjetSocial, models.PROTECT, related_name="budgets")
    annee = models.PositiveSmallIntegerField("année")
    portee = models.CharField("portée", max_length=20, choices=PorteeBudget)
    fiche = models.ForeignKey(
        FicheAction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="budgets",
        verbose_name="fiche action",
    )
    heures_prevues = models.DecimalField(
        "heures prévues", max_digits=9, decimal_places=2, null=True, blank=True
    )
    heures_reelles = models.DecimalField(
        "heures réelles", max_digits=9, decimal_places=2, null=True, blank=True
    )
    taux_horaire = _montant("taux horaire")

    class Meta:
        ordering = ["annee", "portee", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(portee=PorteeBudget.FICHE, fiche__isnull=False)
                | (~Q(portee=PorteeBudget.FICHE) & Q(fiche=None)),
                name="budget_d_une_fiche_a_sa_fiche",
            ),
            models.UniqueConstraint(
                fields=["projet", "annee", "portee"], condition=Q(fiche=None), name="un_budget_par_portee"
            ),
            models.UniqueConstraint(
                fields=["annee", "fiche"], condition=Q(fiche__isnull=False), name="un_budget_par_fiche"
            ),
        ]

    def __str__(self) -> str:
        nom = self.fiche.titre if self.fiche else self.get_portee_display()
        return f"{nom}, {self.annee}"

    @property
    def benevolat_prevu(self) -> Decimal | None:
        return _valoriser(self.heures_prevues, self.taux_horaire)

    @property
    def benevolat_reel(self) -> Decimal | None:
        return _valoriser(self.heures_reelles, self.taux_horaire)


def _valoriser(heures: Decimal | None, taux: Decimal | None) -> Decimal | None:
    if heures is None or taux is None:
        return None
    return (heures * taux).quantize(CENTIME, ROUND_HALF_UP)


class LigneDeBudget(models.Model):
    """Un montant prévu et un montant réel pour un compte (`donnees/comptes.toml`)."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="lignes")
    compte = models.CharField(max_length=6)
    prevu = _montant("prévu")
    reel = _montant("réel")

    class Meta:
        verbose_name = "ligne de budget"
        verbose_name_plural = "lignes de budget"
        ordering = ["compte"]
        constraints = [models.UniqueConstraint(fields=["budget", "compte"], name="une_ligne_par_compte")]

    def __str__(self) -> str:
        return self.compte


class Financement(Versionnee):
    """Ce que l'on demande à un financeur une année, ce qu'il répond, ce qui arrive.

    `nom` : tel qu'on l'écrit. S'il désigne une institution ou un partenaire connu, le lien est posé.
    `accorde` : vide tant qu'il n'a pas répondu, zéro s'il refuse.
    """

    projet = models.ForeignKey(ProjetSocial, models.PROTECT, related_name="financements")
    annee = models.PositiveSmallIntegerField("année")
    nom = models.CharField("financeur", max_length=200)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="financements"
    )
    partenaire = models.ForeignKey(
        Partenaire, models.PROTECT, null=True, blank=True, related_name="financements"
    )
    objet = models.CharField(max_length=200, blank=True)
    demande = _montant("demandé")
    accorde = _montant("accordé")
    recu = _montant("reçu")

    class Meta:
        ordering = ["annee", "pk"]

    def __str__(self) -> str:
        return f"{self.nom}, {self.objet}" if self.objet else self.nom

    @property
    def etat(self) -> EtatFinancement:
        if self.recu and self.recu >= self.retenu:
            return EtatFinancement.RECU
        if self.accorde is not None:
            if not self.accorde:
                return EtatFinancement.REFUSE
            est_partiel = self.demande is not None and self.accorde < self.demande
            return EtatFinancement.PARTIEL if est_partiel else EtatFinancement.ACCORDE
        return EtatFinancement.DEMANDE if self.demande else EtatFinancement.A_DEMANDER

    @property
    def retenu(self) -> Decimal:
        """Ce sur quoi on compte : l'accordé dès qu'on le connaît, sinon le demandé."""
        return self.accorde if self.accorde is not None else self.demande or Decimal(0)
