"""Du document reçu aux objets que l'on peut relire, corriger, puis écrire.

Un objet a les clés de l'export JSON, et `passages` : pour chaque pièce d'une liste, d'où elle vient et les mots du
document. Un export JSON de Maillage se relit aussi.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from maillage.projets.importation import DocumentIllisible, ProjetLu, en_json
from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.fichier import lire_les_blocs
from maillage.projets.importation.lecture import lire_les_projets
from maillage.projets.importation.lexique import statut
from maillage.projets.importation.lu import Piece
from maillage.projets.importation.mots import forme

LISTES: Final = (
    "axes",
    "enjeux",
    "objectifs",
    "fiches",
    "gouvernance",
    "chiffres_diagnostic",
    "tableaux",
    "sigles",
    "chapitres",
)
"""Les clés d'un objet qui portent des pièces."""


@dataclass(frozen=True)
class Lecture:
    """Ce qu'un document donne, prêt pour la base ou pour JSON. `a_ranger` et `paragraphes` : ceux du contrat."""

    projets: list[dict[str, Any]]
    a_ranger: list[dict[str, Any]]
    paragraphes: dict[str, int]


def lire_le_document(contenu: bytes, nom: str) -> Lecture:
    """Lève `DocumentIllisible`."""
    if nom.lower().endswith(".json"):
        return _lire_l_export(contenu)
    blocs = lire_les_blocs(contenu, nom)
    document = lire_les_projets(blocs, nom)
    sources = _Sources(blocs)
    projets = [en_json(projet) | {"passages": sources.du_projet(projet)} for projet in document.projets]
    for projet in projets:
        for fiche in projet["fiches"]:
            _lire_le_statut(fiche)
    morceaux = [_sans_puce(asdict(morceau)) for morceau in document.a_ranger]
    return Lecture(projets, morceaux, asdict(document.paragraphes))


def _lire_le_statut(fiche: dict[str, Any]) -> None:
    """Quand l'arbre ne le dit pas, la fiche a parfois sa ligne « Statut de l'action »."""
    for autre in fiche["autres"]:
        if not fiche["statut"] and "statut" in forme(autre["libelle"]).split():
            fiche["statut"] = statut(autre["texte"])
    fiche["autres"] = [autre for autre in fiche["autres"] if not (fiche["statut"] and statut(autre["texte"]))]


def morceaux_du_projet(lecture: Lecture, rang: int) -> list[dict[str, Any]]:
    """Ceux que le document place dans ce projet ; ceux d'aucun projet vont au premier."""
    nom = lecture.projets[rang]["nom"]
    noms = {projet["nom"] for projet in lecture.projets}
    return [
        morceau
        for morceau in lecture.a_ranger
        if morceau["projet"] == nom or (rang == 0 and morceau["projet"] not in noms)
    ]


def _sans_puce(morceau: dict[str, Any]) -> dict[str, Any]:
    return {cle: morceau[cle] for cle in ("projet", "ligne_debut", "ligne_fin", "texte")}


class _Sources:
    """Le texte du document, par lignes : ce qu'on montre à côté de chaque pièce."""

    def __init__(self, blocs: Iterable[Bloc]) -> None:
        self._lignes = [(bloc.ligne, bloc.texte) for bloc in blocs if bloc.texte]

    def du_projet(self, projet: ProjetLu) -> dict[str, list[dict[str, Any]]]:
        return {cle: [self._passage(piece) for piece in getattr(projet, cle)] for cle in LISTES}

    def _passage(self, piece: Piece) -> dict[str, Any]:
        textes = [texte for ligne, texte in self._lignes if piece.ligne_debut <= ligne <= piece.ligne_fin]
        return {
            "ligne_debut": piece.ligne_debut,
            "ligne_fin": piece.ligne_fin,
            "texte": "\n".join(textes),
        }


# --- Un export JSON de Maillage ------------------------------------------------------------------------
_RELIRE = "Reprenez un fichier exporté par Maillage, ou déposez le document d’origine."
_AUTOUR = (
    *("zones", "constats", "themes", "paroles", "rencontres", "resultats", "besoins", "instances"),
    *("participation", "budgets", "financements", "evaluations"),
)
_DE_MOTS = {"quartiers", "qpv", "communes"}
_CLES_DE_LISTE = (*LISTES, *_AUTOUR, *sorted(_DE_MOTS), "a_ranger")


def _lire_l_export(contenu: bytes) -> Lecture:
    try:
        lu = json.loads(contenu)
    except (ValueError, RecursionError) as faute:
        raise DocumentIllisible(f"Ce fichier n’est pas un JSON lisible. {_RELIRE}") from faute
    projets = lu if isinstance(lu, list) else [lu]
    for projet in projets:
        _verifier(projet)
    combien = sum(map(_textes, projets))
    paragraphes = {"lus": combien, "places": combien, "a_ranger": 0, "mise_en_page": 0}
    return Lecture(projets, [], paragraphes)


def _verifier(projet: Any) -> None:
    """Lève `DocumentIllisible` quand l'objet n'a pas la forme d'un projet exporté."""
    if not isinstance(projet, dict) or not {"nom", "fiches"} <= projet.keys():
        raise DocumentIllisible(f"Ce JSON n’est pas un projet : « nom » ou « fiches » manque. {_RELIRE}")
    periode = projet.get("periode") or {}
    if not isinstance(periode, dict) or not all(isinstance(annee, int) for annee in periode.values()):
        raise DocumentIllisible(f"« periode » n’est pas une suite de deux années. {_RELIRE}")
    for cle in _CLES_DE_LISTE:
        elements = projet.get(cle) or []
        sorte = str if cle in _DE_MOTS else dict
        if not isinstance(elements, list) or not all(isinstance(un, sorte) for un in elements):
            raise DocumentIllisible(f"« {cle} » n’a pas la forme attendue. {_RELIRE}")
    for fiche in projet["fiches"]:
        for cle in ("projets_specifiques", "objectifs"):
            if not isinstance(fiche.get(cle) or [], list):
                raise DocumentIllisible(f"Dans une fiche, « {cle} » n’est pas une liste. {_RELIRE}")
    for chiffre in projet.get("chiffres_diagnostic") or ():
        if not isinstance(chiffre.get("valeur"), int | float | None):
            raise DocumentIllisible(f"La valeur d’un chiffre n’est pas un nombre. {_RELIRE}")


def _textes(valeur: Any) -> int:
    """Combien de textes porte cet objet."""
    if isinstance(valeur, str):
        return int(bool(valeur.strip()))
    if isinstance(valeur, Mapping):
        return sum(map(_textes, valeur.values()))
    return sum(map(_textes, valeur)) if isinstance(valeur, list) else 0
