"""L'arbre en image : de gauche à droite, axes, enjeux, objectifs, fiches. La même à l'écran, sur papier et en PDF.

Les couleurs sont dans le dessin (ce sont celles de `01_jetons.css`) : le document n'a pas de feuille de style.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.core.francais import compte
from maillage.projets.choices import Couleur, StatutFiche
from maillage.projets.lecture import Arbre, AxeLu, FicheLue, ObjectifLu

TEINTES: Final[dict[str, tuple[str, str]]] = {
    Couleur.CORAIL: ("#C2402A", "#FBE9E4"),
    Couleur.SAUGE: ("#4C7A57", "#E7F1E8"),
    Couleur.VIOLET: ("#6B4E9B", "#EFEAF7"),
    Couleur.BLEU: ("#2F5FA8", "#E5EDF8"),
    Couleur.VERT: ("#0B6570", "#E2F0EF"),
    Couleur.MIEL: ("#8A5A00", "#FDF1D6"),
}
ENCRE, DOUCE, FILET, BLANC = "#1E2A3A", "#4A5568", "#C9BFAE", "#FFFFFF"
NIVEAUX: Final = ("axe", "enjeu", "objectif", "operationnel", "fiche")
LARGEURS: Final = {"axe": 150, "enjeu": 190, "objectif": 230, "operationnel": 200, "fiche": 350}
CORPS: Final = {"axe": 15, "enjeu": 13, "objectif": 13, "operationnel": 12, "fiche": 13}
ECART, MARGE, SOUFFLE = 34, 8, 7
INTERLIGNE = 1.28
LARGEUR_D_UN_SIGNE = 0.53
"""Part du corps, en moyenne, dans Atkinson Hyperlegible ; un peu large, pour ne jamais déborder."""


@dataclass(eq=False)
class Case:
    """Une boîte du dessin et ce qui en part. `haut` et `hauteur` : posés par `_placer`."""

    niveau: str
    texte: str
    est_renvoi: bool = False
    suites: list["Case"] = field(default_factory=list)
    haut: float = 0

    def __post_init__(self) -> None:
        interieur = LARGEURS[self.niveau] - 2 * MARGE
        signes = int(interieur / (CORPS[self.niveau] * LARGEUR_D_UN_SIGNE))
        self.lignes = textwrap.wrap(self.texte, signes) or [" "]

    @property
    def hauteur(self) -> float:
        return round(len(self.lignes) * CORPS[self.niveau] * INTERLIGNE + 2 * MARGE - 4, 1)

    @property
    def milieu(self) -> float:
        return self.haut + self.hauteur / 2

    def toutes(self) -> Iterator["Case"]:
        yield self
        for suite in self.suites:
            yield from suite.toutes()


def dessiner(
    arbre: Arbre,
    axes: Sequence[AxeLu] | None = None,
    *,
    avec_les_fiches: bool = True,
    avec_l_axe: bool = True,
) -> SafeString:
    """Tout l'arbre, ou quelques axes. Sans les fiches : une vue d'ensemble. Sans l'axe : un titre le dit déjà."""
    montres = list(arbre.axes if axes is None else axes)
    branches = [(axe, _case_de_l_axe(axe, avec_les_fiches)) for axe in montres]
    if not avec_l_axe:
        branches = [(axe, suite) for axe, racine in branches for suite in racine.suites or [racine]]
    racines = [racine for _, racine in branches]
    presents = {case.niveau for racine in racines for case in racine.toutes()}
    colonnes: dict[str, float] = {}
    x = 1.0
    for niveau in NIVEAUX:
        if niveau in presents:
            colonnes[niveau] = x
            x += LARGEURS[niveau] + ECART
    y = 1.0
    for racine in racines:
        y = _placer(racine, y) + 2 * SOUFFLE
    morceaux = [_peindre(racine, TEINTES[axe.axe.couleur], colonnes) for axe, racine in branches]
    return format_html(
        '<svg class="arbre-dessine" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" font-size="13"'
        ' fill="{}"><title>{}</title><desc>{}</desc>{}</svg>',
        round(x - ECART + 1),
        round(y),
        ENCRE,
        f"Arbre d’objectifs : {arbre.projet}",
        decrire(montres),
        format_html_join("", "{}", ((morceau,) for morceau in morceaux)),
    )


def decrire(axes: Sequence[AxeLu]) -> str:
    """Ce que le dessin montre, en une phrase par axe."""
    return " ".join(
        f"Axe {axe.axe} : {compte(sum(len(e.objectifs) for e in axe.enjeux), 'objectif')},"
        f" {compte(len(axe.fiches), 'fiche')}."
        for axe in axes
    )


# --- Les boîtes ------------------------------------------------------------------------------------


def _case_de_l_axe(axe: AxeLu, avec_les_fiches: bool) -> Case:
    racine = Case("axe", f"{axe.axe.lettre}. {axe.axe.titre}")
    for enjeu in axe.enjeux:
        if not enjeu.enjeu.titre:
            porteur = racine
        elif enjeu.objectifs or not avec_les_fiches:
            porteur = Case("enjeu", f"Enjeu {enjeu.numero}. {enjeu.enjeu.titre}")
            racine.suites.append(porteur)
        else:
            racine.suites.append(Case("enjeu", f"Enjeu {enjeu.numero}. {enjeu.enjeu.titre}"))
            continue
        porteur.suites += [_case_de_l_objectif(lu, "objectif", avec_les_fiches) for lu in enjeu.objectifs]
    if avec_les_fiches:
        racine.suites += [_case_de_la_fiche(lue) for lue in axe.sans_objectif]
    return racine


def _case_de_l_objectif(lu: ObjectifLu, niveau: str, avec_les_fiches: bool) -> Case:
    case = Case(niveau, lu.objectif.titre)
    if avec_les_fiches:
        case.suites += [_case_de_la_fiche(lue) for lue in lu.fiches]
        case.suites += [Case("fiche", f"voir aussi {lue}", est_renvoi=True) for lue in lu.citees]
    case.suites += [_case_de_l_objectif(un, "operationnel", avec_les_fiches) for un in lu.operationnels]
    return case


def _case_de_la_fiche(lue: FicheLue) -> Case:
    nouvelle = " (nouvelle)" if lue.fiche.statut == StatutFiche.NOUVELLE else ""
    return Case("fiche", f"{lue}{nouvelle}")


def _placer(case: Case, y: float) -> float:
    """Pose la branche à partir de `y` ; chaque boîte face au milieu de ses suites. Rend le bas de la branche."""
    depart = y
    for suite in case.suites:
        y = _placer(suite, y)
    if case.suites:
        milieu = (case.suites[0].milieu + case.suites[-1].milieu) / 2
        case.haut = max(depart, milieu - case.hauteur / 2)
    else:
        case.haut = depart
    return max(y, case.haut + case.hauteur + SOUFFLE)


# --- Le trait --------------------------------------------------------------------------------------


def _peindre(racine: Case, teinte: tuple[str, str], colonnes: dict[str, float]) -> SafeString:
    fort, pale = teinte
    morceaux: list[SafeString] = []
    for case in racine.toutes():
        x = colonnes[case.niveau]
        for suite in case.suites:
            morceaux.append(
                _lien(x + LARGEURS[case.niveau], case.milieu, colonnes[suite.niveau], suite.milieu, fort)
            )
        fond = fort if case.niveau == "axe" else BLANC if case.niveau == "fiche" else pale
        morceaux.append(
            format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" rx="6" fill="{}" stroke="{}"{}/>',
                round(x, 1),
                round(case.haut, 1),
                LARGEURS[case.niveau],
                case.hauteur,
                fond,
                FILET if case.niveau == "fiche" else fort,
                format_html(' stroke-dasharray="{}"', "4 3") if case.est_renvoi else "",
            )
        )
        morceaux.append(_texte(case, x))
    return format_html_join("", "{}", ((morceau,) for morceau in morceaux))


def _lien(x1: float, y1: float, x2: float, y2: float, couleur: str) -> SafeString:
    milieu = round(x2 - ECART / 2, 1)
    return format_html(
        '<path fill="none" stroke="{}" stroke-width="1.5" d="M{} {}H{}V{}H{}"/>',
        couleur,
        round(x1, 1),
        round(y1, 1),
        milieu,
        round(y2, 1),
        round(x2, 1),
    )


def _texte(case: Case, x: float) -> SafeString:
    corps = CORPS[case.niveau]
    couleur = BLANC if case.niveau == "axe" else DOUCE if case.est_renvoi else ENCRE
    graisse = {"axe": 700, "enjeu": 700}.get(case.niveau, 400)
    return format_html(
        '<text font-size="{}" font-weight="{}" fill="{}">{}</text>',
        corps,
        graisse,
        couleur,
        format_html_join(
            "",
            '<tspan x="{}" y="{}">{}</tspan>',
            (
                (
                    round(x + MARGE, 1),
                    round(case.haut + MARGE - 2 + corps * (0.85 + rang * INTERLIGNE), 1),
                    ligne,
                )
                for rang, ligne in enumerate(case.lignes)
            ),
        ),
    )
