"""L'évaluation d'un projet : où elle en est, ses étapes enregistrées à chaque pause, ses leçons."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core import ecriture_montree
from maillage.core.comparaison import Comparaison, comparer_textes
from maillage.core.debit import Debit, trop_de_demandes
from maillage.core.ecriture import Conflit, GesteRefuse, autres_presents, empreinte
from maillage.core.ecriture_montree import appliquer_les_choix, dire_ferme, veut_du_json
from maillage.projets.choices import EtatProjet, MomentEvaluation
from maillage.projets.evaluation_lue import EvaluationLue
from maillage.projets.forms.evaluation import (
    SUITES,
    EtapeDEvaluationForm,
    champs_de_l_axe,
    champs_de_la_methode,
    champs_de_la_synthese,
    champs_des_questions,
)
from maillage.projets.lecture import lire_arbre
from maillage.projets.lecture_evaluation import lire_evaluation
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.agrements import clore_l_evaluation
from maillage.projets.operations.evaluation import (
    EvaluationEcrite,
    EvaluationFermee,
    ecrire_evaluation,
    lire_valeurs,
)
from maillage.projets.permissions import (
    peut_conduire_le_projet,
    peut_evaluer_le_projet,
    peut_ouvrir_la_suite,
)
from maillage.projets.views.acces import projet_lu

ENREGISTREMENTS: Final = Debit("evaluations", par_minute=60, rafale=60)
MOMENTS: Final = {"mi-parcours": MomentEvaluation.MI_PARCOURS, "finale": MomentEvaluation.FINALE}
"""Dans l'adresse → le moment."""
ADRESSES: Final = {moment: mot for mot, moment in MOMENTS.items()}
PAS_COMMENCES: Final = {
    EtatProjet.PREPARATION,
    EtatProjet.SOUMIS,
    EtatProjet.A_COMPLETER,
    EtatProjet.AGREE,
    EtatProjet.REFUSE,
}
COMBIEN: Final = {"nombre_equipe", "nombre_habitants", "nombre_partenaires", "nombre_elus"}


class ChampMontre(ecriture_montree.ChampMontre):
    @property
    def est_liste(self) -> bool:
        return isinstance(self.champ.field.widget, forms.RadioSelect)

    @property
    def peut_se_reunir(self) -> bool:
        return isinstance(self.champ.field.widget, forms.Textarea)

    @property
    def comparaison(self) -> Comparaison | None:
        if self.conflit is None:
            return None
        libelles = dict(SUITES)
        siens, miens = (
            "" if valeur is None else libelles.get(str(valeur), str(valeur))
            for valeur in (self.conflit.le_sien, self.conflit.le_mien)
        )
        return comparer_textes(siens, miens)


# --- Trouver ----------------------------------------------------------------------------------------


def moment_de(mot: str) -> MomentEvaluation:
    if mot not in MOMENTS:
        raise Http404("Ce moment n'existe pas.")
    return MOMENTS[mot]


def projet_evalue(request: RequeteConnectee, pk: int, mot: str) -> tuple[ProjetSocial, MomentEvaluation]:
    projet, moment = projet_lu(request, pk), moment_de(mot)
    if projet.etat in PAS_COMMENCES:
        raise Http404("Le projet n'a pas commencé.")
    return projet, moment


# --- L'onglet ---------------------------------------------------------------------------------------


@require_GET
def evaluation(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Les deux évaluations, la mémoire, le projet suivant."""
    projet = projet_lu(request, pk)
    a_commence = projet.etat not in PAS_COMMENCES
    lus = projet.envois.filter(genre__in=MomentEvaluation.values).select_related("envoye_par")
    envois = list(lus.defer("contenu"))
    arbre = lire_arbre(projet)
    evaluees = [
        {
            "mot": mot,
            "lue": lire_evaluation(projet, moment, est_dehors=False, arbre=arbre),
            "versions": [envoi for envoi in envois if envoi.genre == moment],
            "est_transmise": any(envoi.genre == moment and not envoi.retire_le for envoi in envois),
        }
        for mot, moment in MOMENTS.items()
        if a_commence
    ]
    contexte = {
        "projet": projet,
        "a_commence": a_commence,
        "evaluees": evaluees,
        "peut_ecrire": peut_evaluer_le_projet(request.user, projet),
        "conduit": (conduit := peut_conduire_le_projet(request.user, projet)),
        "peut_clore": conduit and projet.etat == EtatProjet.EN_COURS,
        "peut_ouvrir": peut_ouvrir_la_suite(request.user, projet),
        "suites": list(projet.suites.order_by("pk")),
    }
    return render(request, "projets/evaluation/evaluation.html", contexte)


@require_POST
def evaluation_clore(request: RequeteConnectee, pk: int) -> HttpResponse:
    """L'évaluation est écrite : le projet passe à « évalué »."""
    projet = projet_lu(request, pk)
    if not peut_conduire_le_projet(request.user, projet):
        raise Http404
    try:
        clore_l_evaluation(projet, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(
            request, "L’évaluation est close. Si c’est une erreur, revenez en arrière depuis l’agrément."
        )
    return redirect("evaluation", projet.pk)


@require_GET
def evaluation_moment(request: RequeteConnectee, pk: int, mot: str) -> HttpResponse:
    """La première étape où il reste à faire ; le rapport quand il ne reste rien, ou que l'on n'écrit plus."""
    projet, moment = projet_evalue(request, pk, mot)
    lue = lire_evaluation(projet, moment, est_dehors=False)
    if not lue.reste or not peut_evaluer_le_projet(request.user, projet):
        return redirect("evaluation_rapport", pk, mot)
    return redirect("evaluation_etape", pk, mot, lue.reste[0][1])


# --- Une étape --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def evaluation_etape(request: RequeteConnectee, pk: int, mot: str, cle: str) -> HttpResponse:
    projet, moment = projet_evalue(request, pk, mot)
    if not peut_evaluer_le_projet(request.user, projet):
        if veut_du_json(request):
            return dire_ferme("L’évaluation ne s’écrit plus.", reverse("evaluation", args=[pk]))
        return redirect("evaluation_rapport", pk, mot)
    lue = lire_evaluation(projet, moment, est_dehors=False)
    if cle not in _cles(lue):
        raise Http404("Cette étape n'existe pas.")
    if request.method == "GET" or cle == "suite":
        return _montrer(request, lue, mot, cle)
    if attente := ENREGISTREMENTS.prendre(f"compte-{request.user.pk}"):
        return trop_de_demandes(request, attente)
    return _enregistrer(request, lue, mot, cle)


def _enregistrer(request: RequeteConnectee, lue: EvaluationLue, mot: str, cle: str) -> HttpResponse:
    projet = lue.projet
    actuelles = _valeurs(lue, cle)
    form = EtapeDEvaluationForm(_champs(lue, cle), actuelles, request.POST)
    ecrits, lus = form.valeurs(), form.lues()
    appliquer_les_choix(request.POST, ecrits, lus, actuelles, _reunir)
    try:
        ecrite = ecrire_evaluation(
            projet, lue.evaluation.moment, ecrits, lus, questions=lue.questions, par=request.user
        )
    except EvaluationFermee as fermee:
        if veut_du_json(request):
            return dire_ferme(str(fermee), reverse("evaluation", args=[projet.pk]))
        messages.warning(request, str(fermee))
        return redirect("evaluation", projet.pk)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return _montrer(request, lue, mot, cle, form, statut=409)
    relue = lire_evaluation(projet, lue.evaluation.moment, est_dehors=False)
    if veut_du_json(request):
        return _repondre(request, relue, mot, cle, ecrite, form)
    if form.errors or ecrite.conflits:
        statut = 409 if ecrite.conflits else 422
        return _montrer(request, relue, mot, cle, form, ecrite.conflits, statut=statut)
    return redirect(_suivante(relue, mot, cle))


def _repondre(
    request: RequeteConnectee,
    lue: EvaluationLue,
    mot: str,
    cle: str,
    ecrite: EvaluationEcrite,
    form: EtapeDEvaluationForm,
) -> HttpResponse:
    actuelles = _valeurs(lue, cle)
    return ecriture_montree.repondre_au_script(
        form,
        EtapeDEvaluationForm(_champs(lue, cle), actuelles),
        lambda champ: _montre(champ, ecrite.conflits),
        actuelles=actuelles,
        conflits=ecrite.conflits,
        le=ecrite.le,
        titre="",
        presents=autres_presents(ecrite.evaluation.sauvegardes, request.user) if ecrite.evaluation.pk else [],
        reste=render_to_string("projets/evaluation/_reste.html", {"lue": lue, "mot": mot}),
    )


def _cles(lue: EvaluationLue) -> list[str]:
    """Les étapes, dans l'ordre où l'on évalue."""
    questions = ["questions"] if lue.questions else []
    return ["methode", *(axe.cle for axe in lue.axes), *questions, "suite", "synthese"]


def _titre(lue: EvaluationLue, cle: str) -> str:
    titres = {
        "methode": "Qui et comment",
        "questions": "Les questions",
        "suite": "Leçons et suites",
        "synthese": "À retenir",
    }
    return titres.get(cle) or next(axe.nom for axe in lue.axes if axe.cle == cle)


def _champs(lue: EvaluationLue, cle: str) -> dict[str, forms.Field]:
    if cle == "methode":
        return champs_de_la_methode(lue.projet)
    if cle == "questions":
        return champs_des_questions(lue.questions)
    if cle == "synthese":
        return champs_de_la_synthese()
    return champs_de_l_axe(next(axe for axe in lue.axes if axe.cle == cle))


def _valeurs(lue: EvaluationLue, cle: str) -> dict[str, Any]:
    return lire_valeurs(lue.evaluation, _champs(lue, cle), lue.questions)


def _suivante(lue: EvaluationLue, mot: str, cle: str) -> str:
    cles = _cles(lue)
    apres = cles[cles.index(cle) + 1 :]
    if apres:
        return reverse("evaluation_etape", args=[lue.projet.pk, mot, apres[0]])
    return reverse("evaluation_rapport", args=[lue.projet.pk, mot])


def _reunir(nom: str, le_sien: Any, le_mien: Any) -> Any:
    if nom in COMBIEN:
        return le_mien
    return "\n\n".join(filter(None, [le_sien, le_mien]))


def _montre(champ: BoundField, conflits: Mapping[str, Conflit], lue: str = "") -> ChampMontre:
    return ChampMontre(champ, lue, conflits.get(champ.name))


def etapes_de(lue: EvaluationLue, mot: str, ici: str = "") -> list[tuple[dict[str, str], str, bool, bool]]:
    """(étape, adresse, est finie, est celle où l'on est)."""
    a_faire = {cle for _, cle in lue.reste}
    pk = lue.projet.pk
    etapes = [
        (
            {"titre": _titre(lue, cle)},
            reverse("evaluation_etape", args=[pk, mot, cle]),
            cle not in a_faire,
            cle == ici,
        )
        for cle in _cles(lue)
    ]
    rapport = reverse("evaluation_rapport", args=[pk, mot])
    return [*etapes, ({"titre": "Le rapport"}, rapport, False, ici == "rapport")]


def _montrer(
    request: RequeteConnectee,
    lue: EvaluationLue,
    mot: str,
    cle: str,
    form: EtapeDEvaluationForm | None = None,
    conflits: Mapping[str, Conflit] | None = None,
    *,
    statut: int = 200,
) -> HttpResponse:
    pk = lue.projet.pk
    cles = _cles(lue)
    place = cles.index(cle)
    contexte: dict[str, Any] = {
        "projet": lue.projet,
        "lue": lue,
        "mot": mot,
        "cle": cle,
        "titre_de_l_etape": _titre(lue, cle),
        "etapes": etapes_de(lue, mot, cle),
        "adresse": reverse("evaluation_etape", args=[pk, mot, cle]),
        "suivante": _suivante(lue, mot, cle),
        "precedente": reverse("evaluation_etape", args=[pk, mot, cles[place - 1]]) if place else "",
        "presents": autres_presents(lue.evaluation.sauvegardes, request.user) if lue.evaluation.pk else [],
    }
    if cle == "suite":
        contexte |= _lecons_et_suites(lue)
        return render(request, "projets/evaluation/suite.html", contexte)
    actuelles = _valeurs(lue, cle)
    a_jour = EtapeDEvaluationForm(_champs(lue, cle), actuelles)
    a_revoir = {*(conflits or {}), *(form.errors if form else {})}
    montres = {
        nom: _montre(
            (form if form and nom in a_revoir else a_jour)[nom],
            conflits or {},
            form.lues()[nom] if form and nom in a_revoir else empreinte(actuelles[nom]),
        )
        for nom in actuelles
    }
    contexte |= {
        "form": form or a_jour,
        "cle_de_garde": f"evaluation:{request.user.pk}:{pk}:{mot}:{cle}",
        "champs": list(montres.values()),
    }
    if axe := next((axe for axe in lue.axes if axe.cle == cle), None):
        contexte |= {"axe": axe, "objectifs": _a_remplir(axe, montres)}
        return render(request, "projets/evaluation/axe.html", contexte, status=statut)
    return render(request, "projets/evaluation/etape.html", contexte, status=statut)


def _a_remplir(axe: Any, montres: Mapping[str, ChampMontre]) -> list[dict[str, Any]]:
    """Chaque objectif avec ses deux champs, puis chacune de ses fiches avec les trois siens."""

    def fiche(une: Any) -> dict[str, Any]:
        prefixe = f"fiche_{une.fiche.pk}"
        return {
            "evaluee": une,
            "champs": [montres[f"{prefixe}_{nom}"] for nom in ("effet", "suite", "raison")],
        }

    groupes = [
        {
            "objectif": objectif,
            "enjeu": enjeu if rang == 0 else None,
            "champs": [montres[f"objectif_{objectif.lu.objectif.pk}_{nom}"] for nom in ("suite", "raison")],
            "fiches": [fiche(une) for une in objectif.fiches],
        }
        for enjeu in axe.enjeux
        for rang, objectif in enumerate(enjeu.objectifs)
    ]
    if axe.sans_objectif:
        sans = [fiche(une) for une in axe.sans_objectif]
        groupes.append({"objectif": None, "enjeu": None, "champs": [], "fiches": sans})
    return groupes


def _lecons_et_suites(lue: EvaluationLue) -> dict[str, Any]:
    retenues = set(lue.lecons)
    entendues = [
        (fiche, bilan)
        for fiche in lue.fiches
        for bilan in reversed(fiche.bilans)
        if bilan.lecon and bilan.lecon not in retenues
    ]
    evaluation = lue.evaluation
    return {
        "lecons": evaluation.lecons.select_related("fiche") if evaluation.pk else [],
        "entendues": entendues,
    }
