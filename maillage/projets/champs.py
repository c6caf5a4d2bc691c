"""Les champs d'une fiche action que l'on écrit : leur nom, leur forme, et leur lecture.

Une valeur s'échange sous une seule forme par genre : texte et choix, une chaîne ; liste, noms et cases, une liste de
chaînes. Un lien (objectif, pilote, équipe…) se dit par son numéro de ligne, en chaîne.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from maillage.core.ecriture import Valeur
from maillage.projets.models import FicheAction


class GenreChamp(StrEnum):
    COURT = "court"
    LONG = "long"
    LISTE = "liste"
    CHOIX = "choix"
    CASES = "cases"
    NOMS = "noms"


@dataclass(frozen=True, slots=True)
class Champ:
    nom: str
    libelle: str
    genre: GenreChamp = GenreChamp.LONG

    @property
    def est_texte(self) -> bool:
        return self.genre in {GenreChamp.COURT, GenreChamp.LONG}

    @property
    def vide(self) -> Valeur:
        return [] if self.genre in {GenreChamp.LISTE, GenreChamp.CASES, GenreChamp.NOMS} else ""


_TOUS = (
    Champ("titre", "Titre", GenreChamp.COURT),
    Champ("objectif", "Objectif général", GenreChamp.CHOIX),
    Champ("autres_objectifs", "Sert aussi", GenreChamp.CASES),
    Champ("contexte", "Contexte"),
    Champ("objectifs_operationnels", "Objectifs opérationnels", GenreChamp.LISTE),
    Champ("statut", "Par rapport au projet d’avant", GenreChamp.CHOIX),
    Champ("specifiques", "Projets spécifiques", GenreChamp.CASES),
    Champ("public", "Public", GenreChamp.LISTE),
    Champ("attention_particuliere", "Attention particulière"),
    Champ("degre_participation", "Participation des habitants", GenreChamp.CHOIX),
    Champ("preuve_participation", "Ce qui le montre"),
    Champ("presentation", "Présentation"),
    Champ("annees", "Années", GenreChamp.CASES),
    Champ("echeancier", "Échéancier", GenreChamp.LISTE),
    Champ("freins", "Freins à lever", GenreChamp.LISTE),
    Champ("pilote", "Pilote", GenreChamp.CHOIX),
    Champ("pilote_nom", "Pilote sans compte", GenreChamp.COURT),
    Champ("equipe", "Équipe", GenreChamp.CASES),
    Champ("moyens_humains", "Moyens humains", GenreChamp.LISTE),
    Champ("moyens_materiels", "Moyens matériels et financiers", GenreChamp.LISTE),
    Champ("partenaires", "Partenaires du répertoire", GenreChamp.NOMS),
    Champ("partenaires_existants", "Partenariat existant", GenreChamp.LISTE),
    Champ("partenaires_potentiels", "Partenariat à construire", GenreChamp.LISTE),
    Champ("resultats_attendus", "Résultats attendus", GenreChamp.LISTE),
)
CHAMPS: Final[dict[str, Champ]] = {champ.nom: champ for champ in _TOUS}
"""Dans l'ordre où on les écrit."""
COLONNES: Final = {
    nom
    for nom, champ in CHAMPS.items()
    if champ.est_texte or champ.genre == GenreChamp.LISTE or nom in {"statut", "degre_participation"}
}
"""Ceux dont la valeur se range telle quelle dans la fiche."""


def lire_champ(fiche: FicheAction, nom: str) -> Valeur:
    """La valeur comme une page la montre : les fins de ligne et les blancs du bout ne comptent pas."""
    champ = CHAMPS[nom]
    if champ.est_texte:
        return propre(getattr(fiche, nom))
    if champ.genre == GenreChamp.LISTE:
        return elements(getattr(fiche, nom))
    if nom in COLONNES:
        return getattr(fiche, nom)
    return _LIENS[nom](fiche)


def lire_champs(fiche: FicheAction, noms: Iterable[str] = CHAMPS) -> dict[str, Valeur]:
    return {nom: lire_champ(fiche, nom) for nom in noms}


def propre(texte: str) -> str:
    return re.sub(r"\r\n?", "\n", texte).strip()


def elements(lignes: Iterable[Any]) -> list[str]:
    """Une ligne par élément, sans ligne vide."""
    return [propre_ligne for ligne in lignes if (propre_ligne := " ".join(str(ligne).split()))]


def _numeros(pks: Iterable[int]) -> list[str]:
    return [str(pk) for pk in sorted(pks)]


_LIENS: Final[dict[str, Any]] = {
    "objectif": lambda fiche: str(fiche.objectif_id or ""),
    "autres_objectifs": lambda fiche: _numeros(lien.objectif_id for lien in fiche.rattachements.all()),
    "specifiques": lambda fiche: _numeros(lie.pk for lie in fiche.specifiques.all()),
    "annees": lambda fiche: [str(annee) for annee in fiche.annees],
    "pilote": lambda fiche: str(fiche.pilote_id or ""),
    "equipe": lambda fiche: _numeros(lie.pk for lie in fiche.equipe.all()),
    "partenaires": lambda fiche: [partenaire.nom for partenaire in fiche.partenaires.all()],
}
