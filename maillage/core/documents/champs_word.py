"""Ce que Word calcule lui-même : numéros de page, renvois, titre courant ; et les noms de ses signets."""

from typing import Any

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from maillage.core.documents.styles_word import element

_COMPATIBILITE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_WORD_2013 = "http://schemas.microsoft.com/office/word/2012/wordml"


def nom_de_signet(ancre: str) -> str:
    return ancre.replace("-", "_")  # Word refuse le tiret dans un nom de signet


def instruction(texte: str) -> Any:
    consigne = element("w:instrText")
    consigne.set(qn("xml:space"), "preserve")
    consigne.text = texte
    return consigne


def entourer_le_sommaire(premiere: Paragraph, derniere: Paragraph, profondeur: int) -> None:
    """Fait de ces entrées une table des matières, que Word sait refaire.

    LibreOffice gèle les pages d'une table des matières reçue de Word, au lieu de les calculer. Les bornes du champ
    sont donc écrites pour Word seul (« mc:Choice ») : LibreOffice lit des renvois de page, qu'il calcule.
    """
    consigne = instruction(rf'TOC \o "1-{profondeur}" \h \z \u')
    bornes = (
        element("w:fldChar", fldCharType="begin", dirty="true"),
        consigne,
        element("w:fldChar", fldCharType="separate"),
    )
    for rang, borne in enumerate(bornes, start=1):  # après les propriétés du paragraphe
        premiere._p.insert(rang, _pour_word_seul(borne))
    derniere._p.append(_pour_word_seul(element("w:fldChar", fldCharType="end")))


def _pour_word_seul(contenu: Any) -> Any:
    run = element("w:r")
    choix = run.makeelement(f"{{{_COMPATIBILITE}}}AlternateContent", nsmap={"mc": _COMPATIBILITE})
    run.append(choix)
    retenu = choix.makeelement(
        f"{{{_COMPATIBILITE}}}Choice", attrib={"Requires": "w15"}, nsmap={"w15": _WORD_2013}
    )
    choix.append(retenu)
    retenu.append(contenu)
    return run


def champ(paragraphe: Paragraph, nom: str, attente: str = "1") -> None:
    """Un champ que Word calcule (numéro de page) ; `attente` s'affiche d'ici là."""
    calcule = element("w:fldSimple", instr=nom)
    calcule.append(paragraphe.add_run(attente)._r)
    paragraphe._p.append(calcule)
