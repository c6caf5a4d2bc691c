"""Le rétroplanning en iCalendar (RFC 5545) : des titres et des jours, aucun nom de personne."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

from maillage.projets.models import ProjetSocial


def en_ical(projet: ProjetSocial) -> bytes:
    """Une journée entière par tâche. Faite, elle reste, barrée d'une coche : l'agenda dit aussi ce qui est passé."""
    agenda = Calendar()
    agenda.add("prodid", "-//Maillage//Rétroplanning//FR")
    agenda.add("version", "2.0")
    agenda.add("x-wr-calname", f"{projet.nom}, {projet.structure.nom}")
    agenda.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    page = settings.MAILLAGE_URL + reverse("retroplanning", args=[projet.pk])
    domaine = settings.MAILLAGE_URL.partition("://")[2].partition(":")[0]
    for tache in projet.taches.order_by("echeance", "pk"):
        evenement = Event()
        evenement.add("uid", f"tache-{tache.pk}@{domaine}")
        evenement.add("dtstamp", tache.modifie_le)
        evenement.add("last-modified", tache.modifie_le)
        evenement.add("sequence", tache.version)
        evenement.add("dtstart", tache.echeance)
        evenement.add("dtend", tache.echeance + timedelta(days=1))
        evenement.add("summary", f"✓ {tache.titre}" if tache.faite_le else tache.titre)
        evenement.add("url", page)
        evenement.add("transp", "TRANSPARENT")
        agenda.add_component(evenement)
    return agenda.to_ical()
