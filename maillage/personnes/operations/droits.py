"""Les droits d'une personne sur ce que le centre sait d'elle : recevoir une demande, y répondre, geler, dégeler."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import Acteur, journaliser
from maillage.personnes.choices import EtatDemandeDeDroits, EtatPersonne, GenreDemandeDeDroits
from maillage.personnes.models import Consultation, DemandeDeDroits, Personne
from maillage.personnes.operations.personnes import noter

ENTRE_DEUX_CONSULTATIONS = timedelta(hours=1)
GARDE_D_UNE_CONSULTATION = timedelta(days=365)


@transaction.atomic
def recevoir_demande_de_droits(
    personne: Personne, genre: GenreDemandeDeDroits, *, recue_le: date, par: Utilisateur
) -> DemandeDeDroits:
    """L'échéance est d'un mois, jour pour jour (RGPD, article 12)."""
    if recue_le > timezone.localdate():
        raise GesteRefuse("Une demande ne se reçoit pas dans l’avenir. Corrigez la date.")
    demande = DemandeDeDroits.objects.create(
        structure=personne.structure,
        personne=personne,
        genre=genre,
        recue_le=recue_le,
        echeance=_dans_un_mois(recue_le),
    )
    _journaliser(demande, "recevoir_demande_de_droits", "a reçu une demande", par)
    return demande


@transaction.atomic
def repondre_a_la_demande(
    demande: DemandeDeDroits, etat: EtatDemandeDeDroits, reponse: str, *, par: Acteur
) -> None:
    """Satisfaite, ou rejetée avec la raison. Lève `GesteRefuse`."""
    tenue = DemandeDeDroits.objects.select_for_update().get(pk=demande.pk)
    if tenue.etat != EtatDemandeDeDroits.RECUE:
        raise GesteRefuse("Quelqu’un a déjà répondu à cette demande.")
    if etat == EtatDemandeDeDroits.REJETEE and not reponse.strip():
        raise GesteRefuse("Un refus se motive : écrivez la raison que la personne recevra.")
    tenue.etat, tenue.reponse = etat, reponse
    tenue.close_le, tenue.close_par_id = timezone.now(), par.pk
    tenue.save(update_fields=["etat", "reponse", "close_le", "close_par"])
    _journaliser(tenue, "repondre_a_la_demande", "a répondu à une demande", par)


@transaction.atomic
def geler_personne(personne: Personne, *, par: Utilisateur) -> None:
    """Plus aucune liste ne la propose. Seule la direction ouvre encore sa fiche."""
    _changer_d_etat(personne, EtatPersonne.ACTIVE, EtatPersonne.LIMITEE)
    noter(personne, "geler_personne", f"{par.get_full_name()} a gelé une fiche.", par=par)


@transaction.atomic
def degeler_personne(personne: Personne, *, par: Utilisateur) -> None:
    _changer_d_etat(personne, EtatPersonne.LIMITEE, EtatPersonne.ACTIVE)
    noter(personne, "degeler_personne", f"{par.get_full_name()} a levé le gel d’une fiche.", par=par)


def _changer_d_etat(personne: Personne, de: EtatPersonne, vers: EtatPersonne) -> None:
    if not Personne.objects.filter(pk=personne.pk, etat=de).update(etat=vers):
        raise GesteRefuse("La fiche a changé depuis. Rechargez la page.")
    personne.refresh_from_db()


def noter_une_consultation(personne: Personne, *, par: Utilisateur) -> None:
    """Journal de lecture : une ligne par personne qui regarde et par heure. Aucun contenu."""
    depuis = timezone.now() - ENTRE_DEUX_CONSULTATIONS
    if not Consultation.objects.filter(personne=personne, par=par, le__gte=depuis).exists():
        Consultation.objects.create(personne=personne, par=par)


def oublier_les_vieilles_consultations() -> int:
    anciennes = Consultation.objects.filter(le__lt=timezone.now() - GARDE_D_UNE_CONSULTATION)
    return anciennes.delete()[0]


def _journaliser(demande: DemandeDeDroits, acte: str, fait: str, par: Acteur) -> None:
    genre = GenreDemandeDeDroits(demande.genre).label.lower()
    journaliser(demande, acte, f"{par.get_full_name()} {fait} de droits : {genre}.", par=par)


def _dans_un_mois(jour: date) -> date:
    annee, mois = (jour.year, jour.month + 1) if jour.month < 12 else (jour.year + 1, 1)
    dernier = (date(annee + mois // 12, mois % 12 + 1, 1) - timedelta(days=1)).day
    return date(annee, mois, min(jour.day, dernier))
