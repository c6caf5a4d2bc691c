"""La vie d'une demande : un seul geste l'emporte, et chacun se défait tant que personne n'est prévenu."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.core.models import Changement, LigneJournal
from maillage.moderation.choices import EtatDemande, GenreDemande, Geste
from maillage.moderation.models import Decision, Demande, Note
from maillage.moderation.operations import (
    DejaEnMain,
    GesteImpossible,
    annuler_decision,
    decider,
    deposer_demande,
    noter,
    prendre_en_main,
    rendre,
    retirer_demande,
)
from tests.distribution import Distribution
from tests.fabriques import ContributionFactory, DemandeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demande(distribution: Distribution) -> Demande:
    demande: Demande = DemandeFactory(structure=distribution.deux_ponts)
    return demande


# --- Refus -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("geste", [Geste.DEMANDER, Geste.REFUSER])
def test_demander_et_refuser_disent_leur_raison(
    distribution: Distribution, demande: Demande, geste: Geste
) -> None:
    with pytest.raises(GesteImpossible, match="raison"):
        decider(demande, geste, par=distribution.lea, motif="  ")
    assert Demande.objects.get().etat == EtatDemande.EN_ATTENTE


def test_une_demande_ne_se_decide_qu_une_fois(distribution: Distribution, demande: Demande) -> None:
    copie = Demande.objects.get(pk=demande.pk)
    decider(demande, Geste.ACCEPTER, par=distribution.lea)
    with pytest.raises(GesteImpossible, match="déjà été traitée"):
        decider(copie, Geste.REFUSER, par=distribution.nadia, motif="Hors sujet")
    assert Decision.objects.get().geste == Geste.ACCEPTER


def test_on_ne_decide_ni_ne_prend_ce_qu_une_autre_examine(
    distribution: Distribution, demande: Demande
) -> None:
    prendre_en_main(demande, par=distribution.lea)
    for essai in (
        lambda: decider(demande, Geste.ACCEPTER, par=distribution.nadia),
        lambda: prendre_en_main(demande, par=distribution.nadia),
    ):
        with pytest.raises(DejaEnMain, match="Léa Roussel examine cette demande"):
            essai()
    assert Demande.objects.get().prise_par == distribution.lea


@pytest.mark.parametrize("etat", [EtatDemande.ACCEPTEE, EtatDemande.PRECISION, EtatDemande.SANS_OBJET])
def test_on_ne_prend_pas_en_main_ce_qui_n_attend_plus(distribution: Distribution, etat: EtatDemande) -> None:
    demande = DemandeFactory(etat=etat)
    with pytest.raises(GesteImpossible, match="déjà été traitée"):
        prendre_en_main(demande, par=distribution.lea)
    assert Demande.objects.get().prise_par is None


def test_on_ne_defait_pas_une_decision_annoncee(distribution: Distribution, demande: Demande) -> None:
    decision = decider(demande, Geste.ACCEPTER, par=distribution.lea)
    Decision.objects.update(le=timezone.now() - timedelta(minutes=10))
    decision.refresh_from_db()
    with pytest.raises(GesteImpossible, match="prévenu"):
        annuler_decision(decision, par=distribution.lea)
    assert Demande.objects.get().etat == EtatDemande.ACCEPTEE


def test_on_ne_defait_ni_deux_fois_ni_apres_une_suite(distribution: Distribution, demande: Demande) -> None:
    premiere = decider(demande, Geste.DEMANDER, par=distribution.lea, motif="Quel public ?")
    annuler_decision(Decision.objects.get(), par=distribution.lea)
    with pytest.raises(GesteImpossible):
        annuler_decision(premiere, par=distribution.lea)
    seconde = decider(demande, Geste.DEMANDER, par=distribution.lea, motif="Quel public ?")
    Demande.objects.update(etat=EtatDemande.EN_ATTENTE)  # l'auteur a répondu
    with pytest.raises(GesteImpossible, match="une autre l’a suivie"):
        annuler_decision(seconde, par=distribution.lea)
    assert Decision.objects.get(pk=seconde.pk).annulee_le is None


# --- Les gestes --------------------------------------------------------------------------------------
def test_une_demande_abandonnee_vingt_minutes_se_reprend(
    distribution: Distribution, demande: Demande
) -> None:
    prendre_en_main(demande, par=distribution.lea)
    Demande.objects.update(prise_le=timezone.now() - timedelta(minutes=21))
    prendre_en_main(demande, par=distribution.nadia)
    assert Demande.objects.get().prise_par == distribution.nadia


def test_en_prendre_une_rend_la_precedente_et_rien_de_ce_qu_ont_les_autres(
    distribution: Distribution,
) -> None:
    premiere, deuxieme, troisieme = (DemandeFactory() for _ in range(3))
    prendre_en_main(troisieme, par=distribution.nadia)
    prendre_en_main(premiere, par=distribution.lea)
    prendre_en_main(deuxieme, par=distribution.lea)
    tenues = dict(Demande.objects.values_list("pk", "prise_par"))
    assert tenues == {
        premiere.pk: None,
        deuxieme.pk: distribution.lea.pk,
        troisieme.pk: distribution.nadia.pk,
    }


def test_rendre_ne_rend_que_la_sienne(distribution: Distribution, demande: Demande) -> None:
    prendre_en_main(demande, par=distribution.lea)
    rendre(demande, par=distribution.nadia)
    assert Demande.objects.get().prise_par == distribution.lea
    rendre(demande, par=distribution.lea)
    assert Demande.objects.get().prise_par is None


def test_decider_libere_journalise_et_note(distribution: Distribution, demande: Demande) -> None:
    prendre_en_main(demande, par=distribution.lea)
    decision = decider(
        demande, Geste.REFUSER, par=distribution.lea, motif=" Une publicité. ", avant={"etat": "x"}
    )
    assert (decision.motif, decision.avant) == ("Une publicité.", {"etat": "x"})
    assert (demande.etat, demande.prise_par) == (EtatDemande.REFUSEE, None)
    assert "Léa Roussel a refusé" in LigneJournal.objects.get(acte="moderation_refuser").phrase
    assert Changement.objects.filter(acte="moderation_refuser", objet_id=demande.pk).count() == 1


def test_defaire_rend_la_demande_a_qui_defait(distribution: Distribution, demande: Demande) -> None:
    decision = decider(demande, Geste.ACCEPTER, par=distribution.lea)
    rendue = annuler_decision(decision, par=distribution.lea)
    assert (rendue.etat, rendue.prise_par) == (EtatDemande.EN_ATTENTE, distribution.lea)
    assert decision.annulee_le is not None


def test_une_precision_donnee_revient_dans_la_meme_demande(distribution: Distribution) -> None:
    contribution = ContributionFactory(soumise=True, soumise__deposee_le=timezone.now() - timedelta(days=9))
    demande = Demande.objects.get()
    decider(demande, Geste.DEMANDER, par=distribution.lea, motif="Quel public ?")
    rendue = deposer_demande(
        contribution,
        genre=GenreDemande.FICHE,
        titre="Nouveau titre",
        structure=contribution.experience.structure,
        par=distribution.amina,
    )
    assert (rendue.pk, rendue.etat, rendue.titre) == (demande.pk, EtatDemande.EN_ATTENTE, "Nouveau titre")
    assert timezone.now() - rendue.deposee_le < timedelta(minutes=1)


def test_retirer_ne_touche_ni_une_decision_prise_ni_la_demande_d_un_autre_objet(
    distribution: Distribution,
) -> None:
    contribution, autre = ContributionFactory(soumise=True), ContributionFactory(soumise=True)
    retirer_demande(contribution, par=distribution.amina)
    assert Demande.objects.sur(contribution).get().etat == EtatDemande.SANS_OBJET
    decider(Demande.objects.sur(autre).get(), Geste.ACCEPTER, par=distribution.lea)
    retirer_demande(autre, par=distribution.amina)
    assert Demande.objects.sur(autre).get().etat == EtatDemande.ACCEPTEE


def test_une_note_porte_son_institution(distribution: Distribution, demande: Demande) -> None:
    noter(demande, " Appeler le centre. ", institution=distribution.federation, par=distribution.lea)
    note = Note.objects.get()
    assert (note.texte, note.institution) == ("Appeler le centre.", distribution.federation)
