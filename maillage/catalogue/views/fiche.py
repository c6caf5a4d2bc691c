"""La page d'une expérience, ses documents et son adresse courte."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import condition, require_safe

from maillage.catalogue.choices import TEXTES, FamilleTerme, RolePartenaire
from maillage.catalogue.conseils import appreciation, conseils
from maillage.catalogue.documents import fiche_experience
from maillage.catalogue.lecture import commentaires_publies, lire
from maillage.catalogue.models import Experience
from maillage.catalogue.permissions import peut_remettre, peut_retirer
from maillage.catalogue.presentation import (
    LONGUEUR_ACCROCHE,
    Partie,
    abreger,
    accroche,
    identite,
    lignes_de_moyens,
    partenariats,
    parties,
    recit,
    resultats,
    suites,
    termes,
    texte_public,
)
from maillage.catalogue.recherche import IndexIndisponible, similaires
from maillage.core.acces import interne, publique
from maillage.core.debit import Debit, limiter
from maillage.core.documents.telechargement import RENDUS, telecharger
from maillage.moderation.choices import GenreCommentaire

LONGUEUR_DESCRIPTION = 160
"""Ce qu'un moteur de recherche ou une messagerie montre d'une page."""
LONGUEUR_D_UNE_FEUILLE = 3_500
"""Caractères qui tiennent sur une page A4 au corps courant ; au-delà, l'impression serre le texte."""
DEBIT_DES_DOCUMENTS = Debit("documents", par_minute=30, rafale=20)


@publique
@require_safe
def experience(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """La fiche. Une adresse au titre ancien mène à l'actuelle ; une fiche retirée répond 410."""
    fiche = _trouver(request, code)
    if fiche is None:
        return _retiree(request, code)
    ici = adresse(fiche)
    if request.path != ici:
        return HttpResponsePermanentRedirect(ici)
    contexte = {**_contexte(fiche, ici), "gestes": _gestes(request, fiche)}
    return render(request, "catalogue/experience.html", contexte)


@publique
@require_safe
def adresse_courte(request: HttpRequest, code: str) -> HttpResponse:
    """`/e/7k4m2` : l'adresse qu'on recopie d'un papier. Elle ne change jamais."""
    fiche = _trouver(request, code)
    return _retiree(request, code) if fiche is None else HttpResponsePermanentRedirect(adresse(fiche))


def adresse(fiche: Experience) -> str:
    return reverse("experience", args=[fiche.code, fiche.slug])


def _trouver(request: HttpRequest, code: str) -> Experience | None:
    """La fiche qu'on peut lire, celle qui a réuni un doublon ; rien si elle est retirée.

    Lève `Http404` si elle n’a jamais été lisible.
    """
    code = code.lower()
    fiche = lire(code, request.user)
    if fiche is not None:
        return fiche
    retiree = Experience.objects.retirees().select_related("fusionnee_dans").filter(code=code).first()
    if retiree is None:
        raise Http404("Aucune expérience à cette adresse.")
    return lire(retiree.fusionnee_dans.code, request.user) if retiree.fusionnee_dans else None


def _retiree(request: HttpRequest, code: str) -> HttpResponse:
    """Quand et pourquoi ; et pour qui le peut, de quoi la remettre."""
    retirees = Experience.objects.retirees().select_related("structure", "retiree_par", "fusionnee_dans")
    retiree = retirees.get(code=code.lower())
    fiche = retiree.fusionnee_dans or retiree  # un doublon dit ce que dit la fiche qui l'a réuni
    contexte = {"retiree": fiche, "peut_remettre": peut_remettre(request.user, fiche)}
    return render(request, "catalogue/experience_retiree.html", contexte, status=410)


def _gestes(request: HttpRequest, fiche: Experience) -> list[tuple[str, str, str]]:
    """(adresse, libellé, icône) de ce qu'une personne connectée peut faire de cette fiche."""
    if not request.user.is_authenticated:
        return []
    adresse_collections = reverse("experience_collections", args=[fiche.code])
    gestes = [(adresse_collections, "Ajouter à une collection", "folder-plus")]
    if peut_retirer(request.user, fiche):
        adresse_retrait = reverse("experience_retirer", args=[fiche.code])
        gestes.append((adresse_retrait, "Retirer du catalogue", "archive"))
    return gestes


def _contexte(fiche: Experience, ici: str) -> dict[str, Any]:
    titre = texte_public(fiche, "titre")
    description = abreger(" ".join(accroche(fiche).split()), LONGUEUR_DESCRIPTION)
    complete = settings.MAILLAGE_URL + ici
    courte = settings.MAILLAGE_URL + reverse("experience_courte", args=[fiche.code])
    resume = texte_public(fiche, "resume").strip()
    return {
        "fiche": fiche,
        "titre": titre,
        "description": description,
        "accroche": abreger(resume, LONGUEUR_ACCROCHE),
        "est_abregee": len(resume) > LONGUEUR_ACCROCHE,
        "est_longue": sum(len(getattr(fiche, champ)) for champ in TEXTES) > LONGUEUR_D_UNE_FEUILLE,
        "dimensions": termes(fiche, FamilleTerme.DIMENSION),
        "mots_cles": termes(fiche, FamilleTerme.MOT_CLE),
        "identite": identite(fiche),
        "moyens": lignes_de_moyens(fiche),
        "recit": _recit(fiche),
        "resultats": resultats(fiche),
        "suites": suites(fiche),
        "acteurs": partenariats(fiche, RolePartenaire.ACTION),
        "financeurs": partenariats(fiche, RolePartenaire.FINANCEUR),
        "images": [piece for piece in fiche.ses_pieces if piece.est_image],
        "documents_joints": [piece for piece in fiche.ses_pieces if not piece.est_image],
        "sources": fiche.ses_sources,
        **_lecteurs(fiche),
        "proches": _proches(fiche),
        "adresse_pdf": reverse("experience_document", args=[fiche.code, "pdf"]),
        "adresse_docx": reverse("experience_document", args=[fiche.code, "docx"]),
        "conseils": (a_completer := conseils(fiche)),
        "appreciation": appreciation(len(a_completer)),
        "adresse_complete": complete,
        "adresse_courte": courte,
        "adresse_courte_lisible": courte.partition("://")[2],
        "courriel": "mailto:?subject={}&body={}".format(
            quote(titre),
            quote(f"Bonjour,\r\n\r\nCette expérience peut vous intéresser : {titre}\r\n{courte}\r\n"),
        ),
        "donnees": _donnees_structurees(fiche, titre, description, complete),
    }


def _lecteurs(fiche: Experience) -> dict[str, Any]:
    """Les essais et les commentaires publiés, les plus récents d'abord."""
    lus = commentaires_publies(fiche)[::-1]
    return {
        "essais": [lu for lu in lus if lu.genre == GenreCommentaire.ESSAI],
        "commentaires": [lu for lu in lus if lu.genre == GenreCommentaire.COMMENTAIRE],
    }


def _proches(fiche: Experience) -> list[tuple[str, str, str]]:
    """(titre, adresse, raison). Une recherche qui se prépare n'empêche pas de lire la fiche."""
    try:
        trouvees = similaires(fiche.pk)
    except IndexIndisponible:
        return []
    return [(p.titre, reverse("experience", args=[p.code, p.slug]), p.raison) for p in trouvees]


def _recit(fiche: Experience) -> list[Partie]:
    """Le résumé n'y revient que si le chapeau de la page n'en montre que le début."""
    est_court = len(texte_public(fiche, "resume").strip()) <= LONGUEUR_ACCROCHE
    return recit(fiche) if est_court else parties(fiche, ("resume", "Le résumé en entier", "")) + recit(fiche)


def _donnees_structurees(fiche: Experience, titre: str, description: str, adresse: str) -> dict[str, Any]:
    """La fiche pour les moteurs, dans le vocabulaire de schema.org."""
    departement = fiche.structure.departement
    return {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": adresse,
        "url": adresse,
        "identifier": fiche.code,
        "headline": titre,
        "description": description,
        "inLanguage": "fr",
        "datePublished": fiche.publie_le.isoformat() if fiche.publie_le else None,
        "dateModified": fiche.modifie_le.isoformat(),
        "author": {"@type": "Organization", "name": fiche.structure.nom},
        "keywords": [terme.libelle for terme in termes(fiche, FamilleTerme.MOT_CLE)],
        "about": [terme.libelle for terme in termes(fiche, FamilleTerme.DIMENSION)],
        "audience": [
            {"@type": "Audience", "audienceType": terme.libelle}
            for terme in termes(fiche, FamilleTerme.PUBLIC)
        ],
        "spatialCoverage": {"@type": "AdministrativeArea", "name": departement.nom} if departement else None,
        "image": [
            settings.MAILLAGE_URL + reverse("piece", args=[fiche.code, piece.code])
            for piece in fiche.ses_pieces
            if piece.est_image
        ],
        "license": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    }


# --- Documents ------------------------------------------------------------------------------------


def _empreinte(request: HttpRequest, code: str, extension: str) -> str | None:
    """Change avec la fiche, sa structure, les masques levés, ses pièces et la version du logiciel."""
    fiche = (
        Experience.objects.visibles_par(request.user)
        .select_related("structure")
        .prefetch_related("points")
        .filter(code=code.lower())
        .first()
    )
    if fiche is None:
        return None
    masques = "".join(f"{point.pk}{point.etat[:1]}" for point in fiche.points.all())
    pieces = "".join(f"{piece.pk}.{piece.rang}" for piece in fiche.ses_pieces)
    version = f"{fiche.version}-{fiche.structure.version}-{masques}-{pieces}"
    return f'"{settings.MAILLAGE_VERSION}-{version}-{extension}"'


@interne
@limiter(DEBIT_DES_DOCUMENTS)
@require_safe
@condition(etag_func=_empreinte)
def document(request: HttpRequest, code: str, extension: str) -> HttpResponse:
    """La fiche en PDF ou en Word, rendue à la demande ; rien n'est rendu pour qui l'a déjà."""
    if extension not in RENDUS:
        raise Http404("Ce format n'existe pas.")
    fiche = _trouver(request, code)
    return _retiree(request, code) if fiche is None else telecharger(fiche_experience(fiche), extension)
