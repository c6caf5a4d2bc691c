"""Fermer, faire reprendre, changer de gestionnaire : refusé avec la raison, fait sans rien perdre, et défait."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from maillage.core.journal import SYSTEME
from maillage.core.models import Changement, LigneJournal
from maillage.core.versions import ConflitDeVersion
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Structure
from maillage.territoire.operations import (
    StructureRefusee,
    annuler_changement_de_gestionnaire,
    changer_gestionnaire,
    creer_structure,
    fermer_structure,
    fusionner_structures,
    modifier_structure,
    rouvrir_structure,
)
from tests.fabriques import DepartementFactory, GestionnaireFactory, StructureFactory

pytestmark = pytest.mark.django_db
HIER = timezone.localdate() - timedelta(days=1)


def reprendre(structure: Structure, dans: Structure) -> list[int]:
    structure.refresh_from_db()
    return fusionner_structures(structure, dans=dans, le=HIER, version_lue=structure.version, par=SYSTEME)


def gestions(structure: Structure) -> list[tuple[str, date | None, date | None]]:
    return [(g.gestionnaire.nom, g.du, g.au) for g in structure.gestions.order_by("pk")]


# --- Refus -------------------------------------------------------------------------------------------
def test_une_structure_ne_se_reprend_pas_elle_meme() -> None:
    structure = StructureFactory()
    with pytest.raises(StructureRefusee, match="elle-même"):
        reprendre(structure, structure)


def test_une_structure_fermee_ni_ne_ferme_ni_ne_reprend() -> None:
    fermee, ouverte = StructureFactory(fermee=True), StructureFactory()
    with pytest.raises(StructureRefusee, match="est fermée"):
        fermer_structure(fermee, le=HIER, version_lue=1, par=SYSTEME)
    with pytest.raises(StructureRefusee, match="est fermée"):
        reprendre(ouverte, fermee)
    with pytest.raises(StructureRefusee, match="est fermée"):
        changer_gestionnaire(fermee, GestionnaireFactory(), du=HIER, version_lue=1, par=SYSTEME)
    assert not LigneJournal.objects.exists()


def test_un_jour_a_venir_est_refuse() -> None:
    demain = timezone.localdate() + timedelta(days=1)
    with pytest.raises(StructureRefusee, match="pas encore venu"):
        fermer_structure(StructureFactory(), le=demain, version_lue=1, par=SYSTEME)


def test_fermer_une_fiche_changee_entre_temps_est_refuse() -> None:
    structure = StructureFactory()
    modifier_structure(structure, version_lue=1, accroche="Autre.", par=SYSTEME)
    with pytest.raises(ConflitDeVersion):
        fermer_structure(structure, le=HIER, version_lue=1, par=SYSTEME)


def test_une_structure_ouverte_ne_rouvre_pas() -> None:
    with pytest.raises(StructureRefusee, match="déjà ouverte"):
        rouvrir_structure(StructureFactory(), etat="active", suivantes=[], par=SYSTEME)


def test_changer_pour_le_meme_gestionnaire_ou_pour_un_jour_deja_passe_est_refuse() -> None:
    structure = StructureFactory()
    un, deux = GestionnaireFactory(), GestionnaireFactory()
    changer_gestionnaire(structure, un, du=HIER, version_lue=1, par=SYSTEME)
    with pytest.raises(StructureRefusee, match="porte déjà"):
        changer_gestionnaire(structure, un, du=HIER, version_lue=2, par=SYSTEME)
    with pytest.raises(StructureRefusee, match="plus récent"):
        changer_gestionnaire(structure, deux, du=HIER, version_lue=2, par=SYSTEME)


def test_sans_changement_rien_n_est_a_defaire() -> None:
    structure = creer_structure(
        nom="Le Lien", departement=DepartementFactory(), gestionnaire=GestionnaireFactory(), par=SYSTEME
    )
    with pytest.raises(StructureRefusee, match="défaire"):
        annuler_changement_de_gestionnaire(structure, version_lue=1, par=SYSTEME)


# --- Fermer et reprendre -----------------------------------------------------------------------------
def test_fermer_garde_la_page_et_quitte_l_annuaire() -> None:
    structure = StructureFactory()
    fermer_structure(structure, le=HIER, version_lue=1, par=SYSTEME)
    assert (structure.etat, structure.fermee_le) == (EtatStructure.FERMEE, HIER)
    assert structure not in Structure.objects.ouvertes()
    assert structure in Structure.objects.visibles()
    assert Changement.objects.get().acte == "fermer_structure"


def test_une_reprise_se_lit_dans_l_histoire_des_deux_et_se_defait() -> None:
    ancienne, neuve = StructureFactory(nom="L’Ancienne"), StructureFactory(nom="La Neuve")
    assert reprendre(ancienne, neuve) == []
    assert (ancienne.remplacee_par, ancienne.etat) == (neuve, EtatStructure.FERMEE)
    phrases = LigneJournal.objects.order_by("pk").values_list("objet_id", "phrase")
    assert [pk for pk, phrase in phrases if "« La Neuve » a repris « L’Ancienne »" in phrase] == [
        ancienne.pk,
        neuve.pk,
    ]
    rouvrir_structure(ancienne, etat="active", suivantes=[], par=SYSTEME)
    assert (ancienne.remplacee_par, ancienne.fermee_le, ancienne.etat) == (None, None, "active")


def test_une_reprise_emmene_celles_d_avant_et_les_rend() -> None:
    grand_mere, mere, fille = StructureFactory(), StructureFactory(), StructureFactory()
    reprendre(grand_mere, mere)
    assert reprendre(mere, fille) == [grand_mere.pk]
    grand_mere.refresh_from_db()
    assert grand_mere.remplacee_par == fille
    rouvrir_structure(mere, etat="active", suivantes=[grand_mere.pk], par=SYSTEME)
    grand_mere.refresh_from_db()
    assert grand_mere.remplacee_par == mere


# --- Gestionnaire ------------------------------------------------------------------------------------
def test_creer_puis_corriger_tient_une_seule_ligne() -> None:
    un, deux = GestionnaireFactory(nom="Un"), GestionnaireFactory(nom="Deux")
    structure = creer_structure(nom="Le Lien", departement=DepartementFactory(), gestionnaire=un, par=SYSTEME)
    assert gestions(structure) == [("Un", None, None)]
    modifier_structure(structure, version_lue=1, gestionnaire=deux, par=SYSTEME)
    assert gestions(structure) == [("Deux", None, None)]
    modifier_structure(structure, version_lue=2, gestionnaire=None, par=SYSTEME)
    assert gestions(structure) == []


def test_changer_de_gestionnaire_garde_l_histoire_et_se_defait() -> None:
    un, deux = GestionnaireFactory(nom="Un"), GestionnaireFactory(nom="Deux")
    structure = creer_structure(nom="Le Lien", departement=DepartementFactory(), gestionnaire=un, par=SYSTEME)
    changer_gestionnaire(structure, deux, du=HIER, version_lue=1, par=SYSTEME)
    assert structure.gestionnaire == deux
    assert gestions(structure) == [("Un", None, HIER - timedelta(days=1)), ("Deux", HIER, None)]
    annuler_changement_de_gestionnaire(structure, version_lue=2, par=SYSTEME)
    assert structure.gestionnaire == un
    assert gestions(structure) == [("Un", None, None)]
