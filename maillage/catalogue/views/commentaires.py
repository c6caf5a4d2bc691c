"""Les commentaires des lecteurs, pour les centres à qui ils s'adressent : les lire, y répondre."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from maillage.catalogue.forms.lecteurs import ReponseForm
from maillage.catalogue.permissions import est_d_une_structure
from maillage.comptes.requete import RequeteConnectee
from maillage.moderation.models import Commentaire
from maillage.moderation.operations import GesteImpossible
from maillage.moderation.operations.commentaires import repondre_au_commentaire

PAR_PAGE = 20


@require_GET
def commentaires_recus(request: RequeteConnectee) -> HttpResponse:
    """Ceux de mes structures : d'abord ceux qui n'ont pas de réponse, puis les plus récents."""
    if not est_d_une_structure(request.user):
        raise Http404
    recus = Commentaire.objects.adresses_a(request.user).sans_reponse_d_abord()
    page = Paginator(recus, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalogue/lecteurs/recus.html", {"page": page})


@require_http_methods(["GET", "POST"])
def repondre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La réponse paraît aussitôt sous le commentaire ; on peut la reprendre."""
    commentaire = get_object_or_404(Commentaire.objects.adresses_a(request.user), pk=pk)
    form = ReponseForm(request.POST or None, initial={"reponse": commentaire.reponse})
    if request.method == "POST" and form.is_valid():
        reponse = form.cleaned_data["reponse"]
        try:
            repondre_au_commentaire(commentaire, reponse, par=request.user)
        except GesteImpossible as refus:
            messages.error(request, str(refus))
        else:
            messages.success(
                request,
                "Votre réponse est en ligne, sous le commentaire."
                if reponse
                else "Votre réponse est retirée.",
            )
        return redirect("commentaires_recus")
    return render(request, "catalogue/lecteurs/repondre.html", {"commentaire": commentaire, "form": form})
