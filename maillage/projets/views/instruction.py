"""La Caf : sa liste de dossiers par échéance, un dossier reçu, ce qu'elle en dit, et sa lettre."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maillage.comptes.permissions import caf_qui_conseille
from maillage.comptes.requete import RequeteConnectee
from maillage.core import conflits
from maillage.core.debit import Debit, limiter
from maillage.core.documents.garde import de_donnees
from maillage.core.documents.html import rendre_html
from maillage.core.documents.telechargement import RENDUS, telecharger
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import EtatProjet
from maillage.projets.dossiers_recus import SITUATIONS, DossierRecu, criteres_de, dossier_recu, dossiers_recus
from maillage.projets.exportation.lettre import document_de_la_lettre
from maillage.projets.forms.instruction import (
    AnnoterForm,
    AvisForm,
    ComplementsForm,
    DecisionDeLaCafForm,
    ReponseForm,
)
from maillage.projets.models import Annotation, Avis, DemandeDeComplements, Envoi, Lettre, ProjetSocial
from maillage.projets.operations.instruction import (
    Reponse,
    accuser_reception,
    annoter,
    decider,
    demander_des_complements,
    demandes_en_attente,
    lettre_a_annuler,
    rendre_avis,
    reprendre_les_complements,
    retirer_annotation,
    revenir_sur_la_decision,
)
from maillage.projets.permissions import est_de_l_equipe, peut_instruire, peut_lire_des_dossiers
from maillage.projets.views.envois import contexte_de_lecture
from maillage.territoire.choices import TypeAgrement

PAR_PAGE: Final = 30
LETTRES: Final = Debit("lettres", par_minute=20, rafale=20)


@require_GET
def liste(request: RequeteConnectee) -> HttpResponse:
    """Les dossiers de son territoire, l'échéance la plus proche d'abord."""
    if not peut_lire_des_dossiers(request.user):
        raise Http404
    tous = dossiers_recus(ProjetSocial.objects.transmis_a(request.user))
    choix = {cle: request.GET.get(cle, "") for cle in ("situation", "departement", "type")}
    departements = {un.projet.structure.departement for un in tous if un.projet.structure.departement}
    retenus = [un for un in tous if _est_retenu(un, choix)]
    contexte = {
        "page": Paginator(retenus, PAR_PAGE).get_page(request.GET.get("page")),
        "total": len(tous),
        "choix": choix,
        "situations": [
            (cle, libelle, sum(un.situation == cle for un in tous)) for cle, libelle in SITUATIONS.items()
        ],
        "departements": sorted(departements, key=lambda un: un.pk),
        "types": TypeAgrement.choices,
        "parametres": "&".join(f"{cle}={valeur}" for cle, valeur in choix.items() if valeur.isalnum()),
    }
    return render(request, "projets/instruction/liste.html", contexte)


def _est_retenu(un: DossierRecu, choix: dict[str, str]) -> bool:
    departement = un.projet.structure.departement
    return (
        choix["situation"] in {"", un.situation}
        and choix["departement"] in {"", departement.pk if departement else ""}
        and (not choix["type"] or choix["type"] in {demande.type for demande in un.demandes})
    )


@require_GET
def dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Un projet par ce qu'il a transmis : versions, compléments, avis, décision, bilans."""
    recu = dossier_recu(ProjetSocial.objects.transmis_a(request.user), pk)
    if recu is None or not peut_instruire(request.user, recu.projet):
        raise Http404
    avis = Avis.objects.filter(envoi__projet=recu.projet, envoi__retire_le=None).select_related(
        "rendu_par", "envoi"
    )
    contexte = {
        "recu": recu,
        "projet": recu.projet,
        "avis": avis.defer("envoi__contenu").order_by("-envoi__numero"),
        "annotations": Annotation.objects.filter(envoi__projet=recu.projet, envoi__retire_le=None)
        .select_related("envoi", "ecrite_par")
        .defer("envoi__contenu"),
        "lettres": Lettre.objects.filter(projet=recu.projet).select_related("ecrite_par").defer("contenu"),
        "lettre_a_annuler": lettre_a_annuler(recu.projet),
        "peut_repondre": recu.projet.etat == EtatProjet.SOUMIS and recu.dernier is not None,
    }
    return render(request, "projets/instruction/dossier.html", contexte)


@require_POST
def envoi_recevoir(request: RequeteConnectee, pk: int) -> HttpResponse:
    envoi = _instruit(request, pk)
    try:
        accuser_reception(envoi, par=request.user)
        messages.success(request, "Le centre voit que vous l’avez reçu.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("envoi", envoi.pk)


@require_POST
def envoi_annoter(request: RequeteConnectee, pk: int) -> HttpResponse:
    envoi = _instruit(request, pk)
    contexte = contexte_de_lecture(request, envoi)
    form = AnnoterForm(request.POST, sections=contexte["sections"])
    if not form.is_valid():
        return render(request, "projets/envois/envoi.html", contexte | {"form": form}, status=422)
    titres = dict(contexte["sections"])
    try:
        annoter(
            envoi,
            form.cleaned_data["texte"],
            portee=form.cleaned_data["portee"],
            ancre=form.cleaned_data["ancre"],
            section=titres.get(form.cleaned_data["ancre"], ""),
            par=request.user,
        )
        messages.success(request, "Votre annotation est gardée.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("envoi", envoi.pk)


@require_POST
def annotation_retirer(request: RequeteConnectee, pk: int) -> HttpResponse:
    lues = Annotation.objects.pour_la_caf(request.user).select_related("envoi__projet__structure")
    annotation = get_object_or_404(lues.defer("envoi__contenu"), pk=pk)
    try:
        retirer_annotation(annotation, par=request.user)
        messages.success(request, "L’annotation est retirée.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("envoi", annotation.envoi_id)


@require_http_methods(["GET", "POST"])
def dossier_complements(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Demander de compléter : le projet se rouvre au centre, qui répond à chaque point."""
    envoi = _instruit(request, pk)
    form = ComplementsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            demander_des_complements(
                envoi,
                form.lignes,
                mot=form.cleaned_data["mot"],
                delai=form.cleaned_data["delai"],
                par=request.user,
            )
        except ValidationError as refus:
            form.add_error(None, refus)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("dossier_recu", envoi.projet_id)
        else:
            messages.success(request, "La demande est partie. Le centre la lit, point par point.")
            return redirect("dossier_recu", envoi.projet_id)
    contexte = {
        "envoi": envoi,
        "projet": envoi.projet,
        "form": form,
        "titre": "Demander des compléments",
        "acte": "Demander ces compléments",
        "chapo": "Le projet se rouvre à l’écriture. Le centre répond à chaque point, puis renvoie une version.",
    }
    return render(
        request, "projets/instruction/formulaire.html", contexte, status=422 if form.errors else 200
    )


@require_POST
def complements_reprendre(request: RequeteConnectee, pk: int) -> HttpResponse:
    lues = DemandeDeComplements.objects.pour_la_caf(request.user).select_related("envoi__projet__structure")
    demande = get_object_or_404(lues.defer("envoi__contenu"), pk=pk)
    try:
        reprendre_les_complements(demande, par=request.user)
        messages.success(request, "La demande est reprise. Le dossier vous attend de nouveau.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("dossier_recu", demande.envoi.projet_id)


@require_http_methods(["GET", "POST"])
def dossier_avis(request: RequeteConnectee, pk: int) -> HttpResponse:
    """L'avis sur une version, critère par critère."""
    envoi = _instruit(request, pk)
    avis = Avis.objects.filter(envoi=envoi).first()
    criteres = criteres_de(envoi.projet)
    initial = _valeurs_de_l_avis(avis, [critere.cle for critere in criteres])
    form = AvisForm(request.POST if request.method == "POST" else None, criteres=criteres, initial=initial)
    ecarts: list[conflits.Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            rendre_avis(
                envoi,
                sens=form.cleaned_data["sens"],
                motif=form.cleaned_data["motif"],
                criteres=form.criteres,
                est_montre=form.cleaned_data["est_montre"],
                version_lue=form.version_lue,
                par=request.user,
            )
        except ConflitDeVersion:
            actuel = Avis.objects.get(envoi=envoi)
            actuelles = _valeurs_de_l_avis(actuel, [critere.cle for critere in criteres])
            actuelles.pop("version")
            ecarts = conflits.relire(form, actuelles, actuel.version)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("dossier_recu", envoi.projet_id)
        else:
            messages.success(request, "Votre avis est gardé.")
            return redirect("dossier_recu", envoi.projet_id)
    contexte = {"envoi": envoi, "projet": envoi.projet, "form": form, "ecarts": ecarts}
    statut = 409 if ecarts else 422 if form.errors else 200
    return render(request, "projets/instruction/avis.html", contexte, status=statut)


def _valeurs_de_l_avis(avis: Avis | None, cles: list[str]) -> dict[str, Any]:
    if avis is None:
        return {"version": 0}
    par_cle = {critere["cle"]: critere for critere in avis.criteres}
    valeurs: dict[str, Any] = {
        "version": avis.version,
        "sens": avis.sens,
        "motif": avis.motif,
        "est_montre": avis.est_montre,
    }
    for rang, cle in enumerate(cles):
        valeurs[f"critere_{rang}"] = par_cle.get(cle, {}).get("appreciation", "")
        valeurs[f"mot_{rang}"] = par_cle.get(cle, {}).get("mot", "")
    return valeurs


@limiter(LETTRES)
@require_http_methods(["GET", "POST"])
def dossier_decision(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Répondre à chaque demande, et écrire la lettre qui le dit."""
    envoi = _instruit(request, pk)
    projet = envoi.projet
    institution = caf_qui_conseille(request.user, projet.structure)
    attendues = demandes_en_attente(projet)
    if institution is None or projet.etat != EtatProjet.SOUMIS or not attendues:
        messages.error(request, "Ce dossier n’attend pas de décision.")
        return redirect("dossier_recu", projet.pk)
    data = request.POST if request.method == "POST" else None
    form = DecisionDeLaCafForm(data)
    reponses = [ReponseForm(data, demande=demande) for demande in attendues]
    if request.method == "POST" and all([form.is_valid(), *(une.is_valid() for une in reponses)]):
        try:
            lettre = decider(
                envoi,
                [_reponse(une) for une in reponses if une.cleaned_data["reponse"]],
                institution=institution,
                redaction=document_de_la_lettre,
                par=request.user,
                **form.cleaned_data,
            )
        except ValidationError as refus:
            _dire_le_refus(form, refus)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("dossier_recu", projet.pk)
        else:
            messages.success(request, f"La décision est notée. Lettre n° {lettre.reference}.")
            return redirect("lettre", lettre.pk)
    contexte = {"envoi": envoi, "projet": projet, "form": form, "reponses": reponses}
    a_corriger = form.errors or any(une.errors for une in reponses)
    return render(request, "projets/instruction/decision.html", contexte, status=422 if a_corriger else 200)


def _reponse(form: ReponseForm) -> Reponse:
    lus = form.cleaned_data
    est_accordee = lus["reponse"] == "accordee"
    return Reponse(
        form.demande,
        est_accordee,
        du=lus["du"] if est_accordee else None,
        au=lus["au"] if est_accordee else None,
        motif=lus["motif"],
    )


def _dire_le_refus(form: DecisionDeLaCafForm, refus: ValidationError) -> None:
    """Un refus qui parle d'une date de la réponse se dit en tête : ce formulaire n'a pas ce champ."""
    for champ, phrases in getattr(refus, "message_dict", {"": refus.messages}).items():
        for phrase in phrases:
            form.add_error(champ if champ in form.fields else None, phrase)


@require_POST
def decision_revenir(request: RequeteConnectee, pk: int) -> HttpResponse:
    lettre = get_object_or_404(
        Lettre.objects.pour_la_caf(request.user).select_related("projet__structure"), pk=pk
    )
    try:
        revenir_sur_la_decision(lettre, par=request.user)
        messages.success(request, "La décision et sa lettre sont annulées.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("dossier_recu", lettre.projet_id)


# --- La lettre : la Caf et le centre -----------------------------------------------------------------


@require_GET
def lettre(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = _lettre(request, pk)
    contexte = {
        "lettre": lue,
        "projet": lue.projet,
        "document": rendre_html(de_donnees(lue.contenu), niveau=2),
        "est_a_nous": est_de_l_equipe(request.user, lue.projet),
    }
    return render(request, "projets/instruction/lettre.html", contexte)


@limiter(LETTRES)
@require_safe
def lettre_fichier(request: RequeteConnectee, pk: int, extension: str) -> HttpResponse:
    lue = _lettre(request, pk)
    if extension not in RENDUS:
        raise Http404("Ce format n'existe pas.")
    return telecharger(de_donnees(lue.contenu), extension)


# --- Trouver ------------------------------------------------------------------------------------------


def _instruit(request: RequeteConnectee, pk: int) -> Envoi:
    lus = Envoi.objects.pour_la_caf(request.user).select_related(
        "projet__structure", "envoye_par", "recu_par"
    )
    envoi: Envoi = get_object_or_404(lus, pk=pk)
    if not peut_instruire(request.user, envoi.projet):
        raise Http404
    return envoi


def _lettre(request: RequeteConnectee, pk: int) -> Lettre:
    lues = Lettre.objects.visibles_par(request.user).select_related("projet__structure", "ecrite_par")
    lue: Lettre = get_object_or_404(lues, pk=pk)
    return lue
