"""La vie d'une fiche qu'un centre écrit : commencée, envoyée, reprise, abandonnée, rouverte.

Refaire un geste déjà fait ne change rien : un double clic, un envoi rejoué ou deux collègues à la fois n'ouvrent
qu'un brouillon et n'envoient qu'une fois.
"""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.catalogue.brouillon import ce_qui_manque
from maillage.catalogue.choices import EtatContribution, EtatExperience, GenreContribution
from maillage.catalogue.models import Contribution, Experience
from maillage.catalogue.operations.contenu import code_libre
from maillage.catalogue.operations.sauvegardes import journaliser_les_seances, verrouiller
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.courrier import poster, reprendre
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.moderation.choices import GenreDemande
from maillage.moderation.operations import deposer_demande, retirer_demande
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Structure

REDIGEES = (GenreContribution.NOUVELLE, GenreContribution.REVISION)
EN_COURS = (EtatContribution.EN_ECRITURE, EtatContribution.SOUMISE, EtatContribution.A_REPRENDRE)


class EnvoiIncomplet(GesteRefuse):
    """Il manque de quoi lire la fiche. `champs` : où écrire."""

    def __init__(self, champs: list[str]) -> None:
        super().__init__("La fiche n’est pas partie : il lui manque de quoi être lue.")
        self.champs = champs


@transaction.atomic
def commencer_fiche(structure: Structure, *, par: Utilisateur) -> Contribution:
    """Ouvre un brouillon. Tant que rien n'y est écrit, recommencer rend le même. Lève `GesteRefuse`."""
    structure = Structure.objects.select_for_update().get(pk=structure.pk)
    if structure.etat == EtatStructure.FERMEE:
        raise GesteRefuse(f"« {structure.nom} » est fermé : on n’y commence plus de fiche.")
    vierge: Contribution | None = Contribution.objects.filter(
        experience__structure=structure,
        auteur=par,
        genre=GenreContribution.NOUVELLE,
        etat=EtatContribution.EN_ECRITURE,
        contenu={},
    ).first()
    if vierge is not None:
        return vierge
    experience = Experience.objects.create(
        code=code_libre(), slug="brouillon", titre="", etat=EtatExperience.BROUILLON, structure=structure
    )
    contribution = Contribution.objects.create(
        experience=experience, genre=GenreContribution.NOUVELLE, auteur=par
    )
    _noter(contribution, "commencer_fiche", f"a commencé une fiche pour « {structure.nom} ».", par=par)
    return contribution


def reviser_experience(experience: Experience, *, par: Utilisateur) -> Contribution:
    """Ouvre une révision, ou rejoint ce qui s'écrit déjà. La fiche en ligne ne bouge pas. Lève `GesteRefuse`."""
    try:
        with transaction.atomic():
            if (ouverte := _en_cours(experience)) is not None:
                return ouverte
            experience.refresh_from_db(fields=["etat"])
            if experience.etat != EtatExperience.PUBLIEE:
                raise GesteRefuse("Cette fiche n’est plus en ligne : on ne peut pas la réviser.")
            contribution = Contribution.objects.create(
                experience=experience, genre=GenreContribution.REVISION, auteur=par
            )
            _noter(contribution, "reviser_experience", f"a ouvert une révision de « {experience} ».", par=par)
            return contribution
    except IntegrityError:  # une collègue l'a ouverte au même instant
        if (ouverte := _en_cours(experience)) is None:
            raise
        return ouverte


def _en_cours(experience: Experience) -> Contribution | None:
    trouvee: Contribution | None = Contribution.objects.filter(
        experience=experience, genre__in=REDIGEES, etat__in=EN_COURS
    ).first()
    return trouvee


@transaction.atomic
def soumettre_contribution(contribution: Contribution, *, par: Utilisateur, mot: str = "") -> Contribution:
    """Confie la fiche à la modération et écrit un accusé de réception. Lève `EnvoiIncomplet` ou `GesteRefuse`."""
    contribution = verrouiller(contribution)
    if contribution.etat == EtatContribution.SOUMISE:
        return contribution
    if not contribution.est_ouverte:
        raise GesteRefuse("Cette fiche n’est plus en écriture : elle a déjà été jugée, ou abandonnée.")
    if manques := ce_qui_manque(contribution):
        raise EnvoiIncomplet(manques)
    journaliser_les_seances(contribution)
    _passer(contribution, EtatContribution.SOUMISE, soumise_le=timezone.now(), mot=mot.strip())
    structure = contribution.experience.structure
    deposer_demande(
        contribution, genre=GenreDemande.FICHE, titre=contribution.titre, structure=structure, par=par
    )
    for personne in _a_prevenir(contribution, par):
        poster(
            personne.email,
            f"Votre fiche est bien arrivée : {contribution.titre}",
            "catalogue/courriels/fiche_envoyee.txt",
            {
                "prenom": personne.prenom,
                "contribution": contribution,
                "titre": contribution.titre,
                "structure": structure,
                "envoyee_par": "" if personne == par else par.get_full_name(),
            },
            objet=contribution,
        )
    _noter(contribution, "soumettre_contribution", f"a envoyé « {contribution} » à la modération.", par=par)
    return contribution


def _a_prevenir(contribution: Contribution, par: Utilisateur) -> Iterable[Utilisateur]:
    """Qui envoie, et qui avait commencé si c'est une autre personne."""
    auteur = contribution.auteur
    return [par, auteur] if auteur is not None and auteur != par and auteur.is_active else [par]


@transaction.atomic
def reprendre_contribution(contribution: Contribution, *, par: Utilisateur) -> Contribution:
    """La retire de la file avant tout avis, pour la changer. Lève `GesteRefuse`."""
    contribution = verrouiller(contribution)
    if contribution.etat == EtatContribution.EN_ECRITURE:
        return contribution
    if contribution.etat != EtatContribution.SOUMISE:
        raise GesteRefuse("La modération a déjà donné son avis sur cette fiche.")
    retirer_demande(contribution, par=par)
    reprendre(contribution)
    _passer(contribution, EtatContribution.EN_ECRITURE, soumise_le=None)
    _noter(contribution, "reprendre_contribution", f"a repris « {contribution} » pour la changer.", par=par)
    return contribution


@transaction.atomic
def abandonner_contribution(contribution: Contribution, *, par: Utilisateur) -> Contribution:
    """La range sans rien effacer : on peut la rouvrir. Lève `GesteRefuse`."""
    contribution = verrouiller(contribution)
    if contribution.etat == EtatContribution.ABANDONNEE:
        return contribution
    if not contribution.est_ouverte:
        raise GesteRefuse("Cette fiche est chez la modération. Reprenez-la d’abord.")
    journaliser_les_seances(contribution)
    retirer_demande(contribution, par=par)
    _passer(contribution, EtatContribution.ABANDONNEE)
    _noter(contribution, "abandonner_contribution", f"a abandonné « {contribution} ».", par=par)
    return contribution


def rouvrir_contribution(contribution: Contribution, *, par: Utilisateur) -> Contribution:
    """Revient à une fiche abandonnée. Lève `GesteRefuse` si une autre révision de la même fiche est ouverte."""
    try:
        with transaction.atomic():
            contribution = verrouiller(contribution)
            if contribution.etat == EtatContribution.EN_ECRITURE:
                return contribution
            if contribution.etat != EtatContribution.ABANDONNEE:
                raise GesteRefuse("Cette fiche n’a pas été abandonnée : il n’y a rien à rouvrir.")
            _passer(contribution, EtatContribution.EN_ECRITURE)
            _noter(contribution, "rouvrir_contribution", f"a rouvert « {contribution} ».", par=par)
    except IntegrityError:
        raise GesteRefuse("Une autre révision de cette fiche est déjà ouverte : rejoignez-la.") from None
    return contribution


@transaction.atomic
def dire_differente(contribution: Contribution, autre: int, *, par: Utilisateur) -> Contribution:
    """Retient que la fiche `autre`, pourtant proche, raconte autre chose : l'avertissement ne revient plus."""
    contribution = verrouiller(contribution)
    if autre in contribution.autres_que:
        return contribution
    enregistrer(contribution, version_lue=contribution.version, autres_que=[*contribution.autres_que, autre])
    journaliser(
        contribution,
        "dire_differente",
        f"{par.get_full_name()} a dit que « {contribution} » est une autre action qu’une fiche proche.",
        par=par,
        apres={"autre_que": autre},
        structure_id=contribution.experience.structure_id,
    )
    return contribution


def _passer(contribution: Contribution, etat: EtatContribution, **valeurs: Any) -> None:
    enregistrer(contribution, version_lue=contribution.version, etat=etat, **valeurs)


def _noter(contribution: Contribution, acte: str, suite: str, *, par: Utilisateur) -> None:
    journaliser(
        contribution,
        acte,
        f"{par.get_full_name()} {suite}",
        par=par,
        structure_id=contribution.experience.structure_id,
    )
    noter_changement(contribution, acte)
