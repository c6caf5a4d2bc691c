"""Les mots d'un projet social, lus de `donnees/lexique.toml` : les libellés sont des données, pas du code."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from maillage.projets.importation.mots import forme, racine

_FICHIER = Path(__file__).resolve().parent.parent / "donnees" / "lexique.toml"

OBJECTIFS, MOYENS, INDICATEURS, PARTENAIRES = "objectifs", "moyens", "indicateurs", "partenaires"
EN_TETE = frozenset({"titre", "numero", "axe", "enjeu", "pilote", "lieu", "statut", "projets_specifiques"})
"""Les champs qui nomment une fiche. Tous les autres en sont le corps."""

_AMBIGUS = frozenset({OBJECTIFS, MOYENS, INDICATEURS})
"""« Moyens – une salle » peut être une phrase : devant un tiret, ces mots ne sont pas des libellés."""
OBJECTIFS_ET_CHAMPS = frozenset({OBJECTIFS, "objectifs_generaux", "objectifs_operationnels"})
_LONGUEUR_MAX = 90
_ENUMERATION = re.compile(r"^\W*(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[IVX]{1,4})\s*[.)/°-]\s*")
"""« 1. Contexte », « b) Public »."""
_SEPARATEUR = re.compile(r"\s*[:：?]\s*|\s+[–—-]\s+")


@dataclass(frozen=True)
class Libelle:
    """Un libellé reconnu. `champs` en a plusieurs quand il couvre deux listes (« Objectif général / opérationnels »).

    `texte` : comme la source l'écrit.
    """

    nom: str
    champs: tuple[str, ...]
    texte: str

    @property
    def est_conteneur(self) -> bool:
        return len(self.champs) > 1


@cache
def _donnees() -> dict[str, Any]:
    with _FICHIER.open("rb") as fichier:
        return tomllib.load(fichier)


@cache
def _par_racine() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Racine d'un libellé → (nom, champs). Un conteneur l'emporte sur un champ du même nom."""
    connus: dict[str, tuple[str, tuple[str, ...]]] = {
        racine(libelle): (champ, (champ,)) for champ, mots in _donnees()["champs"].items() for libelle in mots
    }
    for nom, conteneur in _donnees()["conteneurs"].items():
        for libelle in conteneur["libelles"]:
            connus[racine(libelle)] = (nom, tuple(conteneur["champs"]))
    return connus


@lru_cache(maxsize=65536)
def libelle_entier(texte: str) -> Libelle | None:
    """Le libellé que ce texte est tout entier : « Contexte », « CONTEXTE : », « Public(s) cible(s) »."""
    if len(texte) > _LONGUEUR_MAX:
        return None
    graphies = (texte, re.sub(r"\([^()]*\)", "", texte), _ENUMERATION.sub("", texte))
    connu = next((connu for graphie in graphies if (connu := _par_racine().get(racine(graphie)))), None)
    return Libelle(connu[0], connu[1], texte.strip().rstrip(":").strip()) if connu else None


def est_une_rubrique_numerotee(texte: str) -> bool:
    """« 3. Description de l'action » : court, numéroté, sans ponctuation de phrase."""
    return (
        len(texte) <= _LONGUEUR_MAX
        and re.match(r"\d{1,2}[.)]\s*[A-ZÀ-Ý]", texte) is not None
        and texte[-1] not in ".;,"
    )


def libelle_par_mots(texte: str) -> Libelle | None:
    """Le champ qu'un libellé inconnu évoque par un de ses mots (« Calendrier détaillé de l'action »).

    Seulement pour une cellule que sa place désigne déjà comme un libellé.
    """
    cherche = racine(texte)
    for nom, mots in _donnees()["evocations"].items():
        if any(re.search(rf"\b{re.escape(racine(mot))}", cherche) for mot in mots):
            conteneur = _donnees()["conteneurs"].get(nom)
            return Libelle(nom, tuple(conteneur["champs"]) if conteneur else (nom,), texte)
    return None


@lru_cache(maxsize=65536)
def libelle_en_tete(texte: str) -> tuple[Libelle, str] | None:
    """Le libellé par lequel ce texte commence, avant « : », et la suite (peut-être vide)."""
    entier = libelle_entier(texte)
    if entier:
        return entier, ""
    for separateur in _SEPARATEUR.finditer(texte[: _LONGUEUR_MAX + 5]):
        debut = libelle_entier(texte[: separateur.start()])
        if debut and (separateur[0].strip() in ":：?" or debut.nom not in _AMBIGUS):
            return debut, texte[separateur.end() :].strip()
    return None


def sous_libelle(texte: str, champs: tuple[str, ...]) -> tuple[Libelle, str] | None:
    """Le libellé d'un de ces champs par lequel le texte commence, même sans deux-points si une phrase le suit.

    « Partenaire à solliciter : le bailleur » est un élément entier : il garde ses mots.
    """
    tete, _, suite = texte.partition(":")
    precise = _precisions().get(racine(tete))
    if precise in champs:
        return Libelle(precise, (precise,), tete.strip()), suite.strip()
    trouve = libelle_en_tete(texte)
    if trouve and PARTENAIRES in champs:
        libelle, suite = trouve
        est_une_precision = not libelle.est_conteneur and libelle.champs[0] in champs
        return (libelle, texte if suite else "") if est_une_precision else None
    if trouve:
        return trouve if set(trouve[0].champs) <= set(champs) else None
    mots = texte.split()
    for fin in range(min(len(mots) - 1, 6), 1, -1):
        debut = libelle_entier(" ".join(mots[:fin]))
        if debut and not debut.est_conteneur and debut.champs[0] in champs and mots[fin][:1].isupper():
            return debut, " ".join(mots[fin:])
    return None


@cache
def _precisions() -> dict[str, str]:
    return {racine(mot): champ for champ, mots in _donnees()["precisions"].items() for mot in mots}


@cache
def motif(section: str, nom: str) -> str:
    """Une expression qui reconnaît, sur une forme, un des mots de cette entrée du lexique ; le plus long d'abord."""
    mots = sorted({forme(mot) for mot in _donnees()[section][nom]}, key=len, reverse=True)
    return "(?:" + "|".join(rf"{re.escape(mot)}s?" for mot in mots) + ")"


@cache
def formes(section: str, nom: str) -> frozenset[str]:
    return frozenset(forme(mot) for mot in _donnees()[section][nom])


@cache
def variantes(section: str, nom: str) -> tuple[str, ...]:
    """Les mots de cette entrée tels qu'écrits, les plus longs d'abord."""
    return tuple(sorted(_donnees()[section][nom], key=len, reverse=True))


@cache
def etages() -> dict[str, str]:
    """Racine d'un en-tête de colonne → l'étage de l'arbre qu'il nomme (« Objectifs généraux » → objectif)."""
    noms = ("objectif_operationnel", "objectif", "enjeu", "axe", "fiche")
    return {racine(mot): nom for nom in reversed(noms) for mot in _donnees()["etages"][nom]}


@cache
def unites() -> dict[str, str]:
    """Unité d'un chiffre du diagnostic → ce qu'il compte."""
    return dict(_donnees()["unites"])


def parle_de(texte: str, rubrique: str) -> bool:
    """Ce titre nomme-t-il cette rubrique (« 5.1. Instances de gouvernance » → gouvernance) ?"""
    return re.search(rf"\b{motif('rubriques', rubrique)}\b", forme(texte)) is not None


def commence_par(texte: str, champ: str) -> bool:
    """Cet élément commence-t-il par un mot de ce champ (« Nombre de… » → indicateurs quantitatifs) ?"""
    return (
        re.match(
            rf"(?:\d+ |un |une |le |la |les |l |des |deux |trois |quatre |cinq |six )*{motif('debuts', champ)}\b",
            forme(texte),
        )
        is not None
    )


def statut(texte: str) -> str | None:
    """Le code de statut d'une action (E, NA, AE) que ce texte donne."""
    cherche = forme(texte)
    return next((code for code, mots in _donnees()["statuts"].items() if cherche in map(forme, mots)), None)


def projet_specifique(texte: str) -> str | None:
    """Le projet spécifique que nomme cette ligne, sans sa case à cocher ; rien si la case est vide."""
    coche = re.sub(r"^\s*(?:\[\s*[xX]\s*\]|[☑☒✓✔\uf000-\uf0ff])\s*", "", texte)
    if re.match(r"^\s*(?:\[\s*\]|[☐□❏❑])", coche):
        return None
    if len(coche) <= 80 and forme(coche) in formes("projets_specifiques", "debuts"):
        return coche.strip().rstrip(":").strip()
    return None
