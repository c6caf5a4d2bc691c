"""Un projet Word écrit autrement : une table par fiche, des libellés et des numéros à lui, les indicateurs d'abord."""

import io

import docx
import pytest
from docx.document import Document

from maillage.projets.importation import DocumentLu, en_json, lire_document

_FICHES = (
    (
        "Priorité 1",
        "P1.A",
        "Le vélo-école",
        {
            "Critères de réussite": ["Nombre de cyclistes formés", "La fierté d’avoir appris"],
            "Publics visés": ["Les femmes du quartier", "Les retraités"],
            "Problématique": "Le tram ne passe plus après vingt heures.",
            "But poursuivi": "Se déplacer seule",
            "Objectifs spécifiques": ["Tenir en selle", "Réparer une chaîne"],
            "Modalités de mise en œuvre": "Huit séances sur le parking, puis une sortie le long du canal.",
            "Programmation": ["Mars 2028 : achat des vélos", "Avril 2028 : premières séances"],
            "Équipe mobilisée": ["Une monitrice"],
            "Ressources matérielles": ["Dix vélos", "Un local"],
            "Partenaires actuels": ["La maison du vélo"],
            "Partenaires envisagés": ["La métropole"],
            "Impacts recherchés": ["Des trajets sans voiture"],
            "Obstacles": ["Le vol"],
            "Mascotte": "Un héron",
        },
    ),
    (
        "Priorité 1",
        "P1.B",
        "La carte des bancs",
        {
            "Critères de réussite": ["Nombre de bancs repérés"],
            "Publics visés": ["Tous"],
            "Problématique": "On ne sait plus où s’asseoir.",
            "Modalités de mise en œuvre": "On marche, on note, on colle la carte à l’arrêt de bus.",
        },
    ),
    (
        "Priorité 2",
        "P2.A",
        "Le chœur des cages d’escalier",
        {
            "Critères de réussite": ["Nombre de chanteurs"],
            "Publics visés": ["Les habitants des tours"],
            "Problématique": "On se croise sans se saluer.",
            "Modalités de mise en œuvre": "Une chanson par étage.",
        },
    ),
)


def _document() -> Document:
    document = docx.Document()
    document.add_paragraph("Maison pour tous des Trois-Ponts", style="Title")
    document.add_paragraph("Projet social 2028-2031")
    document.add_heading("Ce que nous avons entendu", 1)
    document.add_paragraph("Deux cents voisins ont répondu au questionnaire.")
    document.add_paragraph("Ils veulent bouger.", style="List Bullet")
    document.add_heading("Nos fiches", 1)
    for priorite, numero, titre, cellules in _FICHES:
        document.add_heading(f"{priorite} – {_PRIORITES[priorite]}", 2)
        _table(document, numero, titre, cellules)
        document.add_paragraph()
    document.add_heading("Gouvernance", 1)
    document.add_paragraph(
        "Le comité de suivi a pour mission de relire les fiches. Il réunit les élus et les voisins."
    )
    return document


_PRIORITES = {"Priorité 1": "Circuler", "Priorité 2": "Se connaître"}


def _table(document: Document, numero: str, titre: str, cellules: dict[str, str | list[str]]) -> None:
    tableau = document.add_table(rows=1 + len(cellules), cols=3)
    tete = tableau.cell(0, 0).merge(tableau.cell(0, 2))
    tete.text = f"FICHE PROJET {numero} : {titre}"
    for rang, (libelle, contenu) in enumerate(cellules.items(), start=1):
        tableau.cell(rang, 0).text = libelle
        case = tableau.cell(rang, 1).merge(tableau.cell(rang, 2))
        elements = contenu if isinstance(contenu, list) else [contenu]
        case.paragraphs[0].text = elements[0]
        for element in elements[1:]:
            case.add_paragraph(element)
        if isinstance(contenu, list):
            for paragraphe in case.paragraphs:
                paragraphe.style = document.styles["List Bullet"]


@pytest.fixture
def document() -> DocumentLu:
    sortie = io.BytesIO()
    _document().save(sortie)
    return lire_document(sortie.getvalue(), "trois-ponts.docx")


def test_chaque_cellule_est_a_sa_place(document: DocumentLu) -> None:
    velo, bancs, choeur = en_json(document.projets[0])["fiches"]
    assert [(fiche["axe"], fiche["numero"], fiche["titre"]) for fiche in (velo, bancs, choeur)] == [
        ("1", "P1.A", "Le vélo-école"),
        ("1", "P1.B", "La carte des bancs"),
        ("2", "P2.A", "Le chœur des cages d’escalier"),
    ]
    assert velo["contexte"] == "Le tram ne passe plus après vingt heures."
    assert velo["presentation"] == "Huit séances sur le parking, puis une sortie le long du canal."
    listes = {
        "objectifs_generaux": ["Se déplacer seule"],
        "objectifs_operationnels": ["Tenir en selle", "Réparer une chaîne"],
        "public": ["Les femmes du quartier", "Les retraités"],
        "echeancier": ["Mars 2028 : achat des vélos", "Avril 2028 : premières séances"],
        "moyens_humains": ["Une monitrice"],
        "moyens_materiels": ["Dix vélos", "Un local"],
        "partenaires": ["La maison du vélo", "La métropole"],
        "partenaires_potentiels": ["La métropole"],
        "resultats_attendus": ["Des trajets sans voiture"],
        "indicateurs_quantitatifs": ["Nombre de cyclistes formés"],
        "indicateurs_qualitatifs": ["La fierté d’avoir appris"],
        "freins": ["Le vol"],
    }
    assert {champ: velo[champ] for champ in listes} == listes
    assert bancs["presentation"] == "On marche, on note, on colle la carte à l’arrêt de bus."


def test_l_axe_la_periode_la_gouvernance_et_les_textes_sont_lus(document: DocumentLu) -> None:
    projet = en_json(document.projets[0])
    assert projet["nom"] == "Maison pour tous des Trois-Ponts"
    assert projet["periode"] == {"debut": 2028, "fin": 2031}
    assert projet["axes"] == [{"numero": "1", "titre": "Circuler"}, {"numero": "2", "titre": "Se connaître"}]
    assert [instance["nom"] for instance in projet["gouvernance"]] == ["Comité de suivi"]
    textes = [
        paragraphe["texte"] for chapitre in projet["chapitres"] for paragraphe in chapitre["paragraphes"]
    ]
    assert textes[:2] == ["Deux cents voisins ont répondu au questionnaire.", "Ils veulent bouger."]


def test_ce_que_le_lexique_ne_connait_pas_est_a_ranger_et_rien_ne_manque(document: DocumentLu) -> None:
    assert [morceau.texte for morceau in document.a_ranger] == ["Mascotte :\nUn héron"]
    compte = document.paragraphes
    assert (compte.a_ranger, compte.mise_en_page) == (1, 0)
    assert compte.lus == compte.places + 1
