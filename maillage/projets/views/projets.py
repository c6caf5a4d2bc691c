"""La liste des projets, l'essentiel d'un projet, et son cadre."""

from collections import Counter
from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from maillage.comptes.requete import RequeteConnectee
from maillage.core.francais import compte
from maillage.projets.choices import EtatFiche, EtatMorceau, EtatProjet
from maillage.projets.elements import GENRES
from maillage.projets.histoire import histoire
from maillage.projets.lecture import Arbre, lire_arbre
from maillage.projets.manques import manques
from maillage.projets.models import ProjetSocial
from maillage.projets.permissions import (
    est_de_l_equipe,
    peut_conduire_le_projet,
    peut_ecrire_le_projet,
    peut_lire_des_projets,
    peut_modifier_le_cadre,
    peut_ouvrir_un_projet,
    peut_tenir_des_projets,
)
from maillage.projets.regles import regle
from maillage.projets.temps import avec_les_retards, est_en_retard
from maillage.projets.vie import ATTENTES, temps_du_projet

PAR_PAGE: Final = 30
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
    """Ceux de mes structures ; pour la Caf, ceux qui lui sont soumis sur son territoire."""
    if not peut_lire_des_projets(request.user):
        raise Http404
    lus = ProjetSocial.objects.visibles_par(request.user).avec_avancement().select_related("structure")
    miens = list(lus.de_l_equipe(request.user))
    autres = lus.exclude(pk__in=[projet.pk for projet in miens])
    contexte = {
        "miens": miens,
        "page": Paginator(autres, PAR_PAGE).get_page(request.GET.get("page")),
        "est_d_un_centre": peut_tenir_des_projets(request.user),
        "peut_ouvrir": peut_ouvrir_un_projet(request.user),
    }
    return render(request, "projets/liste.html", contexte)


@require_GET
def projet(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Où il en est, ce qui vient, ce qui est en retard."""
    lu = _lisible(request, pk)
    arbre = lire_arbre(lu)
    est_de_la_maison = est_de_l_equipe(request.user, lu)
    demandes = list(lu.demandes.select_related("agrement"))
    a_faire = lu.taches.filter(faite_le=None).select_related("responsable")
    contexte = {
        "projet": lu,
        "arbre": arbre,
        "etats": _fiches_par_etat(arbre),
        "demandes": [(demande, regle(demande.regle)) for demande in demandes],
        "attente": ATTENTES.get(EtatProjet(lu.etat), ""),
        "temps": temps_du_projet(lu, demandes),
        "taches": a_faire[:TACHES_MONTREES] if est_de_la_maison else None,
        "en_retard": a_faire.en_retard().count() if est_de_la_maison else 0,
        "fiches_en_retard": sum(est_en_retard(fiche, lu) for fiche in avec_les_retards(lu)),
        "manques": manques(lu, arbre) if peut_ecrire_le_projet(request.user, lu) else [],
        "conduit": peut_conduire_le_projet(request.user, lu),
        "modifie": peut_modifier_le_cadre(request.user, lu),
        "histoire": histoire(lu)[:LIGNES_MONTREES] if est_de_la_maison else [],
    }
    return render(request, "projets/projet.html", contexte)


@require_GET
def cadre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Tout ce qui entoure l'arbre : dates, territoire, agrément, gouvernance, diagnostic, textes."""
    lu = _lisible(request, pk)
    a_ranger = lu.morceaux.filter(etat=EtatMorceau.A_RANGER).count()
    contexte = {
        "projet": lu,
        "genres": [(genre, genre.du_projet(lu).count()) for genre in GENRES.values()],
        "a_ranger": a_ranger,
        "nombre_a_ranger": compte(a_ranger, "passage"),
        "communes": lu.communes.order_by("nom", "pk"),
        "zones": lu.zones.select_related("quartier"),
        "demandes": lu.demandes.select_related("agrement"),
        "modifie": peut_modifier_le_cadre(request.user, lu),
        "est_de_la_maison": est_de_l_equipe(request.user, lu),
    }
    return render(request, "projets/cadre.html", contexte)


def _lisible(request: RequeteConnectee, pk: int) -> ProjetSocial:
    lus = ProjetSocial.objects.visibles_par(request.user).select_related("structure", "suite_de")
    lu: ProjetSocial = get_object_or_404(lus, pk=pk)
    return lu


def _fiches_par_etat(arbre: Arbre) -> list[str]:
    """« 2 à écrire », « 35 en cours », « 2 terminées »."""
    nombres = Counter(lue.fiche.etat for lue in arbre.fiches)
    return [compte(nombres[etat], ACCORDS[etat]) for etat in EtatFiche if nombres[etat]]
