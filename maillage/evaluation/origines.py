"""D'où viennent les personnes d'une année, face à la zone de l'agrément. Des nombres, jamais un nom.

Une provenance est de la zone quand elle porte le nom d'une zone ou d'une commune du projet, ou son quartier
prioritaire ; ou quand les réglages du centre la disent de son territoire.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.conf import settings
from django.db.models import Count

from maillage.activites.models import Presence
from maillage.core.francais import compte, nombre
from maillage.core.graphiques import Graphique, Serie
from maillage.core.petits_nombres import masquer
from maillage.evaluation.calcul import Centre
from maillage.evaluation.calcul.centre import cle
from maillage.evaluation.choices import Grandeur
from maillage.evaluation.tableau.comptes import annees_de, decompter, mois_de
from maillage.personnes.models import Provenance
from maillage.projets.choices import CACHE
from maillage.projets.models import ProjetSocial

NON_DITE: Final = "Provenance non dite"
DE_LA_ZONE, HORS_ZONE, INCONNUE = "de la zone", "hors de la zone", "non dite"
COLONNES: Final = ("Personnes différentes", "Part", "Zone de l’agrément")
BARRES_MAX: Final = 12


@dataclass(frozen=True)
class Origine:
    """Un lieu de vie, les personnes différentes qui en viennent, et leurs venues."""

    nom: str
    personnes: int
    venues: int
    place: str
    """DE_LA_ZONE, HORS_ZONE ou INCONNUE."""
    zone: str = ""
    """La zone ou la commune du projet que l'on a reconnue."""


class Origines:
    def __init__(self, projet: ProjetSocial, annee: int | None = None) -> None:
        self.projet = projet
        self.centre = Centre(projet.structure)
        self._voulue = annee

    @cached_property
    def annees(self) -> list[int]:
        return annees_de(self.projet.structure)

    @cached_property
    def annee(self) -> int | None:
        if self._voulue in self.annees:
            return self._voulue
        return self.annees[-1] if self.annees else None

    @cached_property
    def couverture(self) -> str:
        return self._decompte.couverture if self.annee else ""

    @cached_property
    def _decompte(self) -> Any:
        periode = mois_de(self.projet.structure, self.annee or 0)
        return decompter(self.centre, Grandeur.PERSONNES_DIFFERENTES, periode)

    @cached_property
    def lues(self) -> list[Origine]:
        """Du plus grand nombre au plus petit ; ce qui n'est pas dit à la fin."""
        if self.annee is None:
            return []
        provenances = {
            une.pk: une
            for une in Provenance.objects.filter(structure=self.projet.structure).select_related("quartier")
        }
        lues = [
            self._lire(provenances.get(pk), personnes, venues)
            for source in self._decompte.sources
            if source.lignes.model is Presence
            for pk, personnes, venues in source.lignes.order_by()
            .values("personne__provenance")
            .annotate(personnes=Count("personne", distinct=True), venues=Count("pk"))
            .values_list("personne__provenance", "personnes", "venues")
        ]
        return sorted(lues, key=lambda une: (une.place == INCONNUE, -une.personnes, une.nom))

    def _lire(self, provenance: Provenance | None, personnes: int, venues: int) -> Origine:
        if provenance is None:
            return Origine(NON_DITE, personnes, venues, INCONNUE)
        zone = self._zone_de(provenance)
        est_dedans = bool(zone) or provenance.est_du_territoire
        return Origine(provenance.nom, personnes, venues, DE_LA_ZONE if est_dedans else HORS_ZONE, zone)

    def _zone_de(self, provenance: Provenance) -> str:
        mots = {cle(provenance.nom)} | ({cle(provenance.quartier.nom)} if provenance.quartier else set())
        return next((nom for mot, nom in self._zones.items() if mot in mots), "")

    @cached_property
    def _zones(self) -> dict[str, str]:
        noms = [*(zone.nom for zone in self.projet.zones.all()), *(c.nom for c in self.projet.communes.all())]
        return {cle(nom): nom for nom in noms}

    @cached_property
    def zones_sans_personne(self) -> list[str]:
        """Les zones de l'agrément d'où personne de connu n'est venu."""
        vues = {une.zone for une in self.lues}
        return [zone.nom for zone in self.projet.zones.all() if zone.nom not in vues]

    @property
    def personnes(self) -> int:
        return sum(une.personnes for une in self.lues)

    def total(self, place: str) -> int:
        return sum(une.personnes for une in self.lues if une.place == place)

    @property
    def connues(self) -> int:
        """Celles dont on sait d'où elles viennent : la part se compte sur elles."""
        return self.personnes - self.total(INCONNUE)

    @property
    def part_de_la_zone(self) -> str:
        return part(self.total(DE_LA_ZONE), self.connues)

    @property
    def hors_zone(self) -> int:
        return self.total(HORS_ZONE)

    @property
    def non_dites(self) -> int:
        return self.total(INCONNUE)

    @property
    def lignes(self) -> list[tuple[Origine, str]]:
        """Chaque origine, et sa part des personnes connues."""
        return [(une, part(une.personnes, self.personnes)) for une in self.lues]

    @property
    def graphique(self) -> Graphique | None:
        lues = self.lues[:BARRES_MAX]
        if len(lues) < 2:
            return None
        return Graphique(
            titre=f"D’où viennent les personnes, {self.annee}",
            repere="Lieu de vie",
            reperes=[une.nom for une in lues],
            series=[Serie("Personnes différentes", [une.personnes for une in lues])],
            source=f"Présences notées aux séances, {self.annee}.",
            forme="couchees",
        )

    # --- Ce qui part au diagnostic, donc au dehors -----------------------------------------------------

    @cached_property
    def montrees(self) -> dict[str, int | None]:
        """Nom → personnes, None quand le dehors n'a pas à le lire, ni à le retrouver par soustraction."""
        seuil = settings.PETITS_NOMBRES_DEHORS
        if not self._dit_les_totaux:
            return masquer({une.nom: une.personnes for une in self.lues}, seuil)
        montrees: dict[str, int | None] = {}
        for place in (DE_LA_ZONE, HORS_ZONE, INCONNUE):
            siennes = {une.nom: une.personnes for une in self.lues if une.place == place}
            montrees |= masquer(siennes, seuil)
        return montrees

    @cached_property
    def _dit_les_totaux(self) -> bool:
        totaux = {place: self.total(place) for place in (DE_LA_ZONE, HORS_ZONE, INCONNUE)}
        return None not in masquer(totaux, settings.PETITS_NOMBRES_DEHORS).values()

    @property
    def titre_au_diagnostic(self) -> str:
        dite = f" : {self.part_de_la_zone} de la zone de l’agrément" if self._dit_les_totaux else ""
        return f"D’où viennent les personnes en {self.annee}{dite}"

    @property
    def source_au_diagnostic(self) -> str:
        dites = (
            f"Présences notées aux séances du centre, {self.annee} ; "
            f"{compte(self.personnes, 'personne')} connues, comptées une fois. "
            "Les venues sans nom n’y sont pas"
        )
        if None in self.montrees.values():
            dites += (
                f". « {CACHE} » : moins de {settings.PETITS_NOMBRES_DEHORS} personnes, ou ce qui le dirait"
            )
        return dites

    def lignes_au_diagnostic(self) -> list[dict[str, Any]]:
        """La forme de `TableauDiagnostic.lignes`."""
        return list(_en_lignes(self.lues, self.montrees, self.personnes))


def _en_lignes(
    lues: Sequence[Origine], montrees: Mapping[str, int | None], total: int
) -> Iterable[dict[str, Any]]:
    for une in lues:
        n = montrees[une.nom]
        dites = (
            CACHE if n is None else nombre(n),
            CACHE if n is None else part(n, total),
            {DE_LA_ZONE: "oui", HORS_ZONE: "non"}.get(une.place, "–"),
        )
        valeurs: list[dict[str, Any]] = [
            {"zone": colonne, "brut": dite, "valeur": None, "unite": ""}
            for colonne, dite in zip(COLONNES, dites, strict=True)
        ]
        valeurs[0] |= {"valeur": n, "unite": "personnes"}
        yield {"libelle": une.nom, "valeurs": valeurs}


def part(morceau: int, tout: int) -> str:
    """« 78 % » ; rien quand il n'y a rien à partager."""
    return f"{nombre(round(100 * morceau / tout))}\u00a0%" if tout else "–"
