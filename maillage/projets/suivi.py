"""Où en est chaque fiche, et ce qui est en retard. Rien n'est écrit ici : un retard se lit, il ne s'enregistre pas."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from maillage.core.francais import compte, date_longue
from maillage.projets.choices import DegreAtteinte, EtatFiche
from maillage.projets.indicateurs import AnneeLue, IndicateurLu, lire_indicateurs
from maillage.projets.lecture import Arbre, FicheLue, lire_arbre
from maillage.projets.models import Axe, BilanDeFiche, Etape, FicheAction, ProjetSocial

ETATS: dict[str, tuple[str, str]] = {
    EtatFiche.A_ECRIRE: ("", "pencil"),
    EtatFiche.PRETE: ("info", "check"),
    EtatFiche.EN_COURS: ("ok", "circle-play"),
    EtatFiche.TERMINEE: ("ok", "circle-check"),
    EtatFiche.ARRETEE: ("stop", "circle-stop"),
}
DEGRES: dict[str, tuple[str, str]] = {
    DegreAtteinte.ATTEINT: ("ok", "circle-check"),
    DegreAtteinte.EN_PARTIE: ("info", "circle-dot"),
    DegreAtteinte.PEU: ("alerte", "circle-minus"),
    DegreAtteinte.NON_ATTEINT: ("stop", "circle-x"),
}
"""État ou degré → son ton et son icône."""


def annee_de_travail(projet: ProjetSocial) -> int:
    """L'année en cours, ramenée dans le projet."""
    return min(max(timezone.localdate().year, projet.du.year), projet.au.year)


@dataclass(eq=False)
class FicheSuivie:
    lue: FicheLue
    projet: ProjetSocial
    annee: int
    etapes: list[Etape] = field(default_factory=list)
    bilans: dict[int, BilanDeFiche] = field(default_factory=dict)
    indicateurs: list[IndicateurLu] = field(default_factory=list)

    @property
    def fiche(self) -> FicheAction:
        return self.lue.fiche

    @property
    def annees(self) -> list[int]:
        """Les années où elle a lieu ; toutes celles du projet tant qu'on ne l'a pas dit."""
        dites = [annee for annee in self.fiche.annees if annee in self.projet.annees]
        return dites or self.projet.annees

    @property
    def est_de_l_annee(self) -> bool:
        return self.annee in self.annees or self.annee in self.bilans

    @property
    def bilan(self) -> BilanDeFiche | None:
        return self.bilans.get(self.annee)

    @property
    def _sans_reponse(self) -> list[AnneeLue]:
        lues = (lu.annee(self.annee) for lu in self.indicateurs)
        return [lue for lue in lues if not lue.est_renseignee]

    @property
    def manquantes(self) -> int:
        """Combien d'indicateurs n'ont pas de réponse pour l'année, la leur finie."""
        return sum(not lue.court_encore for lue in self._sans_reponse)

    @property
    def a_venir(self) -> list[str]:
        """Ce qui ne manque pas encore : « L'année scolaire court encore »."""
        return sorted({lue.court_encore for lue in self._sans_reponse if lue.court_encore})

    @cached_property
    def retards(self) -> list[str]:
        """Une phrase par retard ; aucune pour une fiche à l'heure."""
        return list(_retards(self, timezone.localdate()))

    @property
    def etat(self) -> dict[str, str]:
        ton, icone = ETATS[self.fiche.etat]
        return {"libelle": self.fiche.get_etat_display(), "ton": ton, "icone": icone}

    @property
    def avancement(self) -> dict[str, str]:
        """Où en est le bilan de l'année : clos, commencé, à faire."""
        bilan = self.bilan
        if bilan is not None and bilan.clos_le:
            return {"cle": "clos", "libelle": "Bilan clos", "ton": "ok", "icone": "lock"}
        if bilan is not None:
            return {"cle": "commence", "libelle": "Bilan commencé", "ton": "info", "icone": "pencil"}
        return {"cle": "a_faire", "libelle": "Bilan à faire", "ton": "", "icone": "circle-dashed"}

    @property
    def degre(self) -> dict[str, str] | None:
        if self.bilan is None or not self.bilan.degre:
            return None
        ton, icone = DEGRES[self.bilan.degre]
        return {"libelle": self.bilan.get_degre_display(), "ton": ton, "icone": icone}

    @property
    def reste(self) -> list[str]:
        """Ce qui manque au bilan de l'année, dans l'ordre de la page."""
        bilan = self.bilan
        manques = [compte(self.manquantes, "valeur")] if self.manquantes else []
        if bilan is None or not bilan.degre:
            manques.append("le degré atteint")
        if bilan is None or not bilan.suite:
            manques.append("la suite")
        if bilan is None or not bilan.lecon:
            manques.append("la leçon")
        return manques

    @property
    def pilote(self) -> str:
        return self.fiche.pilote.get_full_name() if self.fiche.pilote else self.fiche.pilote_nom


@dataclass(eq=False)
class SuiviDAxe:
    """Un axe, ou les fiches sans axe."""

    axe: Axe | None
    fiches: list[FicheSuivie]

    @property
    def en_retard(self) -> int:
        return sum(bool(suivie.retards) for suivie in self.fiches)

    @property
    def par_etat(self) -> list[int]:
        """Combien de fiches dans chaque état, dans leur ordre."""
        etats = Counter(suivie.fiche.etat for suivie in self.fiches)
        return [etats[etat] for etat in EtatFiche.values]

    @property
    def clos(self) -> int:
        return sum(suivie.avancement["cle"] == "clos" for suivie in self.de_l_annee)

    @property
    def de_l_annee(self) -> list[FicheSuivie]:
        return [suivie for suivie in self.fiches if suivie.est_de_l_annee]


@dataclass(eq=False)
class Suivi:
    projet: ProjetSocial
    annee: int
    fiches: list[FicheSuivie]

    @cached_property
    def ensemble(self) -> SuiviDAxe:
        return SuiviDAxe(None, self.fiches)

    @cached_property
    def par_axe(self) -> list[SuiviDAxe]:
        """Les axes dans l'ordre de l'arbre, puis les fiches à ranger."""
        groupes: dict[int, SuiviDAxe] = {}
        for suivie in self.fiches:
            axe = suivie.lue.axe
            groupes.setdefault(axe.pk if axe else 0, SuiviDAxe(axe, [])).fiches.append(suivie)
        return list(groupes.values())

    @property
    def de_l_annee(self) -> list[FicheSuivie]:
        return self.ensemble.de_l_annee

    @property
    def base(self) -> str:
        """« sur 12 en 2026 » : de quoi les bilans clos sont une part."""
        return f"sur {len(self.de_l_annee)} en {self.annee}"

    @property
    def en_retard(self) -> list[FicheSuivie]:
        return [suivie for suivie in self.fiches if suivie.retards]


def lire_suivi(
    projet: ProjetSocial, annee: int | None = None, *, est_dehors: bool, arbre: Arbre | None = None
) -> Suivi:
    """Onze requêtes, quelle que soit la taille du projet. `est_dehors` : sans les petits nombres. `arbre` : s'il est
    déjà lu."""
    annee = annee or annee_de_travail(projet)
    lues = (arbre or lire_arbre(projet)).fiches
    fiches = [lue.fiche for lue in lues]
    indicateurs = lire_indicateurs(fiches, projet.annees, est_dehors=est_dehors)
    suivies = {lue.fiche.pk: FicheSuivie(lue, projet, annee) for lue in lues}
    for etape in Etape.objects.filter(fiche__projet=projet).order_by("du", "pk"):
        suivies[etape.fiche_id].etapes.append(etape)
    for bilan in BilanDeFiche.objects.filter(fiche__projet=projet).order_by("annee"):
        suivies[bilan.fiche_id].bilans[bilan.annee] = bilan
    for suivie in suivies.values():
        suivie.indicateurs = indicateurs.get(suivie.fiche.pk, [])
    return Suivi(projet, annee, list(suivies.values()))


def fiches_en_retard_de(utilisateur: Any, projets: Iterable[ProjetSocial]) -> list[FicheSuivie]:
    """Celles que cette personne pilote, dans ces projets."""
    return [
        suivie
        for projet in projets
        for suivie in lire_suivi(projet, est_dehors=False).en_retard
        if suivie.fiche.pilote_id == utilisateur.pk
    ]


def _retards(suivie: FicheSuivie, aujourd_hui: date) -> Iterable[str]:
    """Une étape passée et pas faite ; une année finie sans valeur ni bilan ; une fiche à écrire, le projet commencé."""
    if suivie.fiche.etat == EtatFiche.A_ECRIRE and suivie.projet.du <= aujourd_hui:
        yield f"À écrire, alors que le projet a commencé le {date_longue(suivie.projet.du)}"
    if suivie.fiche.etat != EtatFiche.ARRETEE:
        for etape in suivie.etapes:
            if etape.est_en_retard:
                yield f"« {etape} » devait finir le {date_longue(etape.au or etape.du)}"
    for passee in suivie.annees:
        lues = [lu.annee(passee) for lu in suivie.indicateurs]
        attend = bool(lues) and all(lue.court_encore for lue in lues)
        a_une_valeur = any(lue.est_renseignee for lue in lues)
        if passee < aujourd_hui.year and passee not in suivie.bilans and not (a_une_valeur or attend):
            yield f"Ni valeur ni bilan pour {passee}"
