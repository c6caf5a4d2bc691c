"""Trouver un centre : la liste, ses filtres, son département."""

import pytest
from django.test import Client

from maillage.territoire.choices import GenreStructure
from tests.fabriques import (
    CommuneFactory,
    DepartementFactory,
    ExperienceFactory,
    SiteFactory,
    StructureFactory,
)

pytestmark = pytest.mark.django_db


def test_une_page_au_dela_de_la_derniere_n_existe_pas(client: Client) -> None:
    StructureFactory()
    assert client.get("/centres/?page=2").status_code == 404


def test_une_structure_fermee_n_est_plus_dans_la_liste(client: Client) -> None:
    StructureFactory(nom="Centre fermé", fermee=True)
    assert "Centre fermé" not in client.get("/centres/").content.decode()


@pytest.mark.parametrize("q", ["%00", "%F0%9F%8E%89", "'; drop table", "a" * 500])
def test_des_mots_etranges_ne_trouvent_rien_sans_panne(client: Client, q: str) -> None:
    StructureFactory()
    reponse = client.get(f"/centres/?q={q}")
    assert reponse.status_code == 200


def test_sans_reponse_on_propose_quoi_faire(client: Client) -> None:
    StructureFactory()
    page = client.get("/centres/?q=zzzz").content.decode()
    assert "Aucun centre trouvé" in page and "code postal" in page


def test_la_liste_montre_adresse_telephone_et_etat(client: Client) -> None:
    structure = StructureFactory(nom="La Ruche", decrite=True)
    SiteFactory(structure=structure, horaires="24/7")
    page = client.get("/centres/").content.decode()
    assert "3, rue des Tilleuls, 63000" in page
    assert "tel:+33400000000" in page
    assert "Ouvert 24\u00a0h sur 24" in page


def test_les_facettes_se_comptent_sans_leur_propre_filtre(client: Client) -> None:
    StructureFactory.create_batch(2)
    StructureFactory(genre=GenreStructure.ESPACE_DE_VIE_SOCIALE)
    StructureFactory(departement=DepartementFactory(autre=True))
    reponse = client.get("/centres/?departement=63")
    liste = reponse.context["liste"]
    assert liste.total == 3
    comptes = {
        groupe.cle: {case.cle: case.nombre for case in [*groupe.visibles, *groupe.autres]}
        for groupe in liste.groupes
    }
    assert comptes == {
        "departement": {"63": 3, "62": 1},
        "genre": {"centre_social": 2, "espace_de_vie_sociale": 1},
    }


def test_une_rue_inconnue_s_explique(client: Client) -> None:
    structure = StructureFactory(commune=CommuneFactory())
    page = client.get("/centres/?q=12+rue+verte,+Clermont-Ferrand").content.decode()
    assert structure.nom in page
    assert "Ces centres accueillent les habitants de Clermont-Ferrand" in page


def test_une_faute_reparee_est_dite(client: Client) -> None:
    StructureFactory(nom="Les Hirondelles")
    page = client.get("/centres/?q=hirondeles").content.decode()
    assert "« hirondelles »" in page.replace("\u00a0", " ")


def test_la_carte_et_sa_liste_sont_sur_la_premiere_page_seulement(client: Client) -> None:
    StructureFactory()
    assert "carte-departements" in client.get("/centres/").content.decode()
    assert "carte-departements" not in client.get("/centres/?q=essais").content.decode()


# --- Département ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["999", "20", "9z", "00"])
def test_un_code_inconnu_n_a_pas_de_page(client: Client, code: str) -> None:
    assert client.get(f"/departements/{code}/").status_code == 404


def test_un_code_en_capitales_mene_a_la_page(client: Client) -> None:
    DepartementFactory(code="2A", nom="Corse-du-Sud")
    assert client.get("/departements/2A/").headers["Location"] == "/departements/2a/"
    assert "Corse-du-Sud (2A)" in client.get("/departements/2a/").content.decode()


def test_le_departement_montre_ses_centres_et_ses_experiences(client: Client) -> None:
    ici = ExperienceFactory(titre="Ici")
    ExperienceFactory(
        titre="Ailleurs", structure=StructureFactory(departement=DepartementFactory(autre=True))
    )
    page = client.get("/departements/63/").content.decode()
    assert "Ici" in page and ici.structure.nom in page and "Ailleurs" not in page


def test_un_departement_sans_centre_dit_quoi_faire(client: Client) -> None:
    DepartementFactory()
    assert "Aucun centre connu ici" in client.get("/departements/63/").content.decode()


@pytest.mark.plafond_de_requetes(16)
def test_la_liste_coute_le_meme_nombre_de_requetes_pour_vingt_cinq_centres(client: Client) -> None:
    for _ in range(25):
        SiteFactory(structure=StructureFactory(commune=CommuneFactory()))
    assert client.get("/centres/").status_code == 200
