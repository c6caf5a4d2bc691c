"""Le budget : au centime, à l'équilibre, à plusieurs ; le bénévolat valorisé, les financeurs, le classeur relu."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import EtatFinancement, PorteeBudget
from maillage.projets.comptes import CHARGE, PRODUIT, lire_les_comptes, plan_de_comptes
from maillage.projets.lecture_du_budget import Montants, lire_annee
from maillage.projets.models import Budget, ProjetSocial
from maillage.projets.operations.budget import (
    ajouter_financement,
    copier_l_annee,
    ecrire_budget,
    modifier_financement,
    reprendre_la_somme,
    reprendre_les_heures_benevoles,
)
from tests.distribution import Distribution
from tests.fabriques import InstitutionFactory
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_gouvernance import FinancementFactory, voulu

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
ANNEE = 2026


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts, en_cours=True)


# --- Les refus d'abord ------------------------------------------------------------------------------


def test_une_annee_hors_du_projet_n_a_pas_de_budget(projet: ProjetSocial, distribution: Distribution) -> None:
    with pytest.raises(GesteRefuse, match="n’est pas dans le projet"):
        ecrire_budget(projet, 2031, voulu({"60": "1"}), par=distribution.amina)


def test_un_projet_archive_ne_change_plus_de_budget(projet: ProjetSocial, distribution: Distribution) -> None:
    ProjetSocial.objects.filter(pk=projet.pk).update(etat="archive")
    with pytest.raises(GesteRefuse):
        ecrire_budget(projet, ANNEE, voulu({"60": "1"}), par=distribution.amina)


def test_deux_personnes_n_ecrasent_pas_leur_grille(projet: ProjetSocial, distribution: Distribution) -> None:
    ecrire_budget(projet, ANNEE, voulu({"60": "100"}), par=distribution.amina)
    ecrire_budget(projet, ANNEE, voulu({"60": "100"}), par=distribution.amina)
    assert Budget.objects.get().version == 1, "le même envoi deux fois n'écrit qu'une fois"
    with pytest.raises(ConflitDeVersion):
        ecrire_budget(projet, ANNEE, voulu({"60": "200"}), par=distribution.farid)
    assert lire_annee(projet, ANNEE).centre.montants["60"].prevu == 100


def test_une_annee_deja_ecrite_ne_se_remplace_pas(projet: ProjetSocial, distribution: Distribution) -> None:
    ecrire_budget(projet, 2025, voulu({"60": "100"}), par=distribution.amina)
    ecrire_budget(projet, ANNEE, voulu({"60": "50"}), par=distribution.amina)
    with pytest.raises(GesteRefuse, match="rien n’est copié"):
        copier_l_annee(projet, 2025, ANNEE, par=distribution.amina)
    with pytest.raises(GesteRefuse, match="n’a rien à copier"):
        copier_l_annee(projet, 2027, 2028, par=distribution.amina)


def test_un_financeur_n_est_pas_deux_fois_pour_le_meme_objet(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    ajouter_financement(projet, ANNEE, nom="Ville", objet="Vacances", par=distribution.amina)
    with pytest.raises(GesteRefuse, match="déjà dans le plan"):
        ajouter_financement(projet, ANNEE, nom="  ville ", objet="vacances", par=distribution.amina)


def test_corriger_un_financement_n_en_fait_pas_un_double(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    ajouter_financement(projet, ANNEE, nom="Ville", objet="Vacances", par=distribution.amina)
    autre = ajouter_financement(projet, ANNEE, nom="Ville", objet="Autre", par=distribution.amina)
    adresse = reverse("financement", args=[projet.pk, ANNEE, autre.pk])
    double = {"version": autre.version, "nom": "ville", "objet": "  vacances"}
    refus = client_de("amina").post(adresse, double)
    assert refus.status_code == 422 and "déjà dans le plan" in refus.text
    modifier_financement(
        autre, version_lue=autre.version, nom=" ville", objet="autre  chose", par=distribution.amina
    )
    assert (autre.nom, autre.objet) == ("ville", "autre chose"), "sa propre ligne n'est pas un double"


def test_un_plan_de_comptes_fautif_se_refuse() -> None:
    with pytest.raises(ValueError, match="son numéro"):
        lire_les_comptes('source = "essai"\n[[comptes]]\ncompte = "60"\nsens = "autre"\nlibelle = "Achats"\n')
    assert len(plan_de_comptes().du_sens(CHARGE)) == 9


def test_seule_la_direction_ecrit_le_centre_et_toute_l_equipe_ses_fiches(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    bruno, fiche = client_de("bruno"), projet.fiches.order_by("pk")[0]
    centre = reverse("budget_grille", args=[projet.pk, ANNEE, "centre"])
    assert bruno.get(centre).status_code == 200
    assert bruno.post(centre, {"version": 0, "p60": "12"}).status_code == 404
    sienne = reverse("budget_fiche", args=[projet.pk, ANNEE, fiche.pk])
    assert bruno.post(sienne, {"version": 0, "p60": "12"}).status_code == 302
    assert Budget.objects.get().fiche == fiche
    assert client_de("chloe").get(centre).status_code == 404
    assert client_de("denis").get(centre).status_code == 404


# --- Au centime -------------------------------------------------------------------------------------


def test_l_equilibre_se_dit_au_centime(projet: ProjetSocial, distribution: Distribution) -> None:
    ecrire_budget(projet, ANNEE, voulu({"60": "0.10", "61": "0.20", "74": "0.31"}), par=distribution.amina)
    centre = lire_annee(projet, ANNEE).centre
    assert centre.total(CHARGE).prevu == Decimal("0.30") and centre.ecart("prevu") == Decimal("0.01")
    assert "en trop 0,01\xa0€" in centre.equilibres[0].phrase
    a_jour = voulu({"60": "0.10", "61": "0.20", "74": "0.30"}, version=1)
    ecrire_budget(projet, ANNEE, a_jour, par=distribution.amina)
    assert lire_annee(projet, ANNEE).centre.equilibres[0].phrase == "Le prévu est à l’équilibre."


def test_le_reel_finit_sur_un_resultat_et_ne_se_corrige_pas(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    ecrire_budget(
        projet, ANNEE, voulu({"60": "10", "74": "10"}, reels={"60": "12", "74": "10"}), par=distribution.amina
    )
    _, reel = lire_annee(projet, ANNEE).centre.equilibres
    assert (reel.est_bon, reel.ton, reel.etat) == (True, "info", "réel : déficit")
    assert reel.phrase == "Le réel finit sur un déficit de 2\xa0€."
    ecrire_budget(
        projet,
        ANNEE,
        voulu({"60": "10", "74": "10"}, reels={"60": "9.99", "74": "10", "86": "5"}, version=1),
        par=distribution.amina,
    )
    _, reel = lire_annee(projet, ANNEE).centre.equilibres
    assert (reel.est_bon, reel.ton) == (False, "alerte")
    assert reel.phrase.startswith("Le réel finit sur un excédent de 0,01\xa0€. Il manque 5\xa0€")


def test_le_benevolat_vaut_autant_des_deux_cotes(projet: ProjetSocial, distribution: Distribution) -> None:
    ecrire_budget(
        projet,
        ANNEE,
        voulu({}, heures_prevues="33.33", taux_horaire="11.88"),
        par=distribution.amina,
    )
    centre = lire_annee(projet, ANNEE).centre
    assert centre.benevolat.prevu == Decimal("395.96")
    assert centre.total("emploi") == centre.total("ressource")
    reprendre_les_heures_benevoles(projet, ANNEE, Decimal("100.5"), par=distribution.amina)
    assert lire_annee(projet, ANNEE).centre.benevolat.reel == Decimal("1193.94")
    assert centre.est_equilibre("prevu")


def test_les_fiches_et_les_fonctions_font_le_centre_et_l_ecart_se_montre(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    fiche = projet.fiches.order_by("pk")[0]
    ecrire_budget(
        projet,
        ANNEE,
        voulu({"60": "10.50", "74": "10.50"}, PorteeBudget.FICHE, fiche),
        par=distribution.bruno,
    )
    ecrire_budget(
        projet, ANNEE, voulu({"64": "1000", "74": "1000"}, PorteeBudget.PILOTAGE), par=distribution.amina
    )
    ecrire_budget(projet, ANNEE, voulu({"60": "11", "64": "1000"}), par=distribution.amina)
    ecarts = {une.compte.compte: une.ecart for une in lire_annee(projet, ANNEE).ecarts()}
    assert ecarts == {"60": Decimal("0.50"), "74": Decimal("-1010.50")}
    assert reprendre_la_somme(projet, ANNEE, par=distribution.amina) == 2
    lue = lire_annee(projet, ANNEE)
    assert lue.ecarts() == [] and lue.centre.est_equilibre("prevu")


def test_reprendre_la_somme_dit_ce_qui_a_change(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    """Deux fiches, deux taux horaires : seules les heures se reprennent, et la page le dit."""
    for fiche, taux in zip(projet.fiches.order_by("pk")[:2], ("12", "20"), strict=True):
        grille = voulu({}, PorteeBudget.FICHE, fiche, heures_prevues="10", taux_horaire=taux)
        ecrire_budget(projet, ANNEE, grille, par=distribution.amina)
    amina, adresse = client_de("amina"), reverse("budget_somme", args=[projet.pk, ANNEE])
    assert "heures de bénévolat du centre sont reprises" in amina.post(adresse, follow=True).text
    assert lire_annee(projet, ANNEE).centre.budget.heures_prevues == 20
    assert "Le centre était déjà" in amina.post(adresse, follow=True).text


def test_copier_garde_le_prevu_et_pas_les_reponses(projet: ProjetSocial, distribution: Distribution) -> None:
    ecrire_budget(projet, 2025, voulu({"60": "100", "74": "100"}), par=distribution.amina)
    ajouter_financement(
        projet, 2025, nom="Ville", demande=Decimal(120), accorde=Decimal(100), par=distribution.amina
    )
    assert copier_l_annee(projet, 2025, ANNEE, par=distribution.amina) == 1
    lue = lire_annee(projet, ANNEE)
    assert lue.centre.total(PRODUIT) == Montants(Decimal(100), None)
    assert [(un.demande, un.accorde) for un in lue.financements] == [(100, None)]


# --- Les financeurs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("montants", "etat"),
    [
        ((None, None, None), EtatFinancement.A_DEMANDER),
        ((100, None, None), EtatFinancement.DEMANDE),
        ((100, 100, None), EtatFinancement.ACCORDE),
        ((100, 60, None), EtatFinancement.PARTIEL),
        ((100, 60, 30), EtatFinancement.PARTIEL),
        ((100, 0, None), EtatFinancement.REFUSE),
        ((100, 60, 60), EtatFinancement.RECU),
    ],
)
def test_ou_en_est_un_financement_se_lit_de_ses_montants(
    projet: ProjetSocial, montants: tuple[Any, Any, Any], etat: EtatFinancement
) -> None:
    demande, accorde, recu = montants
    assert FinancementFactory(projet=projet, demande=demande, accorde=accorde, recu=recu).etat == etat


def test_un_nom_connu_pose_le_lien_vers_l_institution(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    ville = InstitutionFactory(nom="Ville de Gerzat")
    pose = ajouter_financement(projet, ANNEE, nom="ville de gerzat", par=distribution.amina)
    assert pose.institution == ville
    modifier_financement(pose, version_lue=1, nom="Un mécène", par=distribution.amina)
    assert pose.institution is None
    with pytest.raises(ConflitDeVersion):
        modifier_financement(pose, version_lue=1, nom="Un autre", par=distribution.farid)
