"""Qui peut donner quel rôle où : la table, case par case, refus d'abord."""

import pytest
from django.contrib.auth.models import AnonymousUser

from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.comptes.operations import InvitationRefusee, RoleRefuse, changer_role, donner_role, inviter
from maillage.comptes.permissions import (
    doit_avoir_un_second_facteur,
    peut_gerer,
    peut_tenir_le_compte,
    peut_voir_l_equipe,
    roles_a_donner,
)
from maillage.comptes.presentation import table_des_dons
from maillage.core.models import LigneJournal
from maillage.territoire.models import Gestionnaire, Institution, Structure
from tests.courrier import courriels
from tests.distribution import Distribution
from tests.fabriques import (
    AppartenanceFactory,
    DepartementFactory,
    GestionnaireFactory,
    InstitutionFactory,
    StructureFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db
C, A, D, M = Role.CONTRIBUTEUR, Role.ACCUEIL, Role.DIRECTRICE, Role.MODERATRICE


@pytest.fixture
def lieux(distribution: Distribution) -> dict[str, Structure | Gestionnaire | Institution]:
    gestionnaire = GestionnaireFactory(nom="Association des Rives")
    AppartenanceFactory(
        utilisateur=UtilisateurFactory(prenom="Paule", nom="Gérante"), gestionnaire=gestionnaire, role=D
    )
    ici, ailleurs = DepartementFactory(), DepartementFactory(autre=True)
    distribution.federation.departements.add(ici)
    return {
        "deux_ponts": distribution.deux_ponts,
        "quatre_vents": distribution.quatre_vents,
        "porte": StructureFactory(nom="Centre porté", gestionnaire=gestionnaire),
        "orpheline": StructureFactory(nom="Centre sans direction", departement=ici),
        "orpheline_ailleurs": StructureFactory(nom="Autre centre sans direction", departement=ailleurs),
        "fermee": StructureFactory(nom="Centre fermé", departement=ici, fermee=True),
        "gestionnaire": gestionnaire,
        "federation": distribution.federation,
        "caf": distribution.caf,
        "reseau": distribution.reseau,
        "ville": InstitutionFactory(nom="Ville d’essai", genre="collectivite"),
    }


ATTENDU: dict[str, dict[str, list[Role]]] = {
    "omar": {},
    "bruno": {},
    "ines": {},
    "denis": {},
    "amina": {"deux_ponts": [C, A, D]},
    "chloe": {"quatre_vents": [C, A, D]},
    "paule": {"gestionnaire": [C, A, D], "porte": [C, A, D]},
    "lea": {"federation": [M], "orpheline": [C, A, D]},
    "nadia": {
        **dict.fromkeys(
            ("deux_ponts", "quatre_vents", "porte", "orpheline", "orpheline_ailleurs"), [C, A, D]
        ),
        "gestionnaire": [C, A, D],
        "federation": [M],
        "caf": [Role.CONSEILLER_CAF, M],
        "reseau": [M, Role.ADMINISTRATRICE],
        "ville": [Role.VILLE],
    },
}


@pytest.mark.parametrize("prenom", ATTENDU)
def test_chacun_ne_donne_que_ce_que_la_table_dit(
    prenom: str,
    distribution: Distribution,
    lieux: dict[str, Structure | Gestionnaire | Institution],
) -> None:
    personne = Utilisateur.objects.get(prenom="Paule") if prenom == "paule" else distribution.personne(prenom)
    recu = {nom: roles_a_donner(personne, lieu) for nom, lieu in lieux.items()}
    assert recu == {nom: ATTENDU[prenom].get(nom, []) for nom in lieux}


def test_un_anonyme_et_un_compte_ferme_ne_donnent_rien(distribution: Distribution) -> None:
    assert not peut_voir_l_equipe(AnonymousUser(), distribution.deux_ponts)
    distribution.amina.is_active = False
    assert not peut_voir_l_equipe(distribution.amina, distribution.deux_ponts)


@pytest.mark.parametrize("role", [Role.MODERATRICE, Role.ADMINISTRATRICE, Role.CONSEILLER_CAF, Role.VILLE])
def test_personne_ne_donne_au_dessus_de_soi(distribution: Distribution, role: Role) -> None:
    with pytest.raises(RoleRefuse):
        donner_role(distribution.omar, role, distribution.deux_ponts, par=distribution.amina)
    with pytest.raises(RoleRefuse):
        inviter(
            email="neuf@exemple.fr",
            prenom="Neuf",
            nom="Venu",
            role=role,
            organisation=distribution.deux_ponts,
            par=distribution.amina,
        )
    assert not LigneJournal.objects.exists()


def test_personne_ne_donne_hors_de_chez_soi(distribution: Distribution) -> None:
    with pytest.raises(RoleRefuse):
        donner_role(distribution.omar, C, distribution.quatre_vents, par=distribution.amina)


def test_personne_ne_change_son_propre_role(distribution: Distribution) -> None:
    AppartenanceFactory(structure=distribution.deux_ponts, role=D)
    sienne = distribution.amina.appartenances.get()
    with pytest.raises(RoleRefuse, match="C’est votre rôle"):
        changer_role(sienne, C, par=distribution.amina)
    with pytest.raises(RoleRefuse, match="pas vous donner"):
        donner_role(distribution.amina, C, distribution.deux_ponts, par=distribution.amina)


def test_une_structure_garde_une_direction(distribution: Distribution) -> None:
    with pytest.raises(RoleRefuse, match="plus de direction"):
        changer_role(distribution.amina.appartenances.get(), C, par=distribution.nadia)
    seconde = AppartenanceFactory(structure=distribution.deux_ponts, role=D)
    changer_role(distribution.amina.appartenances.get(), C, par=seconde.utilisateur)
    assert distribution.amina.appartenances.get().role == C


def test_la_direction_du_gestionnaire_en_est_une(distribution: Distribution) -> None:
    AppartenanceFactory(gestionnaire=distribution.deux_ponts.gestionnaire, role=D)
    changer_role(distribution.amina.appartenances.get(), C, par=distribution.nadia)
    chez_lui = distribution.deux_ponts.gestionnaire.appartenances.get()
    with pytest.raises(RoleRefuse, match="plus de direction"):
        changer_role(chez_lui, C, par=distribution.nadia)


def test_une_directrice_au_compte_ferme_ne_compte_pas_pour_une_direction(distribution: Distribution) -> None:
    AppartenanceFactory(structure=distribution.deux_ponts, role=D, utilisateur__is_active=False)
    with pytest.raises(RoleRefuse, match="plus de direction"):
        changer_role(distribution.amina.appartenances.get(), C, par=distribution.nadia)


def test_une_personne_n_a_qu_un_role_par_lieu(distribution: Distribution) -> None:
    with pytest.raises(RoleRefuse, match="déjà un rôle ici"):
        donner_role(distribution.bruno, D, distribution.deux_ponts, par=distribution.amina)


def test_une_personne_tient_plusieurs_centres_et_en_est_prevenue(distribution: Distribution) -> None:
    donner_role(distribution.bruno, C, distribution.quatre_vents, par=distribution.chloe)
    bruno = Utilisateur.objects.get(pk=distribution.bruno.pk)
    assert bruno.structures_du_jour == sorted([distribution.deux_ponts.pk, distribution.quatre_vents.pk])
    (courriel,) = courriels(bruno.email)
    assert "Chloé Vasseur vous a donné le rôle « Contributeur »" in courriel.body
    assert LigneJournal.objects.get(acte="donner_role").structure_id == distribution.quatre_vents.pk


def test_on_n_invite_pas_deux_fois_la_meme_personne_au_meme_endroit(distribution: Distribution) -> None:
    qui = {"email": "neuf@exemple.fr", "prenom": "Neuf", "nom": "Venu", "role": C}
    inviter(**qui, organisation=distribution.deux_ponts, par=distribution.amina)
    with pytest.raises(InvitationRefusee, match="attend déjà"):
        inviter(**qui, organisation=distribution.deux_ponts, par=distribution.amina)
    inviter(**qui, organisation=distribution.quatre_vents, par=distribution.chloe)


def test_une_directrice_ne_tient_pas_le_compte_d_une_administratrice_venue_l_aider(
    distribution: Distribution,
) -> None:
    aide = AppartenanceFactory(utilisateur=distribution.nadia, structure=distribution.deux_ponts)
    amina, nadia = distribution.amina, Utilisateur.objects.get(pk=distribution.nadia.pk)
    assert peut_gerer(amina, aide)
    assert not peut_tenir_le_compte(amina, nadia)
    assert peut_tenir_le_compte(amina, distribution.bruno)


def test_deux_centres_et_deux_directions_seule_l_administration_tient_le_compte(
    distribution: Distribution,
) -> None:
    AppartenanceFactory(utilisateur=distribution.bruno, structure=distribution.quatre_vents)
    assert not peut_tenir_le_compte(distribution.amina, distribution.bruno)
    assert not peut_tenir_le_compte(distribution.chloe, distribution.bruno)
    assert peut_tenir_le_compte(distribution.nadia, distribution.bruno)


def test_la_table_se_lit_par_une_directrice() -> None:
    qui, ou, roles = table_des_dons()[0]
    assert (qui, ou) == ("Directrice ou directeur", "là où elle tient ce rôle")
    assert "contributeur" in roles


@pytest.mark.parametrize(
    ("prenom", "doit"),
    [("amina", False), ("bruno", False), ("omar", False), ("denis", True), ("lea", True), ("nadia", True)],
)
def test_qui_doit_avoir_un_second_facteur(distribution: Distribution, prenom: str, doit: bool) -> None:
    assert doit_avoir_un_second_facteur(distribution.personne(prenom)) is doit


def test_la_direction_d_un_gestionnaire_voit_plusieurs_centres_et_doit_l_avoir(
    distribution: Distribution,
) -> None:
    tenue = AppartenanceFactory(gestionnaire=GestionnaireFactory(), role=D)
    assert doit_avoir_un_second_facteur(tenue.utilisateur)
