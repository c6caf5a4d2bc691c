"""Une branche de l'arbre, sans souris ni script : l'ajouter, la nommer, la ranger, l'ôter."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import Couleur
from maillage.projets.forms.arbre import (
    AjouterForm,
    AxeForm,
    DeplacerForm,
    FichesForm,
    LecturesForm,
    LiensForm,
    PlaceForm,
    Places,
    SpecifiqueForm,
    TitreForm,
    cle_de,
)
from maillage.projets.lecture import Arbre, lire_arbre
from maillage.projets.models import Axe, Enjeu, FicheAction, Objectif, ProjetSocial, ProjetSpecifique
from maillage.projets.operations.arbre import (
    Noeud,
    ajouter_axe,
    ajouter_enjeu,
    ajouter_objectif,
    deplacer,
    ecrire_axe,
    oter,
    rattacher,
    renommer,
)
from maillage.projets.operations.gestes import ArbreRefuse
from maillage.projets.operations.specifiques import (
    ajouter_specifique,
    ecrire_specifique,
    mettre_dans_les_projets,
    oter_specifique,
)
from maillage.projets.views.acces import projet_tenu
from maillage.projets.views.arbre import dire_le_geste, lire_noeud, retour
from maillage.projets.vue_de_l_arbre import adresse_de_la_fiche

MOTS = {
    "axe": ("Ajouter un axe", "Une grande orientation du projet."),
    "enjeu": ("Ajouter un enjeu", "Ce qui est en jeu pour le territoire, sous un axe."),
    "objectif": ("Ajouter un objectif", "Ce que vous voulez changer. Les fiches se rangent dessous."),
    "specifique": ("Ajouter un projet spécifique", "Une lecture en travers : familles, jeunesse, accueil."),
}
CONFLIT = "Quelqu’un vient de modifier cette branche. Relisez ce qui est écrit, puis recommencez."


@require_http_methods(["GET", "POST"])
def arbre_ajouter(request: RequeteConnectee, pk: int, genre: str) -> HttpResponse:
    projet = projet_tenu(request, pk)
    if genre not in MOTS:
        raise Http404("On n'ajoute pas cela à un arbre.")
    form = _form_d_ajout(request, projet, genre)
    if request.method == "POST" and form.is_valid():
        try:
            return _ajouter(request, projet, genre, form)
        except ArbreRefuse as refus:
            form.add_error("lettre" if genre == "axe" else None, str(refus))
    titre, chapo = MOTS[genre]
    contexte = {"projet": projet, "form": form, "titre_de_page": titre, "chapo": chapo}
    return render(request, "projets/arbre/ajouter.html", contexte, status=422 if form.errors else 200)


def _form_d_ajout(request: RequeteConnectee, projet: ProjetSocial, genre: str) -> forms.Form:
    donnees = request.POST if request.method == "POST" else None
    arbre = lire_arbre(projet)
    if genre == "axe":
        return AxeForm(donnees, initial=_axe_suivant(arbre))
    if genre == "specifique":
        return SpecifiqueForm(donnees)
    places = {"enjeu": Places.d_un_enjeu, "objectif": Places.d_un_objectif, "fiche": Places.d_une_fiche}[
        genre
    ]
    return AjouterForm(donnees, places=places(arbre), mots="Sous", initial={"sous": request.GET.get("sous")})


def _axe_suivant(arbre: Arbre) -> dict[str, Any]:
    """La lettre et la couleur que personne n'a prises, dans la suite des autres."""
    prises = {axe.axe.lettre for axe in arbre.axes}
    suite = "123456789" if any(lettre.isdigit() for lettre in prises) else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    couleurs = {axe.axe.couleur for axe in arbre.axes}
    return {
        "lettre": next((lettre for lettre in suite if lettre not in prises), ""),
        "couleur": next((couleur for couleur in Couleur.values if couleur not in couleurs), Couleur.CORAIL),
    }


def _ajouter(request: RequeteConnectee, projet: ProjetSocial, genre: str, form: forms.Form) -> HttpResponse:
    lues = form.cleaned_data
    if isinstance(form, AxeForm):
        axe = ajouter_axe(projet, **lues, par=request.user)
        dire_le_geste(request, projet, f"L’axe « {axe} » est ajouté.")
        return retour(projet, cle_de(axe))
    if isinstance(form, SpecifiqueForm):
        specifique = ajouter_specifique(projet, **lues, par=request.user)
        dire_le_geste(request, projet, f"« {specifique} » est ajouté. Choisissez ses fiches.")
        return redirect("arbre_specifique", projet.pk, specifique.pk)
    assert isinstance(form, AjouterForm)  # noqa: S101
    place, titre = form.place_choisie, lues["titre"]
    noeud: Noeud
    if isinstance(place, Axe) and genre == "enjeu":
        noeud = ajouter_enjeu(place, titre, par=request.user)
    else:
        assert not isinstance(place, ProjetSocial)  # noqa: S101
        noeud = ajouter_objectif(place, titre, par=request.user)
    dire_le_geste(request, projet, f"« {noeud} » est ajouté.")
    return retour(projet, cle_de(noeud))


# --- Une branche -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def arbre_noeud(request: RequeteConnectee, pk: int, genre: str, cle: int) -> HttpResponse:
    """Tout ce que l'on fait d'une branche, une carte par geste. `geste` dit laquelle est envoyée."""
    projet = projet_tenu(request, pk)
    noeud = lire_noeud(projet, f"{genre}-{cle}")
    arbre = lire_arbre(projet)
    voulu = request.POST.get("geste", "") if request.method == "POST" else ""
    cartes = _cartes(arbre, noeud, {voulu: request.POST})
    if voulu:
        form = cartes.get(voulu)
        if form is None:
            raise Http404("Ce geste n'existe pas ici.")
        if form.is_valid() and (reponse := _agir(request, projet, noeud, voulu, form)):
            return reponse
    contexte = {
        "projet": projet,
        "noeud": noeud,
        "genre": genre,
        "cle": cle_de(noeud),
        "cartes": cartes,
        "lue": arbre.par_numero_de_ligne.get(noeud.pk) if isinstance(noeud, FicheAction) else None,
        "nombre_de_fiches": _nombre_de_fiches(arbre, noeud),
        "adresse_de_la_fiche": adresse_de_la_fiche(noeud) if isinstance(noeud, FicheAction) else "",
    }
    statut = 422 if voulu and cartes[voulu].errors else 200
    return render(request, "projets/arbre/branche.html", contexte, status=statut)


def _cartes(arbre: Arbre, noeud: Noeud, envoyees: dict[str, Any]) -> dict[str, forms.Form]:
    """Geste → son formulaire, rempli de ce qui est, ou de ce qui vient d'être envoyé."""
    places = _places(arbre, noeud)
    ici = next((cle for cle, place in places.de.items() if place == _porteur(noeud)), None)
    decrit: dict[str, forms.Form] = {}
    if isinstance(noeud, Axe):
        decrit["nommer"] = AxeForm(
            envoyees.get("nommer"),
            initial={nom: getattr(noeud, nom) for nom in ("titre", "lettre", "couleur", "est_transversal")},
        )
    else:
        decrit["nommer"] = TitreForm(envoyees.get("nommer"), initial={"titre": noeud.titre})
    decrit["deplacer"] = DeplacerForm(
        envoyees.get("deplacer"), places=places, initial={"sous": ici}, prefix="place"
    )
    if isinstance(noeud, FicheAction):
        decrit["rattacher"] = LiensForm(
            envoyees.get("rattacher"), arbre=arbre, lue=arbre.par_numero_de_ligne[noeud.pk]
        )
        specifiques = list(arbre.projet.specifiques.order_by("rang", "pk"))
        if specifiques:
            lues = [str(un) for un in noeud.specifiques.order_by("rang").values_list("pk", flat=True)]
            decrit["lire"] = LecturesForm(
                envoyees.get("lire"), specifiques=specifiques, initial={"specifiques": lues}
            )
    elif _nombre_de_fiches(arbre, noeud):
        decrit["oter"] = PlaceForm(
            envoyees.get("oter"),
            places=Places.d_une_fiche(arbre, sauf=noeud),
            mots="Ses fiches vont sous",
            prefix="vers",
        )
    else:
        decrit["oter"] = forms.Form(envoyees.get("oter"))
    return decrit


def _places(arbre: Arbre, noeud: Noeud) -> Places:
    if isinstance(noeud, Axe):
        return Places.d_un_axe(arbre)
    if isinstance(noeud, Enjeu):
        return Places.d_un_enjeu(arbre)
    if isinstance(noeud, Objectif):
        return Places.d_un_objectif(arbre, sauf=noeud, generaux=not noeud.operationnels.exists())
    return Places.d_une_fiche(arbre)


def _porteur(noeud: Noeud) -> Model:
    if isinstance(noeud, Axe):
        return noeud.projet
    if isinstance(noeud, Enjeu):
        return noeud.axe
    if isinstance(noeud, Objectif):
        return noeud.parent or (noeud.enjeu if noeud.enjeu.titre else noeud.enjeu.axe)
    return noeud.objectif or noeud.axe or noeud.projet


def _nombre_de_fiches(arbre: Arbre, noeud: Noeud) -> int:
    for axe in arbre.axes:
        if axe.axe == noeud:
            return len(axe.fiches)
        for enjeu in axe.enjeux:
            if enjeu.enjeu == noeud:
                return sum(len(list(lu.toutes())) for lu in enjeu.objectifs)
            for lu in enjeu.objectifs:
                for un in (lu, *lu.operationnels):
                    if un.objectif == noeud:
                        return len(list(un.toutes()))
    return 0


def _agir(
    request: RequeteConnectee, projet: ProjetSocial, noeud: Noeud, geste: str, form: Any
) -> HttpResponse | None:
    """La réponse, ou rien quand c'est refusé : la page revient alors avec l'erreur."""
    gestes: dict[str, Callable[[RequeteConnectee, Any, Any], str]] = {
        "nommer": _nommer,
        "deplacer": _deplacer,
        "rattacher": _rattacher,
        "lire": _lire,
        "oter": _oter,
    }
    try:
        dit = gestes[geste](request, noeud, form)
    except ConflitDeVersion:
        form.add_error(None, CONFLIT)
        return None
    except ArbreRefuse as refus:
        form.add_error(None, str(refus))
        return None
    dire_le_geste(request, projet, dit)
    return retour(projet, "" if geste == "oter" else cle_de(noeud))


def _nommer(request: RequeteConnectee, noeud: Noeud, form: forms.Form) -> str:
    lue = request.POST.get("version", "")
    version = int(lue) if lue.isascii() and lue.isdigit() and len(lue) < 9 else 0
    if isinstance(noeud, Axe):
        ecrire_axe(noeud, version_lue=version, **form.cleaned_data, par=request.user)
    else:
        renommer(noeud, form.cleaned_data["titre"], version_lue=version, par=request.user)
    return f"C’est écrit : « {form.cleaned_data['titre']} »."


def _deplacer(request: RequeteConnectee, noeud: Noeud, form: DeplacerForm) -> str:
    deplacer(noeud, form.place_choisie, form.cleaned_data["place"], par=request.user)
    return f"« {noeud} » a sa nouvelle place."


def _rattacher(request: RequeteConnectee, noeud: FicheAction, form: LiensForm) -> str:
    rattacher(noeud, form.choisis, par=request.user)
    return f"Les objectifs que sert « {noeud} » sont choisis."


def _lire(request: RequeteConnectee, noeud: FicheAction, form: LecturesForm) -> str:
    mettre_dans_les_projets(noeud, form.choisis, par=request.user)
    return f"Les projets où se lit « {noeud} » sont choisis."


def _oter(request: RequeteConnectee, noeud: Axe | Enjeu | Objectif, form: forms.Form) -> str:
    vers = form.place_choisie if isinstance(form, PlaceForm) else None
    nom = str(noeud)
    oter(noeud, vers, par=request.user)
    return f"« {nom} » est supprimé."


# --- Un projet spécifique --------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def arbre_specifique(request: RequeteConnectee, pk: int, cle: int) -> HttpResponse:
    """Son nom, et ses fiches à cocher dans l'ordre de l'arbre."""
    projet = projet_tenu(request, pk)
    specifique = get_object_or_404(ProjetSpecifique.objects.select_related("projet"), projet=projet, pk=cle)
    depart = {
        "genre": specifique.genre,
        "nom": specifique.nom,
        "presentation": specifique.presentation,
        "fiches": [str(une) for une in specifique.fiches.order_by("pk").values_list("pk", flat=True)],
    }
    est_envoye = request.method == "POST"
    form = FichesForm(request.POST if est_envoye else None, arbre=lire_arbre(projet), initial=depart)
    if est_envoye and request.POST.get("geste") == "oter":
        oter_specifique(specifique, par=request.user)
        dire_le_geste(request, projet, f"« {specifique.nom} » est supprimé. Ses fiches restent dans l’arbre.")
        return retour(projet)
    if est_envoye and form.is_valid():
        lues = {**form.cleaned_data, "fiches": form.choisies}
        lue = request.POST.get("version", "")
        try:
            version = int(lue) if lue.isascii() and lue.isdigit() and len(lue) < 9 else 0
            ecrire_specifique(specifique, version_lue=version, **lues, par=request.user)
        except ConflitDeVersion:
            form.add_error(None, CONFLIT)
        except ArbreRefuse as refus:
            form.add_error("nom", str(refus))
        else:
            dire_le_geste(request, projet, f"« {lues['nom']} » est enregistré.")
            return redirect(f"{reverse('arbre', args=[projet.pk])}?projet={specifique.pk}")
    contexte = {"projet": projet, "specifique": specifique, "form": form}
    return render(request, "projets/arbre/specifique.html", contexte, status=422 if form.errors else 200)
