"""Dire une définition en français. La phrase est la définition : rien n'y manque, rien n'y est deviné."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from maillage.activites.choices import GenreSeance, RoleDePresence
from maillage.core.francais import insecables
from maillage.evaluation.choices import Filtre, Mesure, Perimetre, Ventilation
from maillage.evaluation.definitions import ACCEPTE, Definition
from maillage.personnes.choices import Genre, TrancheAge
from maillage.projets.choices import Calendrier

ANNEES: Final = {
    Calendrier.CIVILE: "par année civile",
    Calendrier.SCOLAIRE: "par année scolaire",
    Calendrier.PROJET: "par année du projet",
}
_TOUT: Final = {Perimetre.FICHE: "cette action", Perimetre.CENTRE: "tout le centre"}
_EN_FIN: Final = {
    Filtre.PUBLIC: "public",
    Filtre.TYPE_DEMANDE: "demande",
    Filtre.TYPE_PARTENAIRE: "type de partenaire",
    Filtre.INSTANCE: "instance",
    Filtre.AUTRE: "précision",
}
"""Les filtres dont les valeurs sont les mots du centre : cités en fin de phrase, entre guillemets."""
_ARTICLES: Final = {"nombre": "du ", "assiduité": "de l’", "résultats": "des ", "satisfaction": "de la "}


def dire(definition: Definition) -> str:
    """« nombre de personnes différentes de 60 ans et plus venues au moins 3 fois aux séances de cette action, par
    année civile »."""
    dites = [_dire_mesure(definition, mesure) for mesure in definition.mesures]
    return insecables(f"{et(dites)}, {ANNEES[definition.calendrier]}")


def _dire_mesure(definition: Definition, mesure: Mesure) -> str:
    if mesure is Mesure.EVOLUTION:
        suivies = et(_de_article(_dire_mesure(definition, base)) for base in definition.base)
        return f"évolution, d’une période à l’autre, {suivies}"
    return _TOURNURES[mesure](_Mots(definition, mesure)) + _fin(definition, mesure)


def _fin(definition: Definition, mesure: Mesure) -> str:
    """Ce qui suit le groupe du nom, entre virgules : les mots du centre, puis le détail demandé."""
    morceaux = [
        f", {nom} {ou(f'« {valeur} »' for valeur in valeurs)}"
        for filtre, nom in _EN_FIN.items()
        if (valeurs := definition.valeurs(filtre, mesure))
    ]
    par = [v.label for v in definition.par if v in ACCEPTE[mesure].par]
    if mesure is Mesure.DEMANDES_PAR_TYPE and Ventilation.TYPE_DEMANDE.label not in par:
        par.insert(0, str(Ventilation.TYPE_DEMANDE.label))
    if par:
        morceaux.append(f", {et(par)}")
    return "".join(morceaux)


class Gens(NamedTuple):
    """Un groupe de personnes : son nom, son genre grammatical, et ce qui le précise (espace en tête)."""

    nom: str
    feminin: bool
    precision: str

    def accorder(self, participe: str) -> str:
        return f"{participe}es" if self.feminin else f"{participe}s"

    def __str__(self) -> str:
        return self.nom + self.precision


class _Mots:
    """Les morceaux de phrase d'une définition, pour une de ses mesures."""

    def __init__(self, definition: Definition, mesure: Mesure) -> None:
        self._definition = definition
        self._mesure = mesure
        self.tout = _TOUT[definition.perimetre]

    def _valeurs(self, filtre: Filtre) -> tuple[str, ...]:
        return self._definition.valeurs(filtre, self._mesure)

    @property
    def gens(self) -> Gens:
        genres = self._valeurs(Filtre.GENRE)
        nom = genres[0] if len(genres) == 1 else "personnes"
        precision = "".join(
            f" {age}" for age in [ou(TrancheAge(v).label for v in self._valeurs(Filtre.AGE))] if age
        )
        if quartiers := self._valeurs(Filtre.QUARTIER):
            precision += f" habitant {ou(f'« {quartier} »' for quartier in quartiers)}"
        return Gens(nom, nom != Genre.HOMMES, precision)

    def de_gens(self, lien: str = "") -> str:
        """« de femmes de 60 ans et plus », ou rien quand ce sont tous les gens."""
        gens = str(self.gens)
        return "" if gens == "personnes" else f" {lien}{gens}" if lien else f" {de(gens)}"

    @property
    def comme(self) -> str:
        roles = [str(RoleDePresence(role).label) for role in self._valeurs(Filtre.ROLE)]
        return f" comme {ou(roles)}" if roles else ""

    @property
    def au_moins(self) -> str:
        fois = self._definition.au_moins
        return f" au moins {fois} fois" if fois > 1 and ACCEPTE[self._mesure].au_moins else ""

    @property
    def seances(self) -> list[str]:
        return [str(GenreSeance(genre).label) for genre in self._valeurs(Filtre.GENRE_SEANCE)] or ["séances"]

    @property
    def aux_seances(self) -> str:
        return f" aux {ou(self.seances)} de {self.tout}"

    def venus(self, apres: str = "") -> str:
        """« venues au moins 3 fois comme parents aux ateliers de cette action »."""
        return f" {self.gens.accorder('venu')}{apres}{self.au_moins}{self.comme}{self.aux_seances}"


def _nombre(nom: str) -> str:
    return f"nombre {de(nom)}"


def _personnes_differentes(mots: _Mots) -> str:
    gens = mots.gens
    return _nombre(f"{gens.nom} {gens.accorder('différent')}{gens.precision}{mots.venus()}")


def _benevoles(mots: _Mots) -> str:
    gens = mots.gens
    tous = gens.nom == "personnes"
    nom, accord = ("bénévoles", gens._replace(feminin=False)) if tous else (f"{gens.nom} bénévoles", gens)
    participes = accord.accorder("différent"), accord.accorder("venu")
    return _nombre(f"{nom} {participes[0]}{gens.precision} {participes[1]}{mots.au_moins}{mots.aux_seances}")


def _partenaires(mots: _Mots) -> str:
    precise = mots.seances != ["séances"]
    return _nombre(
        f"partenaires différents {'présents' + mots.aux_seances if precise else f'engagés dans {mots.tout}'}"
    )


_TOURNURES: Final[dict[Mesure, Callable[[_Mots], str]]] = {
    Mesure.SEANCES: lambda m: f"nombre {ou(map(de, m.seances))} qui ont eu lieu dans {m.tout}",
    Mesure.PERSONNES_DIFFERENTES: _personnes_differentes,
    Mesure.PRESENCES: lambda m: f"nombre de présences{m.de_gens()}{m.comme}{m.aux_seances}",
    Mesure.ASSIDUITE: lambda m: f"assiduité des {m.gens}{m.venus()}",
    Mesure.NOUVELLES_PERSONNES: lambda m: f"{_nombre(str(m.gens))}{m.venus(' pour la première fois')}",
    Mesure.FAMILLES: lambda m: (
        f"nombre de familles différentes{m.gens.precision} venues{m.au_moins}{m.aux_seances}"
    ),
    Mesure.PASSAGES: lambda m: f"nombre de passages{m.de_gens()} à l’accueil pour {m.tout}",
    Mesure.DEMANDES_PAR_TYPE: lambda m: f"nombre de demandes{m.de_gens()} reçues pour {m.tout}",
    Mesure.ENTRETIENS: lambda m: (
        f"nombre d’entretiens individuels{m.de_gens('avec des')} menés pour {m.tout}"
    ),
    Mesure.ACCOMPAGNEMENTS: lambda m: f"nombre d’accompagnements{m.de_gens()} suivis pour {m.tout}",
    Mesure.ORIENTATIONS: lambda m: f"nombre d’orientations{m.de_gens()} vers un partenaire pour {m.tout}",
    Mesure.PRESCRIPTIONS: lambda m: f"nombre de prescriptions{m.de_gens()} vers un partenaire pour {m.tout}",
    Mesure.RESULTATS_ACCOMPAGNEMENT: lambda m: (
        f"résultats des accompagnements{m.de_gens()} terminés pour {m.tout}"
    ),
    Mesure.PARTENAIRES: _partenaires,
    Mesure.BENEVOLES: _benevoles,
    Mesure.HEURES_BENEVOLAT: lambda m: f"nombre d’heures de bénévolat{m.de_gens()} données{m.aux_seances}",
    Mesure.INITIATIVES: lambda m: (
        f"nombre d’initiatives{m.de_gens() or ' d’habitants'} accompagnées dans {m.tout}"
    ),
    Mesure.ACTIVITES: lambda m: f"nombre d’activités proposées{m.de_gens('à des')} dans {m.tout}",
    Mesure.CONVENTIONS: lambda m: f"nombre de conventions signées avec des partenaires pour {m.tout}",
    Mesure.SATISFACTION: lambda m: f"satisfaction des {m.gens}{m.venus()}",
    Mesure.REPARTITION: lambda m: f"répartition des {m.gens}{m.venus()}",
    Mesure.STATISTIQUES_WEB: lambda m: "nombre de consultations des pages publiques du centre",
    Mesure.MANUEL: lambda m: "nombre tapé à la main",
}


def de(mot: str) -> str:
    """« de séances », « d’ateliers » : aucun nom d'ici ne commence par un h aspiré."""
    return f"d’{mot}" if mot[0] in "aeéèêiouyh" else f"de {mot}"


def _de_article(phrase: str) -> str:
    tete = phrase.split()[0]
    return _ARTICLES[tete] + phrase


def et(mots: Iterable[str]) -> str:
    return _enumerer(mots, "et")


def ou(mots: Iterable[str]) -> str:
    return _enumerer(mots, "ou")


def _enumerer(mots: Iterable[str], lien: str) -> str:
    *debut, dernier = [str(mot) for mot in mots] or [""]
    return f"{', '.join(debut)} {lien} {dernier}" if debut else dernier
