"""Données ouvertes : les fichiers du jour, leur dictionnaire, les versions d'avant."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from maillage.catalogue.exportation import TYPES
from maillage.core.acces import interne, publique
from maillage.core.debit import Debit, limiter
from maillage.portail.donnees_ouvertes import publication
from maillage.portail.donnees_ouvertes.dictionnaire import DICTIONNAIRES

DEBIT = Debit("donnees", par_minute=20, rafale=20)
DERNIERE = "derniere"
_JEUX = (
    (
        "experiences",
        "Les expériences",
        "Toutes les expériences publiées, avec leurs textes, leurs listes et les nombres reconnus.",
    ),
    (
        "centres",
        "L’annuaire des centres",
        "Une ligne par lieu : adresse, téléphone, horaires, accessibilité.",
    ),
    (
        "structures-data-inclusion",
        "L’annuaire au format data·inclusion",
        "Le schéma partagé par les services d’insertion : une structure par lieu.",
    ),
)


@publique
@require_safe
def donnees(request: HttpRequest) -> HttpResponse:
    versions = publication.versions()
    derniere = versions[0] if versions else None
    return render(
        request,
        "portail/donnees.html",
        {
            "derniere": derniere,
            "precedentes": versions[1:],
            "jeux": _jeux(derniere) if derniere else [],
            "dictionnaires": DICTIONNAIRES,
        },
    )


def _empreinte(request: HttpRequest, version: str, nom: str) -> str | None:
    trouve = _trouver(version, nom)
    return f'"{trouve[1].empreinte}"' if trouve else None


@interne
@limiter(DEBIT)
@require_safe
@condition(etag_func=_empreinte)
def donnees_fichier(request: HttpRequest, version: str, nom: str) -> HttpResponseBase:
    """Un fichier d'une version, ou de la dernière (`/donnees/derniere/…`, adresse qui ne change pas)."""
    trouve = _trouver(version, nom)
    if trouve is None:
        raise Http404("Ce fichier n'existe pas, ou plus.")
    edition, fichier = trouve
    reponse = FileResponse(
        edition.chemin(fichier).open("rb"),
        as_attachment=True,
        filename=f"maillage-{edition.nom}-{fichier.nom}",
        content_type=TYPES[fichier.format],
    )
    reponse.headers["Access-Control-Allow-Origin"] = "*"
    reponse.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return reponse


def _trouver(version: str, nom: str) -> tuple[publication.Version, publication.Fichier] | None:
    edition = publication.derniere() if version == DERNIERE else publication.lire(version)
    fichier = edition.fichier(nom) if edition else None
    return (edition, fichier) if edition and fichier else None


def _jeux(version: publication.Version) -> list[dict[str, Any]]:
    jeux = []
    for cle, titre, description in _JEUX:
        fichiers = [fichier for fichier in version.fichiers if fichier.jeu == cle]
        if fichiers:
            jeux.append(
                {
                    "cle": cle,
                    "titre": titre,
                    "description": description,
                    "lignes": fichiers[0].lignes,
                    "fichiers": fichiers,
                }
            )
    return jeux
