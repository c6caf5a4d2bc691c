"""Les lectures du projet social."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.db.models.fields.json import KT
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.permissions import (
    a_role,
    institutions_de,
    structures_conseillees,
    structures_de,
    structures_dirigees,
)
from maillage.projets.choices import EtatFiche, EtatReferentiel, EtatReunion, PorteeAnnotation
from maillage.territoire.choices import GenreInstitution
from maillage.territoire.models import Structure


def structures_instruites(utilisateur: Any) -> models.QuerySet[Structure, Structure]:
    """Celles du territoire de sa Caf, sauf celles où cette personne travaille : on ne juge pas les siens."""
    return Structure.objects.filter(structures_conseillees(utilisateur)).exclude(
        pk__in=structures_de(utilisateur)
    )


def _instruit_par(utilisateur: Any, chemin: str) -> Q:
    return Q(**{f"{chemin}structure__in": structures_instruites(utilisateur)})


def dans_l_ordre(elements: models.QuerySet[Any, Any]) -> models.QuerySet[Any, Any]:
    """L'ordre où on les a rangés, ou posés quand ils ne se rangent pas."""
    rang = ["rang"] if any(champ.name == "rang" for champ in elements.model._meta.fields) else []
    return elements.order_by(*rang, "pk")


class ProjetSocialQuerySet(models.QuerySet[Any]):
    def transmis_a(self, utilisateur: Any) -> Self:
        """Pour la Caf du territoire : ceux dont elle a reçu quelque chose."""
        transmis = self.model.envois.rel.related_model.objects.filter(retire_le=None)
        return self.filter(_instruit_par(utilisateur, ""), pk__in=transmis.values("projet"))

    def de_l_equipe(self, utilisateur: Any) -> Self:
        """Ceux de ses structures, et eux seuls : les autres lisent ce qu'on leur a transmis (`Envoi`)."""
        return self.filter(structure__in=structures_de(utilisateur))

    def avec_avancement(self) -> Self:
        """Ajoute `nombre_fiches`, et `nombre_ecrites` : celles qui ne sont plus « à écrire »."""
        ecrites = ~Q(fiches__etat=EtatFiche.A_ECRIRE)
        return self.annotate(
            nombre_fiches=Count("fiches"), nombre_ecrites=Count("fiches", filter=ecrites)
        ).order_by("-au", "nom", "pk")


class FicheActionQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(projet__structure__in=structures_de(utilisateur))


class IndicateurQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(fiche__projet__structure__in=structures_de(utilisateur))


class TacheQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(projet__structure__in=structures_de(utilisateur))

    def en_retard(self) -> Self:
        return self.filter(faite_le=None, echeance__lt=timezone.localdate())

    def a_venir_pour(self, utilisateur: Any) -> Self:
        """En retard ou dans le mois, à cette personne ou à personne."""
        d_ici = timezone.localdate() + timedelta(days=30)
        a_elle = Q(responsable=utilisateur) | Q(responsable=None)
        return self.filter(a_elle, faite_le=None, echeance__lte=d_ici).order_by("echeance", "pk")


class DepotQuerySet(models.QuerySet[Any]):
    def de_la_direction(self, utilisateur: Any) -> Self:
        """Importer un projet est à qui dirige le centre."""
        return self.filter(structure__in=structures_dirigees(utilisateur))


class EnvoiQuerySet(models.QuerySet[Any]):
    def visibles_par(self, utilisateur: Any) -> Self:
        """L'équipe du centre ; ce qui n'est pas repris : la Caf du territoire, et qui le centre l'a donné à lire."""
        siens = Q(projet__structure__in=structures_de(utilisateur))
        partages = Q(pk__in=self._partages().ouverts_a(utilisateur).values("envoi"))
        dehors = _instruit_par(utilisateur, "projet__") | partages
        return self.filter(siens | (Q(retire_le=None) & dehors))

    def sans_contenu(self) -> Self:
        """Pour une liste : le document peut peser lourd. Son titre suffit."""
        titres = {f"{champ}_garde": KT(f"contenu__{champ}") for champ in ("titre", "sous_titre")}
        return self.defer("contenu").annotate(**titres)

    def pour_la_caf(self, utilisateur: Any) -> Self:
        """Ceux que cette personne instruit."""
        return self.filter(_instruit_par(utilisateur, "projet__"), retire_le=None)

    def partages_avec(self, utilisateur: Any) -> Self:
        return self.filter(
            retire_le=None, pk__in=self._partages().ouverts_a(utilisateur).values("envoi")
        ).order_by("-envoye_le", "-pk")

    def _partages(self) -> Any:
        return self.model.partages.rel.related_model.objects


class PartageQuerySet(models.QuerySet[Any]):
    def ouverts_a(self, utilisateur: Any) -> Self:
        """Ceux d'une institution où cette personne agit aujourd'hui pour un cofinanceur."""
        return self.filter(ferme_le=None, institution__in=institutions_de(utilisateur, Role.VILLE))


class DuDossierQuerySet(models.QuerySet[Any]):
    """Ce que la Caf écrit sur un envoi : elle, et le centre."""

    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(envoi__projet__structure__in=structures_de(utilisateur))

    def pour_la_caf(self, utilisateur: Any) -> Self:
        return self.filter(_instruit_par(utilisateur, "envoi__projet__"), envoi__retire_le=None)

    def visibles_par(self, utilisateur: Any) -> Self:
        return self.de_l_equipe(utilisateur) | self.pour_la_caf(utilisateur)


class AnnotationQuerySet(DuDossierQuerySet):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        """Celles qu'on lui adresse ; les autres restent entre conseillers."""
        return super().de_l_equipe(utilisateur).filter(portee=PorteeAnnotation.CENTRE)


class AvisQuerySet(DuDossierQuerySet):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        """Celui que la Caf lui montre."""
        return super().de_l_equipe(utilisateur).filter(est_montre=True)


class LettreQuerySet(DuDossierQuerySet):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return super().de_l_equipe(utilisateur).filter(annulee_le=None)


class VersionDeReferentielQuerySet(models.QuerySet[Any]):
    def tenues_par(self, utilisateur: Any) -> Self:
        """Celles de sa fédération ; toutes pour l'administration."""
        return self.filter(_referentiels_tenus(utilisateur)).exclude(etat=EtatReferentiel.LIVRE)

    def en_vigueur(self) -> Self:
        return self.filter(etat=EtatReferentiel.EN_VIGUEUR)


def _referentiels_tenus(utilisateur: Any) -> Q:
    if a_role(utilisateur, Role.ADMINISTRATRICE):
        return Q()
    return Q(institution__in=federations_de(utilisateur))


def federations_de(utilisateur: Any) -> list[int]:
    """Numéros des fédérations et réseaux où cette personne modère aujourd'hui."""
    if not a_role(utilisateur, Role.MODERATRICE):
        return []
    return [
        tenue.institution.pk
        for tenue in utilisateur.appartenances_du_jour
        if tenue.role == Role.MODERATRICE
        and tenue.institution is not None
        and tenue.institution.genre in (GenreInstitution.FEDERATION, GenreInstitution.RESEAU_NATIONAL)
    ]


class PieceDuDossierQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(projet__structure__in=structures_de(utilisateur))

    def presentes(self) -> Self:
        return self.filter(otee_le=None)


class PointDeVerificationQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(projet__structure__in=structures_de(utilisateur))


class ReunionQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(instance__projet__structure__in=structures_de(utilisateur))

    def du_projet(self, projet: Any) -> Self:
        return self.filter(instance__projet=projet)

    def tenues(self) -> Self:
        return self.filter(etat=EtatReunion.TENUE)
