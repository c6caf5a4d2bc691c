"""D'un texte sous un libellé aux cellules d'une fiche : qui va dans quelle liste."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from maillage.projets.importation.blocs import Bloc, Ligne
from maillage.projets.importation.lexique import (
    INDICATEURS,
    MOYENS,
    OBJECTIFS,
    PARTENAIRES,
    Libelle,
    commence_par,
    libelle_en_tete,
    libelle_entier,
    sous_libelle,
)
from maillage.projets.importation.lu import CelluleLue

_NOMS_MIN, _NOM_MAX = 4, 40
_FIN_DE_PHRASE = (".", ";", ":", "!", "?", "…", "»")


@dataclass
class Passage:
    """Des lignes sous un libellé ; sans libellé, personne ne sait où elles vont.

    `inconnu` : le libellé que la source donne quand le lexique ne le connaît pas.
    """

    libelle: Libelle | None
    debut: int
    fin: int
    lignes: list[Ligne] = field(default_factory=list)
    inconnu: str = ""

    @property
    def texte(self) -> str:
        tete = [f"{self.inconnu} :"] if self.inconnu else []
        return "\n".join([*tete, *(ligne.texte for ligne in self.lignes)])


def porte_son_libelle(lignes: tuple[Ligne, ...]) -> bool:
    """La première ligne est-elle un libellé, que son texte suit ?"""
    if not lignes or lignes[0].puce:
        return False
    trouve = libelle_en_tete(lignes[0].texte)
    return trouve is not None and bool(trouve[1] or len(lignes) > 1)


def couper(lignes: Iterable[Ligne], bloc: Bloc, libelle: Libelle | None) -> list[Passage]:
    """Les passages d'une cellule dont la colonne s'appelle `libelle` : un par sous-titre.

    Sous un libellé qui couvre plusieurs champs, les sous-titres de ces champs coupent (« Moyens humains »). Une
    cellule dont la première ligne est un libellé se nomme elle-même, et peut alors en porter plusieurs.
    """
    passages = [Passage(libelle, bloc.ligne, bloc.ligne)]
    couvre = libelle if libelle and libelle.est_conteneur else None
    se_nomme = False
    for rang, ligne in enumerate(lignes):
        trouve = sous_libelle(ligne.texte, couvre.champs) if couvre else None
        if trouve is None and not ligne.puce and (not rang or se_nomme):
            trouve = _libelle_propre(ligne.texte, libelle, est_seul_admis=bool(rang))
            se_nomme = se_nomme or trouve is not None
            if trouve:
                couvre = trouve[0] if trouve[0].est_conteneur else None
        if trouve is None:
            passages[-1].lignes.append(ligne)
            continue
        passages.append(Passage(trouve[0], bloc.ligne, bloc.ligne))
        if trouve[1]:
            passages[-1].lignes.append(Ligne(trouve[1], ligne.puce))
    return [passage for passage in passages if passage.lignes]


def _libelle_propre(
    texte: str, libelle: Libelle | None, *, est_seul_admis: bool
) -> tuple[Libelle, str] | None:
    """Le libellé qu'une cellule porte elle-même, seul sur sa ligne ou devant son texte.

    Sous une colonne déjà nommée, une précision du même champ (« Partenaires potentiels : ») reste du texte.
    """
    entier = libelle_entier(texte)
    if entier:
        return None if libelle and entier.champs == libelle.champs else (entier, "")
    return None if est_seul_admis or libelle else libelle_en_tete(texte)


def ranger(passages: Iterable[Passage]) -> list[CelluleLue]:
    """Les cellules, chacune dans son champ. Un libellé à plusieurs champs distribue ses lignes."""
    cellules: list[CelluleLue] = []
    for passage in passages:
        if passage.libelle is None or not passage.lignes:
            continue
        for champ, lignes in _distribuer(passage.libelle, passage.lignes):
            cellule = CelluleLue(
                ligne_debut=passage.debut,
                ligne_fin=passage.fin,
                champ=champ,
                libelle=passage.libelle.texte,
                lignes=tuple(lignes),
            )
            suite = cellules and cellules[-1].champ == champ and _recoller(cellules[-1], cellule)
            if suite:
                cellules[-1] = suite
            else:
                cellules.append(cellule)
    return cellules


def _distribuer(libelle: Libelle, lignes: list[Ligne]) -> Iterator[tuple[str, list[Ligne]]]:
    if libelle.champs[0].startswith(PARTENAIRES):
        yield libelle.champs[0], _une_par_nom(lignes)
        return
    if not libelle.est_conteneur:
        yield libelle.champs[0], lignes
        return
    premier, second = libelle.champs
    dans_le_premier = {OBJECTIFS: _generaux, MOYENS: _humains, INDICATEURS: _quantitatifs}[libelle.nom](
        lignes
    )
    for champ, retenu in ((premier, True), (second, False)):
        choisies = [
            ligne for ligne, est_dedans in zip(lignes, dans_le_premier, strict=True) if est_dedans is retenu
        ]
        if choisies:
            yield champ, choisies


def _une_par_nom(lignes: list[Ligne]) -> list[Ligne]:
    """« La Ville, la Caf, l'école, le collège » : une énumération écrite d'un trait est une liste de noms."""
    if len(lignes) != 1 or lignes[0].puce or lignes[0].texte.endswith(".") or ":" in lignes[0].texte:
        return lignes
    noms = [nom.strip() for nom in re.split(r",\s+(?![^()]*\))", lignes[0].texte)]
    if len(noms) < _NOMS_MIN or any(len(nom) > _NOM_MAX for nom in noms):
        return lignes
    return [Ligne(nom, 1) for nom in noms if nom]


def _generaux(lignes: list[Ligne]) -> list[bool]:
    """L'objectif général est écrit en tête, les opérationnels en liste dessous."""
    en_tete = next((rang for rang, ligne in enumerate(lignes) if ligne.puce), 1)
    return [rang < en_tete for rang in range(len(lignes))]


def _humains(lignes: list[Ligne]) -> list[bool]:
    return [commence_par(ligne.texte, "moyens_humains") for ligne in lignes]


def _quantitatifs(lignes: list[Ligne]) -> list[bool]:
    return [commence_par(ligne.texte, "indicateurs_quantitatifs") for ligne in lignes]


def _recoller(avant: CelluleLue, apres: CelluleLue) -> CelluleLue | None:
    """Une phrase coupée par un saut de page est recollée ; deux cellules entières restent deux pièces."""
    fin, debut = avant.lignes[-1], apres.lignes[0]
    if debut.puce or fin.texte.endswith(_FIN_DE_PHRASE) or not debut.texte[:1].islower():
        return None
    return CelluleLue(
        ligne_debut=avant.ligne_debut,
        ligne_fin=apres.ligne_fin,
        champ=avant.champ,
        libelle=avant.libelle,
        lignes=(*avant.lignes[:-1], Ligne(f"{fin.texte} {debut.texte}", fin.puce), *apres.lignes[1:]),
    )
