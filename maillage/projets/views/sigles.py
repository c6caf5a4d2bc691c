"""Les sigles du dossier : ceux qu'on a acceptés, ceux qu'on trouve dans les textes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.projets.forms.sigles import SiglesForm
from maillage.projets.matiere import Matiere
from maillage.projets.operations.sigles import accepter_les_sigles
from maillage.projets.sigles import sigles_a_proposer
from maillage.projets.views.acces import projet_tenu


@require_http_methods(["GET", "POST"])
def dossier_sigles(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_tenu(request, pk)
    matiere = Matiere(projet)
    form = SiglesForm(sigles_a_proposer(matiere), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ajoutes = accepter_les_sigles(projet, form.gardes, par=request.user)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        else:
            dit = compte(ajoutes, "sigle ajouté,sigles ajoutés") if ajoutes else "Aucun sigle ajouté"
            messages.success(request, f"{dit}.")
        return redirect("dossier_sigles", pk)
    contexte = {"projet": projet, "form": form, "sigles": matiere.sigles}
    return render(request, "projets/dossier/sigles.html", contexte, status=422 if form.errors else 200)
