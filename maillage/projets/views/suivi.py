"""Le suivi : l'état de chaque fiche, ce qui est en retard, l'avancement des bilans de l'année."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from maillage.catalogue.exportation import TYPES
from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.telechargement import nom_de_fichier
from maillage.core.listes import Demande, Facette, Liste, Valeur
from maillage.projets.choices import EtatFiche
from maillage.projets.exportation.suivi import exporter_suivi
from maillage.projets.models import ProjetSocial
from maillage.projets.permissions import peut_ecrire_le_projet, peut_tenir_des_projets
from maillage.projets.suivi import FicheSuivie, Suivi, fiches_en_retard_de, lire_suivi
from maillage.projets.views.acces import projet_lu

CLES: Final = ("axe", "etat", "retard", "bilan", "pilote")
FORMATS: Final = ("xlsx", "csv")
SANS_AXE, SANS_PILOTE = "sans", "sans"
PAR_PAGE: Final = 100


@require_GET
def suivi(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    lu = lire_suivi(projet, est_dehors=False)
    demande = Demande.lire(request, cles=CLES, par_page=PAR_PAGE)
    trouvees = _choisies(lu, demande)
    liste = Liste(
        demande,
        objets=trouvees[demande.depart :][:PAR_PAGE],
        total=len(trouvees),
        facettes=_facettes(lu, demande),
        compte="fiche",
    )
    contexte = {
        "projet": projet,
        "suivi": lu,
        "liste": liste,
        "etats": EtatFiche.labels,
        "peut_ecrire": peut_ecrire_le_projet(request.user, projet),
        "parametres": request.GET.urlencode(),
    }
    reponse = render(request, "projets/suivi/suivi.html", contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


@require_GET
def suivi_fichier(request: RequeteConnectee, pk: int, extension: str) -> StreamingHttpResponse:
    """Les fiches que la page montre, dans un tableur."""
    projet = projet_lu(request, pk)
    if extension not in FORMATS:
        raise Http404("Ce format n'existe pas.")
    lu = lire_suivi(projet, est_dehors=False)
    fiches = _choisies(lu, Demande.lire(request, cles=CLES))
    nom = nom_de_fichier(f"Suivi, {projet.nom}", extension)
    return StreamingHttpResponse(
        exporter_suivi(fiches, lu.annee, extension),
        content_type=TYPES[extension],
        headers={"Content-Disposition": content_disposition_header(True, nom) or "attachment"},
    )


@require_GET
def fiches_en_retard(request: RequeteConnectee) -> HttpResponse:
    """« Aujourd'hui » : les fiches que je pilote et qui sont en retard."""
    if not peut_tenir_des_projets(request.user):
        raise Http404
    projets = [
        projet
        for projet in ProjetSocial.objects.de_l_equipe(request.user).select_related("structure")
        if peut_ecrire_le_projet(request.user, projet)
    ]
    contexte = {"en_retard": fiches_en_retard_de(request.user, projets)}
    return render(request, "projets/suivi/en_retard.html", contexte)


# --- Filtrer --------------------------------------------------------------------------------------


def _cle(suivie: FicheSuivie, facette: str) -> str:
    fiche = suivie.fiche
    return {
        "axe": str(fiche.axe_id or SANS_AXE),
        "etat": fiche.etat,
        "retard": "oui" if suivie.retards else "non",
        "bilan": suivie.avancement["cle"] if suivie.est_de_l_annee else "hors",
        "pilote": str(fiche.pilote_id or fiche.pilote_nom or SANS_PILOTE),
    }[facette]


def _convient(suivie: FicheSuivie, demande: Demande, sauf: str = "") -> bool:
    mot = demande.q.casefold()
    return (not mot or mot in str(suivie.lue).casefold()) and all(
        _cle(suivie, facette) in valeurs for facette, valeurs in demande.choix.items() if facette != sauf
    )


def _choisies(lu: Suivi, demande: Demande) -> list[FicheSuivie]:
    return [suivie for suivie in lu.fiches if _convient(suivie, demande)]


def _facettes(lu: Suivi, demande: Demande) -> Sequence[Facette]:
    """Chaque valeur avec le nombre de fiches qu'elle donnerait."""
    axes = [
        (str(groupe.axe.pk if groupe.axe else SANS_AXE), str(groupe.axe or "À ranger"))
        for groupe in lu.par_axe
    ]
    pilotes = {_cle(suivie, "pilote"): suivie.pilote or "Sans pilote" for suivie in lu.fiches}
    bilans = [
        ("a_faire", "À faire"),
        ("commence", "Commencé"),
        ("clos", "Clos"),
        ("hors", f"Pas d’action en {lu.annee}"),
    ]
    choix = {
        "retard": ("Retard", [("oui", "En retard"), ("non", "À l’heure")]),
        "axe": ("Axe", axes),
        "etat": ("État", list(EtatFiche.choices)),
        "bilan": (f"Bilan {lu.annee}", bilans),
        "pilote": ("Pilote", sorted(pilotes.items(), key=lambda couple: couple[1])),
    }
    facettes = []
    for cle, (libelle, valeurs) in choix.items():
        nombres = Counter(_cle(suivie, cle) for suivie in lu.fiches if _convient(suivie, demande, sauf=cle))
        presentes = {_cle(suivie, cle) for suivie in lu.fiches}
        montrees = [Valeur(v, dit, nombres[v]) for v, dit in valeurs if v in presentes]
        facettes.append(Facette(cle, libelle, montrees, est_ouverte=cle != "pilote"))
    return facettes
