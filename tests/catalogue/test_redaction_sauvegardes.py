"""Enregistrer un brouillon à plusieurs : rien n'est écrasé, rien d'écrit ne se perd, rien n'est fait deux fois."""

from collections.abc import Callable
from typing import Any

import pytest

from maillage.catalogue.choices import EtatContribution
from maillage.catalogue.models import Contribution, Sauvegarde
from maillage.catalogue.operations.contributions import (
    EnvoiIncomplet,
    abandonner_contribution,
    commencer_fiche,
    reprendre_contribution,
    reviser_experience,
    rouvrir_contribution,
    soumettre_contribution,
)
from maillage.catalogue.operations.sauvegardes import (
    BrouillonFerme,
    reunir,
    revenir_a,
    sauver_champs,
)
from maillage.core.ecriture import GesteRefuse, autres_presents, empreinte
from maillage.core.models import Courrier, LigneJournal
from maillage.moderation.choices import Geste
from maillage.moderation.models import Demande
from maillage.moderation.operations import decider
from tests.catalogue.redaction import LONG, ecrire
from tests.distribution import Distribution
from tests.fabriques import ExperienceFactory, StructureFactory


# --- Refus ------------------------------------------------------------------------------------------
def test_un_champ_change_par_une_autre_n_est_pas_ecrase(
    brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.bruno, resume="Le texte de Bruno.")
    bilan = ecrire(
        brouillon, distribution.amina, {"resume": ""}, resume="Le texte d’Amina.", titre="Un titre"
    )
    conflit = bilan.conflits["resume"]
    assert (conflit.le_mien, conflit.le_sien, conflit.qui) == (
        "Le texte d’Amina.",
        "Le texte de Bruno.",
        "Bruno Castel",
    )
    assert bilan.ecrits == ["titre"]
    brouillon.refresh_from_db()
    assert brouillon.contenu == {"resume": "Le texte de Bruno.", "titre": "Un titre"}
    ecartee = Sauvegarde.objects.get(est_ecartee=True)
    assert (ecartee.valeur, ecartee.par) == ("Le texte d’Amina.", distribution.amina)


def test_rejouer_un_conflit_ne_multiplie_pas_les_textes_gardes(
    brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.bruno, resume="Le texte de Bruno.")
    for _ in range(3):
        ecrire(brouillon, distribution.amina, {"resume": ""}, resume="Le texte d’Amina.")
    assert Sauvegarde.objects.filter(est_ecartee=True).count() == 1


def test_la_fiche_en_ligne_changee_entre_temps_est_un_conflit_sans_nom(distribution: Distribution) -> None:
    fiche = ExperienceFactory(structure=distribution.deux_ponts, limites="Avant.")
    revision = reviser_experience(fiche, par=distribution.amina)
    type(fiche).objects.filter(pk=fiche.pk).update(limites="Corrigé par une modératrice.")
    bilan = ecrire(revision, distribution.amina, {"limites": "Avant."}, limites="Les miennes.")
    assert bilan.conflits["limites"].qui == ""
    assert bilan.conflits["limites"].le_sien == "Corrigé par une modératrice."


def test_une_fiche_envoyee_ne_s_ecrit_plus_mais_le_texte_est_garde(
    brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.amina, titre="Titre", resume="Résumé", description=LONG)
    soumettre_contribution(brouillon, par=distribution.amina)
    with pytest.raises(BrouillonFerme):
        ecrire(brouillon, distribution.bruno, resume="Trop tard")
    brouillon.refresh_from_db()
    assert brouillon.contenu["resume"] == "Résumé"
    assert Sauvegarde.objects.get(est_ecartee=True).valeur == "Trop tard"


def test_l_envoi_dit_ce_qui_manque_et_n_ecrit_rien(
    brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.amina, resume="   ", description="Un récit.")
    with pytest.raises(EnvoiIncomplet) as refus:
        soumettre_contribution(brouillon, par=distribution.amina)
    assert refus.value.champs == ["titre", "resume"]
    assert not Demande.objects.exists() and not Courrier.objects.exists()


def test_les_gestes_hors_de_leur_heure_sont_refuses(
    brouillon: Contribution, distribution: Distribution
) -> None:
    amina = distribution.amina
    ecrire(brouillon, amina, titre="Titre", resume="Résumé", description=LONG)
    soumettre_contribution(brouillon, par=amina)
    with pytest.raises(GesteRefuse):
        abandonner_contribution(brouillon, par=amina)
    decider(Demande.objects.get(), Geste.REFUSER, par=distribution.lea, motif="Hors sujet")
    Contribution.objects.update(etat=EtatContribution.REFUSEE)
    for geste in (
        reprendre_contribution,
        abandonner_contribution,
        rouvrir_contribution,
        soumettre_contribution,
    ):
        with pytest.raises(GesteRefuse):
            geste(brouillon, par=amina)


def test_on_ne_commence_rien_dans_un_centre_ferme_ni_ne_revise_une_fiche_retiree(
    distribution: Distribution,
) -> None:
    with pytest.raises(GesteRefuse):
        commencer_fiche(StructureFactory(fermee=True), par=distribution.amina)
    with pytest.raises(GesteRefuse):
        reviser_experience(ExperienceFactory(retiree=True), par=distribution.amina)
    assert not Contribution.objects.exists()


def test_rouvrir_une_revision_quand_une_autre_est_ouverte_est_refuse(distribution: Distribution) -> None:
    fiche = ExperienceFactory(structure=distribution.deux_ponts)
    ancienne = reviser_experience(fiche, par=distribution.amina)
    abandonner_contribution(ancienne, par=distribution.amina)
    reviser_experience(fiche, par=distribution.bruno)
    with pytest.raises(GesteRefuse, match="déjà ouverte"):
        rouvrir_contribution(ancienne, par=distribution.amina)


# --- Ce qui s'écrit ---------------------------------------------------------------------------------
def test_seuls_les_champs_touches_sont_gardes_avec_leur_valeur_en_ligne(distribution: Distribution) -> None:
    fiche = ExperienceFactory(structure=distribution.deux_ponts, limites="En ligne.", perspectives="Suite.")
    revision = reviser_experience(fiche, par=distribution.amina)
    ecrire(revision, distribution.amina, limites="Proposé.", perspectives="Suite.")
    ecrire(revision, distribution.bruno, limites="Proposé, puis relu.")
    revision.refresh_from_db()
    assert revision.contenu == {"limites": "Proposé, puis relu."}
    assert revision.depart == {"limites": "En ligne."}
    fiche.refresh_from_db()
    assert fiche.limites == "En ligne."


def test_rejouer_un_envoi_deja_compte_ne_defait_pas_ce_qui_a_suivi(
    brouillon: Contribution, distribution: Distribution
) -> None:
    envoi: dict[str, Any] = {"ecrites": {"resume": "D’Amina."}, "lues": {"resume": empreinte("")}}
    sauver_champs(brouillon, **envoi, par=distribution.amina)
    ecrire(brouillon, distribution.bruno, resume="D’Amina, relu par Bruno.")
    bilan = sauver_champs(brouillon, **envoi, par=distribution.amina)
    assert not bilan.ecrits and not bilan.conflits
    brouillon.refresh_from_db()
    assert brouillon.contenu["resume"] == "D’Amina, relu par Bruno."


def test_par_dessus_soi_meme_rien_a_choisir_et_l_ancien_texte_reste(
    brouillon: Contribution, distribution: Distribution
) -> None:
    """Une réponse perdue, ou deux fenêtres de la même personne."""
    ecrire(brouillon, distribution.amina, resume="Fenêtre un.")
    bilan = ecrire(brouillon, distribution.amina, {"resume": ""}, resume="Fenêtre deux.")
    assert bilan.ecrits == ["resume"] and not bilan.conflits
    assert [s.valeur for s in Sauvegarde.objects.order_by("pk")] == ["Fenêtre un.", "Fenêtre deux."]


def test_ce_qui_s_ecrit_de_suite_ne_fait_qu_une_sauvegarde(
    brouillon: Contribution, distribution: Distribution, a_l_heure: Callable[[int], None]
) -> None:
    for minute, texte in enumerate(("U", "Une", "Une table", "Une table au marché")):
        a_l_heure(minute)
        ecrire(brouillon, distribution.amina, resume=texte)
    assert [s.valeur for s in Sauvegarde.objects.all()] == ["Une table au marché"]
    a_l_heure(11)
    ecrire(brouillon, distribution.amina, resume="Une table au marché, le jeudi")
    assert Sauvegarde.objects.count() == 2


def test_un_texte_soudain_efface_reste_dans_l_histoire(
    brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.amina, limites=LONG)
    ecrire(brouillon, distribution.amina, limites="x")
    assert [s.valeur for s in Sauvegarde.objects.order_by("pk")] == [LONG, "x"]


def test_revenir_a_un_texte_d_avant_garde_celui_qu_il_remplace(
    brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.bruno, limites=LONG)
    ecrire(brouillon, distribution.amina, limites="Rien.")
    de_bruno = Sauvegarde.objects.get(par=distribution.bruno)
    revenir_a(de_bruno, par=distribution.amina)
    brouillon.refresh_from_db()
    assert brouillon.contenu["limites"] == LONG
    assert "Rien." in {s.valeur for s in Sauvegarde.objects.all()}
    ligne = LigneJournal.objects.get(acte="revenir_a_une_sauvegarde")
    assert (ligne.avant, ligne.apres) == ({"limites": "Rien."}, {"limites": LONG})


def test_reunir_deux_textes_n_en_perd_aucun() -> None:
    assert reunir("resume", "Le sien.", "Le mien.") == "Le sien.\n\nLe mien."
    assert reunir("resume", "", "Le mien.") == "Le mien."
    assert reunir("titre", "A", "B") == "A / B"
    assert reunir("publics", ["a", "b"], ["b", "c"]) == ["a", "b", "c"]
    siens, miens = (
        [{"nom": "Caf", "montant": "1.00"}],
        [{"nom": "caf", "montant": ""}, {"nom": "Mairie", "montant": ""}],
    )
    assert reunir("financeurs", siens, miens) == [*siens, {"nom": "Mairie", "montant": ""}]


def test_la_presence_est_dite_cinq_minutes(
    brouillon: Contribution, distribution: Distribution, a_l_heure: Callable[[int], None]
) -> None:
    ecrire(brouillon, distribution.bruno, titre="x")
    assert autres_presents(brouillon.sauvegardes, distribution.amina) == ["Bruno"]
    assert autres_presents(brouillon.sauvegardes, distribution.bruno) == []
    a_l_heure(6)
    assert autres_presents(brouillon.sauvegardes, distribution.amina) == []


# --- Une seule fois ---------------------------------------------------------------------------------
def test_un_double_clic_n_ouvre_qu_un_brouillon_et_n_envoie_qu_une_fois(distribution: Distribution) -> None:
    amina = distribution.amina
    un = commencer_fiche(distribution.deux_ponts, par=amina)
    assert commencer_fiche(distribution.deux_ponts, par=amina) == un
    assert commencer_fiche(distribution.deux_ponts, par=distribution.bruno) != un
    ecrire(un, amina, titre="Titre", resume="Résumé", description=LONG)
    assert commencer_fiche(distribution.deux_ponts, par=amina) != un
    for _ in range(2):
        soumettre_contribution(un, par=amina)
    assert Demande.objects.count() == 1 and Courrier.objects.count() == 1


def test_l_accuse_de_reception_va_aussi_a_qui_avait_commence(
    brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.bruno, titre="L’hiver", resume="Résumé", description=LONG)
    soumettre_contribution(brouillon, par=distribution.bruno)
    textes = {courrier.destinataire: courrier.texte for courrier in Courrier.objects.all()}
    assert textes.keys() == {distribution.amina.email, distribution.bruno.email}
    assert "Bruno Castel l’a envoyée." in textes[distribution.amina.email]
    assert "« L’hiver »" in textes[distribution.bruno.email]
    reprendre_contribution(brouillon, par=distribution.amina)
    assert not Courrier.objects.exists()
