"""Fabriques des objets d'essai. Une situation porte un nom (`ExperienceFactory(brouillon=True)`)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from maillage.catalogue.choices import (
    EtatContribution,
    EtatExperience,
    EtatImportation,
    FamilleTerme,
    GenreContribution,
    GenrePoint,
    RolePartenaire,
    StatutAction,
)
from maillage.catalogue.models import (
    Classement,
    Contribution,
    Experience,
    Importation,
    Partenariat,
    PointAVerifier,
    Synonyme,
    Terme,
)
from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Invitation, Utilisateur
from maillage.comptes.permissions import demande_un_second_facteur
from maillage.core.journal import type_objet
from maillage.moderation.choices import EtatCommentaire, GenreCommentaire, GenreDemande, ResultatEssai
from maillage.moderation.models import Commentaire, Demande
from maillage.territoire.choices import EtatStructure, FormeGestionnaire, GenreInstitution, GenreStructure
from maillage.territoire.models import (
    Commune,
    Departement,
    FermetureExceptionnelle,
    Gestionnaire,
    Institution,
    Partenaire,
    Region,
    Site,
    Structure,
)

MOT_DE_PASSE = "un-bon-mot-de-passe-de-test"
SECRET_DU_TELEPHONE = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def _slug(objet: Any) -> str:
    return slugify(objet.nom)


class RegionFactory(DjangoModelFactory[Region]):
    class Meta:
        model = Region
        django_get_or_create = ["code"]

    code = "84"
    nom = "Auvergne-Rhône-Alpes"
    slug = factory.LazyAttribute(_slug)


class DepartementFactory(DjangoModelFactory[Departement]):
    class Meta:
        model = Departement
        django_get_or_create = ["code"]

    code = "63"
    nom = "Puy-de-Dôme"
    slug = factory.LazyAttribute(_slug)
    region = factory.SubFactory(RegionFactory)

    class Params:
        autre = factory.Trait(
            code="62",
            nom="Pas-de-Calais",
            region=factory.SubFactory(RegionFactory, code="32", nom="Hauts-de-France"),
        )


class CommuneFactory(DjangoModelFactory[Commune]):
    class Meta:
        model = Commune
        django_get_or_create = ["code_insee"]

    code_insee = "63113"
    nom = "Clermont-Ferrand"
    nom_cherche = factory.LazyAttribute(lambda commune: slugify(commune.nom).replace("-", " "))
    departement = factory.SubFactory(DepartementFactory)
    codes_postaux = ["63000", "63100"]


class GestionnaireFactory(DjangoModelFactory[Gestionnaire]):
    class Meta:
        model = Gestionnaire

    nom = factory.Sequence(lambda n: f"Association du quartier {n}")
    forme = FormeGestionnaire.ASSOCIATION


class StructureFactory(DjangoModelFactory[Structure]):
    class Meta:
        model = Structure

    nom = factory.Sequence(lambda n: f"Centre social des Essais {n}")
    slug = factory.LazyAttribute(_slug)
    genre = GenreStructure.CENTRE_SOCIAL
    departement = factory.SubFactory(DepartementFactory)

    class Params:
        decrite = factory.Trait(
            commune=factory.SubFactory(CommuneFactory),
            gestionnaire=factory.SubFactory(GestionnaireFactory),
            adresse="3, rue des Tilleuls",
            code_postal="63000",
            telephone="0400000000",
            courriel="bonjour@essais.exemple",
            accroche="Un lieu pour se retrouver et agir ensemble.",
        )
        a_completer = factory.Trait(etat=EtatStructure.A_COMPLETER, genre=GenreStructure.A_PRECISER)
        fermee = factory.Trait(etat=EtatStructure.FERMEE)


class SiteFactory(DjangoModelFactory[Site]):
    class Meta:
        model = Site

    structure = factory.SubFactory(StructureFactory)
    nom = "Maison des Tilleuls"
    est_principal = True
    adresse = "3, rue des Tilleuls"
    code_postal = "63000"
    commune = factory.SubFactory(CommuneFactory)
    horaires = "Mo-Fr 09:00-12:00,14:00-18:00"


class FermetureFactory(DjangoModelFactory[FermetureExceptionnelle]):
    class Meta:
        model = FermetureExceptionnelle

    site = factory.SubFactory(SiteFactory)
    du = date(2027, 5, 6)
    au = date(2027, 5, 7)
    motif = "Pont de l’Ascension"


class InstitutionFactory(DjangoModelFactory[Institution]):
    class Meta:
        model = Institution
        django_get_or_create = ["nom"]

    nom = "Fédération des centres sociaux du Puy-de-Dôme"
    genre = GenreInstitution.FEDERATION

    class Params:
        caf = factory.Trait(nom="Caf du Puy-de-Dôme", genre=GenreInstitution.CAF)
        reseau = factory.Trait(nom="Réseau national d’essai", genre=GenreInstitution.RESEAU_NATIONAL)


class PartenaireFactory(DjangoModelFactory[Partenaire]):
    class Meta:
        model = Partenaire

    nom = factory.Sequence(lambda n: f"Partenaire {n}")
    slug = factory.LazyAttribute(_slug)


class UtilisateurFactory(DjangoModelFactory[Utilisateur]):
    class Meta:
        model = Utilisateur
        django_get_or_create = ["email"]
        skip_postgeneration_save = True

    prenom = "Camille"
    nom = factory.Sequence(lambda n: f"Essai {n}")
    email = factory.LazyAttribute(lambda u: f"{slugify(u.prenom)}.{slugify(u.nom)}@essais.exemple")
    password = factory.django.Password(MOT_DE_PASSE)

    @factory.post_generation
    def adresse(self, create: bool, valeur: object, **kwargs: Any) -> None:
        """Comme à l'ouverture d'un compte : l'adresse est tenue pour vérifiée."""
        if create:
            EmailAddress.objects.get_or_create(
                user=self, email=self.email, defaults={"verified": True, "primary": True}
            )


class AppartenanceFactory(DjangoModelFactory[Appartenance]):
    class Meta:
        model = Appartenance
        skip_postgeneration_save = True

    utilisateur = factory.SubFactory(UtilisateurFactory)
    role = Role.CONTRIBUTEUR
    du = date(2020, 1, 1)

    @factory.post_generation
    def second_facteur(self, create: bool, voulu: bool | None, **kwargs: Any) -> None:
        """Qui doit en avoir un l'a déjà relié ; `AppartenanceFactory(second_facteur=False)` : pas encore."""
        appartenance: Any = self
        if create and voulu is not False and demande_un_second_facteur(appartenance):
            personne = appartenance.utilisateur
            if not Authenticator.objects.filter(user=personne).exists():
                TOTP.activate(personne, SECRET_DU_TELEPHONE)


class InvitationFactory(DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    prenom, nom = "Salomé", "Dupré"
    email = factory.Sequence(lambda n: f"salome.{n}@essais.exemple")
    role = Role.CONTRIBUTEUR
    jeton_empreinte = factory.Sequence(lambda n: f"{n:064d}")
    expire_le = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


class TermeFactory(DjangoModelFactory[Terme]):
    class Meta:
        model = Terme
        django_get_or_create = ["famille", "slug"]

    famille = FamilleTerme.MOT_CLE
    libelle = "Jardin partagé"
    libelle_source = factory.SelfAttribute("libelle")
    slug = factory.LazyAttribute(lambda terme: slugify(terme.libelle))


class ExperienceFactory(DjangoModelFactory[Experience]):
    """Publiée par défaut : c'est ce que la plupart des pages montrent."""

    class Meta:
        model = Experience
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"e{n:06d}")
    titre = factory.Sequence(lambda n: f"Un jardin pour tous, saison {n}")
    slug = factory.LazyAttribute(lambda experience: slugify(experience.titre))
    structure = factory.SubFactory(StructureFactory)
    etat = EtatExperience.PUBLIEE
    statut = StatutAction.EN_COURS
    publie_le = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    resume = "Des voisins cultivent ensemble une parcelle prêtée par la commune."
    description = "Chaque samedi, une dizaine de familles se retrouve au jardin."

    class Params:
        brouillon = factory.Trait(etat=EtatExperience.BROUILLON, publie_le=None)
        retiree = factory.Trait(etat=EtatExperience.RETIREE)
        terminee = factory.Trait(statut=StatutAction.TERMINEE, raison_fin="Le terrain a été repris.")

    @factory.post_generation
    def termes(self, create: bool, termes: list[Terme] | None, **kwargs: Any) -> None:
        """`ExperienceFactory(termes=[…])`, dans l'ordre donné."""
        for rang, terme in enumerate(termes or []):
            Classement.objects.create(experience=self, terme=terme, rang=rang)

    @factory.post_generation
    def partenaires(self, create: bool, partenaires: list[Partenaire] | None, **kwargs: Any) -> None:
        """`ExperienceFactory(partenaires=[…])` : ceux qui agissent."""
        for rang, partenaire in enumerate(partenaires or []):
            Partenariat.objects.create(
                experience=self, partenaire=partenaire, role=RolePartenaire.ACTION, rang=rang
            )


class PointAVerifierFactory(DjangoModelFactory[PointAVerifier]):
    class Meta:
        model = PointAVerifier

    experience = factory.SubFactory(ExperienceFactory)
    genre = GenrePoint.PERSONNE
    champ = "description"
    debut, fin = 0, 6
    extrait = "Chaque"


class SynonymeFactory(DjangoModelFactory[Synonyme]):
    class Meta:
        model = Synonyme

    termes = "potager\njardin"


class ImportationFactory(DjangoModelFactory[Importation]):
    class Meta:
        model = Importation

    nom = "page.txt"
    taille = 1200
    etat = EtatImportation.DEPOSEE
    deposee_par = factory.SubFactory(UtilisateurFactory)


class ContributionFactory(DjangoModelFactory[Contribution]):
    """Une révision que son centre écrit ; `soumise=True` la confie à la modération, avec sa demande."""

    class Meta:
        model = Contribution
        skip_postgeneration_save = True

    experience = factory.SubFactory(ExperienceFactory)
    genre = GenreContribution.REVISION
    etat = EtatContribution.EN_ECRITURE
    contenu = factory.LazyFunction(lambda: {"resume": "Des voisins cultivent une parcelle, chaque samedi."})
    depart = factory.LazyAttribute(
        lambda c: {nom: getattr(c.experience, nom) for nom in c.contenu if hasattr(c.experience, nom)}
    )
    auteur = factory.SubFactory(UtilisateurFactory)

    class Params:
        nouvelle = factory.Trait(
            genre=GenreContribution.NOUVELLE,
            experience=factory.SubFactory(
                ExperienceFactory, brouillon=True, titre="", slug="experience", resume="", description=""
            ),
            contenu=factory.LazyFunction(
                lambda: {"titre": "Le café des clics", "resume": "Une tablette, une heure."}
            ),
        )
        correction = factory.Trait(
            genre=GenreContribution.CORRECTION,
            auteur=None,
            auteur_nom="Paule",
            auteur_courriel="paule@essais.exemple",
        )

    @factory.post_generation
    def soumise(self, create: bool, est_soumise: bool | None, **kwargs: Any) -> None:
        """`ContributionFactory(soumise=True, soumise__deposee_le=…)` : les réglages vont à la demande."""
        if est_soumise:
            self.etat = EtatContribution.SOUMISE
            self.soumise_le = kwargs.get("deposee_le") or timezone.now()
            self.save()
            DemandeFactory(objet=self, **kwargs)


class DemandeFactory(DjangoModelFactory[Demande]):
    """Ce qui attend un regard sur `objet`, une contribution soumise si on n'en donne pas."""

    class Meta:
        model = Demande

    class Params:
        objet = factory.SubFactory(ContributionFactory, etat=EtatContribution.SOUMISE)

    genre = factory.LazyAttribute(
        lambda d: (
            GenreDemande.CORRECTION
            if getattr(d.objet, "genre", "") == GenreContribution.CORRECTION
            else GenreDemande.FICHE
        )
    )
    objet_type = factory.LazyAttribute(lambda d: type_objet(d.objet))
    objet_id = factory.LazyAttribute(lambda d: d.objet.pk)
    titre = factory.LazyAttribute(lambda d: str(d.objet))
    structure = factory.LazyAttribute(lambda d: d.objet.experience.structure)
    deposee_par = factory.LazyAttribute(lambda d: d.objet.auteur)


class CommentaireFactory(DjangoModelFactory[Commentaire]):
    """Retenu par défaut. `experience=` : la fiche commentée."""

    class Meta:
        model = Commentaire
        exclude = ["experience"]

    experience = factory.SubFactory(ExperienceFactory)
    objet_type = "catalogue.experience"
    objet_id = factory.SelfAttribute("experience.pk")
    objet_titre = factory.SelfAttribute("experience.titre")
    adresse = factory.LazyAttribute(lambda o: f"/experiences/{o.experience.code}/{o.experience.slug}/")
    structure = factory.SelfAttribute("experience.structure")
    genre = GenreCommentaire.COMMENTAIRE
    texte = factory.Sequence(lambda n: f"Bravo, nous voulons faire de même dans notre quartier ({n}).")
    signature = "Une voisine"

    class Params:
        publie = factory.Trait(etat=EtatCommentaire.PUBLIE)
        essai = factory.Trait(
            genre=GenreCommentaire.ESSAI, lieu="Centre social de Valserre", resultat=ResultatEssai.EN_PARTIE
        )
