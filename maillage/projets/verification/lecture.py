"""Ce qui se lit d'un projet pour le vérifier : tout d'un coup, un nombre de requêtes qui ne suit pas sa taille."""

from dataclasses import dataclass
from functools import cached_property

from maillage.projets.lecture import Arbre
from maillage.projets.models import (
    Chapitre,
    Etape,
    Indicateur,
    Instance,
    PieceDuDossier,
    ProjetSocial,
    ProjetSpecifique,
    Sigle,
)
from maillage.projets.referentiels import Referentiel, referentiel_de
from maillage.projets.verification.textes import Passage, passages


@dataclass(eq=False)
class Lecture:
    projet: ProjetSocial
    arbre: Arbre

    def __post_init__(self) -> None:
        for lue in self.arbre.fiches:
            lue.fiche.projet = self.projet

    @cached_property
    def referentiel(self) -> Referentiel:
        return referentiel_de(self.projet)

    @cached_property
    def chapitres(self) -> list[Chapitre]:
        return list(self.projet.chapitres.order_by("rang", "pk"))

    @cached_property
    def instances(self) -> list[Instance]:
        return list(self.projet.instances.order_by("rang", "pk"))

    @cached_property
    def specifiques(self) -> list[ProjetSpecifique]:
        return list(self.projet.specifiques.order_by("rang", "pk"))

    @cached_property
    def sigles(self) -> list[Sigle]:
        return list(self.projet.sigles.order_by("sigle", "pk"))

    @cached_property
    def pieces(self) -> list[PieceDuDossier]:
        return list(self.projet.pieces.presentes().order_by("nom", "pk"))

    @cached_property
    def indicateurs(self) -> list[Indicateur]:
        """Dans l'ordre des fiches, avec leurs cibles."""
        rang = {lue.fiche.pk: place for place, lue in enumerate(self.arbre.fiches)}
        lus = Indicateur.objects.filter(fiche__projet=self.projet.pk).prefetch_related("cibles")
        return sorted(lus, key=lambda un: (rang[un.fiche_id], un.liste, un.rang, un.pk))

    @cached_property
    def etapes(self) -> list[Etape]:
        return list(Etape.objects.filter(fiche__projet=self.projet.pk).order_by("du", "pk"))

    @cached_property
    def passages(self) -> list[Passage]:
        return list(
            passages(
                self.projet,
                self.arbre,
                chapitres=self.chapitres,
                instances=self.instances,
                specifiques=self.specifiques,
                indicateurs=self.indicateurs,
            )
        )
