"""La file : ce qui attend un regard, ce qui est reparti chez son auteur, ce qui est décidé."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Min, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.adresses import adresse_de_retour
from maillage.core.anti_spam import texte_net
from maillage.moderation.choices import EtatDemande, GenreDemande
from maillage.moderation.delais import limite_du_retard
from maillage.moderation.models import Decision, Demande
from maillage.moderation.operations import GesteImpossible, noter, prendre_en_main, rendre
from maillage.moderation.permissions import peut_moderer
from maillage.moderation.presentation import (
    adresse_d_examen,
    delais,
    depuis,
    est_en_retard,
    filtre_de,
    genre_choisi,
    institutions_de,
    main,
    tenue_par_une_autre,
)
from maillage.moderation.querysets import DemandeQuerySet

PAR_PAGE = 25
VUES = {
    "attente": ("En attente", [EtatDemande.EN_ATTENTE]),
    "auteur": ("Chez l’auteur", [EtatDemande.PRECISION]),
    "decidees": ("Décidées", [EtatDemande.ACCEPTEE, EtatDemande.REFUSEE, EtatDemande.SANS_OBJET]),
}
PLURIELS = {
    GenreDemande.FICHE: "fiche",
    GenreDemande.CORRECTION: "correction",
    GenreDemande.COMMENTAIRE: "commentaire",
    GenreDemande.SIGNALEMENT: "signalement",
}


@dataclass(frozen=True)
class Ligne:
    """Une demande, et ce qu'on en dit en une ligne."""

    demande: Demande
    adresse: str
    attente: str
    est_en_retard: bool
    tenue_par: str


def _montrer(demande: Demande, request: RequeteConnectee, filtre: str) -> Ligne:
    est_tenue = tenue_par_une_autre(demande, request.user)
    return Ligne(
        demande,
        adresse_d_examen(demande.genre, demande.objet_id, filtre),
        depuis(demande.deposee_le),
        est_en_retard(demande),
        f"{demande.prise_par.prenom} depuis {depuis(demande.prise_le)}"
        if est_tenue and demande.prise_par and demande.prise_le
        else "",
    )


@require_GET
def demandes(request: RequeteConnectee) -> HttpResponse:
    """La file de mon territoire : urgences d'abord, puis les plus anciennes."""
    if not peut_moderer(request.user):
        raise Http404
    visibles = Demande.objects.visibles_par(request.user)
    genre = genre_choisi(request.GET)
    vue = request.GET.get("etat", "")
    vue = vue if vue in VUES else "attente"
    en_retard = Count("pk", filter=Q(deposee_le__lt=limite_du_retard()))
    comptes = list(
        visibles.order_by()
        .values_list("genre", "etat")
        .annotate(Count("pk"), retards=en_retard, ancienne=Min("deposee_le"))
    )

    def combien(une_vue: str, un_genre: str = "") -> int:
        return sum(n for g, e, n, *_ in comptes if e in VUES[une_vue][1] and un_genre in ("", g))

    choisies = _choisies(visibles, vue, genre)
    pages = Paginator(choisies, PAR_PAGE)
    pages.count = combien(vue, genre)  # déjà compté : une question de moins
    page = pages.get_page(request.GET.get("page"))
    filtre = filtre_de(genre)
    attendent = [(retards, ancienne) for _, e, _, retards, ancienne in comptes if e == EtatDemande.EN_ATTENTE]
    return render(
        request,
        "moderation/file.html",
        {
            "page": page,
            "lignes": [_montrer(demande, request, filtre) for demande in page],
            "vue": vue,
            "vues": [(cle, libelle, combien(cle, genre)) for cle, (libelle, _) in VUES.items()],
            "genre": genre,
            "genres": [(cle, libelle, combien(vue, cle)) for cle, libelle in GenreDemande.choices],
            "total": combien(vue),
            "filtre": filtre,
            "retards": sum(retards for retards, _ in attendent),
            "ancienne": depuis(min(ancienne for _, ancienne in attendent)) if attendent else "",
            "delais": delais(visibles),
        },
    )


def _choisies(visibles: DemandeQuerySet, vue: str, genre: str) -> DemandeQuerySet:
    choisies = visibles.filter(etat__in=VUES[vue][1]).select_related(
        "structure__departement", "prise_par", "deposee_par"
    )
    if genre:
        choisies = choisies.filter(genre=genre)
    if vue == "attente":
        return choisies
    faites = Decision.objects.filter(demande=OuterRef("pk"), annulee_le=None).order_by("-le", "-pk")
    return choisies.annotate(
        decidee_par=Subquery(faites.values("par__prenom")[:1]), decidee_le=Subquery(faites.values("le")[:1])
    ).order_by(F("decidee_le").desc(nulls_last=True), "-pk")


@require_GET
def en_attente(request: RequeteConnectee) -> HttpResponse:
    """Dans « Aujourd'hui » : combien attendent, par genre, et la plus ancienne."""
    if not peut_moderer(request.user):
        raise Http404
    attendent = Demande.objects.visibles_par(request.user).en_attente().order_by()
    par_genre = {
        genre: (nombre, ancienne)
        for genre, nombre, ancienne in attendent.values_list("genre").annotate(Count("pk"), Min("deposee_le"))
    }
    return render(
        request,
        "moderation/en_attente.html",
        {
            "genres": [
                (cle, mot, par_genre[cle][0], depuis(par_genre[cle][1]))
                for cle, mot in PLURIELS.items()
                if cle in par_genre
            ],
            "retards": attendent.en_retard().count(),
        },
    )


def _demande(request: RequeteConnectee, pk: int) -> Demande:
    if not peut_moderer(request.user):
        raise Http404
    demande: Demande = get_object_or_404(Demande.objects.visibles_par(request.user), pk=pk)
    return demande


@require_POST
def prendre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Je l'examine. Fragment pour htmx, qui le demande à l'ouverture de la page ; sinon retour à l'examen."""
    demande = _demande(request, pk)
    retour = _retour(request)
    try:
        prendre_en_main(demande, par=request.user)
    except GesteImpossible as refus:
        if not request.htmx:  # type: ignore[attr-defined]
            messages.warning(request, str(refus))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(retour)
    contexte = main(demande, request.user, retour) | {"vient_d_etre_prise": True}
    return render(request, "moderation/_main.html", contexte)


@require_POST
def rendre_la_main(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Je la laisse aux autres."""
    demande = _demande(request, pk)
    rendre(demande, par=request.user)
    messages.info(request, f"« {demande} » est de nouveau libre : une collègue peut la prendre.")
    return redirect("moderation")


@require_POST
def noter_demande(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Une note que seule mon institution lira."""
    demande = _demande(request, pk)
    miennes = {institution.pk: institution for institution in institutions_de(request.user)}
    numero = request.POST.get("institution", "")
    institution = miennes.get(int(numero)) if numero.isdecimal() else next(iter(miennes.values()), None)
    if institution is None:
        raise Http404
    texte = texte_net(request.POST.get("texte", "")[:4000])
    if texte:
        noter(demande, texte, institution=institution, par=request.user)
        messages.success(request, f"Note ajoutée. Seule « {institution} » la lit.")
    else:
        messages.warning(request, "La note était vide : rien n’a été ajouté.")
    return redirect(_retour(request))


def _retour(request: RequeteConnectee) -> str:
    return adresse_de_retour(str(request.POST.get("retour", "")), sinon="moderation")
