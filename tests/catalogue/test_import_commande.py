"""`importer_catalogue` : le contrat de la commande, à la lettre."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from maillage.catalogue.importation.bloc import CLES
from maillage.catalogue.management.commands import importer_catalogue
from maillage.catalogue.models import BlocSource, Experience
from tests.catalogue.page_source import bloc, relue, rendre
from tests.catalogue.test_lecture import PARTAGE, avec_les_vraies_pages

pytestmark = pytest.mark.django_db
COMPTES = ("lues", "creees", "fusionnees", "repetees", "inchangees", "rejetees")


@pytest.fixture(autouse=True)
def sans_territoire_ni_index(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Le découpage et l'index ont leurs essais ; ici, on note seulement qu'ils sont appelés."""
    appels: list[str] = []
    monkeypatch.setattr(importer_catalogue, "territoire_est_charge", lambda: True)
    monkeypatch.setattr(importer_catalogue, "rattraper_index", lambda: appels.append("index"))
    return appels


def commande(*fichiers: Path, capsys: pytest.CaptureFixture[str], **options: Any) -> dict[str, Any]:
    call_command("importer_catalogue", *map(str, fichiers), json=True, **options)
    resultat = json.loads(capsys.readouterr().out)
    assert tuple(resultat) == (*COMPTES, "details", "blocs")
    assert resultat["lues"] == sum(resultat[compte] for compte in COMPTES[1:])
    return resultat


def ecrire_page(chemin: Path, *fiches: dict[str, Any]) -> Path:
    chemin.write_text(rendre(fiches), encoding="utf-8")
    return chemin


# --- Les refus ---------------------------------------------------------------------------------------
def test_sans_ecrire_la_commande_essaie_et_n_ecrit_rien(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sans_territoire_ni_index: list[str]
) -> None:
    resultat = commande(ecrire_page(tmp_path / "page.txt", bloc()), capsys=capsys)
    assert resultat["creees"] == 1
    assert not Experience.objects.exists()
    assert sans_territoire_ni_index == []


def test_un_seul_fichier_illisible_et_rien_n_est_ecrit_d_aucun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bonne = ecrire_page(tmp_path / "bonne.txt", bloc())
    coupee = tmp_path / "coupee.txt"
    coupee.write_text(bonne.read_text().rpartition("- Suite de l'action : Limites")[0])
    with pytest.raises(CommandError, match=r"coupee.txt : Ligne \d+ : La page est tronquée") as refus:
        call_command("importer_catalogue", str(bonne), str(coupee), json=True, ecrire=True)
    assert refus.value.returncode == 1
    assert "tronquée" in json.loads(capsys.readouterr().out)["refus"]
    assert not Experience.objects.exists()


def test_un_fichier_introuvable_est_refuse_par_son_nom(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match=r"absent\.txt"):
        call_command("importer_catalogue", "absent.txt", json=True)
    assert "introuvable" in json.loads(capsys.readouterr().out)["refus"]


def test_un_fichier_de_cent_mo_est_refuse(tmp_path: Path) -> None:
    lourd = tmp_path / "lourd.txt"
    with lourd.open("wb") as fichier:
        fichier.truncate(100 * 1024 * 1024)
    with pytest.raises(CommandError, match="20 Mo"):
        call_command("importer_catalogue", str(lourd), ecrire=True)


def test_une_page_dont_toutes_les_fiches_sont_abimees_est_refusee(tmp_path: Path) -> None:
    page = ecrire_page(tmp_path / "page.txt", bloc())
    page.write_text(page.read_text().replace("- Résumé\n", ""))
    with pytest.raises(CommandError, match=r"fiche 1, ligne \d+ : Le libellé « Résumé » manque"):
        call_command("importer_catalogue", str(page), ecrire=True)


# --- Le contrat --------------------------------------------------------------------------------------
def test_les_blocs_lus_sont_rendus_dans_l_ordre_avec_le_nom_du_fichier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    une, deux = bloc(), bloc(titre="Deux")
    pages = [ecrire_page(tmp_path / "b.txt", une, deux), ecrire_page(tmp_path / "a.txt", deux)]
    resultat = commande(*pages, capsys=capsys)
    assert resultat["blocs"] == [relue(une, 1, "b.txt"), relue(deux, 2, "b.txt"), relue(deux, 1, "a.txt")]
    assert tuple(resultat["blocs"][0]) == CLES
    assert [resultat[compte] for compte in COMPTES] == [3, 2, 0, 1, 0, 0]


def test_une_fiche_abimee_est_dans_les_details_et_les_autres_sont_ecrites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = ecrire_page(tmp_path / "page.txt", bloc(titre="L'abîmée"), bloc())
    page.write_text(page.read_text().replace("- Résumé\n", "", 1))
    resultat = commande(page, capsys=capsys, ecrire=True)
    assert [resultat[compte] for compte in COMPTES] == [2, 1, 0, 0, 0, 1]
    (detail,) = resultat["details"]
    assert set(detail) == {"fichier_source", "position", "ligne", "motif"}
    assert (detail["fichier_source"], detail["position"]) == ("page.txt", 1)
    assert BlocSource.objects.get().position == 2


def test_avec_ecrire_la_commande_rend_la_main_quand_les_fiches_se_cherchent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sans_territoire_ni_index: list[str]
) -> None:
    commande(ecrire_page(tmp_path / "page.txt", bloc()), capsys=capsys, ecrire=True)
    assert sans_territoire_ni_index == ["index"]


@avec_les_vraies_pages
def test_les_deux_vraies_pages_donnent_les_comptes_du_contrat(capsys: pytest.CaptureFixture[str]) -> None:
    verite = json.loads((PARTAGE / "verites" / "catalogue.json").read_text())
    pages = [PARTAGE / "sources" / nom for nom in dict.fromkeys(fiche["fichier_source"] for fiche in verite)]
    resultat = commande(*pages, capsys=capsys, ecrire=True)
    assert [resultat[compte] for compte in COMPTES] == [50, 48, 2, 0, 0, 0]
    assert resultat["blocs"] == verite
    encore = commande(*pages, capsys=capsys, ecrire=True)
    assert [encore[compte] for compte in COMPTES] == [50, 0, 0, 0, 50, 0]
