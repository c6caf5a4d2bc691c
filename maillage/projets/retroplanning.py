"""Le rétroplanning d'un projet : sa fin, et les étapes qui comptent à rebours depuis elle."""

from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import Q

from maillage.projets.choices import EtatDemandeAgrement
from maillage.projets.models import EtapeRetroplanning, ProjetSocial
from maillage.projets.referentiels import PAR_DEFAUT, Referentiel, livre, referentiel_de
from maillage.territoire.choices import GenreInstitution
from maillage.territoire.models import Institution, Structure


@dataclass(frozen=True, slots=True)
class Modele:
    """`source` : qui dit ces étapes."""

    source: str
    etapes: tuple[EtapeRetroplanning, ...]


def fin_de_l_agrement(projet: ProjetSocial) -> date:
    """Celle du dernier agrément accordé à ce projet ; à défaut, son dernier jour."""
    accordees = projet.demandes.filter(etat=EtatDemandeAgrement.ACCORDEE).select_related("agrement")
    return max((demande.agrement.au for demande in accordees if demande.agrement), default=projet.au)


def mois_plus_tot(jour: date, mois: int) -> date:
    """Le même jour, des mois plus tôt ; le dernier du mois quand il n'existe pas."""
    rang = jour.year * 12 + jour.month - 1 - mois
    annee, mois_du_rang = divmod(rang, 12)
    return date(annee, mois_du_rang + 1, min(jour.day, monthrange(annee, mois_du_rang + 1)[1]))


def modele_commun() -> Modele:
    """Ce que dit le référentiel que Maillage apporte."""
    return _modele(livre(PAR_DEFAUT))


def modele_de(projet: ProjetSocial) -> Modele:
    """Les étapes de la Caf de la structure, si elle les a dites ; sinon celles du référentiel que suit le projet."""
    caf = _caf_de(projet.structure)
    if caf is None:
        return _modele(referentiel_de(projet))
    return Modele(caf.nom, tuple(caf.etapes_retroplanning.all()))


def _modele(referentiel: Referentiel) -> Modele:
    """Un référentiel sans calendrier laisse celui que Maillage apporte."""
    suivi = referentiel if referentiel.calendrier else livre(PAR_DEFAUT)
    etapes = (EtapeRetroplanning(**asdict(etape)) for etape in suivi.calendrier)
    return Modele(suivi.source_du_calendrier, tuple(etapes))


def _caf_de(structure: Structure) -> Institution | None:
    """La Caf du département qui a dit ses étapes."""
    ici = Q(departements=structure.departement_id)
    if structure.departement is not None:
        ici |= Q(regions=structure.departement.region_id)
    cafs = Institution.objects.filter(ici, genre=GenreInstitution.CAF, etapes_retroplanning__isnull=False)
    return cafs.distinct().order_by("nom", "pk").first()
