"""Les inscriptions d'une activité : qui a une place, qui attend, qui doit répondre."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from maillage.activites.choices import EtatInscription, RoleDePresence
from maillage.activites.exportation.presences import presences_en_classeur
from maillage.activites.feuille import SINGULIERS, noms_courts, sans_accent
from maillage.activites.models import Activite, Inscription
from maillage.activites.operations.export_des_presences import noter_l_export
from maillage.activites.operations.inscriptions import (
    EN_COURS,
    InscriptionRefusee,
    accepter_place,
    desister,
    inscrire_nouvelle_personne,
    inscrire_personne,
    proposer_place,
    remettre_inscription,
    reprendre_place,
)
from maillage.activites.permissions import (
    peut_exporter_les_presences,
    peut_lire_le_registre_de,
    peut_voir_les_noms,
)
from maillage.activites.places import places_libres
from maillage.activites.views.noms import celle_du_nom, nom_ecrit, question_du_nom
from maillage.catalogue.exportation.formats import TYPES
from maillage.comptes.nominatif import nominative
from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.telechargement import nom_de_fichier
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.core.saisie import numero_ecrit, une_ligne
from maillage.personnes.models import Personne
from maillage.personnes.operations import NomDejaConnu
from maillage.personnes.permissions import qui_se_nomme
from maillage.personnes.recherche import chercher_personnes

GESTES = {"proposer": proposer_place, "accepter": accepter_place, "reprendre": reprendre_place}
DITS = {
    "proposer": "La place est proposée. Rappelez la personne si elle n’a pas de courriel.",
    "accepter": "La place est donnée.",
    "reprendre": "C’est noté : la personne repasse en fin d’attente, et la place va à la suivante.",
}


@nominative
@require_http_methods(["GET", "POST"])
def inscriptions(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La liste, et l'inscription d'une personne : du registre (`personne`), ou par son prénom et son nom. Un nom déjà
    connu se demande : c'est `elle`, ou une `autre_que` celles-là."""
    activite = _activite(request, pk)
    if request.method == "POST":
        try:
            _dire_l_inscription(request, _inscrire(request, activite))
        except NomDejaConnu as doute:
            question = question_du_nom(doute.connues, retour=reverse("inscriptions", args=[activite.pk]))
            contexte = _contexte(request, activite) | question
            return render(request, "activites/inscriptions.html", contexte)
        except InscriptionRefusee as refus:
            messages.error(request, str(refus))
        return redirect("inscriptions", activite.pk)
    return render(request, "activites/inscriptions.html", _contexte(request, activite))


@nominative
@require_POST
def inscription_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Se désister, revenir, proposer une place, l'accepter, la reprendre."""
    inscription = _inscription(request, pk)
    try:
        if geste == "desister":
            suivante = desister(inscription, par=request.user)
            suite = " Sa place est proposée à la personne suivante." if suivante else ""
            retour = reverse("inscription_geste", args=[inscription.pk, "remettre"])
            messages.success(request, f"Le désistement est noté.{suite}", extra_tags=retour)
        elif geste == "remettre":
            remise = remettre_inscription(inscription, par=request.user)
            messages.success(request, f"Le désistement est défait : {remise.get_etat_display().lower()}.")
        else:
            GESTES[geste](inscription, par=request.user)
            messages.success(request, DITS[geste])
    except InscriptionRefusee as refus:
        messages.error(request, str(refus))
    return redirect("inscriptions", inscription.activite_id)


@nominative
@require_http_methods(["GET", "POST"])
def presences_fichier(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Les présences nommées de l'activité, à la direction seule, pour une raison que le journal garde."""
    activite = _activite(request, pk)
    if not peut_exporter_les_presences(request.user, activite):
        raise Http404("Ce fichier est à la direction.")
    raison, refus = "", ""
    if request.method == "POST":
        raison = une_ligne(request.POST.get("raison", ""), 200)
        try:
            noter_l_export(activite, raison, par=request.user)
        except GesteRefuse as faute:
            refus = str(faute)
        else:
            nom = nom_de_fichier(f"Présences {activite.titre}", "xlsx")
            entetes = {"Content-Disposition": content_disposition_header(True, nom) or "attachment"}
            return StreamingHttpResponse(
                presences_en_classeur(activite), content_type=TYPES["xlsx"], headers=entetes
            )
    contexte = {"activite": activite, "raison": raison, "refus": refus}
    return render(request, "activites/presences_fichier.html", contexte, status=422 if refus else 200)


def _inscrire(request: RequeteConnectee, activite: Activite) -> Inscription:
    ecrit, role = nom_ecrit(request), _role(request)
    if (numero := numero_ecrit(request.POST.get("personne", ""))) is not None:
        connues = Personne.objects.du_registre(request.user)
        personne = get_object_or_404(connues, pk=numero, structure=activite.structure_id)
        return inscrire_personne(activite, personne, role=role, par=request.user)
    if ecrit.elle is not None:
        elle = celle_du_nom(activite.structure, ecrit, par=request.user)
        return inscrire_personne(activite, elle, role=role, par=request.user)
    return inscrire_nouvelle_personne(
        activite, ecrit.prenom, ecrit.nom, role=role, autre_que=ecrit.autre_que, par=request.user
    )


def _role(request: RequeteConnectee) -> str:
    role = request.POST.get("role", "")
    return role if role in RoleDePresence.values else RoleDePresence.PARTICIPANT.value


def _dire_l_inscription(request: RequeteConnectee, inscription: Inscription) -> None:
    if inscription.etat == EtatInscription.INSCRITE:
        messages.success(request, "La personne est inscrite.")
    else:
        messages.warning(request, "L’activité est pleine : la personne attend, dans l’ordre d’arrivée.")


def _contexte(request: RequeteConnectee, activite: Activite) -> dict[str, Any]:
    toutes = list(
        activite.inscriptions.filter(qui_se_nomme(request.user), etat__in=EN_COURS)
        .select_related("personne")
        .order_by("inscrite_le", "pk")
    )
    noms = noms_courts(une.personne for une in toutes)

    def dans(etat: EtatInscription) -> list[tuple[Inscription, str, str]]:
        return [(une, noms[une.personne_id], SINGULIERS[une.role]) for une in toutes if une.etat == etat]

    libres = places_libres(activite)
    ecrit = nom_ecrit(request)
    tient = peut_lire_le_registre_de(request.user, activite.structure_id)
    q = une_ligne(request.GET.get("q", ""), 80)
    connues = Personne.objects.du_registre(request.user).presentes().filter(structure=activite.structure_id)
    deja = connues.exclude(pk__in=[une.personne_id for une in toutes])
    return {
        "activite": activite,
        "inscrites": sorted(dans(EtatInscription.INSCRITE), key=lambda une: sans_accent(une[1])),
        "proposees": dans(EtatInscription.PROPOSEE),
        "en_attente": dans(EtatInscription.EN_ATTENTE),
        "libres": libres,
        "peut_exporter": peut_exporter_les_presences(request.user, activite),
        "places": compte(max(libres, 0), "place libre") if libres is not None else "",
        "roles": [(un.value, SINGULIERS[un]) for un in RoleDePresence],
        "prenom": ecrit.prenom,
        "nom": ecrit.nom,
        "role_ecrit": _role(request),
        "connues": [],
        "deja_ici": {une.personne_id for une in toutes},
        "tient_le_registre": tient,
        "q": q,
        "trouvees": chercher_personnes(deja, q, au_plus=8) if q and tient else [],
    }


def _activite(request: RequeteConnectee, pk: int) -> Activite:
    activites = Activite.objects.de_l_equipe(request.user).select_related("structure")
    activite: Activite = get_object_or_404(activites, pk=pk)
    if not peut_voir_les_noms(request.user, activite) or activite.est_sans_nom:
        raise Http404("Ces inscriptions se tiennent entre celles et ceux qui animent.")
    return activite


def _inscription(request: RequeteConnectee, pk: int) -> Inscription:
    siennes = Activite.objects.de_l_equipe(request.user)
    inscriptions = Inscription.objects.filter(activite__in=siennes).select_related(
        "activite__structure", "personne"
    )
    inscription: Inscription = get_object_or_404(inscriptions, pk=pk)
    if not peut_voir_les_noms(request.user, inscription.activite):
        raise Http404("Cette inscription se tient entre celles et ceux qui animent.")
    return inscription
