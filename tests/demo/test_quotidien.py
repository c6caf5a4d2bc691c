"""Le quotidien de la démonstration : un an de chaque jour, juste, lisible, le même à chaque chargement."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, F, Max
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from maillage.accueil.models import Passage
from maillage.activites.choices import EtatInitiative, EtatInscription, EtatSeance
from maillage.activites.models import (
    Activite,
    Benevole,
    HeuresDeBenevolat,
    Initiative,
    Inscription,
    Presence,
    Seance,
    VenueSansNom,
)
from maillage.activites.operations.initiatives import SUITES
from maillage.core.models import LigneJournal
from maillage.demo.donnees import QUOTIDIENS, lire_objet
from maillage.demo.operations import charger_reseau
from maillage.evaluation.definitions import lire_definition
from maillage.personnes.models import Personne
from maillage.projets.models import Indicateur
from maillage.territoire.models import Structure
from maillage.territoire.operations.referentiel import DOSSIER
from tests.demo.test_donnees import MOTS_CREUX, _textes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("quotidien_de_la_demo"),  # le réseau se charge une fois, pas une fois par ouvrier
    pytest.mark.skipif(not DOSSIER.is_dir(), reason="référentiel des communes absent (npm ci)"),
]
DONNEES: dict[str, dict[str, Any]] = {cle: lire_objet(f"quotidien_{cle}") for cle in QUOTIDIENS}


@pytest.fixture(scope="module")
def deux_ponts(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Structure]:
    with django_db_blocker.unblock(), transaction.atomic():
        assert charger_reseau()
        yield Structure.objects.get(nom="Centre social des Deux-Ponts")
        transaction.set_rollback(True)


# --- Les données ------------------------------------------------------------------------------------


@pytest.mark.parametrize("cle", QUOTIDIENS)
def test_rien_n_y_est_ecrit_en_mots_creux(cle: str) -> None:
    assert not [texte for texte in _textes(DONNEES[cle]) if MOTS_CREUX.search(texte)]


@pytest.mark.parametrize("cle", QUOTIDIENS)
def test_une_initiative_suit_ses_etats_sans_en_sauter(cle: str) -> None:
    for ligne in DONNEES[cle]["initiatives"]:
        etat = EtatInitiative.IDEE
        for suivi in ligne["suivis"]:
            assert suivi["apres"] <= ligne["il_y_a"], ligne["titre"]
            if voulu := suivi.get("etat"):
                assert voulu in SUITES[etat], ligne["titre"]
                etat = EtatInitiative(voulu)


# --- Une fois chargé --------------------------------------------------------------------------------


def test_chaque_activite_est_liee_a_sa_fiche_et_porte_des_seances(deux_ponts: Structure) -> None:
    activites = Activite.objects.filter(structure=deux_ponts)
    assert activites.count() == len(DONNEES["deux_ponts"]["activites"])
    assert not activites.filter(fiche=None).exists()
    assert not activites.filter(seances=None).exists()


def test_une_feuille_faite_est_d_une_seance_passee(deux_ponts: Structure) -> None:
    tenues = Seance.objects.filter(etat=EtatSeance.TENUE)
    assert not tenues.filter(fin__gt=timezone.now()).exists()
    assert not Presence.objects.exclude(seance__etat=EtatSeance.TENUE).exists()
    assert Seance.objects.filter(etat=EtatSeance.PREVUE, fin__lt=timezone.now()).exists()
    assert Seance.objects.filter(etat=EtatSeance.PREVUE, debut__gt=timezone.now()).exists()


def test_personne_n_est_d_un_autre_centre_que_sa_seance(deux_ponts: Structure) -> None:
    assert not Presence.objects.exclude(personne__structure=F("seance__activite__structure")).exists()
    assert (
        not HeuresDeBenevolat.objects.exclude(benevole=None)
        .exclude(benevole__structure=F("structure"))
        .exists()
    )


def test_un_accueil_enfants_parents_ne_nomme_personne(deux_ponts: Structure) -> None:
    assert not Presence.objects.filter(seance__activite__cadre="laep").exists()
    assert VenueSansNom.objects.filter(seance__activite__cadre="laep").exists()


def test_aucune_personne_n_a_le_nom_d_une_autre_de_son_centre(deux_ponts: Structure) -> None:
    noms = Counter(Personne.objects.values_list("structure", "prenom", "nom"))
    assert max(noms.values()) == 1


def test_l_aide_aux_devoirs_a_sa_liste_d_attente(deux_ponts: Structure) -> None:
    etats = Counter(
        Inscription.objects.filter(activite__titre="Aide aux devoirs").values_list("etat", flat=True)
    )
    assert etats == {EtatInscription.INSCRITE: 40, EtatInscription.EN_ATTENTE: 3}


def test_le_comptoir_a_ses_deux_lieux_et_rien_de_l_avenir(deux_ponts: Structure) -> None:
    par_lieu = Passage.objects.filter(structure=deux_ponts).values_list("site__nom").annotate(n=Count("pk"))
    assert {nom for nom, _ in par_lieu} == {"Maison des Deux-Ponts", "Antenne du Moulin-Vert"}
    assert Passage.objects.aggregate(dernier=Max("le"))["dernier"] <= timezone.now()


def test_chaque_indicateur_calcule_a_de_quoi_l_etre(deux_ponts: Structure) -> None:
    """Une mesure du quotidien a ses lignes : séances, présences, initiatives, passages, bénévoles."""
    du_quotidien = {
        "seances",
        "personnes_differentes",
        "presences",
        "nouvelles_personnes",
        "familles",
        "partenaires",
    }
    for indicateur in Indicateur.objects.filter(
        fiche__projet__structure=deux_ponts, fiche__projet__etat="en_cours"
    ):
        if not indicateur.definition:
            continue
        mesures = set(lire_definition(indicateur.definition, indicateur.calendrier).mesures)
        if mesures & du_quotidien:
            seances = Seance.objects.filter(activite__fiche=indicateur.fiche, etat=EtatSeance.TENUE)
            assert seances.exists(), indicateur.libelle
        if "initiatives" in mesures:
            assert Initiative.objects.filter(fiche=indicateur.fiche).exists(), indicateur.libelle


def test_les_benevoles_ont_leurs_heures_et_leurs_missions(deux_ponts: Structure) -> None:
    assert Benevole.objects.filter(structure=deux_ponts).count() == 78
    assert not Benevole.objects.filter(missions="").exists()
    assert HeuresDeBenevolat.objects.filter(structure=deux_ponts, benevole=None).exists()


def test_cette_histoire_ne_remplit_pas_le_journal(deux_ponts: Structure) -> None:
    assert not LigneJournal.objects.filter(objet_type__startswith="personnes.").exists()
