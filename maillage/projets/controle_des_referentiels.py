"""Lire un référentiel déposé : chaque faute dit sa ligne, ce qui ne va pas et quoi faire. Rien n'est écrit."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from maillage.projets.referentiels import BLOCS, LISTES, MOMENTS, Referentiel, lire_referentiel

OCTETS_MAX: Final = 200_000
ELEMENTS_MAX: Final = 200
SIGNES_MAX: Final = 2_000
NIVEAU_MAX: Final = 3
MOIS_MAX: Final = 48
_CLE: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ENTETE: Final = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]?\]")
_CHAMP: Final = re.compile(r"\s*([\w-]+)\s*=")
_A_LA_LIGNE: Final = re.compile(r"at line (\d+)")

SIMPLES: Final = {"cle": 60, "nom": 200, "version": 40, "source": 500}
"""Champs du haut du fichier, et leur longueur."""
OBLIGATOIRES: Final = {
    "chapitres": ("cle", "titre"),
    "pieces": ("cle", "nom", "usage"),
    "criteres": ("cle", "texte", "source"),
    "questions": ("cle", "moment", "texte", "source"),
    "calendrier": ("mois_avant", "titre"),
}
FACULTATIFS: Final = {
    "chapitres": ("niveau", "aide", "blocs", "usage"),
    "pieces": ("aide",),
    "criteres": ("blocs",),
    "questions": ("aide",),
    "calendrier": ("detail",),
}
NOMBRES: Final = {"niveau": (1, NIVEAU_MAX), "mois_avant": (0, MOIS_MAX)}
UN: Final = {
    "chapitres": "Le chapitre",
    "pieces": "La pièce",
    "criteres": "Le critère",
    "questions": "La question",
    "calendrier": "L’étape",
}
POURQUOI: Final = {
    "source": "Dites d’où il vient : sans source, Maillage ne le montrerait pas comme une règle.",
    "usage": "Dites qui la demande d’ordinaire, comme « Souvent demandée ; votre Caf le dit. »",
}


@dataclass(frozen=True, slots=True)
class Faute:
    """`ligne` : 0 quand elle concerne tout le fichier."""

    ligne: int
    phrase: str

    def __str__(self) -> str:
        return f"Ligne {self.ligne} : {self.phrase}" if self.ligne else self.phrase


def controler(contenu: bytes) -> tuple[Referentiel | None, str, list[Faute]]:
    """Le référentiel lu, son texte, et les fautes. Avec une faute, pas de référentiel."""
    if len(contenu) > OCTETS_MAX:
        return None, "", [Faute(0, "Ce fichier dépasse 200 Ko. Vérifiez que c’est bien un référentiel.")]
    try:
        texte = contenu.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None, "", [Faute(0, "Ce fichier n’est pas un texte UTF-8. Enregistrez-le en UTF-8.")]
    try:
        donnees = tomllib.loads(texte)
    except tomllib.TOMLDecodeError as faute:
        trouvee = _A_LA_LIGNE.search(str(faute))
        ligne = int(trouvee[1]) if trouvee else texte.count("\n") + 1
        return None, texte, [Faute(ligne, "Cela ne se lit pas. Vérifiez les guillemets et le signe =.")]
    except RecursionError:
        return None, texte, [Faute(0, "Ce fichier est imbriqué trop profondément.")]
    fautes = sorted(_fautes(donnees, _Reperes(texte)), key=lambda une: une.ligne)
    return (None if fautes else lire_referentiel(texte)), texte, fautes


class _Reperes:
    """La ligne de chaque entête et de chaque champ, telle qu'elle est dans le fichier."""

    def __init__(self, texte: str) -> None:
        self._lignes: dict[tuple[str, int, str], int] = {}
        rangs: Counter[str] = Counter()
        table, rang, dans_un_texte = "", 0, False
        for numero, ligne in enumerate(texte.split("\n"), start=1):
            if not dans_un_texte:
                if entete := _ENTETE.match(ligne):
                    table = entete[1]
                    rang, rangs[table] = rangs[table], rangs[table] + 1
                    self._lignes[table, rang, ""] = numero
                elif champ := _CHAMP.match(ligne):
                    self._lignes[table, rang, champ[1]] = numero
            if (ligne.count('"""') + ligne.count("'''")) % 2:
                dans_un_texte = not dans_un_texte

    def ligne(self, table: str, rang: int = 0, champ: str = "") -> int:
        return self._lignes.get((table, rang, champ)) or self._lignes.get((table, rang, ""), 0)


def _fautes(donnees: dict[str, Any], ou: _Reperes) -> Iterator[Faute]:
    for champ, longueur in SIMPLES.items():
        ligne = ou.ligne("", 0, champ)
        if champ not in donnees:
            yield Faute(0, f"Il manque « {champ} » en haut du fichier.")
        elif phrase := _texte_faux(champ, donnees[champ], longueur):
            yield Faute(ligne, phrase)
    cle = donnees.get("cle")
    if isinstance(cle, str) and not _CLE.fullmatch(cle):
        yield Faute(ou.ligne("", 0, "cle"), _MAL_NOMMEE)
    if not _est_un_jour(donnees.get("depuis")):
        yield Faute(ou.ligne("", 0, "depuis"), "« depuis » est une date, écrite comme 2026-11-20.")
    if "source_du_calendrier" in donnees:
        if phrase := _texte_faux("source_du_calendrier", donnees["source_du_calendrier"], 500):
            yield Faute(ou.ligne("", 0, "source_du_calendrier"), phrase)
    elif donnees.get("calendrier"):
        yield Faute(ou.ligne("calendrier"), "Dites d’où vient ce calendrier : « source_du_calendrier ».")
    for champ in donnees.keys() - SIMPLES.keys() - LISTES.keys() - {"depuis", "source_du_calendrier"}:
        yield Faute(ou.ligne("", 0, champ) or ou.ligne(champ), f"« {champ} » n’est pas un champ connu.")
    if not donnees.get("chapitres"):
        yield Faute(0, "Un référentiel a au moins un chapitre.")
    for liste in LISTES:
        yield from _fautes_de_la_liste(liste, donnees.get(liste, []), ou)


_MAL_NOMMEE: Final = "Une clé s’écrit en minuscules sans accent, comme « projet_social »."


def _fautes_de_la_liste(liste: str, elements: Any, ou: _Reperes) -> Iterator[Faute]:
    if not isinstance(elements, list) or not all(isinstance(un, dict) for un in elements):
        yield Faute(ou.ligne("", 0, liste) or ou.ligne(liste), f"« {liste} » s’écrit en blocs [[{liste}]].")
        return
    if len(elements) > ELEMENTS_MAX:
        yield Faute(ou.ligne(liste, ELEMENTS_MAX), f"« {liste} » a plus de {ELEMENTS_MAX} blocs.")
        return
    prises: dict[str, int] = {}
    niveau = 0
    for rang, element in enumerate(elements):
        ligne = ou.ligne(liste, rang)
        yield from _fautes_de_l_element(liste, rang, element, ou)
        cle = element.get("cle")
        if isinstance(cle, str):
            if cle in prises:
                yield Faute(ou.ligne(liste, rang, "cle"), f"La clé « {cle} » sert déjà ligne {prises[cle]}.")
            prises.setdefault(cle, ou.ligne(liste, rang, "cle"))
        if liste == "chapitres" and isinstance(element.get("niveau", 1), int):
            actuel = element.get("niveau", 1)
            if actuel > niveau + 1:
                yield Faute(ligne, f"Le chapitre saute du niveau {niveau} au niveau {actuel}.")
            niveau = actuel


def _fautes_de_l_element(liste: str, rang: int, element: dict[str, Any], ou: _Reperes) -> Iterator[Faute]:
    connus = (*OBLIGATOIRES[liste], *FACULTATIFS[liste])
    qui = UN[liste] + (f" « {element['cle']} »" if isinstance(element.get("cle"), str) else "")
    for champ in OBLIGATOIRES[liste]:
        if champ not in element:
            suite = POURQUOI.get(champ, "Ajoutez-le.")
            yield Faute(ou.ligne(liste, rang), f"{qui} n’a pas de « {champ} ». {suite}")
    for champ, valeur in element.items():
        ligne = ou.ligne(liste, rang, champ)
        if champ not in connus:
            yield Faute(ligne, f"{qui} a un champ inconnu, « {champ} ». Champs connus : {', '.join(connus)}.")
        elif champ in NOMBRES:
            petit, grand = NOMBRES[champ]
            if not isinstance(valeur, int) or isinstance(valeur, bool) or not petit <= valeur <= grand:
                yield Faute(ligne, f"« {champ} » est un nombre de {petit} à {grand}.")
        elif champ == "blocs":
            inconnus = [un for un in valeur if un not in BLOCS] if isinstance(valeur, list) else [valeur]
            if inconnus:
                yield Faute(ligne, f"Bloc inconnu : {inconnus[0]!s}. Blocs connus : {', '.join(BLOCS)}.")
        elif phrase := _texte_faux(champ, valeur, SIGNES_MAX):
            yield Faute(ligne, phrase)
        elif champ == "cle" and not _CLE.fullmatch(valeur):
            yield Faute(ligne, _MAL_NOMMEE)
        elif champ == "moment" and valeur not in MOMENTS:
            yield Faute(ligne, f"« moment » vaut {' ou '.join(MOMENTS)}.")


def _texte_faux(champ: str, valeur: Any, longueur: int) -> str:
    if not isinstance(valeur, str):
        return f"« {champ} » est un texte, entre guillemets."
    if not valeur.strip() and champ not in {"aide", "detail"}:
        return f"« {champ} » est vide. Écrivez-le, ou ôtez la ligne."
    if len(valeur) > longueur:
        return f"« {champ} » dépasse {longueur} signes."
    return ""


def _est_un_jour(valeur: Any) -> bool:
    return isinstance(valeur, date) and not isinstance(valeur, datetime)


# --- Ce qui change -----------------------------------------------------------------------------------

NOMS: Final = {
    "chapitres": "Chapitres",
    "pieces": "Pièces",
    "criteres": "Critères",
    "questions": "Questions",
    "calendrier": "Calendrier",
}


@dataclass(frozen=True, slots=True)
class EcartDeListe:
    """`changes` : (nom, champ, avant, après)."""

    nom: str
    ajoutes: tuple[str, ...]
    otes: tuple[str, ...]
    changes: tuple[tuple[str, str, str, str], ...]
    est_reordonnee: bool


def ecarts_entre(avant: Referentiel, apres: Referentiel) -> list[EcartDeListe]:
    """Liste par liste, ce que la version d'après change ; rien pour une liste identique."""
    trouves = []
    for liste, nom in NOMS.items():
        anciens = {_cle_de(un): un for un in getattr(avant, liste)}
        neufs = {_cle_de(un): un for un in getattr(apres, liste)}
        communs = [cle for cle in neufs if cle in anciens]
        changes = tuple(
            (
                _nom_de(neufs[cle]),
                champ,
                _dire(getattr(anciens[cle], champ)),
                _dire(getattr(neufs[cle], champ)),
            )
            for cle in communs
            for champ in (un.name for un in fields(LISTES[liste]))
            if getattr(anciens[cle], champ) != getattr(neufs[cle], champ)
        )
        ecart = EcartDeListe(
            nom,
            tuple(_nom_de(neufs[cle]) for cle in neufs if cle not in anciens),
            tuple(_nom_de(anciens[cle]) for cle in anciens if cle not in neufs),
            changes,
            communs != [cle for cle in anciens if cle in neufs],
        )
        if ecart.ajoutes or ecart.otes or ecart.changes or ecart.est_reordonnee:
            trouves.append(ecart)
    return trouves


def _cle_de(element: Any) -> str:
    return str(getattr(element, "cle", "") or f"{element.mois_avant} {element.titre}")


def _nom_de(element: Any) -> str:
    return str(getattr(element, "titre", "") or getattr(element, "nom", "") or element.texte)


def _dire(valeur: Any) -> str:
    return ", ".join(valeur) if isinstance(valeur, tuple) else str(valeur)
