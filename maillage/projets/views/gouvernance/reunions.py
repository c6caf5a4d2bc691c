"""Une réunion : la prévoir, noter qui est venu, ce qu'on a décidé, écrire et imprimer le compte rendu."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, relire
from maillage.core.debit import limiter
from maillage.core.documents.description import texte_libre
from maillage.core.documents.html import rendre_html
from maillage.core.documents.telechargement import RENDUS, telecharger
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import EtatReunion, VenueEnReunion
from maillage.projets.exportation.gouvernance import compte_rendu_de, invitation_a
from maillage.projets.forms.gouvernance import CompteRenduForm, DecisionForm, PresencesForm, ReunionForm
from maillage.projets.instances import ReunionLue, absences_de_suite, lire_gouvernance
from maillage.projets.models import Mandat, Reunion
from maillage.projets.operations.gouvernance import (
    ajouter_decision,
    changer_l_etat_de_la_reunion,
    cocher_decision,
    ecrire_le_compte_rendu,
    modifier_decision,
    modifier_reunion,
    noter_les_presences,
    poser_reunion,
    retirer_decision,
    retirer_reunion,
)
from maillage.projets.permissions import peut_tenir_la_gouvernance
from maillage.projets.views.acces import projet_lu
from maillage.projets.views.gouvernance.acces import (
    decision_de,
    instance_de,
    montrer_le_formulaire,
    projet_vivant,
    reunion_de,
)
from maillage.projets.views.gouvernance.instances import FICHIERS

ETATS = {"annuler": EtatReunion.ANNULEE, "remettre": EtatReunion.PREVUE}


@require_http_methods(["GET", "POST"])
def reunion_nouvelle(request: RequeteConnectee, pk: int, instance: int) -> HttpResponse:
    projet = projet_vivant(request, pk)
    lue = instance_de(projet, instance)
    form = ReunionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            posee = poser_reunion(lue, **form.valeurs, par=request.user)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La réunion est posée.")
            return redirect("reunion", projet.pk, posee.pk)
    retour = reverse("instance", args=[projet.pk, lue.pk])
    return montrer_le_formulaire(
        request,
        projet,
        form,
        f"Poser une réunion : {lue.nom}",
        retour,
        instance=lue,
        chapo="Une réunion à venir, ou une réunion passée que vous notez maintenant.",
        bouton="Poser cette réunion",
    )


@require_GET
def reunion(request: RequeteConnectee, pk: int, reunion: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    lue = _lue(projet_reunion := reunion_de(projet, reunion))
    mandats = _attendus(projet_reunion)
    suites = absences_de_suite(mandats, projet_reunion)
    venues = dict(projet_reunion.venues.order_by().values_list("mandat_id", "venue"))
    contexte = {
        "projet": projet,
        "reunion": projet_reunion,
        "instance": projet_reunion.instance,
        "lue": lue,
        "ordre_du_jour": texte_libre(projet_reunion.ordre_du_jour),
        "compte_rendu": texte_libre(projet_reunion.compte_rendu),
        "membres": [(mandat, venues.get(mandat.pk, ""), suites.get(mandat.pk, 0)) for mandat in mandats],
        "sans_reponse": [mandat for mandat in mandats if mandat.pk not in venues],
        "absents": [
            mandat
            for mandat in mandats
            if venues.get(mandat.pk) in {VenueEnReunion.ABSENT, VenueEnReunion.EXCUSE}
        ],
        "invitation": invitation_a(projet_reunion) if lue.est_a_venir else "",
        "tient": peut_tenir_la_gouvernance(request.user, projet),
    }
    return render(request, "projets/gouvernance/reunion.html", contexte)


@require_http_methods(["GET", "POST"])
def reunion_modifier(request: RequeteConnectee, pk: int, reunion: int) -> HttpResponse:
    projet = projet_vivant(request, pk)
    lue = reunion_de(projet, reunion)
    valeurs = ReunionForm.valeurs_de(lue)
    form = ReunionForm(
        request.POST if request.method == "POST" else None, initial=valeurs | {"version": lue.version}
    )
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            modifier_reunion(lue, version_lue=form.version_lue, **form.valeurs, par=request.user)
        except ConflitDeVersion:
            differences = relire(form, ReunionForm.valeurs_de(lue), lue.version)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La réunion est enregistrée.")
            return redirect("reunion", projet.pk, lue.pk)
    return _formulaire(request, lue, form, f"Modifier : {lue}", differences)


@require_http_methods(["GET", "POST"])
def reunion_presences(request: RequeteConnectee, pk: int, reunion: int) -> HttpResponse:
    """La feuille de présence : les membres un à un, les autres en nombre."""
    projet = projet_vivant(request, pk)
    lue = reunion_de(projet, reunion)
    valeurs = PresencesForm.valeurs_de(lue)
    form = PresencesForm(
        request.POST if request.method == "POST" else None,
        mandats=_attendus(lue),
        initial=valeurs | {"version": lue.version},
    )
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            noter_les_presences(
                lue, form.venues, form.sans_mandat, version_lue=form.version_lue, par=request.user
            )
        except ConflitDeVersion:
            lue.refresh_from_db()
            differences = relire(form, PresencesForm.valeurs_de(lue), lue.version)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Les présences sont notées. La réunion est tenue.")
            return redirect("reunion", projet.pk, lue.pk)
    contexte = {
        "projet": projet,
        "reunion": lue,
        "instance": lue.instance,
        "form": form,
        "groupes": list(form.groupes()),
        "ecarts": differences,
    }
    return render(request, "projets/gouvernance/presences.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def reunion_compte_rendu(request: RequeteConnectee, pk: int, reunion: int) -> HttpResponse:
    projet = projet_vivant(request, pk)
    lue = reunion_de(projet, reunion)
    valeurs = {"compte_rendu": lue.compte_rendu}
    form = CompteRenduForm(
        request.POST if request.method == "POST" else None, initial=valeurs | {"version": lue.version}
    )
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            texte = form.cleaned_data["compte_rendu"]
            ecrire_le_compte_rendu(lue, texte, version_lue=form.version_lue, par=request.user)
        except ConflitDeVersion:
            differences = relire(form, {"compte_rendu": lue.compte_rendu}, lue.version)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le compte rendu est enregistré.")
            return redirect("reunion", projet.pk, lue.pk)
    return _formulaire(request, lue, form, f"Compte rendu : {lue}", differences, est_large=True)


@require_POST
def reunion_geste(request: RequeteConnectee, pk: int, reunion: int, geste: str) -> HttpResponse:
    """Annuler, remettre, retirer."""
    projet = projet_vivant(request, pk)
    lue = reunion_de(projet, reunion)
    try:
        if geste == "retirer":
            retirer_reunion(lue, par=request.user)
            messages.success(request, "La réunion est retirée.")
            return redirect("instance", projet.pk, lue.instance_id)
        changer_l_etat_de_la_reunion(lue, ETATS[geste], par=request.user)
        messages.success(request, f"La réunion est {lue.get_etat_display().lower()}.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("reunion", projet.pk, lue.pk)


@require_GET
def reunion_document(request: RequeteConnectee, pk: int, reunion: int) -> HttpResponse:
    """Le compte rendu tel qu'on l'imprime et qu'on le donne."""
    projet = projet_lu(request, pk)
    lue = reunion_de(projet, reunion)
    contexte = {
        "projet": projet,
        "reunion": lue,
        "instance": lue.instance,
        "document": rendre_html(compte_rendu_de(lue), a_titre=False),
    }
    return render(request, "projets/gouvernance/compte_rendu.html", contexte)


@limiter(FICHIERS)
@require_GET
def reunion_fichier(request: RequeteConnectee, pk: int, reunion: int, extension: str) -> HttpResponse:
    projet = projet_lu(request, pk)
    lue = reunion_de(projet, reunion)
    if extension not in RENDUS:
        raise Http404("Ce format n'existe pas.")
    return telecharger(compte_rendu_de(lue), extension)


# --- Les décisions ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def decision_nouvelle(request: RequeteConnectee, pk: int, reunion: int) -> HttpResponse:
    projet = projet_vivant(request, pk)
    lue = reunion_de(projet, reunion)
    form = DecisionForm(request.POST if request.method == "POST" else None, projet=projet)
    if (
        request.method == "POST"
        and form.is_valid()
        and _ecrire(form, lambda: ajouter_decision(lue, **form.valeurs, par=request.user))
    ):
        messages.success(request, "La décision est écrite.")
        suite = "decision_nouvelle" if request.POST.get("rester") else "reunion"
        return redirect(suite, projet.pk, lue.pk)
    titre = f"Une décision : {lue}"
    return _formulaire(request, lue, form, titre, [], et_encore="Enregistrer, puis une autre")


@require_http_methods(["GET", "POST"])
def decision(request: RequeteConnectee, pk: int, decision: int) -> HttpResponse:
    projet = projet_vivant(request, pk)
    lue = decision_de(projet, decision)
    champs = ("texte", "qui", "pour_le", "fiche")
    valeurs = {champ: getattr(lue, champ) for champ in champs}
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        projet=projet,
        initial=valeurs | {"version": lue.version},
    )
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            if _ecrire(
                form,
                lambda: modifier_decision(
                    lue, version_lue=form.version_lue, **form.valeurs, par=request.user
                ),
            ):
                messages.success(request, "La décision est enregistrée.")
                return redirect("reunion", projet.pk, lue.reunion_id)
        except ConflitDeVersion:
            differences = relire(form, {champ: getattr(lue, champ) for champ in champs}, lue.version)
    return _formulaire(
        request, lue.reunion, form, f"Corriger une décision : {lue.reunion}", differences, decision=lue
    )


@require_POST
def decision_geste(request: RequeteConnectee, pk: int, decision: int, geste: str) -> HttpResponse:
    """Faite, à refaire, retirer."""
    projet = projet_vivant(request, pk)
    lue = decision_de(projet, decision)
    try:
        if geste == "retirer":
            retirer_decision(lue, par=request.user)
            messages.success(request, "La décision est retirée.")
        else:
            cocher_decision(lue, est_faite=geste == "faite", par=request.user)
            messages.success(request, "C’est noté.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    if request.POST.get("retour") == "gouvernance":
        return redirect("gouvernance", projet.pk)
    return redirect("reunion", projet.pk, lue.reunion_id)


def _ecrire(form: DecisionForm, acte: Callable[[], object]) -> bool:
    """Fait l'acte ; ce qu'il refuse se lit dans le formulaire."""
    try:
        acte()
    except ValidationError as faute:
        form.add_error("qui", faute)
    except GesteRefuse as refus:
        form.add_error(None, str(refus))
    return not form.errors


def _formulaire(
    request: RequeteConnectee,
    lue: Reunion,
    form: ReunionForm | CompteRenduForm | DecisionForm,
    titre: str,
    differences: list[Ecart],
    **contexte: object,
) -> HttpResponse:
    projet = lue.instance.projet
    return montrer_le_formulaire(
        request,
        projet,
        form,
        titre,
        reverse("reunion", args=[projet.pk, lue.pk]),
        instance=lue.instance,
        reunion=lue,
        ecarts=differences,
        **contexte,
    )


def _lue(reunion: Reunion) -> ReunionLue:
    reunions = lire_gouvernance(reunion.instance.projet).reunions
    return next(une for une in reunions if une.reunion.pk == reunion.pk)


def _attendus(reunion: Reunion) -> list[Mandat]:
    """Ceux dont le mandat vaut ce jour-là, et ceux déjà notés."""
    siens = Mandat.objects.filter(college__instance=reunion.instance_id).select_related("college")
    notes = set(reunion.venues.order_by().values_list("mandat_id", flat=True))
    return [
        mandat for mandat in siens.order_by("du", "pk") if mandat.vaut_le(reunion.le) or mandat.pk in notes
    ]
