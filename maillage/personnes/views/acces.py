"""Trouver l'objet d'une page : celui que la personne peut lire. Pour les autres, la page n'existe pas."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from maillage.comptes.permissions import structures_dirigees, structures_du_registre
from maillage.comptes.requete import RequeteConnectee
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import Foyer, ImportDePersonnes, Personne
from maillage.personnes.operations import fiches_gardees, noter_une_consultation
from maillage.personnes.permissions import (
    peut_lire_la_personne,
    peut_repondre_a_la_personne,
    peut_tenir_le_registre,
)
from maillage.territoire.models import Structure


def personne_lue(request: RequeteConnectee, pk: int) -> Personne:
    personnes = Personne.objects.du_registre(request.user).select_related("structure", "provenance")
    personne: Personne = get_object_or_404(personnes, pk=pk)
    if not peut_lire_la_personne(request.user, personne):
        raise Http404
    return personne


def fiche_ouverte(request: RequeteConnectee, personne: Personne) -> Personne:
    """Chaque page qui montre ce que le centre sait d'elle laisse sa trace : elle peut demander qui l'a lue."""
    noter_une_consultation(personne, par=request.user)
    return personne


def personne_gardee(request: RequeteConnectee, pk: int) -> Personne:
    """Ses droits s'exercent sur toute la personne : une fiche réunie mène à celle que l'on garde."""
    return personne_lue(request, fiches_gardees([personne_lue(request, pk).pk])[pk])


def personne_suivie(request: RequeteConnectee, pk: int) -> Personne:
    """Celle dont la fiche s'écrit encore : ni gelée, ni réunie à une autre."""
    personne = personne_lue(request, pk)
    if personne.etat != EtatPersonne.ACTIVE:
        raise Http404("Cette fiche ne s’écrit pas.")
    return personne


def personne_dirigee(request: RequeteConnectee, pk: int) -> Personne:
    """Pour ce que seule la direction fait : geler, effacer."""
    personne = personne_gardee(request, pk)
    if not peut_repondre_a_la_personne(request.user, personne):
        raise Http404("La direction seule le fait.")
    return personne


def foyer_lu(request: RequeteConnectee, pk: int) -> Foyer:
    foyers = Foyer.objects.du_registre(request.user).select_related("structure")
    foyer: Foyer = get_object_or_404(foyers, pk=pk)
    return foyer


def import_lu(request: RequeteConnectee, pk: int) -> ImportDePersonnes:
    imports = ImportDePersonnes.objects.du_registre(request.user).select_related("structure")
    depot: ImportDePersonnes = get_object_or_404(imports, pk=pk)
    return depot


def centre_du_registre(request: RequeteConnectee) -> Structure:
    """Le centre de la page : celui que dit l'adresse (`?centre=`), sinon le premier que la personne tient."""
    if not peut_tenir_le_registre(request.user):
        raise Http404
    return _centre(request, structures_du_registre(request.user))


def centre_dirige(request: RequeteConnectee) -> Structure:
    if not (dirigees := structures_dirigees(request.user)):
        raise Http404
    return _centre(request, dirigees)


def _centre(request: RequeteConnectee, tenues: list[int]) -> Structure:
    voulu = request.GET.get("centre", "")
    centres = {c.pk: c for c in Structure.objects.filter(pk__in=tenues).select_related("gestionnaire")}
    if voulu:
        if not voulu.isascii() or not voulu.isdigit() or int(voulu) not in centres:
            raise Http404
        return centres[int(voulu)]
    return centres[min(centres)]


def centres_a_choisir(request: RequeteConnectee) -> list[Any]:
    """Vide quand il n'y a qu'un centre : rien à choisir."""
    tenues = structures_du_registre(request.user)
    return list(Structure.objects.filter(pk__in=tenues).order_by("nom", "pk")) if len(tenues) > 1 else []
