"""La vie des instances : qui y siège, quand elles se réunissent, ce qu'elles décident ; et la preuve de la
participation des habitants à chaque fiche."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from maillage.core.models import Versionnee
from maillage.projets.choices import EtatReunion, GenreCollege, GenrePreuve, VenueEnReunion
from maillage.projets.models.cadre import ProjetSocial
from maillage.projets.models.dossier import Instance
from maillage.projets.models.fiche import FicheAction
from maillage.projets.querysets import ReunionQuerySet


class College(models.Model):
    """Les sièges d'une sorte de membres : huit habitants, deux élus."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="colleges")
    genre = models.CharField(max_length=20, choices=GenreCollege)
    sieges = models.PositiveSmallIntegerField("sièges", default=0)

    class Meta:
        verbose_name = "collège"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "genre"],
                name="un_college_par_genre",
                violation_error_message="Ce collège existe déjà dans cette instance. Changez son nombre de sièges.",
            )
        ]

    def __str__(self) -> str:
        return self.get_genre_display()

    @property
    def est_habitant(self) -> bool:
        return self.genre == GenreCollege.HABITANTS


class Mandat(models.Model):
    """Une personne qui siège, du, au.

    `nom` : un prénom ou une fonction, rien de plus ; jamais de coordonnées. Il s'efface un an après la fin du mandat
    (`conservation.py`) : la ligne reste, sans nom, pour que les comptes ne bougent pas.
    """

    college = models.ForeignKey(College, models.PROTECT, related_name="mandats", verbose_name="collège")
    nom = models.CharField("prénom ou fonction", max_length=80, blank=True)
    fonction = models.CharField("rôle dans l’instance", max_length=80, blank=True)
    du = models.DateField("depuis le")
    au = models.DateField("jusqu’au")

    class Meta:
        ordering = ["du", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__gte=F("du")),
                name="mandat_finit_apres_son_debut",
                violation_error_message="Le mandat finit avant de commencer. Corrigez une des deux dates.",
            )
        ]

    def __str__(self) -> str:
        return self.nom or "Nom effacé"

    @property
    def est_en_cours(self) -> bool:
        return self.du <= timezone.localdate() <= self.au

    def vaut_le(self, jour: object) -> bool:
        return self.du <= jour <= self.au  # type: ignore[operator]


class Reunion(Versionnee):
    """Une réunion d'une instance : ce qu'on y traite, qui y vient, ce qu'on y dit."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="reunions")
    etat = models.CharField("état", max_length=20, choices=EtatReunion, default=EtatReunion.PREVUE)
    le = models.DateField("jour")
    heure = models.TimeField(null=True, blank=True)
    lieu = models.CharField(max_length=200, blank=True)
    ordre_du_jour = models.TextField("ordre du jour", blank=True)
    compte_rendu = models.TextField("compte rendu", blank=True)

    objects = ReunionQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion"
        ordering = ["-le", "-pk"]

    def __str__(self) -> str:
        return f"{self.instance.nom}, {self.le:%d/%m/%Y}"

    @property
    def est_passee(self) -> bool:
        return self.le <= timezone.localdate()


class PresenceEnReunion(models.Model):
    """Ce qu'on sait de la venue d'un membre."""

    reunion = models.ForeignKey(Reunion, models.CASCADE, related_name="venues", verbose_name="réunion")
    mandat = models.ForeignKey(Mandat, models.PROTECT, related_name="venues")
    venue = models.CharField(max_length=20, choices=VenueEnReunion)

    class Meta:
        verbose_name = "présence en réunion"
        verbose_name_plural = "présences en réunion"
        constraints = [models.UniqueConstraint(fields=["reunion", "mandat"], name="une_venue_par_membre")]


class PresentsSansMandat(models.Model):
    """Les autres personnes venues, comptées par collège, sans nom."""

    reunion = models.ForeignKey(Reunion, models.CASCADE, related_name="sans_mandat", verbose_name="réunion")
    genre = models.CharField(max_length=20, choices=GenreCollege)
    nombre = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "présents sans mandat"
        verbose_name_plural = "présents sans mandat"
        constraints = [models.UniqueConstraint(fields=["reunion", "genre"], name="un_nombre_par_genre")]


class Decision(Versionnee):
    """Ce que la réunion a décidé, qui le fait et pour quand. `qui` : une fonction ou un prénom de l'équipe."""

    reunion = models.ForeignKey(Reunion, models.PROTECT, related_name="decisions", verbose_name="réunion")
    texte = models.TextField()
    qui = models.CharField(max_length=80, blank=True)
    pour_le = models.DateField("pour le", null=True, blank=True)
    fiche = models.ForeignKey(
        FicheAction,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="fiche action",
    )
    faite_le = models.DateField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "décision"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.texte

    @property
    def est_en_retard(self) -> bool:
        return self.faite_le is None and self.pour_le is not None and self.pour_le < timezone.localdate()


class PreuveDeParticipation(models.Model):
    """Un fait qui montre la part que les habitants prennent à une fiche. Sans nom : combien, quand, quoi."""

    fiche = models.ForeignKey(
        FicheAction, models.CASCADE, related_name="preuves_de_participation", verbose_name="fiche action"
    )
    genre = models.CharField(max_length=20, choices=GenrePreuve)
    le = models.DateField("jour")
    texte = models.CharField("ce qui s’est passé", max_length=300)
    habitants = models.PositiveSmallIntegerField("nombre d’habitants", null=True, blank=True)

    class Meta:
        verbose_name = "preuve de participation"
        verbose_name_plural = "preuves de participation"
        ordering = ["-le", "-pk"]

    def __str__(self) -> str:
        return self.texte

    @property
    def projet(self) -> ProjetSocial:
        return self.fiche.projet
