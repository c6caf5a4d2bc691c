"""Un nombre suit ce qui le change : lire les changements, recompter les fiches qu'ils touchent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models

from maillage.accueil.models import Passage, TypeDeDemande
from maillage.activites.models import (
    Activite,
    Benevole,
    HeuresDeBenevolat,
    Initiative,
    Inscription,
    PartenaireDuCentre,
    Seance,
)
from maillage.core.journal import type_objet
from maillage.core.models import Changement
from maillage.evaluation.calcul import Centre
from maillage.evaluation.choices import Perimetre
from maillage.evaluation.models import FicheCalculee
from maillage.evaluation.operations import recalculer_fiche
from maillage.personnes.models import Foyer, Personne, Provenance
from maillage.projets.models import BilanDeFiche, FicheAction, Indicateur, ProjetSocial


@dataclass(frozen=True)
class Chemin:
    """D'un objet changé vers les fiches qui le comptent, et vers sa structure."""

    modele: type[models.Model]
    fiches: tuple[str, ...]
    structure: str


_D_UNE_PERSONNE: Final = (
    "presences__seance__activite__fiche",
    "inscriptions__activite__fiche",
    "engagements__heures__activite__fiche",
)
_TOUTES_CELLES_DU_CENTRE: Final = ("structure__projets__fiches",)
CHEMINS: Final = {
    type_objet(chemin.modele): chemin
    for chemin in (
        Chemin(FicheAction, ("pk",), ""),
        Chemin(Indicateur, ("fiche",), ""),
        Chemin(BilanDeFiche, ("fiche",), ""),
        Chemin(ProjetSocial, ("fiches",), ""),
        Chemin(Activite, ("fiche",), "structure"),
        Chemin(Seance, ("activite__fiche",), "activite__structure"),
        Chemin(Inscription, ("activite__fiche",), "activite__structure"),
        Chemin(Initiative, ("fiche",), "structure"),
        Chemin(HeuresDeBenevolat, ("activite__fiche", "seance__activite__fiche"), "structure"),
        Chemin(Benevole, tuple(f"personne__{chemin}" for chemin in _D_UNE_PERSONNE), "structure"),
        Chemin(PartenaireDuCentre, _TOUTES_CELLES_DU_CENTRE, "structure"),
        Chemin(Personne, _D_UNE_PERSONNE, "structure"),
        Chemin(Foyer, tuple(f"membres__personne__{chemin}" for chemin in _D_UNE_PERSONNE), "structure"),
        Chemin(Provenance, _TOUTES_CELLES_DU_CENTRE, "structure"),
        Chemin(TypeDeDemande, ("fiche",), "structure"),
        Chemin(Passage, ("demandes__type__fiche",), "structure"),
    )
}


@dataclass
class Touchees:
    """`fiches` : à recompter en entier. `structures` : où se recompte ce qui porte sur tout le centre."""

    fiches: set[int] = field(default_factory=set)
    structures: set[int] = field(default_factory=set)


def touchees(changements: Iterable[Changement]) -> Touchees:
    par_type: dict[str, set[int]] = {}
    for changement in changements:
        if changement.objet_type in CHEMINS:
            par_type.setdefault(changement.objet_type, set()).add(changement.objet_id)
    trouvees = Touchees()
    for objet_type, ids in par_type.items():
        chemin = CHEMINS[objet_type]
        for vers in chemin.fiches:
            trouvees.fiches |= _atteints(chemin.modele, ids, vers)
        if chemin.structure:
            trouvees.structures |= _atteints(chemin.modele, ids, chemin.structure)
    if trouvees.structures:
        trouvees.fiches |= _quittees(par_type, trouvees.structures)
    return trouvees


def _atteints(modele: type[models.Model], ids: set[int], chemin: str) -> set[int]:
    lus = modele._default_manager.filter(pk__in=ids, **{f"{chemin}__isnull": False}).order_by()
    return set(lus.values_list(chemin, flat=True).distinct())


def _quittees(par_type: dict[str, set[int]], structures: set[int]) -> set[int]:
    """Les fiches qui comptaient encore, au dernier calcul, ce qui vient d'être rattaché ailleurs."""
    suivies = FicheCalculee.objects.filter(fiche__projet__structure__in=structures).order_by("pk")
    return {
        fiche
        for fiche, sources in suivies.values_list("fiche", "sources")
        if any(par_type.get(objet_type, set()) & {*ids} for objet_type, ids in sources.items())
    }


class ConsommateurCalcul:
    nom = "calcul"

    def traiter(self, changements: Sequence[Changement]) -> None:
        trouvees = touchees(changements)
        centres: dict[int, Centre] = {}
        for fiche in _fiches(pk__in=trouvees.fiches):
            recalculer_fiche(fiche, centre=_centre(centres, fiche))
        du_centre = _fiches(projet__structure__in=trouvees.structures).exclude(pk__in=trouvees.fiches)
        for fiche in du_centre.filter(indicateurs__definition__perimetre=Perimetre.CENTRE).distinct():
            recalculer_fiche(fiche, _sur_tout_le_centre(fiche), centre=_centre(centres, fiche))

    def avant_de_montrer(self, objet: models.Model, changements: Sequence[Changement]) -> None:
        """Recompte cette fiche si des changements l'attendent : la page ne montre jamais un nombre dépassé."""
        if not isinstance(objet, FicheAction):
            return
        trouvees = touchees(changements)
        if objet.pk in trouvees.fiches:
            recalculer_fiche(objet)
        elif objet.projet.structure_id in trouvees.structures and (siens := _sur_tout_le_centre(objet)):
            recalculer_fiche(objet, siens)


def _fiches(**filtres: Any) -> models.QuerySet[FicheAction]:
    return FicheAction.objects.filter(**filtres).select_related("projet__structure").order_by("pk")


def _sur_tout_le_centre(fiche: FicheAction) -> list[Indicateur]:
    return list(fiche.indicateurs.filter(definition__perimetre=Perimetre.CENTRE).order_by("pk"))


def _centre(centres: dict[int, Centre], fiche: FicheAction) -> Centre:
    """Ses mots, lus une fois pour tout le lot."""
    return centres.setdefault(fiche.projet.structure_id, Centre(fiche.projet.structure))
