"""Le bilan du centre suit ce qui le change : lire les changements, recompter les années qu'ils touchent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from maillage.accueil.models import Passage
from maillage.activites.models import (
    Activite,
    Benevole,
    HeuresDeBenevolat,
    Initiative,
    Seance,
)
from maillage.core.journal import type_objet
from maillage.core.models import Changement
from maillage.evaluation.calcul import Centre
from maillage.evaluation.choices import Grandeur as G
from maillage.evaluation.models import AnneeDuCentre
from maillage.evaluation.operations import recalculer_centre
from maillage.personnes.models import Personne
from maillage.territoire.models import Structure

DES_SEANCES: Final = frozenset(
    {G.SEANCES, G.PRESENCES, G.PERSONNES_DIFFERENTES, G.HEURES_D_ACTIVITE, G.BENEVOLES, G.HEURES_BENEVOLAT}
)
DU_BENEVOLAT: Final = frozenset({G.BENEVOLES, G.HEURES_BENEVOLAT})
TOUTES: Final = None
"""Toutes les années du centre : ce qui a changé a pu passer d'une année à l'autre."""
RETRAIT: Final = "retirer_des_heures"
"""Des heures sans activité : le changement se note sur le centre lui-même, dont les autres actes ne comptent rien."""
SUR_PLACE: Final = frozenset({"noter_venues", "noter_les_heures_de_la_seance"})
"""Actes qui laissent la séance à son jour : seule son année change."""


@dataclass
class ARecompter:
    """Pour un centre : les grandeurs de chaque année touchée, et celles à recompter chaque année."""

    par_annee: dict[int, set[G]] = field(default_factory=dict)
    chaque_annee: set[G] = field(default_factory=set)

    def ajouter(self, annee: int | None, grandeurs: Iterable[G]) -> None:
        if annee is TOUTES:
            self.chaque_annee |= set(grandeurs)
        else:
            self.par_annee.setdefault(annee, set()).update(grandeurs)


def a_recompter(changements: Iterable[Changement]) -> dict[int, ARecompter]:
    """Par structure. Un passage ne change jamais de jour ; une séance, si."""
    ids: dict[str, set[int]] = {}
    sur_place: set[int] = set()
    deplacees: set[int] = set()
    touches: dict[int, ARecompter] = {}
    for un in changements:
        ids.setdefault(un.objet_type, set()).add(un.objet_id)
        if un.objet_type == type_objet(Seance):
            (sur_place if un.acte in SUR_PLACE else deplacees).add(un.objet_id)
        elif un.objet_type == type_objet(Structure) and un.acte == RETRAIT:
            touches.setdefault(un.objet_id, ARecompter()).ajouter(TOUTES, DU_BENEVOLAT)
    passages = Passage.objects.filter(pk__in=ids.get(type_objet(Passage), ())).select_related("structure")
    for passage in passages.order_by("pk"):
        annee = passage.le.astimezone(passage.structure.fuseau).year
        touches.setdefault(passage.structure_id, ARecompter()).ajouter(annee, [G.PASSAGES])
    seances = Seance.objects.filter(pk__in=sur_place | deplacees).select_related("activite__structure")
    for seance in seances.order_by("pk"):
        laquelle = TOUTES if seance.pk in deplacees else seance.jour.year
        touches.setdefault(seance.activite.structure_id, ARecompter()).ajouter(laquelle, DES_SEANCES)
    for modele, grandeurs in _D_UNE_STRUCTURE.items():
        touchees = modele._default_manager.filter(pk__in=ids.get(type_objet(modele), ()))
        for structure in touchees.order_by().values_list("structure", flat=True).distinct():
            touches.setdefault(structure, ARecompter()).ajouter(TOUTES, grandeurs)
    return touches


_D_UNE_STRUCTURE: Final = {
    Activite: DES_SEANCES,  # ses séances posées ou retirées d'un coup, son lieu
    Personne: DES_SEANCES,
    Benevole: DU_BENEVOLAT,
    HeuresDeBenevolat: DU_BENEVOLAT,
    Initiative: frozenset({G.INITIATIVES}),
}


class ConsommateurDuCentre:
    nom = "bilan_du_centre"

    def __init__(self) -> None:
        self._est_prepare = False

    def preparer(self) -> None:
        """Au démarrage : un centre dont rien n'a encore été compté (une installation mise à jour)."""
        if self._est_prepare:
            return
        actifs = Structure.objects.filter(activites__isnull=False) | Structure.objects.filter(
            types_de_demande__isnull=False
        )
        comptes = AnneeDuCentre.objects.order_by().values("structure")
        for structure in actifs.exclude(pk__in=comptes).distinct().order_by("pk"):
            recalculer_centre(Centre(structure))
        self._est_prepare = True

    def traiter(self, changements: Sequence[Changement]) -> None:
        touches = a_recompter(changements)
        for structure in Structure.objects.filter(pk__in=touches).order_by("pk"):
            centre, touche = Centre(structure), touches[structure.pk]
            if touche.chaque_annee:
                recalculer_centre(centre, grandeurs=touche.chaque_annee)
            for annee, grandeurs in sorted(touche.par_annee.items()):
                if restantes := grandeurs - touche.chaque_annee:
                    recalculer_centre(centre, [annee], restantes)
