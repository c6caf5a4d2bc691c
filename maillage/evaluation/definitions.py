"""La définition d'un indicateur : ce qu'il compte, chez qui, où, sur quelle durée. Sans base, sans calcul."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self, TypeVar

from django.db.models import TextChoices

from maillage.activites.choices import GenreSeance, RoleDePresence
from maillage.evaluation.choices import Filtre, Mesure, Perimetre, Ventilation
from maillage.personnes.choices import Genre, TrancheAge
from maillage.projets.choices import Calendrier

Choix = TypeVar("Choix", bound=TextChoices)
M, F, V = Mesure, Filtre, Ventilation
_GENS: Final = (F.AGE, F.GENRE, F.PUBLIC, F.QUARTIER)
_VENUE: Final = (*_GENS, F.ROLE, F.GENRE_SEANCE, F.INSTANCE)
_DEMANDE: Final = (*_GENS, F.TYPE_DEMANDE)
_PAR_GENS: Final = (V.GENRE, V.AGE, V.QUARTIER, V.PUBLIC, V.ACTIVITE, V.MOIS)
_PAR_DEMANDE: Final = (V.GENRE, V.AGE, V.QUARTIER, V.TYPE_DEMANDE, V.MOIS)
_PAR_SUIVI: Final = (V.GENRE, V.AGE, V.QUARTIER, V.TYPE_DEMANDE, V.TYPE_SORTIE)


@dataclass(frozen=True, slots=True)
class Acceptation:
    """Ce qui a un sens pour une mesure. `autre`, texte libre, en a toujours un, sauf sur le web."""

    filtres: frozenset[Filtre]
    par: tuple[Ventilation, ...] = ()
    au_moins: bool = False


def _accepte(
    filtres: Iterable[Filtre], par: tuple[Ventilation, ...] = (), *, au_moins: bool = False
) -> Acceptation:
    return Acceptation(frozenset(filtres) | {F.AUTRE}, par, au_moins)


ACCEPTE: Final[dict[Mesure, Acceptation]] = {
    M.SEANCES: _accepte((F.GENRE_SEANCE, F.PUBLIC, F.INSTANCE), (V.ACTIVITE, V.PUBLIC, V.MOIS)),
    M.PERSONNES_DIFFERENTES: _accepte((*_VENUE, F.TYPE_DEMANDE), _PAR_GENS, au_moins=True),
    M.PRESENCES: _accepte(_VENUE, _PAR_GENS),
    M.ASSIDUITE: _accepte(_VENUE, (V.ACTIVITE,)),
    M.NOUVELLES_PERSONNES: _accepte(_VENUE, _PAR_GENS),
    M.FAMILLES: _accepte(
        (F.PUBLIC, F.QUARTIER, F.GENRE_SEANCE, F.TYPE_DEMANDE), (V.QUARTIER, V.ACTIVITE), au_moins=True
    ),
    M.PASSAGES: _accepte(_DEMANDE, _PAR_DEMANDE),
    M.DEMANDES_PAR_TYPE: _accepte(_DEMANDE, _PAR_DEMANDE),
    M.ENTRETIENS: _accepte(_DEMANDE, _PAR_DEMANDE),
    M.ACCOMPAGNEMENTS: _accepte(_DEMANDE, _PAR_DEMANDE),
    M.ORIENTATIONS: _accepte((*_DEMANDE, F.TYPE_PARTENAIRE), (*_PAR_DEMANDE, V.TYPE_PARTENAIRE)),
    M.PRESCRIPTIONS: _accepte((*_DEMANDE, F.TYPE_PARTENAIRE), (*_PAR_DEMANDE, V.TYPE_PARTENAIRE)),
    M.RESULTATS_ACCOMPAGNEMENT: _accepte(_DEMANDE, _PAR_SUIVI),
    M.PARTENAIRES: _accepte((F.TYPE_PARTENAIRE, F.GENRE_SEANCE, F.INSTANCE), (V.TYPE_PARTENAIRE,)),
    M.BENEVOLES: _accepte((*_GENS, F.GENRE_SEANCE, F.INSTANCE), _PAR_GENS, au_moins=True),
    M.HEURES_BENEVOLAT: _accepte((*_GENS, F.GENRE_SEANCE), (V.ACTIVITE, V.MOIS)),
    M.INITIATIVES: _accepte((F.AGE, F.PUBLIC, F.QUARTIER, F.INSTANCE, F.TYPE_PARTENAIRE), (V.ETAT, V.PUBLIC)),
    M.ACTIVITES: _accepte((F.AGE, F.PUBLIC, F.INSTANCE), (V.RYTHME, V.PUBLIC)),
    M.CONVENTIONS: _accepte((F.TYPE_PARTENAIRE,), (V.TYPE_PARTENAIRE,)),
    M.SATISFACTION: _accepte(_VENUE, (V.ACTIVITE, V.GENRE, V.AGE)),
    M.REPARTITION: _accepte((*_VENUE, F.TYPE_DEMANDE), _PAR_GENS),
    M.EVOLUTION: _accepte(Filtre),
    M.STATISTIQUES_WEB: Acceptation(frozenset(), (V.MOIS,)),
    M.MANUEL: _accepte(()),
}
"""Quelle mesure accepte quoi. Rôle, âge et genre ne filtrent jamais des séances ni des partenaires."""

VALEURS: Final[dict[Filtre, type[TextChoices]]] = {
    F.GENRE_SEANCE: GenreSeance,
    F.ROLE: RoleDePresence,
    F.AGE: TrancheAge,
    F.GENRE: Genre,
}
"""Les filtres à liste close. Les autres prennent les mots du centre : ses publics, ses quartiers, ses instances."""

_CLES: Final = {"mesures", "filtres", "par", "base", "au_moins", "perimetre"}
AU_MOINS_MAX: Final = 99
LONGUEUR_VALEUR: Final = 120
SANS_BASE: Final = frozenset({M.EVOLUTION, M.REPARTITION, M.MANUEL, M.STATISTIQUES_WEB})
"""Mesures dont on ne demande pas l'évolution."""


class DefinitionInvalide(ValueError):
    """La définition ne veut rien dire. Le message, en français, dit quoi corriger."""


@dataclass(frozen=True, slots=True)
class Definition:
    """`par` : les détails demandés. `base` : les mesures dont on suit l'évolution. `au_moins` : nombre de venues.

    Immuable et comparable. Lève `DefinitionInvalide` à la construction.
    """

    mesures: tuple[Mesure, ...]
    filtres: Mapping[Filtre, tuple[str, ...]] = field(default_factory=dict)
    par: tuple[Ventilation, ...] = ()
    base: tuple[Mesure, ...] = ()
    au_moins: int = 1
    perimetre: Perimetre = Perimetre.FICHE
    calendrier: Calendrier = Calendrier.CIVILE

    def __post_init__(self) -> None:
        for faute in _fautes(self):
            raise DefinitionInvalide(faute)

    @property
    def comptees(self) -> tuple[Mesure, ...]:
        """Les mesures sur lesquelles portent les filtres : l'évolution est celle de sa base."""
        return tuple(mesure for mesure in self.mesures if mesure is not M.EVOLUTION) + self.base

    def valeurs(self, filtre: Filtre, mesure: Mesure | None = None) -> tuple[str, ...]:
        """Les valeurs d'un filtre ; aucune quand il n'a pas de sens pour cette mesure."""
        if mesure is not None and filtre not in ACCEPTE[mesure].filtres:
            return ()
        return self.filtres.get(filtre, ())

    def en_json(self) -> dict[str, Any]:
        """Ce qui s'enregistre, sans les valeurs par défaut ni le calendrier, qui est un champ de l'indicateur."""
        tout = {
            "mesures": [mesure.value for mesure in self.mesures],
            "filtres": {
                filtre.value: valeurs[0] if filtre is F.AUTRE else list(valeurs)
                for filtre, valeurs in self.filtres.items()
            },
            "par": [ventilation.value for ventilation in self.par],
            "base": [mesure.value for mesure in self.base],
            "au_moins": self.au_moins if self.au_moins > 1 else None,
            "perimetre": self.perimetre.value if self.perimetre is not Perimetre.FICHE else None,
        }
        return {cle: valeur for cle, valeur in tout.items() if valeur}

    @classmethod
    def elaguee(
        cls,
        mesures: Iterable[Mesure],
        filtres: Mapping[Filtre, tuple[str, ...]],
        par: Iterable[Ventilation] = (),
        base: Iterable[Mesure] = (),
        au_moins: int = 1,
        perimetre: Perimetre = Perimetre.FICHE,
        calendrier: Calendrier = Calendrier.CIVILE,
    ) -> Self:
        """Comme le constructeur, mais ce qui n'a pas de sens pour ces mesures est laissé de côté."""
        mesures, base = tuple(mesures), tuple(base) if M.EVOLUTION in mesures else ()
        comptees = tuple(mesure for mesure in mesures if mesure is not M.EVOLUTION) + base
        return cls(
            mesures,
            {
                filtre: valeurs
                for filtre, valeurs in filtres.items()
                if valeurs
                and any(filtre in ACCEPTE[mesure].filtres for mesure in comptees)
                and not (filtre is F.GENRE and {*valeurs} == {*Genre.values})
            },
            tuple(v for v in par if any(v in ACCEPTE[mesure].par for mesure in comptees)),
            base,
            au_moins if any(ACCEPTE[mesure].au_moins for mesure in comptees) else 1,
            perimetre,
            calendrier,
        )


def _fautes(definition: Definition) -> Iterator[str]:
    mesures, comptees = definition.mesures, definition.comptees
    if not mesures:
        yield "Choisissez ce que l’on compte."
    if len({*mesures}) < len(mesures):
        yield "La même mesure est choisie deux fois. Gardez-en une."
    if M.EVOLUTION in mesures and not definition.base:
        yield "Dites de quelle mesure on suit l’évolution."
    if definition.base and M.EVOLUTION not in mesures:
        yield "Une mesure de base ne sert qu’à une évolution. Choisissez « évolution », ou retirez-la."
    if fausses := SANS_BASE & {*definition.base}:
        yield f"On ne suit pas l’évolution de : {', '.join(sorted(m.label for m in fausses))}."
    for filtre, valeurs in definition.filtres.items():
        if not any(filtre in ACCEPTE[mesure].filtres for mesure in comptees):
            yield f"Le filtre « {filtre.label} » n’a pas de sens pour : {_libelles(comptees)}."
        yield from _fautes_de_valeurs(filtre, valeurs)
    for ventilation in definition.par:
        if not any(ventilation in ACCEPTE[mesure].par for mesure in comptees):
            yield f"« {ventilation.label} » n’a pas de sens pour : {_libelles(comptees)}."
    if M.REPARTITION in comptees and not definition.par:
        yield "Dites selon quoi les personnes se répartissent : par âge, par quartier…"
    if not 1 <= definition.au_moins <= AU_MOINS_MAX:
        yield f"Le nombre de venues va de 1 à {AU_MOINS_MAX}."
    if definition.au_moins > 1 and not any(ACCEPTE[mesure].au_moins for mesure in comptees):
        yield f"« Au moins {definition.au_moins} fois » n’a pas de sens pour : {_libelles(comptees)}."


def _fautes_de_valeurs(filtre: Filtre, valeurs: tuple[str, ...]) -> Iterator[str]:
    connues = VALEURS.get(filtre)
    for valeur in valeurs:
        if connues and valeur not in connues.values:
            yield f"« {valeur} » n’est pas un choix de « {filtre.label} » : {', '.join(connues.values)}."
        elif not valeur.strip() or len(valeur) > LONGUEUR_VALEUR or "\n" in valeur or "\x00" in valeur:
            yield f"« {filtre.label} » : écrivez quelques mots, {LONGUEUR_VALEUR} caractères au plus."
    if filtre is F.GENRE and {*valeurs} == {*Genre.values}:
        yield "Femmes et hommes, c’est tout le monde : ne choisissez pas de genre."
    if not valeurs or len({*valeurs}) < len(valeurs) or (filtre is F.AUTRE and len(valeurs) > 1):
        yield f"« {filtre.label} » : donnez une valeur, une seule fois."


def _libelles(mesures: Iterable[Mesure]) -> str:
    return ", ".join(mesure.label for mesure in mesures)


def lire_definition(document: object, calendrier: str = Calendrier.CIVILE) -> Definition:
    """La définition écrite dans un JSON. Lève `DefinitionInvalide`."""
    if not isinstance(document, dict):
        raise DefinitionInvalide("La définition doit être un objet.")
    if inconnues := sorted({*map(str, document)} - _CLES):
        raise DefinitionInvalide(f"La définition ne connaît pas : {', '.join(inconnues)}.")
    filtres = document.get("filtres", {})
    au_moins = document.get("au_moins", 1)
    if not isinstance(filtres, dict):
        raise DefinitionInvalide("Les filtres doivent être un objet.")
    if not isinstance(au_moins, int) or isinstance(au_moins, bool):
        raise DefinitionInvalide("Le nombre de venues doit être un nombre entier.")
    return Definition(
        mesures=_plusieurs(Mesure, document.get("mesures", [])),
        filtres={_un(Filtre, nom): _textes(valeurs) for nom, valeurs in filtres.items()},
        par=_plusieurs(Ventilation, document.get("par", [])),
        base=_plusieurs(Mesure, document.get("base", [])),
        au_moins=au_moins,
        perimetre=_un(Perimetre, document.get("perimetre", Perimetre.FICHE)),
        calendrier=_un(Calendrier, calendrier),
    )


def _un(choix: type[Choix], valeur: object) -> Choix:
    try:
        return choix(str(valeur))
    except ValueError:
        raise DefinitionInvalide(
            f"« {valeur} » n’existe pas. Les choix : {', '.join(choix.values)}."
        ) from None


def _plusieurs(choix: type[Choix], valeurs: object) -> tuple[Choix, ...]:
    return tuple(_un(choix, valeur) for valeur in _textes(valeurs))


def _textes(valeurs: object) -> tuple[str, ...]:
    if isinstance(valeurs, str):
        return (valeurs,)
    if not isinstance(valeurs, (list, tuple)) or not all(isinstance(valeur, str) for valeur in valeurs):
        raise DefinitionInvalide("Une liste de mots est attendue.")
    return tuple(valeurs)
