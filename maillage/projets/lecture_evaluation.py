"""Aller chercher une évaluation : celle d'un moment, ses questions, et tout ce qu'elle regarde."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final

from django.utils import timezone

from maillage.projets.choices import MomentEvaluation, SuiteProposee
from maillage.projets.evaluation_lue import (
    AxeEvalue,
    EnjeuEvalue,
    EvaluationLue,
    FicheEvaluee,
    ObjectifEvalue,
)
from maillage.projets.lecture import Arbre, AxeLu, FicheLue, lire_arbre
from maillage.projets.models import Evaluation, ProjetSocial, Proposition
from maillage.projets.referentiels import Question, referentiel_de
from maillage.projets.suivi import lire_suivi

_CLE_SIMPLE: Final = re.compile(r"[a-z0-9_-]{1,36}")
_Evaluer = Callable[[Iterable[FicheLue]], list[FicheEvaluee]]


def annee_regardee(projet: ProjetSocial, moment: str) -> int:
    """Celle du milieu du projet, ou la dernière ; jamais une année qui n'a pas commencé."""
    milieu = date.fromordinal((projet.du.toordinal() + projet.au.toordinal()) // 2)
    voulue = milieu.year if moment == MomentEvaluation.MI_PARCOURS else projet.au.year
    return max(projet.du.year, min(voulue, timezone.localdate().year))


def evaluation_de(projet: ProjetSocial, moment: str) -> Evaluation:
    """Celle de ce moment, ou une évaluation vide, pas encore écrite."""
    ecrite: Evaluation | None = projet.evaluations.filter(moment=moment).first()
    return ecrite or Evaluation(projet=projet, moment=moment, annee=annee_regardee(projet, moment))


def nom_de_la_question(cle: str) -> str:
    """Le nom de son champ. Une clé longue ou peu sûre est abrégée : celui d'une sauvegarde tient en quarante signes."""
    return f"q_{cle}" if _CLE_SIMPLE.fullmatch(cle) else f"q_{hashlib.sha256(cle.encode()).hexdigest()[:16]}"


def questions_de(projet: ProjetSocial, moment: str) -> tuple[Question, ...]:
    """Celles du référentiel du projet pour ce moment."""
    return tuple(une for une in referentiel_de(projet).questions if une.moment == moment)


def lire_evaluation(
    projet: ProjetSocial, moment: str, *, est_dehors: bool, arbre: Arbre | None = None
) -> EvaluationLue:
    """Une quinzaine de requêtes, quelle que soit la taille du projet. `est_dehors` : sans les petits nombres."""
    evaluation = evaluation_de(projet, moment)
    propositions = list(evaluation.propositions.all()) if evaluation.pk else []
    des_fiches = {p.fiche_id: p for p in propositions if p.fiche_id}
    des_objectifs = {
        p.objectif_id: p for p in propositions if p.objectif_id and p.suite != SuiteProposee.COMMENCER
    }
    arbre = arbre or lire_arbre(projet)
    suivi = lire_suivi(projet, evaluation.annee, est_dehors=est_dehors, arbre=arbre)
    suivies = {suivie.fiche.pk: suivie for suivie in suivi.fiches}

    def evaluees(lues: Iterable[FicheLue]) -> list[FicheEvaluee]:
        return [
            FicheEvaluee(suivies[lue.fiche.pk], evaluation.annee, des_fiches.get(lue.fiche.pk))
            for lue in lues
            if lue.fiche.pk in suivies
        ]

    axes = [_axe(axe, des_objectifs, evaluees) for axe in arbre.axes]
    if a_ranger := evaluees(arbre.a_ranger):
        axes.append(AxeEvalue(None, [], a_ranger))
    return EvaluationLue(
        evaluation,
        axes,
        questions_de(projet, moment),
        {une.cle: une for une in evaluation.reponses.all()} if evaluation.pk else {},
        [p for p in propositions if p.suite == SuiteProposee.COMMENCER],
        _sans_place(propositions),
    )


def _axe(lu: AxeLu, propositions: dict[int, Proposition], evaluees: _Evaluer) -> AxeEvalue:
    enjeux = [
        EnjeuEvalue(
            enjeu,
            [
                ObjectifEvalue(objectif, evaluees(objectif.toutes()), propositions.get(objectif.objectif.pk))
                for objectif in enjeu.objectifs
            ],
        )
        for enjeu in lu.enjeux
    ]
    return AxeEvalue(lu, enjeux, evaluees(lu.sans_objectif))


def _sans_place(propositions: Sequence[Proposition]) -> list[Proposition]:
    return [
        p
        for p in propositions
        if p.fiche_id is None and p.objectif_id is None and p.suite != SuiteProposee.COMMENCER
    ]
