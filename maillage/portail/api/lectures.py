"""Les lectures de l'API."""

from collections.abc import Sequence
from typing import Annotated, Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Query

from maillage.catalogue.choices import FamilleTerme
from maillage.catalogue.models import Experience, Terme
from maillage.catalogue.recherche import IndexIndisponible, chercher
from maillage.portail.api import api, ecriture
from maillage.portail.api.schemas import (
    Erreur,
    ExperienceBreve,
    ExperienceLue,
    Filtres,
    Page,
    RechercheLue,
    StructureLue,
    TermeLu,
)
from maillage.territoire.models import Structure
from maillage.territoire.recherche import chercher_structures

PAR_PAGE_MAX = 50


def _sans_nul(texte: str) -> str:
    """PostgreSQL refuse le caractère nul, qu'aucune personne ne tape."""
    return texte.replace("\0", "")


Numero = Annotated[int, Query(ge=1, le=20_000, description="Page à rendre, à partir de 1.")]
Taille = Annotated[int, Query(ge=1, le=PAR_PAGE_MAX, description="Objets par page, 50 au plus.")]
CodeDepartement = Annotated[str, Query(max_length=3, description="Code du département, « 38 ».")]
Identifiant = Annotated[str, Query(max_length=120, description="Identifiant de la structure.")]
Recherche = Annotated[str, Query(max_length=200, description="Nom, ville, code postal ou rue.")]
Mots = Annotated[str, Query(max_length=200, description="Mots cherchés.")]
Famille = Annotated[FamilleTerme | None, Query(description="Une seule famille.")]


@api.get(
    "/experiences",
    response=Page[ExperienceBreve],
    summary="Les expériences publiées, les plus récentes d’abord",
)
def experiences(
    request: HttpRequest,
    page: Numero = 1,
    par_page: Taille = 25,
    departement: CodeDepartement = "",
    structure: Identifiant = "",
) -> dict[str, Any]:
    fiches = Experience.objects.publiees()
    if departement:
        fiches = fiches.filter(structure__departement=_sans_nul(departement).upper())
    if structure:
        slug = _sans_nul(structure)
        fiches = fiches.filter(Q(structure__slug=slug) | Q(structure__remplacee_par__slug=slug))
    rendues = [
        ecriture.experience_breve(fiche) for fiche in fiches.dernieres(par_page, depart=(page - 1) * par_page)
    ]
    return _enveloppe(request, fiches.count(), page, par_page, rendues)


@api.get(
    "/experiences/{code}", response={200: ExperienceLue, 404: Erreur}, summary="Une expérience, en entier"
)
def experience(request: HttpRequest, code: str) -> dict[str, Any]:
    fiche = Experience.objects.publiees().completes().filter(code=_sans_nul(code).lower()).first()
    if fiche is None:
        raise Http404("Aucune expérience publiée n’a ce code.")
    return ecriture.experience(fiche)


@api.get(
    "/recherche",
    response={200: RechercheLue, 503: Erreur},
    summary="Chercher des expériences : les mêmes réponses et les mêmes nombres que la page",
)
def recherche(
    request: HttpRequest,
    filtres: Filtres = Query(...),  # noqa: B008 - c'est ainsi que ninja reçoit des paramètres groupés
    q: Mots = "",
    page: Annotated[int, Query(ge=1, le=400, description="Page à rendre, à partir de 1.")] = 1,
    par_page: Taille = 25,
) -> dict[str, Any] | tuple[int, dict[str, str]]:
    choix = {
        cle: [_sans_nul(valeur) for valeur in valeurs] for cle, valeurs in filtres.dict().items() if valeurs
    }
    try:
        trouvees = chercher(_sans_nul(q), choix, depart=(page - 1) * par_page, nombre=par_page)
    except IndexIndisponible:
        return 503, {"detail": "L’index de recherche se prépare. Recommencez dans une minute."}
    rendues = [ecriture.experience_breve(fiche) for fiche in trouvees.fiches]
    return _enveloppe(request, trouvees.total, page, par_page, rendues) | {
        "requete": q,
        "correction": ecriture.correction(trouvees.correction),
        "facettes": {
            cle: [{"valeur": v.cle, "libelle": v.libelle, "nombre": v.nombre} for v in valeurs]
            for cle, valeurs in trouvees.facettes.items()
        },
    }


@api.get("/structures", response=Page[StructureLue], summary="L’annuaire des structures")
def structures(
    request: HttpRequest,
    page: Numero = 1,
    par_page: Taille = 25,
    q: Recherche = "",
    departement: CodeDepartement = "",
) -> dict[str, Any]:
    trouvees = _structures()
    if departement:
        trouvees = trouvees.filter(departement=_sans_nul(departement).upper())
    if not q:
        tranche = trouvees.order_by("nom", "pk")[(page - 1) * par_page : page * par_page]
        rendues = [ecriture.structure(objet) for objet in tranche]
        return _enveloppe(request, trouvees.count(), page, par_page, rendues)
    ordre = [trouvee.structure_id for trouvee in chercher_structures(_sans_nul(q), trouvees).trouvees]
    montrees = ordre[(page - 1) * par_page : page * par_page]
    objets = trouvees.in_bulk(montrees)
    rendues = [ecriture.structure(objets[pk]) for pk in montrees]
    return _enveloppe(request, len(ordre), page, par_page, rendues)


@api.get(
    "/structures/{slug}", response={200: StructureLue, 404: Erreur}, summary="Une structure et ses lieux"
)
def structure(request: HttpRequest, slug: str) -> dict[str, Any]:
    objet = _structures().filter(slug=_sans_nul(slug)).first()
    if objet is None:
        raise Http404("Aucune structure n’a cet identifiant.")
    return ecriture.structure(objet)


@api.get("/termes", response=list[TermeLu], summary="Les listes du métier : mots clés, publics, dimensions…")
def termes(request: HttpRequest, famille: Famille = None) -> list[dict[str, str]]:
    lus = Terme.objects.filter(est_a_verifier=False).order_by("famille", "rang", "libelle", "pk")
    if famille:
        lus = lus.filter(famille=famille)
    return [ecriture.terme(terme) for terme in lus]


def _structures() -> QuerySet[Structure]:
    return (
        Structure.objects.visibles()
        .select_related("departement__region", "commune", "gestionnaire")
        .prefetch_related("sites__commune")
    )


def _enveloppe(
    request: HttpRequest, total: int, page: int, par_page: int, objets: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    suivante = None
    if page * par_page < total:
        criteres = request.GET.copy()
        criteres["page"] = str(page + 1)
        suivante = f"{settings.MAILLAGE_URL}{request.path}?{criteres.urlencode()}"
    return {"total": total, "page": page, "par_page": par_page, "suivante": suivante, "objets": objets}
