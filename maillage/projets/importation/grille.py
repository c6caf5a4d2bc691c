"""Lire le tableau d'une fiche action : quel libellé nomme quelle cellule.

Trois dispositions existent, parfois mêlées dans le même tableau : le libellé à gauche de son texte (deux colonnes), le
libellé au-dessus (un rang de libellés, puis un rang de textes), le libellé dans la cellule, en première ligne.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from maillage.projets.importation.blocs import Bloc, Cellule
from maillage.projets.importation.cellules import Passage, couper, porte_son_libelle
from maillage.projets.importation.lexique import (
    EN_TETE,
    Libelle,
    est_une_rubrique_numerotee,
    libelle_en_tete,
    libelle_entier,
    libelle_par_mots,
)

_LIBELLE_INCONNU_MAX = 60


@dataclass
class _Rang:
    bloc: Bloc
    libelles: dict[int, Libelle] = field(default_factory=dict)
    """Les cellules qui ne sont qu'un libellé."""
    textes: dict[int, Cellule] = field(default_factory=dict)

    @classmethod
    def de(cls, bloc: Bloc) -> "_Rang":
        rang = cls(bloc)
        for colonne, cellule in bloc.pleines():
            libelle = libelle_de(cellule)
            if libelle:
                rang.libelles[colonne] = libelle
            else:
                rang.textes[colonne] = cellule
        return rang


def libelle_de(cellule: Cellule) -> Libelle | None:
    """Le libellé que cette cellule est tout entière, même écrit sur deux lignes."""
    if len(cellule.lignes) > 3 or any(ligne.puce for ligne in cellule.lignes):
        return None
    texte = " ".join(ligne.texte for ligne in cellule.lignes)
    return libelle_entier(texte) or (libelle_par_mots(texte) if est_une_rubrique_numerotee(texte) else None)


def champs_nommes(blocs: Iterable[Bloc]) -> set[str]:
    """Les champs du corps d'une fiche que ces rangs nomment."""
    noms: set[str] = set()
    for bloc in blocs:
        for _, cellule in bloc.pleines():
            libelle = libelle_de(cellule)
            if libelle is None and porte_son_libelle(cellule.lignes):
                trouve = libelle_en_tete(cellule.lignes[0].texte)
                libelle = trouve[0] if trouve else None
            if libelle and libelle.nom not in EN_TETE:
                noms.add(libelle.nom)
    return noms


class Grille:
    """Lit des rangs dans l'ordre. L'état (le libellé de chaque colonne) survit à un tableau coupé en deux."""

    def __init__(self) -> None:
        self.colonnes: dict[int, Libelle | str] = {}
        """Colonne → libellé en cours ; une chaîne quand le lexique ne le connaît pas."""
        self.propres: dict[int, Libelle] = {}
        """Colonne → le dernier libellé qu'une cellule y a porté elle-même."""
        self.entete: list[int] = []
        """Les colonnes du dernier rang de libellés, de gauche à droite."""

    def lire(self, blocs: list[Bloc]) -> list[Passage]:
        rangs = [_Rang.de(bloc) for bloc in blocs]
        au_dessus = sum(1 for rang in rangs if rang.libelles and not rang.textes)
        a_gauche = sum(1 for rang in rangs if _est_a_gauche(rang))
        self.est_a_gauche = a_gauche > au_dessus
        passages: list[Passage] = []
        for place, rang in enumerate(rangs):
            suivant = rangs[place + 1] if place + 1 < len(rangs) else None
            avant = rangs[place - 1] if place else None
            if not rang.libelles:
                passages += self._rang_de_textes(rang, avant)
            elif not rang.textes:
                self._rang_de_libelles(rang)
            else:
                passages += self._rang_mele(rang, suivant)
        return passages

    # --- Les trois sortes de rangs ---------------------------------------------------------------------
    def _rang_de_libelles(self, rang: _Rang) -> None:
        if len(rang.libelles) > 1:
            self.colonnes = {}
        self.colonnes.update(rang.libelles)
        self.entete = sorted(rang.libelles)

    def _rang_de_textes(self, rang: _Rang, avant: _Rang | None) -> list[Passage]:
        colonnes = sorted(rang.textes)
        premiere = rang.textes[colonnes[0]]
        suit_son_entete = avant is not None and not avant.textes and len(avant.libelles) > 1
        a_gauche = self.est_a_gauche and not suit_son_entete
        if a_gauche and len(colonnes) > 1 and _peut_etre_un_libelle(premiere):
            return self._sous_un_inconnu(rang, colonnes)
        par_ordre = (
            dict(zip(colonnes, self.entete, strict=False)) if len(colonnes) == len(self.entete) else {}
        )
        return [
            passage
            for colonne in colonnes
            for passage in self._passages(rang, colonne, self._nom(colonne, par_ordre))
        ]

    def _rang_mele(self, rang: _Rang, suivant: _Rang | None) -> list[Passage]:
        """Des libellés et des textes sur un même rang."""
        passages: list[Passage] = []
        en_cours: Libelle | str | None = None
        for colonne, cellule in rang.bloc.pleines():
            if colonne in rang.libelles:
                en_cours = self.colonnes[colonne] = rang.libelles[colonne]
                self.entete = [*[autre for autre in self.entete if autre < colonne], colonne]
            elif porte_son_libelle(cellule.lignes):
                passages += self._passages(rang, colonne, self.colonnes.get(colonne))
            elif self._est_au_dessus(rang, suivant, colonne):
                if colonne in self.colonnes:
                    passages += self._passages(rang, colonne, self.colonnes[colonne])
                else:  # un libellé que le lexique ne connaît pas tel quel, au milieu d'autres
                    self.colonnes[colonne] = libelle_par_mots(cellule.texte) or cellule.texte
            else:
                passages += self._passages(rang, colonne, en_cours)
                if en_cours is not None:
                    self.colonnes[colonne] = en_cours
        return passages

    # --- Qui nomme quoi ----------------------------------------------------------------------------------
    def _nom(self, colonne: int, par_ordre: dict[int, int]) -> Libelle | str | None:
        """Le libellé d'une colonne : le sien, sinon celui de même rang, sinon le plus proche à gauche."""
        if colonne in self.colonnes:
            return self.colonnes[colonne]
        if colonne in par_ordre:
            return self.colonnes.get(par_ordre[colonne])
        a_gauche = [autre for autre in self.colonnes if autre < colonne]
        return self.colonnes[max(a_gauche)] if a_gauche else None

    def _est_au_dessus(self, rang: _Rang, suivant: _Rang | None, colonne: int) -> bool:
        """Les libellés de ce rang nomment-ils le rang d'en dessous, et non la cellule d'à côté ?"""
        if self.est_a_gauche or suivant is None or suivant.libelles:
            return False
        dessous = min((autre for autre in rang.libelles), key=lambda autre: abs(autre - colonne))
        return dessous in suivant.textes and (
            colonne in self.colonnes or _peut_etre_un_libelle(rang.textes[colonne])
        )

    def _sous_un_inconnu(self, rang: _Rang, colonnes: list[int]) -> list[Passage]:
        """Une cellule à la place d'un libellé que le lexique ne connaît pas tel quel : un de ses mots peut suffire."""
        texte = rang.textes[colonnes[0]].texte.replace("\n", " ")
        nom = libelle_par_mots(texte) or texte
        passages: list[Passage] = []
        for colonne in colonnes[1:]:
            self.colonnes[colonne] = nom
            passages += self._passages(rang, colonne, nom)
        return passages

    def _passages(self, rang: _Rang, colonne: int, nom: Libelle | str | None) -> list[Passage]:
        lignes = rang.textes[colonne].lignes
        if isinstance(nom, str):
            return [Passage(None, rang.bloc.ligne, rang.bloc.ligne, list(lignes), nom)]
        passages = couper(lignes, rang.bloc, nom)
        if nom is None and passages:
            if passages[0].libelle is None:  # la suite d'une cellule qui se nommait elle-même
                passages[0].libelle = self.propres.get(colonne)
            if passages[-1].libelle:
                self.propres[colonne] = passages[-1].libelle
        return passages


def _est_a_gauche(rang: _Rang) -> bool:
    pleines = [colonne for colonne, _ in rang.bloc.pleines()]
    return len(pleines) > 1 and pleines[0] in rang.libelles and bool(rang.textes)


def _peut_etre_un_libelle(cellule: Cellule) -> bool:
    texte = cellule.texte
    return (
        len(cellule.lignes) <= 2
        and len(texte) <= _LIBELLE_INCONNU_MAX
        and not texte.endswith((".", ";"))
        and not any(ligne.puce for ligne in cellule.lignes)
    )
