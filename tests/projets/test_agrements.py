"""Soumettre un projet, noter la réponse de la Caf, et revenir quand on s'est trompé."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import EtatDemandeAgrement, EtatProjet
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.agrements import (
    archiver_projet,
    clore_l_evaluation,
    commencer_projet,
    noter_la_decision,
    noter_une_demande_de_la_caf,
    reprendre_projet,
    retirer_la_demande,
    revenir_a_l_etat_d_avant,
    soumettre_projet,
)
from maillage.projets.regles import regle_du, regles
from maillage.projets.verification import manques
from maillage.territoire.choices import TypeAgrement
from maillage.territoire.models import Agrement
from tests.distribution import Distribution
from tests.projets.fabriques import ProjetSocialFactory, ProjetSpecifiqueFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
AGC, ACF, AL = TypeAgrement.ANIMATION_GLOBALE, TypeAgrement.ANIMATION_FAMILLES, TypeAgrement.ANIMATION_LOCALE


def _soumettre(
    projet: ProjetSocial, d: Distribution, *types: str, deposee_le: date = date(2024, 10, 1)
) -> None:
    soumettre_projet(
        projet, types=types or [AGC], regle_qui_vaut="circulaire_2012", deposee_le=deposee_le, par=d.amina
    )


def _accorder(projet: ProjetSocial, d: Distribution, type_demande: str = AGC) -> None:
    noter_la_decision(
        projet.demandes.get(type=type_demande, etat=EtatDemandeAgrement.DEPOSEE),
        est_accordee=True,
        decidee_le=date(2024, 12, 12),
        du=projet.du,
        au=projet.au,
        par=d.amina,
    )


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


def test_un_centre_ne_demande_pas_l_agrement_d_un_espace_de_vie_sociale(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    with pytest.raises(ValidationError):
        _soumettre(projet, distribution, AL)
    with pytest.raises(ValidationError):
        _soumettre(projet, distribution, "inconnu")
    assert not projet.demandes.exists()


def test_un_projet_ne_se_soumet_pas_deux_fois(projet: ProjetSocial, distribution: Distribution) -> None:
    _soumettre(projet, distribution)
    with pytest.raises(GesteRefuse):
        _soumettre(projet, distribution)
    assert projet.demandes.count() == 1


def test_une_decision_ne_precede_pas_le_depot(projet: ProjetSocial, distribution: Distribution) -> None:
    _soumettre(projet, distribution)
    with pytest.raises(ValidationError, match="après le dépôt"):
        noter_la_decision(
            projet.demandes.get(),
            est_accordee=False,
            decidee_le=date(2024, 9, 1),
            motif="Incomplet",
            par=distribution.amina,
        )


def test_un_depot_a_venir_ne_se_note_pas(projet: ProjetSocial, client_de: Callable[[str], Client]) -> None:
    """Il fermerait le dossier à toute décision jusqu'à ce jour-là."""
    demain = timezone.localdate() + timedelta(days=1)
    donnees = {"types": [AGC], "regle": "circulaire_2025", "deposee_le": f"{demain}", "cle": "a" * 32}
    refus = client_de("amina").post(reverse("agrement_soumettre", args=[projet.pk]), donnees)
    assert refus.status_code == 422 and "pas encore venu" in refus.text
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.PREPARATION and not projet.demandes.exists()


def test_completer_le_dossier_corrige_un_jour_de_depot_trop_tardif(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    _soumettre(projet, distribution, deposee_le=date(2024, 12, 20))
    for depot, garde in ((date(2024, 11, 4), date(2024, 11, 4)), (date(2025, 1, 6), date(2024, 11, 4))):
        noter_une_demande_de_la_caf(projet, mot="La date du dépôt", par=distribution.amina)
        _soumettre(projet, distribution, deposee_le=depot)
        assert projet.demandes.get().deposee_le == garde, "la demande ouverte garde le plus ancien"


def test_une_decision_a_venir_ne_se_note_pas(projet: ProjetSocial, distribution: Distribution) -> None:
    _soumettre(projet, distribution)
    with pytest.raises(ValidationError, match="pas encore venu"):
        noter_la_decision(
            projet.demandes.get(),
            est_accordee=False,
            decidee_le=timezone.localdate() + timedelta(days=400),
            motif="Incomplet",
            par=distribution.amina,
        )


def test_un_refus_dit_sa_raison(projet: ProjetSocial, distribution: Distribution) -> None:
    _soumettre(projet, distribution)
    refuser = {"est_accordee": False, "decidee_le": date(2024, 12, 1), "par": distribution.amina}
    with pytest.raises(ValidationError, match="raison"):
        noter_la_decision(projet.demandes.get(), **refuser)
    noter_la_decision(projet.demandes.get(), motif="Budget incomplet", **refuser)
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.REFUSE and not Agrement.objects.exists()
    reprendre_projet(projet, par=distribution.amina)
    assert projet.etat == EtatProjet.PREPARATION


def test_un_agrement_de_cinq_ans_n_existe_pas(projet: ProjetSocial, distribution: Distribution) -> None:
    _soumettre(projet, distribution)
    with pytest.raises(ValidationError, match="quatre ans"):
        noter_la_decision(
            projet.demandes.get(),
            est_accordee=True,
            decidee_le=date(2024, 12, 1),
            du=date(2025, 1, 1),
            au=date(2029, 12, 31),
            par=distribution.amina,
        )
    assert not Agrement.objects.exists()


def test_la_vie_entiere_d_un_projet(projet: ProjetSocial, distribution: Distribution) -> None:
    _soumettre(projet, distribution, AGC, ACF)
    _accorder(projet, distribution, AGC)
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.SOUMIS, "une demande attend encore"
    _accorder(projet, distribution, ACF)
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.AGREE
    assert {(a.type, a.du, a.au) for a in projet.structure.agrements.all()} == {
        (AGC, projet.du, projet.au),
        (ACF, projet.du, projet.au),
    }
    for pas, etat in (
        (commencer_projet, EtatProjet.EN_COURS),
        (clore_l_evaluation, EtatProjet.EVALUE),
        (archiver_projet, EtatProjet.ARCHIVE),
    ):
        pas(projet, par=distribution.amina)
        assert projet.etat == etat
    with pytest.raises(GesteRefuse):
        commencer_projet(projet, par=distribution.amina)


def test_on_revient_pas_a_pas_jusqu_au_debut(projet: ProjetSocial, distribution: Distribution) -> None:
    """Deux envois : revenir défait chaque pas une seule fois, et ce qu'il avait posé."""
    _soumettre(projet, distribution)
    noter_une_demande_de_la_caf(projet, mot="Le budget", par=distribution.amina)
    _soumettre(projet, distribution, AGC, ACF)
    assert projet.demandes.count() == 2, "la demande ouverte n'est pas déposée deux fois"
    _accorder(projet, distribution, AGC)
    _accorder(projet, distribution, ACF)
    projet.refresh_from_db()
    commencer_projet(projet, par=distribution.amina)
    vus = []
    for _ in range(6):
        revenir_a_l_etat_d_avant(projet, par=distribution.amina)
        vus.append(EtatProjet(projet.etat))
    assert vus == [
        EtatProjet.AGREE,
        EtatProjet.SOUMIS,
        EtatProjet.SOUMIS,
        EtatProjet.A_COMPLETER,
        EtatProjet.SOUMIS,
        EtatProjet.PREPARATION,
    ]
    assert not Agrement.objects.exists()
    assert set(projet.demandes.values_list("etat", flat=True)) == {EtatDemandeAgrement.RETIREE}
    with pytest.raises(GesteRefuse, match="rien à défaire"):
        revenir_a_l_etat_d_avant(projet, par=distribution.amina)


def test_la_seule_demande_ne_se_retire_pas(projet: ProjetSocial, distribution: Distribution) -> None:
    _soumettre(projet, distribution, AGC, ACF)
    retirer_la_demande(projet.demandes.get(type=ACF), par=distribution.amina)
    with pytest.raises(GesteRefuse, match="seule demande"):
        retirer_la_demande(projet.demandes.get(type=AGC), par=distribution.amina)


def test_une_demande_refusee_au_tour_d_avant_ne_laisse_pas_retirer_la_seule(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    _soumettre(projet, distribution)
    noter_la_decision(
        projet.demandes.get(),
        est_accordee=False,
        decidee_le=date(2024, 12, 12),
        motif="Budget incomplet",
        par=distribution.amina,
    )
    projet.refresh_from_db()
    reprendre_projet(projet, par=distribution.amina)
    _soumettre(projet, distribution, AGC, ACF)
    retirer_la_demande(projet.demandes.get(type=ACF), par=distribution.amina)
    with pytest.raises(GesteRefuse, match="seule demande"):
        retirer_la_demande(projet.demandes.get(etat=EtatDemandeAgrement.DEPOSEE), par=distribution.amina)
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.SOUMIS


def test_la_regle_la_plus_recente_est_proposee() -> None:
    assert regle_du(date(2025, 12, 17)).cle == "circulaire_2012"
    assert regle_du(date(2025, 12, 18)).cle == "circulaire_2025"
    assert all(une.source for une in regles())


def test_la_regle_de_2025_ne_dit_que_ce_que_l_on_sait() -> None:
    regle = regle_du(date(2026, 6, 1))
    assert not regle.criteres and regle.inconnu


def test_le_volet_familles_se_rappelle_a_partir_de_2027(distribution: Distribution) -> None:
    projet = ProjetSocialFactory(structure=distribution.deux_ponts, au=date(2026, 12, 31))

    def rappels() -> list[str]:
        return [manque.phrase for manque in manques(projet, lire_arbre(projet)) if manque.source]

    assert rappels() == []
    projet.au = date(2027, 12, 31)
    assert rappels() == ["À partir de 2027, le projet social d’un centre a un volet familles."]
    ProjetSpecifiqueFactory(projet=projet)
    assert rappels() == []


def test_les_manques_avertissent_et_n_empechent_rien(
    projet: ProjetSocial, client_de: Callable[[str], Client]
) -> None:
    adresse = reverse("agrement_soumettre", args=[projet.pk])
    page = client_de("amina").get(adresse).content.decode()
    assert "6\xa0fiches sans pilote" in page and "1\xa0fiche sans axe" in page
    donnees = {"types": [AGC, ACF], "regle": "circulaire_2025", "deposee_le": "2026-02-01", "cle": "a" * 32}
    assert client_de("amina").post(adresse, donnees).status_code == 302
    assert {demande.regle for demande in projet.demandes.all()} == {"circulaire_2025"}


def test_la_reponse_se_note_et_se_defait_a_l_ecran(
    projet: ProjetSocial, distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    _soumettre(projet, distribution)
    amina = client_de("amina")
    adresse = reverse("demande_decision", args=[projet.demandes.get().pk])
    incomplet = amina.post(adresse, {"reponse": "refusee", "decidee_le": "2024-12-01"})
    assert incomplet.status_code == 422 and "raison" in incomplet.content.decode()
    donnees = {"reponse": "accordee", "decidee_le": "2024-12-01", "du": "2025-01-01", "au": "2028-12-31"}
    amina.post(adresse, donnees)
    assert projet.structure.agrements.count() == 1
    amina.post(reverse("agrement_pas", args=[projet.pk, "revenir"]))
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.SOUMIS and not projet.structure.agrements.exists()


@pytest.mark.parametrize(("prenom", "lit"), [("bruno", 200), ("denis", 404)])
def test_seule_la_direction_conduit(
    projet: ProjetSocial,
    distribution: Distribution,
    client_de: Callable[[str], Client],
    prenom: str,
    lit: int,
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    _soumettre(projet, distribution)
    client = client_de(prenom)
    assert client.get(reverse("agrement", args=[projet.pk])).status_code == lit
    assert client.post(reverse("agrement_pas", args=[projet.pk, "revenir"])).status_code == 404
    assert client.get(reverse("demande_decision", args=[projet.demandes.get().pk])).status_code == 404
