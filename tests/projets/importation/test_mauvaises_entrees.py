"""Ce qu'on peut déposer de pire : un message clair, ou tout à ranger. Jamais une exception brute, jamais une perte."""

import io
import zipfile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.projets.importation import DocumentIllisible, DocumentLu, en_json, lire_document
from maillage.projets.importation.word import PART_DE_TEXTE_MAX
from tests.projets.importation.conversion import en_html, en_word

_FICHE = """Projet social 2026-2029
Axe 1 : Accueillir
Fiche action n° 1 : Le jardin
Contexte\tLa friche est vide.
Public\tTous
Moyens\tUne bêche
"""
_MOTS = st.sampled_from(
    [
        *"""Axe 1 : Accueillir
AXE TRANSVERSAL
Enjeu n° 2 : Dire
Objectif général 1
01. Le café
4.1.1 Action : Lire
Fiche action n° 3 : Le jardin
Contexte
Public cible :
Moyens / Ressources internes
Freins à lever
Indicateurs d'évaluation
Indicateurs quantitatifs
- un
• deux
E
SOMMAIRE
PROJET SOCIAL
Centre social des Lilas
1.2. Le diagnostic
GOUVERNANCE
Le comité de pilotage décide.
CAF : Caisse
12
42 % des ménages
Sigles
☐ Projet jeunesse
Projet familles
* E : évolution / NA : nouvelle
page 3
<table>
<tr>
<td rowspan=3 colspan=2>
</td>
</table>
<ul>
<li>
<p>
</ul>
|""".splitlines(),
        *("\t", "\n", "2026\t2027"),
    ]
)
_CAR = st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00")
_DOCUMENTS = st.lists(st.one_of(_MOTS, st.text(_CAR, max_size=30)), max_size=60).map(" \n".join) | st.lists(
    _MOTS, max_size=60
).map("\t".join)


def _rien_de_perdu(document: DocumentLu) -> None:
    compte = document.paragraphes
    assert compte.lus == compte.places + compte.a_ranger + compte.mise_en_page
    assert min(compte.places, compte.a_ranger, compte.mise_en_page) >= 0
    for projet in document.projets:
        en_json(projet)


def _lire(contenu: bytes, nom: str) -> DocumentLu | None:
    try:
        return lire_document(contenu, nom)
    except DocumentIllisible as refus:
        assert str(refus).endswith(".")
        return None


def _refus(contenu: bytes, nom: str = "projet.docx") -> str:
    with pytest.raises(DocumentIllisible) as refus:
        lire_document(contenu, nom)
    return str(refus.value)


# --- Ce qui est refusé -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("contenu", "mot"),
    [
        (b"", "vide"),
        (b"   \n\n", "vide"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0 vieux", "Word ancien"),
        (b"{\\rtf1 bonjour}", "RTF"),
        ("é".encode("utf-16"), "UTF-16"),
        ("Fiche n° 1 : été".encode("latin-1"), "Windows"),
        (b"Projet\x00social", "octets de programme"),
        (b"\x89PNG\r\n", "image"),
        (b"<html><body><script>1</script></body></html>", "aucun texte"),
    ],
)
def test_un_fichier_illisible_est_refuse_en_disant_quoi_faire(contenu: bytes, mot: str) -> None:
    message = _refus(contenu, "projet.txt")
    assert mot in message
    assert "Enregistrez le document au format Word (.docx), HTML ou texte UTF-8" in message


def test_un_fichier_trop_lourd_est_refuse_sans_etre_lu() -> None:
    assert "20 Mo" in _refus(b"a" * (20 * 1024 * 1024 + 1))


def test_un_word_coupe_est_refuse() -> None:
    assert "abîmé" in _refus(en_word(_FICHE)[:-500])


@pytest.mark.parametrize("place", [40, 300, 2000, 9000])
def test_un_word_dont_un_octet_a_change_est_lu_ou_refuse_clairement(place: int) -> None:
    octets = bytearray(en_word(_FICHE))
    octets[place % len(octets)] ^= 0xFF
    document = _lire(bytes(octets), "projet.docx")
    if document:
        _rien_de_perdu(document)


def test_un_tableur_n_est_pas_un_document_word() -> None:
    assert "n'est pas un document Word" in _refus(_archive({"xl/workbook.xml": b"<a/>"}))


def test_un_word_au_xml_casse_est_refuse() -> None:
    assert "abîmé" in _refus(_avec_document(b"<w:document><w:body>"))


def test_une_bombe_zip_est_refusee_avant_d_etre_depliee() -> None:
    bombe = _archive({"word/document.xml": b" " * (PART_DE_TEXTE_MAX + 1)})
    assert len(bombe) < 200_000
    assert "anormalement gros" in _refus(bombe)


def test_une_entite_externe_n_est_pas_lue() -> None:
    piege = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        b"<w:p><w:r><w:t>Projet social &secret;</w:t></w:r></w:p></w:body></w:document>"
    )
    document = _lire(_avec_document(piege), "projet.docx")
    assert document is None or "root:" not in str(document)


def test_une_bombe_d_entites_ne_remplit_pas_la_memoire() -> None:
    entites = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "mille"}">' for n in range(12))
    piege = (
        f'<?xml version="1.0"?><!DOCTYPE w [{entites}]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        "<w:p><w:r><w:t>&e11;</w:t></w:r></w:p></w:body></w:document>"
    )
    document = _lire(_avec_document(piege.encode()), "projet.docx")
    assert document is None or len(str(document)) < 100_000


# --- Ce qui est à ranger -------------------------------------------------------------------------------------
def test_un_document_sans_rapport_est_tout_a_ranger() -> None:
    document = lire_document("Recette\n\nTrois œufs.\nDu lait.\n".encode(), "crepes.txt")
    assert document.projets == ()
    assert document.paragraphes.a_ranger == document.paragraphes.lus == 3
    assert document.a_ranger[0].texte == "Recette\nTrois œufs.\nDu lait."
    assert (document.a_ranger[0].ligne_debut, document.a_ranger[0].ligne_fin) == (1, 4)


def test_un_libelle_inconnu_est_a_ranger_avec_son_texte() -> None:
    document = lire_document(f"{_FICHE}Horoscope\tFavorable\n".encode(), "projet.txt")
    assert [morceau.texte for morceau in document.a_ranger] == ["Horoscope :\nFavorable"]
    assert document.a_ranger[0].ligne_debut == 7


def test_un_tableau_coupe_en_deux_reste_une_fiche() -> None:
    document = lire_document(f"{_FICHE}\nFreins\tLa pluie\n".encode(), "projet.txt")
    assert [fiche.elements("freins") for fiche in document.projets[0].fiches] == [["La pluie"]]


def test_une_phrase_coupee_par_une_page_est_recollee() -> None:
    page = (
        "<h1>Projet social</h1><p>Fiche action n° 1 : Le jardin</p>"
        "<table><tr><td>Public</td><td>Tous</td></tr><tr><td>Contexte</td><td>La friche est</td></tr></table>"
        "<p>12</p><table><tr><td></td><td>vide depuis dix ans.</td></tr>"
        "<tr><td>Freins</td><td>La pluie</td></tr></table>"
    )
    (fiche,) = lire_document(page.encode(), "projet.html").projets[0].fiches
    assert fiche.texte("contexte") == "La friche est vide depuis dix ans."
    assert fiche.elements("freins") == ["La pluie"]


def test_les_cellules_fusionnees_d_un_word_ne_repetent_pas_leur_texte() -> None:
    fichier = docx.Document()
    fichier.add_paragraph("Fiche action n° 1 : Le jardin")
    tableau = fichier.add_table(rows=3, cols=3)
    tableau.cell(0, 0).text = "Contexte"
    tableau.cell(0, 1).merge(tableau.cell(0, 2)).text = "La friche est vide."
    tableau.cell(1, 0).merge(tableau.cell(2, 0)).text = "Public"
    tableau.cell(1, 1).merge(tableau.cell(1, 2)).text = "Les voisins"
    tableau.cell(2, 1).merge(tableau.cell(2, 2)).text = "Les écoles"
    sortie = io.BytesIO()
    fichier.save(sortie)
    (fiche,) = lire_document(sortie.getvalue(), "projet.docx").projets[0].fiches
    assert fiche.texte("contexte") == "La friche est vide."
    assert fiche.elements("public") == ["Les voisins", "Les écoles"]


def test_une_cellule_large_d_un_million_de_colonnes_ne_remplit_pas_la_memoire() -> None:
    page = (
        "<table>" + "<tr><td colspan=1000000 rowspan=1000000>Contexte</td><td>ici</td></tr>" * 50 + "</table>"
    )
    _rien_de_perdu(lire_document(page.encode(), "page.html"))


# --- Au hasard -------------------------------------------------------------------------------------------------
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_DOCUMENTS, st.sampled_from(["projet.txt", "projet.html"]))
def test_un_texte_au_hasard_ne_perd_rien(texte: str, nom: str) -> None:
    document = _lire(texte.encode(), nom)
    if document:
        _rien_de_perdu(document)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_MOTS, min_size=1, max_size=30).map("\n".join))
def test_un_texte_au_hasard_se_lit_aussi_en_html_et_en_word(texte: str) -> None:
    for contenu, nom in ((en_html(texte).encode(), "projet.html"), (en_word(texte), "projet.docx")):
        document = _lire(contenu, nom)
        if document:
            _rien_de_perdu(document)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04"]))
def test_des_octets_au_hasard_ne_font_jamais_tomber_la_lecture(octets: bytes, debut: bytes) -> None:
    document = _lire(debut + octets, "projet.docx")
    if document:
        _rien_de_perdu(document)


def _archive(fichiers: dict[str, bytes]) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in fichiers.items():
            archive.writestr(nom, contenu)
    return sortie.getvalue()


def _avec_document(xml: bytes) -> bytes:
    """Un vrai document Word dont on a remplacé le corps."""
    with zipfile.ZipFile(io.BytesIO(en_word(_FICHE))) as archive:
        fichiers = {nom: archive.read(nom) for nom in archive.namelist()}
    return _archive({**fichiers, "word/document.xml": xml})
