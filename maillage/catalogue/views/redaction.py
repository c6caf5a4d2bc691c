"""Les fiches d'un centre : en écriture, envoyées, publiées ; en commencer une, la relire, l'envoyer, y revenir."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.catalogue.brouillon import Avancement, apercu, avancement, valeurs
from maillage.catalogue.champs import CHAMPS
from maillage.catalogue.choices import EtatContribution, FamilleTerme, RolePartenaire
from maillage.catalogue.conseils import ATTENTES
from maillage.catalogue.guide import ETAPE, ETAPES, PIECES, RELIRE, Etape, precedente
from maillage.catalogue.models import Contribution, Experience
from maillage.catalogue.operations.contributions import (
    EnvoiIncomplet,
    abandonner_contribution,
    commencer_fiche,
    dire_differente,
    reprendre_contribution,
    reviser_experience,
    rouvrir_contribution,
    soumettre_contribution,
)
from maillage.catalogue.permissions import est_d_une_structure, peut_retirer
from maillage.catalogue.presentation import (
    accroche,
    identite,
    lignes_de_moyens,
    partenariats,
    recit,
    resultats,
    suites,
    termes,
)
from maillage.catalogue.prudence import Doute, douter
from maillage.catalogue.voisines import voisines
from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.core.debit import Debit, limiter
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import type_objet
from maillage.core.saisie import une_ligne
from maillage.moderation.models import Decision
from maillage.territoire.models import Partenaire, Structure

PAR_PAGE: Final = 20
RANGEES_MAX: Final = 20
"""Fiches refusées, acceptées ou abandonnées que la page rappelle."""
SUGGESTIONS: Final = Debit("partenaires", par_minute=120, rafale=60)
SUGGESTIONS_MAX: Final = 8
MOT_MAX: Final = 2_000
GESTES: Final = {
    "reprendre": (reprendre_contribution, "« {} » est de nouveau à vous. Elle n’attend plus la modération."),
    "abandonner": (abandonner_contribution, "« {} » est rangée. Vous pouvez la rouvrir : rien n’est effacé."),
    "rouvrir": (rouvrir_contribution, "« {} » est de nouveau en écriture."),
}


def la_sienne(request: RequeteConnectee, pk: int) -> Contribution:
    """Celle de ses structures. Lève `Http404`."""
    siennes = Contribution.objects.redigees_par(request.user)
    trouvee: Contribution = get_object_or_404(
        siennes.select_related("experience__structure__departement", "auteur"), pk=pk
    )
    return trouvee


def adresse_etape(contribution: Contribution, etape: Etape) -> str:
    if etape.cle == PIECES:
        return reverse("contribution_pieces", args=[contribution.pk])
    if etape.cle == RELIRE:
        return reverse("contribution_relire", args=[contribution.pk])
    return reverse("contribution_etape", args=[contribution.pk, etape.cle])


def decision_de(contribution: Contribution) -> Decision | None:
    """Le dernier avis de la modération."""
    return _decisions([contribution]).get(contribution.pk)


def _decisions(contributions: list[Contribution]) -> dict[int, Decision]:
    faites = Decision.objects.filter(
        annulee_le=None,
        demande__objet_type=type_objet(Contribution),
        demande__objet_id__in=[une.pk for une in contributions],
    ).select_related("par", "demande")
    return {decision.demande.objet_id: decision for decision in faites.order_by("pk")}


# --- Mes fiches -----------------------------------------------------------------------------------


@require_GET
def contributions(request: RequeteConnectee) -> HttpResponse:
    """Tout ce que mon centre écrit, a envoyé, ou a publié."""
    if not est_d_une_structure(request.user):
        raise Http404
    siennes = Contribution.objects.redigees_par(request.user).select_related(
        "experience__structure", "auteur"
    )
    ouvertes, soumises = list(siennes.ouvertes()), list(siennes.soumises().order_by("-soumise_le"))
    rangees = list(
        siennes.filter(
            etat__in=[EtatContribution.REFUSEE, EtatContribution.ACCEPTEE, EtatContribution.ABANDONNEE]
        )[:RANGEES_MAX]
    )
    decisions = _decisions([*ouvertes, *rangees])
    publiees = (
        Experience.objects.publiees()
        .filter(structure__in=structures_de(request.user))
        .select_related("structure")
        .order_by("-publie_le", "-pk")
    )
    page = Paginator(publiees, PAR_PAGE).get_page(request.GET.get("page"))
    en_revision = {une.experience_id: une for une in [*ouvertes, *soumises]}
    contexte = {
        "ouvertes": [(une, decisions.get(une.pk)) for une in ouvertes],
        "soumises": soumises,
        "rangees": [(une, decisions.get(une.pk)) for une in rangees],
        "page": page,
        "publiees": [(fiche, en_revision.get(fiche.pk), peut_retirer(request.user, fiche)) for fiche in page],
        "a_plusieurs_structures": len(structures_de(request.user)) > 1,
    }
    return render(request, "catalogue/redaction/mes_fiches.html", contexte)


@require_http_methods(["GET", "POST"])
def contribution_nouvelle(request: RequeteConnectee) -> HttpResponse:
    """Ce qu'il faut savoir avant de commencer, et pour quel centre. Une personne sans centre sait à qui demander."""
    structures = list(Structure.objects.ouvertes().filter(pk__in=structures_de(request.user)).order_by("nom"))
    erreur = ""
    if request.method == "POST":
        choisie = next((s for s in structures if str(s.pk) == request.POST.get("structure", "")), None)
        if choisie is not None:
            try:
                contribution = commencer_fiche(choisie, par=request.user)
                return redirect(adresse_etape(contribution, ETAPES[0]))
            except GesteRefuse as refus:
                erreur = str(refus)
        else:
            erreur = "Choisissez le centre pour lequel vous écrivez."
    contexte = {"structures": structures, "etapes": ETAPES, "attentes": ATTENTES, "erreur": erreur}
    return render(request, "catalogue/redaction/nouvelle.html", contexte, status=422 if erreur else 200)


@require_POST
def experience_reviser(request: RequeteConnectee, code: str) -> HttpResponse:
    """Ouvre une révision, ou rejoint celle qui l'est déjà."""
    siennes = Experience.objects.filter(structure__in=structures_de(request.user))
    experience = get_object_or_404(siennes.select_related("structure"), code=code.lower())
    try:
        contribution = reviser_experience(experience, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("contributions")
    return redirect("contribution", contribution.pk)


@require_GET
def contribution(request: RequeteConnectee, pk: int) -> HttpResponse:
    """En écriture : la première étape où il reste à faire. Sinon : où en est la fiche, et ce que l'on peut faire."""
    trouvee = la_sienne(request, pk)
    fiche = apercu(trouvee)
    if trouvee.est_ouverte:
        return redirect(adresse_etape(trouvee, avancement(fiche, valeurs(trouvee)).etape_suivante))
    contexte = {
        "contribution": trouvee,
        "titre": str(trouvee),
        "decision": decision_de(trouvee),
        **contexte_d_apercu(fiche),
    }
    return render(request, "catalogue/redaction/suivi.html", contexte)


# --- Relire et envoyer ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def contribution_relire(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La fiche telle qu'on la lira, ce qui manque encore, et l'envoi, qui demande de confirmer les mots à revoir."""
    trouvee = la_sienne(request, pk)
    if trouvee.etat == EtatContribution.SOUMISE or not trouvee.est_ouverte:
        return redirect("contribution", pk)
    ecrites = valeurs(trouvee)
    restants = _doutes(trouvee, ecrites)
    erreurs: list[tuple[str, str]] = []
    mot = request.POST.get("mot", "").replace("\0", "")[:MOT_MAX]
    if request.method == "POST":
        if restants and not request.POST.get("confirme"):
            erreurs = [
                ("confirme", "Il reste des mots à revoir : retirez-les, ou cochez que vous les gardez.")
            ]
        else:
            try:
                soumettre_contribution(trouvee, par=request.user, mot=mot)
            except EnvoiIncomplet as incomplet:
                erreurs = [(nom, f"Écrivez « {CHAMPS[nom].libelle} ».") for nom in incomplet.champs]
            except GesteRefuse as refus:
                messages.error(request, str(refus))
                return redirect("contribution", pk)
            else:
                messages.success(
                    request, "Votre fiche est envoyée. Un courriel vous le confirme, et vous dira la réponse."
                )
                return redirect("contribution", pk)
    fiche = apercu(trouvee)
    contexte = {
        "contribution": trouvee,
        "titre": str(trouvee),
        "ici": ETAPE[RELIRE],
        "avancement": (ou_en_est := avancement(fiche, ecrites)),
        "erreurs": [(nom, phrase, _ou_ecrire(trouvee, nom, ou_en_est)) for nom, phrase in erreurs],
        "doutes": restants,
        "voisines": voisines(trouvee, ecrites["titre"], ecrites["resume"]),
        "decision": decision_de(trouvee),
        "mot": mot or trouvee.mot,
        "mot_max": MOT_MAX,
        "adresse_precedente": adresse_etape(trouvee, precedente(ETAPE[RELIRE]) or ETAPES[0]),
        **contexte_d_apercu(fiche),
    }
    return render(request, "catalogue/redaction/relire.html", contexte, status=422 if erreurs else 200)


def _ou_ecrire(contribution: Contribution, nom: str, ou_en_est: Avancement) -> str:
    etape = next((tache.etape for tache in ou_en_est.taches if tache.champ == nom), None)
    return f"{adresse_etape(contribution, etape)}#{nom}" if etape else f"#{nom}"


def _doutes(contribution: Contribution, ecrites: dict[str, Any]) -> list[tuple[str, str, Doute]]:
    """(libellé du champ, où le changer, le doute), une fois par mots."""
    textes = {nom: valeur for nom, valeur in ecrites.items() if isinstance(valeur, str)}
    par_mots = {
        (doute.champ, doute.extrait): doute for doute in douter(textes, contribution.experience.structure.nom)
    }
    return [
        (CHAMPS[nom].libelle, f"{adresse_etape(contribution, _etape_de(nom))}#{nom}", doute)
        for (nom, _), doute in par_mots.items()
    ]


def _etape_de(nom: str) -> Etape:
    return next(etape for etape in ETAPES if nom in etape.champs)


def contexte_d_apercu(fiche: Experience) -> dict[str, Any]:
    """Ce que `_apercu.html` montre : les parties d'une fiche publiée."""
    return {
        "fiche": fiche,
        "accroche": accroche(fiche),
        "dimensions": termes(fiche, FamilleTerme.DIMENSION),
        "mots_cles": termes(fiche, FamilleTerme.MOT_CLE),
        "identite": identite(fiche),
        "moyens": lignes_de_moyens(fiche),
        "recit": recit(fiche),
        "resultats": resultats(fiche),
        "suites": suites(fiche),
        "acteurs": partenariats(fiche, RolePartenaire.ACTION),
        "financeurs": partenariats(fiche, RolePartenaire.FINANCEUR),
    }


# --- Gestes ---------------------------------------------------------------------------------------


@require_POST
def contribution_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Reprendre, abandonner, rouvrir."""
    trouvee = la_sienne(request, pk)
    if geste not in GESTES:
        raise Http404("Ce geste n'existe pas.")
    operation, phrase = GESTES[geste]
    try:
        trouvee = operation(trouvee, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("contribution", pk)
    messages.success(request, phrase.format(trouvee))
    return redirect("contributions") if geste == "abandonner" else redirect("contribution", pk)


@require_POST
def contribution_voisine(request: RequeteConnectee, pk: int, autre: int) -> HttpResponse:
    """« C'est la même action » : on rejoint l'autre et ce brouillon est rangé. « C'est autre chose » : c'est retenu."""
    trouvee = la_sienne(request, pk)
    if request.POST.get("reponse") != "meme":
        dire_differente(trouvee, autre, par=request.user)
        return redirect("contribution_etape", pk, ETAPES[0].cle)
    siennes = Experience.objects.filter(structure__in=structures_de(request.user))
    experience = get_object_or_404(siennes, pk=autre)
    try:
        rejointe = reviser_experience(experience, par=request.user)
        abandonner_contribution(trouvee, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("contribution", pk)
    messages.success(
        request,
        "Vous écrivez maintenant dans la fiche qui existait. Votre brouillon est rangé dans « Mes fiches ».",
    )
    return redirect("contribution", rejointe.pk)


@limiter(SUGGESTIONS)
@require_GET
def partenaires(request: RequeteConnectee) -> JsonResponse:
    """Les partenaires connus dont le nom contient ces lettres."""
    if not est_d_une_structure(request.user):
        raise Http404
    q = une_ligne(request.GET.get("q", ""), 100)
    trouves = Partenaire.objects.filter(nom__icontains=q) if len(q) > 1 else Partenaire.objects.none()
    noms = trouves.values_list("nom", flat=True)[:SUGGESTIONS_MAX]
    return JsonResponse([{"libelle": nom} for nom in noms], safe=False)
