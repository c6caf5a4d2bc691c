"""L'écriture légère : ce qu'elle met en forme, et ce qu'elle laisse tel quel."""

import datetime

import pytest

from maillage.core.documents.description import Citation, Document, Liste, Paragraphe, Section
from maillage.core.documents.ecriture_legere import Piece, en_sections, lire, lire_en_ligne
from maillage.core.documents.html import rendre_html
from maillage.core.documents.texte import Bout, gras, italique


def page(texte: str) -> str:
    avant, sections = en_sections(lire(texte), 1, 1)
    chapitre = Section("Un chapitre", avant)
    document = Document("Titre", "Centre", datetime.date(2026, 1, 2), (chapitre, *sections))
    return str(rendre_html(document))


# --- Rien d'actif n'entre ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "texte",
    [
        "<script>alert(1)</script>",
        "[cliquez](javascript:alert(1))",
        '**<img src=x onerror="alert(1)">**',
        "[[bloc:<b>gras</b>]]",
        '> <iframe src="https://exemple.fr">',
        "## <h1 onclick=alert(1)>Titre</h1>",
    ],
)
def test_aucun_html_ni_script_ne_passe(texte: str) -> None:
    rendu = page(texte).lower()
    for actif in ("<script", "<img", "<iframe", 'href="javascript', "<h1 onclick", "<b>gras"):
        assert actif not in rendu


def test_un_lien_illisible_reste_du_texte() -> None:
    assert "](http" in page("[a](http" + "s://" + "x" * 3_000 + ")")


@pytest.mark.parametrize(
    "texte",
    [
        "Les personnes* et leurs familles*",
        "2 * 3 * 4",
        "a**b",
        "Tarif : 5 €* (*hors vacances)",
        "# ",
        "3. Une suite qui ne commence pas à un",
        "2021. L’année du confinement",
    ],
)
def test_un_signe_qui_n_ouvre_rien_reste_un_signe(texte: str) -> None:
    (piece,) = lire(texte)
    assert piece == Paragraphe(texte.strip())


# --- Ce qu'elle donne -------------------------------------------------------------------------------
def test_gras_italique_et_liens_s_enchainent_dans_une_phrase() -> None:
    assert lire_en_ligne("Un **mot** et *un autre*, voir https://exemple.fr/page.") == (
        "Un ",
        gras("mot"),
        " et ",
        italique("un autre"),
        ", voir ",
        Bout("https://exemple.fr/page", adresse="https://exemple.fr/page"),
        ".",
    )
    assert lire_en_ligne("[la Ville](https://exemple.fr)") == Bout("la Ville", adresse="https://exemple.fr")


def test_titres_listes_paroles_et_paragraphes_se_suivent() -> None:
    texte = (
        "Un début\nsur deux lignes\n\n## Le quartier\n- un **point**\n  - dessous\n- autre\n\n"
        "1. d’abord\n2. ensuite\n\n### Le soir\n> On ne sort plus.\n> — une habitante"
    )
    attendu: tuple[Piece, ...] = (
        Paragraphe("Un début\nsur deux lignes"),
        Section("Le quartier", niveau=1),
        Liste((("un ", gras("point")), "◦ dessous", "autre")),
        Liste(("d’abord", "ensuite"), est_ordonnee=True),
        Section("Le soir", niveau=2),
        Citation("On ne sort plus.", "une habitante"),
    )
    assert lire(texte) == attendu


def test_un_mot_en_italique_en_debut_de_ligne_n_est_pas_une_puce() -> None:
    assert lire("*Attention* au sol.") == (Paragraphe((italique("Attention"), " au sol.")),)
    assert lire("* un élément") == (Liste(("un élément",)),)


def test_les_sections_ne_sautent_jamais_de_niveau() -> None:
    avant, sections = en_sections(lire("Avant\n### Trop bas\n## Bien\n### Dessous"), 2, 2)
    assert avant == (Paragraphe("Avant"),)
    assert [(une.titre, une.niveau) for une in sections] == [("Trop bas", 3), ("Bien", 3), ("Dessous", 4)]


def test_un_jeton_se_lit_par_qui_le_connait_et_reste_sinon() -> None:
    def dire(jeton: str) -> str | None:
        return "la fiche A-01" if jeton == "[[fiche:1]]" else None

    assert lire_en_ligne("Voir **[[fiche:1]]** et [[rien]].", dire) == (
        "Voir ",
        gras("la fiche A-01"),
        " et ",
        "[[rien]]",
        ".",
    )
    poser = lire("Avant\n[[bloc:budget]]\nAprès", bloc=lambda jeton: (Paragraphe("le budget"),))
    assert poser == (Paragraphe("Avant"), Paragraphe("le budget"), Paragraphe("Après"))
