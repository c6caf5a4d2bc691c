"""Où l'on en est du diagnostic, la chaîne entière, et le diagnostic tel que le dehors le lira."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.description import Document, Section
from maillage.core.documents.html import rendre_html
from maillage.projets.chaine import lire_la_chaine
from maillage.projets.exportation.diagnostic import blocs_du_diagnostic
from maillage.projets.manques_du_diagnostic import manques_du_diagnostic
from maillage.projets.permissions import peut_ecrire_le_projet
from maillage.projets.views.acces import projet_lu


@require_GET
def diagnostic(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Chaque partie, son compte, et ce qui reste à faire."""
    projet = projet_lu(request, pk)
    parties = [
        (
            "diagnostic_chiffres",
            "gauge",
            "Chiffres et tableaux",
            projet.chiffres.count() + projet.tableaux.count(),
        ),
        ("diagnostic_rencontres", "users-round", "Rencontres et restitutions", projet.rencontres.count()),
        ("diagnostic_paroles", "message-circle", "Paroles d’habitants", projet.paroles.count()),
        ("diagnostic_resultats", "clipboard-check", "Résultats d’enquête", projet.resultats.count()),
        ("diagnostic_constats", "scan-search", "Constats", projet.constats.count()),
        ("besoins", "list-tree", "Besoins et preuves", projet.besoins.count()),
    ]
    contexte = {
        "projet": projet,
        "parties": [(nom, icone, titre, n) for nom, icone, titre, n in parties],
        "manques": manques_du_diagnostic(projet),
        "est_vide": not any(n for *_, n in parties),
        "premiers": projet.besoins.order_by("rang", "pk")[:5],
        "ecrit": peut_ecrire_le_projet(request.user, projet),
    }
    return render(request, "projets/diagnostic/diagnostic.html", contexte)


@require_GET
def diagnostic_chaine(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Besoin, enjeu, objectif, fiche : d'un bout à l'autre, sur une page."""
    projet = projet_lu(request, pk)
    contexte = {"projet": projet, "chaine": lire_la_chaine(projet)}
    return render(request, "projets/diagnostic/chaine.html", contexte)


@require_GET
def diagnostic_apercu(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Tel que le dossier le dira : les petits nombres cachés."""
    projet = projet_lu(request, pk)
    parties = [Section(titre, blocs) for titre, blocs in blocs_du_diagnostic(projet) if blocs]
    rendu = ""
    if parties:
        document = Document(
            titre=f"Diagnostic, {projet.nom}",
            auteur=projet.structure.nom,
            date=timezone.localdate(),
            sections=tuple(parties),
        )
        rendu = rendre_html(document, a_titre=False)
    return render(request, "projets/diagnostic/apercu.html", {"projet": projet, "document": rendu})
