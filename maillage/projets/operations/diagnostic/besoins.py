"""Dire les besoins, les prouver, les classer, en faire des enjeux."""

from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import Max

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import enregistrer
from maillage.projets.models import Axe, Besoin, Enjeu, Preuve, ProjetSocial
from maillage.projets.models.diagnostic import GENRES_DE_PREUVE
from maillage.projets.operations.arbre import ajouter_enjeu
from maillage.projets.operations.elements import tenir_ouvert
from maillage.projets.operations.gestes import ArbreRefuse
from maillage.projets.operations.projets import noter
from maillage.projets.preuves import SORTES, dire
from maillage.projets.retraits import besoin_a_remettre

CHAMPS: Final = ("titre", "precision")


@transaction.atomic
def dire_un_besoin(projet: ProjetSocial, *, titre: str, precision: str = "", par: Utilisateur) -> Besoin:
    """À la fin de la liste : le dernier dit n'est pas le plus urgent. Le même titre deux fois ne fait qu'un besoin."""
    tenu = tenir_ouvert(projet)
    titre = " ".join(titre.split())
    if deja := tenu.besoins.filter(titre=titre).order_by("pk").first():
        return deja
    dernier = tenu.besoins.aggregate(dernier=Max("rang"))["dernier"] or 0
    besoin = Besoin.objects.create(projet=tenu, titre=titre, precision=precision.strip(), rang=dernier + 1)
    noter(tenu, "dire_un_besoin", f"{par.get_full_name()} a dit le besoin « {besoin} ».", par=par)
    return besoin


@transaction.atomic
def ecrire_le_besoin(
    besoin: Besoin, *, version_lue: int, titre: str, precision: str, par: Utilisateur
) -> None:
    """Lève `ConflitDeVersion` si quelqu'un l'a changé depuis sa lecture."""
    tenu = tenir_ouvert(besoin.projet)
    ecrit = Besoin.objects.get(pk=besoin.pk)
    valeurs = {"titre": " ".join(titre.split()), "precision": precision.strip()}
    if all(getattr(ecrit, champ) == valeur for champ, valeur in valeurs.items()):
        return
    avant = {champ: getattr(ecrit, champ) for champ in CHAMPS}
    enregistrer(besoin, version_lue=version_lue, **valeurs)
    phrase = f"{par.get_full_name()} a corrigé le besoin « {besoin} »."
    noter(tenu, "ecrire_le_besoin", phrase, par=par, avant=avant, apres=valeurs)


@transaction.atomic
def classer_le_besoin(besoin: Besoin, sens: Literal["monter", "descendre"], *, par: Utilisateur) -> None:
    """Échange sa place avec son voisin. Sans effet au bout de la liste."""
    tenu = tenir_ouvert(besoin.projet)
    rangee = list(tenu.besoins.order_by("rang", "pk"))
    if besoin not in rangee:
        return
    place = rangee.index(besoin)
    voisine = place + (-1 if sens == "monter" else 1)
    if not 0 <= voisine < len(rangee):
        return
    rangee[place], rangee[voisine] = rangee[voisine], rangee[place]
    for rang, autre in enumerate(rangee, start=1):
        autre.rang = rang
    Besoin.objects.bulk_update(rangee, ["rang"])
    phrase = f"{par.get_full_name()} a classé le besoin « {besoin} » au rang {voisine + 1}."
    noter(tenu, "classer_le_besoin", phrase, par=par)


@transaction.atomic
def retirer_le_besoin(besoin: Besoin, *, par: Utilisateur) -> None:
    """Ses preuves restent au diagnostic, ses enjeux dans l'arbre ; le journal garde de quoi le remettre."""
    tenu = tenir_ouvert(besoin.projet)
    garde: dict[str, Any] = {champ: getattr(besoin, champ) for champ in (*CHAMPS, "rang")}
    colonnes = [*(f"{genre}_id" for genre in GENRES_DE_PREUVE), "nombre", "source"]
    avant = {
        "besoin": garde,
        "preuves": list(besoin.preuves.order_by("pk").values(*colonnes)),
        "enjeux": list(besoin.enjeux.order_by("pk").values_list("pk", flat=True)),
    }
    if tenu.besoins.filter(pk=besoin.pk).delete()[0]:
        phrase = f"{par.get_full_name()} a retiré le besoin « {besoin} »."
        noter(tenu, "retirer_le_besoin", phrase, par=par, avant=avant)


@transaction.atomic
def remettre_le_besoin(projet: ProjetSocial, *, par: Utilisateur) -> Besoin:
    """Avec celles de ses preuves et ceux de ses enjeux qui existent encore. Lève `GesteRefuse` s'il n'y en a pas."""
    tenu = tenir_ouvert(projet)
    ligne = besoin_a_remettre(tenu)
    if ligne is None or ligne.avant is None:
        raise GesteRefuse("Il n’y a rien à remettre.")
    besoin = Besoin.objects.create(projet=tenu, **ligne.avant["besoin"])
    for preuve in ligne.avant["preuves"]:
        genre = next((un for un in GENRES_DE_PREUVE if preuve[f"{un}_id"]), "")
        if not genre or SORTES[genre].modele._default_manager.filter(pk=preuve[f"{genre}_id"]).exists():
            Preuve.objects.create(besoin=besoin, **preuve)
    besoin.enjeux.set(Enjeu.objects.filter(pk__in=ligne.avant["enjeux"], axe__projet=tenu))
    noter(tenu, "remettre_le_besoin", f"{par.get_full_name()} a remis le besoin « {besoin} ».", par=par)
    return besoin


# --- Les preuves ------------------------------------------------------------------------------------


@transaction.atomic
def prouver_le_besoin(besoin: Besoin, cle: str, *, par: Utilisateur) -> Preuve:
    """`cle` : « chiffre:12 ». Deux fois la même : une. Lève `GesteRefuse` si elle n'est plus au diagnostic."""
    tenu = tenir_ouvert(besoin.projet)
    _encore_la(besoin)
    genre, _, numero = cle.partition(":")
    objet = getattr(tenu, SORTES[genre].relation).filter(pk=int(numero)).first() if genre in SORTES else None
    if objet is None:
        raise GesteRefuse("Cette preuve n’est plus au diagnostic. Choisissez-en une autre.")
    preuve, est_neuve = Preuve.objects.get_or_create(besoin=besoin, **{genre: objet})
    if est_neuve:
        phrase = f"{par.get_full_name()} a appuyé « {besoin} » sur {dire(objet)}."
        noter(tenu, "prouver_le_besoin", phrase, par=par)
    return preuve


@transaction.atomic
def recopier_un_nombre(besoin: Besoin, *, nombre: str, source: str, par: Utilisateur) -> Preuve:
    """Un nombre de l'accueil ou des activités, tel qu'on l'a lu, et où."""
    tenu = tenir_ouvert(besoin.projet)
    _encore_la(besoin)
    preuve, est_neuve = Preuve.objects.get_or_create(
        besoin=besoin, nombre=nombre.strip(), source=source.strip()
    )
    if est_neuve:
        phrase = f"{par.get_full_name()} a appuyé « {besoin} » sur un nombre : {preuve.nombre}."
        noter(tenu, "recopier_un_nombre", phrase, par=par)
    return preuve


@transaction.atomic
def oter_la_preuve(preuve: Preuve, *, par: Utilisateur) -> None:
    """Elle reste au diagnostic : elle n'appuie plus ce besoin."""
    tenu = tenir_ouvert(preuve.besoin.projet)
    if Preuve.objects.filter(pk=preuve.pk).delete()[0]:
        phrase = f"{par.get_full_name()} a ôté une preuve de « {preuve.besoin} »."
        noter(tenu, "oter_la_preuve", phrase, par=par)


def _encore_la(besoin: Besoin) -> None:
    if not Besoin.objects.filter(pk=besoin.pk).exists():
        raise GesteRefuse("Quelqu’un a retiré ce besoin. Relisez la liste.")


# --- Du besoin à l'enjeu ----------------------------------------------------------------------------


@transaction.atomic
def faire_un_enjeu(besoin: Besoin, axe: Axe, *, titre: str, par: Utilisateur) -> Enjeu:
    """Un enjeu neuf à la fin de l'axe, relié au besoin. Lève `GesteRefuse` si l'arbre ne le prend pas."""
    tenu = tenir_ouvert(besoin.projet)
    _encore_la(besoin)
    if axe.projet_id != tenu.pk:
        raise GesteRefuse("Cet axe n’est pas de ce projet.")
    titre = " ".join(titre.split())
    enjeu = axe.enjeux.filter(titre=titre).order_by("pk").first()
    if enjeu is None:
        try:
            enjeu = ajouter_enjeu(axe, titre, par=par)
        except ArbreRefuse as refus:
            raise GesteRefuse(str(refus)) from refus
    _relier(tenu, besoin, enjeu, par=par)
    return enjeu


@transaction.atomic
def relier_a_un_enjeu(besoin: Besoin, enjeu: Enjeu, *, par: Utilisateur) -> None:
    tenu = tenir_ouvert(besoin.projet)
    _encore_la(besoin)
    if not Enjeu.objects.filter(pk=enjeu.pk, axe__projet=tenu).exists():
        raise GesteRefuse("Cet enjeu n’est plus dans l’arbre. Choisissez-en un autre.")
    _relier(tenu, besoin, enjeu, par=par)


@transaction.atomic
def delier_de_l_enjeu(besoin: Besoin, enjeu: Enjeu, *, par: Utilisateur) -> None:
    """L'enjeu reste dans l'arbre."""
    tenu = tenir_ouvert(besoin.projet)
    if besoin.enjeux.filter(pk=enjeu.pk).exists():
        besoin.enjeux.remove(enjeu)
        phrase = f"{par.get_full_name()} a délié « {besoin} » de l’enjeu « {enjeu} »."
        noter(tenu, "delier_de_l_enjeu", phrase, par=par)


def _relier(projet: ProjetSocial, besoin: Besoin, enjeu: Enjeu, *, par: Utilisateur) -> None:
    if besoin.enjeux.filter(pk=enjeu.pk).exists():
        return
    besoin.enjeux.add(enjeu)
    phrase = f"{par.get_full_name()} a relié « {besoin} » à l’enjeu « {enjeu} »."
    noter(projet, "relier_a_un_enjeu", phrase, par=par)
