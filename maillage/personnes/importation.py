"""Lire un classeur de personnes : le tableau, les colonnes reconnues, les fautes ligne à ligne. N'écrit rien."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from openpyxl import load_workbook

from maillage.personnes.choices import ChampDePersonne, Genre, TrancheQuotient
from maillage.personnes.noms import nom_cherche

TAILLE_MAX: Final = 5 * 1024 * 1024
DEPLIE_MAX: Final = 80 * 1024 * 1024
"""Un classeur est une archive : au-delà, elle a été faite pour étouffer la machine."""
LIGNES_MAX: Final = 5_000
COLONNES_MAX: Final = 40
CELLULE_MAX: Final = 200

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


class ClasseurIllisible(Exception):
    """Le fichier entier est refusé ; le message dit pourquoi et quoi faire."""


@dataclass(frozen=True)
class Tableau:
    entetes: list[str]
    lignes: list[list[Any]]


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


def lire_le_tableau(nom: str, contenu: bytes) -> Tableau:
    """Lève `ClasseurIllisible`. Rien du classeur n'est exécuté : une formule se lit comme sa valeur."""
    if len(contenu) > TAILLE_MAX:
        raise ClasseurIllisible("Ce fichier dépasse 5 Mo. Coupez-le en plusieurs, puis recommencez.")
    if nom.lower().endswith(".csv"):
        rangees = _lire_csv(contenu)
    elif nom.lower().endswith(".xlsx"):
        rangees = _lire_xlsx(contenu)
    else:
        raise ClasseurIllisible("Enregistrez le fichier en .xlsx ou en .csv, puis déposez-le de nouveau.")
    pleines = [rangee for rangee in rangees if any(valeur not in (None, "") for valeur in rangee)]
    if len(pleines) < 2:
        raise ClasseurIllisible(
            "Il faut une ligne de titres, puis une ligne par personne. Vérifiez le fichier."
        )
    if len(pleines) > LIGNES_MAX + 1:
        raise ClasseurIllisible(
            "Ce fichier a plus de 5 000 lignes. Coupez-le en plusieurs, puis recommencez."
        )
    entetes = [str(valeur or "").strip()[:80] for valeur in pleines[0]]
    while entetes and not entetes[-1]:
        entetes.pop()  # un tableur rend aussi les colonnes vides de droite
    return Tableau(entetes, [_a_la_largeur(rangee, len(entetes)) for rangee in pleines[1:]])


def _a_la_largeur(rangee: list[Any], largeur: int) -> list[Any]:
    return [_propre(valeur) for valeur in (rangee + [None] * largeur)[:largeur]]


def _propre(valeur: Any) -> Any:
    """Sans signe de contrôle ; une cellule démesurée est coupée, elle sera refusée par sa règle."""
    if isinstance(valeur, str):
        return re.sub(r"[\x00-\x1f\x7f]", " ", valeur).strip()[: CELLULE_MAX + 1]
    return valeur


def _lire_csv(contenu: bytes) -> list[list[Any]]:
    """UTF-8, sinon l'encodage des tableurs français ; le séparateur est celui de la première ligne."""
    try:
        texte = contenu.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = contenu.decode("cp1252", errors="replace")
    premiere = texte.split("\n", 1)[0]
    separateur = max(";,\t", key=premiere.count)
    try:
        rangees = islice(csv.reader(io.StringIO(texte), delimiter=separateur), LIGNES_MAX + 2)
        return [rangee[:COLONNES_MAX] for rangee in rangees]
    except csv.Error as faute:
        raise ClasseurIllisible(
            "Ce fichier .csv est abîmé. Enregistrez-le en .xlsx et recommencez."
        ) from faute


def _lire_xlsx(contenu: bytes) -> list[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            if sum(info.file_size for info in archive.infolist()) > DEPLIE_MAX:
                raise ClasseurIllisible(
                    "Ce classeur est trop gros une fois déplié. Gardez une seule feuille."
                )
        classeur = load_workbook(io.BytesIO(contenu), read_only=True, data_only=True, keep_links=False)
        try:
            feuille = classeur.worksheets[0]
            rangees = feuille.iter_rows(max_row=LIGNES_MAX + 2, max_col=COLONNES_MAX, values_only=True)
            return [list(rangee) for rangee in rangees]
        finally:
            classeur.close()
    except ClasseurIllisible:
        raise
    except Exception as faute:  # le lecteur lève tout ce qu'un fichier abîmé lui fait rencontrer
        raise ClasseurIllisible(
            "Ce classeur ne se lit pas. Ouvrez-le dans votre tableur, enregistrez-le en .xlsx, et recommencez."
        ) from faute


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
