"""Un cadre rempli pour un centre et une année, comparé aux années d'avant : ce que lisent la page et le document."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db.models import Min
from django.utils import timezone

from maillage.accueil.models import Passage
from maillage.activites.models import Activite, Seance
from maillage.core.francais import insecables, nombre
from maillage.core.suivi import derniere_position
from maillage.evaluation.cadres.comptes import SANS_NOM, CentreDuCadre, Compte, compter_une_rubrique
from maillage.evaluation.cadres.croisement import cases_a_cacher
from maillage.evaluation.cadres.definitions import TITRES, CadreDeRapport, Rubrique, cadre_du
from maillage.evaluation.calcul import EN_POUR_CENT, Periode, annee_du_centre
from maillage.evaluation.calcul.sources import NON_DIT
from maillage.evaluation.choices import Mesure, Ventilation
from maillage.evaluation.secret import masquer
from maillage.projets.choices import Calendrier
from maillage.projets.periodes import RENTREE
from maillage.territoire.models import Structure

ANNEES_COMPAREES: Final = 3
GARDE_S: Final = 3600
CACHE: Final = "caché"
UNE_FOIS_CHACUN: Final = {Mesure.PERSONNES_DIFFERENTES, Mesure.FAMILLES}
NE_S_ADDITIONNENT_PAS: Final = (
    "Une même personne peut être dans plusieurs lignes : elles ne s’additionnent pas."
)
OU_NOTER: Final[Mapping[Mesure, tuple[str, str]]] = {
    Mesure.PASSAGES: ("comptoir", "Ouvrir le comptoir"),
    Mesure.DEMANDES_PAR_TYPE: ("comptoir", "Ouvrir le comptoir"),
    Mesure.BENEVOLES: ("benevolat", "Noter le bénévolat"),
    Mesure.HEURES_BENEVOLAT: ("benevolat", "Noter le bénévolat"),
    Mesure.INITIATIVES: ("initiatives", "Noter une initiative"),
    Mesure.FAMILLES: ("personnes", "Noter les foyers au registre"),
}
"""Où se note ce qui manque ; le reste vient des séances."""


class Lu(NamedTuple):
    """Un nombre tel qu'on le lit ; `exact`, pour un tableur, None quand il manque ou se tait."""

    dit: str
    exact: Decimal | None = None

    def __str__(self) -> str:
        return self.dit


RIEN: Final = Lu("–")
TU: Final = Lu(CACHE)


@dataclass(frozen=True)
class TableauDeRubrique:
    titre: str
    entetes: list[str]
    lignes: list[tuple[str, list[Lu]]]
    note: str = ""


@dataclass(frozen=True)
class RubriqueRemplie:
    rubrique: Rubrique
    valeurs: list[Lu]
    couverture: str = ""
    manque: str = ""
    a_des_lignes: bool = False
    tableaux: list[TableauDeRubrique] = field(default_factory=list)

    @property
    def ou_noter(self) -> tuple[str, str] | None:
        """Le nom de la page où noter ce qui manque, et le mot du lien."""
        if not self.manque:
            return None
        return OU_NOTER.get(self.rubrique.mesure, ("seances", "Ouvrir les séances"))


class CadreRempli:
    """`est_dehors` : pour qui n'est pas du centre ; les petits nombres y sont tus. `offertes` : les années que ce cadre
    remplit ici, si on les a déjà lues."""

    def __init__(
        self,
        cadre: CadreDeRapport,
        structure: Structure,
        annee: int,
        *,
        est_dehors: bool,
        offertes: list[int] | None = None,
    ) -> None:
        self.cadre = cadre
        self.structure = structure
        self.annee = annee
        self.est_dehors = est_dehors
        self.offertes = annees_offertes(cadre, structure) if offertes is None else offertes
        self._vu = (
            derniere_position()
        )  # lue avant de compter : ce qui se note pendant fera compter de nouveau
        self._centre = CentreDuCadre(cadre, structure)

    @cached_property
    def periode(self) -> Periode:
        return annee_du_centre(self.cadre.calendrier, self.annee, self.structure)

    @cached_property
    def periodes(self) -> list[Periode]:
        """Celle-ci, puis celles d'avant où quelque chose est noté."""
        annees = [une for une in self.offertes if self.annee - ANNEES_COMPAREES < une <= self.annee]
        return [annee_du_centre(self.cadre.calendrier, une, self.structure) for une in annees]

    @property
    def annees(self) -> list[str]:
        return [dire_l_annee(une) for une in self.periodes]

    @property
    def choix_des_annees(self) -> list[tuple[int, str]]:
        periodes = [annee_du_centre(self.cadre.calendrier, une, self.structure) for une in self.offertes]
        return [(une.annee, dire_l_annee(une)) for une in periodes]

    @property
    def est_en_cours(self) -> bool:
        return self.periode.au >= timezone.localdate(timezone=self.periode.fuseau)

    @property
    def manque_le_dispositif(self) -> bool:
        """Aucune activité ne dit qu'elle en relève : rien ne se compte."""
        return bool(self.cadre.dispositif) and not self._centre.activites

    @cached_property
    def parties(self) -> list[tuple[str, list[RubriqueRemplie]]]:
        """Comptées une fois, et relues tant que rien n'a été noté : la page, puis le document, puis chaque fichier."""
        gardees: list[tuple[str, list[RubriqueRemplie]]] | None = cache.get(self._cle)
        if gardees is None:
            gardees = [(une.titre, [self._remplir(r) for r in une.rubriques]) for une in self.cadre.parties]
            cache.set(self._cle, gardees, GARDE_S)
        return gardees

    @property
    def _cle(self) -> str:
        cadre, jour = self.cadre, timezone.localdate(timezone=self.periode.fuseau)
        lecture = f"{self.structure.pk}:{self.annee}:{self.est_dehors}:{len(self.offertes)}:{jour}"
        return f"cadre:{cadre.sigle}:{cadre.version}:{lecture}:{self._vu}"

    def compte(self, rubrique: Rubrique, periode: Periode | None = None) -> Compte:
        return compter_une_rubrique(rubrique, self.cadre, self._centre, periode or self.periode)

    # --- Une rubrique -------------------------------------------------------------------------------
    def _remplir(self, rubrique: Rubrique) -> RubriqueRemplie:
        if rubrique.definition is None:
            return RubriqueRemplie(rubrique, [])
        comptes = [self.compte(rubrique, une) for une in self.periodes]
        ici = comptes[0]
        est_tu = self._se_tait(ici)
        return RubriqueRemplie(
            rubrique,
            [self._lire_le_total(un) for un in comptes],
            couverture="" if est_tu else self._couverture(ici),
            manque=ici.decompte.manque,
            a_des_lignes=bool(ici.valeur),
            tableaux=[] if est_tu or ici.valeur is None else list(self._tableaux(ici)),
        )

    def _se_tait(self, compte: Compte) -> bool:
        return (
            self.est_dehors and compte.gens is not None and 0 < compte.gens < settings.PETITS_NOMBRES_DEHORS
        )

    def _lire_le_total(self, compte: Compte) -> Lu:
        if not self._se_tait(compte):
            return _lire(compte.rubrique, compte.valeur)
        if compte.valeur == compte.gens:
            return Lu(insecables(f"moins de {settings.PETITS_NOMBRES_DEHORS}"))
        return TU

    def _couverture(self, compte: Compte) -> str:
        """Dehors, une couverture qui dirait un petit nombre ne se lit pas."""
        dite = compte.decompte.couverture
        lus = [int(re.sub(r"\D", "", mot)) for mot in re.findall(r"\d[\d\s]*", dite)]
        if self.est_dehors and any(0 < n < settings.PETITS_NOMBRES_DEHORS for n in lus):
            return ""
        return dite

    # --- Ses détails --------------------------------------------------------------------------------
    def _tableaux(self, compte: Compte) -> Iterator[TableauDeRubrique]:
        """De l'année choisie seule : une autre se lit en la choisissant. Un tableau qui n'apprend rien se passe."""
        rubrique = compte.rubrique
        note = NE_S_ADDITIONNENT_PAS if rubrique.mesure in UNE_FOIS_CHACUN else ""
        for axe in rubrique.par:
            lus = self._detail(compte, axe)
            if any(mot not in {NON_DIT, SANS_NOM} and lu is not TU for mot, lu in lus.items()):
                lignes = [(mot, [lus[mot]]) for mot in self._ordonner(axe, list(lus))]
                yield TableauDeRubrique(TITRES[axe], self.annees[:1], lignes, note)
        if rubrique.croise and (cases := compte.croisement()):
            yield self._tableau_croise(compte, cases)

    def _detail(self, compte: Compte, axe: str) -> dict[str, Lu]:
        """Mot → nombre lu ; le plus grand d'abord."""
        detail = compte.detail(axe)
        tus: set[str] = set()
        if self.est_dehors and (gens := compte.gens_par(axe)) is not None:
            masque = masquer(gens, settings.PETITS_NOMBRES_DEHORS)
            tus = {mot for mot, n in masque.items() if n is None}
        return {
            mot: TU if mot in tus else _lire(compte.rubrique, n)
            for mot, n in sorted(detail.items(), key=lambda paire: (-paire[1], paire[0]))
        }

    def _tableau_croise(self, compte: Compte, cases: Mapping[tuple[str, str], int]) -> TableauDeRubrique:
        un, autre = compte.rubrique.croise
        seuil = settings.PETITS_NOMBRES_DEHORS if self.est_dehors else settings.PETITS_NOMBRES_DEDANS
        tues = cases_a_cacher(compte.gens_croises(), seuil, a_marges_cachees=self.est_dehors)
        lignes = self._ordonner(un, [ligne for ligne, _ in cases])
        colonnes = self._ordonner(autre, [colonne for _, colonne in cases])
        return TableauDeRubrique(
            f"{TITRES[un]} et {TITRES[autre][0].lower()}{TITRES[autre][1:]}, {self.annees[0]}",
            colonnes,
            [
                (
                    ligne,
                    [
                        TU
                        if (ligne, colonne) in tues
                        else _lire(compte.rubrique, Decimal(cases.get((ligne, colonne), 0)))
                        for colonne in colonnes
                    ],
                )
                for ligne in lignes
            ],
            insecables(f"Une case de moins de {seuil} personnes est cachée, et une autre avec elle.")
            if tues
            else "",
        )

    def _ordonner(self, axe: str, mots: list[str]) -> list[str]:
        """Les âges du plus jeune au plus âgé ; le reste comme il vient. Ce qu'on ne sait pas, à la fin."""
        uniques = list(dict.fromkeys(mots))
        ages = list(self.cadre.tranches) if axe == Ventilation.AGE else []
        connus = [mot for mot in uniques if mot not in {NON_DIT, SANS_NOM}]
        connus.sort(key=lambda mot: ages.index(mot) if mot in ages else len(ages))
        return connus + [mot for mot in (NON_DIT, SANS_NOM) if mot in uniques]


def _lire(rubrique: Rubrique, valeur: Decimal | None) -> Lu:
    if valeur is None:
        return RIEN
    pour_cent = " %" if rubrique.mesure in EN_POUR_CENT else ""
    return Lu(insecables(f"{nombre(valeur)}{pour_cent}"), valeur)


# --- Les années -------------------------------------------------------------------------------------
def dire_l_annee(periode: Periode) -> str:
    """« 2026 », « 2025-2026 »."""
    return str(periode.annee) if periode.est_civile else f"{periode.annee}-{periode.annee + 1}"


def annees_offertes(cadre: CadreDeRapport, structure: Structure) -> list[int]:
    """De la première où quelque chose est noté à celle qui court, la plus récente d'abord ; toutes ont leur cadre."""
    en_cours = _annee_de(timezone.localdate(timezone=structure.fuseau), cadre.calendrier)
    premiere = _annee_de(_premier_jour(cadre, structure), cadre.calendrier) or en_cours
    annees = range(en_cours, min(premiere, en_cours) - 1, -1)
    return [annee for annee in annees if version_pour(cadre, annee, structure)]


def version_pour(cadre: CadreDeRapport, annee: int, structure: Structure) -> CadreDeRapport | None:
    """Celle en usage au premier jour de cette année ; aucune avant la première."""
    return cadre_du(cadre.sigle, annee_du_centre(cadre.calendrier, annee, structure).du)


def _annee_de(jour: date | None, calendrier: str) -> int:
    if jour is None:
        return 0
    return jour.year - (calendrier == Calendrier.SCOLAIRE and (jour.month, jour.day) < RENTREE)


def _premier_jour(cadre: CadreDeRapport, structure: Structure) -> date | None:
    activites = Activite.objects.filter(structure=structure)
    if cadre.dispositif:
        activites = activites.filter(cadre=cadre.dispositif)
    instants = [Seance.objects.filter(activite__in=activites).order_by().aggregate(n=Min("debut"))["n"]]
    if not cadre.dispositif:
        passages = Passage.objects.filter(structure=structure, annule_le=None).order_by()
        instants.append(passages.aggregate(n=Min("le"))["n"])
    connus = [instant for instant in instants if instant is not None]
    return min(connus).astimezone(structure.fuseau).date() if connus else None
