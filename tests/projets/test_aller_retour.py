"""Un projet importé, sorti en page ou en Word, puis relu, est le même : rien de doublé, rien de perdu."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest

from maillage.core.journal import SYSTEME
from maillage.projets.choices import EtatMorceau
from maillage.projets.exportation import exporter
from maillage.projets.exportation.objet import objet_du_projet
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.documents_lus import lire_le_document, morceaux_du_projet
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from maillage.territoire.models import Structure
from tests.fabriques import StructureFactory
from tests.projets.depots_d_essai import PAGE

pytestmark = pytest.mark.django_db
FORMATS = ("html", "docx")
DOCUMENTS = Path(__file__).parent / "importation" / "documents"
SOURCE = Path(__file__).resolve().parents[3] / "shared/sources/clermont-ferrand-projets-sociaux-extrait.txt"
PERIODE = {"debut": 2027, "fin": 2030}
RICHE = {
    "nom": "Projet des Deux-Ponts",
    "du": "2026-09-01",
    "au": "2030-08-31",
    "periode": {"debut": 2026, "fin": 2030},
    "territoire": "Centre social, quartier bas",
    "quartiers": ["La Plaine", "Les Hauts, côté gare"],
    "qpv": ["La Plaine", "Le Pré"],
    "axes": [{"numero": "1", "titre": "Se voir"}, {"numero": "T", "titre": "Accueillir"}],
    "enjeux": [{"numero": 1, "axe": "1", "titre": "Sortir : oser"}],
    "objectifs": [
        {
            "titre": "Aller vers",
            "enjeu": 1,
            "axe": "1",
            "fiches": ["01"],
            "renvois": ["Le café (cf axe T)"],
            "operationnels": [{"titre": "Frapper aux portes", "fiches": ["02"]}, {"titre": "Écouter"}],
        },
        {"titre": "Rouler", "enjeu": 1, "axe": "1", "fiches": ["01"]},
        {"titre": "Ouvrir", "enjeu": None, "axe": "T", "fiches": ["01"]},
    ],
    "fiches": [
        {
            "axe": "1",
            "numero": "01",
            "titre": "Le bus",
            "titre_dans_arbre": "Le bus du mardi",
            "objectifs": ["Rouler", "Aller vers"],
            "statut": "NA",
            "annees": [2027, 2029],
            "contexte": "Le bourg est loin.\n- un car par jour\n  - sauf le dimanche\n  - et l’été",
            "presentation": "Moyens humains\nUn bénévole conduit.",
            "public": ["Les aînés", "Les jeunes", "Sans permis"],
            "attention_particuliere": "Sans permis",
            "partenaires": ["La mairie", "Le garage"],
            "partenaires_potentiels": ["Le garage"],
            "moyens_humains": ["Nombre de bénévoles Un chauffeur Nombre de jeunes"],
            "indicateurs_quantitatifs": ["Nombre de trajets", "Nombre d’aînés Part de jeunes"],
            "projets_specifiques": ["Projet familles"],
            "pilote": "Farid Amrani",
        },
        {"axe": "1", "numero": "02", "titre": "Les portes", "titre_dans_arbre": "Les portes"},
        {"axe": "T", "numero": "01", "titre": "Le café", "titre_dans_arbre": "Le café"},
        {"axe": "", "numero": "9", "titre": "Le bal : fin d’année", "freins": ["La pluie"]},
    ],
    "gouvernance": [{"nom": "Comité d’usagers", "role": "Dire\nOuvrir", "composition": ""}],
    "chiffres_diagnostic": [
        {"libelle": "Écart", "valeur": -1234.5, "unite": "points", "zone": "", "source": "", "annee": None},
        {
            "libelle": "Part",
            "valeur": 42,
            "unite": "% des ménages",
            "zone": "Le Pré",
            "source": "Caf",
            "annee": 2023,
        },
    ],
    "indicateurs_familles": {
        "zones": ["Le Pré"],
        "source": "la Caf",
        "lignes": [
            {"libelle": un, "valeurs": [{"zone": "Le Pré", "brut": "1 %", "valeur": 1, "unite": "%"}]}
            for un in ("Familles", "Enfants")
        ],
    },
    "sigles": [{"sigle": "EVS", "sens": "Espace de vie sociale"}],
    "chapitres": [
        {"niveau": 1, "titre": "La gouvernance", "paragraphes": ["Le comité de pilotage : il décide."]},
        {
            "niveau": 2,
            "titre": "1.2.3. Les chiffres clés",
            "paragraphes": [
                {"texte": "30 % des ménages (20 % sur la commune).", "puce": 0},
                {"texte": "un point", "puce": 1},
                {"texte": "et sa suite", "puce": 2},
                {"texte": "Objectif général : ce n’est qu’une phrase", "puce": 0},
            ],
        },
        {"niveau": 1, "titre": "", "paragraphes": ["12", "12", "12"]},
    ],
    "a_ranger": [
        {"ligne_debut": 0, "ligne_fin": 0, "texte": "Fiche « Le bus », Horaires : le mardi"},
        {"ligne_debut": 4, "ligne_fin": 4, "texte": "Les sigles"},
        {"ligne_debut": 1204, "ligne_fin": 1206, "texte": "Météo :\n- du vent\n  - de face\nLignes\nPassage"},
    ],
}
"""Tout ce qu'un projet peut dire, et de quoi tromper un lecteur qui devinerait."""


def ecrire(lu: dict[str, Any]) -> ProjetSocial:
    lu = lu | {"periode": lu.get("periode") or PERIODE}
    structure = Structure.objects.first() or StructureFactory(nom="Centre social Bel-Air")
    return ecrire_projet_lu(lu, structure=structure, par=SYSTEME)


def contenu(projet: ProjetSocial) -> dict[str, Any]:
    """L'objet d'échange, sans les clés de la base."""
    objet = {cle: valeur for cle, valeur in objet_du_projet(projet).items() if cle != "id"}
    return objet | {"fiches": [{**fiche, "id": ""} for fiche in objet["fiches"]]}


def relu(projet: ProjetSocial, format: str) -> dict[str, Any]:
    """Ce que donne le fichier sorti, réimporté : rien n'y est à ranger que ce qui l'était déjà."""
    lecture = lire_le_document(exporter(projet, format), f"projet.{format}")
    restaient = projet.morceaux.filter(etat=EtatMorceau.A_RANGER).count()
    assert len(lecture.a_ranger) == lecture.paragraphes["a_ranger"] == restaient
    (lu,) = lecture.projets
    return contenu(ecrire(lu | {"a_ranger": lecture.a_ranger}))


def le_bus(objet: dict[str, Any]) -> dict[str, Any]:
    (bus,) = (fiche for fiche in objet["fiches"] if fiche["titre"] == "Le bus")
    return dict(bus)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "chemin",
    sorted(chemin for chemin in DOCUMENTS.iterdir() if chemin.suffix != ".json"),
    ids=lambda chemin: chemin.stem,
)
def test_un_document_importe_sorti_et_relu_est_le_meme(chemin: Path, format: str) -> None:
    lecture = lire_le_document(chemin.read_bytes(), chemin.name)
    for rang, lu in enumerate(lecture.projets):
        projet = ecrire(lu | {"a_ranger": morceaux_du_projet(lecture, rang)})
        assert relu(projet, format) == contenu(projet)


@pytest.mark.parametrize("format", FORMATS)
def test_un_projet_qui_dit_tout_sort_et_revient_entier(format: str) -> None:
    projet = ecrire(RICHE)
    assert le_bus(contenu(projet))["objectifs"] == ["Rouler", "Aller vers"]
    assert relu(projet, format) == contenu(projet)


@pytest.mark.parametrize("format", FORMATS)
def test_les_vrais_projets_sortent_et_reviennent_les_memes(format: str) -> None:
    if not SOURCE.exists():
        pytest.skip("../shared/sources n'est pas là")
    lecture = lire_le_document(SOURCE.read_bytes(), SOURCE.name)
    for rang, lu in enumerate(lecture.projets):
        projet = ecrire(lu | {"a_ranger": morceaux_du_projet(lecture, rang)})
        assert relu(projet, format) == contenu(projet)


@pytest.mark.parametrize("format", FORMATS)
def test_un_passage_mis_de_cote_ne_sort_pas(format: str) -> None:
    projet = ecrire(RICHE)
    projet.morceaux.exclude(ligne_debut=4).update(etat=EtatMorceau.ECARTE)
    lecture = lire_le_document(exporter(projet, format), f"projet.{format}")
    assert [(un["ligne_debut"], un["ligne_fin"], un["texte"]) for un in lecture.a_ranger] == [
        (4, 4, "Les sigles")
    ]
    projet.morceaux.update(etat=EtatMorceau.RANGE)
    assert lire_le_document(exporter(projet, format), f"projet.{format}").a_ranger == []


def test_un_document_sorti_puis_retouche_dans_word_garde_les_retouches() -> None:
    fichier = docx.Document(io.BytesIO(exporter(ecrire(RICHE), "docx")))
    bus = next(tableau for tableau in fichier.tables if tableau.cell(0, 1).text == "Le bus")
    rangs = {rang.cells[0].text: rang.cells[1] for rang in bus.rows}
    rangs["Partenariat existant"].text = "• La mairie\n• La Poste"
    ajout = bus.add_row().cells
    ajout[0].text, ajout[1].text = "Météo", "Du vent"
    fichier.add_paragraph("Un mot de la fin.")
    fichier.paragraphs[3].insert_paragraph_before("Une dédicace.")
    bus._tbl.addprevious(fichier.add_paragraph("Un mot avant le tableau.")._p)
    sortie = io.BytesIO()
    fichier.save(sortie)
    lecture = lire_le_document(sortie.getvalue(), "projet.docx")
    objet = contenu(ecrire(lecture.projets[0]))
    assert le_bus(objet)["partenaires"] == ["La mairie", "La Poste", "Le garage"]
    assert le_bus(objet)["partenaires_potentiels"] == ["Le garage"]
    assert len(objet["fiches"]) == 4
    assert [morceau["texte"] for morceau in lecture.a_ranger] == [
        "Une dédicace.",
        "Un mot avant le tableau.",
        "Météo | Du vent",
        *(morceau["texte"] for morceau in RICHE["a_ranger"]),
        "Un mot de la fin.",
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_le_projet_sorti_d_une_page_revient_avec_ses_nombres(format: str) -> None:
    (lu,) = lire_le_document(PAGE.encode(), "projet.html").projets
    une = relu(ecrire(lu), format)
    assert [len(une[cle]) for cle in ("axes", "enjeux", "objectifs", "fiches")] == [2, 2, 2, 3]
