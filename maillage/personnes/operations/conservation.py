"""Chaque jour : annoncer trente jours avant, effacer ce qui est dû, par lots, et reprendre après un arrêt."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.conservation import faire_le_menage
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import SYSTEME, journaliser
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.conservation import JOURS_AVANT_D_ANNONCER, JOURS_GARDES
from maillage.personnes.models import AvisDeConservation, Personne
from maillage.personnes.operations.droits import oublier_les_vieilles_consultations
from maillage.personnes.operations.effacement import effacer_personne
from maillage.territoire.choices import FormeGestionnaire

LOT: Final = 200
PREAVIS: Final = timedelta(days=JOURS_GARDES - JOURS_AVANT_D_ANNONCER)
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
    revenues = [
        avis.pk
        for avis in AvisDeConservation.objects.select_related("personne")
        if avis.personne.vue_le > avis.annonce_le - timedelta(days=JOURS_AVANT_D_ANNONCER)
    ]
    return AvisDeConservation.objects.filter(pk__in=revenues).delete()[0]


def annoncer_les_effacements(jour: date) -> int:
    """Un avis par personne sans signe de vie depuis 700 jours ; l'effacement suit de trente jours au moins."""
    limite = jour - timedelta(days=JOURS_AVANT_D_ANNONCER)
    dues = Personne.objects.filter(etat__in=SUIVIES, vue_le__lte=limite, avis_de_conservation=None)
    avis = [
        AvisDeConservation(
            personne=personne,
            annonce_le=jour,
            efface_le=max(personne.vue_le + timedelta(days=JOURS_GARDES), jour + PREAVIS),
            visa_demande=est_aux_archives_publiques(personne),
        )
        for personne in dues.select_related("structure__gestionnaire").order_by("pk")
    ]
    with transaction.atomic():
        AvisDeConservation.objects.bulk_create(avis, batch_size=LOT, ignore_conflicts=True)
    return len(avis)


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
def noter_le_visa(avis: AvisDeConservation, *, par: Utilisateur) -> None:
    """Les archives ont répondu oui. Lève `GesteRefuse` si elles n'avaient rien à dire."""
    if not avis.visa_demande or avis.visa_donne_le:
        raise GesteRefuse("Cette fiche n’attend pas de visa.")
    avis.visa_donne_le = timezone.localdate()
    avis.save(update_fields=["visa_donne_le"])
    phrase = f"{par.get_full_name()} a noté le visa des archives pour une fiche."
    journaliser(avis.personne, "noter_le_visa", phrase, par=par)
