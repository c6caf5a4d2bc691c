"""Où commence chaque projet d'un document, et ce que sa couverture en dit : nom, quartiers, territoire, période."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.chapitres import niveau_de_titre
from maillage.projets.importation.lexique import formes, motif
from maillage.projets.importation.lu import Periode
from maillage.projets.importation.mise_en_page import est_un_sommaire
from maillage.projets.importation.mots import est_en_capitales, forme, plier
from maillage.projets.importation.titres import lire_un_titre

_COUVERTURE_MAX = 15
"""Combien de paragraphes une couverture peut avoir."""
_LIGNE_MAX = 100
_RECUL_MAX = 4
_ANNEE = re.compile(r"\b(20[1-4]\d)\b")
_PERIODE = re.compile(r"\b(20[1-4]\d)\s*(?:[-–—/]|à|au|et)\s*(20[1-4]\d)\b")
_SUITE = re.compile(
    r"\b(?P<debut>20[1-4]\d) (?:(?:a|au|et|fin) )?(?:\d{1,2}(?:er)? [a-z]+ )?(?P<fin>20[1-4]\d)\b"
)
"""Deux années qui se suivent, sur une forme : « 2024 2027 », « 1er janvier 2024 au 31 décembre 2027 »."""
_DUREE_MAX = 10
"""En années. Au-delà, ce sont deux dates. Une période trop longue pour un projet est lue : une personne la corrige."""
_MOTS_DE_NOM_MAX = 6
_NOM_PROPRE = r"[A-ZÀ-Ý][\w'’-]*(?:[- ][A-ZÀ-Ý][\w'’-]*)*"
_QPV = re.compile(
    r"(?:politique de la ville|\bQPV)[^.:;\n]{0,40}:[ ]*(?P<liste>[^.;:\n]{3,160}?)(?=,\s*[a-zà-ÿ]|[.;:\n]|$)",
    re.IGNORECASE,
)
_QPV_NOMME = re.compile(
    rf"\bQPV\)?\s+(?:de la |de l['’]|du |des |de |d['’])?((?!Ville|Métropole|Commune){_NOM_PROPRE})"
)
_COMMUNE = re.compile(rf"\b(?:[Vv]ille|[Cc]ommune|[Mm]airie)\s+(?:de|d'|du)\s*({_NOM_PROPRE})")
_ARTICLE = re.compile(r"^(?:le |la |les |l['’]|du |de la |des |de )")


@dataclass(frozen=True)
class Identite:
    nom: str
    territoire: str
    quartiers: tuple[str, ...]
    qpv: tuple[str, ...]
    periode: Periode | None

    def dit(self, ligne: str) -> bool:
        """Tous les mots de cette ligne sont dans l'identité, ou ne font qu'annoncer un projet social."""
        annonces = (motif("rubriques", rubrique) for rubrique in ("projet_social", "agrement", "structure"))
        sans_dates = re.sub(rf"(?:\d{{1,2}}(?:er)? [a-z]+ )?{_SUITE.pattern}", " ", forme(ligne))
        reste = re.sub(rf"\b(?:{'|'.join(annonces)})\b", " ", sans_dates if self.periode else forme(ligne))
        annees = (self.periode.debut, self.periode.fin) if self.periode else ()
        connus = forme(" ".join([self.nom, self.territoire, *self.quartiers, *self.qpv, *map(str, annees)]))
        return set(reste.split()) <= {
            *connus.split(),
            *"de du des la le les l d un une et a au pour annee annees periode".split(),
        }


def debuts_des_projets(blocs: list[Bloc]) -> list[int]:
    """Le rang du premier bloc de chaque projet dont le document porte la couverture."""
    debuts: list[int] = []
    for rang, bloc in enumerate(blocs):
        if _est_un_titre_de_projet(bloc) and _annonce_un_projet(blocs, rang):
            debut = _reculer(blocs, rang)
            if not debuts or rang - debuts[-1] > _COUVERTURE_MAX:
                debuts.append(debut)
    return debuts


def fin_de_la_couverture(blocs: list[Bloc], debut: int, fin: int) -> int:
    """Le rang qui suit la couverture : le sommaire, un tableau, une phrase, ou le titre qui l'annonce."""
    arret = min(fin, debut + _COUVERTURE_MAX)
    for rang in range(debut, arret):
        texte = blocs[rang].texte
        if (
            est_un_sommaire(blocs[rang])
            or blocs[rang].est_rang
            or len(texte) > _LIGNE_MAX
            or texte.endswith(".")
        ):
            arret = rang
            break
    for rang in range(debut, arret):
        if (blocs[rang].niveau or lire_un_titre(blocs[rang].texte)) and not _est_de_couverture(
            blocs[rang].texte
        ):
            arret = rang
            break
    while (
        arret > debut
        and niveau_de_titre(blocs[arret - 1], {})
        and not _est_de_couverture(blocs[arret - 1].texte)
    ):
        arret -= 1
    return arret


def _est_de_couverture(texte: str) -> bool:
    return (
        _est_un_nom_de_projet(texte)
        or _ANNEE.search(texte) is not None
        or any(_dit(texte, rubrique) for rubrique in ("structure", "agrement", "territoire"))
    )


def lire_l_identite(blocs: list[Bloc], couverture: list[int], texte: str, nom_du_fichier: str) -> Identite:
    """L'identité d'un projet. `texte` : tout son texte, où retrouver la graphie d'un nom écrit en capitales."""
    lignes = [blocs[rang].texte for rang in couverture]
    communes = Counter(trouve[1] for trouve in _COMMUNE.finditer(texte) if not est_en_capitales(trouve[1]))
    commune = communes.most_common(1)[0][0] if communes else ""
    generique = next((ligne for ligne in lignes if _dit(ligne, "structure")), "")
    lieu = next(
        (ligne for ligne in lignes if _dit(ligne, "territoire") and not _est_un_nom_de_projet(ligne)), ""
    )
    nom = _nom(generique, lieu, texte)
    return Identite(
        nom=nom or _nom_dans_le_texte(texte) or nom_du_fichier,
        territoire=_territoire(generique, lieu, commune, texte),
        quartiers=_quartiers(lignes, lieu, texte),
        qpv=_qpv(texte),
        periode=_periode(lignes, texte),
    )


# --- Reconnaître une couverture --------------------------------------------------------------------------------
def _est_un_nom_de_projet(ligne: str) -> bool:
    sans_annees = forme(_ANNEE.sub("", ligne))
    return sans_annees in formes("rubriques", "projet_social")


def _est_un_titre_de_projet(bloc: Bloc) -> bool:
    return not bloc.est_rang and len(bloc.texte) <= _LIGNE_MAX and _est_un_nom_de_projet(bloc.texte)


def _annonce_un_projet(blocs: list[Bloc], rang: int) -> bool:
    """Une demande d'agrément ou un sommaire suit de près, ou c'est le haut du document."""
    suite = blocs[rang + 1 : rang + _COUVERTURE_MAX]
    return rang < _COUVERTURE_MAX // 2 or any(
        est_un_sommaire(bloc) or (len(bloc.texte) <= _LIGNE_MAX and _dit(bloc.texte, "agrement"))
        for bloc in suite
    )


def _reculer(blocs: list[Bloc], rang: int) -> int:
    """Le nom de la structure est souvent au-dessus de « Projet social »."""
    for avant in range(rang - 1, max(-1, rang - 1 - _RECUL_MAX), -1):
        bloc = blocs[avant]
        if bloc.est_rang or len(bloc.texte) > _LIGNE_MAX:
            break
        if _dit(bloc.texte, "structure"):
            return avant
    return 0 if rang <= _RECUL_MAX else rang


def _dit(texte: str, rubrique: str) -> bool:
    return re.search(rf"\b{motif('rubriques', rubrique)}\b", forme(texte)) is not None


# --- Ce que dit la couverture ------------------------------------------------------------------------------------
def _nom(generique: str, lieu: str, texte: str) -> str:
    """« Centre social des Tilleuls » ; une couverture qui ne dit que « centre social » y ajoute son quartier."""
    if not generique:
        return ""
    generique = _sans_projet(generique)
    genre = re.search(rf"{motif('rubriques', 'structure')}", forme(generique))
    reste = forme(generique).replace(genre[0], "").strip() if genre else ""
    if reste and not re.fullmatch(rf"(?:{motif('rubriques', 'agrement')}|du|de|un|le|\W)*", reste):
        return graphie(generique, texte)
    nom = genre[0].capitalize() if genre else generique
    return f"{nom} – {graphie(lieu, texte)}" if lieu and lieu != generique else nom


def _sans_projet(ligne: str) -> str:
    """« Projet social du centre social de la Butte 2024-2027 » → « Centre social de la Butte »."""
    trouve = re.search(rf"\b{motif('rubriques', 'structure')}\b", plier(ligne))
    if not trouve or not re.match(motif("rubriques", "projet_social"), plier(ligne)):
        return ligne
    nom = _PERIODE.sub("", ligne[trouve.start() :]).strip(" -–—:,")
    return nom[:1].upper() + nom[1:]


def _nom_dans_le_texte(texte: str) -> str:
    noms = Counter(
        re.findall(
            r"\b((?:[Cc]entre social(?: et culturel)?|[Cc]entre socio-?culturel|[Ee]space de vie sociale|EVS)"
            r"(?: (?:de|du|des|de la|d['’]))? ?[A-ZÀ-Ý][\w'’-]+(?:[ -][A-ZÀ-Ý][\w'’-]+)*)",
            texte,
        )
    )
    meilleur = noms.most_common(1)[0][0] if noms else ""
    return meilleur[:1].upper() + meilleur[1:]


def _territoire(generique: str, lieu: str, commune: str, texte: str) -> str:
    """« Territoire Est de Valmont » : le lieu, et sa commune s'il ne la dit pas."""
    source = lieu or generique
    trouve = re.search(rf"\b{motif('rubriques', 'territoire')}\b", forme(source))
    if not trouve:
        return commune
    depart = plier(source).find(trouve[0])
    nom = graphie(source[max(depart, 0) :].strip(), texte)
    if not commune or forme(commune) in forme(nom):
        return nom
    return f"{nom}, {commune}" if re.search(r"\b(?:de|du|des)\b|d['’]", nom) else f"{nom} de {commune}"


def _quartiers(lignes: list[str], lieu: str, texte: str) -> tuple[str, ...]:
    for ligne in lignes:
        noms = [nom.strip() for nom in re.split(r"\s+/\s+|\s+[•·|]\s+", ligne)]
        if len(noms) > 1 and all(2 < len(nom) <= 60 and nom[0].isupper() for nom in noms):
            return tuple(graphie(nom, texte) for nom in noms)
    quartier = re.match(r"(?i)quartiers?\s+(?:de |du |des |d['’])?(.*)$", lieu)
    if not quartier:
        return ()
    return tuple(graphie(nom.strip(), texte) for nom in re.split(r"(?i),| et ", quartier[1]) if nom.strip())


def _qpv(texte: str) -> tuple[str, ...]:
    """« deux quartiers en politique de la ville : A et B », sinon le nom qui suit le plus souvent « QPV »."""
    for trouve in _QPV.finditer(texte):
        noms = [_ARTICLE.sub("", nom.strip()) for nom in re.split(r",|\bet\b|/", trouve["liste"])]
        if all(nom[:1].isupper() and len(nom.split()) <= _MOTS_DE_NOM_MAX for nom in noms):
            return tuple(noms)
    nommes = Counter(_QPV_NOMME.findall(texte)).most_common(1)
    return (nommes[0][0],) if nommes else ()


def _periode(lignes: list[str], texte: str) -> Periode | None:
    """Celle que dit la couverture, sinon la dernière que le texte dit d'un projet ou d'un agrément."""
    sur_la_couverture = [suite for ligne in lignes for suite in _suites(_SUITE, forme(ligne))]
    if sur_la_couverture:
        return sur_la_couverture[0]
    seules = sorted(int(ligne) for ligne in lignes if _ANNEE.fullmatch(ligne))
    if len(seules) >= 2 and seules[-1] - seules[0] < _DUREE_MAX:  # « 2021 » et « 2024 », chacun sur sa ligne
        return Periode(debut=seules[0], fin=seules[-1])
    dites = [suite for ligne in texte.split("\n") for suite in _suites(_periode_dite(), forme(ligne))]
    return max(dites, key=lambda periode: periode.debut, default=None)


@cache
def _periode_dite() -> re.Pattern[str]:
    """« Le projet social de la Butte, 2024-2027 » : un projet, ou un agrément, et sa période juste après."""
    sujets = "|".join(motif("rubriques", rubrique) for rubrique in ("projet_social", "agrement"))
    return re.compile(rf"\b(?:{sujets})\b(?: [a-z]+){{0,6}}? {_SUITE.pattern}")


def _suites(motif_: re.Pattern[str], ligne: str) -> Iterator[Periode]:
    for trouve in motif_.finditer(ligne):
        debut, fin = int(trouve["debut"]), int(trouve["fin"])
        if 0 < fin - debut < _DUREE_MAX:
            yield Periode(debut=debut, fin=fin)


# --- La graphie d'un nom -------------------------------------------------------------------------------------------
def graphie(nom: str, texte: str) -> str:
    """Un nom en capitales, comme le texte l'écrit (« LES TILLEULS » → « Les Tilleuls »)."""
    if not est_en_capitales(nom):
        return nom
    ecrits = Counter(
        ecrit
        for trouve in re.finditer(rf"(?<!\w){re.escape(plier(nom))}(?!\w)", plier(texte))
        if not est_en_capitales(ecrit := texte[trouve.start() : trouve.end()])
    )
    avec_majuscule = [(nombre, ecrit) for ecrit, nombre in ecrits.items() if ecrit[:1].isupper()]
    if avec_majuscule:
        return max(avec_majuscule)[1]
    if ecrits:
        ecrit = ecrits.most_common(1)[0][0]
        return ecrit[:1].upper() + ecrit[1:]
    return nom.capitalize()
