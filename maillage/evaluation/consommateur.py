"""Un nombre suit ce qui le change : lire les changements, recompter les fiches qu'ils touchent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.utils import timezone

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
from maillage.evaluation.calcul import Centre, periodes
from maillage.evaluation.calcul.portee.bornes import DU_COMPTOIR
from maillage.evaluation.choices import Mesure, Perimetre
from maillage.evaluation.models import FicheCalculee
from maillage.evaluation.operations import recalculer_fiche, recalculer_fiches
from maillage.evaluation.operations.calcul import SOURCES, Recompte
from maillage.personnes.models import Foyer, Personne, Provenance
from maillage.projets.choices import Calendrier
from maillage.projets.models import BilanDeFiche, FicheAction, Indicateur, ProjetSocial
from maillage.territoire.models import Structure


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
        Chemin(FicheAction, ("pk",), "projet__structure"),
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
        Chemin(Structure, (), "pk"),  # des heures sans activité, retirées
    )
}


TOUTES: Final = frozenset(Mesure)
DU_BENEVOLAT: Final = frozenset({Mesure.BENEVOLES, Mesure.HEURES_BENEVOLAT})
CHANGENT: Final = {
    type_objet(Passage): DU_COMPTOIR,
    type_objet(HeuresDeBenevolat): DU_BENEVOLAT,
    type_objet(Structure): DU_BENEVOLAT,
    type_objet(Seance): TOUTES - DU_COMPTOIR - {Mesure.INITIATIVES},
}
"""Les seules mesures que ce changement peut changer ; les autres types les touchent toutes."""
CHANGENT_AU_CENTRE: Final = {type_objet(FicheAction): frozenset({Mesure.PARTENAIRES})}
"""Ce qu'il change hors de sa fiche, quand c'est moins : d'une action, le centre ne compte que les partenaires."""


@dataclass
class Touchees:
    """`fiches` : à recompter, pour ces mesures. `structures` : où se recompte ce qui porte sur tout le centre."""

    fiches: dict[int, frozenset[Mesure]] = field(default_factory=dict)
    structures: dict[int, frozenset[Mesure]] = field(default_factory=dict)


def touchees(changements: Iterable[Changement]) -> Touchees:
    par_type: dict[str, set[int]] = {}
    for changement in changements:
        if changement.objet_type in CHEMINS:
            par_type.setdefault(changement.objet_type, set()).add(changement.objet_id)
    trouvees = Touchees()
    for objet_type, ids in par_type.items():
        chemin, mesures = CHEMINS[objet_type], CHANGENT.get(objet_type, TOUTES)
        for vers in chemin.fiches:
            _ajouter(trouvees.fiches, _atteints(chemin.modele, ids, vers), mesures)
        if chemin.structure:
            au_centre = CHANGENT_AU_CENTRE.get(objet_type, mesures)
            _ajouter(trouvees.structures, _atteints(chemin.modele, ids, chemin.structure), au_centre)
    if trouvees.structures:
        _ajouter(trouvees.fiches, _quittees(par_type, trouvees.structures), TOUTES)
    return trouvees


def _ajouter(tenues: dict[int, frozenset[Mesure]], ids: set[int], mesures: frozenset[Mesure]) -> None:
    for pk in ids:
        tenues[pk] = tenues.get(pk, frozenset()) | mesures


def _atteints(modele: type[models.Model], ids: set[int], chemin: str) -> set[int]:
    lus = modele._default_manager.filter(pk__in=ids, **{f"{chemin}__isnull": False}).order_by()
    return set(lus.values_list(chemin, flat=True).distinct())


def _quittees(par_type: dict[str, set[int]], structures: Iterable[int]) -> set[int]:
    """Les fiches qui comptaient encore, au dernier calcul, ce qui vient d'être rattaché ailleurs."""
    if not any(objet_type in par_type for objet_type in map(type_objet, SOURCES)):
        return set()
    suivies = FicheCalculee.objects.filter(fiche__projet__structure__in=structures).order_by("pk")
    return {
        fiche
        for fiche, sources in suivies.values_list("fiche", "sources")
        if any(par_type.get(objet_type, set()) & {*ids} for objet_type, ids in sources.items())
    }


class ConsommateurCalcul:
    nom = "calcul"

    def __init__(self) -> None:
        self._heure = ""

    def preparer(self) -> None:
        """À chaque heure nouvelle, car minuit n'est pas partout au même instant : une année qui commence se compte
        sans attendre une saisie."""
        if self._heure == (heure := f"{timezone.now():%F %H}"):
            return
        self._heure = heure
        centres: dict[int, Centre] = {}
        for fiche in _fiches(calcul__isnull=False).select_related("calcul"):
            if _une_annee_a_commence(fiche, fiche.calcul.calculee_le):
                recalculer_fiche(fiche, centre=_centre(centres, fiche))

    def traiter(self, changements: Sequence[Changement]) -> None:
        trouvees = touchees(changements)
        concernees = _fiches(pk__in=trouvees.fiches) | _fiches(
            projet__structure__in=trouvees.structures,
            pk__in=Indicateur.objects.filter(_QUI_LISENT_TOUT_LE_CENTRE).values("fiche"),
        )
        par_centre: dict[int, list[Recompte]] = {}
        for fiche in concernees:
            if recompte := _a_recompter(fiche, trouvees):
                par_centre.setdefault(fiche.projet.structure_id, []).append(recompte)
        for recomptes in par_centre.values():
            recalculer_fiches(recomptes, centre=Centre(recomptes[0][0].projet.structure))

    def avant_de_montrer(self, objet: models.Model, changements: Sequence[Changement]) -> None:
        """Recompte cette fiche si des changements l'attendent : la page ne montre jamais un nombre dépassé."""
        if isinstance(objet, FicheAction) and (recompte := _a_recompter(objet, touchees(changements))):
            recalculer_fiche(*recompte)


def _a_recompter(fiche: FicheAction, trouvees: Touchees) -> Recompte | None:
    """Ses indicateurs dont une mesure a pu changer, et eux seuls ; rien quand aucune n'a pu."""
    ici = trouvees.fiches.get(fiche.pk, frozenset())
    au_centre = trouvees.structures.get(fiche.projet.structure_id, frozenset())
    if ici == TOUTES:
        return fiche, None
    siens = [
        indicateur
        for indicateur in fiche.indicateurs.order_by("pk")
        if _mesures(indicateur) & (ici | au_centre if _lit_tout_le_centre(indicateur) else ici)
    ]
    if not siens:
        return None
    deja = FicheCalculee.objects.filter(fiche=fiche).first()
    tous = deja is not None and _une_annee_a_commence(fiche, deja.calculee_le)
    return fiche, None if tous else siens


def _une_annee_a_commence(fiche: FicheAction, depuis: datetime) -> bool:
    """Civile, scolaire ou du projet : aucun changement ne le dit."""
    return any(une.debut > depuis for calendrier in Calendrier for une in periodes(calendrier, fiche.projet))


_QUI_LISENT_TOUT_LE_CENTRE: Final = (
    models.Q(definition__perimetre=Perimetre.CENTRE)
    | models.Q(definition__mesures__icontains=Mesure.NOUVELLES_PERSONNES.value)
    | models.Q(definition__base__icontains=Mesure.NOUVELLES_PERSONNES.value)
)


def _lit_tout_le_centre(indicateur: Indicateur) -> bool:
    """Une personne n'est plus nouvelle dès qu'une autre action l'a reçue avant la période."""
    du_centre = indicateur.definition.get("perimetre") == Perimetre.CENTRE
    return du_centre or Mesure.NOUVELLES_PERSONNES in _mesures(indicateur)


def _mesures(indicateur: Indicateur) -> set[str]:
    """Celles qu'il compte, et celles dont il suit l'évolution."""
    return {*indicateur.definition.get("mesures", ()), *indicateur.definition.get("base", ())}


def _fiches(**filtres: Any) -> models.QuerySet[FicheAction]:
    return FicheAction.objects.filter(**filtres).select_related("projet__structure").order_by("pk")


def _centre(centres: dict[int, Centre], fiche: FicheAction) -> Centre:
    """Ses mots, lus une fois pour tout le lot."""
    return centres.setdefault(fiche.projet.structure_id, Centre(fiche.projet.structure))
