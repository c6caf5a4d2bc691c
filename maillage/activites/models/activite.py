"""L'activité, ses séries, ses séances et leurs thèmes."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from maillage.activites.choices import Cadre, EtatActivite, EtatSeance, EtatTheme, GenreSeance
from maillage.activites.querysets import ActiviteQuerySet, SeanceQuerySet
from maillage.comptes.models import Utilisateur
from maillage.core.francais import heure
from maillage.core.models import Versionnee
from maillage.projets.models import FicheAction
from maillage.territoire.models import Site, Structure


class Activite(Versionnee):
    """Ce que le centre propose, et la fiche action que cela fait avancer : chaque présence y compte.

    `publics`, `instance` : les mots du centre. `instance` : « comité d'usagers », quand l'activité en est la vie.
    `accueil_libre` : on vient sans s'inscrire. `prix` : euros par personne et par séance, 0 = gratuit, vide = non dit.
    """

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="activites")
    fiche = models.ForeignKey(
        FicheAction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activites",
        verbose_name="fiche action",
    )
    titre = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    genre = models.CharField(
        "genre de séance", max_length=20, choices=GenreSeance, default=GenreSeance.ATELIER
    )
    cadre = models.CharField("dispositif", max_length=10, choices=Cadre, default=Cadre.AUCUN)
    etat = models.CharField("état", max_length=10, choices=EtatActivite, default=EtatActivite.OUVERTE)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="activites")
    lieu = models.CharField(max_length=120, blank=True)
    publics = models.JSONField(default=list, blank=True)
    age_min = models.PositiveSmallIntegerField("à partir de (ans)", null=True, blank=True)
    age_max = models.PositiveSmallIntegerField("jusqu’à (ans)", null=True, blank=True)
    prix = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    est_accessible = models.BooleanField("lieu accessible en fauteuil roulant", default=False)
    instance = models.CharField(max_length=120, blank=True)
    animateurs = models.ManyToManyField(Utilisateur, blank=True, related_name="activites_animees")
    accueil_libre = models.BooleanField("accueil libre, sans inscription", default=False)
    capacite = models.PositiveSmallIntegerField("nombre de places", null=True, blank=True)
    est_publique = models.BooleanField("dans l’agenda public", default=False)
    jeton_agenda = models.CharField(max_length=32, unique=True, editable=False)

    objects = ActiviteQuerySet.as_manager()

    class Meta:
        verbose_name = "activité"
        ordering = ["titre", "pk"]
        indexes = [models.Index(fields=["structure", "etat"], name="activites_d_une_structure")]
        constraints = [
            models.CheckConstraint(condition=Q(age_min__lte=F("age_max")), name="activite_ages_dans_l_ordre"),
            models.CheckConstraint(condition=Q(prix__gte=0), name="activite_prix_positif"),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def est_sans_nom(self) -> bool:
        """Un LAEP est anonyme par règle : aucun nom ne s'y note."""
        return self.cadre == Cadre.LAEP


class Serie(Versionnee):
    """Une règle qui pose des séances : chaque mardi de 14 h à 16 h, sauf vacances et jours fériés.

    `zone` : zone scolaire (A, B, C, Corse, académie d'outre-mer), d'où viennent les vacances.
    """

    activite = models.ForeignKey(Activite, models.CASCADE, related_name="series")
    jour = models.PositiveSmallIntegerField("jour de la semaine, lundi = 0")
    debut = models.TimeField("début")
    fin = models.TimeField()
    du = models.DateField("du")
    au = models.DateField("au")
    toutes_les = models.PositiveSmallIntegerField("toutes les … semaines", default=1)
    saute_les_vacances = models.BooleanField("pas pendant les vacances scolaires", default=True)
    saute_les_feries = models.BooleanField("pas les jours fériés", default=True)
    zone = models.CharField("zone scolaire", max_length=20, blank=True)

    class Meta:
        verbose_name = "série"
        ordering = ["du", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__gte=F("du")),
                name="serie_finit_apres_son_debut",
                violation_error_message="La série finit avant de commencer. Corrigez une des deux dates.",
            )
        ]


class Theme(models.Model):
    """Un thème d'une suite d'ateliers : proposé, validé avec le groupe, ajusté en route."""

    activite = models.ForeignKey(Activite, models.CASCADE, related_name="themes")
    rang = models.PositiveSmallIntegerField(default=1)
    titre = models.CharField(max_length=160)
    etat = models.CharField("état", max_length=10, choices=EtatTheme, default=EtatTheme.PROPOSE)
    ajustement = models.CharField("ce que le groupe a changé", max_length=200, blank=True)

    class Meta:
        verbose_name = "thème"
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.titre


class Seance(Versionnee):
    """Une séance datée. `est_changee` : changée seule, une nouvelle règle de sa série ne l'écrase pas.

    `genre`, `site`, `lieu` vides : ceux de l'activité. `debut`, `fin` : instants ; leur jour se lit dans le fuseau
    de la structure. `jour_prevu` : celui que la règle de sa série lui donne, même déplacée.
    """

    activite = models.ForeignKey(Activite, models.PROTECT, related_name="seances")
    serie = models.ForeignKey(Serie, models.SET_NULL, null=True, blank=True, related_name="seances")
    debut = models.DateTimeField("début")
    fin = models.DateTimeField()
    genre = models.CharField("genre de séance", max_length=20, choices=GenreSeance, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="seances")
    lieu = models.CharField(max_length=120, blank=True)
    theme = models.ForeignKey(
        Theme, models.SET_NULL, null=True, blank=True, related_name="seances", verbose_name="thème"
    )
    etat = models.CharField("état", max_length=10, choices=EtatSeance, default=EtatSeance.PREVUE)
    raison = models.CharField("pourquoi annulée", max_length=200, blank=True)
    mot = models.TextField("un mot pour l’équipe", blank=True)
    est_changee = models.BooleanField("changée à part de sa série", default=False)
    jour_prevu = models.DateField("jour prévu par la série", null=True, blank=True)
    feuille_close_le = models.DateTimeField("feuille terminée le", null=True, blank=True)
    feuille_close_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SeanceQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        ordering = ["debut", "pk"]
        indexes = [
            models.Index(fields=["activite", "debut"], name="seances_d_une_activite"),
            models.Index(fields=["debut"], name="seances_par_debut"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="seance_finit_apres_son_debut",
                violation_error_message="La séance finit avant de commencer. Corrigez une des deux heures.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.activite} du {self.jour:%d/%m/%Y}"

    @property
    def genre_retenu(self) -> str:
        return self.genre or self.activite.genre

    # L'heure du centre. Préchargez `activite__structure`.

    @property
    def fuseau(self) -> ZoneInfo:
        return self.activite.structure.fuseau

    @property
    def debut_local(self) -> datetime:
        return self.debut.astimezone(self.fuseau)

    @property
    def fin_local(self) -> datetime:
        return self.fin.astimezone(self.fuseau)

    @property
    def jour(self) -> date:
        """Le jour où elle se tient, là où elle se tient."""
        return self.debut_local.date()

    @property
    def horaire(self) -> str:
        """« de 14 h à 16 h »."""
        return f"de {heure(self.debut_local.time())} à {heure(self.fin_local.time())}"

    @property
    def ou(self) -> str:
        """« Maison des Deux-Ponts, salle 2 » ; vide quand personne ne l'a dit."""
        site = self.site or self.activite.site
        lieu = self.lieu or self.activite.lieu
        return ", ".join(str(un) for un in (site, lieu) if un)
