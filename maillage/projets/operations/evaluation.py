"""Écrire l'évaluation d'un projet à plusieurs (`core.ecriture`) ; retenir une leçon, proposer de commencer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core import ecriture
from maillage.core.changements import noter_changement
from maillage.core.ecriture import PAUSE, Conflit, GesteRefuse, Valeur
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.projets.choices import EtatProjet, MomentEvaluation, SuiteProposee
from maillage.projets.lecture_evaluation import evaluation_de, nom_de_la_question
from maillage.projets.models import (
    Evaluation,
    FicheAction,
    LeconRetenue,
    Objectif,
    ProjetSocial,
    Proposition,
)
from maillage.projets.operations.projets import tenir
from maillage.projets.referentiels import Question

ACTE_D_ECRITURE: Final = "ecrire_evaluation"
COLONNES: Final = {
    "annee": "La dernière année regardée",
    "methode": "Comment nous avons évalué",
    "nombre_equipe": "Personnes de l’équipe",
    "nombre_habitants": "Habitants",
    "nombre_partenaires": "Partenaires",
    "nombre_elus": "Élus et administrateurs",
    "synthese": "Ce qu’il faut retenir",
}
LIBELLES: Final = {"effet": "Ce que cela a changé", "suite": "La proposition", "raison": "Pourquoi"}
_D_UNE_PROPOSITION: Final = re.compile(r"(fiche|objectif)_(\d+)_(effet|suite|raison)")


class EvaluationFermee(GesteRefuse):
    """L'évaluation est close. Ce qui vient d'être écrit est gardé de côté."""


@dataclass(frozen=True, slots=True)
class EvaluationEcrite:
    """Ce qu'un enregistrement a fait. `evaluation` est relue."""

    evaluation: Evaluation
    le: datetime
    conflits: dict[str, Conflit] = field(default_factory=dict)


def lire_valeurs(
    evaluation: Evaluation, noms: Iterable[str], questions: Iterable[Question] = ()
) -> dict[str, Valeur]:
    """Champ → valeur, là où chacun est rangé : une colonne, une réponse, une proposition."""
    cles = {nom_de_la_question(question.cle): question.cle for question in questions}
    reponses: dict[str, str] = {}
    propositions: dict[tuple[str, int], Proposition] = {}
    if evaluation.pk:
        reponses = dict(evaluation.reponses.order_by("pk").values_list("cle", "texte"))
        for une in evaluation.propositions.exclude(suite=SuiteProposee.COMMENCER).order_by("pk"):
            if une.fiche_id:
                propositions["fiche", une.fiche_id] = une
            elif une.objectif_id:
                propositions["objectif", une.objectif_id] = une
    valeurs: dict[str, Valeur] = {}
    for nom in noms:
        if nom in COLONNES:
            valeurs[nom] = getattr(evaluation, nom)
        elif trouve := _D_UNE_PROPOSITION.fullmatch(nom):
            proposition = propositions.get((trouve[1], int(trouve[2])))
            valeurs[nom] = getattr(proposition, trouve[3]) if proposition else ""
        else:
            valeurs[nom] = reponses.get(cles[nom], "")
    return valeurs


def ecrire_evaluation(
    projet: ProjetSocial,
    moment: str,
    ecrits: Mapping[str, Valeur],
    lus: Mapping[str, str],
    *,
    questions: Iterable[Question] = (),
    par: Utilisateur,
) -> EvaluationEcrite:
    """Écrit les champs que cette personne a changés depuis qu'elle les a lus. Rejouer le même envoi ne fait rien.

    `lus` : champ → empreinte de la valeur montrée. Lève `EvaluationFermee`.
    """
    le = timezone.now()
    par_nom = {nom_de_la_question(question.cle): question for question in questions}
    with transaction.atomic():
        tenu = tenir(projet)
        evaluation = evaluation_de(tenu, moment)
        actuelles = lire_valeurs(evaluation, ecrits, par_nom.values())
        if evaluation._state.adding:
            if all(valeur == actuelles[nom] for nom, valeur in ecrits.items()):
                return EvaluationEcrite(evaluation, le)
            evaluation = _commencer(tenu, moment)
        tri = ecriture.trier(evaluation.sauvegardes, actuelles, ecrits, lus, par=par)
        a_part = tri.a_part
        est_fermee = tenu.etat != EtatProjet.EN_COURS
        if est_fermee:
            a_part |= tri.changees
        elif tri.changees:
            if ecriture.commence_une_seance(evaluation.sauvegardes, par=par, le=le):
                journaliser_les_seances(evaluation, finies_avant=le - PAUSE)
            _poser(evaluation, tri.changees, par_nom)
            ecriture.garder(evaluation.sauvegardes, tri.changees, tri.dernieres, par=par, le=le)
            noter_changement(evaluation, ACTE_D_ECRITURE)
        ecriture.garder_a_part(evaluation.sauvegardes, a_part, par=par, le=le)
    if est_fermee:
        raise EvaluationFermee(
            "L’évaluation ne s’écrit plus : elle vient d’être close. Votre texte est gardé de côté."
        )
    return EvaluationEcrite(evaluation, le, tri.conflits)


def _commencer(projet: ProjetSocial, moment: str) -> Evaluation:
    """Le projet est tenu : deux personnes qui commencent ensemble n'en font qu'une."""
    evaluation = evaluation_de(projet, moment)
    if evaluation._state.adding:
        evaluation.save()
    return evaluation


def _poser(evaluation: Evaluation, changees: Mapping[str, Valeur], questions: Mapping[str, Question]) -> None:
    colonnes = {nom: valeur for nom, valeur in changees.items() if nom in COLONNES}
    enregistrer(evaluation, version_lue=evaluation.version, **colonnes)
    for nom, valeur in changees.items():
        if trouve := _D_UNE_PROPOSITION.fullmatch(nom):
            _poser_une_proposition(evaluation, trouve[1], int(trouve[2]), trouve[3], valeur)
        elif nom in questions:
            question = questions[nom]
            evaluation.reponses.update_or_create(
                cle=question.cle, defaults={"question": question.texte, "texte": valeur}
            )


def _poser_une_proposition(
    evaluation: Evaluation, genre: str, numero: int, champ: str, valeur: Valeur
) -> None:
    projet = evaluation.projet_id
    trouves: Any = (
        FicheAction.objects.filter(projet=projet)
        if genre == "fiche"
        else Objectif.objects.filter(enjeu__axe__projet=projet)
    )
    if (objet := trouves.filter(pk=numero).first()) is None:
        raise GesteRefuse("Cette fiche ou cet objectif n’est plus dans l’arbre. Relisez la page.")
    siennes = evaluation.propositions.exclude(suite=SuiteProposee.COMMENCER)
    proposition = siennes.filter(**{genre: objet}).first()
    if proposition is None:
        evaluation.propositions.create(**{genre: objet, champ: valeur, "titre": objet.titre})
    else:
        enregistrer(proposition, version_lue=proposition.version, **{champ: valeur, "titre": objet.titre})


# --- Les leçons, et ce que l'on propose de commencer ------------------------------------------------


@transaction.atomic
def retenir_une_lecon(
    projet: ProjetSocial,
    moment: str,
    *,
    texte: str,
    ou_sert: str = "",
    fiche: FicheAction | None = None,
    par: Utilisateur,
) -> LeconRetenue:
    """À la fin de la liste. La même leçon deux fois n'est retenue qu'une. Lève `GesteRefuse`."""
    evaluation = _ouverte(projet, moment)
    if deja := evaluation.lecons.filter(texte=texte, fiche=fiche).first():
        return deja
    rang = (evaluation.lecons.aggregate(dernier=Max("rang"))["dernier"] or 0) + 1
    lecon = evaluation.lecons.create(texte=texte, ou_sert=ou_sert, fiche=fiche, rang=rang)
    _noter(evaluation, "retenir_une_lecon", "a retenu une leçon", par=par)
    return lecon


@transaction.atomic
def corriger_une_lecon(
    lecon: LeconRetenue, *, texte: str, ou_sert: str, version_lue: int, par: Utilisateur
) -> None:
    """Lève `GesteRefuse` ou `ConflitDeVersion`."""
    evaluation = _ouverte(lecon.evaluation.projet, lecon.evaluation.moment)
    enregistrer(lecon, version_lue=version_lue, texte=texte, ou_sert=ou_sert)
    _noter(evaluation, "corriger_une_lecon", "a corrigé une leçon", par=par)


@transaction.atomic
def oter_une_lecon(lecon: LeconRetenue, *, par: Utilisateur) -> None:
    evaluation = _ouverte(lecon.evaluation.projet, lecon.evaluation.moment)
    avant = {"texte": lecon.texte, "ou_sert": lecon.ou_sert}
    if evaluation.lecons.filter(pk=lecon.pk).delete()[0]:
        _noter(evaluation, "oter_une_lecon", "a ôté une leçon", par=par, avant=avant)


@transaction.atomic
def proposer_de_commencer(
    projet: ProjetSocial,
    moment: str,
    *,
    titre: str,
    raison: str = "",
    objectif: Objectif | None = None,
    par: Utilisateur,
) -> Proposition:
    """Une action que le projet suivant pourrait commencer. La même deux fois n'en fait qu'une. Lève `GesteRefuse`."""
    evaluation = _ouverte(projet, moment)
    siennes = evaluation.propositions.filter(suite=SuiteProposee.COMMENCER)
    if deja := siennes.filter(titre=titre).first():
        return deja
    neuve = evaluation.propositions.create(
        suite=SuiteProposee.COMMENCER, titre=titre, raison=raison, objectif=objectif
    )
    _noter(evaluation, "proposer_de_commencer", f"a proposé de commencer « {titre} »", par=par)
    return neuve


@transaction.atomic
def corriger_une_nouveaute(
    proposition: Proposition,
    *,
    titre: str,
    raison: str,
    objectif: Objectif | None,
    version_lue: int,
    par: Utilisateur,
) -> None:
    """Lève `GesteRefuse` ou `ConflitDeVersion`."""
    evaluation = _ouverte(proposition.evaluation.projet, proposition.evaluation.moment)
    enregistrer(proposition, version_lue=version_lue, titre=titre, raison=raison, objectif=objectif)
    _noter(evaluation, "corriger_une_nouveaute", f"a corrigé « {titre} »", par=par)


@transaction.atomic
def oter_une_nouveaute(proposition: Proposition, *, par: Utilisateur) -> None:
    evaluation = _ouverte(proposition.evaluation.projet, proposition.evaluation.moment)
    siennes = evaluation.propositions.filter(suite=SuiteProposee.COMMENCER)
    avant = {"titre": proposition.titre, "raison": proposition.raison}
    if siennes.filter(pk=proposition.pk).delete()[0]:
        fait = f"ne propose plus de commencer « {proposition.titre} »"
        _noter(evaluation, "oter_une_nouveaute", fait, par=par, avant=avant)


# --- Communs ----------------------------------------------------------------------------------------


def _ouverte(projet: ProjetSocial, moment: str) -> Evaluation:
    """L'évaluation, commencée au besoin, le projet tenu. Lève `GesteRefuse` si elle ne s'écrit plus."""
    tenu = tenir(projet)
    if tenu.etat != EtatProjet.EN_COURS:
        raise GesteRefuse(
            f"Le projet est maintenant « {tenu.get_etat_display()} » : son évaluation ne s’écrit plus."
        )
    return _commencer(tenu, moment)


def journaliser_les_seances(evaluation: Evaluation, *, finies_avant: datetime | None = None) -> None:
    """Qui a écrit quoi depuis sa dernière ligne. À appeler dans la transaction de l'acte."""
    noms = evaluation.sauvegardes.order_by("champ").values_list("champ", flat=True).distinct()
    ecriture.journaliser_les_seances(
        evaluation,
        evaluation.sauvegardes,
        acte=ACTE_D_ECRITURE,
        libelles=_libelles(evaluation, noms),
        depart={},
        structure_id=evaluation.projet.structure_id,
        finies_avant=finies_avant,
    )


def _libelles(evaluation: Evaluation, noms: Iterable[str]) -> dict[str, str]:
    """Champ → ce qu'il dit, dans les mots de la page."""
    titres = {
        f"{genre}_{numero}": une.titre
        for une in evaluation.propositions.order_by("pk")
        for genre, numero in (("fiche", une.fiche_id), ("objectif", une.objectif_id))
        if numero
    }
    questions = {nom_de_la_question(une.cle): une.question for une in evaluation.reponses.order_by("pk")}
    libelles = {}
    for nom in noms:
        if trouve := _D_UNE_PROPOSITION.fullmatch(nom):
            de = titres.get(f"{trouve[1]}_{trouve[2]}", "")
            libelles[nom] = f"{LIBELLES[trouve[3]]} ({de})" if de else LIBELLES[trouve[3]]
        else:
            libelles[nom] = COLONNES.get(nom) or questions.get(nom, nom)
    return libelles


def _noter(evaluation: Evaluation, acte: str, fait: str, *, par: Utilisateur, **details: Any) -> None:
    moment = str(MomentEvaluation(evaluation.moment).label).lower()
    journaliser(
        evaluation,
        acte,
        f"{par.get_full_name()} {fait} ({moment}).",
        par=par,
        structure_id=evaluation.projet.structure_id,
        **details,
    )
    noter_changement(evaluation, acte)
