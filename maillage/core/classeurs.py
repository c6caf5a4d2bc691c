"""Lire un classeur reçu, .xlsx ou .csv : une ligne de titres, puis des lignes. N'écrit rien, n'exécute rien."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from openpyxl import Workbook, load_workbook

TAILLE_MAX: Final = 5 * 1024 * 1024
DEPLIE_MAX: Final = 80 * 1024 * 1024
"""Un classeur est une archive : au-delà, elle a été faite pour étouffer la machine."""
LIGNES_MAX: Final = 5_000
COLONNES_MAX: Final = 40
CELLULE_MAX: Final = 200
_LITTERAL: Final = re.compile(r'"[^"]*"|\\.')
"""Ce qu'un format de cellule ne fait qu'afficher : « 0" %" » ne multiplie pas."""
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


class ClasseurIllisible(Exception):
    """Le fichier entier est refusé ; le message dit pourquoi et quoi faire."""


@dataclass(frozen=True)
class Tableau:
    entetes: list[str]
    lignes: list[list[Any]]


def lire_le_tableau(
    nom: str, contenu: bytes, *, de_quoi: str = "personne", cellule_max: int = CELLULE_MAX
) -> Tableau:
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
            f"Il faut une ligne de titres, puis une ligne par {de_quoi}. Vérifiez le fichier."
        )
    if len(pleines) > LIGNES_MAX + 1:
        raise ClasseurIllisible(
            "Ce fichier a plus de 5 000 lignes. Coupez-le en plusieurs, puis recommencez."
        )
    entetes = [str(valeur or "").strip()[:80] for valeur in pleines[0]]
    while entetes and not entetes[-1]:
        entetes.pop()  # un tableur rend aussi les colonnes vides de droite
    return Tableau(entetes, [_a_la_largeur(rangee, len(entetes), cellule_max) for rangee in pleines[1:]])


def _a_la_largeur(rangee: list[Any], largeur: int, cellule_max: int) -> list[Any]:
    return [_propre(valeur, cellule_max) for valeur in (rangee + [None] * largeur)[:largeur]]


def _propre(valeur: Any, cellule_max: int) -> Any:
    """Sans signe de contrôle ; une cellule démesurée est coupée, elle sera refusée par sa règle."""
    if isinstance(valeur, str):
        return re.sub(r"[\x00-\x1f\x7f]", " ", valeur).strip()[: cellule_max + 1]
    return valeur


def _lire_csv(contenu: bytes) -> list[list[Any]]:
    """UTF-8, le « texte Unicode » d'un tableur, sinon l'encodage des tableurs français. Le séparateur : celui de la
    première ligne."""
    try:
        texte = contenu.decode("utf-16" if contenu.startswith(UTF_16) else "utf-8-sig")
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
    with classeur_ouvert(contenu) as classeur:
        feuille = classeur.worksheets[0]
        rangees = feuille.iter_rows(max_row=LIGNES_MAX + 2, max_col=COLONNES_MAX)
        return [[_telle_que_lue(cellule) for cellule in rangee] for rangee in rangees]


def _telle_que_lue(cellule: Any) -> Any:
    """Un pourcentage tel que le tableur le montre, « 33.5 % » : dessous, il garde 0,335."""
    valeur = cellule.value
    if type(valeur) not in (int, float) or "%" not in _LITTERAL.sub("", cellule.number_format or ""):
        return valeur
    return f"{(Decimal(repr(valeur)) * 100).normalize():f} %"


@contextmanager
def classeur_ouvert(contenu: bytes, *, montre_les_formules: bool = False) -> Iterator[Workbook]:
    """Le classeur, le temps de le lire. Lève `ClasseurIllisible`, même pendant la lecture.

    Une formule se lit comme sa valeur ; avec `montre_les_formules`, comme la formule qu'elle est.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            if sum(info.file_size for info in archive.infolist()) > DEPLIE_MAX:
                raise ClasseurIllisible(
                    "Ce classeur est trop gros une fois déplié. Gardez une seule feuille."
                )
        classeur = load_workbook(
            io.BytesIO(contenu), read_only=True, data_only=not montre_les_formules, keep_links=False
        )
        try:
            yield classeur
        finally:
            classeur.close()
    except ClasseurIllisible:
        raise
    except Exception as faute:  # le lecteur lève tout ce qu'un fichier abîmé lui fait rencontrer
        raise ClasseurIllisible(
            "Ce classeur ne se lit pas. Ouvrez-le dans votre tableur, enregistrez-le en .xlsx, et recommencez."
        ) from faute
