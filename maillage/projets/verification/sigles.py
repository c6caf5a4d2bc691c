"""Les sigles d'un dossier : jamais développés, développés de deux façons, ou mal écrits."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from maillage.core.francais import compte
from maillage.projets.choices import GenreManque
from maillage.projets.manques import Manque, Place
from maillage.projets.verification.lecture import Lecture
from maillage.projets.verification.textes import Passage, a_plat

_SIGLE: Final = re.compile(r"(?<![\w’'-])[A-ZÉÈÀ]{2,8}(?![\w-])")
_ENTRE_PARENTHESES: Final = re.compile(r"(?P<avant>[^().;:\n]{4,120})\(\s*(?P<sigle>[A-ZÉÈÀ]{2,8})s?\s*\)")
_SUIVI: Final = re.compile(r"(?<![\w’'-])(?P<sigle>[A-ZÉÈÀ]{2,8})\s*\((?P<sens>[^()\n]{6,120})\)")
_ROMAIN: Final = re.compile(r"[IVXLC]+")
_PETITS: Final = {
    "de",
    "du",
    "des",
    "la",
    "le",
    "les",
    "et",
    "a",
    "au",
    "aux",
    "en",
    "pour",
    "d",
    "l",
    "sur",
    "un",
}
COURANTS: Final = frozenset("OK PDF SMS TV CD DVD WC RDV CP ET OU LA LE LES DE DU AXE OUI NON".split())
"""Ceux que l'on ne développe pas, et les petits mots parfois mis en capitales."""
CITES: Final = 12
PLACES_MAX: Final = 40
MEME_SENS: Final = 0.8
FREQUENT, LONG = 3, 5
"""Plus court ou plus rare, deux sigles d'une lettre près sont le plus souvent deux sigles : CLAS et CCAS."""


def sigles_a_revoir(lecture: Lecture) -> Iterator[Manque]:
    emplois = _emplois(lecture)
    sens = _sens(lecture)
    for sigle in lecture.sigles:
        emplois.setdefault(sigle.sigle.upper(), [])
    faux = list(_mal_ecrits(lecture, emplois, sens))
    yield from (manque for _, manque in faux)
    yield from _deux_sens(lecture, sens)
    ecartes = {sigle for sigle, _ in faux}
    muets = [un for un, places in emplois.items() if places and un not in sens and un not in ecartes]
    if muets:
        rangs = sorted(muets, key=lambda un: (-len(emplois[un]), un))
        dits = ", ".join(rangs[:CITES]) + (" …" if len(rangs) > CITES else "")
        yield Manque(
            f"{compte(len(muets), 'sigle jamais développé,sigles jamais développés')} : {dits}.",
            "elements",
            genre=GenreManque.COHERENCE,
            cle="sigles_muets",
            places=(
                Place("La liste des sigles", "elements", (("pk", lecture.projet.pk), ("genre", "sigles"))),
                *(
                    replace(emplois[un][0].place, nom=f"{un} : {emplois[un][0].place.nom}")
                    for un in rangs[:PLACES_MAX]
                ),
            ),
        )


def _emplois(lecture: Lecture) -> dict[str, list[Passage]]:
    """Sigle → les passages où il est. Une ligne tout en capitales est un titre : ses mots ne sont pas des sigles."""
    trouves: dict[str, list[Passage]] = defaultdict(list)
    for passage in lecture.passages:
        for ligne in passage.lignes:
            lettres = [signe for signe in ligne if signe.isalpha()]
            if sum(signe.isupper() for signe in lettres) > 0.5 * len(lettres) and len(lettres) > 8:
                continue
            for sigle in _SIGLE.findall(ligne):
                if sigle not in COURANTS and not _ROMAIN.fullmatch(sigle):
                    trouves[sigle].append(passage)
    return trouves


def _sens(lecture: Lecture) -> dict[str, dict[str, Place | None]]:
    """Sigle → chaque développement, et où il est dit (None : dans la liste des sigles)."""
    sens: dict[str, dict[str, Place | None]] = defaultdict(dict)
    for sigle in lecture.sigles:
        sens[sigle.sigle.upper()][sigle.sens] = None
    for passage in lecture.passages:
        for trouve in _ENTRE_PARENTHESES.finditer(passage.texte):
            if dit := _developpement(trouve["avant"], trouve["sigle"]):
                sens[trouve["sigle"]].setdefault(dit, passage.place)
        for trouve in _SUIVI.finditer(passage.texte):
            if _initiales(trouve["sens"]).startswith(a_plat(trouve["sigle"])[:2]):
                sens[trouve["sigle"]].setdefault(" ".join(trouve["sens"].split()), passage.place)
    return sens


def _developpement(avant: str, sigle: str) -> str:
    """Les derniers mots dont les initiales font le sigle ; à défaut, ceux dont les lettres le contiennent."""
    mots = avant.split()
    voulu = a_plat(sigle)
    for nombre in range(1, len(mots) + 1):
        pris = " ".join(mots[-nombre:])
        if _initiales(pris) == voulu:
            return pris
    for nombre in range(2, min(len(mots), 10) + 1):
        pris = " ".join(mots[-nombre:])
        pleins = len(_initiales(pris))
        if a_plat(pris)[:1] == voulu[:1] and 2 <= pleins <= len(voulu) + 1 and _contient(a_plat(pris), voulu):
            return pris
    return ""


def _initiales(texte: str) -> str:
    return "".join(mot[0] for mot in a_plat(texte).split() if mot not in _PETITS)


def _contient(texte: str, lettres: str) -> bool:
    """Ces lettres y sont, dans cet ordre."""
    reste = iter(texte)
    return all(lettre in reste for lettre in lettres)


def _mal_ecrits(
    lecture: Lecture, emplois: dict[str, list[Passage]], sens: dict[str, dict[str, Place | None]]
) -> Iterator[tuple[str, Manque]]:
    """« comité de pilotage (COFIL) » : une lettre de plus ou de moins, et le sigle suivrait les mots."""
    vus: set[str] = set()
    for passage in lecture.passages:
        for trouve in _ENTRE_PARENTHESES.finditer(passage.texte):
            sigle = trouve["sigle"]
            if sigle in sens or sigle in vus or sigle in COURANTS:
                continue
            if propose := _corrige(trouve["avant"], sigle, emplois):
                vus.add(sigle)
                mots = " ".join(trouve["avant"].split()[-5:]).strip("-–• ")
                yield sigle, _faute(sigle, f"« {mots} ({sigle}) » : ne serait-ce pas {propose} ?", [passage])
    connus = {un for un in emplois if un in sens or len(emplois[un]) >= FREQUENT}
    for sigle, ou in emplois.items():
        if sigle in vus or sigle in sens or len(ou) != 1 or len(sigle) < LONG:
            continue
        proche = next(
            (un for un in sorted(connus) if un[0] == sigle[0] and _a_une_lettre_pres(un, sigle)), ""
        )
        if proche:
            vus.add(sigle)
            yield (
                sigle,
                _faute(sigle, f"« {sigle} » ressemble à {proche}, employé ailleurs. Est-ce le même ?", ou),
            )


def _faute(sigle: str, phrase: str, ou: list[Passage]) -> Manque:
    return Manque(
        phrase,
        "elements",
        genre=GenreManque.COHERENCE,
        cle=f"sigle_mal_ecrit {sigle}",
        places=tuple({passage.place.nom: passage.place for passage in ou}.values()),
    )


def _corrige(avant: str, sigle: str, emplois: dict[str, list[Passage]]) -> str:
    """Le sigle à une lettre près que ces mots contiennent, chaque mot plein donnant au moins son initiale."""
    mots = [mot for mot in a_plat(avant).split()[-8:] if mot not in _PETITS]
    voulu = a_plat(sigle)
    if len(voulu) < 3:
        return ""
    for nombre in range(2, len(mots) + 1):
        pris = mots[-nombre:]
        texte, initiales = "".join(pris), [mot[0] for mot in pris]
        if pris[0][0] != voulu[0] or nombre > len(voulu) or _contient(texte, voulu):
            continue
        for place in range(1, len(voulu)):
            for lettre in initiales[1:]:
                essai = voulu[:place] + lettre + voulu[place + 1 :]
                if _contient(texte, essai) and _contient(essai, "".join(initiales)):
                    return essai.upper()
    return ""


def _a_une_lettre_pres(un: str, autre: str) -> bool:
    if len(un) == len(autre):
        ecarts = [place for place in range(len(un)) if un[place] != autre[place]]
        return len(ecarts) == 1 or (
            len(ecarts) == 2 and Counter(un) == Counter(autre) and ecarts[1] - ecarts[0] == 1
        )
    return False


def _deux_sens(lecture: Lecture, sens: dict[str, dict[str, Place | None]]) -> Iterator[Manque]:
    for sigle, dits in sorted(sens.items()):
        formes = list(dits)
        autres = [
            forme
            for forme in formes[1:]
            if SequenceMatcher(None, _nu(formes[0]), _nu(forme)).ratio() < MEME_SENS
        ]
        if autres:
            yield Manque(
                f"{sigle} est développé de deux façons : « {formes[0]} » et « {autres[0]} ».",
                "elements",
                genre=GenreManque.COHERENCE,
                cle=f"sigle_deux_sens {sigle}",
                places=tuple(ou for forme in (formes[0], *autres) if (ou := dits[forme]) is not None),
            )


def _nu(texte: str) -> str:
    return " ".join(mot for mot in a_plat(texte).split() if mot not in _PETITS)
