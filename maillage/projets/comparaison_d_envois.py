"""Ce qui change d'une version à la suivante : sections ajoutées, ôtées ou changées, mots, nombres des tableaux.

Deux sections se répondent par leur titre, dans l'ordre du document. Un titre changé se reconnaît à sa place et à ce
que dit la section.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from maillage.core.comparaison import Comparaison, comparer_textes
from maillage.core.documents.description import (
    Bloc,
    Chiffres,
    Citation,
    Definition,
    Document,
    Encadre,
    Figure,
    Liste,
    Paragraphe,
    Photo,
    Section,
    Tableau,
)
from maillage.core.documents.texte import en_clair

RESSEMBLANCE: Final = 0.55
"""Au-dessus, un titre changé est celui de la même section."""


class SortDeSection(StrEnum):
    AJOUTEE = "ajoutee"
    OTEE = "otee"
    CHANGEE = "changee"
    PAREILLE = "pareille"


@dataclass(frozen=True, slots=True)
class Case:
    avant: str
    apres: str

    @property
    def change(self) -> bool:
        return self.avant != self.apres


@dataclass(frozen=True, slots=True)
class LigneComparee:
    """`sort` : pour la ligne entière ; une ligne changée garde ses deux états, case par case."""

    sort: SortDeSection
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class TableauCompare:
    legende: str
    entetes: tuple[str, ...]
    lignes: tuple[LigneComparee, ...]
    sort: SortDeSection


@dataclass(frozen=True, slots=True)
class SectionComparee:
    titre: str
    sort: SortDeSection
    titre_d_avant: str = ""
    texte: Comparaison | None = None
    tableaux: tuple[TableauCompare, ...] = ()
    figures: tuple[str, ...] = ()
    """Légendes des dessins qui ne sont plus les mêmes."""


def comparer_documents(avant: Document, apres: Document) -> list[SectionComparee]:
    """Toutes les sections, dans l'ordre de la version récente ; les ôtées, à leur place d'alors."""
    anciennes, recentes = _sections(avant), _sections(apres)
    comparees: list[SectionComparee] = []
    for ancienne, recente in _marier(anciennes, recentes):
        if ancienne is None and recente is not None:
            comparees.append(_seule(recente, SortDeSection.AJOUTEE))
        elif recente is None and ancienne is not None:
            comparees.append(_seule(ancienne, SortDeSection.OTEE))
        elif ancienne is not None and recente is not None:
            comparees.append(_comparer(ancienne, recente))
    return comparees


def _sections(document: Document) -> list[Section]:
    """Ce qui précède la première section en fait une, sous le titre du document."""
    debut = [Section(document.titre, document.blocs)] if document.blocs else []
    return debut + list(document.sections)


def _marier(
    anciennes: Sequence[Section], recentes: Sequence[Section]
) -> Iterator[tuple[Section | None, Section | None]]:
    avant, apres = ([_cle(une.titre) for une in sections] for sections in (anciennes, recentes))
    for etat, a1, a2, b1, b2 in SequenceMatcher(None, avant, apres, autojunk=False).get_opcodes():
        if etat == "equal":
            yield from zip(anciennes[a1:a2], recentes[b1:b2], strict=True)
        else:
            yield from _marier_par_ressemblance(list(anciennes[a1:a2]), recentes[b1:b2])


def _marier_par_ressemblance(
    anciennes: list[Section], recentes: Sequence[Section]
) -> Iterator[tuple[Section | None, Section | None]]:
    for recente in recentes:
        notees = [(_ressemblance(ancienne, recente), rang) for rang, ancienne in enumerate(anciennes)]
        note, rang = max(notees, default=(0.0, 0))
        if note < RESSEMBLANCE:
            yield None, recente
            continue
        for ancienne in anciennes[:rang]:
            yield ancienne, None
        yield anciennes[rang], recente
        del anciennes[: rang + 1]
    for ancienne in anciennes:
        yield ancienne, None


def _ressemblance(une: Section, autre: Section) -> float:
    titres = SequenceMatcher(None, _cle(une.titre), _cle(autre.titre), autojunk=False).ratio()
    if titres >= RESSEMBLANCE or une.niveau != autre.niveau:
        return titres if une.niveau == autre.niveau else 0.0
    mots, leurs = set(_texte(une.blocs).split()), set(_texte(autre.blocs).split())
    return len(mots & leurs) / len(mots | leurs) if mots and leurs else 0.0


def _cle(titre: str) -> str:
    return " ".join(titre.casefold().split())


def _seule(section: Section, sort: SortDeSection) -> SectionComparee:
    vide, plein = Section(section.titre), section
    avant, apres = (vide, plein) if sort == SortDeSection.AJOUTEE else (plein, vide)
    texte = comparer_textes(_texte(avant.blocs), _texte(apres.blocs))
    tableaux = tuple(_comparer_les_tableaux(avant.blocs, apres.blocs))
    return SectionComparee(
        section.titre, sort, texte=texte if _texte(section.blocs) else None, tableaux=tableaux
    )


def _comparer(ancienne: Section, recente: Section) -> SectionComparee:
    avant, apres = _texte(ancienne.blocs), _texte(recente.blocs)
    texte = comparer_textes(avant, apres) if avant != apres else None
    if texte is not None and texte.est_d_espaces:
        texte = None
    tableaux = tuple(
        tableau
        for tableau in _comparer_les_tableaux(ancienne.blocs, recente.blocs)
        if tableau.sort != SortDeSection.PAREILLE
    )
    titre_d_avant = ancienne.titre if _cle(ancienne.titre) != _cle(recente.titre) else ""
    figures = _figures_changees(ancienne.blocs, recente.blocs)
    change = bool(texte or tableaux or titre_d_avant or figures)
    sort = SortDeSection.CHANGEE if change else SortDeSection.PAREILLE
    return SectionComparee(recente.titre, sort, titre_d_avant, texte, tableaux, figures)


def _figures_changees(avant: Iterable[Bloc], apres: Iterable[Bloc]) -> tuple[str, ...]:
    """Les dessins que rien d'autre ne dit : celui qui a son tableau se compare par lui, case par case."""
    anciennes = {(bloc.legende, bloc.svg) for bloc in _a_plat(avant) if isinstance(bloc, Figure)}
    recentes = [bloc for bloc in _a_plat(apres) if isinstance(bloc, Figure) and bloc.tableau is None]
    return tuple(une.legende for une in recentes if (une.legende, une.svg) not in anciennes)


# --- Les tableaux -------------------------------------------------------------------------------------


def _comparer_les_tableaux(avant: Iterable[Bloc], apres: Iterable[Bloc]) -> Iterator[TableauCompare]:
    anciens, recents = list(_tableaux(avant)), list(_tableaux(apres))
    restent = {(rang, _cle(tableau.legende)): tableau for rang, tableau in enumerate(anciens)}
    for recent in recents:
        cle = next((cle for cle in restent if cle[1] == _cle(recent.legende)), None)
        yield _comparer_un_tableau(restent.pop(cle) if cle else None, recent)
    for ancien in restent.values():
        yield _comparer_un_tableau(ancien, None)


def _comparer_un_tableau(ancien: Tableau | None, recent: Tableau | None) -> TableauCompare:
    present = recent if recent is not None else ancien
    if present is None:
        raise ValueError("Un des deux tableaux existe.")
    entetes = tuple(en_clair(entete) for entete in present.entetes)
    if ancien is not None and recent is not None:
        if tuple(map(en_clair, ancien.entetes)) != entetes:  # des colonnes ont bougé : les deux, entiers
            entieres = (
                *_entieres(ancien, len(entetes), SortDeSection.OTEE),
                *_entieres(recent, len(entetes)),
            )
            return TableauCompare(present.legende, entetes, entieres, SortDeSection.CHANGEE)
        lignes = tuple(_comparer_les_lignes(ancien, recent))
        change = any(ligne.sort != SortDeSection.PAREILLE for ligne in lignes)
        sort = SortDeSection.CHANGEE if change else SortDeSection.PAREILLE
        return TableauCompare(present.legende, entetes, lignes, sort)
    sort = SortDeSection.AJOUTEE if ancien is None else SortDeSection.OTEE
    return TableauCompare(present.legende, entetes, tuple(_entieres(present, len(entetes), sort)), sort)


def _comparer_les_lignes(ancien: Tableau, recent: Tableau) -> Iterator[LigneComparee]:
    """Deux lignes se répondent par leur première case."""
    avant, apres = _lignes(ancien), _lignes(recent)
    mariage = SequenceMatcher(
        None, [_cle(ligne[0]) for ligne in avant], [_cle(ligne[0]) for ligne in apres], autojunk=False
    )
    for etat, a1, a2, b1, b2 in mariage.get_opcodes():
        if etat == "equal":
            for une, autre in zip(avant[a1:a2], apres[b1:b2], strict=True):
                cases = tuple(map(Case, une, autre))
                change = any(case.change for case in cases)
                yield LigneComparee(SortDeSection.CHANGEE if change else SortDeSection.PAREILLE, cases)
        else:
            for ligne in avant[a1:a2]:
                yield LigneComparee(SortDeSection.OTEE, tuple(Case(mot, "") for mot in ligne))
            for ligne in apres[b1:b2]:
                yield LigneComparee(SortDeSection.AJOUTEE, tuple(Case("", mot) for mot in ligne))


def _entieres(
    tableau: Tableau, largeur: int, sort: SortDeSection = SortDeSection.AJOUTEE
) -> Iterator[LigneComparee]:
    for ligne in _lignes(tableau):
        mots = [*ligne, *[""] * largeur][:largeur] if len(ligne) <= largeur else [
            *ligne[: largeur - 1],
            " · ".join(ligne[largeur - 1 :]),
        ]  # fmt: skip
        yield LigneComparee(
            sort, tuple(Case(mot, "") if sort == SortDeSection.OTEE else Case("", mot) for mot in mots)
        )


def _lignes(tableau: Tableau) -> list[tuple[str, ...]]:
    return [tuple(en_clair(case) for case in ligne) for ligne in tableau.lignes]


# --- Ce que dit une section ------------------------------------------------------------------------------


def _a_plat(blocs: Iterable[Bloc]) -> Iterator[Bloc]:
    for bloc in blocs:
        yield bloc
        if isinstance(bloc, Encadre):
            yield from _a_plat(bloc.blocs)


def _tableaux(blocs: Iterable[Bloc]) -> Iterator[Tableau]:
    for bloc in _a_plat(blocs):
        if isinstance(bloc, Tableau):
            yield bloc
        elif isinstance(bloc, Figure) and bloc.tableau is not None:
            yield bloc.tableau


def _texte(blocs: Iterable[Bloc]) -> str:
    return "\n".join(filter(None, (_dire(bloc) for bloc in _a_plat(blocs))))


def _dire(bloc: Bloc) -> str:
    """Ce qui se lit d'un bloc ; les tableaux se comparent case par case."""
    match bloc:
        case Paragraphe():
            return en_clair(bloc.texte)
        case Liste():
            return "\n".join(f"– {en_clair(element)}" for element in bloc.elements)
        case Citation():
            return "\n".join(filter(None, [f"« {en_clair(bloc.texte)} »", en_clair(bloc.source)]))
        case Encadre():
            return bloc.titre
        case Chiffres():
            return "\n".join(f"{un.valeur} {un.libelle} {un.precision}".strip() for un in bloc.chiffres)
        case Definition():
            return "\n".join(f"{terme} : {en_clair(valeur)}" for terme, valeur in bloc.couples)
        case Figure():
            return bloc.legende
        case Photo():
            return bloc.legende
        case _:
            return ""
