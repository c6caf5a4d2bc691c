"""Lire une fiche action : la page, le PDF, le Word ; la commencer ; la faire avancer."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.debit import Debit, limiter
from maillage.core.documents.html import rendre_html
from maillage.core.documents.telechargement import RENDUS, telecharger
from maillage.core.ecriture import GesteRefuse
from maillage.projets.champs import CHAMPS
from maillage.projets.choices import EtatFiche
from maillage.projets.documents import document_de_la_fiche
from maillage.projets.forms.fiche import NouvelleFicheForm
from maillage.projets.forms.fiche_equipe import RemarqueForm
from maillage.projets.lecture import Arbre, FicheLue, lire_arbre
from maillage.projets.models import FicheAction, ProjetSocial, Remarque
from maillage.projets.operations.fiches import SUITES, changer_l_etat, commencer_fiche_action
from maillage.projets.operations.gestes import ArbreRefuse
from maillage.projets.operations.inspirations import contribution_de
from maillage.projets.permissions import peut_ecrire_la_fiche, peut_ecrire_le_projet
from maillage.projets.views.acces import fiche_lue, fiche_tenue

DOCUMENTS: Final = Debit("documents-de-fiches", par_minute=30, rafale=20)
GESTES: Final = {
    EtatFiche.A_ECRIRE: ("La reprendre en écriture", "pencil"),
    EtatFiche.PRETE: ("Elle est prête", "check"),
    EtatFiche.EN_COURS: ("L’action commence", "circle-play"),
    EtatFiche.TERMINEE: ("L’action est terminée", "flag"),
    EtatFiche.ARRETEE: ("L’action s’arrête", "circle-stop"),
}
REPRISE: Final = ("L’action reprend", "circle-play")
RETOUR: Final = ("Elle n’a pas encore commencé", "undo-2")
SIGNES: Final = {
    EtatFiche.A_ECRIRE: ("alerte", "pencil"),
    EtatFiche.PRETE: ("info", "check"),
    EtatFiche.EN_COURS: ("ok", "circle-play"),
    EtatFiche.TERMINEE: ("ok", "flag"),
    EtatFiche.ARRETEE: ("stop", "circle-stop"),
}


def fiche_de_l_equipe(request: RequeteConnectee, pk: int) -> FicheAction:
    """Une fiche de son équipe, que le projet s'écrive encore ou non. Lève `Http404`."""
    siennes = FicheAction.objects.de_l_equipe(request.user)
    trouvee: FicheAction = get_object_or_404(siennes.select_related("projet__structure", "pilote"), pk=pk)
    return trouvee


def a_sa_place(fiche: FicheAction) -> tuple[Arbre, FicheLue]:
    """L'arbre, et la fiche avec son numéro."""
    arbre = lire_arbre(fiche.projet)
    lue = arbre.par_numero_de_ligne[fiche.pk]
    lue.fiche = fiche
    return arbre, lue


def contexte_de_la_fiche(fiche: FicheAction) -> dict[str, Any]:
    """Ce que `projets/fiche/_page.html` montre autour de chaque page d'une fiche."""
    arbre, lue = a_sa_place(fiche)
    ton, icone = SIGNES[EtatFiche(fiche.etat)]
    return {
        "projet": fiche.projet,
        "fiche": fiche,
        "arbre": arbre,
        "lue": lue,
        "ton_de_l_etat": ton,
        "icone_de_l_etat": icone,
    }


@require_GET
def fiche_action(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La fiche telle qu'elle sera dans le dossier, ses étapes, ses remarques et ce qu'on peut faire."""
    fiche = fiche_lue(request, pk)
    contexte = contexte_de_la_fiche(fiche)
    contexte |= {
        "document": page_de_lecture(request, contexte["lue"], contexte["arbre"], avec_etapes=False),
        "peut_ecrire": peut_ecrire_la_fiche(request.user, fiche),
        "gestes": _gestes(fiche),
        "extensions": list(RENDUS),
        "etapes": fiche.etapes.select_related("responsable"),
        "remarques": remarques_ouvertes(fiche),
        "form_remarque": RemarqueForm(),
        "contribution": contribution_de(fiche),
        "relectures": fiche.relectures.select_related("demandee_a", "demandee_par"),
    }
    return render(request, "projets/fiche/fiche.html", contexte)


def remarques_ouvertes(fiche: FicheAction, champs: Iterable[str] | None = None) -> list[tuple[Remarque, str]]:
    """Chacune, et le champ dont elle parle. `champs` : seulement celles de ces champs, et de la fiche entière."""
    ouvertes = fiche.remarques.filter(resolue_le=None).select_related("auteur")
    if champs is not None:
        ouvertes = ouvertes.filter(champ__in=["", *champs])
    return [(une, CHAMPS[une.champ].libelle if une.champ in CHAMPS else "") for une in ouvertes]


def page_de_lecture(
    request: HttpRequest, lue: FicheLue, arbre: Arbre, *, avec_etapes: bool = True
) -> SafeString:
    """La fiche telle que le document la dit, sans son titre, que la page dit déjà."""
    site = request.build_absolute_uri("/").rstrip("/")
    return rendre_html(document_de_la_fiche(lue, arbre, site, avec_etapes=avec_etapes), a_titre=False)


def _gestes(fiche: FicheAction) -> list[tuple[str, str, str]]:
    """(état où l'on va, libellé, icône)."""
    dits = dict(GESTES)
    if fiche.etat in {EtatFiche.TERMINEE, EtatFiche.ARRETEE}:
        dits[EtatFiche.EN_COURS] = REPRISE
    elif fiche.etat == EtatFiche.EN_COURS:
        dits[EtatFiche.PRETE] = RETOUR
    return [(vers.value, *dits[vers]) for vers in SUITES[fiche.etat]]


@limiter(DOCUMENTS)
@require_GET
def fiche_action_document(request: RequeteConnectee, pk: int, extension: str) -> HttpResponse:
    """La fiche en PDF ou en Word."""
    if extension not in RENDUS:
        raise Http404("Ce format n'existe pas.")
    fiche = fiche_lue(request, pk)
    arbre, lue = a_sa_place(fiche)
    return telecharger(document_de_la_fiche(lue, arbre, settings.MAILLAGE_URL), extension)


@require_http_methods(["GET", "POST"])
def fiche_action_nouvelle(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Un titre, une place dans l'arbre : le reste s'écrit ensuite."""
    siens = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure")
    projet = get_object_or_404(siens, pk=pk)
    if not peut_ecrire_le_projet(request.user, projet):
        raise Http404("Ce projet ne s'écrit plus.")
    arbre = lire_arbre(projet)
    form = NouvelleFicheForm(arbre, request.POST or None, initial={"objectif": request.GET.get("objectif")})
    if request.method == "POST" and form.is_valid():
        try:
            fiche = commencer_fiche_action(
                projet, form.cleaned_data["titre"], sous=form.objectif_choisi(), par=request.user
            )
        except (GesteRefuse, ArbreRefuse) as refus:
            form.add_error(None, str(refus))
        else:
            return redirect("fiche_action_ecrire", fiche.pk)
    statut = 422 if form.is_bound else 200
    return render(request, "projets/fiche/nouvelle.html", {"projet": projet, "form": form}, status=statut)


@require_POST
def fiche_action_etat(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La fait passer à l'état suivant. « Annuler » est une adresse : elle dit l'état d'avant."""
    fiche = fiche_tenue(request, pk)
    voulu = request.POST.get("etat") or request.GET.get("etat", "")
    if voulu not in EtatFiche.values:
        messages.error(request, "Choisissez l’état de la fiche.")
        return redirect("fiche_action", pk)
    defaire = f"{reverse('fiche_action_etat', args=[pk])}?etat={fiche.etat}"
    try:
        fiche = changer_l_etat(fiche, EtatFiche(voulu), par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(
            request, f"La fiche est maintenant « {fiche.get_etat_display()} ».", extra_tags=defaire
        )
    return redirect("fiche_action", pk)
