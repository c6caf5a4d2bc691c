"""Les lectures des activités."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from maillage.activites.choices import EtatActivite, EtatSeance
from maillage.comptes.permissions import structures_de, structures_du_registre
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.permissions import qui_se_nomme
from maillage.territoire.models import Structure


class ActiviteQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_de(utilisateur))

    def publiees(self) -> Self:
        """Ce que chacun peut lire : les activités ouvertes que leur centre met dans l'agenda public."""
        return self.filter(
            est_publique=True, etat=EtatActivite.OUVERTE, structure__in=Structure.objects.ouvertes()
        )


class SeanceQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(activite__structure__in=structures_de(utilisateur))

    def publiees(self) -> Self:
        """Celles de l'agenda public (`ActiviteQuerySet.publiees`)."""
        return self.filter(
            activite__est_publique=True,
            activite__etat=EtatActivite.OUVERTE,
            activite__structure__in=Structure.objects.ouvertes(),
        )

    def pour_l_age(self, ans: int) -> Self:
        """Celles où l'on peut venir à cet âge ; une activité qui ne dit pas d'âge les accueille tous."""
        depuis = models.Q(activite__age_min=None) | models.Q(activite__age_min__lte=ans)
        return self.filter(depuis, models.Q(activite__age_max=None) | models.Q(activite__age_max__gte=ans))

    def tenues(self) -> Self:
        return self.filter(etat=EtatSeance.TENUE)

    def entre(self, du: datetime, au: datetime) -> Self:
        """Celles qui commencent à partir de `du` et avant `au`, dans l'ordre."""
        return self.filter(debut__gte=du, debut__lt=au).order_by("debut", "pk")

    def avec_leur_activite(self) -> Self:
        """De quoi dire le jour, l'heure et le lieu de chacune."""
        return self.select_related("activite__structure", "activite__site", "site", "theme")

    def avec_ce_qui_y_est_note(self) -> Self:
        """Ajoute `est_notee` : quelqu'un y est déjà venu, y intervient ou y a répondu."""
        notes = models.Q()
        for lien in ("presences", "venues_sans_nom", "interventions", "satisfactions", "heures_de_benevolat"):
            modele = self.model._meta.get_field(lien).related_model
            notes |= models.Q(Exists(modele._default_manager.filter(seance=OuterRef("pk"))))
        return self.annotate(
            est_notee=models.Case(
                models.When(notes, then=True), default=False, output_field=models.BooleanField()
            )
        )

    def notees(self) -> Self:
        return self.avec_ce_qui_y_est_note().filter(est_notee=True)


class InitiativeQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        return self.filter(structure__in=structures_de(utilisateur))


class BenevoleQuerySet(models.QuerySet[Any]):
    def du_registre(self, utilisateur: Any) -> Self:
        """Un nom s'y lit : la direction et l'accueil du centre, une fiche effacée exceptée ; gelée, la direction."""
        tenus = self.filter(qui_se_nomme(utilisateur), structure__in=structures_du_registre(utilisateur))
        return tenus.exclude(personne__etat=EtatPersonne.EFFACEE)


class HeuresQuerySet(models.QuerySet[Any]):
    def de_l_equipe(self, utilisateur: Any) -> Self:
        """Celles que l'on peut retirer : sans nom, toute l'équipe ; nommées, qui tient le registre."""
        sans_nom = models.Q(benevole=None, structure__in=structures_de(utilisateur))
        return self.filter(sans_nom | models.Q(structure__in=structures_du_registre(utilisateur)))
