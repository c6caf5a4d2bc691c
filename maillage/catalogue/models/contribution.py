"""Ce qui s'écrit avant d'être accepté : contribution, sauvegardes, pièces jointes, fusion de doublons."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from maillage.catalogue.choices import (
    EtatContribution,
    EtatExperience,
    EtatPiece,
    GenreContribution,
    GenrePiece,
)
from maillage.catalogue.models.experience import Experience
from maillage.catalogue.querysets import ContributionQuerySet, PieceJointeQuerySet
from maillage.comptes.models import Utilisateur
from maillage.core.images import dimensions_de_vignette
from maillage.core.models import SauvegardeDeChamp, Versionnee


class Contribution(Versionnee):
    """Ce que quelqu'un propose d'écrire dans une fiche : fiche nouvelle, révision d'un centre, correction d'un lecteur.

    Rien n'en est public tant qu'une modératrice ne l'a pas accepté : l'expérience n'en reçoit les valeurs qu'alors.
    `contenu` : champ → valeur proposée, pour les seuls champs touchés (formes : `catalogue.champs`). `depart` : la
    valeur de l'expérience quand le champ a été touché ; si elle a changé depuis, la modératrice le voit.
    """

    experience = models.ForeignKey(Experience, models.PROTECT, related_name="contributions")
    genre = models.CharField(max_length=20, choices=GenreContribution)
    etat = models.CharField(
        "état", max_length=20, choices=EtatContribution, default=EtatContribution.EN_ECRITURE, db_index=True
    )
    contenu = models.JSONField(default=dict)
    depart = models.JSONField("valeurs de départ", default=dict)
    auteur = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    auteur_nom = models.CharField("nom donné par un lecteur", max_length=80, blank=True)
    auteur_courriel = models.EmailField("courriel donné par un lecteur", blank=True)
    mot = models.TextField("mot à la modération", blank=True)
    autres_que = models.JSONField(
        "fiches proches que l'on dit différentes", default=list, help_text="Numéros d'expériences."
    )
    soumise_le = models.DateTimeField("envoyée le", null=True, blank=True)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["-modifie_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["experience"],
                condition=Q(
                    genre__in=["nouvelle", "revision"], etat__in=["en_ecriture", "soumise", "a_reprendre"]
                ),
                name="une_seule_redaction_ouverte",
                violation_error_message="Cette fiche est déjà en cours d'écriture. Rejoignez le brouillon ouvert.",
            )
        ]

    def __str__(self) -> str:
        return self.titre or "Fiche sans titre"

    @property
    def titre(self) -> str:
        """Le titre proposé, sinon celui de la fiche."""
        propose: Any = self.contenu.get("titre")
        return str(propose if propose is not None else self.experience.titre)

    @property
    def est_ouverte(self) -> bool:
        return self.etat in {EtatContribution.EN_ECRITURE, EtatContribution.A_REPRENDRE}


class Sauvegarde(SauvegardeDeChamp):
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="sauvegardes")

    class Meta(SauvegardeDeChamp.Meta):
        indexes = [models.Index(fields=["contribution", "champ", "-id"], name="sauvegardes_d_un_champ")]


class PieceJointe(models.Model):
    """Un fichier d'une fiche. Une image est réécrite à l'arrivée : ni lieu, ni appareil, ni code caché.

    Publique seulement quand elle est `publiee` et que l'expérience l'est. `nom` est celui que la personne donne ;
    sur le disque, le nom est tiré au hasard.
    """

    experience = models.ForeignKey(Experience, models.PROTECT, related_name="pieces")
    contribution = models.ForeignKey(Contribution, models.PROTECT, null=True, related_name="pieces")
    code = models.CharField(max_length=16, unique=True)
    genre = models.CharField(max_length=20, choices=GenrePiece)
    etat = models.CharField("état", max_length=20, choices=EtatPiece, default=EtatPiece.EN_ATTENTE)
    nom = models.CharField("nom du fichier", max_length=150)
    chemin = models.CharField(max_length=160)
    type_mime = models.CharField("type", max_length=80)
    taille = models.PositiveIntegerField("taille, en octets")
    sha256 = models.CharField("empreinte", max_length=64)
    chemin_vignette = models.CharField(max_length=160, blank=True)
    sha256_vignette = models.CharField("empreinte de la vignette", max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("pages d’un document", null=True, blank=True)
    largeur = models.PositiveIntegerField(null=True, blank=True)
    hauteur = models.PositiveIntegerField(null=True, blank=True)
    texte_alternatif = models.CharField("ce que montre l’image", max_length=300, blank=True)
    est_decorative = models.BooleanField("image décorative", default=False)
    legende = models.CharField("légende et crédit", max_length=300, blank=True)
    rang = models.PositiveSmallIntegerField(default=0)
    deposee_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    deposee_le = models.DateTimeField(default=timezone.now)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    retiree_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="retirée par"
    )

    objects = PieceJointeQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_publique(self) -> bool:
        """Comme `publiees()`, sur un objet déjà lu."""
        return self.etat == EtatPiece.PUBLIEE and self.experience.etat == EtatExperience.PUBLIEE

    @property
    def est_image(self) -> bool:
        return self.genre == GenrePiece.IMAGE

    @property
    def est_decrite(self) -> bool:
        """Une image dit ce qu'elle montre, ou qu'elle n'est là que pour faire joli."""
        return not self.est_image or self.est_decorative or bool(self.texte_alternatif)

    @property
    def dimensions_de_vignette(self) -> tuple[int, int]:
        return dimensions_de_vignette(self.largeur or 1, self.hauteur or 1)


class Fusion(models.Model):
    """Deux fiches de la même action réunies : ce qui a été ajouté à la fiche gardée, pour pouvoir défaire."""

    gardee = models.ForeignKey(Experience, models.PROTECT, related_name="fusions")
    doublon = models.ForeignKey(Experience, models.PROTECT, related_name="+")
    ajouts = models.JSONField(default=dict, help_text="Numéros des lignes ajoutées ou déplacées, par modèle.")
    par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    le = models.DateTimeField(default=timezone.now)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        ordering = ["-le", "-pk"]
