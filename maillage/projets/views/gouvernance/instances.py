"""La gouvernance d'un projet : ses instances, leurs collèges, leurs membres."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.debit import Debit, limiter
from maillage.core.documents.telechargement import RENDUS, telecharger
from maillage.core.ecriture import GesteRefuse
from maillage.projets.elements import GENRES
from maillage.projets.exportation.gouvernance import document_de_la_gouvernance, graphique_des_habitants
from maillage.projets.forms.elements import formulaire_de
from maillage.projets.forms.gouvernance import AU_DEHORS, CollegesForm, MandatForm
from maillage.projets.instances import InstanceLue, lire_gouvernance
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.elements import ajouter_element, element_a_remettre, retirer_element
from maillage.projets.operations.gouvernance import (
    finir_mandat,
    modifier_mandat,
    ouvrir_mandat,
    regler_les_colleges,
    retirer_mandat,
)
from maillage.projets.permissions import (
    peut_ecrire_le_projet,
    peut_tenir_la_gouvernance,
)
from maillage.projets.views.acces import projet_lu, projet_tenu
from maillage.projets.views.gestes_d_element import corriger, faire_le_geste, remettre
from maillage.projets.views.gouvernance.acces import (
    instance_de,
    mandat_de,
    montrer_le_formulaire,
    projet_vivant,
)

FICHIERS = Debit("fichiers_de_gouvernance", par_minute=20, rafale=12)
INSTANCES = GENRES["instances"]


@require_GET
def gouvernance(request: RequeteConnectee, pk: int) -> HttpResponse:
    """L'équipe tient ses instances ici ; la Caf n'en lit que ce que le dossier en dit, sans un nom."""
    projet = projet_lu(request, pk)
    lue = lire_gouvernance(projet)
    ecrit = peut_ecrire_le_projet(request.user, projet)
    contexte = {
        "projet": projet,
        "gouvernance": lue,
        "graphique": graphique_des_habitants(lue),
        "ecrit": ecrit,
        "tient": peut_tenir_la_gouvernance(request.user, projet),
        "a_remettre": element_a_remettre(projet, INSTANCES) if ecrit else None,
    }
    return render(request, "projets/gouvernance/gouvernance.html", contexte)


@limiter(FICHIERS)
@require_GET
def gouvernance_fichier(request: RequeteConnectee, pk: int, extension: str) -> HttpResponse:
    """Le document du dehors : des nombres, jamais un nom."""
    projet = projet_lu(request, pk)
    if extension not in RENDUS:
        raise Http404("Ce format n'existe pas.")
    return telecharger(document_de_la_gouvernance(projet), extension)


# --- Une instance -------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def instance_nouvelle(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_tenu(request, pk)
    form = formulaire_de(INSTANCES, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            posee = ajouter_element(projet, INSTANCES, form.valeurs, par=request.user)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "L’instance est ajoutée. Dites maintenant qui y siège.")
            return redirect("instance", projet.pk, posee.pk)
    retour = reverse("gouvernance", args=[projet.pk])
    return montrer_le_formulaire(
        request, projet, form, "Ajouter une instance", retour, bouton="Ajouter cette instance"
    )


@require_GET
def instance(request: RequeteConnectee, pk: int, instance: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    lue = _lue(projet, instance)
    contexte = {
        "projet": projet,
        "lue": lue,
        "instance": lue.instance,
        "aujourd_hui": timezone.localdate(),
        "ecrit": peut_ecrire_le_projet(request.user, projet),
        "tient": peut_tenir_la_gouvernance(request.user, projet),
        "au_dehors": AU_DEHORS,
    }
    return render(request, "projets/gouvernance/instance.html", contexte)


@require_http_methods(["GET", "POST"])
def instance_modifier(request: RequeteConnectee, pk: int, instance: int) -> HttpResponse:
    projet = projet_tenu(request, pk)
    lu = instance_de(projet, instance)
    form, differences, est_ecrite = corriger(request, lu, INSTANCES, partial(formulaire_de, INSTANCES))
    if est_ecrite:
        messages.success(request, "L’instance est enregistrée.")
        return redirect("instance", projet.pk, lu.pk)
    retour = reverse("instance", args=[projet.pk, lu.pk])
    return montrer_le_formulaire(
        request, projet, form, f"Corriger : {lu.nom}", retour, instance=lu, ecarts=differences
    )


@require_POST
def instance_retirer(request: RequeteConnectee, pk: int, instance: int) -> HttpResponse:
    projet = projet_tenu(request, pk)
    lu = instance_de(projet, instance)
    try:
        retirer_element(lu, INSTANCES, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("instance", projet.pk, lu.pk)
    messages.success(request, f"« {lu.nom} » est retirée. Vous pouvez la remettre pendant un jour.")
    return redirect("gouvernance", projet.pk)


@require_POST
def instance_deplacer(request: RequeteConnectee, pk: int, instance: int, sens: str) -> HttpResponse:
    projet = projet_tenu(request, pk)
    faire_le_geste(request, instance_de(projet, instance), INSTANCES, sens)
    return redirect("gouvernance", projet.pk)


@require_POST
def instance_remettre(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_tenu(request, pk)
    remettre(request, projet, INSTANCES)
    return redirect("gouvernance", projet.pk)


@require_http_methods(["GET", "POST"])
def instance_colleges(request: RequeteConnectee, pk: int, instance: int) -> HttpResponse:
    projet = projet_tenu(request, pk)
    lue = _lue(projet, instance)
    form = CollegesForm(request.POST if request.method == "POST" else None, instance=lue)
    if request.method == "POST" and form.is_valid():
        try:
            regler_les_colleges(lue.instance, form.sieges, par=request.user)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Les collèges sont enregistrés.")
            return redirect("instance", projet.pk, lue.instance.pk)
    retour = reverse("instance", args=[projet.pk, lue.instance.pk])
    titre = f"Les collèges : {lue.instance.nom}"
    chapo = "Combien de sièges pour chacun ? Laissez vide un collège qui ne siège pas."
    return montrer_le_formulaire(
        request, projet, form, titre, retour, instance=lue.instance, chapo=chapo, en_colonnes=True
    )


# --- Les mandats --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def mandat_nouveau(request: RequeteConnectee, pk: int, instance: int) -> HttpResponse:
    projet = projet_vivant(request, pk)
    lu = instance_de(projet, instance)
    form = MandatForm(
        request.POST if request.method == "POST" else None, initial=MandatForm.pour_un_nouveau(projet)
    )
    if request.method == "POST" and form.is_valid():
        try:
            ouvrir_mandat(lu, **form.cleaned_data, par=request.user)
        except ValidationError as faute:
            _dire(form, faute)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le mandat est ouvert.")
            suite = "mandat_nouveau" if request.POST.get("rester") else "instance"
            return redirect(suite, projet.pk, lu.pk)
    retour = reverse("instance", args=[projet.pk, lu.pk])
    return montrer_le_formulaire(
        request,
        projet,
        form,
        f"Ouvrir un mandat : {lu.nom}",
        retour,
        instance=lu,
        note=AU_DEHORS,
        bouton="Ouvrir ce mandat",
        et_encore="Ouvrir, puis un autre",
    )


@require_http_methods(["GET", "POST"])
def mandat(request: RequeteConnectee, pk: int, mandat: int) -> HttpResponse:
    projet = projet_vivant(request, pk)
    lu = mandat_de(projet, mandat)
    form = MandatForm(request.POST if request.method == "POST" else None, initial=MandatForm.valeurs_de(lu))
    if request.method == "POST" and form.is_valid():
        try:
            modifier_mandat(lu, **form.cleaned_data, par=request.user)
        except ValidationError as faute:
            _dire(form, faute)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le mandat est enregistré.")
            return redirect("instance", projet.pk, lu.college.instance_id)
    siege = lu.college.instance
    return montrer_le_formulaire(
        request,
        projet,
        form,
        f"{lu.nom} : son mandat, {siege.nom}",
        reverse("instance", args=[projet.pk, siege.pk]),
        instance=siege,
        note=AU_DEHORS,
        mandat=lu,
    )


@require_POST
def mandat_geste(request: RequeteConnectee, pk: int, mandat: int, geste: str) -> HttpResponse:
    """Finir, retirer."""
    projet = projet_vivant(request, pk)
    lu = mandat_de(projet, mandat)
    try:
        if geste == "finir":
            finir_mandat(lu, par=request.user)
            messages.success(request, "Le mandat finit aujourd’hui.")
        else:
            retirer_mandat(lu, par=request.user)
            messages.success(request, "Le mandat est retiré.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("instance", projet.pk, lu.college.instance_id)


def _dire(form: MandatForm, faute: ValidationError) -> None:
    """Ce que refuse l'opération, sous son champ."""
    form.add_error(None if hasattr(faute, "error_dict") else "nom", faute)


def _lue(projet: ProjetSocial, pk: int) -> InstanceLue:
    get_object_or_404(projet.instances, pk=pk)
    return next(une for une in lire_gouvernance(projet).instances if une.instance.pk == pk)
