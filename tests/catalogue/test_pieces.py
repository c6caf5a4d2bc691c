"""Joindre, décrire, ranger, retirer des pièces : ce que l'acte accepte et ce qu'il refuse."""

import io
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from maillage.catalogue.choices import EtatContribution, EtatPiece
from maillage.catalogue.models import Contribution, PieceJointe
from maillage.catalogue.operations import pieces as operations
from maillage.catalogue.operations.pieces import (
    OCTETS_MAX,
    PIECES_MAX,
    PieceRefusee,
    decrire_piece,
    deplacer_piece,
    depublier_pieces,
    joindre_piece,
    pieces_a_decrire,
    publier_pieces,
    remettre_piece,
    retirer_piece,
)
from maillage.catalogue.operations.tenue_des_fichiers import (
    GARDE_D_UNE_PIECE_RETIREE,
    balayer_les_fichiers,
    verifier_fichiers,
)
from maillage.core.commandes import Refus
from maillage.core.models import Changement, LigneJournal
from tests.distribution import Distribution
from tests.fabriques import ContributionFactory, ExperienceFactory
from tests.fichiers_d_essai import (
    EICAR,
    LIEU,
    SVG,
    archive,
    gif_anime,
    pdf,
    pdf_qui_agit,
    photo,
    photo_situee,
    png_de,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dossier(settings: Any, tmp_path: Path) -> Path:
    stockage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": stockage}
    return tmp_path


@pytest.fixture
def brouillon(distribution: Distribution) -> Contribution:
    experience = ExperienceFactory(structure=distribution.deux_ponts)
    return ContributionFactory(experience=experience, auteur=distribution.amina)


def joindre(brouillon: Contribution, contenu: bytes, nom: str = "marché.jpg", **options: Any) -> PieceJointe:
    options = {"a_l_accord": True, "par": brouillon.auteur} | options
    return joindre_piece(brouillon, nom, io.BytesIO(contenu), **options)


def decrire(piece: PieceJointe, brouillon: Contribution, texte: str = "Une table au marché.") -> None:
    decrire_piece(
        piece, brouillon, texte_alternatif=texte, est_decorative=False, legende="", par=brouillon.auteur
    )


def fichiers(dossier: Path) -> set[str]:
    return {f.relative_to(dossier).as_posix() for f in dossier.rglob("*") if f.is_file()}


# --- Ce qui est refusé ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("nom", "contenu", "raison"),
    [
        ("photo.jpg", b"", "est vide"),
        ("photo.jpg", EICAR, "ni une image"),
        ("dessin.svg", SVG, "ni une image"),
        ("photo.png", SVG, "ni une image"),
        ("compte-rendu.pdf.exe", b"MZ" + b"\0" * 300, "ni une image"),
        ("compte-rendu.pdf", b"MZ" + b"\0" * 300, "ni une image"),
        ("photos.zip", archive(), "ni une image"),
        ("photo.jpg", b"<html>" + photo(), "ni une image"),
        ("photo.jpg", png_de(31_623, 31_623), "trop grande"),
        ("photo.gif", gif_anime(), "animée"),
        ("lettre.pdf", pdf_qui_agit(), "programme"),
        ("lettre.pdf", pdf() + archive(), "autre chose"),
        ("lourde.jpg", photo() + b"\0" * OCTETS_MAX, "10 Mo"),
    ],
)
def test_un_fichier_dangereux_est_refuse_et_rien_n_en_reste(
    brouillon: Contribution, dossier: Path, nom: str, contenu: bytes, raison: str
) -> None:
    with pytest.raises(PieceRefusee, match=raison):
        joindre(brouillon, contenu, nom)
    assert not PieceJointe.objects.exists()
    assert fichiers(dossier) == set()


def test_une_photo_sans_accord_des_personnes_est_refusee(brouillon: Contribution, dossier: Path) -> None:
    with pytest.raises(PieceRefusee, match="ont dit oui"):
        joindre(brouillon, photo(), a_l_accord=False)
    assert fichiers(dossier) == set()
    assert joindre(brouillon, pdf(), "affiche.pdf", a_l_accord=False).pages == 2


def test_une_fiche_confiee_a_la_moderation_ne_change_plus(brouillon: Contribution) -> None:
    piece = joindre(brouillon, photo())
    brouillon.etat = EtatContribution.SOUMISE
    brouillon.save()
    with pytest.raises(PieceRefusee, match="à la modération"):
        joindre(brouillon, photo(couleur="#C2402A"))
    with pytest.raises(PieceRefusee, match="à la modération"):
        decrire(piece, brouillon)


def test_une_fiche_n_a_pas_plus_de_douze_pieces(brouillon: Contribution) -> None:
    for rang in range(PIECES_MAX):
        joindre(brouillon, pdf(rang + 1), f"{rang}.pdf")
    with pytest.raises(PieceRefusee, match="12 pièces"):
        joindre(brouillon, photo())


def test_le_meme_fichier_deux_fois_n_est_joint_qu_une(brouillon: Contribution, dossier: Path) -> None:
    joindre(brouillon, photo())
    with pytest.raises(PieceRefusee, match="déjà joint"):
        joindre(brouillon, photo(), "le même.jpg")
    assert len(fichiers(dossier)) == 2


def test_une_ligne_qui_ne_s_ecrit_pas_ne_laisse_aucun_fichier(
    brouillon: Contribution, dossier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tomber(*_: Any, **__: Any) -> None:
        raise RuntimeError("panne")

    monkeypatch.setattr(operations, "journaliser", tomber)
    with pytest.raises(RuntimeError):
        joindre(brouillon, photo())
    assert fichiers(dossier) == set()
    assert not PieceJointe.objects.exists()


# --- Ce qui est joint -----------------------------------------------------------------------------
def test_une_photo_est_reecrite_sans_lieu_sous_un_nom_tire_au_hasard(
    brouillon: Contribution, dossier: Path
) -> None:
    piece = joindre(brouillon, photo_situee(), "../../etc/Marché \\ du jeudi.JPG")
    assert piece.nom == "du jeudi.webp"
    assert (piece.etat, piece.type_mime, piece.largeur, piece.hauteur) == (
        EtatPiece.EN_ATTENTE,
        "image/webp",
        600,
        800,
    )
    assert fichiers(dossier) == {piece.chemin, piece.chemin_vignette}
    assert "jeudi" not in piece.chemin + piece.code
    for chemin in (piece.chemin, piece.chemin_vignette):
        assert LIEU.encode() not in (dossier / chemin).read_bytes()


@pytest.mark.parametrize(
    ("nom", "garde"),
    [("../../../etc/passwd", "passwd.pdf"), ("con.pdf", "document con.pdf"), ("a\0b\n<c>.exe", "ab c.pdf")],
)
def test_le_nom_donne_perd_ce_qui_menerait_ailleurs(brouillon: Contribution, nom: str, garde: str) -> None:
    assert joindre(brouillon, pdf(), nom).nom == garde


def test_joindre_laisse_une_ligne_au_journal_avec_l_accord_donne(brouillon: Contribution) -> None:
    piece = joindre(brouillon, photo())
    ligne = LigneJournal.objects.get(acte="joindre_piece", objet_id=piece.pk)
    assert ligne.phrase == "Amina Benali a joint « marché.webp »."
    assert ligne.apres == {"nom": "marché.webp", "accord": True}
    assert ligne.structure_id == brouillon.experience.structure_id
    assert Changement.objects.filter(objet_id=brouillon.experience_id, acte="joindre_piece").exists()


# --- Décrire --------------------------------------------------------------------------------------
def test_une_image_sans_mots_ni_mention_decorative_est_refusee(brouillon: Contribution) -> None:
    piece = joindre(brouillon, photo())
    assert pieces_a_decrire(brouillon.experience) == [piece]
    with pytest.raises(PieceRefusee, match="Dites ce que montre"):
        decrire_piece(
            piece, brouillon, texte_alternatif="  ", est_decorative=False, legende="Oui", par=brouillon.auteur
        )
    piece.refresh_from_db()
    assert piece.legende == ""
    decrire(piece, brouillon)
    assert pieces_a_decrire(brouillon.experience) == []


def test_une_image_decorative_n_a_pas_de_texte(brouillon: Contribution) -> None:
    piece = joindre(brouillon, photo())
    decrire_piece(
        piece, brouillon, texte_alternatif="Un filet", est_decorative=True, legende="", par=brouillon.auteur
    )
    piece.refresh_from_db()
    assert (piece.texte_alternatif, piece.est_decorative, piece.est_decrite) == ("", True, True)


def test_decrire_autrement_une_image_en_ligne_la_remet_a_la_moderation(brouillon: Contribution) -> None:
    piece = joindre(brouillon, photo())
    decrire(piece, brouillon)
    publier_pieces(brouillon, par=brouillon.auteur)
    piece.refresh_from_db()
    assert piece.etat == EtatPiece.PUBLIEE
    decrire(piece, brouillon, "Des mots que personne n’a relus.")
    piece.refresh_from_db()
    assert piece.etat == EtatPiece.EN_ATTENTE
    retirer_piece(piece, par=brouillon.auteur)
    remettre_piece(piece, par=brouillon.auteur)
    assert piece.etat == EtatPiece.EN_ATTENTE


# --- Ranger, retirer, publier ---------------------------------------------------------------------
def test_monter_et_descendre_changent_l_ordre_et_s_arretent_au_bout(brouillon: Contribution) -> None:
    a, b, c = (joindre(brouillon, pdf(n), f"{n}.pdf") for n in (1, 2, 3))

    def ordre() -> list[int]:
        return list(brouillon.experience.pieces.presentes().values_list("pk", flat=True))

    deplacer_piece(c, "monter", par=brouillon.auteur)
    assert ordre() == [a.pk, c.pk, b.pk]
    deplacer_piece(a, "descendre", par=brouillon.auteur)
    assert ordre() == [c.pk, a.pk, b.pk]
    deplacer_piece(PieceJointe.objects.get(pk=c.pk), "monter", par=brouillon.auteur)
    assert ordre() == [c.pk, a.pk, b.pk]


def test_retirer_puis_remettre_rend_l_etat_d_avant(brouillon: Contribution) -> None:
    attend, en_ligne = joindre(brouillon, photo()), joindre(brouillon, pdf(), "a.pdf")
    publier_pieces(brouillon, par=brouillon.auteur)
    en_ligne.refresh_from_db()
    for piece, etat in ((attend, EtatPiece.EN_ATTENTE), (en_ligne, EtatPiece.PUBLIEE)):
        retirer_piece(piece, par=brouillon.auteur)
        assert not PieceJointe.objects.presentes().filter(pk=piece.pk).exists()
        remettre_piece(piece, par=brouillon.auteur)
        piece.refresh_from_db()
        assert (piece.etat, piece.retiree_le, piece.retiree_par) == (etat, None, None)


def test_publier_ne_met_pas_en_ligne_une_image_sans_mots_et_se_defait(brouillon: Contribution) -> None:
    muette, decrite = joindre(brouillon, photo()), joindre(brouillon, photo(couleur="#C2402A"), "b.jpg")
    decrire(decrite, brouillon)
    assert publier_pieces(brouillon, par=brouillon.auteur) == [decrite]
    assert list(PieceJointe.objects.publiees()) == [decrite]
    depublier_pieces(brouillon, par=brouillon.auteur)
    assert not PieceJointe.objects.publiees().exists()
    muette.refresh_from_db()
    assert muette.etat == EtatPiece.EN_ATTENTE


# --- Tenir le dossier -----------------------------------------------------------------------------
def test_un_fichier_sans_ligne_est_efface_apres_un_jour_seulement(
    brouillon: Contribution, dossier: Path
) -> None:
    piece = joindre(brouillon, photo())
    jeune, vieux = dossier / "pieces/aa/jeune.webp", dossier / "pieces/aa/vieux.webp.partiel"
    ailleurs = dossier / "importations/autre.txt"
    for fichier in (jeune, vieux, ailleurs):
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.write_bytes(b"reste")
    hier = time.time() - 25 * 3600
    for fichier in (vieux, ailleurs, dossier / piece.chemin):
        os.utime(fichier, (hier, hier))
    assert balayer_les_fichiers() == 1
    assert not vieux.exists()
    assert jeune.exists() and ailleurs.exists() and (dossier / piece.chemin).exists()


def test_une_piece_retiree_depuis_un_mois_perd_son_fichier_et_ne_se_remet_plus(
    brouillon: Contribution, dossier: Path
) -> None:
    piece = joindre(brouillon, photo())
    retirer_piece(piece, par=brouillon.auteur)
    balayer_les_fichiers()
    assert len(fichiers(dossier)) == 2
    PieceJointe.objects.update(retiree_le=timezone.now() - GARDE_D_UNE_PIECE_RETIREE * 1.1)
    balayer_les_fichiers()
    assert fichiers(dossier) == set()
    piece.refresh_from_db()
    with pytest.raises(PieceRefusee, match="a été effacé"):
        remettre_piece(piece, par=brouillon.auteur)


def test_un_fichier_perdu_et_un_fichier_abime_sont_dits(
    brouillon: Contribution, dossier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = joindre(brouillon, photo()), joindre(brouillon, pdf(), "b.pdf")
    call_command("verifier_fichiers")
    assert "3 fichiers, tous lus et exacts" in capsys.readouterr().out
    (dossier / a.chemin_vignette).unlink()
    (dossier / b.chemin).write_bytes(b"%PDF autre chose")
    bons, fautifs = verifier_fichiers()
    assert (bons, {(f.chemin, f.faute) for f in fautifs}) == (
        1,
        {(a.chemin_vignette, "perdu"), (b.chemin, "abime")},
    )
    with pytest.raises(Refus, match="2 fichier"):
        call_command("verifier_fichiers")
    capsys.readouterr()
    call_command("verifier_fichiers", "--json")
    assert len(json.loads(capsys.readouterr().out)["fautifs"]) == 2
