"""Les portes, qui se trouvent seules : là où il se décide qui lit, qui écrit. Et de quoi les ouvrir toutes grandes."""

import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import FunctionType
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet

from maillage.core.requete_rejouee import RequeteRejouee
from tests.architecture.lecture import PAQUET, programmes

PUBLIQUES = {"publiees", "publies"}
PIECES_A_TEMOINS = {"personnes", "accueil", "activites", "evaluation", "projets"}
"""Chacune de leurs portes a un geste qui la juge, à chaque `bin/test` (`temoins.py`)."""
# Portes doublées par une autre, exprès : l'une seule ouverte ne laisse rien passer. Chacune a sa raison.
DOUBLEES = {
    "catalogue.permissions.peut_remettre_piece": "la pièce se cherche d'abord dans ses propres brouillons",
    "comptes.permissions.caf_qui_conseille": "le dossier se cherche d'abord parmi ceux que sa Caf instruit",
    "comptes.permissions.peut_tenir_le_compte": "la personne se cherche d'abord parmi celles que l'on gère",
    "catalogue.permissions.peut_ecrire": "décide des boutons d'une histoire déjà cherchée parmi les siennes",
    "activites.permissions.peut_tenir_l_activite": "l'activité se cherche d'abord parmi celles de l'équipe",
    "projets.permissions.est_de_l_equipe": "le projet se cherche d'abord parmi ceux de l'équipe",
    "DemandeDeDroitsQuerySet.du_registre": "répondre demande aussi d'en diriger le centre",
}


@dataclass(frozen=True)
class Porte:
    """Une fonction qui décide qui voit quoi, là où elle est écrite."""

    lieu: str
    fermee: FunctionType
    ouverte: FunctionType

    def __str__(self) -> str:
        return f"{self.lieu}.{self.fermee.__name__}"

    @property
    def piece(self) -> str:
        return self.fermee.__module__.split(".")[1]

    def ouvrir(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """En change le corps : qui l'a importée, décorée ou rangée dans un menu l'appelle ouverte."""
        libres = self.fermee.__code__.co_freevars  # `__class__`, là où elle appelle `super()`
        monkeypatch.setattr(self.fermee, "__code__", self.ouverte.__code__.replace(co_freevars=libres))
        monkeypatch.setattr(self.fermee, "__defaults__", None)
        monkeypatch.setattr(self.fermee, "__kwdefaults__", None)
        # une requête déjà écrite garderait la porte fermée, ou la laisserait ouverte après le test
        monkeypatch.setattr(RequeteRejouee, "_ecrite", lambda self: self._ecrire(connections["default"]))


def _tout(self: Any, *_: Any, **__: Any) -> Any:
    return self.all()


def _oui(*_: Any, **__: Any) -> bool:
    return True


def _toutes_les_structures(*_: Any, **__: Any) -> list[int]:
    from maillage.territoire.models import Structure  # le corps est greffé sur un autre module

    return list(Structure.objects.values_list("pk", flat=True))


def _toutes_les_institutions(*_: Any, **__: Any) -> list[int]:
    from maillage.territoire.models import Institution

    return list(Institution.objects.values_list("pk", flat=True))


def _structures_sans_filtre(*_: Any, **__: Any) -> Any:
    from maillage.territoire.models import Structure

    return Structure.objects.all()


def _tout_ce_qui_est_montre(*recus: Any, **__: Any) -> Any:
    return {objet.pk for objet in recus[1]}


def _tous_les_roles(*_: Any, **__: Any) -> Any:
    from maillage.comptes.choices import Role

    return list(Role)


def _aucun_filtre(*_: Any, **__: Any) -> Any:
    from django.db.models import Q

    return Q()


@cache
def portes() -> list[Porte]:
    """Celles qu'une page emploie, elle-même ou par une autre porte."""
    trouvees = toutes_les_portes()
    employees = {porte for porte in trouvees if sert(porte, _textes("views", "navigation", "apps"))}
    while (
        suivantes := {
            porte for porte in trouvees if any(sert(porte, [inspect.getsource(e.fermee)]) for e in employees)
        }
        - employees
    ):
        employees |= suivantes
    return [porte for porte in trouvees if porte in employees]


@cache
def toutes_les_portes() -> tuple[Porte, ...]:
    return tuple(_trouver_les_portes())


def _trouver_les_portes() -> Iterator[Porte]:
    for fichier in programmes():
        if fichier.stem not in {"permissions", "querysets", "competence"}:
            continue
        module = importlib.import_module(".".join(fichier.relative_to(PAQUET.parent).with_suffix("").parts))
        for objet in list(vars(module).values()):
            if getattr(objet, "__module__", "") != module.__name__:
                continue
            if inspect.isclass(objet):
                yield from _methodes(objet)
            elif (
                isinstance(objet, FunctionType)
                and not objet.__name__.startswith("_")
                and "utilisateur" in inspect.signature(objet).parameters
            ):
                yield Porte(module.__name__.removeprefix("maillage."), objet, _qui_dit_oui(objet))


def _methodes(classe: type) -> Iterator[Porte]:
    for cle, methode in vars(classe).items():
        if not isinstance(methode, FunctionType) or cle.startswith("_"):
            continue
        prend_quelqu_un = "utilisateur" in inspect.signature(methode).parameters
        if issubclass(classe, QuerySet) and (prend_quelqu_un or cle in PUBLIQUES):
            yield Porte(classe.__name__, methode, _tout)
        elif cle == "filtre":
            yield Porte(classe.__name__, methode, _aucun_filtre)


def _qui_dit_oui(fonction: FunctionType) -> FunctionType:
    rendu = str(inspect.signature(fonction).return_annotation)
    if "list[int]" in rendu:
        des_institutions = fonction.__name__.startswith(("institutions_", "federations_"))
        return _toutes_les_institutions if des_institutions else _toutes_les_structures
    if "set[int]" in rendu:
        return _tout_ce_qui_est_montre
    if "Role" in rendu:
        return _tous_les_roles
    if fonction.__name__.startswith("structures_") and not re.search(r"\bQ\b", rendu):
        return _structures_sans_filtre
    return _aucun_filtre if re.search(r"\bQ\b", rendu) else _oui


def sert(porte: Porte, textes: Iterable[str]) -> bool:
    """Appelée par son nom, et pour une lecture dans un texte qui cite son modèle."""
    nom_, modele_ = porte.fermee.__name__, porte.lieu.removesuffix("QuerySet")
    cite = re.compile(rf"(?<!def ){nom_}\b") if nom_ != "filtre" else re.compile(r"Competence\(")
    lecture = porte.lieu.endswith("QuerySet")
    return any(cite.search(texte) and (not lecture or modele_ in texte) for texte in textes)


def _textes(*lieux: str) -> list[str]:
    return [
        fichier.read_text(encoding="utf-8")
        for fichier in programmes()
        if any(lieu in fichier.relative_to(PAQUET).with_suffix("").parts for lieu in lieux)
        or fichier.parent.name in {"recherche", "api", "templatetags"}
        or fichier.stem in {"lecture", "exportation", "documents"}
    ]
