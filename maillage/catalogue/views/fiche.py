"""La page d'une expérience, ses documents et son adresse courte."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillage.catalogue.choices import FamilleTerme, RolePartenaire
from maillage.catalogue.conseils import appreciation, conseils
from maillage.catalogue.models import Experience
from maillage.catalogue.presentation import (
    LONGUEUR_ACCROCHE,
    abreger,
    accroche,
    lignes_de_moyens,
    partenariats,
    termes,
    texte_public,
)
from maillage.core.acces import publique
from maillage.core.documents.description import Liste, Paragraphe, texte_libre

LONGUEUR_DESCRIPTION = 160
"""Ce qu'un moteur de recherche ou une messagerie montre d'une page."""


@dataclass(frozen=True, slots=True)
class Partie:
    """Un morceau titré de la fiche, ses paragraphes et ses listes. `marque` : son icône ou son ton."""

    titre: str
    blocs: tuple[Paragraphe | Liste, ...]
    marque: str = ""


@publique
@require_safe
def experience(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """La fiche. Une adresse au titre ancien mène à l'actuelle ; une fiche retirée répond 410."""
    fiche = _trouver(request, code)
    if fiche is None:
        return _retiree(request)
    if request.path != adresse(fiche):
        return HttpResponsePermanentRedirect(adresse(fiche))
    return render(request, "catalogue/experience.html", _contexte(fiche))


@publique
@require_safe
def adresse_courte(request: HttpRequest, code: str) -> HttpResponse:
    """`/e/7k4m2` : l'adresse qu'on recopie d'un papier. Elle ne change jamais."""
    fiche = _trouver(request, code)
    return _retiree(request) if fiche is None else HttpResponsePermanentRedirect(adresse(fiche))


def adresse(fiche: Experience) -> str:
    return reverse("experience", args=[fiche.code, fiche.slug])


def _trouver(request: HttpRequest, code: str) -> Experience | None:
    """La fiche qu'on peut lire ; rien si elle est retirée. Lève `Http404` si elle n’a jamais été lisible."""
    code = code.lower()
    trouvee: Experience | None = (
        Experience.objects.visibles_par(request.user).completes().filter(code=code).first()
    )
    if trouvee is None and not Experience.objects.retirees().filter(code=code).exists():
        raise Http404("Aucune expérience à cette adresse.")
    return trouvee


def _retiree(request: HttpRequest) -> HttpResponse:
    return render(request, "catalogue/experience_retiree.html", status=410)


def _contexte(fiche: Experience) -> dict[str, Any]:
    titre = texte_public(fiche, "titre")
    description = abreger(" ".join(accroche(fiche).split()), LONGUEUR_DESCRIPTION)
    complete = settings.MAILLAGE_URL + adresse(fiche)
    courte = settings.MAILLAGE_URL + reverse("experience_courte", args=[fiche.code])
    resume = texte_public(fiche, "resume").strip()
    return {
        "fiche": fiche,
        "titre": titre,
        "description": description,
        "accroche": abreger(resume, LONGUEUR_ACCROCHE),
        "est_abregee": len(resume) > LONGUEUR_ACCROCHE,
        "dimensions": termes(fiche, FamilleTerme.DIMENSION),
        "mots_cles": termes(fiche, FamilleTerme.MOT_CLE),
        "identite": _identite(fiche),
        "moyens": lignes_de_moyens(fiche),
        "recit": _recit(fiche),
        "resultats": _parties(
            fiche,
            ("resultat_territoire", "Pour le territoire", "map"),
            ("resultat_centre", "Pour le centre", "house"),
            ("resultat_habitants", "Pour les habitants", "heart-handshake"),
            ("impacts", "Effets positifs", "sprout"),
        ),
        "suites": _parties(
            fiche, ("limites", "Les limites", "alerte"), ("perspectives", "Les perspectives", "ok")
        ),
        "acteurs": partenariats(fiche, RolePartenaire.ACTION),
        "financeurs": partenariats(fiche, RolePartenaire.FINANCEUR),
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


def _parties(fiche: Experience, *champs: tuple[str, str, str]) -> list[Partie]:
    """(champ, titre, marque) → les parties qui ont un texte."""
    return [
        Partie(titre, texte_libre(texte), marque)
        for champ, titre, marque in champs
        if (texte := texte_public(fiche, champ).strip())
    ]


def _recit(fiche: Experience) -> list[Partie]:
    """Le résumé n'y revient que si le chapeau de la page n'en montre que le début."""
    parties = _parties(
        fiche,
        ("resume", "Le résumé en entier", ""),
        ("elements_diagnostic", "Au départ", ""),
        ("description", "Dans l’ensemble", ""),
        ("description_experience", "Objectifs, acteurs et étapes", ""),
        ("raison_fin", "Pourquoi l’action s’est terminée", ""),
    )
    est_court = len(texte_public(fiche, "resume").strip()) <= LONGUEUR_ACCROCHE
    return parties[1:] if fiche.resume.strip() and est_court else parties


def _identite(fiche: Experience) -> list[tuple[str, str]]:
    """Ce qui se dit en quelques mots, en tête de fiche."""

    def noms(famille: FamilleTerme) -> str:
        return ", ".join(terme.libelle for terme in termes(fiche, famille))

    couples = (
        ("Public", noms(FamilleTerme.PUBLIC)),
        ("Territoire", noms(FamilleTerme.TERRITOIRE)),
        ("À l’initiative", noms(FamilleTerme.INITIATIVE)),
        ("Thèmes", noms(FamilleTerme.THEME)),
    )
    return [(libelle, valeur) for libelle, valeur in couples if valeur]


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
        "license": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    }


# --- Documents ------------------------------------------------------------------------------------


def _empreinte(request: HttpRequest, code: str, format: str) -> str | None:
    """Change avec la fiche, sa structure, les masques levés et la version du logiciel."""
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
    return f'"{settings.MAILLAGE_VERSION}-{fiche.version}-{fiche.structure.version}-{masques}-{format}"'
