"""La modération : ce qui attend un regard, qui le regarde, ce qui est décidé et pourquoi.

La cible est désignée par son type et son numéro : cette pièce ne sait pas ce qu'elle modère. La pièce qui le sait
dépose une demande, l'examine sur sa propre page, et applique la décision.
"""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.models import Versionnee
from maillage.moderation.choices import (
    EtatCommentaire,
    EtatDemande,
    EtatSignalement,
    GenreCommentaire,
    GenreDemande,
    Geste,
    MotifSignalement,
    ResultatEssai,
)
from maillage.moderation.querysets import CommentaireQuerySet, DemandeQuerySet, SignalementQuerySet
from maillage.territoire.models import Institution, Structure


class Demande(Versionnee):
    """Une chose qui attend un regard. `structure` dit le territoire, et qui ne peut pas en juger."""

    genre = models.CharField(max_length=20, choices=GenreDemande)
    etat = models.CharField("état", max_length=20, choices=EtatDemande, default=EtatDemande.EN_ATTENTE)
    objet_type = models.CharField(max_length=80)
    objet_id = models.BigIntegerField()
    titre = models.CharField(max_length=500, help_text="Ce que la file en montre.")
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="+")
    deposee_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")
    deposee_le = models.DateTimeField("déposée le", default=timezone.now)
    est_urgente = models.BooleanField("à voir d'abord", default=False)
    prise_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")
    prise_le = models.DateTimeField("prise en main le", null=True, blank=True)
    rappelee_le = models.DateTimeField("rappel envoyé le", null=True, blank=True)

    objects = DemandeQuerySet.as_manager()

    class Meta:
        ordering = ["-est_urgente", "deposee_le", "pk"]
        indexes = [models.Index(fields=["etat", "-est_urgente", "deposee_le"], name="demandes_en_attente")]
        constraints = [
            models.UniqueConstraint(
                fields=["objet_type", "objet_id"],
                condition=models.Q(etat__in=["en_attente", "precision"]),
                name="une_demande_ouverte_par_objet",
            )
        ]

    def __str__(self) -> str:
        return self.titre


DELAI_POUR_DEFAIRE = timedelta(minutes=10)
"""L'auteur n'est prévenu qu'après : jusque-là, une décision se défait sans que personne ne s'en aperçoive."""


class Decision(models.Model):
    """Un geste sur une demande, avec sa raison. `avant` : de quoi défaire, tant que la décision n'est pas annoncée."""

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="decisions")
    geste = models.CharField(max_length=20, choices=Geste)
    motif = models.TextField(blank=True)
    avant = models.JSONField(default=dict)
    par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    le = models.DateTimeField(default=timezone.now)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "décision"
        ordering = ["-le", "-pk"]

    @property
    def defaisable_jusqu_a(self) -> datetime:
        return self.le + DELAI_POUR_DEFAIRE

    @property
    def peut_etre_defaite(self) -> bool:
        """Ni annulée, ni annoncée."""
        return self.annulee_le is None and timezone.now() < self.defaisable_jusqu_a


class Note(models.Model):
    """Une note de travail. Seule l'institution qui l'écrit la lit : fédération et Caf gardent chacune les leurs."""

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="notes")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    texte = models.TextField()
    par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    le = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["le", "pk"]


class Commentaire(Versionnee):
    """Ce qu'un lecteur écrit sous une fiche, ou l'essai qu'il en a fait. Retenu jusqu'à ce qu'on l'ait lu."""

    objet_type = models.CharField(max_length=80)
    objet_id = models.BigIntegerField()
    structure = models.ForeignKey(
        Structure,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Celle de la fiche : son territoire.",
    )
    objet_titre = models.CharField(max_length=500)
    adresse = models.CharField("page commentée", max_length=300)
    genre = models.CharField(max_length=20, choices=GenreCommentaire)
    etat = models.CharField("état", max_length=20, choices=EtatCommentaire, default=EtatCommentaire.RETENU)
    texte = models.TextField()
    signature = models.CharField(max_length=80, help_text="Le nom que le lecteur veut montrer.")
    courriel = models.EmailField(blank=True)
    lieu = models.CharField("où", max_length=150, blank=True)
    resultat = models.CharField("résultat", max_length=20, choices=ResultatEssai, blank=True)
    auteur = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")
    depose_le = models.DateTimeField("déposé le", default=timezone.now)
    publie_le = models.DateTimeField("publié le", null=True, blank=True)
    reponse = models.TextField("réponse du centre", blank=True)
    repondu_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)

    objects = CommentaireQuerySet.as_manager()

    class Meta:
        ordering = ["depose_le", "pk"]
        indexes = [models.Index(fields=["objet_type", "objet_id", "etat"], name="commentaires_d_un_objet")]

    def __str__(self) -> str:
        return f"{self.signature} : {self.texte[:60]}"


class Signalement(models.Model):
    """Un lecteur signale un contenu. Son numéro est le reçu : il suffit pour lire la suite donnée."""

    numero = models.CharField("numéro", max_length=16, unique=True)
    objet_type = models.CharField(max_length=80)
    objet_id = models.BigIntegerField()
    objet_titre = models.CharField(max_length=500)
    adresse = models.CharField("page signalée", max_length=300)
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="+")
    motif = models.CharField(max_length=20, choices=MotifSignalement)
    texte = models.TextField("ce qui ne va pas", blank=True)
    courriel = models.EmailField(blank=True)
    empreinte = models.CharField(
        max_length=64, blank=True, help_text="D'une personne, pour un jour : effacée ensuite."
    )
    etat = models.CharField("état", max_length=20, choices=EtatSignalement, default=EtatSignalement.OUVERT)
    reponse = models.TextField("réponse", blank=True)
    recu_le = models.DateTimeField("reçu le", default=timezone.now)
    traite_le = models.DateTimeField("traité le", null=True, blank=True)

    objects = SignalementQuerySet.as_manager()

    class Meta:
        ordering = ["-recu_le", "-pk"]
        indexes = [models.Index(fields=["objet_type", "objet_id"], name="signalements_d_un_objet")]

    def __str__(self) -> str:
        return self.numero
