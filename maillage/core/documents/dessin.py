"""Les dessins SVG d'un document : lus et contrôlés avant d'être posés dans une page."""

import re

from lxml import etree

from maillage.core.documents.texte import DescriptionRefusee, texte_propre

_BALISES_INTERDITES = {"script", "style", "foreignObject", "iframe", "a", "animate", "set", "image"}
_CADRE = re.compile(r'viewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+[\d.]+\s*"')
_POINTS_PAR_UNITE = 0.75
_ADRESSE_EXTERIEURE = re.compile(r"url\((?!\s*['\"]?\s*#)")


def lire_svg(svg: str) -> etree._Element:
    """La racine du dessin. Lève `DescriptionRefusee` s'il est illisible."""
    analyseur = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        racine = etree.fromstring(texte_propre(svg).encode("utf-8"), analyseur)
    except etree.XMLSyntaxError as erreur:
        raise DescriptionRefusee(f"Le dessin SVG est illisible : {erreur}.") from erreur
    if racine.getroottree().docinfo.doctype or racine.tag != "{http://www.w3.org/2000/svg}svg":
        raise DescriptionRefusee("Un dessin commence par <svg>, dans l'espace de noms SVG, sans DOCTYPE.")
    return racine


def largeur_naturelle(svg: str) -> float:
    """En points, celle de l'écran : agrandi au-delà, un petit graphique crierait à côté du texte."""
    trouve = _CADRE.search(svg[:2000])
    return float(trouve[1]) * _POINTS_PAR_UNITE if trouve else 1000.0


def verifier_svg(svg: str) -> None:
    """Un dessin est posé tel quel dans la page : rien d'actif, rien qui aille chercher ailleurs.

    Lève `DescriptionRefusee` en nommant l'élément ou l'attribut fautif.
    """
    for element in lire_svg(svg).iter("*"):
        if etree.QName(element).localname in _BALISES_INTERDITES:
            raise DescriptionRefusee(f"Dessin SVG refusé : élément {element.tag!r} interdit.")
        for nom, valeur in element.attrib.items():
            local = etree.QName(nom).localname.lower()
            if local.startswith("on") or local == "style":
                raise DescriptionRefusee(f"Dessin SVG refusé : attribut {local!r} interdit.")
            if (local == "href" and not valeur.startswith("#")) or _ADRESSE_EXTERIEURE.search(valeur):
                raise DescriptionRefusee(f"Dessin SVG refusé : {local}={valeur[:60]!r} mène hors du dessin.")
