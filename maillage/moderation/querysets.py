"""Lectures de la modération, dans les mots du métier."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from maillage.comptes.permissions import structures_de
from maillage.moderation.choices import EtatCommentaire, EtatDemande, EtatSignalement
from maillage.moderation.competence import Competence
from maillage.moderation.delais import limite_du_retard

DUREE_D_UNE_PRISE = timedelta(minutes=20)
"""Une modératrice partie sans finir rend la demande aux autres."""


class DemandeQuerySet(models.QuerySet[Any]):
    def sur(self, objet: models.Model) -> "DemandeQuerySet":
        return self.filter(objet_type=objet._meta.label_lower, objet_id=objet.pk)

    def en_attente(self) -> "DemandeQuerySet":
        return self.filter(etat=EtatDemande.EN_ATTENTE)

    def ouvertes(self) -> "DemandeQuerySet":
        return self.filter(etat__in=[EtatDemande.EN_ATTENTE, EtatDemande.PRECISION])

    def en_retard(self) -> "DemandeQuerySet":
        """Celles qui attendent depuis plus longtemps que la charte ne le promet."""
        return self.en_attente().filter(deposee_le__lt=limite_du_retard())

    def visibles_par(self, utilisateur: Any) -> "DemandeQuerySet":
        """Celles de son territoire, sauf celles de ses propres structures (`competence.py`)."""
        return self.filter(Competence(utilisateur).filtre())

    def libres_pour(self, utilisateur: Any) -> "DemandeQuerySet":
        """Que personne d'autre n'a en main en ce moment."""
        limite = timezone.now() - DUREE_D_UNE_PRISE
        return self.filter(Q(prise_par=None) | Q(prise_par_id=utilisateur.pk) | Q(prise_le__lt=limite))


class CommentaireQuerySet(models.QuerySet[Any]):
    def sur(self, objet: models.Model) -> "CommentaireQuerySet":
        return self.filter(objet_type=objet._meta.label_lower, objet_id=objet.pk)

    def publies(self) -> "CommentaireQuerySet":
        return self.filter(etat=EtatCommentaire.PUBLIE)

    def retenus(self) -> "CommentaireQuerySet":
        return self.filter(etat=EtatCommentaire.RETENU)

    def mis_de_cote_pour(self, utilisateur: Any) -> "CommentaireQuerySet":
        """Retenus sans être dans la file (sans doute des envois automatiques), sur le territoire de cette personne."""
        demandes = self.model._meta.apps.get_model("moderation", "Demande").objects.ouvertes()
        siennes = demandes.filter(objet_type=self.model._meta.label_lower, objet_id=models.OuterRef("pk"))
        return self.retenus().filter(Competence(utilisateur).filtre()).exclude(models.Exists(siennes))

    def adresses_a(self, utilisateur: Any) -> "CommentaireQuerySet":
        """Publiés sous les fiches de ses structures : c'est à elles d'y répondre."""
        return self.publies().filter(structure__in=structures_de(utilisateur))

    def sans_reponse_d_abord(self) -> "CommentaireQuerySet":
        return self.order_by(models.Case(models.When(reponse="", then=0), default=1), "-depose_le", "-pk")


class SignalementQuerySet(models.QuerySet[Any]):
    def sur(self, objet: models.Model) -> "SignalementQuerySet":
        return self.filter(objet_type=objet._meta.label_lower, objet_id=objet.pk)

    def ouverts(self) -> "SignalementQuerySet":
        return self.filter(etat=EtatSignalement.OUVERT)
