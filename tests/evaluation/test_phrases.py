"""La phrase est la définition : dite pour chaque combinaison permise, et en bon français."""

import re
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest

from maillage.core.francais import insecables
from maillage.evaluation.choices import Filtre, Mesure, Perimetre, Ventilation
from maillage.evaluation.definitions import ACCEPTE, SANS_BASE, VALEURS, Definition
from maillage.evaluation.phrases import dire
from maillage.personnes.choices import Genre, TrancheAge
from maillage.projets.choices import Calendrier

MOTS = {
    Filtre.PUBLIC: "familles",
    Filtre.QUARTIER: "Les Peupliers",
    Filtre.TYPE_DEMANDE: "logement",
    Filtre.TYPE_PARTENAIRE: "écoles",
    Filtre.INSTANCE: "conseil de maison",
    Filtre.AUTRE: "le samedi",
}
FAUTES = [
    r"  | ,|,,|\bNone\b|\{|\}",
    r"\b(?:de|que|le|la) (?:[aeiouyéèê]|h[aeiouéè])",  # élision oubliée
    r"\b[dl]’(?![aeiouyéèêh])",  # élision de trop
    r"\b(?:de les|à les|de le|à le|des des|de de|aux aux)\b",
    r"femmes (?:différents|venus)|hommes (?:différentes|venues)|personnes (?:différents|venus)",
]


def sans_fautes(definition: Definition) -> str:
    phrase = dire(definition)
    for faute in FAUTES:
        assert not re.search(faute, phrase), (faute, phrase)
    assert phrase[0].islower() and not phrase.endswith((".", " ", ","))
    return phrase


def _valeurs(filtre: Filtre) -> list[str]:
    return list(VALEURS[filtre].values) if filtre in VALEURS else [MOTS[filtre]]


def _reglages(mesure: Mesure) -> dict[str, Any]:
    """Ce qu'il faut à cette mesure pour être complète."""
    if mesure is Mesure.EVOLUTION:
        return {"mesures": (mesure,), "base": (Mesure.PRESENCES,)}
    if mesure is Mesure.REPARTITION:
        return {"mesures": (mesure,), "par": (Ventilation.AGE,)}
    return {"mesures": (mesure,)}


def _combinaisons(mesure: Mesure) -> Iterator[dict[Filtre, tuple[str, ...]]]:
    """Chaque valeur seule ; chaque filtre à deux valeurs ; deux filtres ensemble ; puis tous."""
    filtres = sorted(ACCEPTE[Mesure.PRESENCES if mesure is Mesure.EVOLUTION else mesure].filtres)
    yield {}
    for filtre in filtres:
        yield from ({filtre: (valeur,)} for valeur in _valeurs(filtre))
        if len(_valeurs(filtre)) > 2:
            yield {filtre: tuple(_valeurs(filtre)[:2])}
    for un, autre in combinations(filtres, 2):
        for valeur, seconde in product(_valeurs(un)[:3], _valeurs(autre)[:3]):
            yield {un: (valeur,), autre: (seconde,)}
    yield {filtre: (_valeurs(filtre)[-1],) for filtre in filtres}


@pytest.mark.parametrize("mesure", Mesure)
def test_chaque_combinaison_permise_se_dit_sans_faute(mesure: Mesure) -> None:
    for filtres in _combinaisons(mesure):
        for perimetre in Perimetre:
            phrase = sans_fautes(Definition(filtres=filtres, perimetre=perimetre, **_reglages(mesure)))
            for filtre, valeurs in filtres.items():
                if filtre not in VALEURS:
                    assert all(valeur in phrase for valeur in valeurs), (filtre, phrase)


@pytest.mark.parametrize("mesure", Mesure)
def test_deux_valeurs_differentes_ne_se_disent_pas_pareil(mesure: Mesure) -> None:
    """Sans quoi deux définitions différentes auraient la même phrase."""
    dites: dict[str, object] = {}
    for filtres in _combinaisons(mesure):
        definition = Definition(filtres=filtres, **_reglages(mesure))
        assert dites.setdefault(dire(definition), definition) == definition


@pytest.mark.parametrize("mesure", [mesure for mesure in Mesure if ACCEPTE[mesure].par])
def test_chaque_detail_permis_se_dit(mesure: Mesure) -> None:
    for par in ACCEPTE[mesure].par:
        assert par.label in sans_fautes(Definition(**{**_reglages(mesure), "par": (par,)}))


@pytest.mark.parametrize("base", [mesure for mesure in Mesure if mesure not in SANS_BASE])
def test_chaque_evolution_dit_de_quoi(base: Mesure) -> None:
    phrase = sans_fautes(Definition((Mesure.EVOLUTION,), base=(base,)))
    assert phrase.startswith("évolution, d’une période à l’autre, d")


@pytest.mark.parametrize("calendrier", Calendrier)
def test_la_phrase_dit_l_annee(calendrier: Calendrier) -> None:
    phrase = sans_fautes(Definition((Mesure.SEANCES,), calendrier=calendrier))
    assert phrase.startswith("nombre de séances qui ont eu lieu dans cette action, par année ")
    assert calendrier.value in phrase


@pytest.mark.parametrize(
    ("definition", "attendu"),
    [
        (
            Definition(
                (Mesure.PERSONNES_DIFFERENTES,), {Filtre.AGE: (TrancheAge.SENIORS.value,)}, au_moins=3
            ),
            "nombre de personnes différentes de 60 ans et plus venues au moins 3 fois aux séances de cette action, "
            "par année civile",
        ),
        (
            Definition(
                (Mesure.BENEVOLES, Mesure.HEURES_BENEVOLAT),
                {Filtre.GENRE: (Genre.HOMMES.value,)},
                perimetre=Perimetre.CENTRE,
            ),
            "nombre d’hommes bénévoles différents venus aux séances de tout le centre et nombre d’heures de bénévolat "
            "d’hommes données aux séances de tout le centre, par année civile",
        ),
        (
            Definition((Mesure.SEANCES,), {Filtre.GENRE_SEANCE: ("atelier", "sortie")}),
            "nombre d’ateliers ou de sorties qui ont eu lieu dans cette action, par année civile",
        ),
    ],
)
def test_la_phrase_exacte(definition: Definition, attendu: str) -> None:
    assert dire(definition) == insecables(attendu)
