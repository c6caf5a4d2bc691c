"""L'accueil : ce qu'on vient demander, compté sans nom."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from maillage.accueil.choices import Canal, EtatSuivi, Suite
from maillage.accueil.querysets import (
    DemandeASuivreQuerySet,
    PassageQuerySet,
    TypeDeDemandeQuerySet,
)
from maillage.comptes.models import Utilisateur
from maillage.core.models import Versionnee
from maillage.personnes.choices import BandeAge, Genre
from maillage.personnes.models import Provenance
from maillage.projets.models import FicheAction
from maillage.territoire.horaires import fuseau
from maillage.territoire.models import Partenaire, Site, Structure


class TypeDeDemande(Versionnee):
    """Ce que l'on vient demander : une seule liste pour tous les lieux d'un centre, les neuf premières ont une
    touche. Retiré, un type garde ses passages. `fiche` : l'action que ces demandes font avancer."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="types_de_demande")
    libelle = models.CharField("libellé", max_length=60)
    icone = models.CharField("icône", max_length=40, default="circle-help")
    rang = models.PositiveSmallIntegerField(default=1)
    fiche = models.ForeignKey(
        FicheAction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="types_de_demande",
        verbose_name="fiche action",
    )
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = TypeDeDemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "type de demande"
        verbose_name_plural = "types de demande"
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "libelle"],
                condition=models.Q(retire_le=None),
                name="un_type_par_libelle",
                violation_error_message="Ce type de demande existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle


class Passage(models.Model):
    """Une venue au comptoir, sans nom, avec une ou plusieurs demandes. `nombre` : plusieurs personnes ensemble.

    `le` : l'instant ; son jour se lit dans le fuseau de la structure. `cle` : posée par l'appareil ; un envoi répété
    compte une fois. Annulé, il reste sans compter. `rattrape` : noté après coup, depuis un papier.
    """

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="passages")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="passages")
    le = models.DateTimeField(default=timezone.now)
    cle = models.UUIDField("clé de l’appareil", unique=True)
    nombre = models.PositiveSmallIntegerField("nombre de personnes", default=1)
    canal = models.CharField(max_length=20, choices=Canal, default=Canal.VENUE)
    premiere_visite = models.BooleanField("première visite", null=True, blank=True)
    suite = models.CharField(max_length=20, choices=Suite, blank=True)
    oriente_vers = models.ForeignKey(
        Partenaire,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="passages",
        verbose_name="orientée vers",
    )
    besoin_de_langue = models.CharField("langue", max_length=40, blank=True)
    bande = models.CharField("bande d’âge", max_length=10, choices=BandeAge, blank=True)
    genre = models.CharField(max_length=10, choices=Genre, blank=True)
    provenance = models.ForeignKey(Provenance, models.PROTECT, null=True, blank=True, related_name="passages")
    rattrape = models.BooleanField("noté après coup", default=False)
    note_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    note_le = models.DateTimeField("noté le", default=timezone.now)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["-le", "-pk"]
        indexes = [models.Index(fields=["structure", "le"], name="passages_d_une_structure")]

    def __str__(self) -> str:
        """Ce qu'il venait demander : « Papiers, Logement »."""
        return ", ".join(str(demande.type) for demande in self.demandes.all())

    @property
    def le_local(self) -> datetime:
        """L'instant, à l'heure du centre."""
        return self.le.astimezone(
            fuseau(self.structure.departement_id or "", self.structure.commune_id or "")
        )


class Demande(models.Model):
    """Ce que ce passage venait demander."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="demandes")
    type = models.ForeignKey(TypeDeDemande, models.PROTECT, related_name="demandes")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["passage", "type"], name="une_demande_par_type")]


class DemandeASuivre(Versionnee):
    """Une demande qui ne s'est pas réglée au comptoir : un objet, une date, qui s'en occupe.

    `prenom`, `contact` : seulement pour rappeler ; effacés trois mois après la fin (`accueil.conservation`).
    """

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="demandes_a_suivre")
    passage = models.ForeignKey(
        Passage, models.PROTECT, null=True, blank=True, related_name="demandes_a_suivre"
    )
    objet = models.CharField(max_length=200)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    contact = models.CharField("où rappeler", max_length=120, blank=True)
    a_faire_avant = models.DateField("à faire avant le")
    responsable = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="demandes_a_suivre"
    )
    etat = models.CharField("état", max_length=20, choices=EtatSuivi, default=EtatSuivi.OUVERT)
    issue = models.CharField("ce qui a été fait", max_length=200, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    objects = DemandeASuivreQuerySet.as_manager()

    class Meta:
        verbose_name = "demande à suivre"
        verbose_name_plural = "demandes à suivre"
        ordering = ["a_faire_avant", "pk"]
