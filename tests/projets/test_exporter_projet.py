"""Un projet lu s'écrit, s'exporte, et se relit sans rien perdre."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from maillage.core.commandes import Refus, UsageFaux
from maillage.core.journal import SYSTEME
from maillage.projets.exportation import exporter
from maillage.projets.exportation.objet import objet_du_projet
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.documents_lus import lire_le_document
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from tests.distribution import distribuer
from tests.fabriques import StructureFactory
from tests.projets.depots_d_essai import PAGE
from tests.projets.fabriques import arbre_d_essai

pytestmark = pytest.mark.django_db
CLES_DE_FICHE = (
    *("axe", "numero", "titre", "titre_dans_arbre", "statut", "objectifs", "objectifs_generaux", "contexte"),
    *("public", "presentation", "echeancier", "indicateurs_quantitatifs", "indicateurs_qualitatifs"),
)
VERITES = Path(__file__).resolve().parents[3] / "shared" / "verites"


def ecrire(lu: dict[str, Any]) -> ProjetSocial:
    return ecrire_projet_lu(lu, structure=StructureFactory(), par=SYSTEME)


def test_la_verite_du_sud_importee_puis_exportee_est_egale() -> None:
    chemin = VERITES / "projet-sud.json"
    if not chemin.exists():
        pytest.skip("../shared/verites n'est pas là")
    verite = json.loads(chemin.read_text(encoding="utf-8"))
    objet = objet_du_projet(ecrire(verite))
    for cle in verite:
        if cle in {"id", "fiches"}:
            continue
        assert objet[cle] == verite[cle], cle
    for rendue, vraie in zip(objet["fiches"], verite["fiches"], strict=True):
        assert {cle: rendue[cle] for cle in vraie if cle != "id"} == {
            cle: valeur for cle, valeur in vraie.items() if cle != "id"
        }


def lire(contenu: bytes, nom: str) -> dict[str, Any]:
    (projet,) = lire_le_document(contenu, nom).projets
    return projet


def comparable(objet: dict[str, Any]) -> dict[str, Any]:
    """L'arbre et les fiches, aux clés d'échange."""
    return {
        "nom": objet["nom"],
        "periode": objet["periode"],
        "axes": objet["axes"],
        "enjeux": objet["enjeux"],
        "objectifs": [
            {cle: un.get(cle) or [] for cle in ("titre", "enjeu", "axe", "fiches", "renvois")}
            for un in objet["objectifs"]
        ],
        "fiches": [{cle: fiche[cle] for cle in CLES_DE_FICHE} for fiche in objet["fiches"]],
    }


# --- Les refus ---------------------------------------------------------------------------------------
def test_un_projet_inconnu_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(Refus, match="numéro 999"):
        call_command("exporter_projet", "999", format="json", sortie=str(tmp_path / "p.json"))
    assert not list(tmp_path.iterdir())


def test_deux_sorties_sur_la_sortie_standard_sont_un_mauvais_usage() -> None:
    projet = ecrire(lire(PAGE.encode(), "projet.html"))
    with pytest.raises(UsageFaux):
        call_command("exporter_projet", str(projet.pk), format="pdf", sortie="-", json=True)


def test_une_etrangere_ne_telecharge_rien_et_la_caf_attend_que_le_projet_soit_soumis() -> None:
    distribution = distribuer()
    projet = arbre_d_essai(distribution.deux_ponts)
    for prenom, attendu in (("chloe", 404), ("denis", 404), ("bruno", 200)):
        client = Client()
        client.force_login(distribution.personne(prenom))  # type: ignore[arg-type]
        assert client.get(reverse("dossier_fichier", args=[projet.pk, "xlsx"])).status_code == attendu


def test_un_format_inconnu_est_introuvable() -> None:
    distribution = distribuer()
    projet = arbre_d_essai(distribution.deux_ponts)
    client = Client()
    client.force_login(distribution.amina)
    assert client.get(reverse("dossier_fichier", args=[projet.pk, "odt"])).status_code == 404


# --- Aller et retour ---------------------------------------------------------------------------------
@pytest.mark.parametrize("format", ["json", "docx", "html"])
def test_un_projet_sorti_et_relu_est_le_meme(format: str) -> None:
    premier = ecrire(lire(PAGE.encode(), "projet.html"))
    attendu = comparable(objet_du_projet(premier))
    assert len(attendu["fiches"]) == 3
    relu = ecrire(lire(exporter(premier, format), f"projet.{format}"))
    assert comparable(objet_du_projet(relu)) == attendu


def test_le_json_rend_aussi_ce_qui_reste_a_ranger_et_les_textes() -> None:
    lu = lire(PAGE.encode(), "projet.html") | {
        "a_ranger": [{"ligne_debut": 4, "ligne_fin": 5, "texte": "Une phrase perdue."}],
        "chapitres": [
            {
                "niveau": 2,
                "titre": "Le quartier",
                "paragraphes": [{"texte": "Deux mille voisins.", "puce": 0}],
            }
        ],
    }
    premier = objet_du_projet(ecrire(lu))
    deuxieme = objet_du_projet(ecrire(json.loads(json.dumps(premier))))
    assert "Une phrase perdue." in {morceau["texte"] for morceau in premier["a_ranger"]}
    for cle in premier.keys() - {"id", "fiches", "structure"}:
        assert deuxieme[cle] == premier[cle], cle
    sans_id = [[fiche | {"id": ""} for fiche in objet["fiches"]] for objet in (premier, deuxieme)]
    assert sans_id[0] == sans_id[1]


def test_un_renvoi_a_une_fiche_d_un_autre_axe_reste_un_renvoi() -> None:
    lu = lire(PAGE.encode(), "projet.html")
    lu["objectifs"][0]["renvois"] = ["La fête des paliers (cf. axe 2)", "Une fiche inconnue"]
    projet = ecrire(lu)
    objet = objet_du_projet(projet)
    assert objet["objectifs"][0]["fiches"] == ["01", "02"]
    assert objet["objectifs"][0]["renvois"] == ["La fête des paliers (cf axe 2)"]
    assert projet.fiches.get(titre="La fête des paliers").rattachements.count() == 1
    assert projet.morceaux.filter(texte__contains="Une fiche inconnue").count() == 1


def test_un_texte_trop_long_pour_sa_place_est_garde_en_entier() -> None:
    titre = "Un titre qui ne finit pas " * 20
    lu = lire(PAGE.encode(), "projet.html")
    lu["fiches"][0]["titre"] = titre
    projet = ecrire(lu)
    assert projet.fiches.get(titre__startswith="Un titre").titre.endswith("…")
    assert projet.morceaux.filter(texte=titre.strip()).count() == 1


def test_renumeroter_change_les_numeros_de_l_export() -> None:
    projet = ecrire(lire(PAGE.encode(), "projet.html"))
    projet.garde_les_numeros = False
    assert [fiche["numero"] for fiche in objet_du_projet(projet)["fiches"]] == ["1-01", "1-02", "2-01"]


def test_le_classeur_a_ses_trois_feuilles_et_aucune_formule() -> None:
    lu = lire(PAGE.encode(), "projet.html")
    lu["fiches"][0]["titre"] = "=1+1"
    classeur = load_workbook(io.BytesIO(exporter(ecrire(lu), "xlsx")))
    assert classeur.sheetnames == ["Fiches", "Indicateurs", "Arbre"]
    assert classeur["Fiches"]["C2"].value == "'=1+1"
    assert classeur["Indicateurs"].max_row == 1 + 5


def test_le_pdf_est_un_pdf_et_la_commande_l_ecrit_a_sa_place(tmp_path: Path) -> None:
    projet = ecrire(lire(PAGE.encode(), "projet.html"))
    sortie = tmp_path / "projet.pdf"
    call_command("exporter_projet", str(projet.pk), format="pdf", sortie=str(sortie), stdout=io.StringIO())
    assert sortie.read_bytes().startswith(b"%PDF")
    assert list(tmp_path.iterdir()) == [sortie]
