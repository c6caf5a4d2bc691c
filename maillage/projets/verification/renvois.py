"""Les renvois écrits à la main : « (Axe 1 - 07) », « fiche A-03 ». Un numéro faux, un axe absent, un ancien titre.

On ne relève que ce dont on est sûr : un numéro qui n'existe pas, ou qui contredit le titre écrit à côté.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from maillage.projets.choices import GenreManque
from maillage.projets.citations import JETON
from maillage.projets.lecture import Arbre, AxeLu, FicheLue
from maillage.projets.manques import Manque
from maillage.projets.verification.lecture import Lecture
from maillage.projets.verification.textes import Passage, a_plat

_TIRET: Final = r"[-–—]"
_PAR_AXE: Final = re.compile(
    rf"\baxe\s+(?P<axe>\d{{1,2}}|[A-Z]{{1,2}}\b|transversal)\s*[-–—:]\s*"
    rf"(?:(?P<titre>[^\W\d][^()\n;]{{4,119}}?)\s*{_TIRET}\s*)?(?:fiche\s+|action\s+)?(?:n°\s*)?(?P<rang>\d{{1,2}})\b(?!\s*[%€])",
    re.IGNORECASE,
)
_PAR_FICHE: Final = re.compile(
    rf"\bfiche(?:\s+action)?\s+(?:n°\s*)?(?P<axe>\d{{1,2}}|[A-Z]{{1,2}}){_TIRET}(?P<rang>\d{{1,2}})\b"
)
_AXE_TITRE: Final = re.compile(
    rf"\baxe\s+(?P<axe>\d{{1,2}}|[A-Z])\s*[-–—:]\s*(?P<titre>[^\W\d][^()\n;:.]{{7,119}}?)\s*(?=$|\)|;|{_TIRET}\s*\d)",
    re.IGNORECASE | re.MULTILINE,
)
_AVANT: Final = re.compile(
    r"(?P<titre>[^()\n]{8,200})\(\s*(?:cf\.?\s*)?(?:voir\s+)?(?:la\s+)?(?:fiche\s+(?:action\s+)?)?$",
    re.IGNORECASE,
)
RESSEMBLANCE: Final = 0.86
PROCHE: Final = 0.6
"""En deçà, deux titres ne parlent sans doute pas de la même chose."""


@dataclass(eq=False)
class _Titres:
    arbre: Arbre

    def __post_init__(self) -> None:
        self.axes: dict[str, AxeLu] = {axe.axe.lettre.casefold(): axe for axe in self.arbre.axes}
        self.transversal = next((axe for axe in self.arbre.axes if axe.axe.est_transversal), None)
        self.fiches = [
            (forme, lue)
            for lue in self.arbre.fiches
            for forme in {a_plat(lue.fiche.titre), a_plat(lue.fiche.titre_dans_arbre)}
            if forme
        ]

    def axe(self, mot: str) -> AxeLu | None:
        return self.transversal if mot.casefold() == "transversal" else self.axes.get(mot.casefold())

    def fiche(self, axe: AxeLu, rang: int) -> FicheLue | None:
        for lue in axe.fiches:
            if (trouve := re.search(r"(\d+)\D*$", lue.numero)) and int(trouve[1]) == rang:
                return lue
        return None

    def nommee(self, titre: str) -> FicheLue | None:
        """La seule fiche qui porte ce titre, à quelques lettres près."""
        voulu = a_plat(titre)
        notes = sorted(
            ((SequenceMatcher(None, voulu, forme).ratio(), lue) for forme, lue in self.fiches),
            key=lambda note: -note[0],
        )
        return notes[0][1] if notes and notes[0][0] >= RESSEMBLANCE else None


def renvois_faux(lecture: Lecture) -> Iterator[Manque]:
    titres = _Titres(lecture.arbre)
    vus: set[str] = set()
    for passage in lecture.passages:
        for ligne in passage.lignes:
            for manque in (*_numeros(ligne, passage, titres), *_titres_d_axe(ligne, passage, titres)):
                if manque.identite not in vus:
                    vus.add(manque.identite)
                    yield manque


def _numeros(ligne: str, passage: Passage, titres: _Titres) -> Iterator[Manque]:
    for forme in (_PAR_AXE, _PAR_FICHE):
        for trouve in forme.finditer(ligne):
            ecrit = " ".join(trouve[0].split())
            axe = titres.axe(trouve["axe"])
            if axe is None:
                # « Axe 4 : 12 actions » n'est pas un renvoi : seul un tiret, ou un titre, en fait un.
                if titres.axes and "-" in re.sub("[–—]", "-", ecrit):
                    yield _dire(passage, ecrit, f"« {ecrit} » cite un axe qui n’existe pas.")
                continue
            visee = titres.fiche(axe, int(trouve["rang"]))
            avant = _AVANT.search(ligne[: trouve.start()])
            nomme = titres.nommee(avant["titre"].strip(" -–•*:")) if avant else None
            if nomme is not None and nomme is not visee:
                titre = nomme.fiche.titre
                yield _dire(
                    passage, ecrit, f"« {titre} » est cité « {ecrit} » : c’est la fiche {nomme.numero}."
                )
            elif visee is None and axe.fiches:
                yield _dire(passage, ecrit, f"« {ecrit} » cite une fiche qui n’existe pas.")


def _titres_d_axe(ligne: str, passage: Passage, titres: _Titres) -> Iterator[Manque]:
    for trouve in _AXE_TITRE.finditer(ligne):
        axe = titres.axe(trouve["axe"])
        ecrit = " ".join(trouve["titre"].split())
        if axe is None or not ecrit[0].isupper():
            continue
        voulu, lu = a_plat(axe.axe.titre), a_plat(ecrit)
        if not lu or lu in voulu or voulu in lu or a_plat(trouve[0]) in {a_plat(f"axe {axe.axe}")}:
            continue
        ratio = SequenceMatcher(None, voulu, lu).ratio()
        if ratio < PROCHE:
            continue  # une action de cet axe, ou une autre phrase : on n'en sait rien
        phrase = f"L’axe {axe.axe.lettre} est nommé « {ecrit} » ; son titre est « {axe.axe.titre} »."
        yield Manque(
            phrase,
            "arbre",
            genre=GenreManque.COHERENCE,
            cle=f"axe_nomme {axe.axe.pk} {lu}",
            places=(passage.place,),
        )


def _dire(passage: Passage, ecrit: str, phrase: str) -> Manque:
    return Manque(
        phrase,
        "arbre",
        genre=GenreManque.COHERENCE,
        cle=f"renvoi {passage.place.page} {passage.place.parametres[0][1]} {passage.place.ancre} {a_plat(phrase)}",
        places=(passage.place,),
    )


def citations_mortes(lecture: Lecture) -> Iterator[Manque]:
    """« [[fiche:12]] » dont la fiche n'est plus là : le dossier dirait qu'elle a disparu."""
    connus = {
        "fiche": set(lecture.arbre.par_numero_de_ligne),
        "objectif": {un.objectif.pk for lu in lecture.arbre.objectifs for un in (lu, *lu.operationnels)},
    }
    for passage in lecture.passages:
        for trouve in JETON.finditer(passage.texte):
            genre, pk = trouve[1], int(trouve[2])
            if genre in connus and pk not in connus[genre]:
                ce = "une fiche qui n’est plus" if genre == "fiche" else "un objectif qui n’est plus"
                yield Manque(
                    f"{passage.place.nom} : cite {ce} dans le projet.",
                    "dossier",
                    genre=GenreManque.COHERENCE,
                    cle=f"citation {genre} {pk} {passage.place.nom}",
                    places=(passage.place,),
                )
