"""La commande `importer_projet` : le contrat, à la lettre."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from maillage.core.commandes import Refus, UsageFaux
from maillage.projets.models import FicheAction, ProjetSocial
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Structure
from tests.fabriques import StructureFactory
from tests.projets.depots_d_essai import PAGE

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).resolve().parents[3] / "shared/sources/clermont-ferrand-projets-sociaux-extrait.txt"
CLES = {"id", "nom", "structure", "axes", "enjeux", "objectifs", "fiches", "indicateurs"}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    chemin = tmp_path / "projet.html"
    chemin.write_text(PAGE, encoding="utf-8")
    return chemin


def importer(*arguments: Any, **options: Any) -> dict[str, Any]:
    sortie = io.StringIO()
    call_command(
        "importer_projet", *map(str, arguments), json=True, stdout=sortie, stderr=io.StringIO(), **options
    )
    resultat: dict[str, Any] = json.loads(sortie.getvalue())
    return resultat


# --- Les refus ---------------------------------------------------------------------------------------
def test_une_structure_inconnue_est_refusee(page: Path) -> None:
    with pytest.raises(Refus, match="Aucune structure « Les Nuages »"):
        importer(page, structure=["Les Nuages"], ecrire=True)
    assert not ProjetSocial.objects.exists()


def test_deux_structures_du_meme_nom_ne_se_devinent_pas(page: Path) -> None:
    for slug in ("tilleuls-nord", "tilleuls-sud"):
        StructureFactory(nom="Les Tilleuls", slug=slug)
    with pytest.raises(Refus, match="Plusieurs structures"):
        importer(page, structure=["Les Tilleuls"])


def test_plus_de_structures_que_de_projets_est_refuse(page: Path) -> None:
    une, autre = StructureFactory.create_batch(2)
    with pytest.raises(Refus, match="une fois par projet"):
        importer(page, structure=[str(une.pk), str(autre.pk)])


def test_un_document_illisible_est_refuse_avec_son_nom(tmp_path: Path) -> None:
    chemin = tmp_path / "scan.pdf"
    chemin.write_bytes(b"%PDF-1.7")
    with pytest.raises(Refus, match=r"scan\.pdf"):
        importer(chemin)


def test_un_document_sans_projet_s_essaie_mais_ne_s_ecrit_pas(tmp_path: Path) -> None:
    chemin = tmp_path / "cr.txt"
    chemin.write_text("Compte rendu du conseil.\n\nRien de plus.", encoding="utf-8")
    essai = importer(chemin)
    assert essai["projets"] == []
    assert essai["paragraphes"]["a_ranger"] == essai["paragraphes"]["lus"] > 0
    with pytest.raises(Refus, match="aucun projet social reconnu"):
        importer(chemin, ecrire=True)
    assert not Structure.objects.exists()


# --- La période --------------------------------------------------------------------------------------
@pytest.fixture
def page_sans_periode(page: Path) -> Path:
    page.write_text(PAGE.replace(" 2025-2028", ""), encoding="utf-8")
    return page


@pytest.mark.parametrize("ecrire", [False, True])
def test_une_periode_que_le_document_ne_dit_pas_est_dite_supposee(
    page_sans_periode: Path, ecrire: bool
) -> None:
    dit = io.StringIO()
    options: dict[str, Any] = {"json": True, "ecrire": ecrire, "stdout": io.StringIO(), "stderr": dit}
    call_command("importer_projet", str(page_sans_periode), **options)
    annee = timezone.localdate().year
    assert f"{annee}-{annee + 3} est une supposition" in dit.getvalue()
    assert [projet.du.year for projet in ProjetSocial.objects.all()] == [annee] * ecrire


def test_la_periode_se_donne_a_la_place_de_celle_du_document(page: Path) -> None:
    importer(page, periode=["2027-2030"], ecrire=True)
    projet = ProjetSocial.objects.get()
    assert (projet.du.isoformat(), projet.au.isoformat()) == ("2027-01-01", "2030-12-31")


def test_plus_de_quatre_ans_est_refuse_et_rien_n_est_ecrit(page: Path) -> None:
    with pytest.raises(Refus, match="quatre ans au plus"):
        importer(page, periode=["2027-2032"], ecrire=True)
    assert not Structure.objects.exists()


def test_une_periode_mal_ecrite_est_un_mauvais_usage(page: Path) -> None:
    with pytest.raises(UsageFaux, match="comme 2027-2030"):
        importer(page, periode=["quatre ans"])


# --- Le contrat --------------------------------------------------------------------------------------
def test_a_blanc_rien_n_est_ecrit_et_les_comptes_sont_la(page: Path) -> None:
    resultat = importer(page)
    assert resultat.keys() == {"projets", "a_ranger", "paragraphes"}
    (projet,) = resultat["projets"]
    assert projet.keys() == CLES
    assert projet["id"] is None
    assert (projet["axes"], projet["enjeux"], projet["objectifs"], projet["fiches"]) == (2, 2, 2, 3)
    assert projet["indicateurs"] == 5
    paragraphes = resultat["paragraphes"]
    assert paragraphes["lus"] == sum(paragraphes[cle] for cle in ("places", "a_ranger", "mise_en_page"))
    assert not ProjetSocial.objects.exists()


@pytest.mark.parametrize("par", ["pk", "slug", "nom"])
def test_le_projet_va_dans_la_structure_dite(page: Path, par: str) -> None:
    structure = StructureFactory(nom="Les Tilleuls")
    (projet,) = importer(page, structure=[str(getattr(structure, par))], ecrire=True)["projets"]
    assert projet["structure"] == "Les Tilleuls"
    ecrit = ProjetSocial.objects.get(pk=projet["id"])
    assert ecrit.structure == structure
    assert FicheAction.objects.filter(projet=ecrit).count() == projet["fiches"]


def test_sans_structure_elle_est_creee_a_completer_une_seule_fois(page: Path) -> None:
    importer(page, ecrire=True)
    importer(page, ecrire=True)
    structure = Structure.objects.get()
    assert (structure.nom, structure.etat) == ("Centre social des Deux-Ponts", EtatStructure.A_COMPLETER)
    assert structure.projets.count() == 2


def test_le_document_reel_donne_tout_son_arbre_et_toutes_ses_fiches() -> None:
    if not SOURCE.exists():
        pytest.skip("../shared/sources n'est pas là")
    sud, gauthiere = importer(SOURCE, ecrire=True)["projets"]
    assert (sud["axes"], sud["enjeux"], sud["objectifs"], sud["fiches"]) == (4, 9, 21, 47)
    assert gauthiere["fiches"] == 3
    assert ProjetSocial.objects.get(pk=sud["id"]).fiches.count() == 47
