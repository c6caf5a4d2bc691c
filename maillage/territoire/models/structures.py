"""Une structure, qui la porte, ses lieux, sa zone et ses agréments."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from maillage.core.models import Versionnee
from maillage.territoire.choices import (
    EtatStructure,
    FormeGestionnaire,
    GenreStructure,
    TypeAgrement,
)
from maillage.territoire.horaires import (
    EtatDuLieu,
    Fermeture,
    Horaires,
    HorairesIllisibles,
    TableauHoraire,
    dire_dates,
    etat_du_lieu,
    fuseau,
    lire,
    tableaux,
)
from maillage.territoire.models.lieux import Commune, Departement
from maillage.territoire.querysets import AgrementQuerySet, FermetureQuerySet, StructureQuerySet
from maillage.territoire.telephone import telephone_international


class Gestionnaire(models.Model):
    """Personne morale qui porte une ou plusieurs structures."""

    nom = models.CharField(max_length=200)
    forme = models.CharField(max_length=20, choices=FormeGestionnaire, default=FormeGestionnaire.AUTRE)
    siret = models.CharField("SIRET", max_length=14, blank=True)

    class Meta:
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Structure(Versionnee):
    """Centre social ou espace de vie sociale. Une structure importée n'a que son nom et son département."""

    nom = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True)
    cle_import = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Empreinte du nom et du département de la source."
    )
    genre = models.CharField(max_length=30, choices=GenreStructure, default=GenreStructure.A_PRECISER)
    etat = models.CharField("état", max_length=20, choices=EtatStructure, default=EtatStructure.ACTIVE)
    gestionnaire = models.ForeignKey(
        Gestionnaire, models.PROTECT, null=True, blank=True, related_name="structures"
    )
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, related_name="structures"
    )
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="structures")
    adresse = models.CharField(max_length=200, blank=True)
    code_postal = models.CharField(max_length=5, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField(blank=True)
    site_web = models.URLField(blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    accroche = models.CharField(max_length=200, blank=True)
    presentation = models.TextField("présentation", blank=True)
    population_zone = models.PositiveIntegerField("population de la zone", null=True, blank=True)
    premier_agrement_le = models.DateField("premier agrément", null=True, blank=True)
    fermee_le = models.DateField("fermée le", null=True, blank=True)
    remplacee_par = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="remplace",
        help_text="La structure qui a repris celle-ci : ses équipes et ses fiches y vivent.",
    )

    objects = StructureQuerySet.as_manager()

    class Meta:
        ordering = ["nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cle_import"], condition=~Q(cle_import=""), name="structure_importee_une_fois"
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def nom_du_genre(self) -> str:
        """« Centre social », « Espace de vie sociale », ou « Structure » tant qu'on ne sait pas."""
        if self.genre == GenreStructure.A_PRECISER:
            return "Structure de l’animation de la vie sociale"
        return GenreStructure(self.genre).label

    @property
    def telephone_international(self) -> str:
        return telephone_international(self.telephone)

    @property
    def fuseau(self) -> ZoneInfo:
        """Les jours et les heures du centre s'y lisent."""
        return fuseau(self.departement_id or "", self.commune_id or "")


class Gestion(models.Model):
    """Qui a porté une structure, et quand. La ligne sans fin est le gestionnaire d'aujourd'hui."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="gestions")
    gestionnaire = models.ForeignKey(Gestionnaire, models.PROTECT, related_name="gestions")
    du = models.DateField(null=True, blank=True, help_text="Vide : depuis toujours, ou on ne sait pas.")
    au = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-au", "-du", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure"], condition=Q(au=None), name="un_seul_gestionnaire_a_la_fois"
            ),
            models.CheckConstraint(
                condition=Q(au=None) | Q(du=None) | Q(au__gte=F("du")),
                name="gestion_finit_apres_son_debut",
                violation_error_message="La gestion finit avant de commencer. Corrigez une des deux dates.",
            ),
        ]


def valider_horaires(notation: str) -> None:
    """Lève `ValidationError` en disant où la notation cesse d'être comprise."""
    try:
        lire(notation)
    except HorairesIllisibles as illisibles:
        raise ValidationError(str(illisibles)) from illisibles


class Site(models.Model):
    """Un lieu d'une structure. Les horaires suivent la notation `opening_hours` d'OpenStreetMap."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="sites")
    nom = models.CharField(max_length=150)
    est_principal = models.BooleanField(default=False)
    adresse = models.CharField(max_length=200, blank=True)
    code_postal = models.CharField(max_length=5, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="sites")
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    acces = models.CharField("accès", max_length=200, blank=True)
    horaires = models.CharField(max_length=300, blank=True, validators=[valider_horaires])
    accessibilite = models.JSONField("accessibilité", default=list, blank=True)
    acceslibre = models.URLField(blank=True)
    latitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )

    class Meta:
        ordering = ["-est_principal", "nom", "pk"]

    def __str__(self) -> str:
        return self.nom

    @property
    def telephone_international(self) -> str:
        return telephone_international(self.telephone)

    @cached_property
    def horaires_lus(self) -> Horaires:
        """Horaires compris ; sans règle quand ils manquent ou ne se lisent pas."""
        try:
            return lire(self.horaires)
        except HorairesIllisibles:
            return Horaires()

    def tableaux_horaires(self) -> tuple[TableauHoraire, ...]:
        return tableaux(self.horaires_lus)

    def etat(self, maintenant: datetime) -> EtatDuLieu | None:
        """Ouvert ou fermé à cet instant, à l'heure du lieu. Préchargez `structure` et `fermetures`."""
        return etat_du_lieu(
            self.horaires_lus,
            maintenant,
            code_departement=self.structure.departement_id or "",
            code_commune=self.commune_id or "",
            fermetures=[Fermeture(f.du, f.au, f.precision) for f in self.fermetures.all()],
        )

    def aujourd_hui(self, maintenant: datetime) -> date:
        """Date du jour à cet endroit : à Papeete, c'est encore hier."""
        return maintenant.astimezone(
            fuseau(self.structure.departement_id or "", self.commune_id or "")
        ).date()


class FermetureExceptionnelle(models.Model):
    """Fermeture annoncée d'un site, jours inclus."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="fermetures")
    du = models.DateField()
    au = models.DateField()
    precision = models.CharField(
        "précision", max_length=60, blank=True, help_text="« après-midi », par exemple."
    )
    motif = models.CharField(max_length=200, blank=True)
    reouverture = models.CharField("réouverture", max_length=100, blank=True)

    objects = FermetureQuerySet.as_manager()

    class Meta:
        verbose_name = "fermeture exceptionnelle"
        verbose_name_plural = "fermetures exceptionnelles"
        ordering = ["du", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__gte=F("du")),
                name="fermeture_finit_apres_son_debut",
                violation_error_message="La fermeture finit avant de commencer. Corrigez une des deux dates.",
            )
        ]

    @property
    def quand(self) -> str:
        """« vendredi 27 novembre après-midi », « du 1er au 15 août »."""
        return f"{dire_dates(self.du, self.au)} {self.precision}".strip()


class Desserte(models.Model):
    """Zone d'une structure : une commune entière, ou des rues et des quartiers de cette commune."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="dessertes")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="dessertes")
    rues = models.JSONField(default=list, blank=True)
    quartiers = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["commune_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "commune"], name="desserte_unique_par_commune")
        ]


class Agrement(models.Model):
    """Décision de la Caf, de 1 à 4 ans."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="agrements")
    type = models.CharField(max_length=30, choices=TypeAgrement)
    du = models.DateField()
    au = models.DateField()

    objects = AgrementQuerySet.as_manager()

    class Meta:
        verbose_name = "agrément"
        ordering = ["-au", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__gt=F("du")),
                name="agrement_finit_apres_son_debut",
                violation_error_message="L'agrément finit avant de commencer. Corrigez une des deux dates.",
            )
        ]
