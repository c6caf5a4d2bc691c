"""Les lignes qu'une définition retient, pour une de ses mesures, une fiche et une période. Rien n'est compté ici."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q

from maillage.accueil.models import Demande, Passage
from maillage.evaluation.calcul.portee.bornes import DU_COMPTOIR, Lignes, bandes_de
from maillage.evaluation.calcul.portee.engagements import Engagements
from maillage.evaluation.calcul.portee.venues import PERSONNE_INCONNUE
from maillage.evaluation.choices import Filtre, Mesure

__all__ = ["PERSONNE_INCONNUE", "Lignes", "Portee"]


class Portee(Engagements):
    @cached_property
    def inconnus(self) -> list[str]:
        """Les mots demandés que le centre n'emploie pas encore : rien ne se compte avec eux."""
        centre, phrases = self.centre, []
        connaissances: dict[Filtre, tuple[Callable[[list[str]], Any], str]] = {
            Filtre.PUBLIC: (self._qui_a_ce_public, "public"),
            Filtre.INSTANCE: (self._qui_a_cette_instance, "instance"),
            Filtre.QUARTIER: (centre.provenances_de, "quartier"),
            Filtre.TYPE_DEMANDE: (centre.types_de, "type de demande"),
            Filtre.TYPE_PARTENAIRE: (centre.partenaires_de, "type de partenaire"),
        }
        for filtre, (chercher, nom) in connaissances.items():
            mots = [mot for mot in self.valeurs(filtre) if mot not in self.laisses]
            if mots and not chercher(mots):
                dits = " ou ".join(f"« {mot} »" for mot in mots)
                phrases.append(f"Rien au centre ne porte encore le {nom} {dits}.")
        return [phrase.replace("le instance", "l’instance") for phrase in phrases]

    def _qui_a_ce_public(self, mots: list[str]) -> bool:
        if self.mesure is Mesure.INITIATIVES:
            return bool(self.initiatives_qui("publics", mots))
        if self.mesure in DU_COMPTOIR:
            return False
        return bool(self.centre.activites_pour(mots) or self.centre.personnes_pour(mots))

    def _qui_a_cette_instance(self, mots: list[str]) -> bool:
        if self.mesure is Mesure.INITIATIVES:
            return bool(self.initiatives_qui("instance", mots))
        return bool(self.centre.activites_de_l_instance(mots))

    @cached_property
    def types(self) -> set[int] | None:
        """Les types de demande retenus ; None quand tous le sont."""
        voulus = self.valeurs(Filtre.TYPE_DEMANDE)
        if self.est_du_centre and not voulus:
            return None
        siens = {un.pk for un in self.centre.types if self.est_du_centre or self.est_de_la_fiche(un)}
        return siens & self.centre.types_de(voulus) if voulus else siens

    @property
    def a_des_types(self) -> bool:
        return self.est_du_centre or any(map(self.est_de_la_fiche, self.centre.types))

    @property
    def a_des_passages(self) -> bool:
        return self.centre.a_des_passages(self.periode.debut, self.periode.fin)

    def _du_passage(self, prefixe: str = "") -> Q:
        q = Q(
            **{f"{prefixe}structure": self.centre.structure, f"{prefixe}annule_le": None}
        ) & self._dans_la_periode(f"{prefixe}le")
        if ages := self.valeurs(Filtre.AGE):
            q &= Q(**{f"{prefixe}bande__in": bandes_de(ages)})
        if genres := self.valeurs(Filtre.GENRE):
            q &= Q(**{f"{prefixe}genre__in": genres})
        if quartiers := self.valeurs(Filtre.QUARTIER):
            q &= Q(**{f"{prefixe}provenance__in": sorted(self.centre.provenances_de(quartiers))})
        return q

    @property
    def passages(self) -> Lignes:
        lus = Passage.objects.filter(self._du_passage())
        if self.types is not None:
            lus = lus.filter(
                Exists(Demande.objects.filter(passage=OuterRef("pk"), type__in=sorted(self.types)))
            )
        return lus.order_by("le", "pk")

    @property
    def demandes(self) -> Lignes:
        lues = Demande.objects.filter(self._du_passage("passage__"))
        if self.types is not None:
            lues = lues.filter(type__in=sorted(self.types))
        return lues.order_by("passage__le", "pk")
