"""Importer les quartiers prioritaires : déposer, voir ce que le fichier donne, confirmer."""

from dataclasses import asdict

from django.contrib import messages
from django.core import signing
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from maillage.comptes.models import Utilisateur
from maillage.core.francais import compte
from maillage.portail.forms import QuartiersForm
from maillage.portail.permissions import peut_importer_quartiers
from maillage.territoire.models import Quartier
from maillage.territoire.operations.quartiers import (
    FichierDeQuartiersRefuse,
    Lecture,
    QuartierLu,
    importer_quartiers,
    lire_quartiers,
)

SEL = "portail.quartiers"
VALIDITE = 3600
"""Secondes pendant lesquelles un aperçu peut être confirmé."""
ECARTEES_MONTREES = 50
TROP_LOURD = "Le fichier dépasse 20 Mo. La liste officielle en fait moins d’un : vérifiez le fichier choisi."


@require_http_methods(["GET", "POST"])
def quartiers(request: HttpRequest) -> HttpResponse:
    """Ce qui est chargé, et le dépôt d'un fichier. L'aperçu n'écrit rien : il voyage, signé, dans le formulaire."""
    _moderatrice(request)
    form, lecture = QuartiersForm(), None
    if request.method == "POST":
        form = QuartiersForm(request.POST, request.FILES)
        est_recu = form.is_valid()
        if getattr(request, "fichier_trop_lourd", False):
            form.errors.clear()
            form.add_error("fichier", TROP_LOURD)
        elif est_recu:
            try:
                lecture = lire_quartiers(form.cleaned_data["fichier"].read(), form.cleaned_data["millesime"])
            except FichierDeQuartiersRefuse as refus:
                form.add_error("fichier", str(refus))
    millesimes = Quartier.objects.order_by("-millesime").values("millesime").annotate(nombre=Count("pk"))
    contexte = {
        "form": form,
        "lecture": lecture,
        "lot": _signer(lecture) if lecture else "",
        "ecartees": lecture.ecartees[:ECARTEES_MONTREES] if lecture else [],
        "millesimes": millesimes,
    }
    return render(request, "portail/quartiers.html", contexte, status=422 if form.errors else 200)


@require_POST
def quartiers_confirmer(request: HttpRequest) -> HttpResponse:
    moderatrice = _moderatrice(request)
    try:
        lot = signing.loads(request.POST.get("lot", ""), salt=SEL, max_age=VALIDITE)
    except signing.BadSignature:
        messages.error(request, "Cet aperçu n’est plus valable. Déposez de nouveau le fichier.")
        return redirect("quartiers")
    lus = [QuartierLu(**quartier) for quartier in lot["quartiers"]]
    bilan = importer_quartiers(lot["millesime"], lus, par=moderatrice)
    if any(bilan.values()):
        phrase = (
            f"Quartiers de {lot['millesime']} : {compte(bilan['crees'], 'créé')}, "
            f"{compte(bilan['changes'], 'changé')}, {compte(bilan['retires'], 'retiré')}."
        )
        messages.success(request, phrase)
    else:
        messages.info(request, "Ces quartiers étaient déjà là : rien n’a changé.")
    return redirect("quartiers")


def _signer(lecture: Lecture) -> str:
    lot = {"millesime": lecture.millesime, "quartiers": [asdict(quartier) for quartier in lecture.quartiers]}
    return signing.dumps(lot, salt=SEL, compress=True)


def _moderatrice(request: HttpRequest) -> Utilisateur:
    """Lève `Http404` : pour les autres, cette page n'existe pas."""
    if not isinstance(request.user, Utilisateur) or not peut_importer_quartiers(request.user):
        raise Http404
    return request.user
