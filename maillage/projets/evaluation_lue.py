"""L'évaluation telle qu'on la lit : pour chaque fiche, ce qui était prévu, ce qui est fait, ce que cela a changé.

Rien n'y est recopié : les nombres sont ceux des fiches (`suivi`, `indicateurs`), les textes ceux de `Evaluation`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from maillage.core.graphiques import Graphique, Serie
from maillage.projets.choices import DegreAtteinte, SuiteProposee
from maillage.projets.indicateurs import AnneeLue, IndicateurLu
from maillage.projets.lecture import AxeLu, EnjeuLu, FicheLue, ObjectifLu
from maillage.projets.models import (
    BilanDeFiche,
    Etape,
    Evaluation,
    FicheAction,
    ProjetSocial,
    Proposition,
    ReponseDEvaluation,
)
from maillage.projets.referentiels import Question
from maillage.projets.suivi import FicheSuivie
from maillage.projets.temps import COMMENCEES

SIGNES: Final[dict[str, tuple[str, str]]] = {
    SuiteProposee.CONTINUER: ("ok", "arrow-right"),
    SuiteProposee.TRANSFORMER: ("info", "pencil"),
    SuiteProposee.ARRETER: ("stop", "circle-stop"),
    SuiteProposee.COMMENCER: ("ok", "sprout"),
}
"""Proposition → son ton et son icône."""
DEGRES_COURTS: Final = {
    DegreAtteinte.ATTEINT: "Atteint",
    DegreAtteinte.EN_PARTIE: "En partie",
    DegreAtteinte.PEU: "Peu",
    DegreAtteinte.NON_ATTEINT: "Pas atteint",
}
"""Sous une barre, la place manque."""
SUR_CE_QUI_EXISTE: Final = (SuiteProposee.CONTINUER, SuiteProposee.TRANSFORMER, SuiteProposee.ARRETER)


@dataclass(eq=False)
class FicheEvaluee:
    """Une fiche, jusqu'à la dernière année regardée."""

    suivie: FicheSuivie
    jusqu_a: int
    proposition: Proposition | None = None

    @property
    def lue(self) -> FicheLue:
        return self.suivie.lue

    @property
    def fiche(self) -> FicheAction:
        return self.suivie.fiche

    def __str__(self) -> str:
        return str(self.lue)

    @property
    def annees(self) -> list[int]:
        return [annee for annee in self.suivie.annees if annee <= self.jusqu_a]

    @property
    def etait_prevue(self) -> bool:
        """Elle devait avoir commencé."""
        return bool(self.annees)

    @property
    def est_menee(self) -> bool:
        return self.fiche.etat in COMMENCEES

    @property
    def etapes(self) -> list[Etape]:
        """Celles qui devaient être finies."""
        return [etape for etape in self.suivie.etapes if (etape.au or etape.du).year <= self.jusqu_a]

    @property
    def etapes_faites(self) -> int:
        return sum(etape.faite_le is not None for etape in self.etapes)

    @property
    def bilans(self) -> list[BilanDeFiche]:
        """Du plus ancien au plus récent."""
        return [bilan for annee, bilan in sorted(self.suivie.bilans.items()) if annee <= self.jusqu_a]

    @property
    def dernier_bilan(self) -> BilanDeFiche | None:
        return next(reversed(self.bilans), None)

    @property
    def degre(self) -> str:
        """Le dernier que l'on ait dit."""
        return next((bilan.degre for bilan in reversed(self.bilans) if bilan.degre), "")

    @property
    def degre_dit(self) -> str:
        return str(DegreAtteinte(self.degre).label) if self.degre else ""

    @property
    def quantitatifs(self) -> list[IndicateurLu]:
        return [lu for lu in self.suivie.indicateurs if lu.indicateur.est_quantitatif]

    @property
    def reponses(self) -> list[AnneeLue]:
        """Ce que l'on a répondu aux questions de la fiche, année par année."""
        return [
            lue
            for lu in self.suivie.indicateurs
            if not lu.indicateur.est_quantitatif
            for lue in lu.annees
            if lue.annee <= self.jusqu_a and lue.releve is not None
        ]

    @cached_property
    def jugees(self) -> list[AnneeLue]:
        """Pour chaque nombre, la dernière année où la cible et la valeur se comparent."""
        trouvees = []
        for lu in self.quantitatifs:
            comparables = [
                lue for lue in lu.annees if lue.annee <= self.jusqu_a and lue.est_atteinte is not None
            ]
            trouvees += comparables[-1:]
        return trouvees

    @property
    def cibles_atteintes(self) -> int:
        return sum(lue.est_atteinte is True for lue in self.jugees)

    @property
    def suite(self) -> str:
        return self.proposition.suite if self.proposition else ""

    @property
    def est_dite(self) -> bool:
        return bool(self.suite)


@dataclass(eq=False)
class ObjectifEvalue:
    """Un objectif général et ses fiches, celles de ses objectifs opérationnels comprises."""

    lu: ObjectifLu
    fiches: list[FicheEvaluee]
    proposition: Proposition | None = None

    @property
    def suite(self) -> str:
        return self.proposition.suite if self.proposition else ""


@dataclass(eq=False)
class EnjeuEvalue:
    lu: EnjeuLu
    objectifs: list[ObjectifEvalue]


@dataclass(eq=False)
class AxeEvalue:
    """Un axe ; sans lui, les fiches à ranger."""

    lu: AxeLu | None
    enjeux: list[EnjeuEvalue]
    sans_objectif: list[FicheEvaluee]

    @property
    def cle(self) -> str:
        return f"axe-{self.lu.axe.pk if self.lu else 0}"

    @property
    def nom(self) -> str:
        return f"Axe {self.lu.axe.lettre}" if self.lu else "À ranger"

    @property
    def titre(self) -> str:
        return f"Axe {self.lu.axe.lettre} : {self.lu.axe.titre}" if self.lu else "Fiches à ranger"

    @cached_property
    def objectifs(self) -> list[ObjectifEvalue]:
        return [objectif for enjeu in self.enjeux for objectif in enjeu.objectifs]

    @cached_property
    def fiches(self) -> list[FicheEvaluee]:
        return [fiche for objectif in self.objectifs for fiche in objectif.fiches] + self.sans_objectif

    @property
    def a_dire(self) -> int:
        """Combien d'objectifs et de fiches attendent une proposition."""
        return sum(not objectif.suite for objectif in self.objectifs) + sum(
            not fiche.est_dite for fiche in self.fiches
        )

    @property
    def degres(self) -> list[int]:
        comptes = Counter(fiche.degre for fiche in self.fiches)
        return [comptes[degre] for degre in DegreAtteinte.values]


@dataclass(eq=False)
class EvaluationLue:
    evaluation: Evaluation
    axes: list[AxeEvalue]
    questions: tuple[Question, ...]
    reponses: dict[str, ReponseDEvaluation] = field(default_factory=dict)
    nouveautes: list[Proposition] = field(default_factory=list)
    """Ce que l'on propose de commencer."""
    sans_place: list[Proposition] = field(default_factory=list)
    """Propositions dont la fiche ou l'objectif n'est plus dans l'arbre."""

    @property
    def projet(self) -> ProjetSocial:
        return self.evaluation.projet

    @cached_property
    def fiches(self) -> list[FicheEvaluee]:
        return [fiche for axe in self.axes for fiche in axe.fiches]

    @cached_property
    def objectifs(self) -> list[ObjectifEvalue]:
        return [objectif for axe in self.axes for objectif in axe.objectifs]

    @property
    def prevues(self) -> list[FicheEvaluee]:
        return [fiche for fiche in self.fiches if fiche.etait_prevue]

    @property
    def menees(self) -> int:
        return sum(fiche.est_menee for fiche in self.prevues)

    @property
    def etapes(self) -> int:
        return sum(len(fiche.etapes) for fiche in self.fiches)

    @property
    def etapes_faites(self) -> int:
        return sum(fiche.etapes_faites for fiche in self.fiches)

    @property
    def jugees(self) -> int:
        return sum(len(fiche.jugees) for fiche in self.fiches)

    @property
    def cibles_atteintes(self) -> int:
        return sum(fiche.cibles_atteintes for fiche in self.fiches)

    @property
    def participants(self) -> list[tuple[str, int]]:
        """Qui a participé, dans les mots du formulaire."""
        noms = ("nombre_equipe", "nombre_habitants", "nombre_partenaires", "nombre_elus")
        libelles = (
            "personnes de l’équipe",
            "habitantes et habitants",
            "partenaires",
            "élus et administrateurs",
        )
        couples = zip(libelles, (getattr(self.evaluation, nom) for nom in noms), strict=True)
        return [(libelle, combien) for libelle, combien in couples if combien]

    def reponse(self, question: Question) -> str:
        ecrite = self.reponses.get(question.cle)
        return ecrite.texte if ecrite else ""

    @property
    def repondues(self) -> int:
        return sum(bool(self.reponse(question).strip()) for question in self.questions)

    @property
    def par_suite(self) -> list[tuple[SuiteProposee, list[FicheEvaluee]]]:
        return [(suite, [f for f in self.fiches if f.suite == suite]) for suite in SUR_CE_QUI_EXISTE]

    @property
    def dites(self) -> int:
        """Fiches et objectifs dont on a dit la suite."""
        return sum(f.est_dite for f in self.fiches) + sum(bool(o.suite) for o in self.objectifs)

    @property
    def a_dire(self) -> int:
        return len(self.fiches) + len(self.objectifs)

    @cached_property
    def reste(self) -> list[tuple[str, str]]:
        """Ce qui manque, et l'étape où on l'écrit."""
        return list(self._reste())

    def _reste(self) -> Iterator[tuple[str, str]]:
        if not self.evaluation.methode.strip():
            yield "Dire comment vous avez évalué", "methode"
        if not self.participants:
            yield "Dire combien de personnes ont participé", "methode"
        for axe in self.axes:
            if axe.a_dire:
                yield f"{axe.nom} : {axe.a_dire} à proposer", axe.cle
        if manque := len(self.questions) - self.repondues:
            yield f"Questions sans réponse : {manque}", "questions"
        if not self.lecons:
            yield "Retenir au moins une leçon", "suite"
        if not self.evaluation.synthese.strip():
            yield "Écrire ce qu’il faut retenir", "synthese"

    @cached_property
    def lecons(self) -> list[str]:
        return [lecon.texte for lecon in self.evaluation.lecons.all()] if self.evaluation.pk else []

    @property
    def avancement(self) -> tuple[int, int]:
        """Fait, sur combien : chaque proposition compte pour une, comme chaque question et chaque texte."""
        textes = [bool(self.evaluation.methode.strip()), bool(self.participants)]
        textes += [bool(self.lecons), bool(self.evaluation.synthese.strip())]
        return self.dites + self.repondues + sum(textes), self.a_dire + len(self.questions) + len(textes)

    @property
    def est_commencee(self) -> bool:
        return self.evaluation.pk is not None

    # --- Les graphiques : jamais sans leur tableau ------------------------------------------------

    @property
    def graphique_des_degres(self) -> Graphique | None:
        comptes = Counter(fiche.degre for fiche in self.fiches if fiche.degre)
        if not comptes:
            return None
        return Graphique(
            titre="Fiches par degré atteint",
            repere="Degré",
            reperes=list(DEGRES_COURTS.values()),
            series=[Serie("Fiches", [comptes[degre] for degre in DegreAtteinte])],
            source=f"Dernier bilan de chaque fiche, jusqu’en {self.evaluation.annee}.",
        )

    @property
    def graphique_des_cibles(self) -> Graphique | None:
        axes = [axe for axe in self.axes if any(fiche.jugees for fiche in axe.fiches)]
        if not axes:
            return None
        return Graphique(
            titre="Cibles comparables et cibles atteintes, axe par axe",
            repere="Axe",
            reperes=[axe.lu.axe.lettre if axe.lu else "À ranger" for axe in axes],
            series=[
                Serie("Comparables", [sum(len(f.jugees) for f in axe.fiches) for axe in axes]),
                Serie("Atteintes", [sum(f.cibles_atteintes for f in axe.fiches) for axe in axes]),
            ],
            source=f"Valeurs retenues par l’équipe, dernière année connue jusqu’en {self.evaluation.annee}.",
        )
