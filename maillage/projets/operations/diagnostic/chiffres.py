"""Écrire les chiffres : une grille entière à la fois, ou un fichier vérifié."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.projets.models import ChiffreDiagnostic, ProjetSocial
from maillage.projets.operations.elements import refuser_si_cite, tenir_ouvert
from maillage.projets.operations.projets import noter
from maillage.projets.zones import empreinte_des_chiffres

CHAMPS: Final = ("libelle", "valeur", "unite", "zone", "source", "annee")


class ChiffresChanges(GesteRefuse):
    """Quelqu'un a changé un de ces chiffres depuis que la page les a montrés."""


@dataclass(frozen=True, slots=True)
class Cellule:
    """Un chiffre de la grille ; `numero`, celui qui était là. Une valeur vide le retire."""

    numero: int | None
    libelle: str
    unite: str
    zone: str
    source: str
    annee: int | None
    valeur: Decimal | None

    @property
    def valeurs(self) -> dict[str, Any]:
        return {champ: getattr(self, champ) for champ in CHAMPS}


@transaction.atomic
def ecrire_la_grille(projet: ProjetSocial, cellules: Sequence[Cellule], *, lue: str, par: Utilisateur) -> int:
    """Rend le nombre de chiffres ajoutés, corrigés ou retirés.

    `lue` : l'empreinte des chiffres montrés. Lève `ChiffresChanges`, ou `GesteRefuse` quand un chiffre retiré est
    la preuve d'un besoin.
    """
    tenu = tenir_ouvert(projet)
    numeros = [une.numero for une in cellules if une.numero is not None]
    connus = {un.pk: un for un in tenu.chiffres.filter(pk__in=numeros)}
    if empreinte_des_chiffres(connus.values()) != lue:
        raise ChiffresChanges("Quelqu’un a changé ces chiffres pendant que vous écriviez. Rien n’est écrasé.")
    rang = _dernier_rang(tenu)
    changes = 0
    for cellule in cellules:
        chiffre = connus.get(cellule.numero or 0)
        if chiffre is None:
            if cellule.valeur is not None:
                rang, changes = rang + 1, changes + 1
                ChiffreDiagnostic.objects.create(projet=tenu, rang=rang, **cellule.valeurs)
        elif cellule.valeur is None:
            refuser_si_cite(chiffre)
            chiffre.delete()
            changes += 1
        else:
            changes += _corriger(chiffre, cellule.valeurs)
    if changes:
        phrase = f"{par.get_full_name()} a écrit {compte(changes, 'chiffre')} du diagnostic."
        noter(tenu, "ecrire_la_grille", phrase, par=par)
    return changes


@dataclass(frozen=True, slots=True)
class Bilan:
    """Ce qu'un fichier ferait, ou a fait."""

    ajoutes: int
    corriges: int
    inchanges: int


def bilan_de(projet: ProjetSocial, lus: Iterable[dict[str, Any]]) -> Bilan:
    """Sans rien écrire. Le même chiffre se reconnaît à ce qu'il compte, son lieu, sa source et son année."""
    connus = {_cle(_valeurs(un)): un for un in projet.chiffres.all()}
    ajoutes = corriges = inchanges = 0
    for lu in lus:
        connu = connus.get(_cle(lu))
        if connu is None:
            ajoutes += 1
        elif _valeurs(connu) == _complete(lu, connu):
            inchanges += 1
        else:
            corriges += 1
    return Bilan(ajoutes, corriges, inchanges)


@transaction.atomic
def importer_les_chiffres(projet: ProjetSocial, lus: Sequence[dict[str, Any]], *, par: Utilisateur) -> Bilan:
    """Ajoute, corrige les valeurs connues, ne retire rien. Le même fichier deux fois ne change rien."""
    tenu = tenir_ouvert(projet)
    bilan = bilan_de(tenu, lus)
    connus = {_cle(_valeurs(un)): un for un in tenu.chiffres.all()}
    rang = _dernier_rang(tenu)
    for lu in lus:
        connu = connus.get(_cle(lu))
        if connu is not None:
            _corriger(connu, _complete(lu, connu))
        else:
            rang += 1
            connus[_cle(lu)] = ChiffreDiagnostic.objects.create(projet=tenu, rang=rang, **lu)
    if bilan.ajoutes or bilan.corriges:
        phrase = f"{par.get_full_name()} a importé {compte(len(lus), 'chiffre')} au diagnostic."
        noter(tenu, "importer_les_chiffres", phrase, par=par)
    return bilan


def _corriger(chiffre: ChiffreDiagnostic, valeurs: dict[str, Any]) -> int:
    changees = [champ for champ, valeur in valeurs.items() if getattr(chiffre, champ) != valeur]
    for champ in changees:
        setattr(chiffre, champ, valeurs[champ])
    if changees:
        chiffre.save(update_fields=changees)
    return int(bool(changees))


def _complete(lu: dict[str, Any], connu: ChiffreDiagnostic) -> dict[str, Any]:
    """Un fichier qui ne dit pas l'unité n'efface pas celle que l'on connaît."""
    return lu | {"unite": lu["unite"] or connu.unite}


def _valeurs(chiffre: ChiffreDiagnostic) -> dict[str, Any]:
    return {champ: getattr(chiffre, champ) for champ in CHAMPS}


def _cle(valeurs: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(valeurs[champ] for champ in ("libelle", "zone", "source", "annee"))


def _dernier_rang(projet: ProjetSocial) -> int:
    return projet.chiffres.aggregate(dernier=Max("rang"))["dernier"] or 0
