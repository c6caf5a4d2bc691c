"""Les actes sur une structure : refusés avec la raison, ou écrits avec leur ligne de journal."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from maillage.core.journal import SYSTEME
from maillage.core.models import Changement, LigneJournal
from maillage.core.versions import ConflitDeVersion
from maillage.territoire.choices import TypeAgrement
from maillage.territoire.models import Structure
from maillage.territoire.operations import (
    ajouter_site,
    annoncer_fermeture,
    creer_structure,
    definir_desserte,
    enregistrer_agrement,
    modifier_site,
    modifier_structure,
    retirer_fermeture,
)
from tests.fabriques import CommuneFactory, DepartementFactory, SiteFactory, StructureFactory

pytestmark = pytest.mark.django_db


def test_des_horaires_illisibles_sont_refuses_avec_un_exemple() -> None:
    structure = StructureFactory()
    with pytest.raises(ValidationError) as refus:
        ajouter_site(structure, nom="Annexe", horaires="lundi matin", par=SYSTEME)
    assert "Mo-Fr" in refus.value.message_dict["horaires"][0]
    assert not structure.sites.exists() and not LigneJournal.objects.exists()


def test_une_fermeture_qui_finit_avant_de_commencer_est_refusee() -> None:
    site = SiteFactory()
    with pytest.raises(ValidationError, match="finit avant de commencer"):
        annoncer_fermeture(site, du=date(2026, 12, 2), au=date(2026, 12, 1), par=SYSTEME)
    assert not site.fermetures.exists()


def test_un_agrement_aux_dates_inversees_est_refuse() -> None:
    structure = StructureFactory()
    with pytest.raises(ValidationError):
        enregistrer_agrement(
            structure,
            type=TypeAgrement.ANIMATION_GLOBALE,
            du=date(2026, 1, 1),
            au=date(2025, 1, 1),
            par=SYSTEME,
        )
    assert not structure.agrements.exists()


def test_corriger_une_fiche_changee_entre_temps_est_refuse() -> None:
    structure = StructureFactory()
    modifier_structure(structure, version_lue=1, accroche="Une maison pour tous.", par=SYSTEME)
    with pytest.raises(ConflitDeVersion):
        modifier_structure(structure, version_lue=1, accroche="Autre chose.", par=SYSTEME)
    assert Structure.objects.get(pk=structure.pk).accroche == "Une maison pour tous."


def test_une_structure_creee_a_une_adresse_un_journal_et_un_changement() -> None:
    structure = creer_structure(nom=" Centre social du Port ", departement=DepartementFactory(), par=SYSTEME)
    assert (structure.nom, structure.slug) == ("Centre social du Port", "centre-social-du-port")
    assert LigneJournal.objects.get().objet_id == structure.pk
    assert Changement.objects.get().acte == "creer_structure"


def test_deux_homonymes_ont_deux_adresses() -> None:
    departement = DepartementFactory()
    slugs = [creer_structure(nom="Le Lien", departement=departement, par=SYSTEME).slug for _ in range(4)]
    assert slugs == ["le-lien", "le-lien-puy-de-dome", "le-lien-puy-de-dome-2", "le-lien-puy-de-dome-3"]


def test_le_premier_lieu_est_le_principal_et_il_n_y_en_a_qu_un() -> None:
    structure = StructureFactory()
    maison = ajouter_site(structure, nom="Maison", par=SYSTEME)
    antenne = ajouter_site(structure, nom="Antenne", par=SYSTEME)
    assert (maison.est_principal, antenne.est_principal) == (True, False)
    modifier_site(antenne, est_principal=True, par=SYSTEME)
    assert [site.nom for site in structure.sites.filter(est_principal=True)] == ["Antenne"]


def test_corriger_garde_l_avant_et_l_apres() -> None:
    structure = StructureFactory(accroche="Avant.")
    modifier_structure(structure, version_lue=structure.version, accroche="Après.", par=SYSTEME)
    ligne = LigneJournal.objects.get()
    assert (ligne.avant, ligne.apres) == ({"accroche": "Avant."}, {"accroche": "Après."})


def test_une_fermeture_s_annonce_puis_se_retire() -> None:
    site = SiteFactory()
    fermeture = annoncer_fermeture(
        site, du=date(2026, 11, 27), au=date(2026, 11, 27), precision="après-midi", par=SYSTEME
    )
    assert fermeture.quand.replace("\u00a0", " ") == "vendredi 27 novembre après-midi"
    retirer_fermeture(fermeture, par=SYSTEME)
    assert not site.fermetures.exists()
    assert [ligne.acte for ligne in LigneJournal.objects.order_by("pk")] == [
        "annoncer_fermeture",
        "retirer_fermeture",
    ]


def test_preciser_deux_fois_la_meme_commune_remplace() -> None:
    structure, commune = StructureFactory(), CommuneFactory()
    definir_desserte(structure, commune=commune, rues=["rue du Port ", " "], par=SYSTEME)
    definir_desserte(structure, commune=commune, quartiers=["Le Port"], par=SYSTEME)
    desserte = structure.dessertes.get()
    assert (desserte.rues, desserte.quartiers) == ([], ["Le Port"])
