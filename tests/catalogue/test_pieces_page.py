"""L'étape des images et des documents, et ce que la page publique et les documents en montrent."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.catalogue.choices import EtatContribution, EtatPiece
from maillage.catalogue.models import Contribution, PieceJointe
from maillage.catalogue.operations.pieces import publier_pieces, retirer_piece
from tests.distribution import Distribution
from tests.fabriques import ContributionFactory, ExperienceFactory
from tests.fichiers_d_essai import SVG, pdf, photo

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
MOTS = "Six habitants autour d’une table."


@pytest.fixture(autouse=True)
def dossier(settings: Any, tmp_path: Path) -> Path:
    stockage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": stockage}
    return tmp_path


@pytest.fixture
def brouillon(distribution: Distribution) -> Contribution:
    experience = ExperienceFactory(structure=distribution.deux_ponts)
    return ContributionFactory(experience=experience, auteur=distribution.amina)


@pytest.fixture
def amina(client_de: Ouvrir) -> Client:
    return client_de("amina")


def adresse(brouillon: Contribution) -> str:
    return reverse("contribution_pieces", args=[brouillon.pk])


def deposer(client: Client, brouillon: Contribution, *fichiers: tuple[str, bytes], **options: Any) -> Any:
    donnees = {
        "geste": "joindre",
        "a_l_accord": "on",
        "fichiers": [SimpleUploadedFile(nom, contenu, "image/jpeg") for nom, contenu in fichiers],
    }
    return client.post(adresse(brouillon), donnees | options)


def page(client: Client, brouillon: Contribution) -> str:
    return client.get(adresse(brouillon)).content.decode()


def mots(piece: PieceJointe, texte: str = MOTS, **autres: str) -> dict[str, str]:
    return {f"{piece.code}-texte_alternatif": texte, f"{piece.code}-legende": ""} | {
        f"{piece.code}-{nom}": valeur for nom, valeur in autres.items()
    }


# --- Refus ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["chloe", "denis", "omar"])
def test_le_brouillon_d_un_autre_centre_n_existe_pas(
    client_de: Ouvrir, brouillon: Contribution, personne: str
) -> None:
    client = client_de(personne)
    assert client.get(adresse(brouillon)).status_code == 404
    assert deposer(client, brouillon, ("a.jpg", photo())).status_code == 404
    assert not PieceJointe.objects.exists()


def test_la_piece_d_une_autre_fiche_ne_se_range_pas_d_ici(amina: Client, brouillon: Contribution) -> None:
    autre = ContributionFactory()
    piece = PieceJointe.objects.create(
        experience=autre.experience, code="ailleurs", genre="document", nom="a.pdf", chemin="x",
        type_mime="application/pdf", taille=1, sha256="0",
    )  # fmt: skip
    assert amina.post(adresse(brouillon), {"geste": f"retirer:{piece.code}"}).status_code == 404
    piece.refresh_from_db()
    assert piece.etat == EtatPiece.EN_ATTENTE


@pytest.mark.parametrize("geste", ["", "publier:x", "retirer", "remettre:"])
def test_un_geste_inconnu_ne_fait_rien(amina: Client, brouillon: Contribution, geste: str) -> None:
    assert amina.post(adresse(brouillon), {"geste": geste}).status_code == 404


def test_sans_fichier_choisi_le_formulaire_le_dit(amina: Client, brouillon: Contribution) -> None:
    reponse = deposer(amina, brouillon)
    assert reponse.status_code == 422
    assert "Choisissez d’abord un ou plusieurs fichiers." in reponse.content.decode()


def test_un_envoi_trop_lourd_est_arrete_et_dit(amina: Client, brouillon: Contribution, settings: Any) -> None:
    settings.TAILLE_MAX_FICHIER = 1000
    reponse = deposer(amina, brouillon, ("a.jpg", photo()))
    assert reponse.status_code == 422
    assert "dépassent 20" in reponse.content.decode()


def test_une_image_sans_mots_est_montree_et_le_texte_des_autres_reste(
    amina: Client, brouillon: Contribution
) -> None:
    deposer(amina, brouillon, ("a.jpg", photo()), ("b.jpg", photo(couleur="#C2402A")))
    a, b = PieceJointe.objects.order_by("rang")
    reponse = amina.post(adresse(brouillon), {"geste": "enregistrer"} | mots(a) | mots(b, "", legende="Vu !"))
    html = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Une image attend ses mots" in html
    assert f'href="#id_{b.code}-texte_alternatif"' in html
    assert "Vu !" in html
    a.refresh_from_db()
    assert a.texte_alternatif == MOTS


# --- Joindre et décrire ---------------------------------------------------------------------------
def test_une_page_vide_dit_par_quoi_commencer(amina: Client, brouillon: Contribution) -> None:
    assert "Commencez par une seule photo" in page(amina, brouillon)


def test_plusieurs_fichiers_d_un_coup_chacun_pris_ou_refuse_pour_lui_meme(
    amina: Client, brouillon: Contribution
) -> None:
    reponse = deposer(amina, brouillon, ("a.jpg", photo()), ("b.svg", SVG), ("c.pdf", pdf()))
    assert reponse.headers["Location"] == adresse(brouillon)
    html = page(amina, brouillon)
    assert "2\u00a0fichiers joints. Dites maintenant ce que montre chaque image." in html
    assert "«\u00a0b.svg\u00a0» n’est ni une image" in html
    assert list(PieceJointe.objects.values_list("nom", flat=True)) == ["a.webp", "c.pdf"]


def test_le_script_recoit_une_reponse_vide_et_la_page_suivante_dit_ce_qui_s_est_passe(
    amina: Client, brouillon: Contribution
) -> None:
    fichier = SimpleUploadedFile("a.jpg", photo())
    reponse = amina.post(
        adresse(brouillon),
        {"geste": "joindre", "a_l_accord": "on", "fichiers": fichier},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert (reponse.status_code, reponse.content) == (204, b"")
    assert "1\u00a0fichier joint" in page(amina, brouillon)


def test_les_mots_s_enregistrent(amina: Client, brouillon: Contribution) -> None:
    deposer(amina, brouillon, ("a.jpg", photo()), ("c.pdf", pdf()))
    image, document = PieceJointe.objects.order_by("rang")
    envoi = mots(image, legende="Photo : Bruno") | {f"{document.code}-legende": "L’affiche"}
    reponse = amina.post(adresse(brouillon), {"geste": "enregistrer"} | envoi)
    assert reponse.status_code == 302
    image.refresh_from_db()
    document.refresh_from_db()
    assert (image.texte_alternatif, image.legende, document.legende) == (MOTS, "Photo : Bruno", "L’affiche")


def test_ranger_garde_ce_qui_est_tape_et_ramene_au_meme_bouton(
    amina: Client, brouillon: Contribution
) -> None:
    deposer(amina, brouillon, ("a.jpg", photo()), ("b.jpg", photo(couleur="#C2402A")))
    a, b = PieceJointe.objects.order_by("rang")
    reponse = amina.post(adresse(brouillon), {"geste": f"monter:{b.code}"} | mots(a) | mots(b, ""))
    assert reponse.headers["Location"] == f"{adresse(brouillon)}#monter-{b.code}"
    a.refresh_from_db()
    assert a.texte_alternatif == MOTS
    assert list(PieceJointe.objects.order_by("rang")) == [b, a]


def test_retirer_s_annule_depuis_le_message(amina: Client, brouillon: Contribution) -> None:
    deposer(amina, brouillon, ("a.jpg", photo()))
    piece = PieceJointe.objects.get()
    amina.post(adresse(brouillon), {"geste": f"retirer:{piece.code}"} | mots(piece, ""))
    html = page(amina, brouillon)
    assert "est retirée" in html and "Aucune image, aucun document" in html
    action = re.search(r'<form method="post" action="([^"]+)"', html)
    assert action
    amina.post(action[1])
    assert "est de nouveau là" in page(amina, brouillon)


def test_le_centre_ne_remet_pas_ce_qu_une_moderatrice_a_retire(
    amina: Client, brouillon: Contribution, distribution: Distribution
) -> None:
    deposer(amina, brouillon, ("a.jpg", photo()))
    piece = PieceJointe.objects.get()
    retirer_piece(piece, par=distribution.lea)
    assert amina.post(adresse(brouillon), {"geste": f"remettre:{piece.code}"}).status_code == 404


def test_a_la_moderation_la_page_se_lit_et_ne_s_ecrit_plus(amina: Client, brouillon: Contribution) -> None:
    deposer(amina, brouillon, ("a.jpg", photo()))
    Contribution.objects.update(etat=EtatContribution.SOUMISE)
    html = page(amina, brouillon)
    assert "Cette fiche est à la modération" in html
    assert 'name="geste"' not in html
    deposer(amina, brouillon, ("b.jpg", photo(couleur="#C2402A")))
    assert PieceJointe.objects.count() == 1


# --- Ce que chacun en voit ------------------------------------------------------------------------
@pytest.fixture
def illustree(amina: Client, brouillon: Contribution, distribution: Distribution) -> Contribution:
    """Deux images et un PDF en ligne."""
    deposer(amina, brouillon, ("a.jpg", photo()), ("b.jpg", photo(couleur="#C2402A")), ("c.pdf", pdf()))
    a, b, c = PieceJointe.objects.order_by("rang")
    envoi = mots(a, legende="Photo : Bruno") | mots(b, "", est_decorative="on")
    amina.post(adresse(brouillon), {"geste": "enregistrer"} | envoi | {f"{c.code}-legende": "L’affiche"})
    publier_pieces(brouillon, par=distribution.lea)
    return brouillon


def test_la_fiche_ne_montre_rien_qui_ne_soit_en_ligne(
    client: Client, amina: Client, brouillon: Contribution
) -> None:
    deposer(amina, brouillon, ("a.jpg", photo()))
    fiche = brouillon.experience
    assert "/pieces/" not in client.get(reverse("experience", args=[fiche.code, fiche.slug])).content.decode()


def test_la_fiche_montre_la_premiere_image_et_garde_les_autres_a_portee(
    client: Client, illustree: Contribution
) -> None:
    fiche = illustree.experience
    html = client.get(reverse("experience", args=[fiche.code, fiche.slug])).content.decode()
    a, b, c = PieceJointe.objects.order_by("rang")
    avant, _, apres = html.partition("Une autre image")
    assert f'pieces/{a.code}-vignette" alt="{MOTS}" width="480" height="360" loading="lazy"' in avant
    assert "Photo\u00a0: Bruno" in avant or "Photo : Bruno" in avant
    assert f"{b.code}-vignette" in apres and f"{b.code}-vignette" not in avant
    assert f"pieces/{c.code}" in html and "L’affiche" in html
    donnees = re.search(r'<script type="application/ld\+json">(.+?)</script>', html)
    assert donnees
    assert [lien.rpartition("/")[2] for lien in json.loads(donnees[1])["image"]] == [a.code, b.code]


@pytest.mark.parametrize("extension", ["pdf", "docx"])
def test_les_documents_de_la_fiche_portent_ses_images(
    client: Client, illustree: Contribution, extension: str
) -> None:
    adresse_document = reverse("experience_document", args=[illustree.experience.code, extension])
    avec = client.get(adresse_document)
    assert avec.status_code == 200
    if extension == "pdf":
        lu = pypdf.PdfReader(io.BytesIO(avec.content))
        assert sum(len(feuille.images) for feuille in lu.pages) == 2
        assert "Photo" in "".join(feuille.extract_text() for feuille in lu.pages)
    assert client.get(adresse_document, headers={"if-none-match": avec.headers["ETag"]}).status_code == 304
    retirer_piece(PieceJointe.objects.order_by("rang")[0], par=illustree.auteur)
    assert client.get(adresse_document, headers={"if-none-match": avec.headers["ETag"]}).status_code == 200


def test_un_fichier_perdu_n_empeche_pas_le_document(
    client: Client, illustree: Contribution, dossier: Path
) -> None:
    for fichier in (dossier / "pieces").rglob("*.webp"):
        fichier.unlink()
    adresse_document = reverse("experience_document", args=[illustree.experience.code, "pdf"])
    assert client.get(adresse_document).content.startswith(b"%PDF")
