"""Comptes : une personne, ses appartenances, les invitations par lesquelles on entre, et les essais que l'on compte."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from maillage.comptes.choices import Role
from maillage.comptes.querysets import AppartenanceQuerySet, InvitationQuerySet
from maillage.core.requete_rejouee import RequeteRejouee
from maillage.territoire.models import Gestionnaire, Institution, Structure


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    def get_by_natural_key(self, username: str | None) -> "Utilisateur":
        return self.get(email__iexact=username)


class Utilisateur(AbstractBaseUser):
    """Une personne qui travaille ou agit dans une structure ou une institution.

    Pas de `PermissionsMixin` ni de `is_staff` : les droits viennent des appartenances et des modules
    `permissions.py`, jamais d'un drapeau posé sur la personne.
    """

    email = models.EmailField("courriel", unique=True)
    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField(max_length=80)
    is_active = models.BooleanField("compte ouvert", default=True)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)
    tour_de_cle = models.PositiveIntegerField(
        default=0, editable=False, help_text="Le changer ferme toutes les sessions de la personne."
    )
    prevenu_le = models.DateTimeField("prévenu que le compte va se fermer", null=True, editable=False)
    endormi_le = models.DateTimeField("fermé faute de visite", null=True, editable=False)
    rouvert_le = models.DateTimeField("rouvert", null=True, editable=False)
    recoit_des_rappels = models.BooleanField(
        "rappels par courriel", default=True, help_text="Des tâches de ses projets, une semaine avant."
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["prenom", "nom"]
    objects = UtilisateurManager()

    class Meta:
        ordering = ["nom", "prenom", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="courriel_unique_sans_casse",
                violation_error_message="Un compte existe déjà avec cette adresse.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.prenom} {self.nom}".strip() or self.email

    def get_short_name(self) -> str:
        return self.prenom

    @cached_property
    def appartenances_du_jour(self) -> list["Appartenance"]:
        """Appartenances valables aujourd'hui, avec leur organisation.

        Lues une fois par demande : un départ vaut dès la suivante.
        """
        return _appartenances_du_jour(self.pk, timezone.localdate())

    @property
    def roles(self) -> frozenset[str]:
        """Rôles tenus aujourd'hui, où que ce soit."""
        return frozenset(appartenance.role for appartenance in self.appartenances_du_jour)

    @cached_property
    def structures_du_jour(self) -> list[int]:
        """Structures de ses appartenances et de ses gestionnaires, puis celles qu'elles ont reprises."""
        return _structures_tenues(self.appartenances_du_jour)

    @cached_property
    def structures_dirigees(self) -> list[int]:
        """Parmi elles, celles dont cette personne a la direction."""
        return self._tenues_comme(Role.DIRECTRICE)

    @cached_property
    def structures_du_registre(self) -> list[int]:
        """Parmi elles, celles où cette personne tient le registre des personnes."""
        return self._tenues_comme(Role.DIRECTRICE, Role.ACCUEIL)

    def _tenues_comme(self, *roles: Role) -> list[int]:
        """Sans rien relire quand la personne n'a que ces rôles."""
        choisies = [tenue for tenue in self.appartenances_du_jour if tenue.role in roles]
        if len(choisies) == len(self.appartenances_du_jour):
            return self.structures_du_jour
        return _structures_tenues(choisies)

    @property
    def lieu(self) -> "Appartenance | None":
        """Là où la personne agit d'abord : ce que la colonne de l'espace rappelle."""
        return next(iter(self.appartenances_du_jour), None)

    @property
    def lieux_de_travail(self) -> list[str]:
        """Noms des organisations où la personne agit : un mot de passe ne se fait pas avec."""
        return (
            [tenue.organisation.nom for tenue in self.appartenances_du_jour] if self.pk else self.lieux_promis
        )

    @cached_property
    def lieux_promis(self) -> list[str]:
        """Avant que le compte existe : l'organisation de l'invitation, que l'acte pose ici."""
        return []

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Le témoin que chaque session porte : un tour de clé, ou un autre mot de passe, et elles sont mortes."""
        return salted_hmac(
            "maillage.comptes.session",
            f"{self.password}:{self.tour_de_cle}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Les bibliothèques le demandent ; ici aucun droit ne vient des tables de Django."""
        return False


class Appartenance(models.Model):
    """Une personne, un rôle, et une seule organisation : structure, gestionnaire ou institution."""

    utilisateur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="appartenances")
    structure = models.ForeignKey(
        Structure, models.PROTECT, null=True, blank=True, related_name="appartenances"
    )
    gestionnaire = models.ForeignKey(
        Gestionnaire, models.PROTECT, null=True, blank=True, related_name="appartenances"
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="appartenances"
    )
    role = models.CharField("rôle", max_length=30, choices=Role)
    du = models.DateField(default=timezone.localdate)
    au = models.DateField("dernier jour", null=True, blank=True)
    fermee_le = models.DateTimeField("accès fermé le", null=True, blank=True)
    passation_a = models.ForeignKey(
        Utilisateur,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Qui reprend les brouillons et les collections quand la personne part.",
    )

    objects = AppartenanceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(structure__isnull=False, gestionnaire__isnull=True, institution__isnull=True)
                    | Q(structure__isnull=True, gestionnaire__isnull=False, institution__isnull=True)
                    | Q(structure__isnull=True, gestionnaire__isnull=True, institution__isnull=False)
                ),
                name="appartenance_a_une_seule_organisation",
                violation_error_message="Choisissez une structure, un gestionnaire ou une institution.",
            ),
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=F("du")),
                name="appartenance_finit_apres_son_debut",
                violation_error_message="La fin est avant le début. Corrigez une des deux dates.",
            ),
        ]

    @property
    def organisation(self) -> Structure | Gestionnaire | Institution:
        """La seule des trois qui n'est pas vide : la contrainte le garantit."""
        return self.structure or self.gestionnaire or self.institution  # type: ignore[return-value]


class Invitation(models.Model):
    """La seule porte d'entrée : un lien personnel, à usage unique, valable sept jours."""

    email = models.EmailField("courriel")
    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField(max_length=80)
    role = models.CharField("rôle", max_length=30, choices=Role)
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="+")
    gestionnaire = models.ForeignKey(Gestionnaire, models.PROTECT, null=True, blank=True, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    jeton_empreinte = models.CharField(max_length=64, unique=True)
    invite_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    cree_le = models.DateTimeField(default=timezone.now, editable=False)
    expire_le = models.DateTimeField()
    acceptee_le = models.DateTimeField(null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-cree_le", "pk"]

    @property
    def organisation(self) -> Structure | Gestionnaire | Institution:
        return self.structure or self.gestionnaire or self.institution  # type: ignore[return-value]

    @property
    def est_expiree(self) -> bool:
        return self.expire_le < timezone.now()


class Cloture(models.Model):
    """Une structure fermée, ou reprise par une autre : ce que l'acte a déplacé, pour pouvoir le défaire."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="clotures")
    reprise_par = models.ForeignKey(Structure, models.PROTECT, null=True, related_name="+")
    etat_avant = models.CharField("état d’avant", max_length=20)
    fermees = models.JSONField("appartenances fermées", default=list)
    ouvertes = models.JSONField("appartenances ouvertes ailleurs", default=list)
    suivantes = models.JSONField("structures qu’elle avait reprises", default=list)
    par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    le = models.DateTimeField(default=timezone.now)
    annulee_le = models.DateTimeField("défaite le", null=True, blank=True)

    class Meta:
        verbose_name = "clôture"
        ordering = ["-le", "-pk"]


class CompteurEssais(models.Model):
    """Combien d'essais depuis l'ouverture d'une fenêtre, pour tous les processus (ADR 0013).

    `cle` est une empreinte : ni courriel, ni adresse.
    """

    cle = models.CharField(max_length=64, unique=True)
    nombre = models.PositiveIntegerField(default=0)
    jusqu_a = models.DateTimeField("fin de la fenêtre", db_index=True)

    class Meta:
        verbose_name = "compteur d'essais"
        verbose_name_plural = "compteurs d'essais"


# chaque page la pose : l'écrire prenait à Django plus de temps que la lire
_appartenances_du_jour = RequeteRejouee(
    lambda utilisateur, jour: (
        Appartenance.objects.en_cours(jour)
        .filter(utilisateur=utilisateur)
        .select_related("structure", "gestionnaire", "institution")
    ),
    cles=2,
)


def _structures_tenues(appartenances: Sequence[Appartenance]) -> list[int]:
    """Celles où elles sont tenues, celles de leurs gestionnaires, puis celles que ces structures ont reprises."""
    directes = [un.structure_id for un in appartenances if un.structure_id]
    gestionnaires = [un.gestionnaire_id for un in appartenances if un.gestionnaire_id]
    if not directes and not gestionnaires:
        return []
    siennes = Q(pk__in=directes) | Q(gestionnaire__in=gestionnaires)
    reprises = Q(remplacee_par__in=directes) | Q(remplacee_par__gestionnaire__in=gestionnaires)
    return list(Structure.objects.filter(siennes | reprises).order_by("pk").values_list("pk", flat=True))
