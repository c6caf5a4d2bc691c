"""Les pages des structures, pour le réseau : compléter, fermer, faire reprendre, changer de gestionnaire, défaire."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.recherche import chercher
from maillage.comptes.models import Appartenance, Cloture, Utilisateur
from maillage.core.suivi import consommateurs, rattraper
from maillage.territoire.models import Gestionnaire, Structure
from tests.comptes.confirmation import se_confirmer
from tests.courrier import courriels
from tests.distribution import Distribution
from tests.fabriques import (
    AppartenanceFactory,
    CommuneFactory,
    DepartementFactory,
    ExperienceFactory,
    GestionnaireFactory,
    StructureFactory,
)

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]
HIER = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def lea(client_de: ClientDe, distribution: Distribution) -> Client:
    return se_confirmer(client_de("lea"), distribution.lea)


def acte(client: Client, nom: str, structure: Structure, **champs: object) -> str:
    structure.refresh_from_db()
    donnees = {"version": structure.version, "confirmation": structure.nom, "le": HIER, "du": HIER}
    reponse = client.post(reverse(nom, args=[structure.pk]), donnees | champs, follow=True)
    return reponse.content.decode()


def fiche(structure: Structure, **champs: object) -> dict[str, object]:
    return {
        "nom": structure.nom,
        "genre": "centre_social",
        "departement": structure.departement_id,
        "commune": "clermont ferrand",
        "version": structure.version,
    } | champs


# --- Refus -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("prenom", ["omar", "bruno", "amina", "denis"])
def test_hors_du_reseau_ces_pages_n_existent_pas(
    prenom: str, client_de: ClientDe, distribution: Distribution
) -> None:
    client = client_de(prenom)
    assert client.get(reverse("structures")).status_code == 404
    for nom in ("structure_tenue", "structure_fermer", "structure_fusionner", "structure_gestionnaire"):
        assert client.get(reverse(nom, args=[distribution.deux_ponts.pk])).status_code == 404


def test_un_territoire_n_est_pas_celui_d_a_cote(lea: Client, distribution: Distribution) -> None:
    distribution.federation.departements.add(DepartementFactory())
    ailleurs = distribution.quatre_vents
    assert lea.get(reverse("structure_tenue", args=[ailleurs.pk])).status_code == 404
    assert ailleurs.nom not in lea.get(reverse("structures")).content.decode()
    page = acte(lea, "structure_fusionner", distribution.deux_ponts, dans=ailleurs.pk)
    assert "Choisissez une structure de la liste" in page
    neuve = {"nom": "Neuve", "genre": "centre_social", "departement": "62"}
    assert "departement" in lea.post(reverse("structure_nouvelle"), neuve).context["formulaire"].errors


def test_une_moderatrice_ne_ferme_pas_la_structure_ou_elle_travaille(
    lea: Client, distribution: Distribution
) -> None:
    AppartenanceFactory(utilisateur=distribution.lea, structure=distribution.deux_ponts)
    assert lea.get(reverse("structure_fermer", args=[distribution.deux_ponts.pk])).status_code == 404


@pytest.mark.parametrize("nom", ["structure_fermer", "structure_fusionner", "structure_gestionnaire"])
def test_un_acte_se_confirme_par_le_nom(nom: str, lea: Client, distribution: Distribution) -> None:
    page = acte(lea, nom, distribution.deux_ponts, confirmation="oui")
    assert "Ce n’est pas le nom de cette structure" in page
    distribution.deux_ponts.refresh_from_db()
    assert distribution.deux_ponts.etat == "active"


def test_un_acte_sur_une_fiche_changee_entre_temps_est_refuse(
    lea: Client, distribution: Distribution
) -> None:
    assert "Quelqu’un a changé cette fiche" in acte(
        lea, "structure_fermer", distribution.deux_ponts, version=99
    )


def test_une_commune_d_un_autre_departement_est_refusee(lea: Client, distribution: Distribution) -> None:
    page = lea.post(
        reverse("structure_modifier", args=[distribution.deux_ponts.pk]),
        fiche(distribution.deux_ponts, commune="Lille"),
    )
    assert "n’est pas une commune de ce département" in page.content.decode()


# --- Compléter ---------------------------------------------------------------------------------------
def test_completer_rend_active_une_structure_nee_d_un_import(lea: Client) -> None:
    CommuneFactory()
    structure = StructureFactory(a_completer=True)
    lea.post(reverse("structure_modifier", args=[structure.pk]), fiche(structure, telephone="0473000000"))
    structure.refresh_from_db()
    assert (structure.etat, structure.telephone, str(structure.commune)) == (
        "active",
        "0473000000",
        "Clermont-Ferrand",
    )


def test_amina_complete_la_fiche_de_son_centre_et_chloe_pas(
    client_de: ClientDe, distribution: Distribution
) -> None:
    adresse = reverse("structure_modifier", args=[distribution.deux_ponts.pk])
    donnees = fiche(distribution.deux_ponts, accroche="Ouvert à tous.")
    assert client_de("chloe").post(adresse, donnees).status_code == 404
    reponse = client_de("amina").post(adresse, donnees)
    assert reponse["Location"] == reverse("equipe_lieu", args=["structure", distribution.deux_ponts.pk])
    distribution.deux_ponts.refresh_from_db()
    assert distribution.deux_ponts.accroche == "Ouvert à tous."


def test_ajouter_une_structure_previent_d_un_homonyme(lea: Client, distribution: Distribution) -> None:
    donnees = {"nom": "centre social des deux ponts", "genre": "centre_social", "departement": "63"}
    page = lea.post(reverse("structure_nouvelle"), donnees).content.decode()
    assert "porte déjà ce nom" in page
    assert Structure.objects.count() == 2
    lea.post(reverse("structure_nouvelle"), donnees | {"creer": "quand_meme"})
    assert Structure.objects.count() == 3


# --- Fermer, faire reprendre, défaire -------------------------------------------------------------------
def test_fermer_retire_les_roles_previent_et_se_defait(
    lea: Client, client_de: ClientDe, distribution: Distribution
) -> None:
    bruno = client_de("bruno")
    assert "est fermée" in acte(lea, "structure_fermer", distribution.deux_ponts)
    assert "Vous n’avez pas encore de rôle" in bruno.get(reverse("espace")).content.decode()
    assert "votre rôle y prend fin" in courriels(distribution.bruno.email)[0].body
    assert lea.get(reverse("equipe_lieu", args=["structure", distribution.deux_ponts.pk])).status_code == 404
    lea.post(reverse("structure_rouvrir", args=[distribution.deux_ponts.pk]))
    assert distribution.deux_ponts.nom in bruno.get(reverse("espace")).content.decode()
    distribution.deux_ponts.refresh_from_db()
    assert (distribution.deux_ponts.etat, distribution.deux_ponts.fermee_le) == ("active", None)


def test_une_reprise_fait_passer_l_equipe_et_les_experiences_et_se_defait(
    lea: Client, client: Client, distribution: Distribution, indexer: Callable[[], int]
) -> None:
    deux_ponts, quatre_vents = distribution.deux_ponts, distribution.quatre_vents
    ExperienceFactory(structure=deux_ponts, titre="Le jardin des Deux-Ponts")
    AppartenanceFactory(utilisateur=distribution.farid, structure=quatre_vents)
    indexer()
    page = acte(lea, "structure_fusionner", deux_ponts, dans=quatre_vents.pk)
    assert "a repris" in page
    bruno = Utilisateur.objects.get(pk=distribution.bruno.pk)
    assert [t.structure for t in bruno.appartenances_du_jour] == [quatre_vents]
    assert deux_ponts.pk in bruno.structures_du_jour, "les fiches d'avant restent les siennes"
    assert Appartenance.objects.en_cours().filter(utilisateur=distribution.farid).count() == 1

    ancienne = client.get(reverse("centre", args=[deux_ponts.slug])).content.decode()
    assert "a été reprise par" in ancienne and quatre_vents.nom in ancienne
    neuve = client.get(reverse("centre", args=[quatre_vents.slug])).content.decode()
    assert "Le jardin des Deux-Ponts" in neuve
    for consommateur in consommateurs():
        rattraper(consommateur)
    trouvees = chercher("jardin", {"structure": [quatre_vents.slug]}, nombre=5)
    assert trouvees.total == 1

    lea.post(reverse("structure_rouvrir", args=[deux_ponts.pk]))
    bruno = Utilisateur.objects.get(pk=distribution.bruno.pk)
    assert [t.structure for t in bruno.appartenances_du_jour] == [deux_ponts]
    farid = Appartenance.objects.en_cours().filter(utilisateur=distribution.farid)
    assert {t.structure for t in farid} == {deux_ponts, quatre_vents}
    assert lea.post(reverse("structure_rouvrir", args=[deux_ponts.pk])).status_code == 404
    assert Cloture.objects.get().annulee_le is not None


# --- Gestionnaire ------------------------------------------------------------------------------------
def test_changer_de_gestionnaire_ferme_la_porte_a_l_ancien(lea: Client, distribution: Distribution) -> None:
    ancien = distribution.deux_ponts.gestionnaire
    gerante = AppartenanceFactory(gestionnaire=ancien, role="directrice").utilisateur
    acte(lea, "structure_gestionnaire", distribution.deux_ponts, nouveau="Ville des Essais", forme="commune")
    assert Utilisateur.objects.get(pk=gerante.pk).structures_du_jour == []
    page = lea.get(reverse("structure_tenue", args=[distribution.deux_ponts.pk])).content.decode()
    assert "Ville des Essais" in page and ancien.nom in page and "Défaire ce changement" in page
    assert Gestionnaire.objects.get(nom="Ville des Essais").forme == "commune"


def test_l_histoire_d_une_structure_se_lit_en_phrases(lea: Client, distribution: Distribution) -> None:
    un, deux = GestionnaireFactory(nom="Un"), GestionnaireFactory(nom="Deux")
    StructureFactory(gestionnaire=un), StructureFactory(gestionnaire=deux)
    acte(
        lea,
        "structure_gestionnaire",
        distribution.deux_ponts,
        gestionnaire=un.pk,
        du=HIER - timedelta(days=9),
    )
    acte(lea, "structure_gestionnaire", distribution.deux_ponts, gestionnaire=deux.pk)
    page = lea.get(reverse("structure_tenue", args=[distribution.deux_ponts.pk])).content.decode()
    assert "« Deux » porte « Centre social des Deux-Ponts »" in page.replace("\xa0", " ")
    lea.post(reverse("structure_gestionnaire_defaire", args=[distribution.deux_ponts.pk]))
    distribution.deux_ponts.refresh_from_db()
    assert distribution.deux_ponts.gestionnaire == un


def test_la_liste_se_filtre_par_nom_commune_et_etat(lea: Client, distribution: Distribution) -> None:
    StructureFactory(nom="Espace Clairière", a_completer=True)
    adresse = reverse("structures")
    assert "Espace Clairière" in lea.get(adresse, {"q": "clairière"}).content.decode()
    assert "Deux-Ponts" in lea.get(adresse, {"q": "clermont"}).content.decode()
    page = lea.get(adresse, {"etat": "a_completer"}).content.decode()
    assert "Espace Clairière" in page and "Deux-Ponts" not in page.split("<main")[1]
    assert "Aucune structure ne répond" in lea.get(adresse, {"q": "zzz"}).content.decode()
