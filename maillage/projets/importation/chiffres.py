"""Les chiffres du diagnostic, lus dans les phrases des chapitres de données.

Une phrase donne un nombre, son unité et souvent sa comparaison : « 30 % des ménages… (20 % sur la commune) ».
La zone est celle que nomme la phrase, sinon la dernière nommée ; la source est la première écrite ensuite.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.chapitres import Chapitre
from maillage.projets.importation.lexique import parle_de, unites
from maillage.projets.importation.lu import ChiffreLu

_VALEUR = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+(?:,\d+)?"
_UNITES = "|".join(sorted((nom.rstrip("s") for nom in unites()), key=len, reverse=True))
_CHIFFRE = re.compile(
    rf"(?<![\w,.])(?P<valeur>{_VALEUR})\s*(?P<unite>%|(?:{_UNITES})(?:s|\.e\.?s\.?|\.es)?(?!\w))"
)
_INDICE = re.compile(
    rf"(?P<libelle>\bindice[^.;:]{{0,80}}?) (?:est|s'élève|atteint|s’élève)(?: de| à)? (?P<valeur>{_VALEUR})",
    re.IGNORECASE,
)
_DONT = re.compile(rf"\bdont (?P<valeur>{_VALEUR}) (?=en |dans |sur )(?P<suite>[^.;,]*)")
_COMPARAISON = re.compile(
    rf"(?:\(|\bcontre )\s*(?P<valeur>{_VALEUR})\s*(?:%|points)?\s+(?:(?:pour|sur|dans|en|à|au niveau de) )?"
    r"(?P<zone>(?:l['’]|la |le |les )?[A-Za-zÀ-ÿ][^().;]{2,60}?)\s*(?=[).;,]|$)"
)
_NOM_PROPRE = r"[A-ZÀ-Ý][\w-]*(?:[ -](?:(?:du|de|des|la) )?(?:[A-ZÀ-Ý][\w-]*|nord|sud|est|ouest)(?!\w))*"
_ZONE = re.compile(
    r"\b(?:[Qq]uartiers?|QPV|[Tt]erritoires?|[Cc]ommunes?|[Vv]illes?|[Mm]étropole|[Aa]gglomération|[Dd]épartement|[Ii]ris)\b"
    rf"(?: « politique de la ville »)?[ ](?:de |du |des |de la |de l['’]|d['’]|[Ll]a |[Ll]e )?{_NOM_PROPRE}"
    r"|\d+ QPV\b|(?<!tous )(?<!que )(?<!comme )[Ll]es QPV\b(?! \w+ois)"
)
_PARENTHESE = re.compile(r"\([^()]*\)")
_SOURCE = re.compile(r"^(?:sources?\s*:\s*)(?P<texte>.*)$", re.IGNORECASE)
_ANNEE_DE_DONNEES = re.compile(r"données\s+(?:de\s+)?(20\d\d)", re.IGNORECASE)
_ANNEE = re.compile(r"\b(20\d\d)\b")
_PHRASE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý«])")
_COUPURE = re.compile(r"[,;:()]|\.\s|\.$|\bpour \d|\bet \d")
_PREPOSITION = re.compile(r"\s+(?:de|à|est|près|environ)$")
_LIBELLE_MAX = 90
_SUITE_DE_SOURCE_MAX = 60


@dataclass
class _Contexte:
    zone: str = ""


def lire_les_chiffres(blocs: list[Bloc], chapitres: list[Chapitre]) -> list[ChiffreLu]:
    """Les chiffres des chapitres de données, dans l'ordre."""
    return [
        chiffre
        for chapitre in chapitres
        if parle_de(chapitre.titre, "chiffres")
        for chiffre in _chapitre([blocs[rang] for rang in chapitre.rangs])
    ]


def _chapitre(blocs: list[Bloc]) -> list[ChiffreLu]:
    sourcees: list[ChiffreLu] = []
    attente: list[ChiffreLu] = []
    contexte = _Contexte()
    for place, bloc in enumerate(blocs):
        source = _SOURCE.match(bloc.texte)
        if source:
            texte = " ".join([source["texte"], *_suite_de_la_source(blocs, place)]).strip()
            sourcees += [replace(chiffre, source=texte, annee=_annee(texte)) for chiffre in attente]
            attente = []
            continue
        for phrase in _PHRASE.split(bloc.texte):
            attente += _phrase(phrase, bloc.ligne, contexte)
    return [*sourcees, *attente]


def _suite_de_la_source(blocs: list[Bloc], place: int) -> Iterator[str]:
    """Une source posée dans la marge est écrite sur plusieurs lignes courtes."""
    for bloc in blocs[place + 1 :]:
        if len(bloc.texte) > _SUITE_DE_SOURCE_MAX or bloc.puce or bloc.niveau or bloc.texte.endswith("."):
            return
        yield bloc.texte


def _annee(source: str) -> int | None:
    donnees = _ANNEE_DE_DONNEES.search(source)
    annees = _ANNEE.findall(source)
    return int(donnees[1]) if donnees else (int(annees[-1]) if annees else None)


def _phrase(phrase: str, ligne: int, contexte: _Contexte) -> list[ChiffreLu]:
    """Les chiffres d'une phrase, dans l'ordre où elle les écrit."""
    trouves: list[tuple[int, ChiffreLu]] = []
    comparaisons = {trouve.start("valeur"): trouve for trouve in _COMPARAISON.finditer(phrase)}
    for trouve in _INDICE.finditer(phrase):
        libelle = trouve["libelle"].strip()
        trouves.append((trouve.start("valeur"), _chiffre(ligne, libelle, trouve["valeur"], "indice")))
    for trouve in _DONT.finditer(phrase):
        trouves.append((trouve.start("valeur"), _chiffre(ligne, "", trouve["valeur"], "")))
    pris = {place for place, _ in trouves}
    for trouve in _CHIFFRE.finditer(phrase):
        if trouve.start() not in pris and trouve.start() not in comparaisons:
            libelle, unite = _libelle(phrase, trouve), _unite(trouve["unite"])
            trouves.append((trouve.start(), _chiffre(ligne, libelle, trouve["valeur"], unite)))
    trouves += [(place, _chiffre(ligne, "", trouve["valeur"], "")) for place, trouve in comparaisons.items()]
    chiffres: list[ChiffreLu] = []
    for place, chiffre in sorted(trouves, key=lambda couple: couple[0]):
        if not chiffre.unite:  # une part du précédent (« dont 900 en… »), ou sa comparaison
            if not chiffres:
                continue
            chiffre = replace(chiffre, libelle=chiffres[-1].libelle, unite=chiffres[-1].unite)
        zone = comparaisons[place]["zone"] if place in comparaisons else _zone(phrase, place, contexte)
        chiffres.append(replace(chiffre, zone=_nom_de_zone(zone)))
    if not chiffres:
        _zone(phrase, len(phrase), contexte)
    return chiffres


def _zone(phrase: str, place: int, contexte: _Contexte) -> str:
    """La dernière zone nommée avant le nombre, sinon la première de la phrase, sinon celle d'avant.

    Une zone entre parenthèses n'est que citée (« la plus forte part de la métropole »), sauf si elle précise le nombre.
    """
    precision = re.match(r"[^.;()]*\(([A-ZÀ-Ý][^()]*)\)", phrase[place:])
    if precision and not _CHIFFRE.search(phrase[place + 1 : place + precision.start(1)].partition(" ")[2]):
        return precision[1]
    sans = _PARENTHESE.sub(lambda cite: " " * len(cite[0]), phrase)
    zones = list(_ZONE.finditer(sans))
    avant = [trouve[0] for trouve in zones if trouve.start() < place]
    choisie = avant[-1] if avant else (zones[0][0] if zones else "")
    if choisie:
        contexte.zone = choisie
    return contexte.zone


def _nom_de_zone(zone: str) -> str:
    """« quartier « politique de la ville » de la Plaine » → « QPV de la Plaine »."""
    nom = re.sub(r"^[Qq]uartiers? « politique de la ville »", "QPV", zone.strip())
    net = re.sub(r"^(?:la |le |les |l['’])", "", nom, flags=re.IGNORECASE)
    return net[:1].upper() + net[1:]


def _chiffre(ligne: int, libelle: str, valeur: str, unite: str) -> ChiffreLu:
    brut = re.sub(r"[ \u00a0\u202f]", "", valeur)
    nombre = float(brut.replace(",", ".")) if "," in brut else int(brut)
    propre = libelle.strip(" ,;:-")
    return ChiffreLu(
        ligne_debut=ligne,
        ligne_fin=ligne,
        libelle=propre[:1].upper() + propre[1:_LIBELLE_MAX],
        valeur=nombre,
        unite=unite,
        zone="",
    )


def _unite(unite: str) -> str:
    return unite if unite == "%" else next(nom for nom in unites() if unite.startswith(nom.rstrip("s")))


def _libelle(phrase: str, trouve: re.Match[str]) -> str:
    """Ce que le nombre compte : son unité et ce qui la suit, ou ce qui précède le nombre."""
    unite = _unite(trouve["unite"])
    avant, apres = phrase[: trouve.start()].rstrip(), phrase[trouve.end() :]
    suite = _COUPURE.split(apres)[0].strip()
    if unite == "points":
        return re.split(r"[:;,]", avant)[0]
    if unite != "%":
        return f"{unites()[unite]} {suite}" if suite.startswith(("en moyenne", "par ")) else unites()[unite]
    if suite:
        # « des foyers sont des foyers sans voiture » → « des foyers sans voiture »
        suite = re.sub(r"\bsont (?=de )", "", re.sub(r"^.*\bsont (?=des )", "", suite))
        return f"Part {suite}" if re.match(r"(?:des?|du|d['’])\b", suite) else f"Part : {suite}"
    return _PREPOSITION.sub("", re.split(r"[,:;]|\)\s+et\b", avant.rstrip(" ("))[-1])
