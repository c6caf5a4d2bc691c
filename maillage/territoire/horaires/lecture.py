"""Lecture de la notation `opening_hours` : la part dont un centre se sert, et un refus clair pour le reste.

Lu : jours (`Mo-Fr`, `Sa,Su`, `Sa[1]`), plages (`09:00-12:00,14:00-18:00`, `20:00-02:00`), mois et dates
(`Jul-Aug`, `Dec 24-Jan 02`), jours fériés `PH`, vacances scolaires `SH`, `off` ou `closed`, `24/7`, une
précision entre guillemets. Après « ; » la règle remplace les précédentes pour ses jours, après « , » elle
s'ajoute.
Pas lu : semaines numérotées, lever du soleil, années, ouverture sans heure de fin.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NoReturn

JOURS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MOIS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUIT = 24 * 60
_NOMS = {nom.lower(): nom for nom in (*JOURS, *MOIS, "PH", "SH", "off")} | {"closed": "off"}
_MORCEAU = re.compile(
    r"""\s*(?:(?P<heure>\d{1,2}:\d{2})|(?P<rang>\[[^\]]*\])|"(?P<texte>[^"]*)"
    |(?P<toujours>24/7)|(?P<nombre>\d{1,2})|(?P<mot>[A-Za-z]+)|(?P<signe>[-–,;]))""",
    re.VERBOSE,
)


class HorairesIllisibles(ValueError):
    """Le message dit à la personne ce qui n'est pas compris et donne un exemple."""


@dataclass(frozen=True, slots=True, order=True)
class Plage:
    """Minutes depuis minuit ; `fin` dépasse 1 440 quand la plage finit le lendemain."""

    debut: int
    fin: int


@dataclass(frozen=True, slots=True)
class Periode:
    """Du (mois, jour) au (mois, jour), inclus ; peut passer le Nouvel An. Jour 31 : fin de mois."""

    du: tuple[int, int]
    au: tuple[int, int]

    def contient(self, jour: date) -> bool:
        place = (jour.month, jour.day)
        if self.du <= self.au:
            return self.du <= place <= self.au
        return place >= self.du or place <= self.au


@dataclass(frozen=True, slots=True)
class Regle:
    jours: frozenset[int] = frozenset()
    """0 = lundi. Vide, avec `rangs` vide : tous les jours."""
    rangs: frozenset[tuple[int, int]] = frozenset()
    """(jour, rang dans le mois) : (5, 1) est le premier samedi, (5, -1) le dernier."""
    est_ferie: bool = False
    est_vacances: bool = False
    periodes: tuple[Periode, ...] = ()
    plages: tuple[Plage, ...] = ()
    est_fermee: bool = False
    """Dite fermée ; sans plage et pas fermée, seule la précision parle (« sur rendez-vous »)."""
    precision: str = ""
    s_ajoute: bool = False

    def en_periode(self, jour: date) -> bool:
        return not self.periodes or any(periode.contient(jour) for periode in self.periodes)

    def au_jour(self, jour: date) -> bool:
        """Vrai si les jours de semaine de la règle comprennent cette date."""
        if not self.jours and not self.rangs:
            return True
        if jour.weekday() in self.jours:
            return True
        return any(
            (jour.weekday(), rang) in self.rangs for rang in ((jour.day - 1) // 7 + 1, _rang_de_fin(jour))
        )


@dataclass(frozen=True, slots=True)
class Journee:
    plages: tuple[Plage, ...] = ()
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Horaires:
    regles: tuple[Regle, ...] = field(default_factory=tuple)

    @property
    def parle_des_feries(self) -> bool:
        return any(regle.est_ferie for regle in self.regles)

    @property
    def parle_des_vacances(self) -> bool:
        return any(regle.est_vacances for regle in self.regles)

    def journee(self, jour: date, *, ferie: bool = False, vacances: bool = False) -> Journee:
        """Ce qui est ouvert ce jour-là. Une règle de jour férié l'emporte, puis une règle de vacances."""
        regles = [r for r in self.regles if r.en_periode(jour)]
        if ferie and any(r.est_ferie for r in regles):
            retenues = [r for r in regles if r.est_ferie]
        else:
            ordinaires = [r for r in regles if _concerne_un_jour_ordinaire(r) and r.au_jour(jour)]
            speciales = [r for r in regles if r.est_vacances and r.au_jour(jour)] if vacances else []
            retenues = speciales or ordinaires
        plages: list[Plage] = []
        precision = ""
        for regle in retenues:
            if not regle.s_ajoute:
                plages = []
            plages.extend(regle.plages)
            precision = "" if regle.est_fermee else regle.precision
        return Journee(tuple(sorted(set(plages))), precision)


@lru_cache(maxsize=4096)
def lire(texte: str) -> Horaires:
    """Lit une notation. Lève `HorairesIllisibles` ; un texte vide donne des horaires sans règle."""
    return _Lecteur(texte).horaires()


def _rang_de_fin(jour: date) -> int:
    fin_de_mois = (jour.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return -((fin_de_mois.day - jour.day) // 7 + 1)


def _concerne_un_jour_ordinaire(regle: Regle) -> bool:
    """« PH,Su 10:00-12:00 » vaut aussi le dimanche ; « PH off » ou « SH Mo 9:00-12:00 », non."""
    if regle.est_vacances:
        return False
    return not regle.est_ferie or bool(regle.jours or regle.rangs)


class _Lecteur:
    """Descente récursive sur les morceaux d'une notation."""

    def __init__(self, texte: str) -> None:
        self.texte = texte.strip()
        self.morceaux = self._decouper()
        self.place = 0

    def horaires(self) -> Horaires:
        regles: list[Regle] = []
        s_ajoute = False
        while not self._fini():
            if self._signe(";"):
                s_ajoute = False
                continue
            regles.append(self._regle(s_ajoute))
            if self._fini():
                break
            if self._signe(";"):
                s_ajoute = False
            elif self._signe(","):
                s_ajoute = True
            else:
                self._refuser()
        return Horaires(tuple(regles))

    # --- morceaux -----------------------------------------------------------------------------
    def _decouper(self) -> list[tuple[str, str]]:
        morceaux, place = [], 0
        while place < len(self.texte):
            trouve = _MORCEAU.match(self.texte, place)
            if not trouve or not trouve.lastgroup:
                self._refuser(self.texte[place:])
            genre, valeur = trouve.lastgroup, trouve[trouve.lastgroup]
            if genre == "mot":
                if valeur.lower() not in _NOMS:
                    self._refuser(self.texte[place:])
                valeur = _NOMS[valeur.lower()]
            morceaux.append((genre, "-" if valeur == "–" else valeur))
            place = trouve.end()
        return morceaux

    def _fini(self) -> bool:
        return self.place >= len(self.morceaux)

    def _voir(self, ecart: int = 0) -> tuple[str, str]:
        place = self.place + ecart
        return self.morceaux[place] if place < len(self.morceaux) else ("", "")

    def _prendre(self) -> str:
        valeur = self._voir()[1]
        self.place += 1
        return valeur

    def _signe(self, signe: str) -> bool:
        if self._voir() == ("signe", signe):
            self.place += 1
            return True
        return False

    def _refuser(self, reste: str | None = None) -> NoReturn:
        if reste is None:
            reste = " ".join(valeur for _, valeur in self.morceaux[self.place :]) or "la fin"
        raise HorairesIllisibles(
            f"Ces horaires ne se lisent pas à partir de « {reste.strip()[:40]} ». "
            "Écrivez par exemple : Mo-Fr 09:00-12:00,14:00-18:00; Sa 09:30-12:30; PH off"
        )

    # --- grammaire ----------------------------------------------------------------------------
    def _regle(self, s_ajoute: bool) -> Regle:
        if self._voir()[0] == "toujours":
            self._prendre()
            toute_la_semaine = frozenset(range(7))
            return Regle(toute_la_semaine, est_ferie=True, plages=(Plage(0, MINUIT),), s_ajoute=s_ajoute)
        periodes = self._periodes()
        jours, rangs, ferie, vacances = self._jours()
        plages: tuple[Plage, ...] = ()
        est_fermee = self._voir()[1] == "off"
        if est_fermee:
            self._prendre()
        elif self._voir()[0] == "heure":
            plages = self._plages()
        elif self._voir()[0] != "texte":
            self._refuser()
        precision = self._prendre() if self._voir()[0] == "texte" else ""
        return Regle(jours, rangs, ferie, vacances, periodes, plages, est_fermee, precision.strip(), s_ajoute)

    def _periodes(self) -> tuple[Periode, ...]:
        periodes = []
        while self._voir()[1] in MOIS:
            mois, jour = self._mois_et_jour()
            if not self._signe("-"):
                fin = (mois, jour or 31)
            elif self._voir()[0] == "nombre":  # « Aug 01-15 »
                fin = (mois, self._jour_du_mois())
            elif self._voir()[1] in MOIS:
                mois_fin, jour_fin = self._mois_et_jour()
                fin = (mois_fin, jour_fin or 31)
            else:
                self._refuser()
            periodes.append(Periode((mois, jour or 1), fin))
            if not (self._voir() == ("signe", ",") and self._voir(1)[1] in MOIS):
                break
            self._prendre()
        return tuple(periodes)

    def _mois_et_jour(self) -> tuple[int, int]:
        mois = MOIS.index(self._prendre()) + 1
        return mois, self._jour_du_mois() if self._voir()[0] == "nombre" else 0

    def _jour_du_mois(self) -> int:
        jour = int(self._voir()[1])
        if not 1 <= jour <= 31:
            self._refuser()
        self._prendre()
        return jour

    def _jours(self) -> tuple[frozenset[int], frozenset[tuple[int, int]], bool, bool]:
        jours: set[int] = set()
        rangs: set[tuple[int, int]] = set()
        ferie = vacances = False
        while True:
            nom = self._voir()[1]
            if nom == "PH":
                self._prendre()
                ferie = True
            elif nom == "SH":
                self._prendre()
                vacances = True
            elif nom in JOURS:
                premier = JOURS.index(self._prendre())
                if self._voir()[0] == "rang":
                    rangs |= {(premier, rang) for rang in self._rangs()}
                elif self._signe("-"):
                    if self._voir()[1] not in JOURS:
                        self._refuser()
                    dernier = JOURS.index(self._prendre())
                    jours |= {(premier + n) % 7 for n in range((dernier - premier) % 7 + 1)}
                else:
                    jours.add(premier)
            else:
                break
            suivant = self._voir(1)[1]
            if self._voir() == ("signe", ",") and (suivant in JOURS or suivant in {"PH", "SH"}):
                self._prendre()
        return frozenset(jours), frozenset(rangs), ferie, vacances

    def _rangs(self) -> set[int]:
        rangs: set[int] = set()
        for morceau in self._voir()[1].strip("[]").split(","):
            trouve = re.fullmatch(r"\s*(-?[1-5])(?:-([1-5]))?\s*", morceau)
            if not trouve:
                self._refuser()
            premier = int(trouve[1])
            rangs |= set(range(premier, int(trouve[2] or premier) + 1))
        self._prendre()
        return rangs

    def _plages(self) -> tuple[Plage, ...]:
        plages = [self._plage()]
        while self._voir() == ("signe", ",") and self._voir(1)[0] == "heure":
            self._prendre()
            plages.append(self._plage())
        return tuple(sorted(plages))

    def _plage(self) -> Plage:
        debut = self._heure()
        if not self._signe("-") or self._voir()[0] != "heure":
            self._refuser()
        fin = self._heure()
        return Plage(debut, fin if fin > debut else fin + MINUIT)

    def _heure(self) -> int:
        heures, minutes = (int(nombre) for nombre in self._voir()[1].split(":"))
        if heures * 60 + minutes > MINUIT or minutes > 59:
            self._refuser()
        self._prendre()
        return heures * 60 + minutes
