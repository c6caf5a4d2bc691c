"""Les séances en iCalendar (RFC 5545) : des instants, en temps universel ; l'agenda de chacun dit son heure."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

from maillage.activites.choices import EtatSeance
from maillage.activites.models import Seance


def en_ical(nom: str, seances: Iterable[Seance], *, est_prive: bool = False) -> bytes:
    """`est_prive` : l'agenda de l'équipe dit aussi le thème, et mène à la séance. Annulée, elle est dite annulée.

    Préchargez `avec_leur_activite`.
    """
    agenda = Calendar()
    agenda.add("prodid", "-//Maillage//Agenda//FR")
    agenda.add("version", "2.0")
    agenda.add("x-wr-calname", nom)
    agenda.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for seance in seances:
        agenda.add_component(_evenement(seance, est_prive))
    return agenda.to_ical()


def _evenement(seance: Seance, est_prive: bool) -> Event:
    activite = seance.activite
    evenement = Event()
    evenement.add("uid", f"seance-{seance.pk}@{_domaine()}")
    evenement.add("dtstamp", seance.modifie_le)
    evenement.add("last-modified", seance.modifie_le)
    evenement.add("sequence", seance.version)
    evenement.add("dtstart", seance.debut.astimezone(UTC))
    evenement.add("dtend", seance.fin.astimezone(UTC))
    evenement.add("summary", activite.titre)
    evenement.add("location", ", ".join(un for un in (seance.ou, activite.structure.nom) if un))
    evenement.add("url", _page(seance, est_prive))
    if seance.etat == EtatSeance.ANNULEE:
        evenement.add("status", "CANCELLED")
    theme = f"Thème : {seance.theme}" if est_prive and seance.theme else ""
    if description := "\n\n".join(un for un in (theme, activite.description) if un):
        evenement.add("description", description)
    return evenement


def _page(seance: Seance, est_prive: bool) -> str:
    if est_prive:
        return settings.MAILLAGE_URL + reverse("seance", args=[seance.pk])
    return f"{settings.MAILLAGE_URL}{reverse('agenda')}?centre={seance.activite.structure.slug}"


def _domaine() -> str:
    return settings.MAILLAGE_URL.partition("://")[2].partition(":")[0]
