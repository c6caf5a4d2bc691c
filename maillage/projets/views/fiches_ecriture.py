"""Écrire une fiche action : une étape à la fois, enregistrée à chaque pause ; relire ; revenir à un texte d'avant.

Le script (`brouillon.js`) est celui des expériences : sans lui, le bouton enregistre et continue.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.forms import BoundField, RadioSelect
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core import ecriture_montree
from maillage.core.comparaison import Comparaison, comparer_lignes, comparer_textes
from maillage.core.debit import Debit, trop_de_demandes
from maillage.core.ecriture import GesteRefuse, Valeur, autres_presents, empreinte
from maillage.projets.champs import CHAMPS, GenreChamp, lire_champs
from maillage.projets.citations import citables
from maillage.projets.essais import essais_proches
from maillage.projets.forms.fiche import EtapeForm
from maillage.projets.guide import (
    AIDES,
    ETAPE,
    ETAPE_DU_CHAMP,
    ETAPES,
    PEUT_CITER,
    PREUVE,
    RELIRE,
    Aide,
    Avancement,
    Etape,
    avancement,
    numero,
    precedente,
    suivante,
)
from maillage.projets.indicateurs import indicateurs_de
from maillage.projets.models import FicheAction
from maillage.projets.operations.fiches import (
    Bilan,
    FicheFermee,
    peut_se_reunir,
    reunir,
    revenir_au_texte,
    sauver_fiche,
)
from maillage.projets.operations.gestes import ArbreRefuse
from maillage.projets.permissions import peut_ecrire_la_fiche
from maillage.projets.views.acces import fiche_tenue
from maillage.projets.views.fiches import (
    contexte_de_la_fiche,
    fiche_de_l_equipe,
    page_de_lecture,
    remarques_ouvertes,
)

ENREGISTREMENTS: Final = Debit("fiches-actions", par_minute=60, rafale=60)
PAR_PAGE: Final = 20


class ChampMontre(ecriture_montree.ChampMontre):
    @property
    def aide(self) -> Aide:
        return AIDES[self.nom]

    @property
    def est_liste(self) -> bool:
        """Des cases ou des boutons ronds, que le gabarit met en colonnes."""
        return CHAMPS[self.nom].genre == GenreChamp.CASES or isinstance(self.champ.field.widget, RadioSelect)

    @property
    def peut_se_reunir(self) -> bool:
        return peut_se_reunir(self.nom)

    @property
    def comparaison(self) -> Comparaison | None:
        if not self.conflit:
            return None
        avant, apres = (
            en_mots(valeur, self.champ) for valeur in (self.conflit.le_sien, self.conflit.le_mien)
        )
        comparer = comparer_textes if CHAMPS[self.nom].est_texte else comparer_lignes
        return comparer(avant, apres)


def en_mots(valeur: Valeur, champ: BoundField | None) -> str:
    """Comme la page l'écrirait : un choix par son libellé, une ligne par élément, une citation par son titre."""
    choix = getattr(champ.field, "choices", ()) if champ else ()
    if champ and not choix:
        return str(champ.field.prepare_value(valeur))
    libelles = _libelles(choix)
    lignes: list[str] = valeur if isinstance(valeur, list) else [valeur]
    return "\n".join(libelles.get(ligne, ligne) for ligne in lignes if ligne)


def _libelles(choix: Any) -> dict[str, str]:
    """Valeur → libellé, groupes ouverts."""
    libelles: dict[str, str] = {}
    for cle, libelle in choix:
        libelles |= _libelles(libelle) if isinstance(libelle, list | tuple) else {str(cle): str(libelle)}
    return libelles


@require_GET
def fiche_action_ecrire(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La première étape où il reste à faire."""
    fiche = fiche_tenue(request, pk)
    ou_en_est = _avancement(fiche, lire_champs(fiche))
    return redirect(_adresse(fiche, ou_en_est.etape_suivante))


@require_http_methods(["GET", "POST"])
def fiche_action_etape(request: RequeteConnectee, pk: int, cle: str) -> HttpResponse:
    """Une étape d'écriture."""
    fiche = fiche_tenue(request, pk)
    if (ici := ETAPE.get(cle)) is None:
        raise Http404("Cette étape n'existe pas.")
    if request.method == "POST" and ici.champs:
        if attente := ENREGISTREMENTS.prendre(f"compte-{request.user.pk}"):
            return trop_de_demandes(request, attente)
        return _enregistrer(request, fiche, ici)
    if ici.cle == RELIRE:
        return _relire(request, fiche)
    return _montrer(request, fiche, ici)


def _enregistrer(request: RequeteConnectee, fiche: FicheAction, ici: Etape) -> HttpResponse:
    contexte = contexte_de_la_fiche(fiche)
    actuelles = lire_champs(fiche, ici.tous)
    form = EtapeForm(ici, fiche, contexte["arbre"], actuelles, request.POST)
    ecrites, lues = form.valeurs(), form.lues()
    ecriture_montree.appliquer_les_choix(request.POST, ecrites, lues, actuelles, reunir)
    par_script = ecriture_montree.veut_du_json(request)
    try:
        bilan = sauver_fiche(fiche, ecrites, lues, par=request.user)
    except (FicheFermee, ArbreRefuse) as refus:
        if par_script:
            return ecriture_montree.dire_ferme(str(refus), reverse("fiche_action", args=[fiche.pk]))
        messages.warning(request, str(refus))
        return redirect("fiche_action", fiche.pk)
    if par_script:
        return _repondre_au_script(request, bilan, ici, form)
    if form.errors or bilan.conflits:
        return _montrer(request, bilan.fiche, ici, form, bilan, 422 if form.errors else 409)
    if request.POST.get("rester"):
        return redirect(_adresse(fiche, ici))
    return redirect(_adresse(fiche, suivante(ici)))


def _repondre_au_script(request: RequeteConnectee, bilan: Bilan, ici: Etape, form: EtapeForm) -> HttpResponse:
    fiche = bilan.fiche
    contexte = contexte_de_la_fiche(fiche)
    actuelles = lire_champs(fiche)
    return ecriture_montree.repondre_au_script(
        form,
        EtapeForm(ici, fiche, contexte["arbre"], actuelles),
        lambda champ: ChampMontre(champ, "", bilan.conflits.get(champ.name)),
        actuelles=actuelles,
        conflits=bilan.conflits,
        le=bilan.le,
        titre=str(contexte["lue"]),
        presents=autres_presents(fiche.sauvegardes, request.user),
        reste=render_to_string("projets/fiche/_reste.html", _reste(fiche, actuelles)),
    )


# --- La page --------------------------------------------------------------------------------------


def _montrer(
    request: RequeteConnectee,
    fiche: FicheAction,
    ici: Etape,
    form: EtapeForm | None = None,
    bilan: Bilan | None = None,
    statut: int = 200,
) -> HttpResponse:
    contexte = contexte_de_la_fiche(fiche)
    actuelles = lire_champs(fiche)
    # Un champ enregistré se montre tel qu'il est maintenant : quelqu'un d'autre a pu le changer.
    a_jour = EtapeForm(ici, fiche, contexte["arbre"], actuelles)
    conflits = bilan.conflits if bilan else {}
    a_revoir = {*conflits, *(form.errors if form else ())}
    versions = dict(fiche.sauvegardes.order_by().values_list("champ").annotate(nombre=Count("pk")))

    def montrer(nom: str) -> ChampMontre:
        source = form if form and nom in a_revoir else a_jour
        lue = form.lues()[nom] if form and nom in a_revoir else empreinte(actuelles[nom])
        return ChampMontre(source[nom], lue, conflits.get(nom), [], versions.get(nom, 0))

    montres = {nom: montrer(nom) for nom in a_jour.fields}
    avant = precedente(ici)
    contexte |= {
        "ici": ici,
        "numero": numero(ici),
        "champs": [montres[nom] for nom in ici.champs if nom in montres],
        "plus": [montres[nom] for nom in ici.plus if nom in montres],
        "est_deplie": any(actuelles[nom] or nom in a_revoir for nom in ici.plus),
        "form": form or a_jour,
        "en_conflit": [montre for montre in montres.values() if montre.conflit],
        "presents": autres_presents(fiche.sauvegardes, request.user),
        "adresse": _adresse(fiche, ici),
        "precedente": avant,
        "adresse_precedente": _adresse(fiche, avant) if avant else "",
        "adresse_suivante": _adresse(fiche, suivante(ici)),
        "cle_de_garde": f"fiche-action:{request.user.pk}:{fiche.pk}:{ici.cle}",
        "citables": citables(contexte["arbre"], fiche.pk) if PEUT_CITER.intersection(ici.tous) else [],
        "indicateurs": indicateurs_de(fiche, est_dehors=False) if ici.cle == PREUVE else [],
        "remarques": remarques_ouvertes(fiche, ici.tous),
        "essais": essais_proches(actuelles),
        "peut_ecrire": True,
        **_reste(fiche, actuelles),
    }
    contexte["etapes_d_ecriture"] = _etapes(fiche, contexte["avancement"], ici)
    return render(request, "projets/fiche/ecrire.html", contexte, status=statut)


def _relire(request: RequeteConnectee, fiche: FicheAction) -> HttpResponse:
    """La fiche telle qu'elle sera dans le dossier, et ce qui manque encore."""
    contexte = contexte_de_la_fiche(fiche) | _reste(fiche, lire_champs(fiche))
    contexte |= {
        "ici": ETAPE[RELIRE],
        "numero": numero(ETAPE[RELIRE]),
        "document": page_de_lecture(request, contexte["lue"], contexte["arbre"]),
        "etapes_d_ecriture": _etapes(fiche, contexte["avancement"], ETAPE[RELIRE]),
        "adresse_precedente": _adresse(fiche, ETAPE[PREUVE]),
        "precedente": ETAPE[PREUVE],
    }
    return render(request, "projets/fiche/relire.html", contexte)


def _adresse(fiche: FicheAction, etape: Etape) -> str:
    return reverse("fiche_action_etape", args=[fiche.pk, etape.cle])


def _avancement(fiche: FicheAction, valeurs: Mapping[str, Valeur]) -> Avancement:
    return avancement(valeurs, fiche.indicateurs.count())


def _etapes(fiche: FicheAction, ou_en_est: Avancement, ici: Etape) -> list[tuple[Etape, str, bool, bool]]:
    """(étape, adresse, est finie, est celle où l'on est)."""
    return [(etape, _adresse(fiche, etape), etape.cle in ou_en_est.finies, etape == ici) for etape in ETAPES]


def _reste(fiche: FicheAction, valeurs: Mapping[str, Valeur]) -> dict[str, Any]:
    ou_en_est = _avancement(fiche, valeurs)
    taches = [
        (attente.constat, f"{_adresse(fiche, attente.etape)}#{attente.champ}")
        for attente in ou_en_est.attentes
    ]
    return {"avancement": ou_en_est, "taches": taches}


# --- L'histoire -----------------------------------------------------------------------------------


@require_GET
def fiche_action_histoire(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Les textes qu'un champ a eus, ou tous les champs, le plus récent d'abord ; on peut reprendre chacun."""
    fiche = fiche_de_l_equipe(request, pk)
    contexte = contexte_de_la_fiche(fiche)
    champ = request.GET.get("champ", "")
    champ = champ if champ in CHAMPS else ""
    sauvegardes = fiche.sauvegardes.select_related("par").order_by("-pk")
    page = Paginator(sauvegardes.filter(champ=champ) if champ else sauvegardes, PAR_PAGE).get_page(
        request.GET.get("page")
    )
    valeurs = lire_champs(fiche)
    etapes = [EtapeForm(etape, fiche, contexte["arbre"], valeurs) for etape in ETAPES if etape.champs]
    champs = {nom: form[nom] for form in etapes for nom in form.fields}
    contexte |= {
        "champ": CHAMPS[champ] if champ else None,
        "page": page,
        "textes": [
            (une, CHAMPS[une.champ].libelle, en_mots(une.valeur, champs.get(une.champ))) for une in page
        ],
        "peut_ecrire": peut_ecrire_la_fiche(request.user, fiche),
    }
    return render(request, "projets/fiche/histoire.html", contexte)


@require_POST
def fiche_action_revenir(request: RequeteConnectee, pk: int, sauvegarde: int) -> HttpResponse:
    fiche = fiche_tenue(request, pk)
    choisie = get_object_or_404(fiche.sauvegardes.select_related("fiche__projet"), pk=sauvegarde)
    try:
        revenir_au_texte(choisie, par=request.user)
    except (GesteRefuse, ArbreRefuse) as refus:
        messages.error(request, str(refus))
        return redirect("fiche_action", pk)
    messages.success(request, "Le texte d’avant est revenu. Celui qu’il remplace reste dans l’histoire.")
    return redirect(f"{_adresse(fiche, ETAPE_DU_CHAMP[choisie.champ])}#{choisie.champ}")
