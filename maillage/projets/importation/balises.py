"""Lire du HTML : une page entière en blocs, ou le morceau de HTML qu'une cellule de texte a gardé.

La lecture suit les balises dans l'ordre, sans construire d'arbre : une page abîmée, une liste jamais fermée ou une
balise inconnue ne l'arrêtent pas. Rien n'est chargé du dehors, aucune entité n'est développée au-delà de la norme.
"""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from maillage.projets.importation.blocs import Bloc, Cellule, Ligne, paragraphe
from maillage.projets.importation.mots import PUCES, couper_aux_puces, nettoyer, sans_puce, signe_de_puce

_A_TAIRE = frozenset({"script", "style", "head", "template", "svg", "noscript", "title"})
_COUPENT = frozenset(
    "p div section article header footer main aside nav figure figcaption blockquote address dl dt dd pre hr "
    "form fieldset center table caption".split()
)
_LISTES = frozenset({"ul", "ol", "menu", "dir"})
_TITRES = {f"h{niveau}": niveau for niveau in range(1, 7)}
_COLONNES_MAX = 100
"""Une cellule annoncée plus large est une faute, ou une attaque : on ne réserve pas un million de colonnes."""


@dataclass
class _Tableau:
    numero: int
    rang: list[Cellule] = field(default_factory=list)
    colonnes: int = 1
    """Largeur de la cellule ouverte."""
    rangs: int = 1
    """Hauteur de la cellule ouverte."""
    tenues: dict[int, int] = field(default_factory=dict)
    """Colonne → rangs qu'une cellule fusionnée vers le bas y occupe encore."""

    def passer_les_tenues(self) -> None:
        while self.tenues.get(len(self.rang), 0) > 0:
            self.tenues[len(self.rang)] -= 1
            self.rang.append(Cellule())


class _Lecteur(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocs: list[Bloc] = []
        self.lignes: list[Ligne] = []
        self.texte: list[str] = []
        self.profondeur = 0
        self.signes: dict[int, str] = {}
        """Profondeur → signe par lequel la liste, écrite sans `<li>`, marque ses éléments."""
        self.dans_li = 0
        self.niveau = 0
        self.muet = 0
        self.tableaux: list[_Tableau] = []
        self.nombre_de_tableaux = 0

    # --- Le texte ------------------------------------------------------------------------------------
    def handle_data(self, data: str) -> None:
        if self.muet:
            return
        if data.strip() or self.texte:
            self.texte.append(data)

    def _finir_la_ligne(self) -> None:
        """Le texte lu devient une ligne, ou plusieurs si une liste y est écrite d'un trait."""
        texte = nettoyer(" ".join("".join(self.texte).split()))
        self.texte = []
        if not texte:
            return
        net, signe = sans_puce(texte)
        puce = max(self.profondeur, signe)
        if self.profondeur and not self.dans_li:
            nouvelles = self._elements(texte)
        elif self.niveau:
            nouvelles = [Ligne(texte)]
        elif signe and (self.tableaux or texte[0] in PUCES):
            nouvelles = [Ligne(element, puce) for element in couper_aux_puces(texte)]
        else:
            nouvelles = [Ligne(net, puce)] if net else []
        self.lignes.extend(nouvelles)
        if not self.tableaux:
            self.blocs.extend(paragraphe(0, [ligne], self.niveau) for ligne in self.lignes)
            self.lignes = []

    def _elements(self, texte: str) -> list[Ligne]:
        """Les éléments d'une liste sans `<li>`. Dans une sous-liste jamais fermée, le signe de la liste y ramène."""
        self.signes[self.profondeur] = signe_de_puce(texte) or self.signes.get(self.profondeur, "")
        signe, parent = self.signes[self.profondeur], self.signes.get(self.profondeur - 1, "")
        if not parent or parent == signe:
            return [Ligne(element, self.profondeur) for element in couper_aux_puces(texte)]
        interieur, *retour = re.split(rf"\s(?={re.escape(parent)}\s)", texte, maxsplit=1)
        lignes = [Ligne(element, self.profondeur) for element in couper_aux_puces(interieur)]
        if retour:
            self.profondeur -= 1
            lignes += self._elements(retour[0])
        return lignes

    # --- Les balises ---------------------------------------------------------------------------------
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _A_TAIRE:
            self.muet += 1
        if self.muet:
            return
        if tag == "br":
            if self.profondeur or self.niveau:
                self.texte.append(" ")
            else:
                self._finir_la_ligne()
        elif tag in _LISTES:
            self._finir_la_ligne()
            self.profondeur += 1
        elif tag == "li":
            self._finir_la_ligne()
            self.profondeur = self.profondeur or 1
            self.dans_li += 1
        elif tag in _TITRES:
            self._finir_la_ligne()
            self.niveau = _TITRES[tag]
        elif tag in ("td", "th"):
            self._ouvrir_une_cellule(dict(attrs))
        elif tag == "tr":
            self._finir_le_rang()
        elif tag in _COUPENT:
            self._finir_la_ligne()
            if not self.dans_li:
                self.profondeur = 0  # un paragraphe hors d'un <li> dit que la liste, jamais fermée, est finie
            if tag == "table":
                self._ouvrir_un_tableau()

    def handle_endtag(self, tag: str) -> None:
        if tag in _A_TAIRE:
            self.muet = max(0, self.muet - 1)
            return
        if self.muet:
            return
        if tag in _LISTES:
            self._finir_la_ligne()
            self.profondeur = max(0, self.profondeur - 1)
        elif tag == "li":
            self._finir_la_ligne()
            self.dans_li = max(0, self.dans_li - 1)
        elif tag in _TITRES:
            self._finir_la_ligne()
            self.niveau = 0
        elif tag in ("td", "th"):
            self._fermer_la_cellule()
        elif tag == "tr":
            self._finir_le_rang()
        elif tag == "caption":
            self._finir_la_legende()
        elif tag == "table" and self.tableaux:
            self._finir_le_rang()
            self.tableaux.pop()
        elif tag in _COUPENT:
            self._finir_la_ligne()

    # --- Les tableaux --------------------------------------------------------------------------------
    def _ouvrir_un_tableau(self) -> None:
        """Un tableau dans une cellule n'est pas un autre tableau : ses textes sont des lignes de la cellule."""
        if self.tableaux:
            self.tableaux.append(_Tableau(-1))
            return
        self.nombre_de_tableaux += 1
        self.tableaux.append(_Tableau(self.nombre_de_tableaux))

    def _finir_la_legende(self) -> None:
        """Le titre d'un tableau le précède, comme dans un document Word."""
        self._finir_la_ligne()
        if self._tableau is not None:
            self.blocs.extend(paragraphe(0, [ligne]) for ligne in self.lignes)
            self.lignes = []

    @property
    def _tableau(self) -> _Tableau | None:
        return self.tableaux[0] if len(self.tableaux) == 1 else None

    def _ouvrir_une_cellule(self, attributs: dict[str, str | None]) -> None:
        self._fermer_la_cellule()
        tableau = self._tableau
        if tableau is None:
            return
        tableau.passer_les_tenues()
        tableau.colonnes = _largeur(attributs.get("colspan"))
        tableau.rangs = _largeur(attributs.get("rowspan"))
        tableau.rang.append(Cellule())
        self.profondeur = self.dans_li = self.niveau = 0

    def _fermer_la_cellule(self) -> None:
        self._finir_la_ligne()
        tableau = self._tableau
        if tableau is None:
            return
        if not tableau.rang:
            if self.lignes:  # un texte entre deux cellules : il fait sa propre cellule plutôt que se perdre
                tableau.rang.append(Cellule(tuple(self.lignes)))
            self.lignes = []
            return
        colonne = len(tableau.rang) - 1
        tableau.rang[colonne] = Cellule(tableau.rang[colonne].lignes + tuple(self.lignes))
        for _ in range(tableau.colonnes - 1):
            tableau.rang.append(Cellule())
        if tableau.rangs > 1:
            for occupee in range(colonne, len(tableau.rang)):
                tableau.tenues[occupee] = tableau.rangs - 1
        tableau.colonnes = tableau.rangs = 1
        self.lignes = []

    def _finir_le_rang(self) -> None:
        self._fermer_la_cellule()
        tableau = self._tableau
        if tableau is None or not tableau.rang:
            return
        tableau.passer_les_tenues()
        if any(cellule.lignes for cellule in tableau.rang):
            self.blocs.append(Bloc(0, tuple(tableau.rang), tableau.numero))
        tableau.rang = []

    def finir(self) -> None:
        self.close()
        self.muet = 0
        while self.tableaux:
            self.handle_endtag("table")
        self._finir_la_ligne()
        self.blocs.extend(paragraphe(0, [ligne]) for ligne in self.lignes)


def _largeur(valeur: str | None) -> int:
    return min(int(valeur), _COLONNES_MAX) if valeur and valeur.isdecimal() and int(valeur) > 0 else 1


def lire_la_page(texte: str) -> list[Bloc]:
    """Les blocs d'une page HTML."""
    lecteur = _Lecteur()
    lecteur.feed(texte)
    lecteur.finir()
    return [replace(bloc, ligne=rang) for rang, bloc in enumerate(lecteur.blocs, start=1)]


def lire_le_morceau(texte: str) -> tuple[Ligne, ...]:
    """Les lignes d'un morceau de HTML resté dans une cellule de texte."""
    return tuple(
        ligne for bloc in lire_la_page(texte) for cellule in bloc.cellules for ligne in cellule.lignes
    )
