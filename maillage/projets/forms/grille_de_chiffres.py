"""La grille des chiffres : une ligne par chose comptée, une colonne par lieu, toutes les cases d'un coup.

Sans script : la page offre toujours des lignes et une colonne vides ; une case vidée retire son chiffre.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.http import QueryDict

from maillage.core.francais import nombre
from maillage.core.saisie import une_ligne
from maillage.projets.forms.nombres import AnneeField, NombreField
from maillage.projets.operations.diagnostic.chiffres import Cellule
from maillage.projets.zones import LigneDeZones

LIGNES_VIDES: Final = 3
LONGUEURS: Final = {"libelle": 300, "unite": 60, "source": 300}
LIGNES_MAX, ZONES_MAX = 40, 15


@dataclass
class Case:
    valeur: str = ""
    numero: str = ""
    est_fausse: bool = False


@dataclass
class Rangee:
    """Ce qu'une ligne montre, tel qu'on l'a écrit."""

    libelle: str = ""
    unite: str = ""
    source: str = ""
    annee: str = ""
    cases: list[Case] = field(default_factory=list)


@dataclass
class GrilleDeChiffres:
    zones: list[str]
    rangees: list[Rangee]
    erreurs: list[str] = field(default_factory=list)

    @classmethod
    def des_lignes(cls, lignes: Sequence[LigneDeZones], proposees: Sequence[str]) -> "GrilleDeChiffres":
        zones = list(dict.fromkeys(zone for ligne in lignes for zone in ligne.par_zone)) or list(proposees)
        rangees = [
            Rangee(
                ligne.libelle,
                ligne.unite,
                ligne.source,
                str(ligne.annee or ""),
                [_case(ligne, zone) for zone in zones],
            )
            for ligne in lignes
        ]
        return cls(zones, rangees)

    @classmethod
    def du_formulaire(cls, recus: QueryDict) -> "GrilleDeChiffres":
        def lus(nom: str) -> list[str]:
            return [une_ligne(un) for un in recus.getlist(nom)]

        zones = lus("zone")[: ZONES_MAX + 1]
        colonnes = {nom: lus(nom) for nom in ("libelle", "unite", "source", "annee")}
        valeurs, numeros = lus("valeur"), lus("numero")
        rangees = []
        for i, libelle in enumerate(colonnes["libelle"][: LIGNES_MAX + LIGNES_VIDES]):
            cases = [
                Case(_a(valeurs, i * len(zones) + j), _a(numeros, i * len(zones) + j))
                for j in range(len(zones))
            ]
            autres = {nom: _a(colonnes[nom], i) for nom in ("unite", "source", "annee")}
            rangees.append(Rangee(libelle, cases=cases, **autres))
        return cls(zones, rangees)

    def avec_des_vides(self) -> "GrilleDeChiffres":
        zones = [*self.zones, ""] if not self.zones or self.zones[-1] else self.zones
        pleines = [
            une
            for une in self.rangees
            if une.libelle or any(case.valeur or case.numero for case in une.cases)
        ]
        rangees = [*pleines, *(Rangee() for _ in range(LIGNES_VIDES))]
        for rangee in rangees:
            rangee.cases += [Case() for _ in range(len(zones) - len(rangee.cases))]
        return GrilleDeChiffres(zones, rangees, self.erreurs)

    def cellules(self) -> list[Cellule]:
        """Vide quand il y a des `erreurs`, qui disent où et quoi faire."""
        trouvees: list[Cellule] = []
        self._verifier_les_zones()
        for rang, rangee in enumerate(self.rangees, start=1):
            trouvees += self._de_la_rangee(rang, rangee)
        return [] if self.erreurs else trouvees

    def _verifier_les_zones(self) -> None:
        nommees = [zone for zone in self.zones if zone]
        if len(set(nommees)) < len(nommees):
            self.erreurs.append("Deux colonnes portent le même nom de lieu. Changez-en un.")
        if any(len(zone) > 200 for zone in nommees):
            self.erreurs.append("Le nom d’un lieu dépasse 200 signes. Raccourcissez-le.")

    def _de_la_rangee(self, rang: int, rangee: Rangee) -> list[Cellule]:
        ecrites = [case for case in rangee.cases if case.valeur]
        if ecrites and not rangee.libelle:
            self.erreurs.append(f"Ligne {rang} : dites ce que compte « {ecrites[0].valeur[:40]} ».")
            return []
        for champ, longueur in LONGUEURS.items():
            if len(getattr(rangee, champ)) > longueur:
                self.erreurs.append(f"Ligne {rang} : un texte dépasse {longueur} signes. Raccourcissez-le.")
        try:
            annee = AnneeField().clean(rangee.annee)
        except ValidationError as faute:
            self.erreurs.append(f"Ligne {rang} : {faute.messages[0]}")
            return []
        cellules = []
        for zone, case in zip(self.zones, rangee.cases, strict=True):
            if not case.valeur and not case.numero:
                continue
            numero = int(case.numero) if case.numero.isdecimal() and len(case.numero) < 19 else None
            # une colonne sans nom garde les chiffres dont le lieu n'était pas dit
            if case.valeur and not zone and numero is None:
                self.erreurs.append(
                    f"Ligne {rang} : nommez le lieu de « {case.valeur[:40]} », en tête de colonne."
                )
                continue
            try:
                valeur = NombreField(exemple="1 234,5").clean(case.valeur)
            except ValidationError as faute:
                case.est_fausse = True
                self.erreurs.append(f"Ligne {rang}, {zone or 'lieu non dit'} : {faute.messages[0]}")
                continue
            cellules.append(Cellule(numero, rangee.libelle, rangee.unite, zone, rangee.source, annee, valeur))
        return cellules


def _case(ligne: LigneDeZones, zone: str) -> Case:
    chiffre = ligne.par_zone.get(zone)
    return Case(nombre(chiffre.valeur), str(chiffre.pk)) if chiffre else Case()


def _a(liste: list[str], place: int) -> str:
    return liste[place] if place < len(liste) else ""
