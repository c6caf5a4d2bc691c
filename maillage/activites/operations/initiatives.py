"""Ce que les habitants portent : accueillir une initiative, l'écrire, la suivre, défaire un pas."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from maillage.activites.choices import EtatInitiative
from maillage.activites.models import Initiative, SuiviDInitiative
from maillage.catalogue.operations.contenu import partenaires_nommes
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import date_longue
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.projets.models import FicheAction
from maillage.territoire.models import Structure

E = EtatInitiative
SUITES: Final[dict[str, tuple[EtatInitiative, ...]]] = {
    E.IDEE: (E.EN_MONTAGE, E.ABANDONNEE),
    E.EN_MONTAGE: (E.REALISEE, E.ABANDONNEE),
    E.REALISEE: (E.EN_MONTAGE,),
    E.ABANDONNEE: (E.EN_MONTAGE,),
}
"""État → ceux qui peuvent suivre (docs/statuts.md)."""


@transaction.atomic
def accueillir_initiative(
    structure: Structure, champs: dict[str, Any], *, partenaires: Iterable[str] = (), par: Utilisateur
) -> Initiative:
    """Naît à l'état d'idée ; sa naissance est sa première date."""
    initiative = Initiative.objects.create(structure=structure, **champs)
    initiative.partenaires.set(partenaires_nommes(partenaires).values())
    initiative.suivis.create(le=initiative.nee_le, etat=E.IDEE, par=par)
    _noter(initiative, "accueillir_initiative", "a accueilli", par)
    return initiative


@transaction.atomic
def modifier_initiative(
    initiative: Initiative,
    champs: dict[str, Any],
    *,
    version_lue: int,
    partenaires: Iterable[str] | None = None,
    par: Utilisateur,
) -> None:
    """`partenaires` : leurs noms, ou rien pour n'y pas toucher. Sa naissance corrigée, sa première date la suit.

    Lève `ConflitDeVersion`.
    """
    fiche_d_avant: FicheAction | None = initiative.fiche
    enregistrer(initiative, version_lue=version_lue, **champs)
    naissance = initiative.suivis.order_by("pk").first()
    if naissance is not None and naissance.le != initiative.nee_le and naissance.etat == E.IDEE:
        initiative.suivis.filter(pk=naissance.pk).update(le=initiative.nee_le)
    if partenaires is not None:
        initiative.partenaires.set(partenaires_nommes(partenaires).values())
    _noter(initiative, "modifier_initiative", "a modifié", par)
    if fiche_d_avant is not None and fiche_d_avant.pk != initiative.fiche_id:
        noter_changement(fiche_d_avant, "modifier_initiative")  # elle ne la compte plus


@transaction.atomic
def suivre_initiative(
    initiative: Initiative, *, le: date, etat: str = "", mot: str = "", par: Utilisateur
) -> SuiviDInitiative:
    """Une date de plus : un rendez-vous, ou un état nouveau. Lève `GesteRefuse`."""
    tenue = (
        Initiative.objects.select_for_update(of=("self",)).select_related("structure").get(pk=initiative.pk)
    )
    if etat and etat not in SUITES[tenue.etat]:
        raise GesteRefuse("Cette initiative a changé d’état entre-temps. Relisez-la, puis recommencez.")
    if etat and le > timezone.localdate(timezone=tenue.structure.fuseau):
        raise GesteRefuse("Un nouvel état se note le jour où il arrive. Choisissez un jour passé.")
    if le < tenue.nee_le:
        raise GesteRefuse(f"L’initiative est née le {date_longue(tenue.nee_le)}. Choisissez un jour après.")
    suivi = tenue.suivis.create(le=le, etat=etat, mot=mot.strip(), par=par)
    if etat:
        enregistrer(initiative, version_lue=tenue.version, etat=etat)
    fait = f"a noté « {E(etat).label} » pour" if etat else "a noté un rendez-vous pour"
    _noter(initiative, "suivre_initiative", fait, par)
    return suivi


@transaction.atomic
def defaire_le_suivi(suivi: SuiviDInitiative, *, par: Utilisateur) -> None:
    """Retire le dernier pas noté ; l'initiative revient à l'état d'avant. Lève `GesteRefuse`."""
    tenue = Initiative.objects.select_for_update().get(pk=suivi.initiative_id)
    notes = list(tenue.suivis.order_by("-pk"))
    if len(notes) < 2 or notes[0].pk != suivi.pk:
        raise GesteRefuse("Seul le dernier pas noté se retire. Retirez d’abord ceux d’après.")
    notes.pop(0).delete()
    etat = next((un.etat for un in notes if un.etat), E.IDEE)
    enregistrer(tenue, version_lue=tenue.version, etat=etat)
    _noter(tenue, "defaire_le_suivi", "a retiré le dernier pas de", par)


def _noter(initiative: Initiative, acte: str, fait: str, par: Utilisateur) -> None:
    phrase = f"{par.get_full_name()} {fait} l’initiative « {initiative} »."
    journaliser(initiative, acte, phrase, par=par)
    noter_changement(initiative, acte)
