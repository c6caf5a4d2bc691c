"""Un document Word → des blocs, paragraphes et rangs de tableau dans l'ordre du document.

Le XML est lu par python-docx, qui ne développe aucune entité et ne charge rien du dehors. L'archive est pesée avant
d'être ouverte : un document de quelques Ko peut en annoncer des milliards.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from maillage.projets.importation.blocs import Bloc, Cellule, Ligne, paragraphe
from maillage.projets.importation.erreurs import DocumentIllisible
from maillage.projets.importation.mots import nettoyer, sans_puce
from maillage.projets.importation.notes_word import Notes
from maillage.projets.importation.numeros_word import Numeros

TAILLE_DEPLIEE_MAX = 200 * 1024 * 1024
PART_DE_TEXTE_MAX = 60 * 1024 * 1024
_FICHIERS_MAX = 5000
_COLONNES_MAX = 100
_REESSAYER = (
    "Ouvrez-le dans votre traitement de texte, enregistrez-le de nouveau en .docx, puis déposez cette copie."
)

_P, _TBL, _TR, _TC, _SDT = (qn(f"w:{nom}") for nom in ("p", "tbl", "tr", "tc", "sdt"))
_TEXTE, _TABULATION, _SAUT, _TIRET = (qn(f"w:{nom}") for nom in ("t", "tab", "br", "noBreakHyphen"))
_SOMMAIRE = re.compile(r"(?:toc|tm|table des mati\S+) ?\d", re.IGNORECASE)
_CADRE = qn("w:txbxContent")
_SECOURS = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""Le double d'un dessin pour les vieux logiciels : le lire compterait deux fois son texte."""


def est_un_zip(contenu: bytes) -> bool:
    return contenu.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def lire_le_word(contenu: bytes) -> list[Bloc]:
    """Les blocs d'un .docx. Lève `DocumentIllisible`."""
    _peser(contenu)
    try:
        document: Any = docx.Document(io.BytesIO(contenu))
        blocs = list(_Lecteur(document).lire())
    except DocumentIllisible:
        raise
    except Exception as faute:
        raise DocumentIllisible(f"Le document Word est abîmé. {_REESSAYER}") from faute
    if not blocs:
        raise DocumentIllisible(f"Le document Word ne contient aucun texte. {_REESSAYER}")
    return blocs


def _peser(contenu: bytes) -> None:
    """Refuse une archive cassée, trop lourde une fois dépliée, ou qui n'est pas un document Word."""
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            fichiers = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as faute:
        raise DocumentIllisible(f"Le document Word est incomplet ou abîmé. {_REESSAYER}") from faute
    textes = [fichier for fichier in fichiers if fichier.filename.endswith((".xml", ".rels"))]
    if (
        len(fichiers) > _FICHIERS_MAX
        or sum(fichier.file_size for fichier in fichiers) > TAILLE_DEPLIEE_MAX
        or sum(fichier.file_size for fichier in textes) > PART_DE_TEXTE_MAX
    ):
        raise DocumentIllisible(
            "Le document Word est anormalement gros une fois déplié. Retirez ses images, "
            "enregistrez-le sous un autre nom, puis déposez cette copie."
        )
    if "word/document.xml" not in {fichier.filename for fichier in fichiers}:
        raise DocumentIllisible(
            "Cette archive n'est pas un document Word (.docx). Enregistrez le document au format Word, "
            "HTML ou texte, puis déposez-le de nouveau."
        )


class _Lecteur:
    def __init__(self, document: Any) -> None:
        self.corps = document.element.body
        self.styles = {style.style_id: style for style in document.styles}
        self.numeros = Numeros(document)
        self.notes = Notes(document)
        self.rang = 0
        self.tableau = 0

    def lire(self) -> Iterator[Bloc]:
        for element in _contenu(self.corps):
            if element.tag == _P:
                yield from self._paragraphe(element)
                yield from self._notes(element)
            elif element.tag == _TBL:
                self.tableau += 1
                yield from self._rangs(element)
                yield from self._notes(element)

    def _suivant(self) -> int:
        self.rang += 1
        return self.rang

    def _paragraphe(self, element: Any) -> Iterator[Bloc]:
        for ligne in self._lignes(element):
            yield paragraphe(self._suivant(), [ligne], self._niveau(element))

    def _notes(self, element: Any) -> Iterator[Bloc]:
        """Après le paragraphe ou le tableau qui les appelle : une phrase ne se mêle pas à sa note."""
        for note in self.notes.appelees(element):
            textes = (nettoyer(texte) for alinea in note.iter(_P) for texte in _texte(alinea))
            entier = " ".join(filter(None, textes))
            if entier:
                ligne = Ligne(f"Note : {entier}")
                yield Bloc(self._suivant(), (Cellule((ligne,)),), est_une_note=True)

    def _rangs(self, tableau: Any) -> Iterator[Bloc]:
        for rang in _contenu(tableau, _TR):
            cellules: list[Cellule] = []
            for case in _contenu(rang, _TC):
                proprietes = case.tcPr
                fusion = None if proprietes is None else proprietes.find(qn("w:vMerge"))
                suite = fusion is not None and fusion.get(qn("w:val")) != "restart"
                cellules.append(Cellule() if suite else Cellule(tuple(self._lignes_de_cellule(case))))
                cellules.extend(Cellule() for _ in range(min(int(case.grid_span), _COLONNES_MAX) - 1))
            if any(cellule.lignes for cellule in cellules):
                yield Bloc(self._suivant(), tuple(cellules), self.tableau)

    def _lignes_de_cellule(self, case: Any) -> Iterator[Ligne]:
        """Les paragraphes d'une cellule, y compris ceux d'un tableau posé dedans."""
        for element in _contenu(case):
            if element.tag == _P:
                yield from self._lignes(element, dans_une_cellule=True)
            elif element.tag == _TBL:
                for rang in _contenu(element, _TR):
                    for sous_case in _contenu(rang, _TC):
                        yield from self._lignes_de_cellule(sous_case)

    def _lignes(self, element: Any, *, dans_une_cellule: bool = False) -> Iterator[Ligne]:
        """Le texte du paragraphe, puis celui des cadres qui y sont accrochés.

        Dans une cellule, une liste numérotée est une liste ; ailleurs, son numéro peut être celui d'une fiche.
        """
        profondeur, numero = self.numeros.lire(element, self.styles, est_titre=bool(self._niveau(element)))
        if numero and dans_une_cellule:
            profondeur, numero = 1, ""
        for rang, texte in enumerate(_texte(element, self._tabulation(element))):
            propre = nettoyer(f"{numero} {texte}" if numero and not rang else texte)
            net, signe = sans_puce(propre)
            if net:
                yield Ligne(net, max(profondeur, signe))
        for cadre in _cadres(element):
            for interieur in _contenu(cadre, _P):
                yield from self._lignes(interieur)

    def _tabulation(self, element: Any) -> str:
        """Dans la table des matières de Word, la tabulation sépare le titre de sa page."""
        style = self.styles.get(element.style) if element.style else None
        return " ..... " if style is not None and _SOMMAIRE.match(style.name or "") else " "

    def _niveau(self, element: Any) -> int:
        """1 à 6 pour un paragraphe de titre, d'après son style ou celui dont il hérite."""
        style = self.styles.get(element.style) if element.style else None
        for _ in range(10):
            if style is None:
                return 0
            mots = (style.name or "").lower().split()
            if len(mots) == 2 and mots[0] in ("heading", "titre") and mots[1].isdecimal():
                return min(int(mots[1]), 6)
            if mots == ["title"]:
                return 1
            style = style.base_style
        return 0


def _contenu(element: Any, *balises: str) -> Iterator[Any]:
    """Les enfants utiles, y compris ceux d'un contrôle de contenu (une liste à choix, un champ de formulaire)."""
    for enfant in element:
        if enfant.tag == _SDT:
            interieur = enfant.find(qn("w:sdtContent"))
            if interieur is not None:
                yield from _contenu(interieur, *balises)
        elif not balises or enfant.tag in balises:
            yield enfant


def _texte(element: Any, tabulation: str = " ") -> list[str]:
    """Le texte d'un paragraphe, coupé à ses retours à la ligne. Le texte supprimé en suivi n'en est pas."""
    morceaux = [""]
    for noeud in _noeuds(element):
        if noeud.tag == _TEXTE:
            morceaux[-1] += noeud.text or ""
        elif noeud.tag == _TABULATION:
            morceaux[-1] += tabulation
        elif noeud.tag == _TIRET:
            morceaux[-1] += "-"
        elif noeud.tag == _SAUT:
            morceaux.append("")
    return morceaux


def _noeuds(element: Any) -> Iterator[Any]:
    for enfant in element:
        if enfant.tag in (_CADRE, _SECOURS):
            continue
        yield enfant
        yield from _noeuds(enfant)


def _cadres(element: Any) -> Iterator[Any]:
    for enfant in element:
        if enfant.tag == _CADRE:
            yield enfant
        elif enfant.tag != _SECOURS:
            yield from _cadres(enfant)
