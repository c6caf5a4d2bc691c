"""Graphiques dessinés par le serveur : un SVG sobre, sa phrase de description, son tableau.

Le même dessin sert à la page et au document PDF : ses couleurs sont donc dans le dessin, pas dans la feuille
de style (ce sont celles de `01_jetons.css`, un test le vérifie). Un graphique ne va jamais sans son tableau.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.core.documents.html import repeter
from maillage.core.francais import Nombre, nombre

LARGEUR, BAS, HAUT = 340, 160, 34
LARGEUR_D_UN_SIGNE = 6.5
LARGEUR_D_UN_GRAS = 8
LARGEUR_DE_DOCUMENT = 620
SIGNES_PAR_LIGNE = 48
ENCRE, FILET, VERT, MIEL, AMBRE = "#1E2A3A", "#E4DCCF", "#0B6570", "#F3B43F", "#8A5A00"
BARRE = '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>'
POINT = '<circle cx="{}" cy="{}" r="4" fill="{}" stroke="{}"/>'
VALEUR = '<text x="{}" y="{}" text-anchor="middle" font-weight="700">{}</text>'
REMPLISSAGES = ((VERT, VERT), (MIEL, AMBRE))  # une série, ou deux à comparer : au-delà, un tableau


@dataclass(frozen=True)
class Serie:
    """Une suite de valeurs, une par repère ; None = pas de donnée, ce qui n'est pas zéro."""

    libelle: str
    valeurs: Sequence[Nombre | None]


@dataclass(frozen=True)
class Graphique:
    """`reperes` : ce que porte l'axe (années, heures). `source` : d'où viennent les chiffres.

    « couchees » : une barre par ligne, pour des repères qui sont des phrases ; une seule série, et son unité.
    """

    titre: str
    repere: str
    reperes: Sequence[str]
    series: Sequence[Serie]
    source: str
    forme: Literal["barres", "courbe", "couchees"] = "barres"
    unite: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= len(REMPLISSAGES):
            raise ValueError("Un graphique a une ou deux séries. Au-delà, montrez le tableau seul.")
        if not self.reperes:
            raise ValueError(f"« {self.titre} » n'a rien à montrer : la page montre alors un état vide.")
        if any(len(serie.valeurs) != len(self.reperes) for serie in self.series):
            raise ValueError(f"« {self.titre} » : une valeur par repère, ni plus ni moins.")

    @property
    def description(self) -> str:
        """La phrase lue à la place du dessin."""
        return ". ".join(
            (f"{serie.libelle} : " if len(self.series) > 1 else "")
            + ", ".join(
                f"{nombre(valeur) if valeur is not None else 'pas de donnée'} en {repere}"
                if self.repere.lower() == "année"
                else f"{repere} : {nombre(valeur) if valeur is not None else 'pas de donnée'}"
                for repere, valeur in zip(self.reperes, serie.valeurs, strict=True)
            )
            for serie in self.series
        )

    @property
    def lignes(self) -> list[tuple[str, list[str]]]:
        """Le tableau : un repère et les valeurs de chaque série."""
        return [
            (repere, [nombre(serie.valeurs[rang]) or "–" for serie in self.series])
            for rang, repere in enumerate(self.reperes)
        ]

    @property
    def rangees(self) -> SafeString:
        """Les mêmes lignes, en HTML."""
        return repeter(
            '<tr><th scope="row">{}</th>{}</tr>',
            (
                (repere, repeter('<td class="nb">{}</td>', ((dit,) for dit in valeurs)))
                for repere, valeurs in self.lignes
            ),
        )

    @property
    def legende(self) -> list[tuple[str, str, str]]:
        """Libellé, remplissage et contour de chaque série ; rien s'il n'y en a qu'une."""
        if len(self.series) == 1:
            return []
        return [(s.libelle, *couleurs) for s, couleurs in zip(self.series, REMPLISSAGES, strict=False)]

    @property
    def svg(self) -> SafeString:
        if self.forme == "couchees":
            return self._couchees(LARGEUR)
        dessin = self._barres() if self.forme == "barres" else self._courbe()
        return format_html(
            '<svg class="courbe" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img"'
            ' aria-label="{}" font-size="13" font-weight="500" fill="{}">'
            '<path stroke="{}" d="M6 {}.5H{}"/>{}{}</svg>',
            LARGEUR,
            BAS + 26,
            self.description,
            ENCRE,
            FILET,
            BAS,
            LARGEUR - 6,
            dessin,
            self._reperes(),
        )

    @cached_property
    def _plus_haut(self) -> float:
        connues = [float(v) for serie in self.series for v in serie.valeurs if v is not None]
        return max(connues, default=0) or 1

    def _y(self, valeur: Nombre) -> float:
        """L'axe part de zéro, toujours : une barre dit une quantité."""
        return round(BAS - float(valeur) / self._plus_haut * (BAS - HAUT), 1)

    def _centre(self, rang: int) -> float:
        pas = (LARGEUR - 12) / len(self.reperes)
        return round(6 + pas * (rang + 0.5), 1)

    def _reperes(self) -> SafeString:
        """Un libellé sur n quand la place manque ; le tableau les donne tous."""
        saut = -(-len(self.reperes) * max(len(r) for r in self.reperes) * 7 // LARGEUR)
        return repeter(
            '<text x="{}" y="{}" text-anchor="middle">{}</text>',
            (
                (self._centre(rang), BAS + 19, repere)
                for rang, repere in enumerate(self.reperes)
                if rang % max(saut, 1) == 0
            ),
        )

    @property
    def _tient_les_valeurs(self) -> bool:
        """Une valeur s'écrit sur sa barre si elle ne déborde pas sur la voisine ; le tableau les donne toutes."""
        dites = [nombre(v) for serie in self.series for v in serie.valeurs if v is not None]
        signes = max(map(len, dites), default=0)
        part = (LARGEUR - 12) / len(self.reperes)
        tient = part / len(self.series) >= signes * LARGEUR_D_UN_SIGNE
        # Deux barres se touchent : leurs valeurs aussi, si elles sont plus larges qu'une barre.
        cote_a_cote = len(self.series) > 1 and self.forme == "barres"
        return tient and (not cote_a_cote or self._largeur_d_une_barre >= signes * LARGEUR_D_UN_GRAS)

    @property
    def _largeur_d_une_barre(self) -> float:
        part = (LARGEUR - 12) / len(self.reperes)
        return min(50.0 if len(self.series) == 1 else 60.0, part * 0.72 / len(self.series))

    def _barres(self) -> SafeString:
        largeur = self._largeur_d_une_barre
        montre_valeurs = self._tient_les_valeurs
        barres, valeurs = [], []
        for numero, (serie, couleurs) in enumerate(zip(self.series, REMPLISSAGES, strict=False)):
            for rang, valeur in enumerate(serie.valeurs):
                if valeur is None:
                    continue
                gauche = round(self._centre(rang) + (numero - len(self.series) / 2) * largeur, 1)
                haut = self._y(valeur)
                barres.append((gauche, haut, round(largeur - 1, 1), round(BAS - haut, 1), *couleurs))
                if montre_valeurs:
                    valeurs.append((gauche + largeur / 2, haut, valeur))
        return repeter(BARRE, barres) + self._valeurs(valeurs)

    @property
    def svg_de_document(self) -> SafeString:
        """Le même dessin pour une page de papier : des barres couchées y gardent le corps du texte."""
        return self._couchees(LARGEUR_DE_DOCUMENT) if self.forme == "couchees" else self.svg

    def _couchees(self, largeur: int) -> SafeString:
        """Le repère au-dessus de sa barre, la valeur au bout : une phrase y tient sans être coupée de travers."""
        pas, morceaux = 46, []
        au_bout = f" {self.unite}" if self.unite else ""
        plus_longue = max(
            (len(nombre(v) + au_bout) for v in self.series[0].valeurs if v is not None), default=1
        )
        place = max(LARGEUR - 24 - plus_longue * LARGEUR_D_UN_GRAS, 60)
        for rang, (repere, valeur) in enumerate(zip(self.reperes, self.series[0].valeurs, strict=True)):
            haut = rang * pas
            court = (
                repere if len(repere) <= SIGNES_PAR_LIGNE else repere[: SIGNES_PAR_LIGNE - 1].rstrip() + "…"
            )
            long = round(max(float(valeur or 0), 0) / self._plus_haut * place, 1)
            dite = nombre(valeur) + au_bout if valeur is not None else "–"
            morceaux.append(
                format_html(
                    '<text x="6" y="{}">{}</text><rect x="6" y="{}" width="{}" height="18" fill="{}"/>'
                    '<text x="{}" y="{}" font-weight="700">{}</text>',
                    haut + 14,
                    court,
                    haut + 20,
                    max(long, 1),
                    VERT if valeur is not None else FILET,
                    max(long, 1) + 12,
                    haut + 34,
                    dite,
                )
            )
        return format_html(
            '<svg class="courbe" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img"'
            ' aria-label="{}" font-size="13" font-weight="500" fill="{}">{}</svg>',
            largeur,
            len(self.reperes) * pas,
            self.description,
            ENCRE,
            repeter("{}", ((morceau,) for morceau in morceaux)),
        )

    def _courbe(self) -> SafeString:
        morceaux = repeter("", ())
        for numero, (serie, (fond, contour)) in enumerate(zip(self.series, REMPLISSAGES, strict=False)):
            trait, points, valeurs, leve = [], [], [], True
            for rang, valeur in enumerate(serie.valeurs):
                if valeur is None:  # un manque coupe la ligne : on n'invente pas le point
                    leve = True
                    continue
                x, y = self._centre(rang), self._y(valeur)
                trait.append(f"{'M' if leve else 'L'}{x} {y}")
                leve = False
                points.append((x, y, fond, contour))
                if len(self.reperes) <= 8 and numero == 0:
                    valeurs.append((x, y - 4, valeur))
            ligne = format_html(
                '<path fill="none" stroke="{}" stroke-width="2.5" d="{}"/>', contour, "".join(trait)
            )
            morceaux += ligne + repeter(POINT, points) + self._valeurs(valeurs)
        return morceaux

    @staticmethod
    def _valeurs(places: Iterable[tuple[float, float, Nombre]]) -> SafeString:
        return repeter(VALEUR, ((round(x), round(y - 7), nombre(valeur)) for x, y, valeur in places))
