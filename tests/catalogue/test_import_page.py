"""Importer depuis une page : déposer, lire l'aperçu, confirmer ou abandonner."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.catalogue.choices import EtatImportation
from maillage.catalogue.models import Experience, Importation
from maillage.core.models import Changement, LigneJournal
from tests.catalogue.page_source import bloc, rendre
from tests.distribution import Distribution, distribuer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fichiers_a_part(settings: Any, tmp_path: Path) -> None:
    stockage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": stockage}


@pytest.fixture
def distribution() -> Distribution:
    return distribuer()


@pytest.fixture
def lea(distribution: Distribution) -> Client:
    return _connectee(distribution.lea)


def _connectee(personne: Any) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def deposer(client: Client, contenu: str | bytes, nom: str = "page.txt") -> Any:
    octets = contenu.encode() if isinstance(contenu, str) else contenu
    return client.post(reverse("importations"), {"fichier": SimpleUploadedFile(nom, octets)})


def apercu(client: Client, *fiches: dict[str, Any]) -> tuple[Importation, str]:
    reponse = deposer(client, rendre(fiches))
    assert reponse.status_code == 302
    depot = Importation.objects.latest("pk")
    return depot, client.get(reponse.url).content.decode()


# --- Les refus ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("prenom", ["bruno", "amina", "chloe", "denis"])
def test_pour_qui_ne_modere_pas_la_page_n_existe_pas(distribution: Distribution, prenom: str) -> None:
    client = _connectee(distribution.personne(prenom))
    assert client.get(reverse("importations")).status_code == 404
    assert deposer(client, rendre([bloc()])).status_code == 404
    assert not Importation.objects.exists()


@pytest.mark.parametrize(
    ("contenu", "mots"),
    [
        (b"", "vide"),
        (b"\x89PNG\r\n\x00\x01", "une image"),
        (b"Compte rendu du conseil", "pas une page du catalogue"),
        (rendre([bloc()]).encode("cp1252"), "UTF-8"),
        (rendre([bloc()]).rpartition("- Suite")[0].encode(), "tronquée"),
    ],
)
def test_un_fichier_illisible_est_refuse_et_n_est_pas_garde(lea: Client, contenu: bytes, mots: str) -> None:
    reponse = deposer(lea, contenu)
    assert reponse.status_code == 422
    assert mots in reponse.content.decode()
    assert not Importation.objects.exists()
    assert not default_storage.exists("importations")


def test_sans_fichier_la_page_dit_quoi_faire(lea: Client) -> None:
    reponse = lea.post(reverse("importations"))
    assert reponse.status_code == 422
    assert "Choisissez d’abord un fichier" in reponse.content.decode()


@pytest.mark.parametrize("octets", [2_000, 2_000_000], ids=["découvert en lisant", "annoncé"])
def test_un_fichier_trop_lourd_est_refuse_pendant_l_envoi(lea: Client, settings: Any, octets: int) -> None:
    settings.TAILLE_MAX_FICHIER = 1000
    reponse = deposer(lea, b"a" * octets)
    assert reponse.status_code == 422
    assert "20\u00a0Mo" in reponse.content.decode()
    assert not Importation.objects.exists()


def test_une_autre_moderatrice_voit_l_apercu_mais_ne_confirme_pas(
    lea: Client, distribution: Distribution
) -> None:
    depot, _ = apercu(lea, bloc())
    nadia = _connectee(distribution.nadia)
    assert "de confirmer" in nadia.get(reverse("importation", args=[depot.pk])).content.decode()
    assert nadia.post(reverse("importation_confirmer", args=[depot.pk])).status_code == 404
    assert not Experience.objects.exists()


# --- Le parcours -------------------------------------------------------------------------------------
def test_la_page_vide_dit_par_quoi_commencer(lea: Client) -> None:
    assert "Aucun import pour l’instant" in lea.get(reverse("importations")).content.decode()


def test_l_apercu_dit_tout_et_n_ecrit_rien_au_catalogue(lea: Client) -> None:
    abimee = rendre([bloc(titre="Abîmée")], avec_titre_du_site=False).replace("- Résumé\n", "")
    page = rendre([bloc(description="Appelez le 06 12 34 56 78"), bloc(partenaires_action=["CARSAT"])])
    reponse = deposer(lea, f"{page}\n{abimee}\n{rendre([bloc(titre='Fin')], avec_titre_du_site=False)}")
    vu = lea.get(reponse.url).content.decode()
    for mots in ("fiches à créer", "rejetée", "« Résumé » manque", "06 12 34 56 78", "Confirmer l’import"):
        assert mots in vu, mots
    assert not Experience.objects.exists()


def test_confirmer_importe_efface_le_fichier_et_dit_ce_qui_est_fait(
    lea: Client, distribution: Distribution
) -> None:
    depot, _ = apercu(lea, bloc(), bloc(partenaires_action=["CARSAT"]))
    assert default_storage.exists(depot.chemin)
    reponse = lea.post(reverse("importation_confirmer", args=[depot.pk]), follow=True)
    vu = reponse.content.decode()
    assert "1\u00a0nouvelle fiche publiée" in vu
    assert "fiche complétée" in vu
    assert not default_storage.exists(depot.chemin)
    depot.refresh_from_db()
    assert (depot.etat, depot.chemin, depot.bilan["creees"]) == (EtatImportation.IMPORTEE, "", 1)
    fiche = Experience.objects.get()
    ligne = LigneJournal.objects.get(acte="importer_experience", objet_id=fiche.pk)
    assert ligne.acteur_id == distribution.lea.pk
    assert Changement.objects.filter(objet_type="catalogue.importation").count() == 2


def test_confirmer_deux_fois_n_importe_qu_une_fois(lea: Client) -> None:
    depot, _ = apercu(lea, bloc())
    for _ in range(2):
        reponse = lea.post(reverse("importation_confirmer", args=[depot.pk]), follow=True)
    assert "déjà fini" in reponse.content.decode()
    assert Experience.objects.count() == 1


def test_abandonner_n_importe_rien_et_efface_le_fichier(lea: Client) -> None:
    depot, _ = apercu(lea, bloc())
    reponse = lea.post(reverse("importation_abandonner", args=[depot.pk]), follow=True)
    assert "abandonné" in reponse.content.decode()
    assert not default_storage.exists(depot.chemin)
    assert not Experience.objects.exists()
    lea.post(reverse("importation_confirmer", args=[depot.pk]))
    assert not Experience.objects.exists()


def test_une_page_deja_importee_le_dit_et_n_offre_pas_de_confirmer(lea: Client) -> None:
    depot, _ = apercu(lea, bloc())
    lea.post(reverse("importation_confirmer", args=[depot.pk]))
    _, vu = apercu(lea, bloc())
    assert "déjà au catalogue" in vu
    assert "Confirmer l’import" not in vu


def test_les_imports_passes_sont_listes(lea: Client) -> None:
    apercu(lea, bloc())
    assert "À confirmer" in lea.get(reverse("importations")).content.decode()
