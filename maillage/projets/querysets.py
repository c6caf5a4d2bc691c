"""Les lectures du projet social."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from maillage.comptes.permissions import structures_conseillees, structures_de
from maillage.projets.choices import EtatFiche, EtatProjet
from maillage.territoire.models import Structure

LUS_PAR_LA_CAF = (
    EtatProjet.SOUMIS,
    EtatProjet.A_COMPLETER,
    EtatProjet.AGREE,
    EtatProjet.REFUSE,
    EtatProjet.EN_COURS,
    EtatProjet.EVALUE,
    EtatProjet.ARCHIVE,
)
"""Un projet en préparation n'est qu'à son centre."""


def _visible(utilisateur: Any, chemin: str) -> Q:
    """L'équipe du centre lit tout ; la Caf du territoire, ce qui lui a été soumis."""
    siens = Q(**{f"{chemin}structure__in": structures_de(utilisateur)})
    soumis = Q(**{f"{chemin}etat__in": LUS_PAR_LA_CAF})
    return siens | (soumis & _du_territoire_de_la_caf(utilisateur, chemin))


def _du_territoire_de_la_caf(utilisateur: Any, chemin: str) -> Q:
    conseillees = Structure.objects.filter(structures_conseillees(utilisateur))
    return Q(**{f"{chemin}structure__in": conseillees})


class ProjetSocialQuerySet(models.QuerySet[Any]):
    def visibles_par(self, utilisateur: Any) -> Self:
        return self.filter(_visible(utilisateur, ""))

    def de_l_equipe(self, utilisateur: Any) -> Self:
        """Ceux de ses structures, où elle écrit."""
        return self.filter(structure__in=structures_de(utilisateur))

    def avec_avancement(self) -> Self:
        """Ajoute `nombre_fiches`, et `nombre_ecrites` : celles qui ne sont plus « à écrire »."""
        ecrites = ~Q(fiches__etat=EtatFiche.A_ECRIRE)
        return self.annotate(
            nombre_fiches=Count("fiches"), nombre_ecrites=Count("fiches", filter=ecrites)
        ).order_by("-au", "nom", "pk")


class FicheActionQuerySet(models.QuerySet[Any]):
    def visibles_par(self, utilisateur: Any) -> Self:
        return self.filter(_visible(utilisateur, "projet__"))

    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(projet__structure__in=structures_de(utilisateur))


class IndicateurQuerySet(models.QuerySet[Any]):
    def visibles_par(self, utilisateur: Any) -> Self:
        return self.filter(_visible(utilisateur, "fiche__projet__"))

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
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_de(utilisateur))
