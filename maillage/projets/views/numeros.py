"""Le modèle des numéros : ce qu'il donnerait à chaque fiche, avant de l'appliquer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.projets.forms.arbre import ModeleForm
from maillage.projets.lecture import Arbre, FicheLue, lire_arbre
from maillage.projets.numerotation import numero
from maillage.projets.operations.gestes import ArbreRefuse
from maillage.projets.operations.numerotation import numeroter
from maillage.projets.views.acces import projet_tenu
from maillage.projets.views.arbre import dire_le_geste, retour

EXEMPLES = ("{axe}-{rang:02}", "{axe}{rang}", "4.{axe}.{rang}", "Fiche {axe}.{rang:02}")


@require_http_methods(["GET", "POST"])
def arbre_numeros(request: RequeteConnectee, pk: int) -> HttpResponse:
    """`?modele=` montre l'aperçu, sans rien écrire ; l'envoi renumérote."""
    projet = projet_tenu(request, pk)
    demande = request.POST if request.method == "POST" else request.GET
    form = ModeleForm(demande if "modele" in demande else {"modele": projet.modele_de_numero})
    est_bon = form.is_valid()
    if request.method == "POST" and est_bon:
        try:
            numeroter(projet, form.cleaned_data["modele"], par=request.user)
        except ArbreRefuse as refus:
            form.add_error(None, str(refus))
        else:
            dire_le_geste(request, projet, "Chaque fiche a le numéro de sa place.")
            return retour(projet)
    apercu = _apercu(lire_arbre(projet), form.cleaned_data["modele"]) if est_bon else []
    contexte = {
        "projet": projet,
        "form": form,
        "exemples": [(modele, numero(modele, "A", 7)) for modele in EXEMPLES],
        "apercu": apercu,
        "changes": sum(lue.numero != nouveau for lue, nouveau in apercu),
    }
    return render(request, "projets/arbre/numeros.html", contexte, status=200 if est_bon else 422)


def _apercu(arbre: Arbre, modele: str) -> list[tuple[FicheLue, str]]:
    return [
        (lue, numero(modele, axe.axe.lettre, rang))
        for axe in arbre.axes
        for rang, lue in enumerate(axe.fiches, start=1)
    ]
