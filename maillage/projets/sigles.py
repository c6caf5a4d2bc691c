"""Les sigles d'un dossier, ramassés dans ses textes, chacun avec le développement que l'on en connaît.

Trois sources, dans cet ordre : ce que le texte dit lui-même (« comité de pilotage (COPIL) »), les sigles du métier
(`donnees/sigles.toml`), et rien : c'est alors au centre de l'écrire.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from maillage.projets.champs import CHAMPS, lire_champ
from maillage.projets.matiere import Matiere

FICHIER: Final = Path(__file__).with_name("donnees") / "sigles.toml"
SENS_MAX: Final = 300
_SIGLE: Final = re.compile(r"(?<![\w’'.-])[A-Z][A-Z0-9]{1,9}(?![\w’'-])")
_ENTRE_PARENTHESES: Final = re.compile(r"([^().;:\n]{4,140})\(([A-Z][A-Z0-9]{1,9})\)")
_DEVELOPPE_APRES: Final = re.compile(r"(?<!\w)([A-Z][A-Z0-9]{1,9})\s*\(([^()\n]{6,140})\)")
_MOT: Final = re.compile(r"[\wÀ-ÿ]+(?:[’'-][\wÀ-ÿ]+)*")
_OUTILS: Final = frozenset("a à au aux d de des du en et l la le les ou par pour sur un une".split())
_JAMAIS: Final = frozenset(
    "II III IV VI VII VIII IX XI XII TV OK HTTP HTTPS WWW PDF NB PS ET LE LA LES DE DU EN UN UNE OU".split()
)


@dataclass(frozen=True, slots=True)
class SigleTrouve:
    """`d_ou` : « votre texte », « les sigles du métier », vide quand personne n'a dit ce qu'il veut dire."""

    sigle: str
    sens: str
    d_ou: str
    fois: int


@cache
def du_metier() -> dict[str, str]:
    sigles: dict[str, str] = tomllib.loads(FICHIER.read_text(encoding="utf-8"))["sigles"]
    return sigles


def sigles_a_proposer(matiere: Matiere) -> list[SigleTrouve]:
    """Ceux que la liste du dossier n'a pas encore ; les plus fréquents d'abord."""
    deja = {un.sigle.casefold() for un in matiere.sigles}
    return [un for un in ramasser(_textes(matiere)) if un.sigle.casefold() not in deja]


def ramasser(textes: Iterable[str]) -> list[SigleTrouve]:
    comptes: Counter[str] = Counter()
    dits: dict[str, str] = {}
    for texte in textes:
        for ligne in texte.split("\n"):
            if ligne.isupper() and len(ligne.split()) > 2:
                continue  # un titre en capitales n'est fait que de faux sigles
            comptes.update(mot for mot in _SIGLE.findall(ligne) if mot not in _JAMAIS)
            for sigle, sens in _developpements(ligne):
                dits.setdefault(sigle, sens)
    metier = du_metier()
    trouves = []
    for sigle, fois in comptes.most_common():
        if sigle in dits:
            trouves.append(SigleTrouve(sigle, dits[sigle], "votre texte", fois))
        elif sigle in metier:
            trouves.append(SigleTrouve(sigle, metier[sigle], "les sigles du métier", fois))
        elif fois > 1:
            trouves.append(SigleTrouve(sigle, "", "", fois))
    return trouves


def _developpements(ligne: str) -> Iterator[tuple[str, str]]:
    for trouve in _ENTRE_PARENTHESES.finditer(ligne):
        if sens := _initiales(trouve[1].strip(), trouve[2]):
            yield trouve[2], sens
    for trouve in _DEVELOPPE_APRES.finditer(ligne):
        if sens := _initiales(trouve[2].strip(), trouve[1]):
            yield trouve[1], sens


def _initiales(texte: str, sigle: str) -> str:
    """La fin du texte dont les mots pleins commencent comme le sigle : de quoi le lire. Vide si rien n'y répond.

    Un mot peut donner plusieurs lettres : « COmité de PILotage ».
    """
    mots = list(_MOT.finditer(texte))
    for debut in range(len(mots) - 1, -1, -1):
        suite = [_plat(mot) for trouve in mots[debut:] for mot in re.split(r"[’'-]", trouve[0])]
        pleins = [mot for mot in suite if mot not in _OUTILS]
        if pleins and pleins[0][0] == sigle[0].lower() and _epelle(sigle.lower(), pleins):
            sens = texte[mots[debut].start() :].strip(" ,–-")
            return (sens[0].upper() + sens[1:])[:SENS_MAX]
    return ""


def _epelle(sigle: str, mots: list[str]) -> bool:
    """Le sigle se lit en prenant le début de chaque mot, dans l'ordre, sans en sauter."""
    if not mots:
        return not sigle
    commun = 0
    while commun < min(len(sigle), len(mots[0])) and sigle[commun] == mots[0][commun]:
        commun += 1
    return any(_epelle(sigle[pris:], mots[1:]) for pris in range(1, commun + 1))


def _plat(mot: str) -> str:
    decompose = unicodedata.normalize("NFKD", mot.casefold())
    return "".join(signe for signe in decompose if not unicodedata.combining(signe))


def _textes(matiere: Matiere) -> Iterator[str]:
    for place in matiere.plan:
        yield place.chapitre.texte
    for lue in matiere.arbre.fiches:
        yield lue.fiche.titre
        for nom, champ in CHAMPS.items():
            if champ.est_texte:
                valeur = lire_champ(lue.fiche, nom)
                yield "\n".join(valeur) if isinstance(valeur, list) else str(valeur or "")
    for instance in matiere.instances:
        yield f"{instance.nom}\n{instance.role}\n{instance.composition}"
