"""L'arbre : axes, enjeux, objectifs, et les projets spécifiques qui le lisent en travers."""

from django.db import models
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.models import LigneJournal, Versionnee
from maillage.projets.choices import Couleur, GenreProjetSpecifique
from maillage.projets.models.cadre import ProjetSocial


class Axe(Versionnee):
    """Une grande orientation. `lettre` : « A », « 1 », « T » ; elle ouvre le numéro de ses fiches."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="axes")
    lettre = models.CharField("lettre ou numéro", max_length=4)
    titre = models.CharField(max_length=300)
    couleur = models.CharField(max_length=10, choices=Couleur, default=Couleur.CORAIL)
    est_transversal = models.BooleanField("axe transversal", default=False)
    rang = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["projet", "lettre"],
                name="une_lettre_par_axe",
                violation_error_message="Un autre axe porte déjà cette lettre. Choisissez-en une autre.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lettre} {self.titre}"


class Enjeu(Versionnee):
    """Ce qui est en jeu. Sans titre quand le projet passe de l'axe à l'objectif sans nommer d'enjeu."""

    axe = models.ForeignKey(Axe, models.CASCADE, related_name="enjeux")
    titre = models.CharField(max_length=500, blank=True)
    rang = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "enjeux"
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.titre or "Sans enjeu nommé"


class Objectif(Versionnee):
    """Un objectif général ; avec un `parent`, un objectif opérationnel de celui-ci, dans le même enjeu."""

    enjeu = models.ForeignKey(Enjeu, models.CASCADE, related_name="objectifs")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="operationnels")
    titre = models.CharField(max_length=500)
    rang = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.titre

    @property
    def est_operationnel(self) -> bool:
        return self.parent_id is not None


class ProjetSpecifique(Versionnee):
    """Une lecture en travers de l'arbre : les fiches du projet familles, du projet jeunesse, de l'accueil."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="specifiques")
    genre = models.CharField(max_length=20, choices=GenreProjetSpecifique)
    nom = models.CharField(max_length=200)
    presentation = models.TextField("présentation", blank=True)
    rang = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "projet spécifique"
        verbose_name_plural = "projets spécifiques"
        ordering = ["rang", "pk"]
        constraints = [models.UniqueConstraint(fields=["projet", "nom"], name="projet_specifique_unique")]

    def __str__(self) -> str:
        return self.nom


class GesteDArbre(models.Model):
    """Un geste sur l'arbre, que la personne peut défaire puis refaire. `ligne` : ce qui a changé, au journal."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="gestes")
    ligne = models.ForeignKey(LigneJournal, models.CASCADE, related_name="+")
    par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    fait_le = models.DateTimeField("fait le", default=timezone.now)
    defait_le = models.DateTimeField("défait le", null=True, blank=True)

    class Meta:
        verbose_name = "geste sur l’arbre"
        verbose_name_plural = "gestes sur l’arbre"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["projet", "par", "-id"], name="gestes_d_une_personne")]
