"""Les preuves d'un projet : ce qui peut en être une, quels besoins elle appuie, ce qui n'en appuie aucun."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.db.models import QuerySet

from maillage.core.francais import INSECABLE, nombre
from maillage.projets.models import (
    Besoin,
    ChiffreDiagnostic,
    Constat,
    Parole,
    Preuve,
    ProjetSocial,
    Rencontre,
    ResultatEnquete,
    TableauDiagnostic,
)

COURT: Final = 110


@dataclass(frozen=True, slots=True)
class Sorte:
    """`relation` : le nom de la liste sur le projet. `titre` : celui d'un groupe dans un menu."""

    cle: str
    modele: type[models.Model]
    relation: str
    un: str
    titre: str


SORTES: Final = {
    sorte.cle: sorte
    for sorte in (
        Sorte("chiffre", ChiffreDiagnostic, "chiffres", "chiffre", "Chiffres"),
        Sorte("tableau", TableauDiagnostic, "tableaux", "tableau", "Tableaux"),
        Sorte("constat", Constat, "constats", "constat", "Constats"),
        Sorte("parole", Parole, "paroles", "parole", "Paroles d’habitants"),
        Sorte("resultat", ResultatEnquete, "resultats", "résultat d’enquête", "Résultats d’enquête"),
        Sorte("rencontre", Rencontre, "rencontres", "rencontre", "Rencontres"),
    )
}


@dataclass(frozen=True, slots=True)
class PreuvePossible:
    """Une chose du diagnostic, sous son nom de menu : « chiffre:12 »."""

    sorte: Sorte
    objet: Any
    libelle: str

    @property
    def cle(self) -> str:
        return f"{self.sorte.cle}:{self.objet.pk}"


def dire(objet: Any) -> str:
    """Une ligne qui la fait reconnaître, avec sa valeur et son lieu quand elle en a."""
    if isinstance(objet, ChiffreDiagnostic):
        valeur = f"{nombre(objet.valeur)}{INSECABLE}{objet.unite}".strip()
        return f"{objet.libelle} : {valeur}" + (f", {objet.zone}" if objet.zone else "")
    if isinstance(objet, Parole):
        return f"« {_court(objet.texte)} »" + (f" ({objet.qui})" if objet.qui else "")
    return _court(str(objet))


def d_ou(objet: Any) -> str:
    """Sa source et son année, ou ce qui en tient lieu."""
    if isinstance(objet, ChiffreDiagnostic):
        return ", ".join(
            filter(None, (objet.source or "source non dite", str(objet.annee or "année non dite")))
        )
    if isinstance(objet, ResultatEnquete):
        return ", ".join(filter(None, (objet.enquete, str(objet.annee or ""))))
    if isinstance(objet, Parole):
        return objet.occasion
    if isinstance(objet, Rencontre):
        return objet.lieu
    return str(getattr(objet, "source", ""))


def tout_le_diagnostic(projet: ProjetSocial) -> dict[str, list[Any]]:
    """Sorte (`SORTES`) → ce que le diagnostic en tient. Une requête par sorte."""
    return {cle: list(getattr(projet, sorte.relation).all()) for cle, sorte in SORTES.items()}


def preuves_possibles(
    projet: ProjetSocial, lu: Mapping[str, Sequence[Any]] | None = None
) -> list[PreuvePossible]:
    """Tout ce que le diagnostic tient, dans l'ordre des menus. `lu` : `tout_le_diagnostic`, s'il l'est déjà."""
    lu = lu or tout_le_diagnostic(projet)
    return [PreuvePossible(SORTES[cle], objet, dire(objet)) for cle, objets in lu.items() for objet in objets]


def sans_besoin(projet: ProjetSocial, lu: Mapping[str, Sequence[Any]] | None = None) -> list[PreuvePossible]:
    """Ce qui n'appuie encore aucun besoin."""
    prises = _prises(projet)
    return [une for une in preuves_possibles(projet, lu) if une.objet.pk not in prises[une.sorte.cle]]


def _prises(projet: ProjetSocial) -> dict[str, set[int]]:
    prises: dict[str, set[int]] = defaultdict(set)
    for preuve in Preuve.objects.filter(besoin__projet=projet):
        for cle in SORTES:
            if (numero := getattr(preuve, f"{cle}_id")) is not None:
                prises[cle].add(numero)
    return prises


def besoins_cites_par(objet: models.Model) -> QuerySet[Besoin]:
    """Les besoins qui s'appuient sur cet objet ; aucun pour ce qui n'est pas une preuve."""
    cle = next((sorte.cle for sorte in SORTES.values() if isinstance(objet, sorte.modele)), None)
    return Besoin.objects.filter(**{f"preuves__{cle}": objet.pk}).distinct() if cle else Besoin.objects.none()


@dataclass(frozen=True, slots=True)
class PreuveLue:
    """Une preuve telle qu'on la lit. `sorte` vide : un nombre recopié du quotidien."""

    preuve: Preuve
    sorte: str
    libelle: str
    source: str


def lire_les_preuves(besoin: Besoin) -> Iterator[PreuveLue]:
    """Les preuves d'un besoin lu avec `avec_leurs_preuves`."""
    for preuve in besoin.preuves.all():
        objet = preuve.montre
        if objet is None:
            yield PreuveLue(preuve, "nombre du quotidien", preuve.nombre, preuve.source)
        else:
            sorte = next(une for une in SORTES.values() if isinstance(objet, une.modele))
            yield PreuveLue(preuve, sorte.un, dire(objet), d_ou(objet))


def avec_leurs_preuves(projet: ProjetSocial) -> list[Besoin]:
    """Les besoins par urgence, avec leurs preuves et leurs enjeux, en trois requêtes."""
    preuves = Preuve.objects.select_related(*SORTES).order_by("pk")
    return list(
        projet.besoins.order_by("rang", "pk").prefetch_related(
            models.Prefetch("preuves", preuves), "enjeux__axe"
        )
    )


def _court(texte: str) -> str:
    dit = " ".join(texte.split())
    return dit if len(dit) <= COURT else f"{dit[:COURT].rsplit(' ', 1)[0]}…"
