"""Les besoins : les dire, les classer, les prouver, en faire des enjeux."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, relire
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.projets.chaine import lire_la_chaine
from maillage.projets.forms.diagnostic import (
    BesoinForm,
    EnjeuForm,
    NombreRecopieForm,
    PreuveForm,
    RattacherForm,
)
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import Axe, Besoin, Enjeu, Preuve, ProjetSocial
from maillage.projets.operations.diagnostic.besoins import (
    classer_le_besoin,
    delier_de_l_enjeu,
    dire_un_besoin,
    ecrire_le_besoin,
    faire_un_enjeu,
    oter_la_preuve,
    prouver_le_besoin,
    recopier_un_nombre,
    relier_a_un_enjeu,
    remettre_le_besoin,
    retirer_le_besoin,
)
from maillage.projets.permissions import peut_ecrire_le_projet
from maillage.projets.preuves import avec_leurs_preuves, lire_les_preuves, preuves_possibles, sans_besoin
from maillage.projets.retraits import besoin_a_remettre
from maillage.projets.views.acces import projet_lu, projet_tenu
from maillage.projets.views.retour import ancre_de, revenir

CARTES = ("prouver", "recopier", "enjeu")


@require_http_methods(["GET", "POST"])
def besoins(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Du plus urgent au moins urgent, avec ce qui manque à chacun."""
    projet = projet_lu(request, pk)
    ecrit = peut_ecrire_le_projet(request.user, projet)
    if request.method == "POST" and not ecrit:
        raise Http404("Ce projet ne s'écrit pas.")
    form = BesoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            besoin = dire_un_besoin(projet, **form.valeurs, par=request.user)
            messages.success(request, "Le besoin est dit. Montrez maintenant ce qui le prouve.")
            return redirect("besoin", besoin.pk)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        return redirect("besoins", projet.pk)
    maillons = lire_la_chaine(projet).maillons
    contexte = {
        "projet": projet,
        "maillons": maillons,
        "sans_preuve": [un.besoin for un in maillons if not un.preuves],
        "libres": len(sans_besoin(projet)),
        "ecrit": ecrit,
        "a_remettre": besoin_a_remettre(projet) if ecrit else None,
        "form": form,
    }
    return render(request, "projets/diagnostic/besoins.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def preuves_sans_besoin(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ce que l'on a vu, entendu, compté, et qui n'appuie rien encore."""
    projet = projet_lu(request, pk)
    ecrit = peut_ecrire_le_projet(request.user, projet)
    if request.method == "POST":
        if not ecrit:
            raise Http404("Ce projet ne s'écrit pas.")
        form = RattacherForm(request.POST)
        if form.is_valid():
            besoin = get_object_or_404(projet.besoins, pk=form.cleaned_data["besoin"])
            suivante = _suivante(projet, form.cleaned_data["preuve"])
            _faire(
                request,
                lambda: prouver_le_besoin(besoin, form.cleaned_data["preuve"], par=request.user),
                f"La preuve appuie maintenant « {besoin} ».",
            )
        else:
            messages.error(request, "Choisissez le besoin que cette preuve appuie.")
            suivante = request.POST.get("preuve", "")
        return revenir("preuves_sans_besoin", projet, ancre_de(suivante))
    groupes: dict[str, list[object]] = {}
    for une in sans_besoin(projet):
        groupes.setdefault(une.sorte.titre, []).append(une)
    contexte = {
        "projet": projet,
        "groupes": list(groupes.items()),
        "besoins": list(projet.besoins.order_by("rang", "pk")),
        "ecrit": ecrit,
    }
    return render(request, "projets/diagnostic/preuves_sans_besoin.html", contexte)


@require_http_methods(["GET", "POST"])
def besoin(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Un besoin : ses mots, ses preuves, ses enjeux. Chaque carte s'envoie seule."""
    lu = _besoin_tenu(request, pk)
    projet = lu.projet
    envoye = request.POST.get("carte", "") if request.method == "POST" else ""
    recus = {carte: request.POST if envoye == carte else None for carte in ("ecrire", *CARTES)}
    initial = {"titre": lu.titre, "precision": lu.precision, "version": lu.version}
    deja = _cles(lu)
    possibles = [une for une in preuves_possibles(projet) if une.cle not in deja]
    form = BesoinForm(recus["ecrire"], initial=initial)
    prouver = PreuveForm(recus["prouver"], possibles=possibles)
    recopier = NombreRecopieForm(recus["recopier"])
    arbre = lire_arbre(projet)
    enjeu = EnjeuForm(recus["enjeu"], arbre=arbre, besoin=lu)
    differences: list[Ecart] = []
    if form.is_bound and form.is_valid():
        try:
            ecrire_le_besoin(lu, version_lue=form.version_lue, **form.valeurs, par=request.user)
            messages.success(request, "C’est enregistré.")
            return redirect("besoin", lu.pk)
        except ConflitDeVersion:
            lu.refresh_from_db()
            actuelles = {"titre": lu.titre, "precision": lu.precision}
            differences = relire(form, actuelles, lu.version)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
    elif prouver.is_bound and prouver.is_valid():
        voulue = prouver.cleaned_data["preuve"]
        _faire(request, lambda: prouver_le_besoin(lu, voulue, par=request.user), "La preuve est ajoutée.")
        return redirect("besoin", lu.pk)
    elif recopier.is_bound and recopier.is_valid():
        dits = recopier.cleaned_data
        _faire(request, lambda: recopier_un_nombre(lu, **dits, par=request.user), "Le nombre est ajouté.")
        return redirect("besoin", lu.pk)
    elif enjeu.is_bound and enjeu.is_valid():
        _vers_un_enjeu(request, lu, enjeu)
        return redirect("besoin", lu.pk)
    a_une_faute = any(f.is_bound and f.errors for f in (form, prouver, recopier, enjeu))
    contexte = {
        "projet": projet,
        "besoin": lu,
        "preuves": list(lire_les_preuves(lu)),
        "enjeux": list(lu.enjeux.select_related("axe").order_by("axe__rang", "rang", "pk")),
        "form": form,
        "ecarts": differences,
        "prouver": prouver,
        "recopier": recopier,
        "enjeu": enjeu,
        "a_un_axe": bool(arbre.axes),
        "a_des_preuves": bool(possibles),
    }
    return render(request, "projets/diagnostic/besoin.html", contexte, status=422 if a_une_faute else 200)


def _vers_un_enjeu(request: RequeteConnectee, lu: Besoin, form: EnjeuForm) -> None:
    sorte, _, numero = form.cleaned_data["ou"].partition(":")
    if sorte == "axe":
        axe = get_object_or_404(Axe, pk=int(numero), projet=lu.projet)
        titre = form.cleaned_data["titre"]
        _faire(
            request,
            lambda: faire_un_enjeu(lu, axe, titre=titre, par=request.user),
            f"L’enjeu est dans l’arbre, axe {axe.lettre}.",
        )
    else:
        voulu = get_object_or_404(Enjeu, pk=int(numero), axe__projet=lu.projet)
        _faire(
            request,
            lambda: relier_a_un_enjeu(lu, voulu, par=request.user),
            f"Le besoin mène maintenant à « {voulu} ».",
        )


@require_POST
def besoin_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Monter, descendre, retirer, délier d'un enjeu."""
    lu = _besoin_tenu(request, pk)
    projet = lu.projet
    if geste == "retirer":
        _faire(
            request,
            lambda: retirer_le_besoin(lu, par=request.user),
            "Le besoin est retiré. Ses preuves restent.",
        )
        return redirect("besoins", projet.pk)
    if geste == "delier":
        enjeu = get_object_or_404(lu.enjeux, pk=_numero(request.POST.get("enjeu", "")))
        _faire(
            request,
            lambda: delier_de_l_enjeu(lu, enjeu, par=request.user),
            "Le lien est ôté ; l’enjeu reste.",
        )
        return redirect("besoin", lu.pk)
    _faire(
        request,
        lambda: classer_le_besoin(lu, "monter" if geste == "monter" else "descendre", par=request.user),
    )
    return revenir("besoins", projet, f"besoin-{lu.pk}")


@require_POST
def besoin_remettre(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet: ProjetSocial = projet_tenu(request, pk)
    _faire(request, lambda: remettre_le_besoin(projet, par=request.user), "Le besoin est remis.")
    return redirect("besoins", projet.pk)


@require_POST
def preuve_oter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La preuve reste au diagnostic."""
    preuves = Preuve.objects.filter(besoin__projet__in=ProjetSocial.objects.de_l_equipe(request.user))
    preuve = get_object_or_404(preuves.select_related("besoin__projet"), pk=pk)
    if not peut_ecrire_le_projet(request.user, preuve.besoin.projet):
        raise Http404("Ce projet ne s'écrit pas.")
    _faire(request, lambda: oter_la_preuve(preuve, par=request.user), "Elle n’appuie plus ce besoin.")
    return redirect("besoin", preuve.besoin_id)


def _besoin_tenu(request: RequeteConnectee, pk: int | str) -> Besoin:
    projets = ProjetSocial.objects.de_l_equipe(request.user)
    trouve = get_object_or_404(Besoin.objects.select_related("projet__structure"), pk=pk, projet__in=projets)
    if not peut_ecrire_le_projet(request.user, trouve.projet):
        raise Http404("Ce projet ne s'écrit pas.")
    return next(un for un in avec_leurs_preuves(trouve.projet) if un.pk == trouve.pk)


def _suivante(projet: ProjetSocial, cle: str) -> str:
    """La preuve libre qui vient après celle-ci : on reprend là, dans une longue liste."""
    cles = [une.cle for une in sans_besoin(projet)]
    rang = cles.index(cle) if cle in cles else len(cles)
    return next(iter(cles[rang + 1 :] or cles[max(rang - 1, 0) : rang]), "")


def _cles(lu: Besoin) -> set[str]:
    """Ce qui l'appuie déjà, sous les noms du menu."""
    genres = ("chiffre", "tableau", "constat", "parole", "resultat", "rencontre")
    return {f"{g}:{n}" for preuve in lu.preuves.all() for g in genres if (n := getattr(preuve, f"{g}_id"))}


def _faire(request: RequeteConnectee, acte: Callable[[], object], reussi: str = "") -> None:
    try:
        acte()
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    else:
        if reussi:
            messages.success(request, reussi)


def _numero(ecrit: str) -> int:
    return int(ecrit) if ecrit.isdecimal() and len(ecrit) < 19 else 0
