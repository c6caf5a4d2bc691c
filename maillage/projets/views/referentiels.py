"""Les référentiels : la fédération et l'administration en déposent des versions ; un projet dit celle qu'il suit."""

from typing import Any, Final

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maillage.comptes.choices import Role
from maillage.comptes.permissions import a_role
from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.telechargement import nom_de_fichier, piece_jointe
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.projets.choices import EtatReferentiel
from maillage.projets.controle_des_referentiels import controler, ecarts_entre
from maillage.projets.forms.referentiels import DepotDeReferentielForm, SuivreForm
from maillage.projets.models import ProjetSocial, ReferentielSuivi, VersionDeReferentiel
from maillage.projets.operations.referentiels import (
    deposer_referentiel,
    publier_referentiel,
    retirer_referentiel,
    suivre_le_referentiel,
    versions_a_suivre,
    versions_du_meme_lieu,
)
from maillage.projets.permissions import (
    peut_modifier_le_cadre,
    peut_tenir_des_referentiels,
)
from maillage.projets.querysets import federations_de
from maillage.projets.referentiels import (
    Referentiel,
    cles_livrees,
    lire_referentiel,
    livre,
    referentiel_de,
    texte_livre,
)
from maillage.territoire.choices import GenreInstitution
from maillage.territoire.models import Departement, Institution

TYPE_TOML: Final = "application/toml; charset=utf-8"
FAUTES_MONTREES: Final = 40
SEL: Final = "projets.referentiels"
VALIDITE: Final = 3600
"""Secondes pendant lesquelles un aperçu peut être confirmé."""
TROP_LOURD: Final = (
    "Ce fichier dépasse 20 Mo. Un référentiel en fait moins d’un : vérifiez le fichier choisi."
)


@require_GET
def referentiels(request: RequeteConnectee) -> HttpResponse:
    """Ceux que Maillage apporte, et les versions déposées que l'on tient."""
    _exiger(request)
    versions = VersionDeReferentiel.objects.tenues_par(request.user).select_related(
        "institution", "departement", "deposee_par"
    )
    contexte = {"livres": [livre(cle) for cle in cles_livrees()], "versions": versions}
    return render(request, "projets/referentiels/liste.html", contexte)


@require_GET
def referentiel_livre(request: RequeteConnectee, cle: str) -> HttpResponse:
    _exiger(request)
    if cle not in cles_livrees():
        raise Http404("Maillage n'apporte pas ce référentiel.")
    contexte = {"referentiel": livre(cle), "livree": cle, "version": None, "ecarts": None}
    return render(request, "projets/referentiels/version.html", contexte)


@require_safe
def referentiel_livre_fichier(request: RequeteConnectee, cle: str) -> HttpResponse:
    _exiger(request)
    if cle not in cles_livrees():
        raise Http404("Maillage n'apporte pas ce référentiel.")
    return piece_jointe(texte_livre(cle).encode(), f"{cle}.toml", TYPE_TOML)


@require_GET
def referentiel_version(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Une version, et ce qu'elle change contre celle qu'elle remplacerait."""
    version = _version(request, pk)
    lu = lire_referentiel(version.texte)
    avant = _avant(version)
    contexte = {
        "referentiel": lu,
        "livree": "",
        "version": version,
        "avant": avant,
        "ecarts": ecarts_entre(avant, lu) if avant is not None else None,
    }
    return render(request, "projets/referentiels/version.html", contexte)


@require_safe
def referentiel_fichier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Le fichier tel qu'il a été déposé, à l'octet près."""
    version = _version(request, pk)
    nom = nom_de_fichier(f"{version.cle} {version.version}", "toml")
    return piece_jointe(version.texte.encode(), nom, TYPE_TOML)


@require_http_methods(["GET", "POST"])
def referentiel_deposer(request: RequeteConnectee) -> HttpResponse:
    """Déposer un fichier : il est vérifié, puis montré. L'aperçu n'écrit rien : il voyage, signé, jusqu'à l'accord."""
    _exiger(request)
    form = _form(request)
    apercu: dict[str, Any] = {}
    if request.method == "POST":
        est_recu = form.is_valid()
        if getattr(request, "fichier_trop_lourd", False):
            form.errors.clear()
            form.add_error("fichier", TROP_LOURD)
        elif est_recu:
            apercu = _apercu(form)
    statut = 422 if form.errors or apercu.get("fautes") else 200
    return render(request, "projets/referentiels/deposer.html", {"form": form, **apercu}, status=statut)


@require_POST
def referentiel_confirmer(request: RequeteConnectee) -> HttpResponse:
    _exiger(request)
    try:
        lot = signing.loads(request.POST.get("lot", ""), salt=SEL, max_age=VALIDITE)
    except signing.BadSignature:
        messages.error(request, "Cet aperçu n’est plus valable. Déposez de nouveau le fichier.")
        return redirect("referentiel_deposer")
    siennes = _institutions(request)
    institution = siennes.filter(pk=lot["institution"]).first() if lot["institution"] else None
    if institution is None and (lot["institution"] or not _est_pour_tous(request)):
        raise Http404("Ce lieu n'est pas à cette personne.")
    departement = Departement.objects.filter(pk=lot["departement"]).first()
    try:
        version = deposer_referentiel(
            lire_referentiel(lot["texte"]),
            lot["texte"],
            institution=institution,
            departement=departement,
            par=request.user,
        )
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("referentiel_deposer")
    messages.success(request, "La version est déposée. Publiez-la quand vous l’avez relue.")
    return redirect("referentiel_version", version.pk)


@require_POST
def referentiel_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Publier, y revenir, retirer."""
    version = _version(request, pk)
    try:
        if geste == "publier":
            gardes = publier_referentiel(version, par=request.user)
            fait = f"« {version} » vaut maintenant pour les projets à venir."
        else:
            gardes = retirer_referentiel(version, par=request.user)
            fait = f"« {version} » ne vaut plus pour les projets à venir."
        suite = (
            f" {compte(gardes, 'projet en cours garde le sien,projets en cours gardent le leur')}."
            if gardes
            else ""
        )
        messages.success(request, fait + suite)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("referentiel_version", version.pk)


# --- Celui d'un projet ------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def referentiel_du_projet(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ce que suit le projet. La direction peut en prendre un autre, après avoir lu ce qui change."""
    lus = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure__departement")
    projet: ProjetSocial = get_object_or_404(lus, pk=pk)
    choisit = peut_modifier_le_cadre(request.user, projet)
    versions = versions_a_suivre(projet) if choisit else []
    suivi = ReferentielSuivi.objects.filter(projet=projet).select_related("version").first()
    courant = referentiel_de(projet)
    form = SuivreForm(request.POST if request.method == "POST" else None, versions=versions)
    if request.method == "POST":
        if not choisit:
            raise Http404("Seule la direction choisit.")
        if form.is_valid():
            try:
                suivre_le_referentiel(projet, form.cleaned_data["version"], par=request.user)
                messages.success(
                    request, "C’est noté. Les chapitres et les pièces attendus suivent ce référentiel."
                )
            except GesteRefuse as refus:
                messages.error(request, str(refus))
            return redirect("referentiel_du_projet", projet.pk)
    proposes = [
        (str(une), une.lieu, ecarts_entre(courant, lire_referentiel(une.texte)))
        for une in versions
        if suivi is None or une.pk != suivi.version_id
    ]
    contexte = {
        "projet": projet,
        "referentiel": courant,
        "suivi": suivi,
        "choisit": choisit,
        "form": form,
        "proposes": proposes,
    }
    return render(
        request, "projets/referentiels/du_projet.html", contexte, status=422 if form.errors else 200
    )


# --- Communs ----------------------------------------------------------------------------------------


def _apercu(form: DepotDeReferentielForm) -> dict[str, Any]:
    """Les fautes, ligne par ligne ; sans faute, le référentiel lu et ce qu'il change."""
    institution, departement = form.cleaned_data["institution"], form.cleaned_data["departement"]
    lu, texte, fautes = controler(form.cleaned_data["fichier"].read())
    if lu is None:
        return {"fautes": fautes[:FAUTES_MONTREES], "nombre_de_fautes": len(fautes)}
    avant = _en_vigueur(lu.cle, institution, departement)
    lot = {
        "texte": texte,
        "institution": institution.pk if institution else None,
        "departement": departement.pk if departement else "",
    }
    return {
        "referentiel": lu,
        "avant": avant,
        "ecarts": ecarts_entre(avant, lu) if avant is not None else None,
        "lieu": str(departement or institution or "Tous les centres"),
        "lot": signing.dumps(lot, salt=SEL, compress=True),
    }


def _en_vigueur(cle: str, institution: Any, departement: Any) -> Referentiel | None:
    """Ce qu'un dépôt remplacerait ici : la version en vigueur, sinon celle que Maillage apporte."""
    siennes = versions_du_meme_lieu(cle, institution, departement)
    publiee = next((une for une in siennes if une.etat == EtatReferentiel.EN_VIGUEUR), None)
    if publiee is not None:
        return lire_referentiel(publiee.texte)
    return livre(cle) if cle in cles_livrees() else None


def _avant(version: VersionDeReferentiel) -> Referentiel | None:
    """Pour une version en vigueur, celle d'avant elle ; pour une autre, celle qui vaut aujourd'hui."""
    if version.etat != EtatReferentiel.EN_VIGUEUR:
        return _en_vigueur(version.cle, version.institution, version.departement)
    siennes = versions_du_meme_lieu(version.cle, version.institution, version.departement)
    plus_tot = next((une for une in siennes if une.numero < version.numero), None)
    if plus_tot is not None:
        return lire_referentiel(plus_tot.texte)
    return livre(version.cle) if version.cle in cles_livrees() else None


def _form(request: RequeteConnectee) -> DepotDeReferentielForm:
    donnees = (request.POST, request.FILES) if request.method == "POST" else ()
    return DepotDeReferentielForm(
        *donnees, institutions=_institutions(request), est_pour_tous=_est_pour_tous(request)
    )


def _est_pour_tous(request: RequeteConnectee) -> bool:
    return a_role(request.user, Role.ADMINISTRATRICE)


def _institutions(request: RequeteConnectee) -> Any:
    """Celles pour qui cette personne dépose."""
    if _est_pour_tous(request):
        genres = (GenreInstitution.FEDERATION, GenreInstitution.RESEAU_NATIONAL)
        return Institution.objects.filter(genre__in=genres).order_by("nom")
    return Institution.objects.filter(pk__in=federations_de(request.user)).order_by("nom")


def _exiger(request: RequeteConnectee) -> None:
    if not peut_tenir_des_referentiels(request.user):
        raise Http404("Cette page n'existe pas.")


def _version(request: RequeteConnectee, pk: int) -> VersionDeReferentiel:
    _exiger(request)
    lues = VersionDeReferentiel.objects.tenues_par(request.user).select_related("institution", "departement")
    version: VersionDeReferentiel = get_object_or_404(lues, pk=pk)
    return version
