"""La recherche dans le catalogue : la page de résultats et les suggestions pendant la frappe."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from maillage.catalogue.choices import TEXTES, FamilleTerme
from maillage.catalogue.models import Experience, Terme
from maillage.catalogue.presentation import (
    accroche,
    budget_en_mots,
    personnes_en_mots,
    termes,
    texte_public,
)
from maillage.catalogue.recherche import CLES, IndexIndisponible, Trouvees, chercher, suggerer
from maillage.core.acces import interne, publique
from maillage.core.anti_spam import RECHERCHE, SUGGESTIONS
from maillage.core.debit import limiter
from maillage.core.demande import numero_de_demande
from maillage.core.listes import Demande, Facette, Liste, Tri, Valeur, rendre_liste

TRIS: Final = (
    Tri("pertinence", "Pertinence"),
    Tri("recentes", "Plus récentes"),
    Tri("titre", "Titre, de A à Z"),
    Tri("budget", "Budget, du plus grand au plus petit"),
)
PAGE_MAX: Final = 400
PLAFOND_DU_TABLEUR: Final = 5_000
PLAFOND_DU_DOSSIER: Final = 50
"""Fiches dans un fichier : au-delà, on affine, ou l'on prend les données ouvertes."""
TELLE_QUELLE: Final = "orthographe"
"""Clé de l'adresse qui dit « ne corrigez pas mes fautes » : un filtre comme un autre, que l'on retire."""
LONGUEUR_EXTRAIT: Final = 240
MOTS_CLES_MONTRES: Final = 3


@dataclass(frozen=True, slots=True)
class Reglage:
    """Comment une facette se montre. `limite` : une page ne liste pas toutes les structures du pays."""

    cle: str
    libelle: str
    pluriel: str = ""
    visibles: int = 8
    est_ouverte: bool = False
    est_par_nombre: bool = True
    limite: int = 120


FACETTES: Final = (
    Reglage("dimension", "Dimension", "dimensions", est_ouverte=True),
    Reglage("public", "Public", "publics", est_ouverte=True),
    Reglage("statut", "Statut", est_ouverte=True, est_par_nombre=False),
    Reglage("mot_cle", "Mots clés", "mots clés", visibles=4, est_ouverte=True),
    Reglage("territoire", "Territoire", "territoires", est_par_nombre=False),
    Reglage("initiative", "À l’initiative", est_par_nombre=False),
    Reglage("partenaire", "Partenaires", "partenaires", limite=25),
    Reglage("departement", "Département", "départements"),
    Reglage("region", "Région", "régions"),
    Reglage("structure", "Structure", "structures", limite=25),
    Reglage("annee", "Année de publication", "années", est_par_nombre=False),
    Reglage("budget", "Budget", est_par_nombre=False),
)


@dataclass(frozen=True, slots=True)
class Resultat:
    """Une fiche telle que la liste la montre : assez pour décider de l'ouvrir."""

    fiche: Experience
    titre: SafeString
    extrait: SafeString
    dimensions: list[Terme]
    mots_cles: list[Terme]
    budget: str
    personnes: str


@publique
@limiter(RECHERCHE)
@require_safe
def experiences(request: HttpRequest) -> HttpResponse:
    """Recherche, facettes et tri, tout dans l'adresse. La même page répond à htmx par son fragment."""
    demande = lire_demande(request)
    if demande.page > PAGE_MAX:
        raise Http404("Cette page de résultats n’existe pas.")
    try:
        trouvees = trouver(demande, depart=demande.depart, nombre=demande.par_page)
    except IndexIndisponible:
        return index_en_preparation(request)
    liste = Liste(
        demande,
        objets=list(_resultats(trouvees, trouvees.fiches)),
        total=trouvees.total,
        facettes=list(_facettes(demande, trouvees)),
        compte="expérience",
        page_max=PAGE_MAX,
    )
    contexte = {
        "suggestions": reverse("experiences_suggestions"),
        "correction": trouvees.correction,
        "ignores": trouvees.ignores,
        "proches": list(_resultats(trouvees, trouvees.proches)),
        "url_telle_quelle": demande.url_avec(TELLE_QUELLE, "telle-quelle"),
        "url_alerte": replace(demande, chemin=reverse("alerte_demander"), tri=TRIS[0].cle).url(),
        "url_flux": replace(demande, chemin=reverse("experiences_flux"), tri=TRIS[0].cle).url(),
        "parametres": parse_qsl(demande.url().partition("?")[2]),
        "plafond_du_dossier": PLAFOND_DU_DOSSIER,
        "plafond_du_tableur": PLAFOND_DU_TABLEUR,
    }
    return rendre_liste(request, "catalogue/experiences.html", liste, contexte)


@interne
@limiter(SUGGESTIONS)
@require_safe
@cache_control(public=True, max_age=300)
def suggestions(request: HttpRequest) -> JsonResponse:
    """`[{"libelle": …}]` : ce que l'on propose pendant la frappe. Rien quand l'index se prépare."""
    try:
        proposees = suggerer(lire_demande(request).q)
    except IndexIndisponible:
        proposees = []
    return JsonResponse([{"libelle": libelle} for libelle in proposees], safe=False)


def lire_demande(request: HttpRequest, adresse: str = "") -> Demande:
    """Ce que l'adresse demande, le même pour la page, le flux et les fichiers."""
    demande = Demande.lire(request, cles=(*CLES, TELLE_QUELLE), tris=TRIS)
    return replace(demande, chemin=adresse or reverse("experiences"))


def criteres(demande: Demande) -> dict[str, tuple[str, ...]]:
    """Les filtres, sans ce qui n'en est pas un."""
    return {cle: valeurs for cle, valeurs in demande.choix.items() if cle != TELLE_QUELLE}


def trouver(demande: Demande, *, depart: int, nombre: int) -> Trouvees:
    """Lève `IndexIndisponible`."""
    return chercher(
        demande.q,
        criteres(demande),
        tri=demande.tri,
        depart=depart,
        nombre=nombre,
        corrige=TELLE_QUELLE not in demande.choix,
        valeurs_par_facette=None,
    )


def index_en_preparation(request: HttpRequest) -> HttpResponse:
    """L'index se construit : c'est affaire de secondes, et rien n'est perdu."""
    reponse = render(
        request, "core/503.html", {"numero": numero_de_demande.get(), "est_plein": False}, status=503
    )
    reponse.headers["Retry-After"] = "30"
    return reponse


def _facettes(demande: Demande, trouvees: Trouvees) -> Iterator[Facette]:
    for reglage in FACETTES:
        valeurs: Sequence[Valeur] = trouvees.facettes[reglage.cle]
        if reglage.est_par_nombre:
            valeurs = _ranger(valeurs, reglage, demande.choix.get(reglage.cle, ()))
        yield Facette(
            reglage.cle, reglage.libelle, valeurs, reglage.visibles, reglage.est_ouverte, reglage.pluriel
        )
    if TELLE_QUELLE in demande.choix:
        yield Facette(
            TELLE_QUELLE, "Orthographe", [Valeur("telle-quelle", "Telle que tapée", trouvees.total)]
        )


def _ranger(valeurs: Sequence[Valeur], reglage: Reglage, choisies: Sequence[str]) -> list[Valeur]:
    """Les plus portées d'abord ; ce que l'on déplie est par ordre alphabétique : on y cherche un nom."""
    rangees = sorted(valeurs, key=lambda valeur: -valeur.nombre)
    gardees = rangees[: reglage.limite] + [v for v in rangees[reglage.limite :] if v.cle in choisies]
    tete, reste = gardees[: reglage.visibles], gardees[reglage.visibles :]
    return tete + sorted(reste, key=lambda valeur: slugify(valeur.libelle))


def _resultats(trouvees: Trouvees, fiches: list[Experience]) -> Iterator[Resultat]:
    for fiche in fiches:
        textes = [texte_public(fiche, champ) for champ in ("resume", *TEXTES)] if trouvees.expressions else []
        yield Resultat(
            fiche=fiche,
            titre=trouvees.surligner(texte_public(fiche, "titre")),
            extrait=trouvees.extrait(textes or [accroche(fiche, LONGUEUR_EXTRAIT)]),
            dimensions=termes(fiche, FamilleTerme.DIMENSION),
            mots_cles=termes(fiche, FamilleTerme.MOT_CLE)[:MOTS_CLES_MONTRES],
            budget=budget_en_mots(fiche),
            personnes=personnes_en_mots(fiche),
        )
