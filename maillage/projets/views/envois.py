"""Les envois : les versions d'un projet, en lire une, la télécharger, la comparer, la donner à lire ; un bilan."""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maillage.comptes.requete import RequeteConnectee
from maillage.core import fichiers
from maillage.core.debit import Debit, limiter
from maillage.core.documents.description import Document, composer
from maillage.core.documents.garde import de_donnees, empreinte_de
from maillage.core.documents.html import rendre_html
from maillage.core.documents.telechargement import RENDUS, nom_de_fichier, piece_jointe
from maillage.core.ecriture import GesteRefuse
from maillage.core.suivi import rattraper_pour
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import GenreEnvoi
from maillage.projets.comparaison_d_envois import SortDeSection, comparer_documents
from maillage.projets.exportation.bilan import bilan_annuel
from maillage.projets.exportation.dossier import document_du_dossier
from maillage.projets.forms.envois import PartagerForm, PointForm, TransmettreForm
from maillage.projets.forms.instruction import AnnoterForm
from maillage.projets.models import Annotation, Envoi, Partage, PointACompleter, ProjetSocial
from maillage.projets.models.envois import PROJET_ENTIER
from maillage.projets.operations.envois import envoyer, reprendre_envoi
from maillage.projets.operations.instruction import repondre_au_point
from maillage.projets.operations.partages import fermer_partage, partager
from maillage.projets.permissions import (
    est_de_l_equipe,
    peut_conduire_le_projet,
    peut_instruire,
    peut_lire_des_partages,
)
from maillage.projets.suivi import lire_suivi

FICHIERS: Final = Debit("fichiers_d_envoi", par_minute=20, rafale=20)
EXTENSIONS: Final = {"pdf": "application/pdf", "docx": RENDUS["docx"][1], "html": "text/html; charset=utf-8"}


# --- Le centre : ses versions, l'aperçu, un bilan -----------------------------------------------------


@require_GET
def envois(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Tout ce que le projet a transmis, avec qui le lit."""
    projet = _de_l_equipe(request, pk)
    lus = (
        projet.envois.defer("contenu").select_related("envoye_par", "recu_par").order_by("-envoye_le", "-pk")
    )
    contexte = {
        "projet": projet,
        "dossiers": [envoi for envoi in lus if envoi.genre == GenreEnvoi.DOSSIER],
        "suites": [envoi for envoi in lus if envoi.genre != GenreEnvoi.DOSSIER],
        "partages": Partage.objects.filter(envoi__projet=projet, ferme_le=None)
        .select_related("institution", "envoi")
        .defer("envoi__contenu"),
        "conduit": peut_conduire_le_projet(request.user, projet),
    }
    return render(request, "projets/envois/envois.html", contexte)


@require_GET
def envoi_apercu(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Le dossier tel qu'il partirait maintenant."""
    projet = _de_l_equipe(request, pk)
    document = rendre_html(document_du_dossier(projet), niveau=2)
    return render(request, "projets/envois/apercu.html", {"projet": projet, "document": document})


@limiter(FICHIERS)
@require_http_methods(["GET", "POST"])
def bilan_transmettre(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """Le bilan d'une année, tel que la Caf le lira : sans les petits nombres."""
    projet = _conduit(request, pk)
    if annee not in projet.annees:
        raise Http404("Le projet ne touche pas cette année.")
    if request.method == "POST":
        rattraper_le_projet(projet)
    document = bilan_annuel(lire_suivi(projet, annee, est_dehors=True))
    return transmettre(request, projet, document, genre=GenreEnvoi.BILAN, annee=annee)


def transmettre(
    request: RequeteConnectee,
    projet: ProjetSocial,
    document: Document,
    *,
    genre: GenreEnvoi,
    annee: int = PROJET_ENTIER,
    a_voir: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """La page « Transmettre à la Caf » d'un document qui suit le dossier : bilan, évaluation. `a_voir` : ce qui reste
    à écrire et où ; rien de cela n'empêche."""
    form = TransmettreForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            parti = envoyer(projet, document, genre=genre, annee=annee, par=request.user, **form.cleaned_data)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("envois", projet.pk)
        messages.success(request, f"C’est transmis : {parti}.")
        return redirect("envoi", parti.pk)
    contexte = {
        "projet": projet,
        "form": form,
        "titre": f"{genre.label} {annee}" if annee != PROJET_ENTIER else genre.label,
        "version": _version_suivante(projet, genre, annee),
        "a_voir": a_voir,
        "document": rendre_html(document, niveau=2),
    }
    return render(request, "projets/envois/transmettre.html", contexte, status=422 if form.errors else 200)


def rattraper_le_projet(projet: ProjetSocial) -> None:
    """Ce qui se fige est à jour de ce qui vient d'être saisi."""
    for fiche in projet.fiches.select_related("projet__structure").order_by("pk"):
        rattraper_pour(fiche)


def _version_suivante(projet: ProjetSocial, genre: GenreEnvoi, annee: int) -> int:
    deja = projet.envois.filter(genre=genre, annee=annee).aggregate(numero=Max("numero"))["numero"]
    return (deja or 0) + 1


@require_POST
def envoi_reprendre(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = _envoi(request, pk)
    if not peut_conduire_le_projet(request.user, trouve.projet):
        raise Http404
    try:
        reprendre_envoi(trouve, par=request.user)
        messages.success(request, "L’envoi est repris. La Caf ne le lit plus.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("envois", trouve.projet_id)


@require_http_methods(["GET", "POST"])
def point_repondre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """L'équipe dit ce qu'elle a fait d'un point demandé par la Caf."""
    points = PointACompleter.objects.select_related("demande__envoi__projet__structure").filter(
        demande__envoi__projet__in=ProjetSocial.objects.de_l_equipe(request.user)
    )
    point = get_object_or_404(points.defer("demande__envoi__contenu"), pk=pk, demande__retiree_le=None)
    projet = point.demande.envoi.projet
    initial = {"reponse": point.reponse, "version": point.version}
    form = PointForm(request.POST if request.method == "POST" else None, initial=initial)
    statut, ecart = 200, ""
    if request.method == "POST" and form.is_valid():
        try:
            repondre_au_point(
                point, form.cleaned_data["reponse"], version_lue=form.version_lue, par=request.user
            )
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("agrement", projet.pk)
        except ConflitDeVersion:
            point.refresh_from_db()
            ecart, statut = point.reponse, 409
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(point.version)  # type: ignore[index]
        else:
            messages.success(request, "Votre réponse est gardée. Elle partira avec la version suivante.")
            return redirect("agrement", projet.pk)
    contexte = {"projet": projet, "point": point, "form": form, "ecart": ecart}
    return render(request, "projets/envois/point.html", contexte, status=422 if form.errors else statut)


# --- Donner à lire ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def partages(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Les cofinanceurs qui lisent, et ce qu'ils lisent."""
    projet = _conduit(request, pk)
    form = PartagerForm(request.POST if request.method == "POST" else None, projet=projet)
    if request.method == "POST" and form.is_valid():
        try:
            ouverts = partager(
                projet, form.cleaned_data["envois"], form.cleaned_data["institution"], par=request.user
            )
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        else:
            nom = form.cleaned_data["institution"].nom
            deja = f"{nom} lisait déjà ces envois."
            messages.success(request, f"{nom} peut maintenant lire ces envois." if ouverts else deja)
        return redirect("partages", projet.pk)
    contexte = {
        "projet": projet,
        "form": form,
        "partages": Partage.objects.filter(envoi__projet=projet)
        .select_related("institution", "envoi", "ouvert_par")
        .defer("envoi__contenu"),
        "a_des_envois": projet.envois.filter(retire_le=None).exists(),
    }
    return render(request, "projets/envois/partages.html", contexte, status=422 if form.errors else 200)


@require_POST
def partage_fermer(request: RequeteConnectee, pk: int) -> HttpResponse:
    lus = Partage.objects.select_related("envoi__projet__structure", "institution").defer("envoi__contenu")
    partage = get_object_or_404(lus, pk=pk, envoi__projet__in=ProjetSocial.objects.de_l_equipe(request.user))
    if not peut_conduire_le_projet(request.user, partage.envoi.projet):
        raise Http404
    fermer_partage(partage, par=request.user)
    messages.success(request, f"{partage.institution.nom} ne lit plus cet envoi.")
    return redirect("partages", partage.envoi.projet_id)


@require_GET
def dossiers_partages(request: RequeteConnectee) -> HttpResponse:
    """Pour un cofinanceur : ce que des centres lui donnent à lire."""
    if not peut_lire_des_partages(request.user):
        raise Http404
    lus = Envoi.objects.partages_avec(request.user).sans_contenu().select_related("projet__structure")
    return render(request, "projets/envois/dossiers_partages.html", {"envois": list(lus)})


# --- Lire un envoi : le centre, la Caf, les cofinanceurs ------------------------------------------------


@require_GET
def envoi(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Le document tel qu'il est parti, et l'empreinte qui le prouve."""
    lu = _envoi(request, pk)
    contexte = contexte_de_lecture(request, lu)
    if contexte["instruit"]:
        contexte["form"] = AnnoterForm(sections=contexte["sections"])
    return render(request, "projets/envois/envoi.html", contexte)


def contexte_de_lecture(request: RequeteConnectee, lu: Envoi) -> dict[str, Any]:
    document = de_donnees(lu.contenu)
    instruit = peut_instruire(request.user, lu.projet)
    est_a_nous = est_de_l_equipe(request.user, lu.projet)
    annotations = Annotation.objects.visibles_par(request.user).filter(envoi=lu).select_related("ecrite_par")
    versions = Envoi.objects.visibles_par(request.user).filter(
        projet=lu.projet_id, genre=lu.genre, annee=lu.annee, retire_le=None
    )
    return {
        "envoi": lu,
        "projet": lu.projet,
        "document": rendre_html(document, niveau=2),
        "sections": [(section.ancre, section.titre) for section in composer(document).sections],
        "instruit": instruit,
        "est_a_nous": est_a_nous,
        "mot_se_lit": instruit or est_a_nous,  # écrit pour la Caf : un cofinanceur ne le lit pas
        "conduit": peut_conduire_le_projet(request.user, lu.projet),
        "annotations": annotations,
        "versions": versions.defer("contenu").order_by("-numero").exclude(pk=lu.pk),
        "est_intact": _est_intact(lu),
    }


@limiter(FICHIERS)
@require_safe
def envoi_fichier(request: RequeteConnectee, pk: int, extension: str) -> HttpResponse:
    """Le PDF est celui d'origine ; Word et la page viennent du contenu gardé."""
    lu = _envoi(request, pk)
    if extension not in EXTENSIONS:
        raise Http404("Ce format n'existe pas.")
    nom = nom_de_fichier(f"{lu.nom_du_projet}, {lu}", extension)
    if extension == "pdf":
        try:
            octets = fichiers.lire(lu.pdf)
        except FileNotFoundError:
            raise Http404("Ce fichier manque.") from None
    elif extension == "docx":
        octets = RENDUS["docx"][0](de_donnees(lu.contenu))
    else:
        contexte = {"document": rendre_html(de_donnees(lu.contenu)), "projet": {"nom": lu.nom_du_projet}}
        octets = render_to_string("projets/document.html", contexte).encode()
    return piece_jointe(octets, nom, EXTENSIONS[extension])


@limiter(FICHIERS)
@require_safe
def envoi_piece(request: RequeteConnectee, pk: int, rang: int) -> HttpResponse:
    lu = _envoi(request, pk)
    if not 1 <= rang <= len(lu.pieces):
        raise Http404("Cette pièce n'existe pas.")
    piece = lu.pieces[rang - 1]
    try:
        octets = fichiers.lire(piece["chemin"])
    except FileNotFoundError:
        raise Http404("Ce fichier manque.") from None
    return piece_jointe(octets, str(piece["nom"]), "application/octet-stream")


@require_GET
def envois_comparer(request: RequeteConnectee, pk: int, autre: int) -> HttpResponse:
    """Deux versions du même document : ce qui est ajouté, ôté, changé."""
    une, deux = _envoi(request, pk), _envoi(request, autre)
    if (une.projet_id, une.genre, une.annee) != (deux.projet_id, deux.genre, deux.annee) or une.pk == deux.pk:
        raise Http404("Ces envois ne se comparent pas.")
    avant, apres = sorted((une, deux), key=lambda envoi: envoi.numero)
    sections = comparer_documents(de_donnees(avant.contenu), de_donnees(apres.contenu))
    changees = [section for section in sections if section.sort != SortDeSection.PAREILLE]
    noms = (avant.nom_du_projet, apres.nom_du_projet)
    contexte = {
        "projet": une.projet,
        "noms": noms if noms[0] != noms[1] else None,
        "pieces_ajoutees": _pieces_de_plus(apres, avant),
        "pieces_otees": _pieces_de_plus(avant, apres),
        "avant": avant,
        "apres": apres,
        "changees": changees,
        "pareilles": len(sections) - len(changees),
        "comptes": [
            (sort, sum(section.sort == sort for section in changees))
            for sort in (SortDeSection.AJOUTEE, SortDeSection.CHANGEE, SortDeSection.OTEE)
        ],
        "instruit": peut_instruire(request.user, une.projet),
        "est_a_nous": est_de_l_equipe(request.user, une.projet),
    }
    return render(request, "projets/envois/comparer.html", contexte)


# --- Trouver ------------------------------------------------------------------------------------------


def _pieces_de_plus(un: Envoi, autre: Envoi) -> list[str]:
    """Les noms de ce qui n'est pas dans l'autre ; un fichier remplacé y est ôté, et ajouté."""
    connues = {(piece["nom"], piece["empreinte"]) for piece in autre.pieces}
    return [piece["nom"] for piece in un.pieces if (piece["nom"], piece["empreinte"]) not in connues]


def _est_intact(envoi: Envoi) -> bool:
    """Le contenu et le PDF sont bien ceux du jour de l'envoi."""
    contenu = empreinte_de({"contenu": envoi.contenu, "pieces": envoi.pieces})
    try:
        pdf = fichiers.empreinte(fichiers.lire(envoi.pdf))
    except (FileNotFoundError, IsADirectoryError):
        return False
    return contenu == envoi.empreinte and (not envoi.empreinte_pdf or pdf == envoi.empreinte_pdf)


def _envoi(request: RequeteConnectee, pk: int) -> Envoi:
    lus = Envoi.objects.visibles_par(request.user).select_related(
        "projet__structure", "envoye_par", "recu_par"
    )
    trouve: Envoi = get_object_or_404(lus, pk=pk)
    return trouve


def _de_l_equipe(request: RequeteConnectee, pk: int) -> ProjetSocial:
    lus = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure")
    projet: ProjetSocial = get_object_or_404(lus, pk=pk)
    return projet


def _conduit(request: RequeteConnectee, pk: int) -> ProjetSocial:
    projet = _de_l_equipe(request, pk)
    if not peut_conduire_le_projet(request.user, projet):
        raise Http404
    return projet
