"""La provenance réelle des personnes, face à la zone de l'agrément."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.evaluation.origines import COLONNES, Origines
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.diagnostic.tableaux import poser_un_tableau
from maillage.projets.permissions import peut_ecrire_le_projet


@require_GET
def provenance_des_personnes(request: RequeteConnectee, pk: int) -> HttpResponse:
    """L'équipe du centre seule : un quartier de trois personnes se lit ici."""
    projet = _de_l_equipe(request, pk)
    contexte = {
        "projet": projet,
        "origines": Origines(projet, _annee(request.GET.get("annee", ""))),
        "ecrit": peut_ecrire_le_projet(request.user, projet),
    }
    return render(request, "evaluation/provenance_des_personnes.html", contexte)


@require_POST
def provenance_au_diagnostic(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """Pose le tableau de l'année, daté et sourcé ; refait, il remplace le précédent."""
    projet = _de_l_equipe(request, pk)
    if not peut_ecrire_le_projet(request.user, projet):
        raise Http404("Ce projet ne s'écrit pas.")
    origines = Origines(projet, annee)
    if origines.annee != annee or not origines.lues:
        messages.error(request, f"Aucune présence notée en {annee} : il n’y a rien à mettre au diagnostic.")
        return redirect("provenance_des_personnes", projet.pk)
    try:
        poser_un_tableau(
            projet,
            cle=f"provenance-{annee}",
            titre=origines.titre_au_diagnostic,
            colonnes=COLONNES,
            lignes=origines.lignes_au_diagnostic(),
            source=origines.source_au_diagnostic,
            annee=annee,
            par=request.user,
        )
        messages.success(request, f"Le tableau de {annee} est au diagnostic, petits nombres cachés.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("diagnostic_chiffres", projet.pk)


def _de_l_equipe(request: RequeteConnectee, pk: int) -> ProjetSocial:
    projets = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure")
    projet: ProjetSocial = get_object_or_404(projets, pk=pk)
    return projet


def _annee(ecrite: str) -> int | None:
    return int(ecrite) if ecrite.isdecimal() and len(ecrite) == 4 else None
