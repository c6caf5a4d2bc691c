"""Chaque jour : annoncer trente jours avant, effacer ce qui est dû, par lots, et reprendre après un arrêt."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.conservation import faire_le_menage
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import SYSTEME, journaliser
from maillage.personnes.choices import JOURS_GARDES, EtatPersonne
from maillage.personnes.conservation import PREAVIS
from maillage.personnes.durees import DUREES, dire, jours_gardes
from maillage.personnes.models import AvisDeConservation, DureeDeConservation, Personne
from maillage.personnes.operations.droits import oublier_les_vieilles_consultations
from maillage.personnes.operations.effacement import effacer_personne
from maillage.territoire.choices import FormeGestionnaire
from maillage.territoire.models import Structure

LOT: Final = 200
SUIVIES: Final = (EtatPersonne.ACTIVE, EtatPersonne.LIMITEE)


def appliquer_la_conservation(aujourd_hui: date | None = None) -> dict[str, int]:
    """Chaque personne dans sa transaction : tué au milieu, le travail reprend où il en était."""
    jour = aujourd_hui or timezone.localdate()
    return {
        "leves": lever_les_avis_de_qui_est_revenu(),
        "annonces": annoncer_les_effacements(jour),
        "effacees": effacer_les_echues(jour),
        "menage": faire_le_menage(jour),
        "consultations": oublier_les_vieilles_consultations(),
    }


@transaction.atomic
def lever_les_avis_de_qui_est_revenu() -> int:
    """Un signe de vie depuis l'annonce remet la durée à zéro."""
    durees = _durees()
    revenues = [
        avis.pk
        for avis in AvisDeConservation.objects.select_related("personne")
        if avis.personne.vue_le
        > avis.annonce_le - timedelta(days=durees[avis.personne.structure_id] - PREAVIS)
    ]
    return AvisDeConservation.objects.filter(pk__in=revenues).delete()[0]


def annoncer_les_effacements(jour: date) -> int:
    """Un avis par personne sans signe de vie depuis 700 jours, ou moins si son centre garde moins longtemps ;
    l'effacement suit de trente jours au moins."""
    durees = _durees()
    echues = Q(vue_le__lte=jour - timedelta(days=JOURS_GARDES - PREAVIS))
    for structure, jours in durees.items():
        echues |= Q(structure=structure, vue_le__lte=jour - timedelta(days=jours - PREAVIS))
    dues = Personne.objects.filter(echues, etat__in=SUIVIES, avis_de_conservation=None)
    avis = [
        AvisDeConservation(
            personne=personne,
            annonce_le=jour,
            efface_le=max(
                personne.vue_le + timedelta(days=durees[personne.structure_id]),
                jour + timedelta(days=PREAVIS),
            ),
            visa_demande=est_aux_archives_publiques(personne),
        )
        for personne in dues.select_related("structure__gestionnaire").order_by("pk")
    ]
    with transaction.atomic():
        AvisDeConservation.objects.bulk_create(avis, batch_size=LOT, ignore_conflicts=True)
    return len(avis)


def _durees() -> defaultdict[int, int]:
    """Centre → jours gardés ; deux ans pour qui n'a rien raccourci."""
    fixees = DureeDeConservation.objects.values_list("structure", "jours").order_by()
    return defaultdict(lambda: JOURS_GARDES, fixees)


def est_aux_archives_publiques(personne: Personne) -> bool:
    """Un centre porté par une commune ne détruit rien sans le visa des archives (code du patrimoine, L212-2)."""
    gestionnaire = personne.structure.gestionnaire
    return gestionnaire is not None and gestionnaire.forme == FormeGestionnaire.COMMUNE


def effacer_les_echues(jour: date) -> int:
    """Par lots, sans jamais revenir sur qui attend un visa."""
    dues = AvisDeConservation.objects.filter(efface_le__lte=jour).exclude(
        visa_demande=True, visa_donne_le=None
    )
    effacees = 0
    while lot := list(dues.select_related("personne").order_by("efface_le", "pk")[:LOT]):
        for avis in lot:
            effacer_personne(avis.personne, raison="conservation", par=SYSTEME)
            effacees += 1
    return effacees


@transaction.atomic
def fixer_la_duree(structure: Structure, jours: int, *, par: Utilisateur) -> None:
    """Le centre garde ses fiches moins longtemps. Les avis suivent au prochain passage quotidien.

    On ne rallonge pas : la durée a été dite aux personnes. Seule une erreur du jour se corrige, au plus jusqu'à ce
    que l'on gardait le matin, au jour du centre. Lève `GesteRefuse`.
    """
    if jours not in DUREES:
        raise GesteRefuse("Choisissez une durée de la liste : deux ans au plus.")
    Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
    actuelle = jours_gardes(structure.pk)
    if jours == actuelle:
        return
    zone = structure.fuseau
    minuit = datetime.combine(timezone.localdate(timezone=zone), time.min, zone)
    du_jour = DureeDeConservation.objects.filter(structure=structure, fixee_le__gte=minuit).first()
    avant = du_jour.jours_avant if du_jour else actuelle
    if jours > avant:
        raise GesteRefuse(
            f"Une durée ne se rallonge pas : les personnes savent que leur fiche part après {dire(avant)}."
        )
    DureeDeConservation.objects.update_or_create(
        structure=structure,
        defaults={"jours": jours, "jours_avant": avant, "fixee_par": par, "fixee_le": timezone.now()},
    )
    phrase = f"{par.get_full_name()} a fixé à {dire(jours)} la durée de conservation des fiches."
    journaliser(structure, "fixer_la_duree", phrase, par=par)


@transaction.atomic
def noter_le_visa(avis: AvisDeConservation, *, par: Utilisateur) -> None:
    """Les archives ont répondu oui. Lève `GesteRefuse` si elles n'avaient rien à dire."""
    if not avis.visa_demande or avis.visa_donne_le:
        raise GesteRefuse("Cette fiche n’attend pas de visa.")
    avis.visa_donne_le = timezone.localdate()
    avis.save(update_fields=["visa_donne_le"])
    phrase = f"{par.get_full_name()} a noté le visa des archives pour une fiche."
    journaliser(avis.personne, "noter_le_visa", phrase, par=par)
