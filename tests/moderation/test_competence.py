"""Qui juge quoi. Refus d'abord : sa propre structure, le territoire d'une autre, un rôle qui n'est plus."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import structures_de
from maillage.moderation.competence import Competence
from maillage.moderation.models import Demande
from maillage.moderation.permissions import peut_decider
from maillage.territoire.models import Structure
from tests.fabriques import (
    AppartenanceFactory,
    DemandeFactory,
    DepartementFactory,
    GestionnaireFactory,
    InstitutionFactory,
    RegionFactory,
    StructureFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db


def moderatrice(nom: str, *, departements: str = "", regions: str = "", **personne: Any) -> Utilisateur:
    """Une modératrice d'une institution neuve. Sans département ni région, l'institution est nationale."""
    institution = InstitutionFactory(nom=f"Institution {nom}")
    institution.departements.set(
        [DepartementFactory(code=code, nom=f"D {code}") for code in departements.split()]
    )
    institution.regions.set([RegionFactory(code=code, nom=f"R {code}") for code in regions.split()])
    utilisateur = UtilisateurFactory(prenom=nom, **personne)
    AppartenanceFactory(utilisateur=utilisateur, institution=institution, role=Role.MODERATRICE)
    return utilisateur


def travaille(personne: Utilisateur, **organisation: Any) -> None:
    AppartenanceFactory(utilisateur=personne, role=Role.CONTRIBUTEUR, **organisation)


def demande_de(structure: Structure | None) -> Demande:
    return DemandeFactory(structure=structure)


def juge(personne: Any, demande: Demande) -> bool:
    """Relue en base : les droits d'une personne sont gardés le temps d'une demande."""
    relue = Utilisateur.objects.get(pk=personne.pk) if personne.pk else personne
    vue = Demande.objects.visibles_par(relue).filter(pk=demande.pk).exists()
    assert vue == peut_decider(relue, demande)
    return vue


@pytest.fixture
def puy_de_dome() -> Structure:
    return StructureFactory(departement=DepartementFactory())


# --- Qui ne juge rien --------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.CONTRIBUTEUR, Role.DIRECTRICE, Role.CONSEILLER_CAF, Role.VILLE])
def test_un_autre_role_du_meme_territoire_ne_juge_rien(puy_de_dome: Structure, role: Role) -> None:
    institution = InstitutionFactory()
    institution.departements.add(puy_de_dome.departement)
    personne = UtilisateurFactory()
    AppartenanceFactory(utilisateur=personne, institution=institution, role=role)
    assert not juge(personne, demande_de(puy_de_dome))


def test_un_anonyme_ne_juge_rien(puy_de_dome: Structure) -> None:
    assert not juge(AnonymousUser(), demande_de(puy_de_dome))


def test_une_moderatrice_partie_hier_ne_juge_plus(puy_de_dome: Structure) -> None:
    lea = moderatrice("Léa", departements="63")
    lea.appartenances.update(au=timezone.localdate() - timedelta(days=1))
    assert not juge(lea, demande_de(puy_de_dome))


def test_un_compte_ferme_ne_juge_plus_et_ne_retient_pas_la_demande(puy_de_dome: Structure) -> None:
    lea = moderatrice("Léa", departements="63", is_active=False)
    regionale = moderatrice("Rose", regions="84")
    demande = demande_de(puy_de_dome)
    assert (juge(lea, demande), juge(regionale, demande)) == (False, True)


def test_le_role_tenu_dans_une_structure_ne_donne_aucun_territoire(puy_de_dome: Structure) -> None:
    """Une modératrice agit pour une institution ; un rôle mal posé n'ouvre rien."""
    personne = UtilisateurFactory()
    AppartenanceFactory(utilisateur=personne, structure=puy_de_dome, role=Role.MODERATRICE)
    assert not juge(personne, demande_de(StructureFactory()))


# --- Le territoire -----------------------------------------------------------------------------------
def test_le_departement_d_abord_la_region_et_le_national_ne_voient_rien(puy_de_dome: Structure) -> None:
    lea = moderatrice("Léa", departements="63")
    regionale, nationale = moderatrice("Rose", regions="84"), moderatrice("Nour")
    voisine = moderatrice("Ève", departements="03")
    demande = demande_de(puy_de_dome)
    assert [juge(p, demande) for p in (lea, regionale, nationale, voisine)] == [True, False, False, False]


def test_sans_moderatrice_departementale_la_demande_va_a_la_region(puy_de_dome: Structure) -> None:
    moderatrice("Ève", departements="03")
    regionale, nationale = moderatrice("Rose", regions="84"), moderatrice("Nour")
    autre_region = moderatrice("Ana", regions="32")
    demande = demande_de(puy_de_dome)
    assert [juge(p, demande) for p in (regionale, nationale, autre_region)] == [True, False, False]


def test_sans_moderatrice_regionale_la_demande_va_au_national(puy_de_dome: Structure) -> None:
    nationale, autre_region = moderatrice("Nour"), moderatrice("Ana", regions="32")
    demande = demande_de(puy_de_dome)
    assert (juge(nationale, demande), juge(autre_region, demande)) == (True, False)


@pytest.mark.parametrize("structure", ["sans département", "aucune"])
def test_sans_departement_la_demande_va_au_national_seul(structure: str) -> None:
    lea, regionale = moderatrice("Léa", departements="63"), moderatrice("Rose", regions="84")
    nationale = moderatrice("Nour")
    demande = demande_de(StructureFactory(departement=None) if structure == "sans département" else None)
    assert [juge(p, demande) for p in (lea, regionale, nationale)] == [False, False, True]


def test_deux_institutions_du_meme_departement_voient_toutes_deux(puy_de_dome: Structure) -> None:
    federation, caf = moderatrice("Léa", departements="63"), moderatrice("Iris", departements="63")
    demande = demande_de(puy_de_dome)
    assert juge(federation, demande) and juge(caf, demande)


def test_une_institution_de_plusieurs_departements_les_juge_tous_sans_doublon() -> None:
    lea = moderatrice("Léa", departements="63 03", regions="84 32")
    for code in ("63", "03"):
        demande_de(StructureFactory(departement=DepartementFactory(code=code)))
    assert Demande.objects.visibles_par(lea).count() == 2


def test_deux_mandats_s_ajoutent(puy_de_dome: Structure) -> None:
    lea = moderatrice("Léa", departements="03")
    seconde = InstitutionFactory(nom="Union régionale")
    seconde.regions.add(puy_de_dome.departement.region)  # type: ignore[union-attr]
    AppartenanceFactory(utilisateur=lea, institution=seconde, role=Role.MODERATRICE)
    ailleurs = demande_de(StructureFactory(departement=DepartementFactory(code="03")))
    assert juge(lea, demande_de(puy_de_dome)) and juge(lea, ailleurs)


# --- Sa propre structure -----------------------------------------------------------------------------
def test_la_seule_moderatrice_y_travaille_alors_la_demande_monte_a_la_region(puy_de_dome: Structure) -> None:
    lea, regionale = moderatrice("Léa", departements="63"), moderatrice("Rose", regions="84")
    travaille(lea, structure=puy_de_dome)
    sienne, voisine = demande_de(puy_de_dome), demande_de(StructureFactory())
    assert [juge(lea, d) for d in (sienne, voisine)] == [False, True]
    assert [juge(regionale, d) for d in (sienne, voisine)] == [True, False]


def test_si_la_regionale_y_travaille_aussi_la_demande_monte_au_national(puy_de_dome: Structure) -> None:
    lea, regionale, nationale = (
        moderatrice("Léa", departements="63"),
        moderatrice("Rose", regions="84"),
        moderatrice("Nour"),
    )
    for personne in (lea, regionale):
        travaille(personne, structure=puy_de_dome)
    demande = demande_de(puy_de_dome)
    assert [juge(p, demande) for p in (lea, regionale, nationale)] == [False, False, True]


def test_une_collegue_du_departement_suffit_a_ne_pas_faire_monter(puy_de_dome: Structure) -> None:
    lea, iris = moderatrice("Léa", departements="63"), moderatrice("Iris", departements="63")
    regionale = moderatrice("Rose", regions="84")
    travaille(lea, structure=puy_de_dome)
    demande = demande_de(puy_de_dome)
    assert [juge(p, demande) for p in (lea, iris, regionale)] == [False, True, False]


def test_une_nationale_ne_juge_pas_sa_structure_sans_departement() -> None:
    nour, nadine = moderatrice("Nour"), moderatrice("Nadine")
    structure = StructureFactory(departement=None)
    travaille(nour, structure=structure)
    demande = demande_de(structure)
    assert (juge(nour, demande), juge(nadine, demande)) == (False, True)


def test_travailler_pour_le_gestionnaire_vaut_pour_toutes_ses_structures() -> None:
    gestionnaire = GestionnaireFactory()
    structure = StructureFactory(gestionnaire=gestionnaire)
    lea, regionale = moderatrice("Léa", departements="63"), moderatrice("Rose", regions="84")
    travaille(lea, gestionnaire=gestionnaire)
    demande = demande_de(structure)
    assert (juge(lea, demande), juge(regionale, demande)) == (False, True)


@pytest.mark.parametrize("lien", ["structure", "gestionnaire"])
def test_une_structure_reprise_par_la_sienne_est_la_sienne(lien: str) -> None:
    gestionnaire = GestionnaireFactory()
    repreneuse = StructureFactory(gestionnaire=gestionnaire)
    ancienne = StructureFactory(fermee=True, remplacee_par=repreneuse)
    lea, regionale = moderatrice("Léa", departements="63"), moderatrice("Rose", regions="84")
    travaille(lea, **{lien: repreneuse if lien == "structure" else gestionnaire})
    demande = demande_de(ancienne)
    assert (juge(lea, demande), juge(regionale, demande)) == (False, True)
    # La règle des structures d'une personne est écrite deux fois, pour une et pour toutes : elles s'accordent.
    mises_a_part = set(Competence(lea)._structures_de_moderatrices)
    assert mises_a_part == set(structures_de(Utilisateur.objects.get(pk=lea.pk)))


def test_un_emploi_fini_hier_n_empeche_plus_de_juger(puy_de_dome: Structure) -> None:
    lea = moderatrice("Léa", departements="63")
    travaille(lea, structure=puy_de_dome, au=timezone.localdate() - timedelta(days=1))
    assert juge(lea, demande_de(puy_de_dome))


# --- L'administration --------------------------------------------------------------------------------
def test_l_administratrice_voit_tout_sauf_ses_structures(puy_de_dome: Structure) -> None:
    moderatrice("Léa", departements="63")
    nadia = UtilisateurFactory()
    AppartenanceFactory(
        utilisateur=nadia, institution=InstitutionFactory(reseau=True), role=Role.ADMINISTRATRICE
    )
    sienne, sans_structure = StructureFactory(), demande_de(None)
    assert juge(nadia, demande_de(puy_de_dome)) and juge(nadia, sans_structure)
    travaille(nadia, structure=sienne)
    assert not juge(nadia, demande_de(sienne))
    assert juge(nadia, sans_structure)


def test_le_nombre_de_questions_ne_depend_ni_des_demandes_ni_des_moderatrices(
    django_assert_max_num_queries: Any, puy_de_dome: Structure
) -> None:
    lea = moderatrice("Léa", departements="63")
    for rang in range(6):
        travaille(moderatrice(f"M{rang}", departements="63 03"), structure=StructureFactory())
        demande_de(puy_de_dome)
    relue = Utilisateur.objects.get(pk=lea.pk)
    relue.roles  # noqa: B018 - lus une fois par page, pour le menu aussi
    with django_assert_max_num_queries(5):
        assert len(Demande.objects.visibles_par(relue)) == 6
