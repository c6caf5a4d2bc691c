"""Ce que le centre a transmis, figé le jour de l'envoi."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.projets.choices import GenreEnvoi
from maillage.projets.models.cadre import ProjetSocial
from maillage.projets.querysets import EnvoiQuerySet, PartageQuerySet
from maillage.territoire.models import Institution

PROJET_ENTIER = 0


class Envoi(models.Model):
    """Une version transmise. Rien n'en change plus : le centre écrit la suivante.

    `annee` : celle d'un bilan, 0 pour le projet entier. `numero` : 1, 2, 3… par genre et par année. `contenu` : le
    document gardé (`core.documents.garde`), d'où viennent sa page et son fichier Word ; `pdf` : le fichier tel qu'il
    est parti. `pieces` : [{nom, chemin, empreinte, taille}]. `empreinte` : SHA-256 du contenu et des pièces. `cle` :
    le geste de la personne ; le même deux fois n'envoie qu'une fois. `recu_le` : la Caf en a accusé réception ;
    jusque-là, le centre peut le reprendre (`retire_le`), et il n'est plus lu que de lui.
    """

    projet = models.ForeignKey(ProjetSocial, models.PROTECT, related_name="envois")
    genre = models.CharField(max_length=20, choices=GenreEnvoi)
    annee = models.PositiveSmallIntegerField("année", default=PROJET_ENTIER)
    numero = models.PositiveSmallIntegerField("numéro")
    contenu = models.JSONField()
    pieces = models.JSONField("pièces", default=list, blank=True)
    pdf = models.CharField(max_length=160)
    empreinte = models.CharField(max_length=64)
    empreinte_pdf = models.CharField("empreinte du PDF", max_length=64, blank=True)
    vote_le = models.DateField("voté le", null=True, blank=True)
    vote_par = models.CharField("voté par", max_length=200, blank=True)
    mot = models.TextField("mot d’accompagnement", blank=True)
    cle = models.CharField("clé du geste", max_length=64, unique=True)
    envoye_le = models.DateTimeField("envoyé le", default=timezone.now)
    envoye_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="envoyé par"
    )
    recu_le = models.DateTimeField("reçu le", null=True, blank=True)
    recu_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="reçu par"
    )
    retire_le = models.DateTimeField("repris le", null=True, blank=True)

    objects = EnvoiQuerySet.as_manager()

    class Meta:
        ordering = ["-envoye_le", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["projet", "genre", "annee", "numero"], name="un_envoi_par_numero")
        ]

    def __str__(self) -> str:
        annee = f" {self.annee}" if self.annee != PROJET_ENTIER else ""
        return f"{self.get_genre_display()}{annee}, version {self.numero}"

    @property
    def nom_du_projet(self) -> str:
        """Tel qu'il était le jour de l'envoi : le nom d'aujourd'hui n'est qu'au centre. Voir `sans_contenu`."""
        champ = "titre" if self.genre == GenreEnvoi.DOSSIER else "sous_titre"
        lu = self.__dict__.get(f"{champ}_garde")
        return str(lu if lu is not None else self.contenu.get(champ, ""))


class Partage(models.Model):
    """Un envoi que le centre donne à lire à un cofinanceur. Fermé, il ne se lit plus."""

    envoi = models.ForeignKey(Envoi, models.PROTECT, related_name="partages")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="partages")
    ouvert_le = models.DateTimeField("ouvert le", default=timezone.now)
    ouvert_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="ouvert par"
    )
    ferme_le = models.DateTimeField("fermé le", null=True, blank=True)

    objects = PartageQuerySet.as_manager()

    class Meta:
        ordering = ["-ouvert_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["envoi", "institution"],
                condition=Q(ferme_le=None),
                name="un_partage_ouvert_par_institution",
            )
        ]
