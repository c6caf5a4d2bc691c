"""Les mots d'un centre et les lignes qui les portent, lus une fois pour tous les indicateurs d'un calcul."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property

from maillage.accueil.models import Passage, TypeDeDemande
from maillage.activites.models import Activite, PartenaireDuCentre, Seance
from maillage.core.recherche.analyse import analyser
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import Foyer, Personne, Provenance
from maillage.territoire.models import Site, Structure

TERRITOIRE = "territoire du centre"
"""Le « quartier » qui réunit tous ceux de la zone du centre."""


def cle(mot: str) -> str:
    """« Associations » et « association » sont le même mot : ni majuscule, ni accent, ni pluriel."""
    return " ".join(analyser(mot))


def cles(mots: Iterable[str]) -> set[str]:
    return {cle(mot) for mot in mots}


class Centre:
    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self._avec_seances: dict[tuple[datetime, datetime], frozenset[int]] = {}
        self._avec_passages: dict[tuple[datetime, datetime], bool] = {}

    @cached_property
    def activites(self) -> list[Activite]:
        return list(Activite.objects.filter(structure=self.structure).order_by("pk"))

    @cached_property
    def types(self) -> list[TypeDeDemande]:
        """Retirés compris : leurs passages restent."""
        return list(TypeDeDemande.objects.filter(structure=self.structure).order_by("pk"))

    @cached_property
    def sites(self) -> dict[int, str]:
        return dict(Site.objects.filter(structure=self.structure).order_by("pk").values_list("pk", "nom"))

    @cached_property
    def _provenances(self) -> list[Provenance]:
        return list(
            Provenance.objects.filter(structure=self.structure).select_related("quartier").order_by("pk")
        )

    @cached_property
    def _publics_des_personnes(self) -> list[tuple[int, set[str]]]:
        lues = Personne.objects.filter(structure=self.structure).exclude(publics=[]).order_by("pk")
        return [(pk, cles(publics)) for pk, publics in lues.values_list("pk", "publics")]

    @cached_property
    def gelees(self) -> frozenset[int]:
        """Les personnes dont le traitement est limité : rien ne les compte ni ne les montre."""
        siennes = Personne.objects.filter(structure=self.structure, etat=EtatPersonne.LIMITEE).order_by()
        return frozenset(siennes.values_list("pk", flat=True))

    @cached_property
    def foyers_gardes(self) -> dict[int, int]:
        """De l'empreinte gardée d'une personne effacée au foyer où d'autres vivent encore."""
        gardees = Personne.objects.filter(structure=self.structure, foyer_garde__isnull=False).order_by()
        empreintes = set(gardees.values_list("foyer_garde", flat=True))
        if not empreintes:
            return {}
        vivants = Foyer.objects.filter(structure=self.structure).order_by("pk")
        return {foyer.empreinte: foyer.pk for foyer in vivants if foyer.empreinte in empreintes}

    @cached_property
    def genres_de_partenaire(self) -> list[tuple[int, list[str]]]:
        siens = PartenaireDuCentre.objects.filter(structure=self.structure).order_by("pk")
        return list(siens.values_list("partenaire_id", "genres"))

    def activites_avec_seances(self, debut: datetime, fin: datetime) -> frozenset[int]:
        """Celles qui ont une séance dans cette période, fût-elle annulée."""
        if (debut, fin) not in self._avec_seances:
            posees = Seance.objects.filter(
                activite__structure=self.structure, debut__gte=debut, debut__lt=fin
            ).order_by()
            self._avec_seances[debut, fin] = frozenset(posees.values_list("activite", flat=True).distinct())
        return self._avec_seances[debut, fin]

    def a_des_passages(self, debut: datetime, fin: datetime) -> bool:
        if (debut, fin) not in self._avec_passages:
            notes = Passage.objects.filter(structure=self.structure, le__gte=debut, le__lt=fin)
            self._avec_passages[debut, fin] = notes.exists()
        return self._avec_passages[debut, fin]

    def activites_pour(self, publics: Iterable[str]) -> set[int]:
        voulus = cles(publics)
        return {une.pk for une in self.activites if voulus & cles(une.publics)}

    def activites_de_l_instance(self, instances: Iterable[str]) -> set[int]:
        voulues = cles(instances)
        return {une.pk for une in self.activites if une.instance and cle(une.instance) in voulues}

    def personnes_pour(self, publics: Iterable[str]) -> set[int]:
        voulus = cles(publics)
        return {pk for pk, siens in self._publics_des_personnes if voulus & siens}

    def provenances_de(self, quartiers: Iterable[str]) -> set[int]:
        """Celles qui portent ce nom, ou celui de leur quartier prioritaire ; toute la zone pour `TERRITOIRE`."""
        voulus = cles(quartiers)
        return {une.pk for une in self._provenances if voulus & set(_noms(une))}

    def types_de(self, libelles: Iterable[str]) -> set[int]:
        voulus = cles(libelles)
        return {un.pk for un in self.types if cle(un.libelle) in voulus}

    def partenaires_de(self, genres: Iterable[str]) -> set[int]:
        voulus = cles(genres)
        return {pk for pk, siens in self.genres_de_partenaire if voulus & cles(siens)}


def _noms(provenance: Provenance) -> Iterator[str]:
    yield cle(provenance.nom)
    if provenance.quartier:
        yield cle(provenance.quartier.nom)
    if provenance.est_du_territoire:
        yield cle(TERRITOIRE)
