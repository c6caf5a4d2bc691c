"""Les horaires dits en français : « Lundi au jeudi », « 9 h – 12 h, 14 h – 18 h »."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from maillage.core.francais import INSECABLE, MOIS

from .lecture import MINUIT, Horaires, Journee, Periode, Plage, Regle

NOMS_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_RANGS = {1: "Premier", 2: "Deuxième", 3: "Troisième", 4: "Quatrième", 5: "Cinquième", -1: "Dernier"}
FERME = "Fermé"


@dataclass(frozen=True, slots=True)
class LigneHoraire:
    jours: str
    heures: str


@dataclass(frozen=True, slots=True)
class TableauHoraire:
    """`titre` vide : les horaires de toute l'année ; sinon la période, « Juillet et août »."""

    titre: str
    lignes: tuple[LigneHoraire, ...]


def en_heures(minutes: int) -> str:
    """870 donne « 14 h 30 » ; minuit se dit « minuit »."""
    heures, reste = divmod(minutes % MINUIT, 60)
    if not heures and not reste:
        return "minuit"
    return f"{heures}{INSECABLE}h" + (f"{INSECABLE}{reste:02d}" if reste else "")


def dire_journee(journee: Journee) -> str:
    if not journee.plages:
        return _majuscule(journee.precision) or FERME
    if journee.plages == (Plage(0, MINUIT),):
        texte = f"24{INSECABLE}h sur 24"
    else:
        texte = ", ".join(f"{en_heures(p.debut)}{INSECABLE}– {en_heures(p.fin)}" for p in journee.plages)
    return f"{texte} ({journee.precision})" if journee.precision else texte


def dire_dates(du: date, au: date) -> str:
    """« vendredi 27 novembre », « du 1er au 15 août », « du 24 décembre au 2 janvier »."""
    if du == au:
        return f"{NOMS_JOURS[du.weekday()]} {_jour(du.day)}{INSECABLE}{MOIS[du.month - 1]}"
    return _dire_intervalle((du.month, du.day), (au.month, au.day))


def tableaux(horaires: Horaires) -> tuple[TableauHoraire, ...]:
    """Un tableau par période de l'année ; jours fériés, vacances et « premier samedi » compris."""
    resultat = []
    for periodes in dict.fromkeys(regle.periodes for regle in horaires.regles):
        regles = tuple(r for r in horaires.regles if r.periodes in ((), periodes))
        lignes = _semaine([r for r in regles if r.jours or not (r.rangs or r.est_ferie or r.est_vacances)])
        propres = [r for r in regles if r.periodes == periodes]
        lignes += _jours_de_rang(propres)
        lignes += _vacances([r for r in propres if r.est_vacances])
        lignes += [
            LigneHoraire("Jours fériés", dire_journee(Journee(r.plages, r.precision)))
            for r in propres
            if r.est_ferie and len(r.jours) < 7
        ]
        if lignes:
            resultat.append(TableauHoraire(_dire_periodes(periodes), tuple(lignes)))
    return tuple(resultat)


def _semaine(regles: list[Regle], *, vacances: bool = False) -> list[LigneHoraire]:
    """Une semaine type : les jours qui se suivent et se ressemblent sont réunis."""
    if not regles:
        return []
    jour_type = date(2024, 1, 1)  # un lundi
    sans_periode = Horaires(
        tuple(replace(r, rangs=frozenset(), periodes=()) for r in regles if r.jours or not r.rangs)
    )
    dites = [
        dire_journee(sans_periode.journee(jour_type + timedelta(days=n), vacances=vacances)) for n in range(7)
    ]
    groupes: list[tuple[list[int], str]] = []
    for jour, texte in enumerate(dites):
        if groupes and groupes[-1][1] == texte:
            groupes[-1][0].append(jour)
        else:
            groupes.append(([jour], texte))
    if len([g for g in groupes if g[1] == FERME]) <= 1:
        return [LigneHoraire(_dire_jours(jours), texte) for jours, texte in groupes]
    ouverts = [LigneHoraire(_dire_jours(jours), texte) for jours, texte in groupes if texte != FERME]
    return [*ouverts, LigneHoraire("Autres jours", FERME)]


def _vacances(regles: list[Regle]) -> list[LigneHoraire]:
    lignes = _semaine(regles, vacances=True)
    ouvertes = [ligne for ligne in lignes if ligne.heures != FERME] or lignes
    return [LigneHoraire(f"Vacances scolaires, {ligne.jours.lower()}", ligne.heures) for ligne in ouvertes]


def _jours_de_rang(regles: Iterable[Regle]) -> list[LigneHoraire]:
    return [
        LigneHoraire(
            f"{_RANGS.get(rang, f'{-rang}e avant la fin,')} {NOMS_JOURS[jour]} du mois",
            dire_journee(Journee(regle.plages, regle.precision)),
        )
        for regle in regles
        for jour, rang in sorted(regle.rangs)
    ]


def _dire_jours(jours: list[int]) -> str:
    if len(jours) == 7:
        return "Tous les jours"
    premier, dernier = NOMS_JOURS[jours[0]], NOMS_JOURS[jours[-1]]
    if len(jours) == 1:
        return _majuscule(premier)
    return _majuscule(f"{premier} et {dernier}" if len(jours) == 2 else f"{premier} au {dernier}")


def _dire_periodes(periodes: tuple[Periode, ...]) -> str:
    return _majuscule(", ".join(_dire_periode(periode) for periode in periodes))


def _dire_periode(periode: Periode) -> str:
    (mois_1, jour_1), (mois_2, jour_2) = periode.du, periode.au
    nom_1, nom_2 = MOIS[mois_1 - 1], MOIS[mois_2 - 1]
    if jour_1 == 1 and jour_2 == 31:
        if mois_1 == mois_2:
            return nom_1
        if mois_2 - mois_1 == 1:
            return f"{nom_1} et {nom_2}"
        return f"{'d’' if nom_1[0] in 'ao' else 'de '}{nom_1} à {nom_2}"
    if periode.du == periode.au:
        return f"le {_jour(jour_1)}{INSECABLE}{nom_1}"
    return _dire_intervalle(periode.du, periode.au)


def _dire_intervalle(du: tuple[int, int], au: tuple[int, int]) -> str:
    debut = f"du {_jour(du[1])}"
    if du[0] != au[0]:
        debut += f"{INSECABLE}{MOIS[du[0] - 1]}"
    return f"{debut} au {_jour(au[1])}{INSECABLE}{MOIS[au[0] - 1]}"


def _jour(numero: int) -> str:
    return "1er" if numero == 1 else str(numero)


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
