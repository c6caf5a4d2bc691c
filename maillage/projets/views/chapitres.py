"""Les chapitres du dossier : écrire à plusieurs, voir ce que cela donnera, tenir le plan, réunir les sigles."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core import ecriture_montree
from maillage.core.comparaison import Comparaison, comparer_textes
from maillage.core.debit import Debit, trop_de_demandes
from maillage.core.ecriture import Conflit, GesteRefuse, autres_presents, empreinte
from maillage.core.ecriture_montree import appliquer_les_choix, repondre_au_script, veut_du_json
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import EtatChapitre
from maillage.projets.exportation.dossier import apercu_du_chapitre, places_qui_paraissent
from maillage.projets.forms.chapitres import (
    ChapitreForm,
    NouveauChapitreForm,
    RattacherForm,
    ReglagesForm,
)
from maillage.projets.jetons import BLOCS, a_ecrire, blocs_poses, citables
from maillage.projets.matiere import Matiere
from maillage.projets.models import Chapitre, ProjetSocial
from maillage.projets.operations.chapitres import (
    CHAMPS,
    ChapitreEcrit,
    ChapitreFerme,
    ChapitreInconnu,
    ajouter_chapitre,
    deplacer_chapitre,
    ecrire_chapitre,
    marquer_a_relire,
    marquer_relu,
    oter_chapitre,
    place_de,
    rattacher_chapitre,
    regler_chapitre,
    remettre_chapitre,
    revenir_a_ce_texte,
    valeurs,
)
from maillage.projets.plan import Place, lire_tout_le_plan, numeroter
from maillage.projets.views.acces import projet_tenu

ENREGISTREMENTS: Final = Debit("chapitres", par_minute=60, rafale=60)
APERCUS: Final = Debit("apercus_de_chapitre", par_minute=120, rafale=120)
PAR_PAGE: Final = 20
FICHES_D_UN_APERCU: Final = 5


class ChampMontre(ecriture_montree.ChampMontre):
    @property
    def peut_se_reunir(self) -> bool:
        return self.nom == "texte"

    @property
    def comparaison(self) -> Comparaison | None:
        if self.conflit is None:
            return None
        return comparer_textes(str(self.conflit.le_sien), str(self.conflit.le_mien))


# --- Écrire -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def chapitre(request: RequeteConnectee, pk: int, repere: str) -> HttpResponse:
    projet = projet_tenu(request, pk)
    matiere = Matiere(projet)
    place = _place(matiere, repere)
    if request.method == "GET":
        return _montrer(request, matiere, place)
    if attente := ENREGISTREMENTS.prendre(f"compte-{request.user.pk}"):
        return trop_de_demandes(request, attente)
    actuelles = valeurs(place.chapitre)
    form = ChapitreForm(actuelles, matiere, request.POST)
    ecrits, lus = form.valeurs(), form.lues()
    appliquer_les_choix(request.POST, ecrits, lus, actuelles, _reunir)
    try:
        ecrit = ecrire_chapitre(projet, repere, ecrits, lus, par=request.user)
    except (ChapitreFerme, ChapitreInconnu) as refus:
        if veut_du_json(request):
            return ecriture_montree.dire_ferme(str(refus), reverse("dossier", args=[pk]))
        messages.warning(request, str(refus))
        return redirect("dossier", pk)
    if veut_du_json(request):
        return _repondre(request, matiere, ecrit, form)
    if form.errors or ecrit.conflits:
        place.chapitre = ecrit.chapitre
        return _montrer(request, matiere, place, form, ecrit.conflits)
    messages.success(request, "Le chapitre est enregistré.")
    return redirect("chapitre", pk, repere)


@require_POST
def chapitre_apercu(request: RequeteConnectee, pk: int, repere: str) -> HttpResponse:
    """Le chapitre tel qu'il sera, avec les mots envoyés. Rien n'est enregistré."""
    projet = projet_tenu(request, pk)
    if attente := APERCUS.prendre(f"compte-{request.user.pk}"):
        return trop_de_demandes(request, attente)
    matiere = Matiere(projet)
    place = _place(matiere, repere)
    form = ChapitreForm(valeurs(place.chapitre), matiere, request.POST)
    form.full_clean()
    textes = valeurs(place.chapitre) | form.cleaned_data
    return HttpResponse(apercu_du_chapitre(matiere, place, titre=textes["titre"], texte=textes["texte"]))


@require_GET
def chapitre_histoire(request: RequeteConnectee, pk: int, repere: str) -> HttpResponse:
    """Les textes que ce chapitre a eus, le plus récent d'abord."""
    projet = projet_tenu(request, pk)
    matiere = Matiere(projet)
    place = _place(matiere, repere)
    if place.chapitre.pk is None:
        raise Http404("Ce chapitre n'a pas d'histoire.")
    sauvegardes = place.chapitre.sauvegardes.select_related("par")
    page = Paginator(sauvegardes.order_by("-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "projet": projet,
        "place": place,
        "page": page,
        "textes": [(une, CHAMPS[une.champ], a_ecrire(str(une.valeur), matiere)) for une in page],
    }
    return render(request, "projets/dossier/histoire.html", contexte)


@require_POST
def chapitre_revenir(request: RequeteConnectee, pk: int, repere: str, sauvegarde: int) -> HttpResponse:
    projet = projet_tenu(request, pk)
    place = _place(Matiere(projet), repere)
    if place.chapitre.pk is None:
        raise Http404("Ce chapitre n'a pas d'histoire.")
    choisie = get_object_or_404(place.chapitre.sauvegardes.select_related("chapitre__projet"), pk=sauvegarde)
    try:
        revenir_a_ce_texte(choisie, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Le texte d’avant est revenu. Celui qu’il remplace reste dans l’histoire.")
    return redirect("chapitre", pk, repere)


# --- Le plan ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def chapitre_nouveau(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_tenu(request, pk)
    matiere = Matiere(projet)
    places_qui_paraissent(matiere)
    plan = matiere.plan
    form = NouveauChapitreForm(plan, request.POST or None, initial={"apres": request.GET.get("apres", "")})
    if request.method == "POST" and form.is_valid():
        try:
            ajoute = ajouter_chapitre(projet, **form.cleaned_data, par=request.user)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le chapitre est au plan. Écrivez-le maintenant, ou plus tard.")
            return redirect("chapitre", pk, str(ajoute.pk))
    contexte = {"projet": projet, "form": form}
    return render(request, "projets/dossier/nouveau.html", contexte, status=422 if form.errors else 200)


GESTES: Final[dict[str, tuple[Callable[..., None], str]]] = {
    "monter": (partial(deplacer_chapitre, sens="monter"), ""),
    "descendre": (partial(deplacer_chapitre, sens="descendre"), ""),
    "oter": (oter_chapitre, "Le chapitre est ôté du plan. Son texte est gardé."),
    "remettre": (remettre_chapitre, "Le chapitre est de nouveau au plan."),
    "relu": (marquer_relu, "Le chapitre est relu."),
    "a-relire": (marquer_a_relire, "Le chapitre est de nouveau à relire."),
}
CONTRAIRES: Final = {"oter": "remettre", "remettre": "oter", "relu": "a-relire"}


@require_POST
def chapitre_geste(request: RequeteConnectee, pk: int, repere: str, geste: str) -> HttpResponse:
    projet = projet_tenu(request, pk)
    if geste not in GESTES:
        raise Http404("Ce geste n'existe pas.")
    operation, dit = GESTES[geste]
    try:
        operation(projet, repere, par=request.user)
    except ChapitreInconnu as inconnu:
        raise Http404 from inconnu
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    else:
        if dit:
            contraire = CONTRAIRES.get(geste)
            defaire = reverse("chapitre_geste", args=[pk, repere, contraire]) if contraire else ""
            messages.success(request, dit, extra_tags=defaire)
    if request.POST.get("retour") == "chapitre":
        return redirect("chapitre", pk, repere)
    return redirect(f"{reverse('dossier', args=[pk])}#chapitre-{repere}")


@require_POST
def chapitre_reglages(request: RequeteConnectee, pk: int, repere: str) -> HttpResponse:
    """Sa place dans le plan, et qui l'écrit."""
    projet = projet_tenu(request, pk)
    place = _place(Matiere(projet), repere)
    form = ReglagesForm(place, request.POST)
    if not form.is_valid():
        messages.error(request, "Ces réglages ne se lisent pas. Choisissez dans les listes.")
        return redirect("chapitre", pk, repere)
    try:
        regler_chapitre(projet, repere, **form.valeurs, version_lue=form.version_lue, par=request.user)
        messages.success(request, "C’est enregistré.")
    except ConflitDeVersion:
        messages.warning(request, "Quelqu’un a changé ce chapitre entre-temps. Vérifiez, puis recommencez.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("chapitre", pk, repere)


@require_POST
def chapitre_rattacher(request: RequeteConnectee, pk: int, repere: str) -> HttpResponse:
    """Un chapitre du centre prend la place que le référentiel attend."""
    projet = projet_tenu(request, pk)
    _place(Matiere(projet), repere)
    form = RattacherForm(_attendus(projet), request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez le chapitre attendu dans la liste.")
        return redirect("chapitre", pk, repere)
    try:
        porteur = rattacher_chapitre(projet, repere, form.cleaned_data["cle"], par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("chapitre", pk, repere)
    messages.success(request, "Le chapitre est rattaché. Aucun mot n’est perdu.")
    return redirect("chapitre", pk, porteur.cle)


# --- Ce que la page montre --------------------------------------------------------------------------


def _place(matiere: Matiere, repere: str) -> Place:
    places_qui_paraissent(matiere)
    try:
        return place_de(matiere.plan, repere)
    except ChapitreInconnu as inconnu:
        raise Http404(str(inconnu)) from inconnu


def _attendus(projet: ProjetSocial) -> list[Place]:
    return [place for place in numeroter(lire_tout_le_plan(projet)) if place.attendu]


def _reunir(nom: str, le_sien: str, le_mien: str) -> str:
    return "\n\n".join(filter(None, [le_sien, le_mien]))


def _presents(request: RequeteConnectee, lu: Chapitre) -> list[str]:
    return autres_presents(lu.sauvegardes, request.user) if lu.pk else []


def _repondre(
    request: RequeteConnectee, matiere: Matiere, ecrit: ChapitreEcrit, form: ChapitreForm
) -> HttpResponse:
    actuelles = valeurs(ecrit.chapitre)
    return repondre_au_script(
        form,
        ChapitreForm(actuelles, matiere),
        lambda champ: _montre(champ, ecrit.conflits),
        actuelles=actuelles,
        conflits=ecrit.conflits,
        le=ecrit.le,
        titre=ecrit.chapitre.titre,
        presents=_presents(request, ecrit.chapitre),
        reste=render_to_string("projets/dossier/_etat.html", _etat(matiere.projet, ecrit.chapitre)),
    )


def _premier_apercu(matiere: Matiere, place: Place) -> str:
    """Vide quand il serait trop lourd : la page le demande alors une fois ouverte."""
    poses = blocs_poses([place.chapitre.texte]) | set(place.blocs)
    if "fiches" in poses and matiere.comptes["fiches"] > FICHES_D_UN_APERCU:
        return ""
    return apercu_du_chapitre(matiere, place, titre=place.chapitre.titre, texte=place.chapitre.texte)


def _etat(projet: ProjetSocial, lu: Chapitre) -> dict[str, Any]:
    return {"projet": projet, "etat": lu.get_etat_display(), "mots": len(lu.texte.split())}


def _montre(
    champ: BoundField, conflits: Mapping[str, Conflit], lue: str = "", versions: int = 0
) -> ChampMontre:
    return ChampMontre(champ, lue, conflits.get(champ.name), [], versions)


def _montrer(
    request: RequeteConnectee,
    matiere: Matiere,
    place: Place,
    form: ChapitreForm | None = None,
    conflits: Mapping[str, Conflit] | None = None,
) -> HttpResponse:
    projet, lu = matiere.projet, place.chapitre
    actuelles = valeurs(lu)
    a_revoir = {*(conflits or {}), *(form.errors if form else {})}
    a_jour = ChapitreForm(actuelles, matiere)
    versions = lu.sauvegardes.filter(champ="texte").count() if lu.pk else 0
    plan = matiere.plan
    rang = plan.index(place)
    remplis = [nom for nom in BLOCS if nom in matiere.remplis]
    contexte: dict[str, Any] = {
        "place": place,
        "precedent": plan[rang - 1] if rang else None,
        "suivant": plan[rang + 1] if rang + 1 < len(plan) else None,
        "form": form or a_jour,
        "champs": [
            _montre(
                (form if form and nom in a_revoir else a_jour)[nom],
                conflits or {},
                form.lues()[nom] if form and nom in a_revoir else empreinte(actuelles[nom]),
                versions if nom == "texte" else 0,
            )
            for nom in actuelles
        ],
        "presents": _presents(request, lu),
        "adresse": reverse("chapitre", args=[projet.pk, place.repere]),
        "adresse_histoire": reverse("chapitre_histoire", args=[projet.pk, place.repere]),
        "cle_de_garde": f"chapitre:{request.user.pk}:{projet.pk}:{place.repere}",
        "citables": citables(matiere, remplis),
        "blocs": [(BLOCS[nom], nom in remplis) for nom in place.blocs],
        "reglages": ReglagesForm(place, auto_id="reglages_%s"),
        "rattacher": None if lu.cle else RattacherForm(_attendus(projet), auto_id="rattacher_%s"),
        "est_relu": lu.etat == EtatChapitre.RELU,
        **_etat(projet, lu),
        "apercu": _premier_apercu(matiere, place),
    }
    statut = 200 if not a_revoir else 409 if conflits else 422
    return render(request, "projets/dossier/chapitre.html", contexte, status=statut)
