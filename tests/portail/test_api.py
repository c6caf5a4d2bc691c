"""L'API : ce qui est public, par pages, sans plus."""

import pytest
from django.test import Client

from maillage.catalogue.choices import EtatPoint, FamilleTerme, GenrePoint
from tests.fabriques import (
    ExperienceFactory,
    PointAVerifierFactory,
    SiteFactory,
    StructureFactory,
    TermeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "adresse",
    ["/api/v1/experiences/inconnu", "/api/v1/structures/inconnue", "/api/v1/experiences/%00", "/api/v1/rien"],
)
def test_un_objet_inconnu_n_existe_pas(client: Client, adresse: str) -> None:
    assert client.get(adresse).status_code == 404


@pytest.mark.parametrize(
    "suite", ["par_page=51", "par_page=0", "page=0", "page=abc", "page=99999999999999999999"]
)
def test_une_page_demesuree_est_refusee_en_francais(client: Client, suite: str) -> None:
    reponse = client.get(f"/api/v1/experiences?{suite}")
    assert reponse.status_code == 422
    assert (
        reponse.json()["detail"].startswith("Paramètre refusé : page")
        or "par_page" in reponse.json()["detail"]
    )


@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete"])
def test_l_api_ne_fait_que_lire(client: Client, methode: str) -> None:
    assert getattr(client, methode)("/api/v1/experiences").status_code == 405


def test_un_brouillon_ou_une_fiche_retiree_ne_sort_pas(client: Client) -> None:
    brouillon, retiree = ExperienceFactory(brouillon=True), ExperienceFactory(retiree=True)
    assert client.get("/api/v1/experiences").json()["total"] == 0
    for fiche in (brouillon, retiree):
        assert client.get(f"/api/v1/experiences/{fiche.code}").status_code == 404


def test_un_telephone_a_verifier_est_masque_comme_sur_la_page(client: Client) -> None:
    fiche = ExperienceFactory(description="Appelez le 06 12 34 56 78.")
    PointAVerifierFactory(
        experience=fiche,
        genre=GenrePoint.TELEPHONE,
        champ="description",
        debut=11,
        fin=25,
        extrait="06 12 34 56 78",
    )
    adresse = f"/api/v1/experiences/{fiche.code}"
    assert client.get(adresse).json()["textes"]["description"] == "Appelez le [téléphone masqué]."
    fiche.points.update(etat=EtatPoint.ECARTE)
    assert "06 12 34 56 78" in client.get(adresse).json()["textes"]["description"]


def test_trop_de_demandes_attendent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # Une horloge arrêtée : sur une machine lente, le seau se remplirait pendant le test.
    monkeypatch.setattr("maillage.core.debit.time.time", lambda: 1_800_000_000.0)
    reponses = [client.get("/api/v1/termes", HTTP_ACCEPT="application/json") for _ in range(61)]
    assert reponses[-2].status_code == 200
    assert reponses[-1].status_code == 429 and int(reponses[-1].headers["Retry-After"]) >= 1
    assert reponses[-1].json()["detail"].startswith("Trop de demandes")


def test_les_pages_se_suivent_sans_rien_perdre(client: Client) -> None:
    codes = {ExperienceFactory().code for _ in range(5)}
    lus, adresse = set(), "/api/v1/experiences?par_page=2"
    while adresse:
        page = client.get(adresse).json()
        lus |= {objet["id"] for objet in page["objets"]}
        adresse = (page["suivante"] or "").partition("/api/")[2] and "/api/" + page["suivante"].partition(
            "/api/"
        )[2]
    assert lus == codes


def test_rien_de_change_n_est_pas_retransmis(client: Client) -> None:
    ExperienceFactory()
    premiere = client.get("/api/v1/experiences")
    etag = premiere.headers["ETag"]
    assert client.get("/api/v1/experiences", HTTP_IF_NONE_MATCH=etag).status_code == 304
    ExperienceFactory()
    assert client.get("/api/v1/experiences", HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_une_autre_page_web_peut_lire_l_api_et_aucun_cookie_n_est_pose(client: Client) -> None:
    reponse = client.get("/api/v1/experiences")
    assert reponse.headers["Access-Control-Allow-Origin"] == "*"
    assert reponse.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not reponse.cookies


def test_une_experience_en_entier(client: Client) -> None:
    terme = TermeFactory(
        famille=FamilleTerme.MOT_CLE, libelle="Vieillissement", libelle_source="Viellissement"
    )
    fiche = ExperienceFactory(termes=[terme])
    lue = client.get(f"/api/v1/experiences/{fiche.code.upper()}").json()
    assert lue["titre"] == fiche.titre and lue["structure"]["departement"]["code"] == "63"
    assert lue["termes"][0]["libelle_source"] == "Viellissement"
    assert lue["url"].endswith(f"/experiences/{fiche.code}/{fiche.slug}/")


def test_l_annuaire_se_cherche_comme_la_page(client: Client) -> None:
    structure = StructureFactory(nom="La Ruche", decrite=True)
    SiteFactory(structure=structure)
    StructureFactory(nom="L’Étoile")
    page = client.get("/api/v1/structures?q=ruche").json()
    assert page["total"] == 1 and page["objets"][0]["sites"][0]["horaires"].startswith("Mo-Fr")


def test_une_liste_du_metier(client: Client) -> None:
    TermeFactory(libelle="Santé")
    TermeFactory(libelle="Inconnu", est_a_verifier=True)
    lus = client.get("/api/v1/termes?famille=mot_cle").json()
    assert [terme["libelle"] for terme in lus] == ["Santé"]
    assert client.get("/api/v1/termes?famille=nimporte").status_code == 422


def test_la_documentation_decrit_chaque_lecture_du_schema(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    page = client.get("/api/").content.decode()
    for chemin, operations in schema["paths"].items():
        assert f"GET {chemin}" in page
        assert operations["get"]["summary"] in page.replace("\u00a0", " ")
        for parametre in operations["get"].get("parameters", []):
            assert f"<code>{parametre['name']}</code>" in page
    assert client.get("/api/v1/").headers["Location"] == "/api/"
