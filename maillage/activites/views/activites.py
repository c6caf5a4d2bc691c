"""Les activités du centre : la liste, une activité, l'ouvrir, la changer, la clore."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.activites.choices import EtatActivite, EtatSeance
from maillage.activites.forms.activites import GENRES, ActiviteForm, StructureForm
from maillage.activites.forms.themes import ThemeForm
from maillage.activites.models import Activite
from maillage.activites.operations.activites import (
    changer_l_adresse_de_l_agenda,
    clore_activite,
    dupliquer_activite,
    modifier_activite,
    ouvrir_activite,
    rouvrir_activite,
)
from maillage.activites.permissions import peut_tenir_des_activites, peut_voir_les_noms
from maillage.activites.views.acces import activite_tenue
from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, relire
from maillage.core.listes import Demande, Facette, Liste, Valeur
from maillage.core.versions import ConflitDeVersion
from maillage.projets.models import FicheAction
from maillage.territoire.models import Structure

CLES: Final = ("etat", "qui", "genre", "fiche")
PAR_PAGE: Final = 30
MONTREES: Final = 6
SANS: Final = "sans"


@require_GET
def activites(request: RequeteConnectee) -> HttpResponse:
    """Les ouvertes d'abord, chacune avec sa prochaine séance."""
    if not peut_tenir_des_activites(request.user):
        raise Http404
    demande = Demande.lire(request, cles=CLES, par_page=PAR_PAGE)
    lues = Activite.objects.de_l_equipe(request.user).select_related("fiche", "structure", "site")
    toutes = list(lues.prefetch_related("animateurs").order_by("-etat", "titre", "pk"))
    trouvees = [une for une in toutes if _convient(une, demande)]
    montrees = trouvees[demande.depart :][:PAR_PAGE]
    liste = Liste(
        demande,
        objets=_avec_la_prochaine(montrees),
        total=len(trouvees),
        facettes=_facettes(toutes, demande),
        compte="activité",
    )
    contexte = {
        "liste": liste,
        "nombre": len(toutes),
        "plusieurs": len(structures_de(request.user)) > 1,
        "suggestions": "",
    }
    reponse = render(request, "activites/liste.html", contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


def _avec_la_prochaine(montrees: Sequence[Activite]) -> list[Activite]:
    """Celles-ci, dans leur ordre, avec `prochaine` et `nombre_a_venir` : une requête."""
    a_venir = Q(seances__debut__gte=timezone.now(), seances__etat=EtatSeance.PREVUE)
    nombres = {
        une.pk: une
        for une in Activite.objects.filter(pk__in=[une.pk for une in montrees]).annotate(
            prochaine=Min("seances__debut", filter=a_venir), nombre_a_venir=Count("seances", filter=a_venir)
        )
    }
    for une in montrees:
        prochaine = nombres[une.pk].prochaine
        une.prochaine = prochaine and prochaine.astimezone(une.structure.fuseau).date()  # type: ignore[attr-defined]
        une.nombre_a_venir = nombres[une.pk].nombre_a_venir  # type: ignore[attr-defined]
    return list(montrees)


def _cles(activite: Activite, facette: str) -> set[str]:
    match facette:
        case "qui":
            return {str(une.pk) for une in activite.animateurs.all()} or {SANS}
        case "fiche":
            return {str(activite.fiche_id or SANS)}
        case _:
            return {str(getattr(activite, facette))}


def _convient(activite: Activite, demande: Demande, sauf: str = "") -> bool:
    mot = demande.q.casefold()
    textes = (activite.titre, activite.lieu, *activite.publics)
    return (not mot or any(mot in texte.casefold() for texte in textes)) and all(
        _cles(activite, facette) & set(valeurs)
        for facette, valeurs in demande.choix.items()
        if facette != sauf
    )


def _facettes(toutes: list[Activite], demande: Demande) -> list[Facette]:
    animateurs = {str(q.pk): q.get_full_name() for une in toutes for q in une.animateurs.all()}
    fiches = {str(une.fiche_id): str(une.fiche) for une in toutes if une.fiche_id}
    choix: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "etat": ("État", list(EtatActivite.choices)),
        "qui": ("Qui l’anime", [*_par_nom(animateurs), (SANS, "Personne encore")]),
        "genre": ("Genre", GENRES),
        "fiche": ("Fiche action", [*_par_nom(fiches), (SANS, "Sans fiche")]),
    }
    facettes = []
    for cle, (libelle, valeurs) in choix.items():
        gardees = [une for une in toutes if _convient(une, demande, sauf=cle)]
        nombres = Counter(valeur for une in gardees for valeur in _cles(une, cle))
        presentes = {valeur for une in toutes for valeur in _cles(une, cle)}
        montrees = [Valeur(v, dit, nombres[v]) for v, dit in valeurs if v in presentes]
        facettes.append(Facette(cle, libelle, montrees, est_ouverte=cle in {"etat", "qui"}))
    return facettes


def _par_nom(noms: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(noms.items(), key=lambda couple: couple[1].casefold())


# --- Une activité -----------------------------------------------------------------------------------


@require_GET
def activite(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ses prochaines séances et les dernières, ses séries, ses thèmes, son agenda."""
    lue = activite_tenue(request, pk)
    maintenant = timezone.now()
    seances = lue.seances.avec_leur_activite().prefetch_related("activite__animateurs")
    contexte = {
        "activite": lue,
        "animateurs": lue.animateurs.all(),
        "prochaines": seances.filter(fin__gte=maintenant).order_by("debut", "pk")[: MONTREES + 1],
        "passees": seances.filter(fin__lt=maintenant).order_by("-debut", "-pk")[: MONTREES + 1],
        "montrees": MONTREES,
        "series": lue.series.annotate(nombre=Count("seances")),
        "themes": lue.themes.prefetch_related("seances"),
        "form_theme": ThemeForm(),
        "voit_les_noms": peut_voir_les_noms(request.user, lue),
        "adresse_privee": request.build_absolute_uri(
            reverse("agenda_de_l_activite_prive", args=[lue.jeton_agenda])
        ),
    }
    return render(request, "activites/activite.html", contexte)


@require_http_methods(["GET", "POST"])
def activite_nouvelle(request: RequeteConnectee) -> HttpResponse:
    """En peu de champs. `?fiche=` : pour cette fiche action ; `?structure=` : pour ce centre."""
    structure = _structure(request)
    if structure is None:
        form = StructureForm(Structure.objects.filter(pk__in=structures_de(request.user)))
        return render(request, "activites/quel_centre.html", {"form": form})
    initiales: dict[str, Any] = {"fiche": request.GET.get("fiche", ""), "animateurs": [request.user]}
    if len(sites := structure.sites.all()) == 1:
        initiales["site"] = sites[0]
    form_activite = ActiviteForm(structure, request.POST or None, initial=initiales)
    if request.method == "POST" and form_activite.is_valid():
        creee = ouvrir_activite(structure, **form_activite.valeurs, par=request.user)
        messages.success(request, f"« {creee} » est ouverte. Posez maintenant ses séances.")
        return redirect("activite", creee.pk)
    contexte = {"form": form_activite, "structure": structure}
    statut = 422 if form_activite.errors else 200
    return render(request, "activites/nouvelle.html", contexte, status=statut)


def _structure(request: RequeteConnectee) -> Structure | None:
    """Le centre demandé, celui de la fiche, ou le seul ; rien quand il faut choisir."""
    siennes = Structure.objects.filter(pk__in=structures_de(request.user))
    if not siennes:
        raise Http404
    voulue, fiche = request.GET.get("structure", ""), request.GET.get("fiche", "")
    if voulue.isdecimal():
        choisie: Structure = get_object_or_404(siennes, pk=voulue)
        return choisie
    if fiche.isdecimal():
        lues = FicheAction.objects.de_l_equipe(request.user).select_related("projet__structure")
        return get_object_or_404(lues, pk=fiche).projet.structure
    return siennes[0] if len(siennes) == 1 else None


@require_http_methods(["GET", "POST"])
def activite_modifier(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = activite_tenue(request, pk)
    lues = ActiviteForm.valeurs_de(lue)
    donnees = request.POST if request.method == "POST" else None
    form = ActiviteForm(lue.structure, donnees, activite=lue, initial=ActiviteForm.a_cocher(lues))
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            modifier_activite(lue, version_lue=form.version_lue, **form.valeurs, par=request.user)
        except ConflitDeVersion:
            actuelles = {nom: lues[nom] for nom in ("titre", "lieu", "description", "capacite", "instance")}
            differences = relire(form, actuelles, lue.version)
        else:
            messages.success(request, f"« {lue} » est enregistrée.")
            return redirect("activite", lue.pk)
    contexte: dict[str, Any] = {
        "activite": lue,
        "form": form,
        "ecarts": differences,
    }
    return render(request, "activites/modifier.html", contexte, status=422 if form.errors else 200)


@require_POST
def activite_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Clore, rouvrir, reprendre en copie, changer l'adresse de l'agenda."""
    lue = activite_tenue(request, pk)
    match geste:
        case "clore":
            clore_activite(lue, par=request.user)
            defaire = reverse("activite_geste", args=[pk, "rouvrir"])
            messages.success(request, f"« {lue} » est close.", extra_tags=defaire)
        case "rouvrir":
            rouvrir_activite(lue, par=request.user)
            messages.success(request, f"« {lue} » est ouverte.")
        case "adresse":
            changer_l_adresse_de_l_agenda(lue, par=request.user)
            messages.success(request, "L’agenda a une nouvelle adresse. L’ancienne ne répond plus.")
        case _:
            copie = dupliquer_activite(lue, par=request.user)
            messages.success(request, "Voici la copie. Changez son titre, puis posez ses séances.")
            return redirect("activite_modifier", copie.pk)
    return redirect("activite", lue.pk)


# --- Sur la fiche action ----------------------------------------------------------------------------


@require_GET
def activites_de_la_fiche(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Un morceau de la page d'une fiche : ce qui la fait avancer."""
    fiche: FicheAction = get_object_or_404(FicheAction.objects.de_l_equipe(request.user), pk=pk)
    siennes = Activite.objects.de_l_equipe(request.user).filter(fiche=fiche)
    lues = list(siennes.select_related("structure").order_by("-etat", "titre", "pk"))
    contexte = {"fiche": fiche, "activites": _avec_la_prochaine(lues)}
    return render(request, "activites/de_la_fiche.html", contexte)
