"""Qui intervient à une séance, et les partenaires dans les mots du centre."""

from collections.abc import Iterable

from django.db import transaction

from maillage.activites.models import Intervention, PartenaireDuCentre, Seance
from maillage.activites.operations.journal import noter
from maillage.catalogue.operations.contenu import partenaires_nommes
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import date_longue
from maillage.core.journal import journaliser
from maillage.territoire.models import Partenaire


@transaction.atomic
def noter_intervention(
    seance: Seance, *, partenaire: str = "", nom: str = "", est_formee: bool = False, par: Utilisateur
) -> Intervention:
    """Un partenaire par son nom (créé s'il est nouveau), une intervenante, ou les deux. Lève `GesteRefuse`."""
    Seance.objects.select_for_update().get(pk=seance.pk)
    trouve = _partenaire(seance, partenaire)
    if trouve is None and not nom.strip():
        raise GesteRefuse("Dites quel partenaire est venu, ou qui est intervenu.")
    if trouve is not None and seance.interventions.filter(partenaire=trouve).exists():
        raise GesteRefuse(f"« {trouve} » est déjà noté à cette séance.")
    notee = Intervention.objects.create(
        seance=seance, partenaire=trouve, nom=" ".join(nom.split()), est_formee=est_formee
    )
    _noter(seance, "noter_intervention", "a noté une intervention", par)
    return notee


@transaction.atomic
def retirer_intervention(intervention: Intervention, *, par: Utilisateur) -> None:
    seance = intervention.seance
    if Intervention.objects.filter(pk=intervention.pk).delete()[0]:
        _noter(seance, "retirer_intervention", "a ôté une intervention", par)


@transaction.atomic
def dire_les_genres(connu: PartenaireDuCentre, *, genres: Iterable[str], par: Utilisateur) -> None:
    """« association », « entreprise » : les mots du centre, une fois chacun."""
    connu.genres = list(dict.fromkeys(genre.strip() for genre in genres if genre.strip()))
    connu.save(update_fields=["genres"])
    phrase = f"{par.get_full_name()} a dit ce qu’est le partenaire « {connu.partenaire} »."
    journaliser(connu, "dire_les_genres", phrase, par=par)
    noter_changement(connu, "dire_les_genres")


def _partenaire(seance: Seance, nom: str) -> Partenaire | None:
    trouve = next(iter(partenaires_nommes([nom]).values()), None)
    if trouve is not None:
        PartenaireDuCentre.objects.get_or_create(structure=seance.activite.structure, partenaire=trouve)
    return trouve


def _noter(seance: Seance, acte: str, fait: str, par: Utilisateur) -> None:
    phrase = f"{fait} à la séance du {date_longue(seance.jour)}"
    noter(seance.activite, acte, phrase, par=par, seances=[seance])
