"""Servir une pièce : le droit est demandé à chaque fois, et les en-têtes ne laissent rien s'exécuter."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.catalogue.choices import EtatExperience, EtatPiece
from maillage.catalogue.models import PieceJointe
from tests.distribution import Distribution
from tests.fabriques import ContributionFactory, DepartementFactory, ExperienceFactory
from tests.fichiers_d_essai import pdf, photo, piece_publiee

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture(autouse=True)
def dossier(settings: Any, tmp_path: Path) -> Path:
    stockage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": stockage}
    return tmp_path


@pytest.fixture
def image(distribution: Distribution) -> PieceJointe:
    return joindre(distribution, "Marché.jpg", photo())


def joindre(distribution: Distribution, nom: str, contenu: bytes) -> PieceJointe:
    """Une pièce en ligne, d'une fiche publiée des Deux-Ponts."""
    contribution = ContributionFactory(
        experience=ExperienceFactory(structure=distribution.deux_ponts), auteur=distribution.amina
    )
    return piece_publiee(contribution, nom, contenu)


def adresse(piece: PieceJointe, nom: str = "piece") -> str:
    return reverse(nom, args=[piece.experience.code, piece.code])


@pytest.mark.parametrize(
    ("etat_piece", "etat_fiche"),
    [
        (EtatPiece.EN_ATTENTE, EtatExperience.PUBLIEE),
        (EtatPiece.RETIREE, EtatExperience.PUBLIEE),
        (EtatPiece.PUBLIEE, EtatExperience.RETIREE),
        (EtatPiece.PUBLIEE, EtatExperience.BROUILLON),
    ],
)
@pytest.mark.parametrize("nom", ["piece", "piece_vignette"])
def test_hors_ligne_seuls_son_centre_et_sa_moderatrice_la_voient(
    client_de: Ouvrir,
    distribution: Distribution,
    image: PieceJointe,
    etat_piece: str,
    etat_fiche: str,
    nom: str,
) -> None:
    distribution.federation.departements.set([DepartementFactory()])
    PieceJointe.objects.update(etat=etat_piece)
    type(image.experience).objects.update(etat=etat_fiche)
    recus = {
        qui: client_de(qui).get(adresse(image, nom)).status_code
        for qui in ("anonyme", "omar", "chloe", "denis", "bruno", "amina", "lea")
    }
    assert recus == {
        "anonyme": 404, "omar": 404, "chloe": 404, "denis": 404, "bruno": 200, "amina": 200, "lea": 200,
    }  # fmt: skip


def test_une_moderatrice_d_un_autre_territoire_ne_la_voit_pas(
    client_de: Ouvrir, distribution: Distribution, image: PieceJointe
) -> None:
    distribution.federation.departements.set([DepartementFactory(autre=True)])
    PieceJointe.objects.update(etat=EtatPiece.EN_ATTENTE)
    assert client_de("lea").get(adresse(image)).status_code == 404


def test_l_adresse_gardee_apres_la_deconnexion_ne_donne_rien(client_de: Ouvrir, image: PieceJointe) -> None:
    PieceJointe.objects.update(etat=EtatPiece.EN_ATTENTE)
    client = client_de("amina")
    reponse = client.get(adresse(image))
    assert reponse.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in reponse.headers
    client.logout()
    assert client.get(adresse(image), headers={"if-none-match": f'"{image.sha256}"'}).status_code == 404


def test_un_code_inconnu_et_un_fichier_perdu_repondent_404(
    client: Client, image: PieceJointe, dossier: Path
) -> None:
    assert client.get(reverse("piece", args=[image.experience.code, "inconnu"])).status_code == 404
    (dossier / image.chemin).unlink()
    assert client.get(adresse(image)).status_code == 404


@pytest.mark.parametrize("methode", ["post", "put", "delete"])
def test_une_piece_ne_s_ecrit_pas_a_son_adresse(client: Client, image: PieceJointe, methode: str) -> None:
    assert getattr(client, methode)(adresse(image)).status_code == 405


def test_une_image_publiee_s_affiche_sans_rien_pouvoir_executer(
    client: Client, image: PieceJointe, dossier: Path
) -> None:
    reponse = client.get(adresse(image))
    assert reponse.content == (dossier / image.chemin).read_bytes()
    assert reponse.headers["Content-Type"] == "image/webp"
    assert reponse.headers["Content-Disposition"].startswith("inline")
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert reponse.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert set(reponse.headers["Cache-Control"].split(", ")) == {"public", "immutable", "max-age=31536000"}
    assert not reponse.cookies


def test_un_pdf_s_enregistre_et_ne_s_ouvre_pas_dans_la_page(
    client: Client, distribution: Distribution
) -> None:
    piece = joindre(distribution, "L’affiche.pdf", pdf())
    reponse = client.get(adresse(piece))
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert reponse.headers["Content-Disposition"].startswith("attachment; filename")
    assert client.get(adresse(piece, "piece_vignette")).status_code == 404


def test_qui_l_a_deja_ne_la_recoit_pas_deux_fois(client: Client, image: PieceJointe) -> None:
    etag = client.get(adresse(image)).headers["ETag"]
    reponse = client.get(adresse(image), headers={"if-none-match": etag})
    assert (reponse.status_code, reponse.content) == (304, b"")
    assert client.get(adresse(image), headers={"if-none-match": f"W/{etag}"}).status_code == 304
    assert "immutable" in reponse.headers["Cache-Control"]


def test_une_piece_qui_a_change_de_fiche_garde_son_ancienne_adresse(
    client: Client, image: PieceJointe
) -> None:
    ancienne = adresse(image)
    image.experience = ExperienceFactory()
    image.save()
    reponse = client.get(ancienne)
    assert (reponse.status_code, reponse.headers["Location"]) == (302, adresse(image))
