"""Ce qu'il vaut mieux ne pas publier, dit pendant que l'on écrit : données de personnes, santé, religion, insultes.

Un doute avertit, il n'empêche jamais d'enregistrer. Les mots sensibles sont une liste courte et sûre : ce que l'on
dit d'une personne, jamais un sujet (« séropositif » en est, « santé » n'en est pas). Ils ne font pas de point à
vérifier : seule la personne qui écrit en juge.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from maillage.catalogue.choices import GenrePoint
from maillage.catalogue.importation.vigilance import reperer

_SANTE: Final = """
    seropositi(?:f|ve)s? sideen(?:ne)?s? schizophrenes? bipolaires? depressi(?:f|ve)s? suicidaires? alcooliques?
    toxicomanes? drogue[es]+ autistes? trisomiques? epileptiques? diabetiques? cancereu(?:x|se|ses) anorexiques?
    boulimiques? psychotiques? handicape[es]*\\s+menta(?:l|le|ux|les) malades?\\s+menta(?:l|le|ux|les)
    tentatives?\\s+de\\s+suicide sous\\s+antidepresseurs? hospitalise[es]*\\s+en\\s+psychiatrie
"""
_RELIGION: Final = """
    musulman(?:e|s|es)? juifs? juives? (?<!secours\\s)catholiques? (?<!entraide\\s)(?<!diaconat\\s)protestant(?:e|s|es)?
    chretien(?:ne|s|nes)? bouddhistes? temoins?\\s+de\\s+jehovah evangelistes? islamistes? salafistes?
"""
_INSULTES: Final = """
    connards? connasses? salopes? salauds? encule[es]* putes? fils\\s+de\\s+pute batards? abruti(?:e|s|es)? debiles?
    cretin(?:e|s|es)? imbeciles? petasses? bougnoules? negros? youpin(?:e|s|es)? pedes? tapettes? gouines?
    cassos cas\\s+soc(?:ial|iaux)
"""


@dataclass(frozen=True, slots=True)
class Doute:
    """Des mots d'un champ, et pourquoi s'en méfier. `texte[debut:fin] == extrait`."""

    champ: str
    debut: int
    fin: int
    extrait: str
    raison: str

    @property
    def constat(self) -> str:
        """Ce que sont ces mots, sans le conseil qui ne vaut que pour une fiche publiée."""
        return f"{self.raison.split('. ', maxsplit=1)[0].rstrip('.')}."


RAISONS: Final = {
    GenrePoint.TELEPHONE: "Un numéro de téléphone. Il serait masqué ; donnez plutôt celui du centre sur sa page.",
    GenrePoint.COURRIEL: "Une adresse électronique. Elle serait masquée : les lecteurs peuvent vous écrire autrement.",
    GenrePoint.NIR: "Un numéro de sécurité sociale. Il n’a rien à faire dans une fiche : retirez-le.",
    GenrePoint.IBAN: "Un numéro de compte bancaire. Il n’a rien à faire dans une fiche : retirez-le.",
    GenrePoint.PERSONNE: "Un nom de personne. Gardez-le seulement si elle est d’accord ; sinon dites son rôle.",
}
_SENSIBLES: Final = (
    (_SANTE, "Ce mot peut dire la santé d’une personne. Si l’on peut la reconnaître, retirez-le."),
    (_RELIGION, "Ce mot peut dire la religion d’une personne. Si l’on peut la reconnaître, retirez-le."),
    (_INSULTES, "Ce mot peut blesser. La personne dont vous parlez peut lire cette fiche."),
)


def _motif(mots: str) -> re.Pattern[str]:
    # Une ligne garde ses expressions de plusieurs mots : leurs espaces sont écrites « \\s+ ».
    return re.compile(rf"\b(?:{'|'.join(mots.split())})\b")


def _plier(lettre: str) -> str:
    """Une lettre pour une lettre : les places trouvées dans le texte plié sont celles du texte."""
    return unicodedata.normalize("NFD", lettre)[0].lower()


_PLIAGE: Final = {code: _plier(chr(code)) for code in (*range(ord("A"), ord("Z") + 1), *range(0xC0, 0x180))}
_MOTIFS: Final = tuple((_motif(mots), raison) for mots, raison in _SENSIBLES)


def douter(textes: Mapping[str, str], nom_de_la_structure: str = "") -> list[Doute]:
    """Les mots douteux de ces textes, champ par champ, dans l'ordre ; sans chevauchement dans un champ."""
    doutes = [
        Doute(r.champ, r.debut, r.fin, r.extrait, RAISONS[r.genre])
        for r in reperer(textes, nom_de_la_structure)
    ]
    rang = {champ: numero for numero, champ in enumerate(textes)}
    doutes += [doute for champ, texte in textes.items() if texte for doute in _sensibles(champ, texte)]
    return list(_sans_chevauchement(sorted(doutes, key=lambda d: (rang[d.champ], d.debut, -d.fin))))


def _sensibles(champ: str, texte: str) -> Iterable[Doute]:
    plie = texte.translate(_PLIAGE)
    for motif, raison in _MOTIFS:
        for trouve in motif.finditer(plie):
            debut, fin = trouve.span()
            yield Doute(champ, debut, fin, texte[debut:fin], raison)


def _sans_chevauchement(doutes: Iterable[Doute]) -> Iterable[Doute]:
    fins: dict[str, int] = {}
    for doute in doutes:
        if doute.debut >= fins.get(doute.champ, 0):
            fins[doute.champ] = doute.fin
            yield doute


def retirer(texte: str, extrait: str) -> str:
    """Le texte sans ces mots, ni l'espace double qu'ils laisseraient."""
    if not extrait:
        return texte
    return re.sub(rf"[ \u00a0]?{re.escape(extrait)}", "", texte).strip()
