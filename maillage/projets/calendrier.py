"""Les années d'un projet en une page : chaque fiche sur sa ligne, ses années, ses étapes, et le jour d'aujourd'hui."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.core.francais import date_longue
from maillage.projets.dessin import BLANC, DOUCE, ENCRE, FILET, TEINTES
from maillage.projets.lecture import AxeLu, FicheLue
from maillage.projets.models import Etape, ProjetSocial
from maillage.projets.temps import Annee
from maillage.projets.vue_de_l_arbre import VueDeLArbre

LARGEUR, NOM, LIGNE, TETE, TITRE = 1120, 330, 24, 30, 30
SIGNES_DU_NOM: Final = 46
NEUTRE: Final = ("#4A5568", "#F4EEE4")


@dataclass
class LigneDuCalendrier:
    """Une fiche : par année, ce qu'elle est et les étapes qui y commencent ou y passent."""

    lue: FicheLue
    annees: list[tuple[int, Annee, list[Etape]]]
    etapes: list[Etape]


@dataclass
class Groupe:
    """Les fiches d'un axe ; sans axe, celles à ranger."""

    axe: AxeLu | None
    lignes: list[LigneDuCalendrier]

    @property
    def titre(self) -> str:
        return str(self.axe.axe) if self.axe else "À ranger"

    @property
    def couleur(self) -> str:
        return self.axe.axe.couleur if self.axe else "neutre"


def groupes(vue: VueDeLArbre, projet: ProjetSocial) -> list[Groupe]:
    """Une requête de plus que l'arbre : les étapes."""
    par_fiche: dict[int, list[Etape]] = defaultdict(list)
    for etape in Etape.objects.filter(fiche__projet=projet).order_by("du", "pk"):
        par_fiche[etape.fiche_id].append(etape)

    def ligne(lue: FicheLue) -> LigneDuCalendrier:
        etapes = par_fiche[lue.fiche.pk]
        annees = [
            (annee, genre, [etape for etape in etapes if _touche(etape, annee)])
            for annee, genre in vue.annees_de(lue)
        ]
        return LigneDuCalendrier(lue, annees, etapes)

    trouves = [Groupe(axe, [ligne(lue) for lue in vue.fiches(axe.fiches)]) for axe in vue.arbre.axes]
    trouves.append(Groupe(None, [ligne(lue) for lue in vue.fiches(vue.arbre.a_ranger)]))
    return [groupe for groupe in trouves if groupe.lignes]


def _touche(etape: Etape, annee: int) -> bool:
    return etape.du.year <= annee <= (etape.au or etape.du).year


def dire_les_dates(etape: Etape) -> str:
    """« 1er mars 2026 », ou « du 1er mars 2026 au 2 mai 2026 »."""
    if etape.au is None or etape.au == etape.du:
        return date_longue(etape.du)
    return f"du {date_longue(etape.du)} au {date_longue(etape.au)}"


def dessiner_le_calendrier(
    projet: ProjetSocial, annees: Sequence[int], lus: list[Groupe], aujourd_hui: date
) -> SafeString:
    """Une frise : une bande par année prévue, pleine quand elle est faite ; un trait par étape.

    `annees` : celles du tableau, dans l'ordre, une au moins.
    """
    depart, fin = date(annees[0], 1, 1), date(annees[-1] + 1, 1, 1)

    def abscisse(jour: date) -> float:
        part = (min(max(jour, depart), fin) - depart).days / (fin - depart).days
        return round(NOM + part * (LARGEUR - NOM), 1)

    morceaux: list[SafeString] = []
    y = TETE
    for groupe in lus:
        teinte = TEINTES.get(groupe.couleur, NEUTRE)
        morceaux.append(
            format_html(
                '<text x="4" y="{}" font-weight="700" fill="{}">{}</text>',
                y + 20,
                teinte[0],
                _court(groupe.titre, 110),
            )
        )
        y += TITRE
        for ligne in groupe.lignes:
            morceaux += _ligne(ligne, y, teinte, abscisse)
            y += LIGNE
    hauteur = y + 6
    reperes = format_html_join(
        "",
        '<path stroke="{}" d="M{} {}V{}"/><text x="{}" y="18" font-weight="700">{}</text>',
        (
            (FILET, abscisse(date(annee, 1, 1)), TETE - 4, hauteur, abscisse(date(annee, 1, 1)) + 6, annee)
            for annee in annees
        ),
    )
    ici = (
        format_html(
            '<path stroke="{}" stroke-width="2" stroke-dasharray="3 3" d="M{} {}V{}"/>',
            ENCRE,
            abscisse(aujourd_hui),
            TETE - 4,
            hauteur,
        )
        if depart <= aujourd_hui < fin
        else ""
    )
    return format_html(
        '<svg class="calendrier-dessine" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"'
        ' role="img" font-size="13" fill="{}"><title>{}</title><desc>{}</desc>{}{}{}</svg>',
        LARGEUR,
        hauteur,
        ENCRE,
        f"Calendrier de {projet}, de {annees[0]} à {annees[-1]}",
        "Le tableau qui suit dit la même chose : pour chaque fiche, ses années et ses étapes.",
        reperes,
        format_html_join("", "{}", ((morceau,) for morceau in morceaux)),
        ici,
    )


def _ligne(
    ligne: LigneDuCalendrier, y: float, teinte: tuple[str, str], abscisse: Callable[[date], float]
) -> list[SafeString]:
    fort, pale = teinte
    morceaux = [
        format_html('<text x="14" y="{}">{}</text>', y + 16, _court(str(ligne.lue), SIGNES_DU_NOM)),
        format_html('<path stroke="{}" d="M4 {}H{}"/>', "#EFE8DB", y + LIGNE - 1, LARGEUR),
    ]
    for annee, genre, _ in ligne.annees:
        if genre != "non":
            gauche, droite = abscisse(date(annee, 1, 1)), abscisse(date(annee + 1, 1, 1))
            morceaux.append(
                format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="{}" stroke="{}"/>',
                    gauche + 2,
                    y + 3,
                    round(droite - gauche - 4, 1),
                    LIGNE - 8,
                    fort if genre == "faite" else pale,
                    fort,
                )
            )
    for etape in ligne.etapes:
        gauche = abscisse(etape.du)
        droite = max(abscisse((etape.au or etape.du) + timedelta(days=1)), gauche + 7)
        morceaux.append(
            format_html(
                '<rect x="{}" y="{}" width="{}" height="8" rx="2" fill="{}" stroke="{}"><title>{}</title></rect>',
                gauche,
                y + 7,
                round(droite - gauche, 1),
                ENCRE if etape.faite_le else BLANC,
                "#C2402A" if etape.est_en_retard else ENCRE if etape.faite_le else DOUCE,
                f"{etape} : {dire_les_dates(etape)}",
            )
        )
    return morceaux


def _court(texte: str, signes: int) -> str:
    return texte if len(texte) <= signes else f"{texte[: signes - 1].rstrip()}…"
