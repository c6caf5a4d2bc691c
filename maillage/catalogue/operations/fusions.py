"""Réunir deux fiches de la même action, et défaire.

La fiche gardée reçoit ce que le doublon a de plus : partenaires, termes, sources, pièces, utilités, commentaires. Ses
propres textes ne changent pas. Le doublon garde les siens et se retire ; son adresse et son code mènent à la gardée.
`Fusion.ajouts` dit, ligne par ligne, ce qui est venu : de quoi tout remettre.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from maillage.catalogue.champs import CHAMPS
from maillage.catalogue.choices import EtatExperience, EtatPiece, EtatPoint, GenrePoint
from maillage.catalogue.models import (
    BlocSource,
    Classement,
    Experience,
    Fusion,
    Partenariat,
    PieceJointe,
    PointAVerifier,
    Utilite,
)
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changements
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.moderation.models import Commentaire

MAXIMUMS = {str(champ.famille): champ.maximum for champ in CHAMPS.values() if champ.famille and champ.maximum}
"""Combien de termes de chaque famille une fiche peut avoir."""
Ajouts = dict[str, Any]


class FusionImpossible(Exception):
    """Les deux fiches ne peuvent pas être réunies, ou séparées ; le message dit pourquoi et quoi faire."""


@transaction.atomic
def fusionner(
    gardee: Experience, doublon: Experience, *, par: Utilisateur, versions: tuple[int, int] | None = None
) -> Fusion:
    """Réunit le doublon à la fiche gardée. `versions` : celles des deux fiches que la personne a comparées.

    Lève `FusionImpossible`, ou `ConflitDeVersion` si l'une des fiches a changé depuis.
    """
    _exiger_reunissables(gardee, doublon)
    ajouts: Ajouts = {
        "partenariats": _copier_les_partenaires(gardee, doublon),
        "montants": _completer_les_montants(gardee, doublon),
        "classements": _copier_les_termes(gardee, doublon),
        "sources": _deplacer(BlocSource.objects.filter(experience=doublon), experience=gardee),
        "pieces": _deplacer_les_pieces(gardee, doublon),
        "utilites": _deplacer_les_utilites(gardee, doublon),
        "nombre_utile": doublon.nombre_utile,
        "commentaires": _deplacer(Commentaire.objects.sur(doublon), objet_id=gardee.pk),
        "doublons": _deplacer(doublon.doublons.all(), fusionnee_dans=gardee),
        "points": _traiter_les_points(gardee, doublon),
    }
    enregistrer(
        gardee,
        version_lue=gardee.version if versions is None else versions[0],
        nombre_utile=F("nombre_utile") + doublon.nombre_utile,
    )
    enregistrer(
        doublon,
        version_lue=doublon.version if versions is None else versions[1],
        etat=EtatExperience.RETIREE,
        fusionnee_dans=gardee,
        retiree_le=timezone.now(),
        retiree_par=par,
        motif_retrait="Elle racontait la même action qu’une autre fiche, qui l’a réunie.",
    )
    fusion = Fusion.objects.create(gardee=gardee, doublon=doublon, ajouts=ajouts, par=par)
    _noter(fusion, "fusionner", f"a réuni « {doublon.titre} » à « {gardee.titre} ».", par=par)
    return fusion


@transaction.atomic
def defaire_fusion(fusion: Fusion, *, par: Utilisateur) -> None:
    """Remet les deux fiches comme avant. Ce qui est arrivé depuis reste à la fiche gardée.

    Lève `FusionImpossible` si c'est déjà fait, ou si la fiche gardée a elle-même été réunie à une autre.
    """
    gardee, doublon, ajouts = fusion.gardee, fusion.doublon, fusion.ajouts
    if not Fusion.objects.filter(pk=fusion.pk, annulee_le=None).update(annulee_le=timezone.now()):
        raise FusionImpossible("Cette fusion est déjà défaite.")
    if gardee.fusionnee_dans_id or doublon.fusionnee_dans_id != gardee.pk:
        raise FusionImpossible(
            "Une autre fusion a suivi celle-ci. Défaites d’abord la plus récente, puis revenez."
        )
    venus = Partenariat.objects.filter(experience=gardee)
    venus.filter(pk__in=ajouts["partenariats"]).delete()
    venus.filter(pk__in=ajouts["montants"]).update(montant=None)
    Classement.objects.filter(experience=gardee, pk__in=ajouts["classements"]).delete()
    BlocSource.objects.filter(experience=gardee, pk__in=ajouts["sources"]).update(experience=doublon)
    for numero, rang in ajouts["pieces"]:
        PieceJointe.objects.filter(experience=gardee, pk=numero).update(experience=doublon, rang=rang)
    Utilite.objects.filter(experience=gardee, pk__in=ajouts["utilites"]).update(experience=doublon)
    Commentaire.objects.sur(gardee).filter(pk__in=ajouts["commentaires"]).update(objet_id=doublon.pk)
    gardee.doublons.filter(pk__in=ajouts["doublons"]).update(fusionnee_dans=doublon)
    for numero, etat in ajouts["points"]:
        PointAVerifier.objects.filter(pk=numero, etat=EtatPoint.TRAITE).update(etat=etat)
    enregistrer(
        gardee,
        version_lue=gardee.version,
        nombre_utile=F("nombre_utile") - ajouts["nombre_utile"],
    )
    enregistrer(
        doublon,
        version_lue=doublon.version,
        etat=EtatExperience.PUBLIEE,
        fusionnee_dans=None,
        retiree_le=None,
        retiree_par=None,
        motif_retrait="",
    )
    fusion.refresh_from_db()
    _noter(fusion, "defaire_fusion", f"a séparé « {doublon.titre} » de « {gardee.titre} ».", par=par)


@dataclass(frozen=True, slots=True)
class Apports:
    """Ce que la fusion ajouterait à la fiche gardée : pour le montrer avant."""

    partenaires: list[str]
    termes: list[str]
    sources: int
    pieces: int
    commentaires: int
    utilites: int


def a_reunir(gardee: Experience, doublon: Experience) -> Apports:
    return Apports(
        partenaires=[lien.partenaire.nom for lien in _partenaires_en_plus(gardee, doublon)],
        termes=[lien.terme.libelle for lien in _termes_en_plus(gardee, doublon)],
        sources=doublon.sources.count(),
        pieces=doublon.pieces.publiees().count(),
        commentaires=Commentaire.objects.sur(doublon).publies().count(),
        utilites=doublon.nombre_utile,
    )


# --- Ce qui se copie, ce qui se déplace -----------------------------------------------------------


def _exiger_reunissables(gardee: Experience, doublon: Experience) -> None:
    if gardee.pk == doublon.pk:
        raise FusionImpossible("Choisissez deux fiches différentes.")
    if not gardee.est_publiee or not doublon.est_publiee:
        raise FusionImpossible("Les deux fiches doivent être en ligne. L’une d’elles ne l’est plus.")
    if doublon.contributions.soumises().exists():
        raise FusionImpossible(
            f"Des changements de « {doublon.titre} » attendent la modération. Décidez-les d’abord."
        )


def _partenaires_en_plus(gardee: Experience, doublon: Experience) -> list[Partenariat]:
    connus = set(gardee.partenariats.values_list("partenaire_id", "role"))
    liens = doublon.partenariats.select_related("partenaire")
    return [lien for lien in liens if (lien.partenaire_id, lien.role) not in connus]


def _copier_les_partenaires(gardee: Experience, doublon: Experience) -> list[int]:
    rang = _dernier_rang(gardee.partenariats)
    copies = [
        Partenariat(
            experience=gardee,
            partenaire=lien.partenaire,
            role=lien.role,
            montant=lien.montant,
            rang=rang + ecart,
        )
        for ecart, lien in enumerate(_partenaires_en_plus(gardee, doublon), start=1)
    ]
    return _numeros(Partenariat.objects.bulk_create(copies))


def _completer_les_montants(gardee: Experience, doublon: Experience) -> list[int]:
    """Le montant qu'un financeur n'avait que sur le doublon."""
    connus = {(lien.partenaire_id, lien.role): lien.montant for lien in doublon.partenariats.all()}
    completes = []
    for lien in gardee.partenariats.filter(montant=None):
        lien.montant = connus.get((lien.partenaire_id, lien.role))
        if lien.montant is not None:
            lien.save(update_fields=["montant"])
            completes.append(lien)
    return _numeros(completes)


def _termes_en_plus(gardee: Experience, doublon: Experience) -> list[Classement]:
    """Sans dépasser ce qu'une fiche peut avoir de chaque liste."""
    connus = set(gardee.classements.values_list("terme_id", flat=True))
    places = dict(MAXIMUMS)
    for famille in gardee.classements.values_list("terme__famille", flat=True):
        if famille in places:
            places[famille] -= 1
    retenus = []
    for lien in doublon.classements.select_related("terme"):
        famille = lien.terme.famille
        if lien.terme_id not in connus and places.get(famille, 1) > 0:
            retenus.append(lien)
            if famille in places:
                places[famille] -= 1
    return retenus


def _copier_les_termes(gardee: Experience, doublon: Experience) -> list[int]:
    rang = _dernier_rang(gardee.classements)
    copies = [
        Classement(experience=gardee, terme=lien.terme, rang=rang + ecart)
        for ecart, lien in enumerate(_termes_en_plus(gardee, doublon), start=1)
    ]
    return _numeros(Classement.objects.bulk_create(copies))


def _deplacer_les_pieces(gardee: Experience, doublon: Experience) -> list[tuple[int, int]]:
    """Celles qui sont en ligne, à la suite. Ce qui s'écrit encore reste avec son brouillon."""
    rang = _dernier_rang(gardee.pieces)
    deplacees = []
    for piece in doublon.pieces.filter(etat=EtatPiece.PUBLIEE):
        rang += 1
        deplacees.append((piece.pk, piece.rang))
        piece.experience, piece.rang = gardee, rang
        piece.save(update_fields=["experience", "rang"])
    return deplacees


def _deplacer_les_utilites(gardee: Experience, doublon: Experience) -> list[int]:
    """Sauf celles d'une personne qui a déjà trouvé l'autre utile le même jour."""
    deja = set(gardee.utilites.exclude(empreinte="").values_list("empreinte", "jour"))
    siennes = Utilite.objects.filter(experience=doublon)
    numeros = [
        pk
        for pk, empreinte, jour in siennes.values_list("pk", "empreinte", "jour").order_by("pk")
        if (empreinte, jour) not in deja
    ]
    siennes.filter(pk__in=numeros).update(experience=gardee)
    return numeros


def _traiter_les_points(gardee: Experience, doublon: Experience) -> list[tuple[int, str]]:
    """Le doute est levé : les deux fiches étaient bien la même."""
    paire = [gardee.pk, doublon.pk]
    points = PointAVerifier.objects.filter(
        genre=GenrePoint.DOUBLON, etat=EtatPoint.A_VERIFIER, experience__in=paire, proche_de__in=paire
    )
    avant = list(points.values_list("pk", "etat").order_by("pk"))
    points.update(etat=EtatPoint.TRAITE)
    return avant


def _deplacer(lignes: Any, **destination: Any) -> list[int]:
    numeros = list(lignes.order_by("pk").values_list("pk", flat=True))
    lignes.filter(pk__in=numeros).update(**destination)
    return numeros


def _dernier_rang(lignes: Any) -> int:
    return int(lignes.aggregate(dernier=Max("rang"))["dernier"] or 0)


def _numeros(lignes: Iterable[Any]) -> list[int]:
    return [ligne.pk for ligne in lignes]


def _noter(fusion: Fusion, acte: str, suite: str, *, par: Utilisateur) -> None:
    phrase = f"{par.get_full_name()} {suite}"
    for fiche in (fusion.gardee, fusion.doublon):
        journaliser(fiche, acte, phrase, par=par, apres={"fusion": fusion.pk})
    noter_changements([fusion.gardee, fusion.doublon], acte)
