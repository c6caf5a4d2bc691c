"""La vie d'une structure : fermée, reprise par une autre, portée par un autre gestionnaire. Rien ne s'efface."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from maillage.core.changements import noter_changement
from maillage.core.francais import date_longue
from maillage.core.journal import Acteur, journaliser
from maillage.core.versions import enregistrer
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Gestion, Gestionnaire, Structure


class StructureRefusee(Exception):
    """L'acte ne va pas avec ce qu'est la structure aujourd'hui ; le message dit pourquoi et quoi faire."""


@transaction.atomic
def fermer_structure(structure: Structure, *, le: date, version_lue: int, par: Acteur) -> None:
    """Ferme sans repreneur. La page et les expériences restent. Lève `StructureRefusee`, `ConflitDeVersion`."""
    _exiger_ouverte(structure)
    _exiger_passe(le)
    enregistrer(structure, version_lue=version_lue, etat=EtatStructure.FERMEE, fermee_le=le)
    _acte(structure, "fermer_structure", f"« {structure} » a fermé le {date_longue(le)}.", par=par)


@transaction.atomic
def fusionner_structures(
    structure: Structure, *, dans: Structure, le: date, version_lue: int, par: Acteur
) -> list[int]:
    """`dans` reprend `structure`, et celles que `structure` avait reprises : leurs numéros sont rendus.

    Lève `StructureRefusee` (fermée, ou la même), `ConflitDeVersion`.
    """
    _exiger_ouverte(structure)
    _exiger_ouverte(dans)
    _exiger_passe(le)
    if structure.pk == dans.pk:
        raise StructureRefusee("Une structure ne se reprend pas elle-même. Choisissez-en une autre.")
    siennes = Structure.objects.filter(remplacee_par=structure).order_by("pk")
    suivantes = [suivante.pk for suivante in siennes]
    for suivante in siennes:
        _reprendre(suivante, dans)
    enregistrer(
        structure, version_lue=version_lue, etat=EtatStructure.FERMEE, fermee_le=le, remplacee_par=dans
    )
    phrase = f"« {dans} » a repris « {structure} » le {date_longue(le)}."
    _acte(structure, "fusionner_structures", phrase, par=par)
    _acte(dans, "fusionner_structures", phrase, par=par)
    return suivantes


@transaction.atomic
def rouvrir_structure(structure: Structure, *, etat: str, suivantes: list[int], par: Acteur) -> None:
    """Défait une fermeture ou une fusion : la structure retrouve son état et celles qu'elle avait reprises.

    Lève `StructureRefusee`.
    """
    if structure.etat != EtatStructure.FERMEE:
        raise StructureRefusee(f"« {structure} » est déjà ouverte.")
    reprise_par = structure.remplacee_par
    enregistrer(structure, version_lue=structure.version, etat=etat, fermee_le=None, remplacee_par=None)
    for suivante in Structure.objects.filter(pk__in=suivantes, remplacee_par=reprise_par).order_by("pk"):
        _reprendre(suivante, structure)
    phrase = f"La fermeture de « {structure} » est défaite."
    if reprise_par is not None:
        phrase = f"« {structure} » est de nouveau séparée de « {reprise_par} »."
        _acte(reprise_par, "rouvrir_structure", phrase, par=par)
    _acte(structure, "rouvrir_structure", phrase, par=par)


@transaction.atomic
def changer_gestionnaire(
    structure: Structure, gestionnaire: Gestionnaire, *, du: date, version_lue: int, par: Acteur
) -> Gestion:
    """Un autre porte la structure à partir de ce jour. Lève `StructureRefusee`, `ConflitDeVersion`."""
    _exiger_ouverte(structure)
    _exiger_passe(du)
    if structure.gestionnaire_id == gestionnaire.pk:
        raise StructureRefusee(f"« {gestionnaire} » porte déjà cette structure.")
    tenir_la_gestion(structure)
    actuelle = structure.gestions.filter(au=None).first()
    if actuelle is not None:
        if actuelle.du is not None and du <= actuelle.du:
            raise StructureRefusee(
                f"« {actuelle.gestionnaire} » la porte depuis le {date_longue(actuelle.du)}. "
                "Choisissez un jour plus récent."
            )
        actuelle.au = du - timedelta(days=1)
        actuelle.save(update_fields=["au"])
    gestion = Gestion.objects.create(structure=structure, gestionnaire=gestionnaire, du=du)
    enregistrer(structure, version_lue=version_lue, gestionnaire=gestionnaire)
    phrase = f"« {gestionnaire} » porte « {structure} » depuis le {date_longue(du)}."
    _acte(structure, "changer_gestionnaire", phrase, par=par)
    return gestion


@transaction.atomic
def annuler_changement_de_gestionnaire(structure: Structure, *, version_lue: int, par: Acteur) -> None:
    """Remet celui d'avant, comme si rien n'avait changé. Lève `StructureRefusee`, `ConflitDeVersion`."""
    _exiger_ouverte(structure)
    lignes = list(structure.gestions.select_related("gestionnaire").order_by("-pk")[:2])
    if len(lignes) < 2 or lignes[0].au is not None:
        raise StructureRefusee("Aucun changement de gestionnaire n’est à défaire.")
    derniere, precedente = lignes
    parti = derniere.gestionnaire
    derniere.delete()
    precedente.au = None
    precedente.save(update_fields=["au"])
    enregistrer(structure, version_lue=version_lue, gestionnaire=precedente.gestionnaire)
    phrase = (
        f"Le passage de « {structure} » à « {parti} » est défait : « {precedente.gestionnaire} » la porte."
    )
    _acte(structure, "annuler_changement_de_gestionnaire", phrase, par=par)


def tenir_la_gestion(structure: Structure) -> None:
    """La ligne d'aujourd'hui dit le gestionnaire de la fiche : une correction la corrige, sans nouvelle date."""
    actuelle = structure.gestions.filter(au=None).first()
    if structure.gestionnaire is None:
        if actuelle is not None:
            actuelle.delete()
    elif actuelle is None:
        Gestion.objects.create(structure=structure, gestionnaire=structure.gestionnaire)
    elif actuelle.gestionnaire_id != structure.gestionnaire_id:
        actuelle.gestionnaire = structure.gestionnaire
        actuelle.save(update_fields=["gestionnaire"])


def _reprendre(structure: Structure, par: Structure) -> None:
    enregistrer(structure, version_lue=structure.version, remplacee_par=par)
    noter_changement(structure, "fusionner_structures")


def _exiger_ouverte(structure: Structure) -> None:
    if structure.etat == EtatStructure.FERMEE:
        raise StructureRefusee(f"« {structure} » est fermée. Rouvrez-la d’abord, ou choisissez-en une autre.")


def _exiger_passe(jour: date) -> None:
    if jour > timezone.localdate():
        raise StructureRefusee("Ce jour n’est pas encore venu. Notez-le quand ce sera fait.")


def _acte(structure: Structure, acte: str, phrase: str, *, par: Acteur) -> None:
    journaliser(structure, acte, phrase, par=par, structure_id=structure.pk)
    noter_changement(structure, acte)
