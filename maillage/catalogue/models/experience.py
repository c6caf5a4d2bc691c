"""L'expérience et ce qui la compose. Elle ne porte que du texte accepté : ce qui s'écrit est dans `Contribution`."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from maillage.catalogue.choices import (
    EtatExperience,
    EtatPoint,
    FamilleTerme,
    GenreMoyen,
    GenrePoint,
    RolePartenaire,
    StatutAction,
)
from maillage.catalogue.querysets import ExperienceQuerySet
from maillage.comptes.models import Utilisateur
from maillage.core.models import Versionnee
from maillage.territoire.models import Partenaire, Structure

if TYPE_CHECKING:
    from maillage.catalogue.models.contribution import PieceJointe


class Terme(models.Model):
    """Une valeur d'une liste du métier. `libelle_source` garde la graphie d'échange (« Viellissement »)."""

    famille = models.CharField(max_length=20, choices=FamilleTerme)
    libelle = models.CharField("libellé", max_length=120)
    libelle_source = models.CharField("libellé dans la source", max_length=120)
    slug = models.SlugField(max_length=120)
    rang = models.PositiveSmallIntegerField(default=100)
    est_a_verifier = models.BooleanField("venu d'un import, à vérifier", default=False)

    class Meta:
        ordering = ["famille", "rang", "libelle", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["famille", "slug"], name="terme_unique_par_famille"),
            models.UniqueConstraint(fields=["famille", "libelle_source"], name="terme_source_unique"),
        ]

    def __str__(self) -> str:
        return self.libelle


class Experience(Versionnee):
    """Une expérience partagée. Les textes sont gardés au caractère près, tels que le centre les a écrits.

    `code` est l'identifiant court et définitif de l'adresse ; le slug suit le titre et peut changer.
    """

    code = models.CharField(max_length=8, unique=True)
    slug = models.SlugField(max_length=120)
    etat = models.CharField(
        "état", max_length=20, choices=EtatExperience, default=EtatExperience.BROUILLON, db_index=True
    )
    structure = models.ForeignKey(Structure, models.PROTECT, related_name="experiences")
    titre = models.CharField(max_length=500)
    statut = models.CharField(max_length=20, choices=StatutAction, blank=True)
    raison_fin = models.TextField("raisons de la fin", blank=True)
    resume = models.TextField("résumé", blank=True)
    initiative_precision = models.TextField("précision sur l’initiative", blank=True)
    elements_diagnostic = models.TextField("éléments de diagnostic", blank=True)
    description_experience = models.TextField("description de l’expérience", blank=True)
    description = models.TextField("description générale", blank=True)
    ressources_financieres = models.TextField("ressources financières", blank=True)
    personnes_mobilisees = models.TextField("personnes mobilisées", blank=True)
    resultat_territoire = models.TextField("résultat sur le territoire", blank=True)
    resultat_centre = models.TextField("résultat pour le centre", blank=True)
    resultat_habitants = models.TextField("résultat pour les habitants", blank=True)
    impacts = models.TextField("effets positifs", blank=True)
    limites = models.TextField(blank=True)
    perspectives = models.TextField(blank=True)
    fichiers_associes = models.JSONField("noms des fichiers joints dans la source", default=list)
    depuis_le = models.DateField("depuis", null=True, blank=True, help_text="Premier jour du mois de départ.")
    budget = models.DecimalField(
        "budget reconnu, en euros", max_digits=12, decimal_places=2, null=True, blank=True
    )
    empreinte = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Titre, structure, département et textes réunis."
    )
    nombre_utile = models.PositiveIntegerField("lecteurs à qui elle est utile", default=0)
    publie_le = models.DateTimeField("publiée le", null=True, blank=True, db_index=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    motif_retrait = models.TextField("raison du retrait", blank=True)
    retiree_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="retirée par"
    )
    fusionnee_dans = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="doublons",
        help_text="La fiche gardée : l'adresse de celle-ci y mène.",
    )

    termes = models.ManyToManyField(Terme, through="Classement", related_name="experiences")
    partenaires = models.ManyToManyField(Partenaire, through="Partenariat", related_name="experiences")
    objects = ExperienceQuerySet.as_manager()

    class Meta:
        verbose_name = "expérience"
        ordering = ["-publie_le", "-pk"]
        # Les dernières arrivées, page par page : 540 ms sans lui, 7 ms avec, sur 250 000 fiches (SQLite).
        indexes = [models.Index(fields=["etat", "-publie_le", "-id"], name="experience_recentes")]

    def __str__(self) -> str:
        return self.titre

    @property
    def est_publiee(self) -> bool:
        return self.etat == EtatExperience.PUBLIEE

    # Ce qu'une page relit vingt fois : la liste, sans le gestionnaire que Django refait à chaque accès.
    # Préchargées par `.en_liste()` et `.completes()`, ou posées par `lecture.lire`.

    @cached_property
    def ses_classements(self) -> list["Classement"]:
        return list(self.classements.all())

    @cached_property
    def ses_partenariats(self) -> list["Partenariat"]:
        return list(self.partenariats.all())

    @cached_property
    def ses_moyens(self) -> list["Moyen"]:
        return list(self.moyens.all())

    @cached_property
    def ses_points(self) -> list["PointAVerifier"]:
        return list(self.points.all())

    @cached_property
    def ses_sources(self) -> list["BlocSource"]:
        return list(self.sources.all())

    @cached_property
    def ses_pieces(self) -> list["PieceJointe"]:
        """Celles que chacun voit, dans l'ordre de la fiche."""
        return [piece for piece in self.pieces.all() if piece.est_publique]


class Classement(models.Model):
    """Un terme d'une expérience ; `rang` garde l'ordre de la fiche d'origine."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="classements")
    terme = models.ForeignKey(Terme, models.PROTECT, related_name="classements")
    rang = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rang", "pk"]
        constraints = [models.UniqueConstraint(fields=["experience", "terme"], name="classement_unique")]


class Partenariat(models.Model):
    """Qui agit et qui finance : deux liens distincts, avec le montant quand il est connu."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="partenariats")
    partenaire = models.ForeignKey(Partenaire, models.PROTECT, related_name="partenariats")
    role = models.CharField("rôle", max_length=20, choices=RolePartenaire, default=RolePartenaire.ACTION)
    montant = models.DecimalField("montant, en euros", max_digits=12, decimal_places=2, null=True, blank=True)
    rang = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["experience", "partenaire", "role"], name="partenariat_unique_par_role"
            )
        ]


class BlocSource(models.Model):
    """Un bloc lu dans un fichier importé, tel quel : la preuve de ce qui a été lu, et de quoi le rendre."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="sources")
    fichier_source = models.CharField(max_length=255)
    position = models.PositiveIntegerField("position, à partir de 1")
    ligne = models.PositiveIntegerField("première ligne dans le fichier")
    bloc = models.JSONField()
    empreinte = models.CharField(max_length=64, db_index=True, help_text="Tout le bloc, partenaires compris.")
    importe_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "bloc source"
        verbose_name_plural = "blocs sources"
        ordering = ["fichier_source", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["fichier_source", "position", "empreinte"], name="bloc_source_une_fois"
            )
        ]


class Moyen(models.Model):
    """Un nombre reconnu dans un texte, avec les mots dont il vient. Le texte, lui, n'est jamais modifié."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="moyens")
    genre = models.CharField(max_length=20, choices=GenreMoyen)
    valeur = models.DecimalField(max_digits=12, decimal_places=2)
    periode = models.CharField("période", max_length=30, blank=True, help_text="« par an », ou rien.")
    est_approximatif = models.BooleanField(default=False)
    est_retenu = models.BooleanField("montré en tête de fiche", default=False)
    champ = models.CharField(max_length=40)
    debut = models.PositiveIntegerField("début, en caractères")
    fin = models.PositiveIntegerField("fin, en caractères")
    extrait = models.TextField()

    class Meta:
        ordering = ["champ", "debut", "pk"]


class PointAVerifier(models.Model):
    """Ce qu'une modératrice doit regarder : donnée de personne, doublon possible, valeur inconnue."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="points")
    genre = models.CharField(max_length=20, choices=GenrePoint)
    etat = models.CharField("état", max_length=20, choices=EtatPoint, default=EtatPoint.A_VERIFIER)
    champ = models.CharField(max_length=40, blank=True)
    debut = models.PositiveIntegerField(null=True)
    fin = models.PositiveIntegerField(null=True)
    extrait = models.CharField(max_length=300)
    proche_de = models.ForeignKey(Experience, models.CASCADE, null=True, related_name="+")

    class Meta:
        verbose_name = "point à vérifier"
        verbose_name_plural = "points à vérifier"
        ordering = ["pk"]
