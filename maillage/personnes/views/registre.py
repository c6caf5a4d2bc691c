"""Le registre : chercher une personne, la noter, lire et corriger sa fiche."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from maillage.comptes.nominatif import nominative
from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.saisie import numeros_ecrits, une_ligne
from maillage.core.versions import ConflitDeVersion
from maillage.personnes.choices import ChampDePersonne, EtatPersonne
from maillage.personnes.durees import jours_gardes
from maillage.personnes.forms.droits import AccordForm
from maillage.personnes.forms.fiche import LienForm, PersonneForm, aide
from maillage.personnes.models import Personne
from maillage.personnes.notice import notice_courte
from maillage.personnes.operations import (
    NomDejaConnu,
    champs_notes,
    corriger_personne,
    noter_une_autre_personne,
)
from maillage.personnes.permissions import (
    peut_regler_les_personnes,
    peut_repondre_a_la_personne,
    qui_se_nomme,
)
from maillage.personnes.recherche import chercher_personnes
from maillage.personnes.ressemblances import Ressemblance, ressemblances_avec
from maillage.personnes.views.acces import (
    centre_du_registre,
    centres_a_choisir,
    fiche_ouverte,
    personne_lue,
    personne_suivie,
)

PAR_PAGE = 50


@require_GET
@nominative
def personnes(request: RequeteConnectee) -> HttpResponse:
    """Les fiches suivies, par ordre alphabétique, ou celles qui répondent."""
    centre = centre_du_registre(request)
    siennes = Personne.objects.du_registre(request.user).presentes().filter(structure=centre)
    siennes = siennes.select_related("provenance")
    q = une_ligne(request.GET.get("q", ""), 80)
    trouvees = chercher_personnes(siennes, q) if q else siennes
    contexte = {
        "centre": centre,
        "centres": centres_a_choisir(request),
        "q": q,
        "page": Paginator(trouvees, PAR_PAGE).get_page(request.GET.get("page")),
        "regle": peut_regler_les_personnes(request.user, centre.pk),
        "gelees": _gelees(request, centre.pk),
    }
    return render(request, "personnes/registre.html", contexte)


def _gelees(request: RequeteConnectee, centre: int) -> list[Personne]:
    """La direction seule les retrouve."""
    if not peut_regler_les_personnes(request.user, centre):
        return []
    gelees = Personne.objects.du_registre(request.user).filter(structure=centre, etat=EtatPersonne.LIMITEE)
    return [personne for personne in gelees if peut_repondre_a_la_personne(request.user, personne)]


@require_http_methods(["GET", "POST"])
@nominative
def personne_nouvelle(request: RequeteConnectee) -> HttpResponse:
    """Une fiche qui lui ressemble se montre d'abord : deux fiches d'une même personne se réunissent moins bien."""
    centre = centre_du_registre(request)
    envoi = request.POST if request.method == "POST" else None
    form = PersonneForm(envoi, structure_id=centre.pk, ouverts=champs_notes(centre))
    connues: list[Ressemblance] = []
    if request.method == "POST" and form.is_valid():
        presentes = Personne.objects.du_registre(request.user).presentes().filter(structure=centre)
        trouvees = ressemblances_avec(form.valeurs, presentes)
        try:
            creee = noter_une_autre_personne(
                centre,
                form.valeurs,
                connues=[ressemblance.autre for ressemblance in trouvees],
                autre_que=numeros_ecrits(request.POST.get("autre_que", "")),
                par=request.user,
            )
        except NomDejaConnu:
            connues = trouvees
        except ValidationError as refus:
            form.add_error(None, refus)
        else:
            messages.success(request, "La personne est notée.")
            return redirect("personne", creee.pk)
    contexte = {
        "centre": centre,
        "form": form,
        "notice": notice_courte(centre.pk),
        "connues": connues,
        "autre_que": ",".join(str(ressemblance.autre.pk) for ressemblance in connues),
    }
    return render(request, "personnes/nouvelle.html", contexte, status=422 if form.errors else 200)


@require_GET
@nominative
def personne(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ouvrir une fiche se note."""
    lue = fiche_ouverte(request, personne_lue(request, pk))
    ouverts = champs_notes(lue.structure)
    foyers = [
        (membre, list(membre.foyer.membres.filter(qui_se_nomme(request.user)).select_related("personne")))
        for membre in lue.foyers.select_related("foyer")
    ]
    jours = jours_gardes(lue.structure_id)
    contexte = {
        "personne": lue,
        "champs": [
            (champ, _dit(lue, champ), aide(champ, jours)) for champ in ChampDePersonne if champ in ouverts
        ],
        "foyers": foyers,
        "lien_form": LienForm(),
        "accords": lue.consentements.all(),
        "accord_form": AccordForm(),
        "reunies": lue.fusions_recues.filter(defaite_le=None).select_related("absorbee"),
        "se_suit": lue.etat == EtatPersonne.ACTIVE,
        "notice": notice_courte(lue.structure_id),
    }
    return render(request, "personnes/personne.html", contexte)


def _dit(lue: Personne, champ: ChampDePersonne) -> object:
    valeur = getattr(lue, champ)
    if champ in (ChampDePersonne.GENRE, ChampDePersonne.QUOTIENT):
        valeur = getattr(lue, f"get_{champ}_display")()
    elif champ == ChampDePersonne.PUBLICS:
        valeur = ", ".join(valeur)
    return valeur


@require_http_methods(["GET", "POST"])
@nominative
def personne_corriger(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Si quelqu'un a corrigé la fiche pendant ce temps, sa version est montrée à côté de la saisie."""
    lue = fiche_ouverte(request, personne_suivie(request, pk))
    form = PersonneForm(
        request.POST if request.method == "POST" else None,
        structure_id=lue.structure_id,
        ouverts=champs_notes(lue.structure),
        personne=lue,
    )
    a_cote: list[tuple[str, object]] = []
    if request.method == "POST" and form.is_valid():
        try:
            corriger_personne(lue, form.valeurs, version_lue=form.version_lue, par=request.user)
        except ValidationError as refus:
            form.add_error(None, refus)
        except ConflitDeVersion as conflit:
            lue.refresh_from_db()
            form.add_error(None, f"{conflit} Comparez, puis enregistrez de nouveau.")
            saisie = request.POST.copy()
            saisie["version"] = str(lue.version)
            form.data = saisie
            a_cote = [
                (ChampDePersonne(nom).label, getattr(lue, nom))
                for nom, ecrite in form.valeurs.items()
                if getattr(lue, nom) != ecrite
            ]
        except GesteRefuse as refus:
            raise Http404(str(refus)) from refus
        else:
            messages.success(request, "La fiche est corrigée.")
            return redirect("personne", lue.pk)
    contexte = {"personne": lue, "form": form, "a_cote": a_cote, "notice": notice_courte(lue.structure_id)}
    return render(request, "personnes/corriger.html", contexte, status=422 if form.errors else 200)
