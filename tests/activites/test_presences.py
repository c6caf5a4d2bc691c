"""Noter une venue : ce qui est refusé, ce qui compte une fois, ce que le journal ne dit pas."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.choices import Cadre, EtatSeance, RoleDePresence
from maillage.activites.models import Seance
from maillage.activites.operations.presences import (
    Ecart,
    FeuilleRefusee,
    MotImprudent,
    Venues,
    accueillir_a_la_seance,
    ecrire_le_mot,
    noter_venues,
    reprendre_la_feuille,
    rouvrir_feuille,
    terminer_feuille,
)
from maillage.core.models import Changement, LigneJournal
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import Personne
from maillage.personnes.operations import reunir_personnes
from maillage.territoire.models import Structure
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.fabriques import DepartementFactory
from tests.personnes.fabriques import PersonneFactory

pytestmark = pytest.mark.django_db
PARTICIPANT = RoleDePresence.PARTICIPANT.value


@pytest.fixture
def seance(distribution: Distribution) -> Seance:
    activite = ActiviteFactory(structure=distribution.deux_ponts, animateurs=[distribution.bruno])
    une: Seance = SeanceFactory(activite=activite)
    return une


def personne(seance: Seance, **champs: object) -> Personne:
    une: Personne = PersonneFactory(structure=seance.activite.structure, **champs)
    return une


# --- Ce qui est refusé ------------------------------------------------------------------------------


def test_une_seance_annulee_ne_recoit_personne(seance: Seance, distribution: Distribution) -> None:
    Seance.objects.filter(pk=seance.pk).update(etat=EtatSeance.ANNULEE)
    with pytest.raises(FeuilleRefusee, match="annulée"):
        noter_venues(seance, Venues({personne(seance).pk: PARTICIPANT}), par=distribution.bruno)


def test_une_seance_de_demain_ne_recoit_personne(seance: Seance, distribution: Distribution) -> None:
    demain = timezone.now() + timedelta(days=1)
    Seance.objects.filter(pk=seance.pk).update(debut=demain, fin=demain + timedelta(hours=1))
    with pytest.raises(FeuilleRefusee, match="pas encore eu lieu"):
        terminer_feuille(seance, par=distribution.bruno)


def test_une_feuille_terminee_refuse_jusqu_a_ce_qu_on_la_rouvre(
    seance: Seance, distribution: Distribution
) -> None:
    terminer_feuille(seance, par=distribution.bruno)
    venue = Venues({personne(seance).pk: PARTICIPANT}, envoi=uuid4())
    with pytest.raises(FeuilleRefusee, match="Rouvrez-la"):
        noter_venues(seance, venue, par=distribution.bruno)
    rouvrir_feuille(seance, par=distribution.bruno)
    noter_venues(seance, venue, par=distribution.bruno)
    assert seance.presences.count() == 1


def test_un_laep_ne_note_aucun_nom(seance: Seance, distribution: Distribution) -> None:
    type(seance.activite).objects.filter(pk=seance.activite_id).update(cadre=Cadre.LAEP)
    with pytest.raises(FeuilleRefusee, match="sans nom"):
        noter_venues(seance, Venues({personne(seance).pk: PARTICIPANT}), par=distribution.bruno)
    with pytest.raises(FeuilleRefusee, match="sans nom"):
        accueillir_a_la_seance(seance, "Samir", "Ezzine", par=distribution.bruno)
    assert not seance.presences.exists() and not Personne.objects.filter(prenom="Samir").exists()
    noter_venues(seance, Venues(sans_nom=[Ecart("0_5", "femmes", PARTICIPANT, 3)]), par=distribution.bruno)
    assert seance.venues_sans_nom.get().nombre == 3


@pytest.mark.parametrize("etat", [EtatPersonne.LIMITEE, EtatPersonne.EFFACEE, EtatPersonne.FUSIONNEE])
def test_une_personne_gelee_ou_effacee_n_est_pas_notee(
    etat: EtatPersonne, seance: Seance, distribution: Distribution
) -> None:
    noter_venues(seance, Venues({personne(seance, etat=etat).pk: PARTICIPANT}), par=distribution.bruno)
    assert not seance.presences.exists()


def test_une_personne_d_un_autre_centre_n_est_pas_notee(seance: Seance, distribution: Distribution) -> None:
    ailleurs = PersonneFactory(structure=distribution.quatre_vents)
    noter_venues(seance, Venues({ailleurs.pk: PARTICIPANT}), par=distribution.bruno)
    assert not seance.presences.exists()


def test_un_mot_qui_nomme_un_enfant_demande_une_relecture(seance: Seance, distribution: Distribution) -> None:
    PresenceFactory(seance=seance, personne=personne(seance, prenom="Rose"))
    with pytest.raises(MotImprudent, match="Rose"):
        ecrire_le_mot(seance, "Rose a pleuré.", lu="", par=distribution.bruno)
    ecrire_le_mot(seance, "Un bouquet de fleurs rose.", lu="", par=distribution.bruno)
    seance.refresh_from_db()
    assert seance.mot == "Un bouquet de fleurs rose."
    ecrire_le_mot(seance, "Rose, la couleur.", lu=seance.mot, est_relu=True, par=distribution.bruno)


def test_un_mot_change_par_une_collegue_n_est_pas_ecrase(seance: Seance, distribution: Distribution) -> None:
    ecrire_le_mot(seance, "Prévoir une table.", lu="", par=distribution.amina)
    with pytest.raises(FeuilleRefusee, match="Réunissez"):
        ecrire_le_mot(seance, "Prévoir du goûter.", lu="", par=distribution.bruno)
    seance.refresh_from_db()
    assert seance.mot == "Prévoir une table."


# --- Ce qui compte ----------------------------------------------------------------------------------


def test_noter_une_venue_tient_la_seance_et_dit_l_age(seance: Seance, distribution: Distribution) -> None:
    venue = personne(seance, naissance=seance.jour.year - 12, vue_le=seance.jour - timedelta(days=90))
    noter_venues(seance, Venues({venue.pk: "bénévole"}), par=distribution.bruno)
    notee = seance.presences.get()
    assert (notee.role, notee.age, notee.notee_par) == ("bénévole", 12, distribution.bruno)
    seance.refresh_from_db()
    venue.refresh_from_db()
    assert (seance.etat, venue.vue_le) == (EtatSeance.TENUE, seance.jour)
    assert Changement.objects.filter(objet_type="activites.seance", objet_id=seance.pk).exists()


def test_l_age_se_prend_l_annee_ou_la_seance_se_tient_la_ou_elle_se_tient(distribution: Distribution) -> None:
    """Le 31 décembre à 23 h 30 UTC, c'est déjà le 1er janvier à La Réunion."""
    la_bas = Structure.objects.get(pk=distribution.deux_ponts.pk)
    Structure.objects.filter(pk=la_bas.pk).update(
        departement=DepartementFactory(code="974", nom="La Réunion")
    )
    une = SeanceFactory(
        activite=ActiviteFactory(structure_id=la_bas.pk, structure=Structure.objects.get(pk=la_bas.pk)),
        debut=datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
    )
    noter_venues(une, Venues({personne(une, naissance=2000).pk: PARTICIPANT}), par=distribution.amina)
    assert une.presences.get().age == 26


def test_un_envoi_repete_compte_une_fois_meme_apres_une_correction(
    seance: Seance, distribution: Distribution
) -> None:
    une = personne(seance)
    envoi = Venues({une.pk: PARTICIPANT}, [Ecart("18_25", "", PARTICIPANT, 2)], envoi=uuid4())
    noter_venues(seance, envoi, par=distribution.bruno)
    noter_venues(seance, envoi, par=distribution.bruno)
    assert (seance.presences.count(), seance.venues_sans_nom.get().nombre) == (1, 2)
    noter_venues(seance, Venues({une.pk: ""}), par=distribution.amina)
    noter_venues(seance, envoi, par=distribution.bruno)  # le réseau de Bruno revient
    assert (seance.presences.count(), seance.venues_sans_nom.get().nombre) == (0, 2)


def test_deux_personnes_sur_la_meme_feuille_ne_perdent_rien(
    seance: Seance, distribution: Distribution
) -> None:
    une, autre = personne(seance), personne(seance)
    noter_venues(seance, Venues({une.pk: PARTICIPANT}, envoi=uuid4()), par=distribution.bruno)
    noter_venues(seance, Venues({autre.pk: "parent"}, envoi=uuid4()), par=distribution.amina)
    assert dict(seance.presences.values_list("personne", "role")) == {une.pk: PARTICIPANT, autre.pk: "parent"}


def test_changer_de_role_garde_la_presence(seance: Seance, distribution: Distribution) -> None:
    une = personne(seance)
    noter_venues(seance, Venues({une.pk: PARTICIPANT}), par=distribution.bruno)
    premiere = seance.presences.get().pk
    noter_venues(seance, Venues({une.pk: "intervenant"}), par=distribution.bruno)
    assert (seance.presences.get().pk, seance.presences.get().role) == (premiere, "intervenant")


def test_une_case_ne_descend_pas_sous_zero(seance: Seance, distribution: Distribution) -> None:
    for nombre in (2, -5, 1):
        noter_venues(seance, Venues(sans_nom=[Ecart("", "", PARTICIPANT, nombre)]), par=distribution.bruno)
    assert seance.venues_sans_nom.get().nombre == 1


def test_le_journal_dit_combien_et_jamais_qui(seance: Seance, distribution: Distribution) -> None:
    une = personne(seance, prenom="Zélie", nom="Quentinvaux")
    noter_venues(seance, Venues({une.pk: PARTICIPANT}, envoi=uuid4()), par=distribution.bruno)
    accueillir_a_la_seance(seance, "Zélie", "Quentinvaux", autre_que={une.pk}, par=distribution.bruno)
    lignes = list(LigneJournal.objects.filter(structure_id=seance.activite.structure_id).values())
    assert "a noté 1\u00a0présence." in [ligne["phrase"].removeprefix("Bruno Castel ") for ligne in lignes]
    assert "Zélie" not in str(lignes) and "Quentinvaux" not in str(lignes)


def test_reprendre_la_seance_d_avant_garde_les_roles_et_passe_les_personnes_effacees(
    seance: Seance, distribution: Distribution
) -> None:
    avant = SeanceFactory(activite=seance.activite, debut=seance.debut - timedelta(days=7))
    PresenceFactory(seance=avant, role="bénévole")
    PresenceFactory(seance=avant)
    PresenceFactory(seance=avant, personne=personne(seance, etat=EtatPersonne.EFFACEE))
    reprendre_la_feuille(seance, par=distribution.bruno)
    assert sorted(seance.presences.values_list("role", flat=True)) == ["bénévole", PARTICIPANT]
    assert reprendre_la_feuille(seance, par=distribution.bruno) == 1  # l'effacée, que rien ne note
    assert seance.presences.count() == 2


def test_la_page_ne_dit_reprises_que_les_presences_notees(
    seance: Seance, distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    avant = SeanceFactory(activite=seance.activite, debut=seance.debut - timedelta(days=7))
    PresenceFactory(seance=avant)
    PresenceFactory(seance=avant, personne=personne(seance, etat=EtatPersonne.EFFACEE))
    geste = reverse("feuille_geste", args=[seance.pk, "reprendre"])
    page = client_de("bruno").post(geste, follow=True).content.decode()
    assert "1\u00a0présence de la séance d’avant" in page


def test_rien_a_reprendre_se_dit(seance: Seance, distribution: Distribution) -> None:
    with pytest.raises(FeuilleRefusee, match="séance d’avant"):
        reprendre_la_feuille(seance, par=distribution.bruno)


def test_terminer_note_ce_qui_reste_et_signe(seance: Seance, distribution: Distribution) -> None:
    terminer_feuille(seance, Venues({personne(seance).pk: PARTICIPANT}), par=distribution.bruno)
    seance.refresh_from_db()
    assert (seance.etat, seance.feuille_close_par, seance.presences.count()) == (
        EtatSeance.TENUE,
        distribution.bruno,
        1,
    )


# --- Une fiche réunie pendant que la feuille était ouverte ------------------------------------------


def test_cochee_sur_la_fiche_reunie_la_venue_va_a_la_fiche_gardee(
    seance: Seance, distribution: Distribution
) -> None:
    gardee, entre, reunie = (personne(seance) for _ in range(3))
    reunir_personnes(entre, reunie, par=distribution.ines)
    reunir_personnes(gardee, entre, par=distribution.ines)
    noter_venues(seance, Venues({reunie.pk: PARTICIPANT}, envoi=uuid4()), par=distribution.bruno)
    assert [une.personne for une in seance.presences.all()] == [gardee]
    noter_venues(seance, Venues({reunie.pk: ""}, envoi=uuid4()), par=distribution.bruno)
    assert not seance.presences.exists()


def test_cochee_sur_une_fiche_et_decochee_sur_l_autre_la_personne_est_venue(
    seance: Seance, distribution: Distribution
) -> None:
    gardee, reunie = personne(seance), personne(seance)
    reunir_personnes(gardee, reunie, par=distribution.ines)
    for lues in ({gardee.pk: "", reunie.pk: PARTICIPANT}, {reunie.pk: "", gardee.pk: PARTICIPANT}):
        noter_venues(seance, Venues(lues, envoi=uuid4()), par=distribution.bruno)
        assert seance.presences.get().personne == gardee
    deux_roles = {gardee.pk: RoleDePresence.BENEVOLE.value, reunie.pk: PARTICIPANT}
    noter_venues(seance, Venues(deux_roles, envoi=uuid4()), par=distribution.bruno)
    assert seance.presences.get().role == RoleDePresence.BENEVOLE
