"""La page d'une collection que l'on partage, et le dossier qu'on en tire."""

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse

from maillage.catalogue.models import Collection, ElementCollection, Experience
from maillage.catalogue.operations.fusions import fusionner
from maillage.catalogue.operations.retraits import retirer_experience
from tests.collections_d_essai import CollectionFactory
from tests.distribution import Distribution
from tests.fabriques import ExperienceFactory, PointAVerifierFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def fiches(distribution: Distribution) -> list[Experience]:
    titres = ("Un", "Deux", "Trois")
    return [ExperienceFactory(titre=titre, structure=distribution.quatre_vents) for titre in titres]


@pytest.fixture
def partagee(distribution: Distribution, fiches: list[Experience]) -> Collection:
    collection = CollectionFactory(
        titre="Les aînés",
        auteur=distribution.amina,
        fiches=fiches,
        est_partagee=True,
        note="Pour\n\nle conseil.",
    )
    ElementCollection.objects.filter(experience__titre="Deux").update(note="Parce que <b>simple</b>.")
    return collection


def page(client: Client, collection: Collection) -> Any:
    return client.get(reverse("collection", args=[collection.code]))


def test_la_page_montre_les_fiches_dans_l_ordre_avec_leur_mot(client: Client, partagee: Collection) -> None:
    html = page(client, partagee).content.decode()
    assert html.index("Un</a>") < html.index("Deux</a>") < html.index("Trois</a>")
    assert "Parce que &lt;b&gt;simple&lt;/b&gt;." in html
    assert "3\u00a0expériences" in html
    assert "data-copier" in html and "dossier.pdf" in html


def test_une_fiche_retiree_garde_sa_place_sans_rien_dire_d_elle(
    client: Client,
    client_de: Ouvrir,
    partagee: Collection,
    fiches: list[Experience],
    distribution: Distribution,
) -> None:
    Experience.objects.filter(pk=fiches[1].pk).update(titre="Un titre à oublier")
    fiches[1].refresh_from_db()
    retirer_experience(fiches[1], "Plus juste.", par=distribution.chloe)
    html = page(client, partagee).content.decode()
    assert "Une fiche retirée du catalogue" in html
    assert "Un titre à oublier" not in html and "simple" not in html
    assert "2\u00a0expériences" in html
    document = client.get(reverse("collection_document", args=[partagee.code, "docx"]))
    texte = "\n".join(p.text for p in docx.Document(io.BytesIO(document.content)).paragraphs)
    assert "Un titre à oublier" not in texte and "1\u00a0fiche retirée du catalogue" in texte
    edition = client_de("amina").get(reverse("collection_modifier", args=[partagee.code])).content.decode()
    assert "Retirée du catalogue" in edition


def test_un_doublon_reuni_se_lit_dans_la_fiche_gardee_une_seule_fois(
    client: Client, partagee: Collection, fiches: list[Experience], distribution: Distribution
) -> None:
    gardee = ExperienceFactory(titre="La gardée", structure=distribution.quatre_vents)
    fusionner(gardee, fiches[0], par=distribution.nadia)
    fusionner(gardee, fiches[1], par=distribution.nadia)
    html = page(client, partagee).content.decode()
    assert html.count(">La gardée</a>") == 1
    assert "2\u00a0expériences" in html


def test_un_telephone_masque_l_est_aussi_dans_une_collection(client: Client, partagee: Collection) -> None:
    fiche = ExperienceFactory(resume="Appelez le 04 00 00 00 12.")
    PointAVerifierFactory(
        experience=fiche, genre="telephone", champ="resume", debut=11, fin=25, extrait="04 00 00 00 12"
    )
    ElementCollection.objects.create(collection=partagee, experience=fiche, rang=9)
    assert "04 00 00 00 12" not in page(client, partagee).content.decode()


@pytest.mark.parametrize("extension", ["pdf", "docx"])
def test_le_dossier_porte_les_fiches_et_leur_mot(
    client: Client, partagee: Collection, extension: str
) -> None:
    reponse = client.get(reverse("collection_document", args=[partagee.code, extension]))
    assert reponse.headers["Content-Disposition"].endswith(f".{extension}")
    if extension == "docx":
        lu = docx.Document(io.BytesIO(reponse.content))
        texte = "\n".join(p.text for p in lu.paragraphs) + "\n".join(
            cellule.text for tableau in lu.tables for ligne in tableau.rows for cellule in ligne.cells
        )
        assert "Pourquoi cette fiche" in texte and "Parce que <b>simple</b>." in texte
        assert texte.index("Un") < texte.index("Deux") < texte.index("Trois")
    assert client.get(reverse("collection_document", args=[partagee.code, "exe"])).status_code == 404


def test_une_collection_ne_pose_pas_une_question_par_fiche(
    client: Client, partagee: Collection, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        page(client, partagee)
    for rang in range(12):
        fiche = ExperienceFactory()
        ElementCollection.objects.create(collection=partagee, experience=fiche, rang=10 + rang)
    with django_assert_max_num_queries(14):
        page(client, partagee)
