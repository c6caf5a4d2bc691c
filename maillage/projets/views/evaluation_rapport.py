"""Le rapport d'évaluation : le lire, l'imprimer, le transmettre à la Caf."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.core.debit import Debit, limiter
from maillage.core.documents.html import rendre_html
from maillage.core.documents.telechargement import RENDUS, telecharger
from maillage.projets.choices import GenreEnvoi, MomentEvaluation
from maillage.projets.exportation.evaluation import document_de_l_evaluation, rapport_d_evaluation
from maillage.projets.lecture_evaluation import lire_evaluation
from maillage.projets.models import Envoi, ProjetSocial
from maillage.projets.permissions import (
    peut_conduire_le_projet,
    peut_evaluer_le_projet,
    peut_transmettre_l_evaluation,
)
from maillage.projets.views.envois import rattraper_le_projet, transmettre
from maillage.projets.views.evaluation import etapes_de, projet_evalue

DOCUMENTS = Debit("rapports-d-evaluation", par_minute=12, rafale=8)


@require_GET
def evaluation_rapport(request: RequeteConnectee, pk: int, mot: str) -> HttpResponse:
    """Le rapport tel qu'il sera lu au dehors."""
    projet, moment = projet_evalue(request, pk, mot)
    lue = lire_evaluation(projet, moment, est_dehors=True)
    contexte = {
        "projet": projet,
        "mot": mot,
        "lue": lue,
        "moment": moment.label,
        "etapes": etapes_de(lue, mot, "rapport") if peut_evaluer_le_projet(request.user, projet) else [],
        "document": rendre_html(document_de_l_evaluation(lue), niveau=1, a_titre=False),
        "peut_transmettre": peut_transmettre_l_evaluation(request.user, projet),
        "versions": transmises(projet, moment),
        "conduit": peut_conduire_le_projet(request.user, projet),
    }
    return render(request, "projets/evaluation/rapport.html", contexte)


@limiter(DOCUMENTS)
@require_GET
def evaluation_fichier(request: RequeteConnectee, pk: int, mot: str, extension: str) -> HttpResponse:
    projet, moment = projet_evalue(request, pk, mot)
    if extension not in RENDUS:
        raise Http404("Ce format n'existe pas.")
    return telecharger(rapport_d_evaluation(projet, moment), extension)


@limiter(DOCUMENTS)
@require_http_methods(["GET", "POST"])
def evaluation_transmettre(request: RequeteConnectee, pk: int, mot: str) -> HttpResponse:
    """Le rapport se transmet comme un bilan : figé, numéroté, lu de la Caf parmi les envois du projet."""
    projet, moment = projet_evalue(request, pk, mot)
    if not peut_transmettre_l_evaluation(request.user, projet):
        raise Http404("Cette évaluation ne se transmet pas.")
    if request.method == "POST":
        rattraper_le_projet(projet)
    lue = lire_evaluation(projet, moment, est_dehors=True)
    a_voir = lue.reste if peut_evaluer_le_projet(request.user, projet) else []
    return transmettre(
        request,
        projet,
        document_de_l_evaluation(lue),
        genre=GenreEnvoi(moment.value),
        a_voir=[(phrase, reverse("evaluation_etape", args=[pk, mot, cle])) for phrase, cle in a_voir],
    )


def transmises(projet: ProjetSocial, moment: MomentEvaluation) -> list[Envoi]:
    """Ses versions parties, la plus récente d'abord, sans leur contenu."""
    return list(projet.envois.filter(genre=moment).select_related("envoye_par").defer("contenu"))
