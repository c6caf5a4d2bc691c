"""Compter un passage, le préciser, l'annuler, le reprendre. Chaque envoi peut se répéter : il compte une fois."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.accueil.models import Demande, Passage, TypeDeDemande
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement, noter_changements
from maillage.core.journal import journaliser
from maillage.territoire.models import Site, Structure

NOMBRE_MAXIMUM: Final = 200
ATTENTE_MAXIMUM: Final = timedelta(days=30)
"""Un appareil resté sans réseau garde ses passages ; plus vieux, ils se notent d'après le papier."""
PRECISIONS: Final = (
    *("nombre", "site", "canal", "premiere_visite", "suite", "oriente_vers"),
    *("besoin_de_langue", "bande", "genre", "provenance"),
)
REPRISES: Final = ("nombre", "site", "canal", "besoin_de_langue", "bande", "genre", "provenance")


class PassageRefuse(ValueError):
    """Le passage ne peut pas être noté ; le message dit pourquoi et quoi faire."""


@transaction.atomic
def noter_passage(
    centre: Structure,
    *,
    cle: UUID,
    types: Iterable[TypeDeDemande],
    par: Utilisateur,
    site: Site | None = None,
    nombre: int = 1,
    le: datetime | None = None,
    **precisions: Any,
) -> Passage:
    """`cle` vient de l'appareil : la même rend le passage déjà noté, sans rien compter de plus. `le` : l'instant du
    geste, quand l'appareil l'a gardé ; jamais dans le futur, son horloge avance peut-être.

    Lève `PassageRefuse`.
    """
    maintenant = timezone.now()
    moment = min(le or maintenant, maintenant)
    demandes = list(types)
    if not demandes:
        raise PassageRefuse("Choisissez ce que la personne demande.")
    if any(une.structure_id != centre.pk for une in demandes):
        raise PassageRefuse("Ce type de demande n’est pas de ce centre. Rechargez la page.")
    if not 1 <= nombre <= NOMBRE_MAXIMUM:
        raise PassageRefuse(f"Comptez de 1 à {NOMBRE_MAXIMUM} personnes par passage.")
    if maintenant - moment > ATTENTE_MAXIMUM:
        raise PassageRefuse("Ce passage a plus de trente jours. Notez-le d’après le papier.")
    deja = Passage.objects.filter(cle=cle).first() or _creer(
        Passage(structure=centre, site=site, le=moment, cle=cle, nombre=nombre, note_par=par, **precisions)
    )
    if deja.structure_id != centre.pk:
        raise PassageRefuse("Ce passage n’a pas pu être noté. Rechargez la page, puis comptez-le de nouveau.")
    if not deja.demandes.exists():
        Demande.objects.bulk_create(Demande(passage=deja, type=une) for une in demandes)
        _dire(deja, "noter_passage", "a noté un passage", par=par)
    return deja


def _creer(passage: Passage) -> Passage:
    """Deux envois de la même clé au même instant : le second lit ce que le premier a écrit."""
    try:
        with transaction.atomic():
            passage.save(force_insert=True)
    except IntegrityError:
        return Passage.objects.get(cle=passage.cle)
    return passage


@transaction.atomic
def preciser_passage(
    passage: Passage,
    valeurs: Mapping[str, Any],
    *,
    par: Utilisateur,
    types: Iterable[TypeDeDemande] | None = None,
) -> None:
    """Écrit ces précisions, parmi `PRECISIONS` ; `types` remplace les demandes. Lève `PassageRefuse`."""
    tenu = _tenir(passage)
    if not valeurs.keys() <= set(PRECISIONS):
        raise ValueError(f"Ce qui se précise : {', '.join(PRECISIONS)}.")
    otes: list[TypeDeDemande] = []
    changees = {nom: valeur for nom, valeur in valeurs.items() if getattr(tenu, nom) != valeur}
    if types is not None:
        choisis = {un_type.pk: un_type for un_type in types}
        if not choisis or any(t.structure_id != tenu.structure_id for t in choisis.values()):
            raise PassageRefuse("Gardez au moins une demande. Pour retirer le passage, annulez-le.")
        ecrits = {demande.type_id: demande for demande in tenu.demandes.all()}
        if choisis.keys() != ecrits.keys():
            otes = list(TypeDeDemande.objects.filter(pk__in=ecrits.keys() - choisis.keys()).order_by("pk"))
            tenu.demandes.filter(type__in=otes).delete()
            Demande.objects.bulk_create(
                Demande(passage=tenu, type=un_type)
                for numero, un_type in choisis.items()
                if numero not in ecrits
            )
            changees["demandes"] = None
    if not changees:
        return
    Passage.objects.filter(pk=tenu.pk).update(**{n: v for n, v in changees.items() if n != "demandes"})
    passage.refresh_from_db()
    _dire(passage, "preciser_passage", "a précisé un passage", par=par)
    noter_changements(otes, "preciser_passage")  # le passage ne mène plus à la fiche d'un type ôté


@transaction.atomic
def annuler_passage(passage: Passage, *, par: Utilisateur) -> None:
    tenu = _tenir(passage)
    if tenu.annule_le is None:
        Passage.objects.filter(pk=tenu.pk).update(annule_le=timezone.now())
        _dire(tenu, "annuler_passage", "a annulé un passage", par=par)


@transaction.atomic
def retablir_passage(passage: Passage, *, par: Utilisateur) -> None:
    tenu = _tenir(passage)
    if tenu.annule_le is not None:
        Passage.objects.filter(pk=tenu.pk).update(annule_le=None)
        _dire(tenu, "retablir_passage", "a rétabli un passage", par=par)


def reprendre_passage(
    passage: Passage, *, cle: UUID, par: Utilisateur, le: datetime | None = None
) -> Passage:
    """Un autre passage, maintenant, avec les mêmes demandes et les mêmes précisions. Lève `PassageRefuse`."""
    return noter_passage(
        passage.structure,
        cle=cle,
        types=TypeDeDemande.objects.filter(demandes__passage=passage),
        par=par,
        le=le,
        **{nom: getattr(passage, nom) for nom in REPRISES},
    )


def _tenir(passage: Passage) -> Passage:
    tenu: Passage = Passage.objects.select_for_update(of=("self",)).get(pk=passage.pk)
    return tenu


def _dire(passage: Passage, acte: str, fait: str, *, par: Utilisateur) -> None:
    journaliser(passage, acte, f"{par.get_full_name()} {fait}.", par=par)
    noter_changement(passage, acte)
