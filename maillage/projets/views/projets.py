"""La liste des projets, l'essentiel d'un projet, et son cadre."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maillage.comptes.requete import RequeteConnectee
from maillage.core.francais import compte
from maillage.projets.choices import EtatFiche, EtatMorceau
from maillage.projets.elements import GENRES
from maillage.projets.histoire import histoire
from maillage.projets.lecture import Arbre, lire_arbre
from maillage.projets.models import ProjetSocial
from maillage.projets.permissions import (
    peut_conduire_le_projet,
    peut_ecrire_le_projet,
    peut_modifier_le_cadre,
    peut_ouvrir_un_projet,
    peut_tenir_des_projets,
)
from maillage.projets.temps import avec_les_retards, est_en_retard
from maillage.projets.verification import manques
from maillage.projets.vie import temps_du_projet

TACHES_MONTREES: Final = 5
LIGNES_MONTREES: Final = 12
ACCORDS: Final = {
    EtatFiche.A_ECRIRE: "à écrire,à écrire",
    EtatFiche.PRETE: "prête",
    EtatFiche.EN_COURS: "en cours,en cours",
    EtatFiche.TERMINEE: "terminée",
    EtatFiche.ARRETEE: "arrêtée",
}


@require_GET
def projets(request: RequeteConnectee) -> HttpResponse:
    """Ceux de mes structures. La Caf lit des dossiers reçus, pas des projets (`views.instruction`)."""
    if not peut_tenir_des_projets(request.user):
        raise Http404
    lus = ProjetSocial.objects.de_l_equipe(request.user).avec_avancement().select_related("structure")
    contexte = {"miens": lus, "peut_ouvrir": peut_ouvrir_un_projet(request.user)}
    return render(request, "projets/liste.html", contexte)


@require_GET
def projet(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Où il en est, ce qui vient, ce qui est en retard."""
    lu = _lisible(request, pk)
    arbre = lire_arbre(lu)
    demandes = list(lu.demandes.select_related("agrement"))
    a_faire = lu.taches.filter(faite_le=None).select_related("responsable")
    contexte = {
        "projet": lu,
        "arbre": arbre,
        "etats": _fiches_par_etat(arbre),
        "temps": temps_du_projet(lu, demandes),
        "taches": a_faire[:TACHES_MONTREES],
        "en_retard": a_faire.en_retard().count(),
        "fiches_en_retard": sum(est_en_retard(fiche, lu) for fiche in avec_les_retards(lu)),
        "manques": manques(lu, arbre) if peut_ecrire_le_projet(request.user, lu) else [],
        "conduit": peut_conduire_le_projet(request.user, lu),
        "modifie": peut_modifier_le_cadre(request.user, lu),
        "histoire": histoire(lu).order_by("-fait_le", "-pk")[:LIGNES_MONTREES],
    }
    return render(request, "projets/projet.html", contexte)


@require_GET
def cadre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Tout ce qui entoure l'arbre : dates, territoire, agrément, gouvernance, diagnostic, textes."""
    lu = _lisible(request, pk)
    a_ranger = lu.morceaux.filter(etat=EtatMorceau.A_RANGER).count()
    contexte = {
        "projet": lu,
        "autour": list(_autour_de_l_arbre(lu)),
        "a_ranger": a_ranger,
        "nombre_a_ranger": compte(a_ranger, "passage"),
        "communes": lu.communes.order_by("nom", "pk"),
        "zones": lu.zones.select_related("quartier"),
        "demandes": lu.demandes.select_related("agrement"),
        "modifie": peut_modifier_le_cadre(request.user, lu),
    }
    return render(request, "projets/cadre.html", contexte)


def _autour_de_l_arbre(projet: ProjetSocial) -> Iterator[tuple[str, str, str, int, str]]:
    """(adresse, titre, icône, combien, un) : chaque chose là où elle s'écrit, et nulle part ailleurs."""
    ecrits = projet.chapitres.filter(est_ote=False).exclude(texte="").count()
    yield reverse("dossier", args=[projet.pk]), "Chapitres", "file-text", ecrits, "chapitre écrit"
    ailleurs = {
        "instances": reverse("gouvernance", args=[projet.pk]),
        "chiffres": reverse("diagnostic_chiffres", args=[projet.pk]),
        "tableaux": reverse("diagnostic_chiffres", args=[projet.pk]) + "#tableaux",
    }
    for genre in GENRES.values():
        adresse = ailleurs.get(genre.cle) or reverse("elements", args=[projet.pk, genre.cle])
        yield adresse, genre.titre, genre.icone, genre.du_projet(projet).count(), genre.un


def _lisible(request: RequeteConnectee, pk: int) -> ProjetSocial:
    lus = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure", "suite_de")
    lu: ProjetSocial = get_object_or_404(lus, pk=pk)
    return lu


def _fiches_par_etat(arbre: Arbre) -> list[str]:
    """« 2 à écrire », « 35 en cours », « 2 terminées »."""
    nombres = Counter(lue.fiche.etat for lue in arbre.fiches)
    return [compte(nombres[etat], ACCORDS[etat]) for etat in EtatFiche if nombres[etat]]
