"""Les collections : les miennes, leur page d'édition, ajouter une fiche, et la page que l'on partage."""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.catalogue.documents import dossier_experiences
from maillage.catalogue.forms.collections import CollectionForm, NoteForm, NouvelleCollectionForm
from maillage.catalogue.models import Collection, ElementCollection, Experience
from maillage.catalogue.operations.collections import (
    CollectionRefusee,
    ajouter_a_la_collection,
    creer_collection,
    deplacer_element,
    ecrire_collection,
    remettre_element,
    retirer_element,
    supprimer_collection,
)
from maillage.catalogue.presentation import accroche, texte_public
from maillage.comptes.requete import RequeteConnectee
from maillage.core.acces import interne, publique
from maillage.core.debit import Debit, limiter
from maillage.core.documents.telechargement import RENDUS, telecharger
from maillage.core.francais import compte
from maillage.core.versions import ConflitDeVersion

DEBIT: Final = Debit("collections", par_minute=12, rafale=8)
LONGUEUR_ACCROCHE: Final = 240


# --- Les miennes ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def collections(request: RequeteConnectee) -> HttpResponse:
    """Celles que je peux modifier, et de quoi en commencer une."""
    form = NouvelleCollectionForm(request.POST if request.method == "POST" else None, par=request.user)
    if request.method == "POST" and form.is_valid():
        creee = creer_collection(form.cleaned_data["titre"], structure=form.proprietaire, par=request.user)
        messages.success(request, f"« {creee} » est créée. Ajoutez-y des fiches depuis leur page.")
        return redirect("collection_modifier", creee.code)
    contexte = {"form": form, "miennes": _miennes(request)}
    return render(request, "catalogue/collections.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def experience_collections(request: RequeteConnectee, code: str) -> HttpResponse:
    """Mettre une fiche dans une de mes collections, ou dans une neuve."""
    fiche = get_object_or_404(Experience.objects.visibles_par(request.user), code=code.lower())
    form = NouvelleCollectionForm(par=request.user)
    if request.method == "POST":
        choisie: Collection | None = None
        if code_choisi := request.POST.get("collection"):
            choisie = get_object_or_404(Collection.objects.modifiables_par(request.user), code=code_choisi)
        else:
            form = NouvelleCollectionForm(request.POST, par=request.user)
            if form.is_valid():
                choisie = creer_collection(
                    form.cleaned_data["titre"], structure=form.proprietaire, par=request.user
                )
        if choisie:
            return _ajouter(request, choisie, fiche)
    contenantes = set(
        ElementCollection.objects.presents().filter(experience=fiche).values_list("collection_id", flat=True)
    )
    miennes = [(une, une.pk in contenantes) for une in _miennes(request)]
    contexte = {"fiche": fiche, "titre": fiche.titre, "miennes": miennes, "form": form}
    return render(request, "catalogue/collection_ajouter.html", contexte, status=422 if form.errors else 200)


def _ajouter(request: RequeteConnectee, choisie: Collection, fiche: Experience) -> HttpResponse:
    try:
        element = ajouter_a_la_collection(choisie, fiche, par=request.user)
    except CollectionRefusee as refus:
        messages.error(request, str(refus))
        return redirect("experience_collections", fiche.code)
    page = reverse("collection_modifier", args=[choisie.code])
    messages.success(
        request,
        f"La fiche est dans « {choisie} ». Dites pourquoi elle y est.",
        extra_tags=f"{page}?geste=retirer:{element.pk}",
    )
    return redirect(f"{page}#id_e{element.pk}-note")


def _miennes(request: RequeteConnectee) -> Sequence[Collection]:
    """Les dernières touchées d'abord, avec leur nombre de fiches."""
    presentes = Count("elements", filter=Q(elements__retire_le=None))
    modifiables = Collection.objects.modifiables_par(request.user).select_related("structure", "auteur")
    return list(modifiables.annotate(nombre=presentes).order_by("-modifie_le", "-pk"))


# --- En modifier une ------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def collection_modifier(request: RequeteConnectee, code: str) -> HttpResponse:
    """Tout sur une page. Un geste (ranger, ôter) enregistre d'abord ce qui est tapé."""
    collection = _modifiable(request, code)
    if request.method == "GET":
        return _montrer(request, collection, CollectionForm(collection=collection, par=request.user))
    voulu = request.POST.get("geste") or request.GET.get("geste", "")  # « Annuler » est une adresse
    geste, _, numero = voulu.partition(":")
    if "titre" in request.POST:
        refus = _enregistrer(request, collection)
        if refus:
            return refus
    return _agir(request, collection, geste, numero)


@require_POST
def collection_supprimer(request: RequeteConnectee, code: str) -> HttpResponse:
    collection = _modifiable(request, code)
    supprimer_collection(collection, par=request.user)
    messages.success(
        request, f"La collection « {collection.titre} » est supprimée. Ses fiches restent au catalogue."
    )
    return redirect("collections")


def _modifiable(request: RequeteConnectee, code: str) -> Collection:
    modifiables = Collection.objects.modifiables_par(request.user).select_related("structure")
    return get_object_or_404(modifiables, code=code)


def _enregistrer(request: RequeteConnectee, collection: Collection) -> HttpResponse | None:
    """Rien quand c'est écrit ; sinon la page, avec ce qui est tapé et ce qui est en ligne."""
    form = CollectionForm(request.POST, collection=collection, par=request.user)
    notes = [NoteForm(element, request.POST) for element in collection.elements.avec_leur_fiche()]
    if not form.is_valid() or not all(note.is_valid() for note in notes):
        return _montrer(request, collection, form, notes, statut=422)
    lue = request.POST.get("version", "")
    envoyees = {
        note.element.pk: note.cleaned_data["note"] for note in notes if f"{note.prefix}-note" in request.POST
    }
    try:
        ecrire_collection(
            collection,
            version_lue=int(lue) if lue.isdecimal() and len(lue) < 10 else 0,
            titre=form.cleaned_data["titre"],
            note=form.cleaned_data["note"],
            est_partagee=form.cleaned_data["est_partagee"],
            structure=form.proprietaire,
            notes=envoyees,
            par=request.user,
        )
    except ConflitDeVersion:
        collection.refresh_from_db()
        return _montrer(request, collection, form, notes, statut=409)
    return None


def _agir(request: RequeteConnectee, collection: Collection, geste: str, numero: str) -> HttpResponse:
    page = reverse("collection_modifier", args=[collection.code])
    if geste == "enregistrer":
        messages.success(request, "La collection est enregistrée.")
        return redirect(page)
    if not numero.isdecimal() or len(numero) > 18:
        raise Http404("Ce geste n'existe pas.")
    elements = collection.elements.select_related("experience", "collection")
    element = get_object_or_404(elements, pk=int(numero))
    ancre = ""
    if geste in {"monter", "descendre"}:
        place = deplacer_element(element, "monter" if geste == "monter" else "descendre", par=request.user)
        ancre = f"#{_bouton_a_garder(geste, place, collection.elements.presents().count())}-{element.pk}"
    elif geste == "retirer":
        retirer_element(element, par=request.user)
        messages.success(
            request,
            f"« {element.experience.titre} » n’y est plus.",
            extra_tags=f"{page}?geste=remettre:{element.pk}",
        )
    elif geste == "remettre":
        remettre_element(element, par=request.user)
        messages.success(request, f"« {element.experience.titre} » est de nouveau à sa place.")
    else:
        raise Http404("Ce geste n'existe pas.")
    return redirect(page + ancre)


def _bouton_a_garder(geste: str, place: int, nombre: int) -> str:
    """Le clavier reste sur le même bouton, ou passe à l'autre quand la fiche arrive au bout."""
    if place == 0:
        return "descendre"
    return "monter" if place == nombre - 1 else geste


def _montrer(
    request: RequeteConnectee,
    collection: Collection,
    form: CollectionForm,
    notes: list[NoteForm] | None = None,
    *,
    statut: int = 200,
) -> HttpResponse:
    """Au conflit, la page porte la version d'aujourd'hui : enregistrer de nouveau est un choix."""
    contexte = {
        "collection": collection,
        "form": form,
        "notes": notes or [NoteForm(element) for element in collection.elements.avec_leur_fiche()],
        "est_en_conflit": statut == 409,
        "adresse_publique": settings.MAILLAGE_URL + reverse("collection", args=[collection.code]),
    }
    return render(request, "catalogue/collection_modifier.html", contexte, status=statut)


# --- La page que l'on partage ---------------------------------------------------------------------


@publique
@require_safe
def collection(request: HttpRequest, code: str) -> HttpResponse:
    """Les fiches dans leur ordre, avec le mot de chacune. Une fiche retirée garde sa place, sans rien dire d'elle."""
    lue = _lisible(request, code)
    elements = _elements(lue)
    contexte = {
        "collection": lue,
        "elements": elements,
        "nombre": sum(fiche is not None for _, fiche, _ in elements),
        "adresse_complete": settings.MAILLAGE_URL + reverse("collection", args=[lue.code]),
        "peut_modifier": Collection.objects.modifiables_par(request.user).filter(pk=lue.pk).exists(),
    }
    return render(request, "catalogue/collection.html", contexte)


@interne
@limiter(DEBIT)
@require_safe
def collection_document(request: HttpRequest, code: str, extension: str) -> HttpResponse:
    """La collection en dossier PDF ou Word."""
    if extension not in RENDUS:
        raise Http404("Ce format n'existe pas.")
    lue = _lisible(request, code)
    elements = list(lue.elements.avec_leur_fiche())
    mots = {element.fiche.pk: element.note for element in elements}
    fiches = Experience.objects.publiees().completes().in_bulk(list(mots))
    retirees = len(mots) - len(fiches)
    notes = [lue.note] if lue.note else []
    if retirees:
        notes.append(f"{compte(retirees, 'fiche retirée')} du catalogue depuis.")
    ordonnees = [fiches[pk] for pk in mots if pk in fiches]
    return telecharger(dossier_experiences(ordonnees, lue.titre, "\n".join(notes), mots), extension)


def _lisible(request: HttpRequest, code: str) -> Collection:
    lisibles = Collection.objects.lisibles_par(request.user).select_related("structure")
    return get_object_or_404(lisibles, code=code.lower())


def _elements(lue: Collection) -> list[tuple[ElementCollection, dict[str, Any] | None, str]]:
    """(élément, ce qu'on montre de sa fiche ou rien si elle est retirée, sa note), sans répéter une fiche."""
    elements = {element.fiche.pk: element for element in reversed(lue.elements.avec_leur_fiche())}
    fiches = Experience.objects.publiees().completes().in_bulk(list(elements))
    montres = [
        (element, _resume(fiches[pk]) if pk in fiches else None, element.note)
        for pk, element in elements.items()
    ]
    return montres[::-1]


def _resume(fiche: Experience) -> dict[str, Any]:
    return {
        "titre": texte_public(fiche, "titre"),
        "url": reverse("experience", args=[fiche.code, fiche.slug]),
        "courte": (settings.MAILLAGE_URL + reverse("experience_courte", args=[fiche.code])).partition("://")[
            2
        ],
        "structure": fiche.structure,
        "accroche": accroche(fiche, LONGUEUR_ACCROCHE),
    }
