"""L'arbre d'un projet, lu d'un coup : cinq requêtes, quelle que soit sa taille."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from maillage.core.requete_rejouee import RequeteRejouee
from maillage.projets.models import Axe, Enjeu, FicheAction, Objectif, ProjetSocial, Rattachement
from maillage.projets.numerotation import numero, numero_du_document


@dataclass(eq=False)
class FicheLue:
    """Une fiche à sa place. `numero` : « A-01 », vide tant qu'elle n'est dans aucun axe."""

    fiche: FicheAction
    numero: str = ""
    axe: Axe | None = None
    objectif: Objectif | None = None
    autres_objectifs: list[Objectif] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.numero} {self.fiche.titre}".strip()


@dataclass(eq=False)
class ObjectifLu:
    objectif: Objectif
    operationnels: "list[ObjectifLu]" = field(default_factory=list)
    fiches: list[FicheLue] = field(default_factory=list)
    """Celles qui se rangent ici."""
    citees: list[FicheLue] = field(default_factory=list)
    """Celles qui se rangent ailleurs et servent aussi cet objectif."""

    def toutes(self) -> Iterator[FicheLue]:
        yield from self.fiches
        for operationnel in self.operationnels:
            yield from operationnel.toutes()


@dataclass(eq=False)
class EnjeuLu:
    enjeu: Enjeu
    numero: int
    """Sa place dans tout le projet, parmi ceux qui ont un titre ; 0 pour un enjeu sans titre."""
    objectifs: list[ObjectifLu] = field(default_factory=list)


@dataclass(eq=False)
class AxeLu:
    axe: Axe
    enjeux: list[EnjeuLu] = field(default_factory=list)
    sans_objectif: list[FicheLue] = field(default_factory=list)

    @cached_property
    def fiches(self) -> list[FicheLue]:
        """Dans l'ordre de leurs numéros."""
        rangees = [f for e in self.enjeux for o in e.objectifs for f in o.toutes()]
        return rangees + self.sans_objectif


@dataclass(eq=False)
class Arbre:
    projet: ProjetSocial
    axes: list[AxeLu] = field(default_factory=list)
    a_ranger: list[FicheLue] = field(default_factory=list)
    """Fiches qui n'ont pas encore d'axe."""

    @cached_property
    def fiches(self) -> list[FicheLue]:
        return [fiche for axe in self.axes for fiche in axe.fiches] + self.a_ranger

    @cached_property
    def par_numero_de_ligne(self) -> dict[int, FicheLue]:
        """Clé de base → fiche lue : de quoi dire une citation."""
        return {lue.fiche.pk: lue for lue in self.fiches}

    @cached_property
    def enjeux(self) -> list[EnjeuLu]:
        return [enjeu for axe in self.axes for enjeu in axe.enjeux]

    @cached_property
    def objectifs(self) -> list[ObjectifLu]:
        """Les généraux, dans l'ordre de l'arbre."""
        return [objectif for enjeu in self.enjeux for objectif in enjeu.objectifs]


_axes = RequeteRejouee(lambda projet: Axe.objects.filter(projet_id=projet).order_by("rang", "pk"))
_enjeux = RequeteRejouee(lambda projet: Enjeu.objects.filter(axe__projet_id=projet).order_by("rang", "pk"))
_objectifs = RequeteRejouee(
    lambda projet: Objectif.objects.filter(enjeu__axe__projet_id=projet).order_by("rang", "pk")
)
_rattachements = RequeteRejouee(
    lambda projet: Rattachement.objects.filter(fiche__projet_id=projet).order_by("rang", "pk")
)
_fiches = RequeteRejouee(
    lambda projet: (
        FicheAction.objects.filter(projet_id=projet).select_related("pilote").order_by("rang", "pk")
    )
)


def lire_arbre(projet: ProjetSocial, fiches_lues: Iterable[FicheAction] | None = None) -> Arbre:
    """Tout l'arbre, chaque fiche avec son numéro, son pilote et ses objectifs.

    `fiches_lues` : les fiches du projet et leur pilote, dans l'ordre de leur rang, quand la page veut en savoir plus
    sur chacune (`temps.avec_les_retards`).
    """
    lues = _fiches(projet.pk) if fiches_lues is None else fiches_lues
    arbre = Arbre(projet)
    axes = {axe.pk: AxeLu(axe) for axe in _axes(projet.pk)}
    arbre.axes = list(axes.values())
    objectifs = _lire_les_objectifs(projet, axes)
    fiches = {fiche.pk: FicheLue(fiche) for fiche in lues}
    for lue in fiches.values():
        fiche = lue.fiche
        if fiche.objectif_id is not None:
            objectifs[fiche.objectif_id].fiches.append(lue)
            lue.objectif = objectifs[fiche.objectif_id].objectif
        elif fiche.axe_id is not None:
            axes[fiche.axe_id].sans_objectif.append(lue)
        else:
            arbre.a_ranger.append(lue)
    for lien in _rattachements(projet.pk):
        objectifs[lien.objectif_id].citees.append(fiches[lien.fiche_id])
        fiches[lien.fiche_id].autres_objectifs.append(objectifs[lien.objectif_id].objectif)
    _numeroter(arbre)
    return arbre


def _lire_les_objectifs(projet: ProjetSocial, axes: dict[int, AxeLu]) -> dict[int, ObjectifLu]:
    enjeux: dict[int, EnjeuLu] = {}
    par_axe: dict[int, list[Enjeu]] = defaultdict(list)
    for enjeu in _enjeux(projet.pk):
        par_axe[enjeu.axe_id].append(enjeu)
    compte = 0
    for axe in axes.values():
        for enjeu in par_axe[axe.axe.pk]:
            compte += bool(enjeu.titre)
            enjeux[enjeu.pk] = EnjeuLu(enjeu, compte if enjeu.titre else 0)
            axe.enjeux.append(enjeux[enjeu.pk])
    trouves = _objectifs(projet.pk)
    objectifs = {objectif.pk: ObjectifLu(objectif) for objectif in trouves}
    for objectif in trouves:
        lu = objectifs[objectif.pk]
        if objectif.parent_id is None:
            enjeux[objectif.enjeu_id].objectifs.append(lu)
        else:
            objectifs[objectif.parent_id].operationnels.append(lu)
    return objectifs


def _numeroter(arbre: Arbre) -> None:
    projet = arbre.projet
    for axe in arbre.axes:
        for rang, lue in enumerate(axe.fiches, start=1):
            lue.axe = axe.axe
            source = lue.fiche.numero_source
            if projet.garde_les_numeros and source:
                lue.numero = numero_du_document(source, axe.axe.lettre)
            else:
                lue.numero = numero(projet.modele_de_numero, axe.axe.lettre, rang)
