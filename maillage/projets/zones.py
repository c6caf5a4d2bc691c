"""Les chiffres d'un projet, zones côte à côte : une ligne par chose comptée, une colonne par lieu."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from maillage.core.ecriture import empreinte
from maillage.core.francais import INSECABLE, nombre
from maillage.core.graphiques import Graphique, Serie
from maillage.projets.models import ChiffreDiagnostic, ProjetSocial, TableauDiagnostic

SANS_ZONE: Final = "Zone non dite"
GRAPHIQUE_MAX: Final = 8


@dataclass
class LigneDeZones:
    """Une chose comptée, son unité, sa source, son année, et un chiffre par zone."""

    libelle: str
    unite: str
    source: str
    annee: int | None
    par_zone: dict[str, ChiffreDiagnostic] = field(default_factory=dict)

    @property
    def cle(self) -> tuple[str, str, str, int | None]:
        return self.libelle, self.unite, self.source, self.annee

    @property
    def nom(self) -> str:
        """« Ménages sans voiture (%) »."""
        return f"{self.libelle} ({self.unite})" if self.unite else self.libelle

    @property
    def d_ou(self) -> str:
        """« Insee, 2021 » ; ce qui manque est dit."""
        return f"{self.source or 'source non dite'}, {self.annee or 'année non dite'}"

    @property
    def est_complete(self) -> bool:
        return bool(self.source and self.annee)

    @property
    def graphique(self) -> Graphique | None:
        """Pour comparer il faut deux lieux."""
        if not 2 <= len(self.par_zone) <= GRAPHIQUE_MAX:
            return None
        return _dessiner(
            self.libelle,
            [(zone or SANS_ZONE, un.valeur) for zone, un in self.par_zone.items()],
            self.unite,
            f"Source : {self.d_ou}.",
        )


@dataclass(frozen=True)
class ZonesCoteACote:
    """`zones` : les lieux que l'on compare, le plus souvent compté d'abord."""

    lignes: list[LigneDeZones]

    @cached_property
    def comparables(self) -> list[LigneDeZones]:
        """Deux lieux au moins : une ligne du tableau."""
        return [ligne for ligne in self.lignes if len(ligne.par_zone) > 1]

    @cached_property
    def seules(self) -> list[tuple[LigneDeZones, str, str]]:
        """Un seul lieu : la ligne, sa valeur et son lieu."""
        return [
            (ligne, f"{nombre(chiffre.valeur)}{INSECABLE}{ligne.unite}".strip(), zone or SANS_ZONE)
            for ligne in self.lignes
            if len(ligne.par_zone) == 1
            for zone, chiffre in ligne.par_zone.items()
        ]

    @cached_property
    def zones(self) -> list[str]:
        comptees = Counter(zone for ligne in self.comparables for zone in ligne.par_zone)
        return [zone for zone, _ in comptees.most_common()]

    @property
    def entetes(self) -> list[str]:
        return [zone or SANS_ZONE for zone in self.zones]

    @property
    def rangees(self) -> list[tuple[LigneDeZones, list[str]]]:
        return [
            (ligne, [_dit(ligne.par_zone.get(zone)) for zone in self.zones]) for ligne in self.comparables
        ]

    @property
    def a_comparer(self) -> list[Graphique]:
        return [dessin for ligne in self.comparables if (dessin := ligne.graphique)]


def lire_les_zones(projet: ProjetSocial) -> ZonesCoteACote:
    """Dans l'ordre où l'on a écrit les chiffres. Deux valeurs d'un même lieu font deux lignes."""
    lignes: list[LigneDeZones] = []
    for chiffre in projet.chiffres.order_by("rang", "pk"):
        cle = (chiffre.libelle, chiffre.unite, chiffre.source, chiffre.annee)
        ligne = next((une for une in lignes if une.cle == cle and chiffre.zone not in une.par_zone), None)
        if ligne is None:
            ligne = LigneDeZones(*cle)
            lignes.append(ligne)
        ligne.par_zone[chiffre.zone] = chiffre
    return ZonesCoteACote(lignes)


def zones_du_projet(projet: ProjetSocial) -> list[str]:
    """Celles que l'on propose avant tout chiffre : les zones et les communes du territoire."""
    return [zone.nom for zone in projet.zones.all()] + [commune.nom for commune in projet.communes.all()]


def graphique_du_tableau(tableau: TableauDiagnostic) -> Graphique | None:
    """Une colonne de nombres se dessine ; plusieurs se lisent dans leur tableau."""
    if len(tableau.zones) > 1 and not tableau.cle:
        return None
    barres = [
        (ligne["libelle"], Decimal(str(ligne["valeurs"][0]["valeur"])))
        for ligne in tableau.lignes
        if ligne["valeurs"] and ligne["valeurs"][0].get("valeur") is not None
    ]
    if not 2 <= len(barres) <= GRAPHIQUE_MAX:
        return None
    unite = str(tableau.lignes[0]["valeurs"][0].get("unite") or "")
    titre = f"{tableau.titre} ({tableau.zones[0].lower()})" if len(tableau.zones) > 1 else tableau.titre
    return _dessiner(titre, barres, unite, f"Source : {tableau.source or 'non dite'}.")


def empreinte_des_chiffres(chiffres: Iterable[ChiffreDiagnostic]) -> str:
    """Ce que la grille montrait : si l'un a changé depuis, on ne l'écrase pas."""
    return empreinte(
        sorted(
            [un.pk, un.libelle, str(un.valeur.normalize()), un.unite, un.zone, un.source, un.annee]
            for un in chiffres
        )
    )


def _dessiner(titre: str, barres: Sequence[tuple[str, Decimal]], unite: str, source: str) -> Graphique:
    return Graphique(
        titre=titre,
        repere="Lieu",
        reperes=[nom for nom, _ in barres],
        series=[Serie(unite or "Nombre", [valeur for _, valeur in barres])],
        source=source,
        forme="couchees",
        unite=unite,
    )


def _dit(chiffre: ChiffreDiagnostic | None) -> str:
    return nombre(chiffre.valeur) if chiffre else ""
