"""Lire un classeur de personnes : le tableau, les colonnes reconnues, les fautes ligne à ligne. N'écrit rien."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from maillage.core.classeurs import (
    CELLULE_MAX,
    Tableau,
)
from maillage.personnes.choices import ChampDePersonne, Genre, TrancheQuotient
from maillage.personnes.noms import nom_cherche

SYNONYMES: Final[dict[ChampDePersonne, tuple[str, ...]]] = {
    ChampDePersonne.PRENOM: ("prenom", "prenoms"),
    ChampDePersonne.NOM: ("nom", "nom de famille", "nom d usage", "nom usuel"),
    ChampDePersonne.GENRE: ("genre", "sexe", "civilite"),
    ChampDePersonne.NAISSANCE: ("naissance", "date de naissance", "annee de naissance", "ne e le", "ne le"),
    ChampDePersonne.TELEPHONE: ("telephone", "tel", "portable", "mobile", "telephone portable"),
    ChampDePersonne.COURRIEL: ("courriel", "email", "e mail", "mail", "adresse mail", "adresse email"),
    ChampDePersonne.ADRESSE: ("adresse", "adresse postale", "rue"),
    ChampDePersonne.PROVENANCE: ("provenance", "quartier", "commune", "ville", "quartier ou commune"),
    ChampDePersonne.PUBLICS: ("publics", "public"),
    ChampDePersonne.QUOTIENT: ("tranche", "quotient", "tranche de quotient", "tranche de quotient familial"),
    ChampDePersonne.ADHESION: ("adhesion", "adhesion jusqu au", "fin d adhesion"),
    ChampDePersonne.AUTORISES: ("autorises", "personnes autorisees"),
}
_GENRES: Final = {
    **dict.fromkeys(("f", "femme", "femmes", "feminin", "mme", "madame", "fille"), Genre.FEMMES),
    **dict.fromkeys(("h", "m", "homme", "hommes", "masculin", "monsieur", "garcon"), Genre.HOMMES),
}
_JOURS: Final = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")


@dataclass
class LigneLue:
    """Une ligne du classeur, à partir de 2. Avec des fautes, elle n'entre pas."""

    numero: int
    brute: list[Any]
    champs: dict[str, Any] = field(default_factory=dict)
    fautes: list[str] = field(default_factory=list)

    @property
    def nom(self) -> str:
        return f"{self.champs.get('prenom', '')} {self.champs.get('nom', '')}".strip()


def titres_distincts(tableau: Tableau) -> Tableau:
    """Deux colonnes du même titre sont deux colonnes : « Téléphone », « Téléphone (2) »."""
    deja: Counter[str] = Counter()
    titres = []
    for titre in tableau.entetes:
        deja[titre] += 1
        titres.append(titre if deja[titre] == 1 else f"{titre} ({deja[titre]})".strip())
    return Tableau(titres, tableau.lignes)


def proposer_les_colonnes(entetes: list[str], ouverts: set[str]) -> dict[str, str]:
    """Titre de colonne → champ, quand le titre le dit. Un champ fermé n'est pas proposé."""
    proposees: dict[str, str] = {}
    for entete in entetes:
        for champ, noms in SYNONYMES.items():
            if champ in ouverts and champ not in proposees.values() and nom_cherche(entete) in noms:
                proposees[entete] = champ.value
    return proposees


def lire_les_fiches(
    tableau: Tableau, colonnes: Mapping[str, str], lieux: Mapping[str, Any]
) -> list[LigneLue]:
    """`lieux` : nom plié → `Provenance` du centre."""
    lues = []
    for numero, rangee in enumerate(tableau.lignes, start=2):
        ligne = LigneLue(numero, rangee)
        for entete, valeur in zip(tableau.entetes, rangee, strict=True):
            champ = colonnes.get(entete)
            if champ and valeur not in (None, ""):
                try:
                    ligne.champs[champ] = _lire_la_valeur(ChampDePersonne(champ), valeur, lieux)
                except ValueError as faute:
                    ligne.fautes.append(f"{entete} : {faute}")
        if not nom_cherche(ligne.nom):
            ligne.fautes.append("Il manque le prénom et le nom.")
        lues.append(ligne)
    return lues


def _lire_la_valeur(champ: ChampDePersonne, valeur: Any, lieux: Mapping[str, Any]) -> Any:
    """Lève `ValueError`, qui dit quoi corriger."""
    match champ:
        case ChampDePersonne.NAISSANCE:
            return _annee(valeur)
        case ChampDePersonne.ADHESION:
            return _jour(valeur)
        case ChampDePersonne.GENRE:
            return _parmi(_GENRES, valeur, "écrivez F ou H.")
        case ChampDePersonne.QUOTIENT:
            tranches = {tranche.value: tranche for tranche in TrancheQuotient}
            return _parmi(tranches, valeur, "écrivez la tranche, de 1 à 5, jamais un montant.")
        case ChampDePersonne.PROVENANCE:
            return _parmi(
                lieux, valeur, "ce lieu n’est pas dans la liste de votre centre. Ajoutez-le d’abord."
            )
        case ChampDePersonne.PUBLICS:
            return [mot.strip()[:40] for mot in re.split(r"[,;|/]", str(valeur)) if mot.strip()]
        case ChampDePersonne.TELEPHONE:
            valeur = _telephone(valeur)
        case ChampDePersonne.COURRIEL:
            try:
                validate_email(str(valeur))
            except ValidationError as faute:
                raise ValueError("écrivez une adresse entière, comme prenom.nom@exemple.fr.") from faute
    longueurs = {ChampDePersonne.PRENOM: 80, ChampDePersonne.NOM: 80, ChampDePersonne.TELEPHONE: 20}
    texte, longueur = str(valeur), longueurs.get(champ, CELLULE_MAX)
    if len(texte) > longueur:
        raise ValueError(f"ce texte dépasse {longueur} signes. Raccourcissez-le.")
    return texte


def _parmi(valeurs: Mapping[str, Any], valeur: Any, quoi_faire: str) -> Any:
    texte = str(int(valeur)) if isinstance(valeur, float) and valeur.is_integer() else str(valeur)
    if (trouvee := valeurs.get(nom_cherche(texte))) is None:
        raise ValueError(quoi_faire)
    return trouvee


def _telephone(valeur: Any) -> str:
    """Un tableur prend un numéro pour un nombre, et lui ôte son zéro."""
    texte = str(int(valeur)) if isinstance(valeur, float) and valeur.is_integer() else str(valeur)
    return f"0{texte}" if re.fullmatch(r"[1-9][0-9]{8}", texte) else texte


def _annee(valeur: Any) -> int:
    """D'une date on ne garde que l'année."""
    texte = str(valeur)
    annee = valeur.year if isinstance(valeur, date | datetime) else 0
    if not annee and (lue := re.search(r"(?<!\d)(19|20)\d\d(?!\d)", texte)):
        annee = int(lue[0])
    if not 1900 <= annee <= timezone.localdate().year:
        raise ValueError("écrivez une année à quatre chiffres, comme 1987.")
    return annee


def _jour(valeur: Any) -> date:
    if isinstance(valeur, datetime):
        return valeur.date()
    if isinstance(valeur, date):
        return valeur
    for forme in _JOURS:
        try:
            return datetime.strptime(str(valeur), forme).date()  # noqa: DTZ007 - un jour, sans heure
        except ValueError:
            continue
    raise ValueError("écrivez une date, comme 31/08/2027.")
