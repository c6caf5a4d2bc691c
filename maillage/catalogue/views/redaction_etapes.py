"""Une étape d'un brouillon : la montrer, l'enregistrer, dire ce qui manque et ce qui mérite attention.

Le script (`brouillon.js`) envoie la même étape que le bouton, et reçoit en JSON ce que la page doit changer : ce qui
est écrit en HTML ici l'est par les mêmes gabarits. Sans script, un conflit ou une erreur rendent la page, texte gardé.
"""

from typing import Any, Final

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from maillage.catalogue.brouillon import apercu, avancement, valeurs
from maillage.catalogue.champs import CHAMPS, GenreChamp, Valeur
from maillage.catalogue.comparaison import comparer_champ
from maillage.catalogue.forms.redaction import EtapeForm
from maillage.catalogue.guide import (
    AIDES,
    ETAPE,
    ETAPES,
    OBLIGATOIRES,
    Aide,
    Etape,
    attente_du_champ,
    numero,
    precedente,
    suivante,
)
from maillage.catalogue.models import Contribution
from maillage.catalogue.operations.sauvegardes import (
    Bilan,
    BrouillonFerme,
    peut_se_reunir,
    reunir,
    sauver_champs,
)
from maillage.catalogue.prudence import Doute, douter, retirer
from maillage.catalogue.views.redaction import adresse_etape, decision_de, la_sienne
from maillage.catalogue.voisines import voisines
from maillage.comptes.requete import RequeteConnectee
from maillage.core import ecriture_montree
from maillage.core.comparaison import Comparaison
from maillage.core.debit import Debit, trop_de_demandes
from maillage.core.ecriture import autres_presents, empreinte

ENREGISTREMENTS: Final = Debit("brouillons", par_minute=60, rafale=60)
TEXTES: Final = {GenreChamp.COURT, GenreChamp.LONG}


class ChampMontre(ecriture_montree.ChampMontre):
    @property
    def aide(self) -> Aide:
        return AIDES[self.nom]

    @property
    def bonne_fiche(self) -> str:
        """Ce qui fait une bonne fiche, à cet endroit."""
        attente = attente_du_champ(self.nom)
        return attente.aide if attente else ""

    @property
    def est_liste(self) -> bool:
        return CHAMPS[self.nom].genre in {GenreChamp.TERMES, GenreChamp.CHOIX}

    @property
    def est_longue(self) -> bool:
        """Une liste que l'on parcourt mieux en y cherchant un mot."""
        return CHAMPS[self.nom].genre == GenreChamp.TERMES and len(list(self.champ)) > 8

    @property
    def est_obligatoire(self) -> bool:
        return any(groupe[0] == self.nom for groupe in OBLIGATOIRES)

    @property
    def comparaison(self) -> Comparaison | None:
        return comparer_champ(self.nom, self.conflit.le_sien, self.conflit.le_mien) if self.conflit else None

    @property
    def peut_se_reunir(self) -> bool:
        return peut_se_reunir(self.nom)


@require_http_methods(["GET", "POST"])
def etape(request: RequeteConnectee, pk: int, cle: str) -> HttpResponse:
    """Une étape d'écriture. Une fiche qui n'est plus en écriture montre où elle en est."""
    ici = ETAPE.get(cle)
    if ici is None or not ici.champs:
        raise Http404("Cette étape n'existe pas.")
    contribution = la_sienne(request, pk)
    if request.method == "POST":
        if attente := ENREGISTREMENTS.prendre(f"compte-{request.user.pk}"):
            return trop_de_demandes(request, attente)
        return _enregistrer(request, contribution, ici)
    if not contribution.est_ouverte:
        return redirect("contribution", pk)
    ecrites = valeurs(contribution)
    return _montrer(request, contribution, ici, EtapeForm(ici, ecrites), ecrites)


def _enregistrer(request: RequeteConnectee, contribution: Contribution, ici: Etape) -> HttpResponse:
    actuelles = valeurs(contribution, ici.champs)
    form = EtapeForm(ici, actuelles, request.POST)
    ecrites = form.valeurs()
    lues = form.lues()
    ecriture_montree.appliquer_les_choix(request.POST, ecrites, lues, actuelles, reunir)
    _retirer_les_mots(request, ecrites)
    try:
        bilan = sauver_champs(contribution, ecrites, lues, par=request.user)
    except BrouillonFerme as ferme:
        if ecriture_montree.veut_du_json(request):
            return ecriture_montree.dire_ferme(str(ferme), reverse("contribution", args=[contribution.pk]))
        messages.warning(request, str(ferme))
        return redirect("contribution", contribution.pk)
    if ecriture_montree.veut_du_json(request):
        return _repondre_au_script(request, bilan, ici, form, ecrites)
    if form.errors or bilan.conflits:
        return _montrer(request, bilan.contribution, ici, form, ecrites, bilan, 422 if form.errors else 409)
    return redirect(_apres(request, bilan.contribution, ici))


def _apres(request: RequeteConnectee, contribution: Contribution, ici: Etape) -> str:
    """Où l'on va : l'étape suivante, ou la même quand on n'a demandé qu'un retrait ou une ligne de plus."""
    if champ := request.POST.get("retirer", "").partition("|")[0]:
        return f"{adresse_etape(contribution, ici)}#{champ}" if champ in ici.champs else ""
    if request.POST.get("rester"):
        return adresse_etape(contribution, ici)
    return adresse_etape(contribution, suivante(ici))


def _retirer_les_mots(request: RequeteConnectee, ecrites: dict[str, Valeur]) -> None:
    nom, _, extrait = request.POST.get("retirer", "").partition("|")
    if isinstance(ecrites.get(nom), str):
        ecrites[nom] = retirer(ecrites[nom], extrait)


def _doutes(contribution: Contribution, ici: Etape, ecrites: dict[str, Valeur]) -> dict[str, list[Doute]]:
    textes = {nom: ecrites[nom] for nom in ici.champs if nom in ecrites and CHAMPS[nom].genre in TEXTES}
    doutes: dict[str, list[Doute]] = {}
    for doute in douter(textes, contribution.experience.structure.nom):
        siens = doutes.setdefault(doute.champ, [])
        if doute.extrait not in {autre.extrait for autre in siens}:
            siens.append(doute)
    return doutes


# --- Ce que le script reçoit ----------------------------------------------------------------------


def _repondre_au_script(
    request: RequeteConnectee, bilan: Bilan, ici: Etape, form: EtapeForm, ecrites: dict[str, Valeur]
) -> JsonResponse:
    contribution = bilan.contribution
    actuelles = valeurs(contribution)
    doutes = _doutes(contribution, ici, {**actuelles, **ecrites})
    return ecriture_montree.repondre_au_script(
        form,
        EtapeForm(ici, actuelles),
        lambda champ: ChampMontre(champ, "", bilan.conflits.get(champ.name), doutes.get(champ.name, [])),
        actuelles=actuelles,
        conflits=bilan.conflits,
        le=bilan.le,
        titre=str(contribution),
        presents=autres_presents(contribution.sauvegardes, request.user),
        reste=render_to_string("catalogue/redaction/_reste.html", _reste(contribution, actuelles)),
    )


def _reste(contribution: Contribution, ecrites: dict[str, Valeur]) -> dict[str, Any]:
    return {"contribution": contribution, "avancement": avancement(apercu(contribution), ecrites)}


# --- La page --------------------------------------------------------------------------------------


def _montrer(
    request: RequeteConnectee,
    contribution: Contribution,
    ici: Etape,
    form: EtapeForm,
    ecrites: dict[str, Valeur],
    bilan: Bilan | None = None,
    statut: int = 200,
) -> HttpResponse:
    actuelles = valeurs(contribution)
    doutes = _doutes(contribution, ici, ecrites)
    conflits = bilan.conflits if bilan else {}
    # Un champ enregistré se montre tel qu'il est maintenant : quelqu'un d'autre a pu le changer.
    a_jour = EtapeForm(ici, actuelles)
    a_revoir = {*conflits, *form.errors}
    sauvegardes = contribution.sauvegardes.order_by().values_list("champ")
    versions = dict(sauvegardes.annotate(nombre=Count("pk")))
    montres = [
        ChampMontre(
            (form if nom in a_revoir else a_jour)[nom],
            form.lues()[nom] if nom in a_revoir else empreinte(actuelles[nom]),
            conflits.get(nom),
            doutes.get(nom, []),
            versions.get(nom, 0),
        )
        for nom in ici.champs
    ]
    contexte = {
        "contribution": contribution,
        "titre": str(contribution),
        "ici": ici,
        "numero": numero(ici),
        "champs": montres,
        "form": form,
        "en_conflit": [montre for montre in montres if montre.conflit],
        "presents": autres_presents(contribution.sauvegardes, request.user),
        "voisines": _voisines(contribution, actuelles) if ici in ETAPES[:2] else [],
        "decision": decision_de(contribution),
        "adresse": adresse_etape(contribution, ici),
        "precedente": (avant := precedente(ici)),
        "adresse_precedente": adresse_etape(contribution, avant) if avant else "",
        "suivante": suivante(ici),
        "adresse_suivante": adresse_etape(contribution, suivante(ici)),
        "cle_de_garde": f"brouillon:{request.user.pk}:{contribution.pk}:{ici.cle}",
        **_reste(contribution, actuelles),
    }
    return render(request, "catalogue/redaction/etape.html", contexte, status=statut)


def _voisines(contribution: Contribution, ecrites: dict[str, Valeur]) -> Any:
    return voisines(contribution, ecrites["titre"], ecrites["resume"])


@require_GET
def contribution_proches(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Les fiches très proches, en fragment : le script le demande quand le titre ou le résumé ont changé."""
    contribution = la_sienne(request, pk)
    if not getattr(request, "htmx", False):
        return redirect(adresse_etape(contribution, ETAPES[0]))
    contexte = {"contribution": contribution, "voisines": _voisines(contribution, valeurs(contribution))}
    return render(request, "catalogue/redaction/_voisines.html", contexte)
