"""Les synonymes de la recherche : la liste, un groupe, et l'essai d'une recherche avant et après."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.catalogue.forms.synonymes import SynonymeForm
from maillage.catalogue.models import Synonyme
from maillage.catalogue.operations.synonymes import ajouter_synonyme, modifier_synonyme, supprimer_synonyme
from maillage.catalogue.permissions import peut_modifier_synonymes
from maillage.catalogue.recherche import IndexIndisponible, Trouvees, chercher, dictionnaire, groupes
from maillage.comptes.models import Utilisateur
from maillage.core.recherche.analyse import analyser
from maillage.core.recherche.synonymes import MARQUE_FAIBLE, Dictionnaire, Groupe
from maillage.core.saisie import une_ligne

PAR_PAGE = 50
LONGUEUR_ESSAI = 200
RESULTATS_MONTRES = 5
ESSAYER = "essayer"


@dataclass(frozen=True, slots=True)
class Ligne:
    """Un groupe prêt à lire : qui appelle, qui est appelé, et qui n'est que voisin."""

    pk: int
    appelants: list[str]
    appeles: list[str]
    voisins: list[str]

    @classmethod
    def de(cls, synonyme: Synonyme) -> "Ligne":
        termes = synonyme.termes.splitlines()
        francs = [terme for terme in termes if not terme.startswith(MARQUE_FAIBLE)]
        voisins = [terme.removeprefix(MARQUE_FAIBLE) for terme in termes if terme.startswith(MARQUE_FAIBLE)]
        coupe = 1 if synonyme.est_oriente else len(francs)
        return cls(synonyme.pk, francs[:coupe], francs[coupe:], voisins)


@dataclass(frozen=True, slots=True)
class Essai:
    """Ce qu'une recherche donne, et comment elle se lit."""

    texte: str
    lecture: list[tuple[str, list[str]]]
    trouvees: Trouvees


@require_GET
def synonymes(request: HttpRequest) -> HttpResponse:
    """Les groupes qui contiennent les mots demandés, et l'essai d'une recherche avec la liste telle qu'elle est."""
    _moderatrice(request)
    mots = _texte(request.GET.get("mots", ""))
    page = Paginator(_groupes_qui_disent(mots), PAR_PAGE).get_page(request.GET.get("page"))
    essai = _texte(request.GET.get("essai", ""))
    contexte = {
        "mots": mots,
        "page": page,
        "lignes": [Ligne.de(synonyme) for synonyme in page],
        "essai": _essayer(essai, dictionnaire()) if essai else None,
        "texte_essaye": essai,
    }
    return render(request, "catalogue/synonymes.html", contexte)


@require_http_methods(["GET", "POST"])
def synonyme_nouveau(request: HttpRequest) -> HttpResponse:
    return _formulaire(request, None, par=_moderatrice(request))


@require_http_methods(["GET", "POST"])
def synonyme(request: HttpRequest, pk: int) -> HttpResponse:
    par = _moderatrice(request)
    return _formulaire(request, get_object_or_404(Synonyme, pk=pk), par=par)


@require_POST
def synonyme_supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    par = _moderatrice(request)
    groupe = get_object_or_404(Synonyme, pk=pk)
    premier = groupe.termes.partition("\n")[0]
    supprimer_synonyme(groupe, par=par)
    messages.success(request, f"Le groupe « {premier} » est supprimé. La recherche ne s’en sert plus.")
    return redirect("synonymes")


def _moderatrice(request: HttpRequest) -> Utilisateur:
    """Qui agit. Lève `Http404` : pour les autres, cette page n'existe pas."""
    if not isinstance(request.user, Utilisateur) or not peut_modifier_synonymes(request.user):
        raise Http404
    return request.user


def _texte(brut: str) -> str:
    return une_ligne(brut, LONGUEUR_ESSAI)


def _groupes_qui_disent(mots: str) -> list[Synonyme]:
    """Les groupes où tous ces mots figurent, sans casse, accents ni pluriels ; les derniers touchés d'abord."""
    voulus = set(analyser(mots))
    tous = Synonyme.objects.order_by("-modifie_le", "pk")
    return [groupe for groupe in tous if voulus <= set(analyser(groupe.termes))]


def _formulaire(request: HttpRequest, groupe: Synonyme | None, *, par: Utilisateur) -> HttpResponse:
    """Enregistrer, ou essayer d'abord : la recherche d'essai est faite sans, puis avec ce groupe."""
    formulaire = SynonymeForm.de(groupe) if groupe else SynonymeForm()
    avant = apres = None
    texte = _texte(request.POST.get("essai", ""))
    if request.method == "POST":
        formulaire = SynonymeForm(request.POST)
        if formulaire.is_valid():
            termes, est_oriente = formulaire.cleaned_data["termes"], formulaire.cleaned_data["est_oriente"]
            if request.POST.get("geste") != ESSAYER:
                _enregistrer(groupe, termes, est_oriente, par=par)
                messages.success(
                    request, f"Le groupe « {termes[0]} » est enregistré. La recherche s’en sert déjà."
                )
                return redirect("synonymes")
            texte = texte or termes[0]
            autres = groupes(sans=groupe.pk if groupe else None)
            avant = _essayer(texte, dictionnaire())
            apres = _essayer(texte, Dictionnaire([*autres, Groupe(tuple(termes), est_oriente)]))
    contexte = {
        "groupe": groupe,
        "formulaire": formulaire,
        "texte_essaye": texte,
        "avant": avant,
        "apres": apres,
        "geste_essayer": ESSAYER,
    }
    return render(request, "catalogue/synonyme.html", contexte)


def _enregistrer(groupe: Synonyme | None, termes: list[str], est_oriente: bool, *, par: Utilisateur) -> None:
    if groupe:
        modifier_synonyme(groupe, termes, est_oriente, par=par)
    else:
        ajouter_synonyme(termes, est_oriente, par=par)


def _essayer(texte: str, dictionnaire: Dictionnaire) -> Essai | None:
    try:
        trouvees = chercher(texte, nombre=RESULTATS_MONTRES, facettes=(), dictionnaire=dictionnaire)
    except IndexIndisponible:
        return None
    return Essai(texte, dictionnaire.expliquer(texte), trouvees)
