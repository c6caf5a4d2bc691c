"""Trouver l'arbre des objectifs : axes → enjeux → objectifs → fiches, écrit en lignes ou en rangs de tableau.

Un arbre commence à un titre d'axe et dure tant que les lignes restent courtes et de la famille : enjeu, objectif,
fiche numérotée, statut, années, légende. Un objectif n'a souvent ni mot ni numéro : c'est la ligne nue que suivent des
fiches.
"""

import re
from collections.abc import Iterator

from maillage.projets.importation.arbre_en_tableau import noeuds_des_tableaux
from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.lexique import statut
from maillage.projets.importation.mots import est_en_capitales, forme
from maillage.projets.importation.noeuds import ANNEE, COCHE, Arbre, Noeud, Sorte, Zone
from maillage.projets.importation.titres import Genre, Titre, lire_un_titre

_LIGNE_MAX = 200
_PHRASE_MIN = 80
_ANNEES = re.compile(r"^\W*(?:20\d\d\W*){2,}$")
_ENTREE_DE_LEGENDE = re.compile(r"(?:^|[/;,|*]\s*)\W*([A-Z]{1,3})\s*[:=]\s*([^/;|]+)")
_PARENTHESE = re.compile(r"\s*\([^()]*\)\s*$")


def chercher_l_arbre(
    blocs: list[Bloc], rangs: list[int], titres_du_sommaire: dict[str, int], titres_des_fiches: set[str]
) -> Arbre:
    """L'arbre écrit dans ces blocs. `titres_des_fiches` : formes des titres déjà lus, pour reconnaître un renvoi."""
    codes = {code: sens for rang in rangs for code, sens in _legende(blocs[rang].texte).items()}
    zones = list(_zones(blocs, rangs, titres_du_sommaire, codes, {Genre.AXE}))
    if not any(zone.est_un_arbre for zone in zones):
        zones = list(_zones(blocs, rangs, titres_du_sommaire, codes, {Genre.ENJEU, Genre.OBJECTIF}))
    connus = titres_des_fiches | {
        forme(noeud.texte) for zone in zones for noeud in zone.noeuds if noeud.sorte is Sorte.ACTION
    }
    for zone in zones:
        _reconnaitre_les_renvois(zone, connus)
        _reconnaitre_les_objectifs_numerotes(zone)
        _oter_la_fin(zone)
    meilleures: dict[str, Zone] = {}
    for zone in zones:
        tenante = meilleures.get(zone.axe.numero)
        if zone.est_un_arbre and (tenante is None or len(zone.noeuds) > len(tenante.noeuds)):
            meilleures[zone.axe.numero] = zone
    return Arbre(sorted(meilleures.values(), key=lambda zone: zone.axe.rang), codes)


def _zones(
    blocs: list[Bloc],
    rangs: list[int],
    titres_du_sommaire: dict[str, int],
    codes: dict[str, str],
    ouvrent: set[Genre],
) -> Iterator[Zone]:
    """Les zones candidates. `ouvrent` : un titre d'axe ; dans un projet sans axe, un enjeu ou un objectif."""
    zone: Zone | None = None
    chapitre = 0
    """Le numéro du dernier chapitre : celui qui le suit, en capitales, n'est pas une action de l'axe ouvert."""
    annees: dict[int, int] = {}
    entetes: list[Noeud] = []
    """Les en-têtes de colonnes qui précèdent le premier axe d'un tableau."""
    en_tableau = noeuds_des_tableaux(blocs, rangs)
    for place, rang in enumerate(rangs):
        bloc = blocs[rang]
        if rang in en_tableau:
            for noeud in en_tableau[rang]:
                if noeud.sorte is Sorte.AXE:
                    if zone:
                        yield zone
                    zone, entetes = Zone(noeud, entetes), []
                elif zone is None and noeud.sorte is Sorte.DECOR:
                    entetes.append(noeud)
                else:
                    zone = zone or Zone(Noeud(Sorte.AXE, rang))
                    zone.noeuds.append(noeud)
            continue
        titre = lire_un_titre(_premier_texte(bloc))
        if (
            titre
            and titre.genre is Genre.NUMERO
            and titre.numero.isdecimal()
            and est_en_capitales(titre.texte)
        ):
            suit = int(titre.numero) == chapitre + 1 and not titre.numero.startswith("0")
            if suit and not (zone and any(noeud.sorte is Sorte.ACTION for noeud in zone.noeuds)):
                chapitre += 1
                if zone:
                    yield zone
                zone = None
                continue
        if titre and titre.genre in ouvrent and (zone is None or titre.genre is Genre.AXE):
            if zone:
                yield zone
            est_un_axe = titre.genre is Genre.AXE
            zone, annees = (
                Zone(Noeud(Sorte.AXE, rang, *((titre.numero, titre.texte) if est_un_axe else ()))),
                {},
            )
            if est_un_axe:
                continue
        if zone is None:
            continue
        saut = (
            place
            and rang - rangs[place - 1] > 1
            and any(blocs[entre].est_rang for entre in range(rangs[place - 1] + 1, rang))
        )
        lu = None if saut or bloc.forme in titres_du_sommaire else _noeud(bloc, rang, zone, annees, codes)
        if lu is None:
            yield zone
            zone = None
        else:
            zone.noeuds.append(lu)
    if zone:
        yield zone


def _premier_texte(bloc: Bloc) -> str:
    pleines = [cellule for _, cellule in bloc.pleines() if re.search(r"\w", cellule.texte)]
    return " ".join(ligne.texte for ligne in pleines[0].lignes) if pleines else ""


def _noeud(bloc: Bloc, rang: int, zone: Zone, annees: dict[int, int], codes: dict[str, str]) -> Noeud | None:
    """Le nœud que ce bloc ajoute à la zone, ou rien : l'arbre est fini."""
    texte = _premier_texte(bloc)
    if not texte or _ANNEES.match(bloc.texte.replace("|", " ")) or _legende(bloc.texte):
        annees.update(_colonnes_d_annees(bloc))
        return Noeud(Sorte.DECOR, rang)
    if _code(texte, codes) and not bloc.est_rang:
        dernier = next((noeud for noeud in reversed(zone.noeuds) if noeud.sorte is Sorte.ACTION), None)
        if dernier:
            dernier.statut = dernier.statut or texte
        return Noeud(Sorte.DECOR, rang)
    if len(texte) > _LIGNE_MAX or (texte.endswith(".") and len(texte) > _PHRASE_MIN):
        return None
    sorte, numero, intitule = _lire(texte, bloc, zone)
    if sorte is None:
        return None
    noeud = Noeud(sorte, rang, numero, intitule)
    if sorte is Sorte.ACTION:
        titre = lire_un_titre(texte)
        noeud.est_dite = titre is not None and titre.genre is Genre.FICHE
        _lire_le_statut_entre_parentheses(noeud)
    if bloc.est_rang:
        _lire_les_colonnes(bloc, noeud, annees, codes)
    return noeud


def _lire(texte: str, bloc: Bloc, zone: Zone) -> tuple[Sorte | None, str, str]:
    titre = lire_un_titre(texte)
    if titre is None:
        if bloc.niveau or not re.search(r"[^\W\d_]{2}", texte):
            return None, "", ""
        if bloc.puce and any(noeud.sorte is Sorte.OBJECTIF for noeud in zone.noeuds):
            return Sorte.ACTION, "", texte
        return Sorte.NUE, "", texte
    if titre.genre is Genre.ENJEU:
        return Sorte.ENJEU, titre.numero, titre.texte
    if titre.genre is Genre.OBJECTIF:
        return Sorte.OBJECTIF, titre.numero, titre.texte
    if titre.genre is Genre.OPERATIONNEL:
        return Sorte.OPERATIONNEL, titre.numero, titre.texte
    if titre.genre is Genre.FICHE or (titre.genre is Genre.NUMERO and _meme_numerotation(titre, zone)):
        return Sorte.ACTION, titre.numero, titre.texte
    return None, "", ""


def _meme_numerotation(titre: Titre, zone: Zone) -> bool:
    """Dans un arbre, un numéro d'une autre forme que ceux des fiches est celui d'un chapitre : l'arbre est fini."""
    premiere = next((noeud for noeud in zone.noeuds if noeud.sorte is Sorte.ACTION and noeud.numero), None)
    return premiere is None or len(re.findall(r"\w+", premiere.numero)) == titre.parties


def _lire_les_colonnes(bloc: Bloc, noeud: Noeud, annees: dict[int, int], codes: dict[str, str]) -> None:
    """Le statut et les années cochées, dans les autres cellules du rang."""
    cochees = []
    for colonne, cellule in bloc.pleines()[1:]:
        if _code(cellule.texte, codes):
            noeud.statut = noeud.statut or cellule.texte.strip()
        elif COCHE.match(cellule.texte) and colonne in annees:
            cochees.append(annees[colonne])
    noeud.annees = tuple(cochees)


def _colonnes_d_annees(bloc: Bloc) -> dict[int, int]:
    return {
        colonne: int(annee[1])
        for colonne, cellule in bloc.pleines()
        if (annee := ANNEE.match(cellule.texte.strip()))
    }


def _legende(texte: str) -> dict[str, str]:
    """Les codes qu'une légende explique : « E : évolution… / NA : nouvelle action »."""
    entrees = {code: sens.strip() for code, sens in _ENTREE_DE_LEGENDE.findall(texte)}
    return entrees if len(entrees) > 1 and len(texte) <= _LIGNE_MAX else {}


def _code(texte: str, codes: dict[str, str]) -> bool:
    net = texte.strip()
    return len(net) <= 20 and (net in codes or statut(net) is not None)


def code_de_statut(brut: str, codes: dict[str, str]) -> str | None:
    """E, NA ou AE d'après la légende du document, sinon d'après le lexique ; un code inconnu est rendu tel quel."""
    if not brut:
        return None
    return statut(codes.get(brut, "")) or statut(brut) or brut


def _reconnaitre_les_renvois(zone: Zone, connus: set[str]) -> None:
    """Une ligne nue qui porte le titre d'une fiche la rappelle : ce n'est pas un objectif."""
    for noeud in zone.noeuds:
        if noeud.sorte is Sorte.NUE and forme(_PARENTHESE.sub("", noeud.texte)) in connus:
            noeud.sorte = Sorte.RENVOI


def _reconnaitre_les_objectifs_numerotes(zone: Zone) -> None:
    """Quand l'arbre dit « Action 1.1.1 », une ligne « 1.1 Aider les parents » est l'objectif qui la précède."""
    if any(noeud.est_dite for noeud in zone.noeuds):
        for noeud in zone.noeuds:
            if noeud.sorte is Sorte.ACTION and noeud.numero and not noeud.est_dite:
                noeud.sorte = Sorte.OBJECTIF


def _lire_le_statut_entre_parentheses(noeud: Noeud) -> None:
    """« Le café des parents (nouvelle action) »."""
    trouve = _PARENTHESE.search(noeud.texte)
    interieur = trouve[0].strip(" ()") if trouve else ""
    if len(interieur) > 3 and statut(interieur):
        noeud.statut, noeud.texte = interieur, noeud.texte[: trouve.start()] if trouve else noeud.texte


def _oter_la_fin(zone: Zone) -> None:
    """Les lignes nues après le dernier nœud sûr ne sont plus de l'arbre."""
    while zone.noeuds and zone.noeuds[-1].sorte is Sorte.NUE:
        zone.noeuds.pop()


def titre_sans_renvoi(texte: str) -> str:
    """« Le jardin (fiche commune avec l'axe 2) » → « Le jardin »."""
    return _PARENTHESE.sub("", texte)
