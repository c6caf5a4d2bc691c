"""Les pièces du dossier : contrôlées, remplacées, ôtées ; ce qu'un envoi cite ne s'efface pas."""

import io
import os
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from maillage.core import fichiers
from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import EtatProjet
from maillage.projets.models import Envoi, PieceDuDossier, ProjetSocial
from maillage.projets.operations.pieces import (
    balayer_les_pieces,
    controler_le_fichier,
    deposer_piece,
    oter_piece,
    pieces_a_envoyer,
)
from tests.distribution import Distribution
from tests.fichiers_d_essai import pdf, pdf_qui_agit
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_verification import PDF, PieceDuDossierFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


def _zip(**entrees: bytes) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for nom, octets in entrees.items():
            archive.writestr(nom.replace("__", "/").replace("_TYPES", "[Content_Types].xml"), octets)
    return sortie.getvalue()


WORD = {"_TYPES": b"<Types/>", "word__document.xml": b"<w/>"}


@pytest.mark.parametrize(
    ("contenu", "raison"),
    [
        (b"", "vide"),
        (b"MZ\x90 un programme", "n’est pas pris"),
        (b"\xd0\xcf\x11\xe0 ancien", "format ancien"),
        (_zip(**{"lisez.txt": b"a"}), "archive"),
        (_zip(**WORD, **{"word__vbaProject.bin": b"macro"}), "macro"),
        (pdf_qui_agit(), "programme"),
        (b"PK\x03\x04 tronque", "abîmé"),
    ],
)
def test_un_fichier_douteux_est_refuse_en_disant_pourquoi(contenu: bytes, raison: str) -> None:
    with pytest.raises(GesteRefuse, match=raison):
        controler_le_fichier("statuts.pdf", contenu)


def test_une_image_est_reecrite_en_jpeg_et_un_word_garde_son_type() -> None:
    sortie = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(sortie, "PNG")
    image = controler_le_fichier("../../scan.png", sortie.getvalue())
    assert (image.nom, image.type_mime) == ("scan.jpg", "image/jpeg") and image.octets.startswith(b"\xff\xd8")
    assert controler_le_fichier("organigramme.docx", _zip(**WORD)).extension == "docx"


def test_une_personne_joint_remplace_ote_et_remet_une_piece(projet: ProjetSocial, client_de: Ouvrir) -> None:
    bruno, liste = client_de("bruno"), reverse("pieces_du_dossier", args=[projet.pk])
    joindre = reverse("piece_deposer", args=[projet.pk, "statuts"])
    refuse = bruno.post(joindre, {"nom": "Statuts", "fournie_le": "2026-01-10"})
    assert refuse.status_code == 422 and "Choisissez d’abord un fichier" in refuse.content.decode()
    fichier = SimpleUploadedFile("statuts.pdf", PDF)
    assert (
        bruno.post(joindre, {"nom": "Statuts", "fournie_le": "2026-01-10", "fichier": fichier}).status_code
        == 302
    )
    piece = PieceDuDossier.objects.get()
    assert (piece.cle, piece.taille, piece.empreinte) == ("statuts", len(PDF), fichiers.empreinte(PDF))
    lu = bruno.get(reverse("piece_fichier", args=[piece.pk]))
    assert (
        lu.content == PDF and "attachment" in lu["Content-Disposition"] and "no-store" in lu["Cache-Control"]
    )

    autre = pdf(2)
    page = reverse("piece_modifier", args=[piece.pk])
    envoi = {"nom": "Nos statuts", "fournie_le": "2026-02-01", "version": piece.version}
    bruno.post(page, envoi | {"fichier": SimpleUploadedFile("neufs.pdf", autre)})
    piece.refresh_from_db()
    assert (piece.nom, piece.nom_du_fichier, piece.empreinte) == (
        "Nos statuts",
        "neufs.pdf",
        fichiers.empreinte(autre),
    )
    perdu = bruno.post(page, envoi | {"nom": "Autre nom"})
    assert perdu.status_code == 422 and "Quelqu’un a enregistré" in perdu.content.decode()

    bruno.post(reverse("piece_geste", args=[piece.pk, "oter"]))
    assert pieces_a_envoyer(projet) == [] and "vient d’être ôtée" in bruno.get(liste).content.decode()
    bruno.post(reverse("piece_geste", args=[piece.pk, "remettre"]))
    assert [une["empreinte"] for une in pieces_a_envoyer(projet)] == [piece.empreinte]


@pytest.mark.parametrize("personne", ["chloe", "denis", "lea", "omar"])
def test_une_piece_ne_se_lit_que_dans_l_equipe(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir, personne: str
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    ProjetSocial.objects.filter(pk=projet.pk).update(etat=EtatProjet.EN_COURS)
    piece = PieceDuDossierFactory(projet=projet)
    assert client_de(personne).get(reverse("piece_fichier", args=[piece.pk])).status_code == 404


def test_le_meme_fichier_deux_fois_ne_fait_qu_une_piece(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    fichier = controler_le_fichier("lettre.pdf", PDF)
    une, deux = (deposer_piece(projet, fichier, nom="Lettre", par=distribution.amina) for _ in range(2))
    assert une == deux and PieceDuDossier.objects.count() == 1
    with pytest.raises(GesteRefuse, match="référentiel"):
        deposer_piece(projet, fichier, nom="X", cle="inconnue", par=distribution.amina)


def test_un_projet_soumis_ne_prend_plus_de_piece(projet: ProjetSocial, distribution: Distribution) -> None:
    ProjetSocial.objects.filter(pk=projet.pk).update(etat=EtatProjet.SOUMIS)
    with pytest.raises(GesteRefuse, match="ne s’écrit plus"):
        deposer_piece(projet, controler_le_fichier("a.pdf", PDF), nom="A", par=distribution.amina)


def test_un_fichier_que_cite_un_envoi_ne_s_efface_jamais(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    envoyee, oubliee = PieceDuDossierFactory.create_batch(2, projet=projet)
    Envoi.objects.create(
        projet=projet,
        genre="dossier",
        numero=1,
        contenu={},
        pieces=[{"nom": "a", "chemin": envoyee.chemin, "empreinte": "", "taille": 1}],
        pdf="",
        empreinte="",
        cle="c",
    )
    for piece in (envoyee, oubliee):
        oter_piece(piece, par=distribution.amina)
        vieux = time.time() - 40 * 24 * 3600
        os.utime(default_storage.path(piece.chemin), (vieux, vieux))
    assert balayer_les_pieces() == 0, "ôtées d'aujourd'hui, elles se remettent encore"
    PieceDuDossier.objects.update(otee_le=timezone.now() - timedelta(days=31))
    assert balayer_les_pieces() == 1
    assert fichiers.lire(envoyee.chemin) == PDF
    with pytest.raises(FileNotFoundError):
        fichiers.lire(oubliee.chemin)
    assert balayer_les_pieces() == 0
