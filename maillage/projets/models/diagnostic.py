"""Le diagnostic : ce que l'on a vu, entendu, compté, et les besoins que cela prouve."""

from typing import Any, Final

from django.db import models
from django.db.models import Q

from maillage.core.models import Versionnee
from maillage.projets.choices import Couleur, Croisement, GenreRencontre, NatureConstat, SorteDeParticipants
from maillage.projets.models.arbre import Enjeu
from maillage.projets.models.cadre import ProjetSocial
from maillage.projets.models.dossier import ChiffreDiagnostic, TableauDiagnostic


class Constat(models.Model):
    """Une phrase sur le territoire ou le centre, rangée dans une des quatre cases."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="constats")
    texte = models.TextField()
    nature = models.CharField(max_length=20, choices=NatureConstat)
    source = models.CharField(max_length=300, blank=True)
    rang = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.texte


class ThemeDeParoles(models.Model):
    """Ce qui réunit des paroles. Fait à la main ; sa couleur l'aide à se voir, son nom le dit."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="themes")
    nom = models.CharField(max_length=120)
    couleur = models.CharField(max_length=10, choices=Couleur, default=Couleur.VERT)
    rang = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "thème de paroles"
        verbose_name_plural = "thèmes de paroles"
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.nom


class Parole(models.Model):
    """Ce qu'un habitant a dit. `qui` : « une mère de deux enfants », jamais un nom."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="paroles")
    texte = models.TextField()
    qui = models.CharField(max_length=120, blank=True)
    theme = models.ForeignKey(
        ThemeDeParoles,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="paroles",
        verbose_name="thème",
    )
    occasion = models.CharField(max_length=200, blank=True)
    rang = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.texte


class Rencontre(models.Model):
    """Un moment du diagnostic. `affluence` : sorte de participants → combien."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="rencontres")
    titre = models.CharField(max_length=200)
    genre = models.CharField(max_length=20, choices=GenreRencontre, default=GenreRencontre.ECOUTE)
    le = models.DateField(null=True, blank=True)
    lieu = models.CharField(max_length=200, blank=True)
    affluence = models.JSONField(default=dict, blank=True)
    retenu = models.TextField(blank=True)

    class Meta:
        ordering = [models.F("le").asc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return self.titre

    @property
    def presents(self) -> int:
        return sum(self.affluence.values())

    @property
    def sortes(self) -> list[tuple[str, int]]:
        """Dans l'ordre des sortes, celles qui étaient là."""
        return [
            (str(une.label), self.affluence[une]) for une in SorteDeParticipants if self.affluence.get(une)
        ]


class ResultatEnquete(models.Model):
    """Les réponses à une question. `lignes` : [{libelle, valeurs: [entiers]}], une valeur par colonne.

    Sans croisement, une seule colonne : l'effectif. On garde des effectifs, jamais la réponse d'une personne.
    """

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="resultats")
    question = models.CharField(max_length=300)
    enquete = models.CharField("enquête", max_length=200, blank=True)
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    croisement = models.CharField(max_length=20, choices=Croisement, blank=True)
    colonnes = models.JSONField(default=list)
    lignes = models.JSONField(default=list)
    rang = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "résultat d’enquête"
        verbose_name_plural = "résultats d’enquête"
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.question


class Besoin(Versionnee):
    """Ce qui manque aux habitants, et que l'on peut prouver. Les plus urgents d'abord."""

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="besoins")
    titre = models.CharField(max_length=300)
    precision = models.TextField("précision", blank=True)
    rang = models.PositiveSmallIntegerField(default=1)
    enjeux = models.ManyToManyField(Enjeu, blank=True, related_name="besoins")

    class Meta:
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.titre


GENRES_DE_PREUVE: Final = ("chiffre", "tableau", "constat", "parole", "resultat", "rencontre")
"""Ce qu'une preuve peut montrer du doigt ; sinon, elle recopie un nombre du quotidien."""


def _une_seule() -> Q:
    """Une preuve montre une chose du diagnostic, ou recopie un nombre : l'un ou l'autre."""
    montrees = Q()
    for voulu in GENRES_DE_PREUVE:
        montrees |= Q(nombre="", **{f"{genre}__isnull": genre != voulu for genre in GENRES_DE_PREUVE})
    return montrees | (~Q(nombre="") & Q(**{f"{genre}__isnull": True for genre in GENRES_DE_PREUVE}))


def _vers(modele: Any, nom: str) -> Any:
    return models.ForeignKey(
        modele, models.RESTRICT, null=True, blank=True, related_name="preuves", verbose_name=nom
    )


class Preuve(models.Model):
    """Ce qui appuie un besoin. `nombre` : une phrase recopiée de l'accueil ou des activités, avec sa source."""

    besoin = models.ForeignKey(Besoin, models.CASCADE, related_name="preuves")
    chiffre = _vers(ChiffreDiagnostic, "chiffre")
    tableau = _vers(TableauDiagnostic, "tableau")
    constat = _vers(Constat, "constat")
    parole = _vers(Parole, "parole")
    resultat = _vers(ResultatEnquete, "résultat d’enquête")
    rencontre = _vers(Rencontre, "rencontre")
    nombre = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=_une_seule(),
                name="une_preuve_montre_une_chose",
                violation_error_message="Choisissez une preuve, ou recopiez un nombre : pas les deux.",
            )
        ]

    @property
    def montre(self) -> Any:
        """L'objet du diagnostic, ou rien pour un nombre recopié."""
        return next(
            (getattr(self, genre) for genre in GENRES_DE_PREUVE if getattr(self, f"{genre}_id")), None
        )
