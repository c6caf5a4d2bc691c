"""Le vrai document : deux projets dans une délibération. Ses phrases restent hors du dépôt."""

import json
from pathlib import Path
from typing import Any

import pytest

from maillage.projets.importation import DocumentLu, en_json, lire_document
from tests.projets.importation.comparaison import chiffres_retrouves, comparer_le_cadre, comparer_les_fiches
from tests.projets.importation.conversion import en_html, en_word

_PARTAGE = Path(__file__).resolve().parents[3].parent / "shared"
_SOURCE = _PARTAGE / "sources" / "clermont-ferrand-projets-sociaux-extrait.txt"

pytestmark = pytest.mark.skipif(
    not _SOURCE.exists(), reason="les documents réels (../shared) ne sont pas sur cette machine"
)


@pytest.fixture(scope="module")
def document() -> DocumentLu:
    return lire_document(_SOURCE.read_bytes(), _SOURCE.name)


def _verite(nom: str) -> Any:
    return json.loads((_PARTAGE / "verites" / nom).read_text("utf-8"))


def test_les_deux_projets_du_document_sont_trouves(document: DocumentLu) -> None:
    assert [len(projet.fiches) for projet in document.projets] == [47, 3]


def test_99_pour_cent_des_cellules_des_fiches_sont_egales(document: DocumentLu) -> None:
    comparaison = comparer_les_fiches(
        en_json(document.projets[0])["fiches"], _verite("projet-sud.json")["fiches"]
    )
    assert comparaison.taux() >= 0.99, comparaison.ecarts


def test_les_fiches_de_l_autre_projet_sont_egales(document: DocumentLu) -> None:
    comparaison = comparer_les_fiches(
        en_json(document.projets[1])["fiches"], _verite("projet-gauthiere-trois-fiches.json")
    )
    assert comparaison.taux() >= 0.99, comparaison.ecarts


def test_l_arbre_les_sigles_et_le_tableau_des_familles_sont_complets(document: DocumentLu) -> None:
    comparaison = comparer_le_cadre(en_json(document.projets[0]), _verite("projet-sud.json"))
    assert comparaison.taux() == 1, comparaison.ecarts


def test_aucun_paragraphe_n_est_perdu(document: DocumentLu) -> None:
    compte = document.paragraphes
    assert compte.lus == compte.places + compte.a_ranger + compte.mise_en_page
    assert compte.places > 0.9 * compte.lus


def test_une_action_citee_trois_fois_reste_trois_fois_dans_son_chapitre(document: DocumentLu) -> None:
    citee = "L'accompagnement aux départs en vacances (AXE 1 - Accéder à ses droits - 07)"
    textes = [
        paragraphe.texte
        for chapitre in document.projets[0].chapitres
        for paragraphe in chapitre.paragraphes
        if paragraphe.texte == citee
    ]
    assert len(textes) == 3


def test_les_chiffres_du_diagnostic_ont_leur_valeur_leur_zone_et_leur_annee(document: DocumentLu) -> None:
    retrouves, attendus, manquants = chiffres_retrouves(
        en_json(document.projets[0]), _verite("projet-sud.json")
    )
    assert retrouves >= 0.9 * attendus, manquants


def test_les_instances_de_gouvernance_sont_nommees_avec_leur_role(document: DocumentLu) -> None:
    instances = document.projets[0].gouvernance
    attendues = [instance["nom"] for instance in _verite("projet-sud.json")["gouvernance"]]
    assert len(instances) == len(attendues)
    assert [instance.nom.split(" (")[0].split(" au ")[0] for instance in instances] == [
        nom.split(" (")[0] for nom in attendues
    ]
    assert all(instance.role for instance in instances)


@pytest.mark.parametrize("format_", ["html", "docx"])
def test_le_meme_contenu_dans_un_autre_format_donne_le_meme_projet(
    document: DocumentLu, format_: str
) -> None:
    texte = _SOURCE.read_text("utf-8")
    contenu = en_html(texte).encode() if format_ == "html" else en_word(texte)
    autre = lire_document(contenu, f"projet.{format_}")
    for projet, attendu in zip(map(en_json, autre.projets), map(en_json, document.projets), strict=True):
        assert projet == attendu
    assert autre.paragraphes == document.paragraphes
