"""Ce que font toutes les pages d'un élément : corriger sans écraser, ordonner, retirer, remettre."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages

from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, relire
from maillage.core.ecriture import GesteRefuse
from maillage.projets.elements import Genre
from maillage.projets.forms.elements import ElementForm
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.elements import (
    ElementChange,
    corriger_element,
    deplacer_element,
    remettre_element,
    retirer_element,
)


def corriger(
    request: RequeteConnectee, lu: Any, genre: Genre, former: Callable[[Any, Any], ElementForm]
) -> tuple[ElementForm, list[Ecart], bool]:
    """Le formulaire, les textes à comparer si quelqu'un l'a changé entre-temps, et s'il est enregistré.

    `former` : (ce qui est envoyé ou rien, l'élément) → son formulaire.
    """
    form = former(request.POST if request.method == "POST" else None, lu)
    if request.method != "POST" or not form.is_valid():
        return form, [], False
    try:
        corriger_element(lu, genre, form.valeurs, lue=form.cleaned_data["lue"], par=request.user)
    except ElementChange:
        a_jour = former(None, lu)
        actuelles = {
            nom: a_jour.get_initial_for_field(champ, nom)
            for nom, champ in form.fields.items()
            if nom != "lue"
        }
        return form, relire(form, actuelles, genre.empreinte(lu), champ="lue"), False
    except GesteRefuse as refus:
        form.add_error(None, str(refus))
        return form, [], False
    return form, [], True


def faire_le_geste(request: RequeteConnectee, lu: Any, genre: Genre, geste: str) -> None:
    """Monter, descendre ou retirer ; un refus se dit en haut de la page."""
    try:
        if geste == "retirer":
            retirer_element(lu, genre, par=request.user)
            messages.success(request, "C’est retiré.")
        elif genre.a_un_ordre:
            deplacer_element(lu, genre, "monter" if geste == "monter" else "descendre", par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))


def remettre(request: RequeteConnectee, projet: ProjetSocial, genre: Genre) -> None:
    try:
        remettre_element(projet, genre, par=request.user)
        messages.success(request, "C’est remis à sa place.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
