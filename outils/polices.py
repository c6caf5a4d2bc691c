"""Polices découpées au français : deux woff2 pour les pages, les mêmes en TTF pour les documents PDF.

Les fichiers livrés pèsent 75 ko à deux, et il leur manque des signes de la typographie française
(espace fine insécable, flèches, ≤ et ≥) : nous les assemblons à partir de leurs propres dessins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from fontTools.varLib.builder import buildVarIdxMap

ASCII = "".join(chr(code) for code in range(0x20, 0x7F))
FRANCAIS = "\u00a0\u202f«»àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜ€–—…’‘“”·•×°²³→←≤≥"
AILLEURS = "áãíñóõúòßø§©½‹›−"
PAS_DE_VARIATION = 0xFFFFFFFF


@dataclass(frozen=True)
class Police:
    """Une famille : son fichier d'origine, les graisses gardées, les signes gardés."""

    nom: str
    paquet: str
    famille: str
    graisse: tuple[float, float] | float
    signes: str
    repli: str
    largeur_du_repli: float
    """Largeur moyenne d'une lettre dans un texte français, en cadratins : cale la police d'attente."""

    a_italique: bool = False
    """Un italique en TTF, pour les documents seuls : les pages penchent la police droite et s'en passent."""

    def source(self, modules: Path, style: str = "normal") -> Path:
        return modules / f"@fontsource-variable/{self.paquet}/files/{self.paquet}-latin-wght-{style}.woff2"


# Largeurs mesurées sur Arial (et Liberation Sans, de mêmes métriques) avec les fréquences ci-dessous.
POLICES = (
    Police(
        nom="atkinson",
        paquet="atkinson-hyperlegible-next",
        famille="Atkinson Hyperlegible Next",
        graisse=(400, 700),
        signes=ASCII + FRANCAIS + AILLEURS,
        repli='local("Arial"),local("Liberation Sans"),local("Roboto")',
        largeur_du_repli=0.4396,
        a_italique=True,
    ),
    Police(
        nom="bricolage",
        paquet="bricolage-grotesque",
        famille="Bricolage Grotesque",
        graisse=700,
        signes=ASCII + FRANCAIS,
        repli='local("Arial Bold"),local("Arial-BoldMT"),local("Liberation Sans Bold"),local("Roboto Bold")',
        largeur_du_repli=0.4752,
    ),
)
FREQUENCES = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz ",
        (7.1, 0.8, 3.0, 3.5, 13.5, 1.0, 0.9, 0.8, 7.0, 0.4, 0.05, 5.0, 2.7, 6.4, 5.0)
        + (2.6, 1.0, 6.2, 7.4, 6.6, 5.6, 1.3, 0.05, 0.4, 0.3, 0.1, 17.0),
        strict=True,
    )
)


def _ajouter(
    police: TTFont, nom: str, code: int, pieces: Sequence[tuple[str, tuple[float, ...]]], avance: int
) -> None:
    """Ajoute un signe composé d'autres signes ; ses pièces gardent ainsi leur variation de graisse."""
    if code in police.getBestCmap():
        return
    crayon = TTGlyphPen(police["glyf"].glyphs)
    for piece, transformation in pieces:
        crayon.addComponent(piece, transformation)
    ordre = police.getGlyphOrder()
    formes, variations, largeurs = police["glyf"], police["gvar"].variations, police["HVAR"].table
    police.setGlyphOrder([*ordre, nom])
    formes[nom] = crayon.glyph()
    formes[nom].recalcBounds(formes)
    variations[nom] = []
    if largeurs.AdvWidthMap is None:
        largeurs.AdvWidthMap = buildVarIdxMap(list(range(len(ordre))), ordre)
    largeurs.AdvWidthMap.mapping[nom] = PAS_DE_VARIATION
    police["hmtx"][nom] = (avance, formes[nom].xMin if pieces else 0)
    for table in police["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = nom


def completer(police: TTFont) -> None:
    """Signes absents du fichier livré : fine insécable, flèches, inférieur et supérieur ou égal."""
    table = police.getBestCmap()
    avances = police["hmtx"]
    tiret, plus_grand, plus_petit = table[ord("−")], table[ord(">")], table[ord("<")]
    avance_tiret, avance_chevron = avances[tiret][0], avances[plus_grand][0]
    _ajouter(police, "finefrancaise", 0x202F, [], max(160, round(avances[table[0x20]][0] * 0.7)))
    for nom, code, chevron in (
        ("superieurouegal", 0x2265, plus_grand),
        ("inferieurouegal", 0x2264, plus_petit),
    ):
        pieces = [
            (chevron, (1, 0, 0, 1, 0, 70)),
            (tiret, (1, 0, 0, 1, (avance_chevron - avance_tiret) / 2, -290)),
        ]
        _ajouter(police, nom, code, pieces, avance_chevron)
    # La flèche : un trait, et un chevron réduit dont la pointe touche le bout du trait.
    trait = police["glyf"][tiret]
    pointe = police["glyf"][plus_grand]
    milieu, reduction = (trait.yMin + trait.yMax) / 2, 0.85
    hauteur = milieu - reduction * (pointe.yMin + pointe.yMax) / 2
    avance = round(avance_tiret * 1.3)
    allonge = (avance - 80) / (trait.xMax - trait.xMin)
    ligne = (tiret, (allonge, 0, 0, 1, 40 - allonge * trait.xMin, 0))
    droite = avance - 30 - reduction * pointe.xMax
    _ajouter(
        police,
        "flechedroite",
        0x2192,
        [ligne, (plus_grand, (reduction, 0, 0, reduction, droite, hauteur))],
        avance,
    )
    gauche = 30 - reduction * police["glyf"][plus_petit].xMin
    _ajouter(
        police,
        "flechegauche",
        0x2190,
        [ligne, (plus_petit, (reduction, 0, 0, reduction, gauche, hauteur))],
        avance,
    )


def decouper(police: TTFont, famille: Police) -> TTFont:
    """Ne garde que les signes et les graisses de la famille."""
    options = subset.Options()
    options.layout_features = ["kern", "tnum", "ccmp", "mark"]
    options.hinting = False
    options.name_IDs = [1, 2, 3, 4, 6, 13, 14, 16, 17]  # noms et licence : la licence reste avec la police
    options.notdef_outline = True
    outil = subset.Subsetter(options)
    outil.populate(text=famille.signes)
    outil.subset(police)
    police = instancer.instantiateVariableFont(police, {"wght": famille.graisse}, updateFontNames=False)
    noms = police["name"]
    for numero in (16, 17):  # l'origine se présente parfois comme « … ExtraBold » : une famille, un nom
        noms.removeNames(nameID=numero)
    for numero, texte in ((1, famille.famille), (4, famille.famille), (6, famille.famille.replace(" ", ""))):
        noms.setName(texte, numero, 3, 1, 0x409)
    return police


def arrondir_crenage(police: TTFont) -> None:
    """Crénage au centième de cadratin : l'œil n'en voit rien, et la police des titres perd 3 ko."""
    for table in police["GPOS"].table.LookupList.Lookup:
        for sous_table in table.SubTable:
            paires = getattr(sous_table, "ExtSubTable", sous_table)
            if paires.LookupType != 2:
                continue
            if paires.Format == 1:
                valeurs = [paire.Value1 for jeu in paires.PairSet for paire in jeu.PairValueRecord]
            else:
                valeurs = [paire.Value1 for classe in paires.Class1Record for paire in classe.Class2Record]
            for valeur in valeurs:
                if avance := getattr(valeur, "XAdvance", 0):
                    valeur.XAdvance = round(avance / 10) * 10 if abs(avance) >= 15 else 0


def regle_de_repli(police: TTFont, famille: Police) -> str:
    """`@font-face` de la police d'attente, à la taille et aux hauteurs de la vraie : la page ne saute pas."""
    table, avances, unite = police.getBestCmap(), police["hmtx"], police["head"].unitsPerEm
    largeur = sum(avances[table[ord(lettre)]][0] * poids for lettre, poids in FREQUENCES.items())
    rapport = largeur / sum(FREQUENCES.values()) / unite / famille.largeur_du_repli
    hauteurs = {
        "ascent-override": police["hhea"].ascent,
        "descent-override": -police["hhea"].descent,
        "line-gap-override": police["hhea"].lineGap,
    }
    reglages = "".join(f"{nom}:{valeur / unite / rapport:.1%};" for nom, valeur in hauteurs.items())
    return (
        f'@font-face{{font-family:"{famille.famille} attente";src:{famille.repli};'
        f"size-adjust:{rapport:.1%};{reglages}}}"
    )


def regle_de_police(famille: Police) -> str:
    graisse = famille.graisse if isinstance(famille.graisse, tuple) else (famille.graisse,)
    return (
        f'@font-face{{font-family:"{famille.famille}";src:url("polices/{famille.nom}.woff2") format("woff2");'
        f"font-weight:{' '.join(str(int(g)) for g in graisse)};font-display:swap}}"
    )


def construire(modules: Path, dossier: Path) -> str:
    """Écrit woff2 et TTF dans `dossier` ; rend les règles `@font-face` des familles et de leurs replis."""
    dossier.mkdir(parents=True, exist_ok=True)
    regles = []
    for famille in POLICES:
        police = TTFont(famille.source(modules))
        completer(police)
        police = decouper(police, famille)
        arrondir_crenage(police)
        police.flavor = None
        police.save(dossier / f"{famille.nom}.ttf")
        police.flavor = "woff2"
        police.save(dossier / f"{famille.nom}.woff2")
        regles += [regle_de_police(famille), regle_de_repli(police, famille)]
        if famille.a_italique:
            penchee = TTFont(famille.source(modules, "italic"))
            completer(penchee)
            penchee = decouper(penchee, famille)
            penchee["name"].setName(f"{famille.famille.replace(' ', '')}-Italic", 6, 3, 1, 0x409)
            penchee.flavor = None
            penchee.save(dossier / f"{famille.nom}-italique.ttf")
    return "".join(regles)
