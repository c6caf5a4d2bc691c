"""Données de personnes dans le récit : numéros, courriels, noms. Repérées à leur place, jamais retirées.

Téléphones, courriels, numéros de sécurité sociale (NIR) et de compte bancaire (IBAN) sont masqués à l'affichage
tant qu'une modératrice ne les a pas vus (`catalogue.presentation`) ; les noms lui sont
seulement montrés. Un nom de lieu (« collège Jean Moulin ») ou le nom de la structure n'est pas une personne.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stdnum import iban

from maillage.catalogue.choices import GenrePoint
from maillage.catalogue.importation.prenoms import PRENOMS

EXTRAIT_MAX = 300
REPERAGES_MAX = 200
"""Par fiche. Au-delà, c'est une liste de contacts : la modératrice relit tout."""


@dataclass(frozen=True, slots=True)
class Reperage:
    """`texte[debut:fin] == extrait` dans le champ nommé."""

    genre: GenrePoint
    champ: str
    debut: int
    fin: int
    extrait: str


_SIGNES_DE_COURRIEL = ("@", "(at)", "[at]", "(arobase)", "[arobase]")
_COURRIEL = re.compile(r"[\w.+-]+(?:@|\s?[\[(](?:at|arobase)[\])]\s?)[\w-]+(?:\.[\w-]+)+")
# Chaque motif commence par une classe de caractères : le moteur saute alors d'un candidat au suivant.
_TELEPHONE = re.compile(
    r"[+0](?<![\d.,/].)(?:(?:(?<=\+)|0)[ .]?(?:33|262|590|594|596|508|687|689)[ .\-]?(?:\(0\)[ .\-]?)?[1-9]|"
    r"(?<=0)[1-9])"
    r"(?:[ \u00a0\u202f.\-/]{0,2}\d{2}){4}(?!\d)"
)
_SEPARE = r"[ \u00a0\u202f.\-]?"
_NIR = re.compile(
    rf"[1278](?<![\d.,].){_SEPARE}\d{{2}}{_SEPARE}(?:0[1-9]|1[0-2]|[2-9]\d){_SEPARE}(?:\d{{2}}|2[ABab]){_SEPARE}"
    rf"\d{{3}}{_SEPARE}\d{{3}}(?:[ \u00a0\u202f.\-/]{{0,3}}\d{{2}})?(?!\d)"
)
"""Sexe, année, mois, département, commune, rang, et la clé que l'on oublie souvent."""
_IBAN = re.compile(rf"[A-Za-z](?<!\w.)[A-Za-z]\d{{2}}(?:{_SEPARE}[A-Za-z0-9]){{11,30}}")
LONGUEUR_IBAN_MIN = 15
LONGUEUR_IBAN_FRANCAIS = 27
_NOM = r"(?:(?:d['’]|[Dd]e |[Dd]u |[Ll]e |[Ll]a |[Dd]es )?[A-ZÀ-Ý][\w'’-]+)"
_CIVILITE = re.compile(
    r"[MD](?<!\w.)(?:(?<=M)(?:\.|r\.?|M\.|mes?\.?|lle|onsieur|essieurs|adame|esdames|ademoiselle|e|aître)|"
    r"(?<=D)(?:r\.?|octeure?))"
    rf"[ \u00a0](?!l[ea]s? |l['’]){_NOM}(?:[ \u00a0]{_NOM}){{0,2}}"
)
_PRENOM_NOM = re.compile(
    r"(?P<prenom>[A-ZÀ-Ý](?<![\w-].)[a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?)"
    r"(?=(?P<nom>[ \u00a0][A-ZÀ-Ý][\w'’-]+(?:[ \u00a0][A-ZÀ-Ý]{2,})?))"
)
_SIGNATURE = re.compile(
    r"(?<=[\]»”\"])[ \u00a0]?(?:\([^)\n]*\)[ \u00a0]?)?(?P<prenom>[A-ZÀ-Ý][a-zà-ÿ]+)(?=[ \u00a0]*(?:$|\n|\())"
)
_LIEU = re.compile(
    r"\b(?:centres?|collèges?|lycées?|écoles?|rues?|places?|avenues?|boulevards?|allées?|espaces?|quartiers?|salles?|"
    r"maisons?|squares?|parcs?|résidences?|foyers?|fondations?|instituts?|stades?|gymnases?|théâtres?|médiathèques?|"
    r"bibliothèques?|cités?|villas?|ponts?|ports?|hôpital|hôpitaux|cliniques?|universités?|groupes?|halte|crèche|"
    r"sociaux?|socioculturels?|associations?|équipements?|esplanades?|cours|impasses?|saint|sainte|ste?|notre)"
    r"\b[^.;\n]{0,25}$",
    re.IGNORECASE,
)


def reperer(textes: Mapping[str, str | None], nom_de_la_structure: str = "") -> list[Reperage]:
    """Les données de personnes des textes d'une fiche, champ par champ, dans l'ordre."""
    trouves: list[Reperage] = []
    for champ, texte in textes.items():
        if texte:
            trouves += _du_champ(champ, texte, nom_de_la_structure)
    return trouves[:REPERAGES_MAX]


def _du_champ(champ: str, texte: str, nom_de_la_structure: str) -> list[Reperage]:
    places: list[tuple[int, int, GenrePoint]] = []
    if any(signe in texte for signe in _SIGNES_DE_COURRIEL):
        places += [(*trouve.span(), GenrePoint.COURRIEL) for trouve in _COURRIEL.finditer(texte)]
    places += [(*trouve.span(), GenrePoint.TELEPHONE) for trouve in _TELEPHONE.finditer(texte)]
    places += [(*trouve.span(), GenrePoint.NIR) for trouve in _NIR.finditer(texte)]
    places += [(*place, GenrePoint.IBAN) for place in _comptes_bancaires(texte)]
    places += [(*place, GenrePoint.PERSONNE) for place in _personnes(texte, nom_de_la_structure.casefold())]
    reperages, fin_precedente = [], 0
    for debut, fin, genre in sorted(places):
        fin = min(fin, debut + EXTRAIT_MAX)
        if debut >= fin_precedente:
            reperages.append(Reperage(genre, champ, debut, fin, texte[debut:fin]))
            fin_precedente = fin
    return reperages


def _comptes_bancaires(texte: str) -> Iterator[tuple[int, int]]:
    """Le plus long numéro dont la clé est juste ; un numéro français mal recopié en est encore un."""
    for trouve in _IBAN.finditer(texte):
        signes = [place for place in range(*trouve.span()) if texte[place].isalnum()]
        numero = "".join(texte[place] for place in signes).upper()
        for longueur in range(len(numero), LONGUEUR_IBAN_MIN - 1, -1):
            est_francais = longueur == LONGUEUR_IBAN_FRANCAIS and numero.startswith("FR")
            if iban.is_valid(numero[:longueur], check_country=False) or (
                est_francais and numero[4:14].isdigit()
            ):
                yield trouve.start(), signes[longueur - 1] + 1
                break


def _personnes(texte: str, structure: str) -> Iterator[tuple[int, int]]:
    for trouve in _CIVILITE.finditer(texte):
        yield trouve.span()
    for trouve in _PRENOM_NOM.finditer(texte):
        if trouve["prenom"].partition("-")[0] not in PRENOMS:
            continue
        debut, fin = trouve.start(), trouve.end("nom")
        if texte[debut:fin].casefold() in structure or _LIEU.search(texte, max(0, debut - 45), debut):
            continue
        yield debut, fin
    if "]" in texte or "»" in texte or '"' in texte or "”" in texte:
        for trouve in _SIGNATURE.finditer(texte):
            if trouve["prenom"] in PRENOMS:
                yield trouve.span("prenom")
