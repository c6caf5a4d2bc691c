"""La description d'un document : ce qu'elle refuse, ce qu'elle compose, et la lecture d'un texte saisi."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.documents.description import (
    Document,
    Encadre,
    Figure,
    Liste,
    Paragraphe,
    Saut,
    Section,
    Tableau,
    composer,
    texte_libre,
)
from maillage.core.documents.telechargement import nom_de_fichier, piece_jointe
from maillage.core.documents.texte import (
    Bout,
    DescriptionRefusee,
    Renvoi,
    bouts,
    en_clair,
    gras,
    lien,
    texte_propre,
)

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="5" height="5"/></svg>'


def document(*sections: Section, **champs: object) -> Document:
    reglages = {"titre": "Essai", "auteur": "Maillage", "date": datetime.date(2026, 3, 1), **champs}
    return Document(sections=sections, **reglages)  # type: ignore[arg-type]


# --- Refus ---


@pytest.mark.parametrize("alt", ["", "   ", "\x00"])
def test_une_figure_sans_texte_alternatif_est_refusee(alt: str) -> None:
    with pytest.raises(DescriptionRefusee, match="texte alternatif"):
        Figure(SVG, alt, "Passages par an")


@pytest.mark.parametrize(
    "corps",
    [
        "<script>alert(1)</script>",
        "<style>rect{fill:red}</style>",
        "<foreignObject/>",
        '<rect onload="alert(1)"/>',
        '<rect style="fill:red"/>',
        '<a href="#x"><rect/></a>',
        '<use href="https://ailleurs.example/x.svg#a"/>',
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="javascript:alert(1)"/>',
        '<rect fill="url(https://ailleurs.example/f.svg#a)"/>',
        "<rect fill=\"url( 'data:x')\"/>",
    ],
)
def test_un_dessin_actif_ou_qui_va_chercher_ailleurs_est_refuse(corps: str) -> None:
    with pytest.raises(DescriptionRefusee, match="SVG refusé"):
        Figure(f'<svg xmlns="http://www.w3.org/2000/svg">{corps}</svg>', "Un dessin", "Un dessin")


@pytest.mark.parametrize(
    "svg",
    [
        "",
        "<svg>",
        "<p>bonjour</p>",
        '<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        '<svg xmlns="http://www.w3.org/2000/svg"><text>&e;</text></svg>',
    ],
)
def test_ce_qui_n_est_pas_un_dessin_est_refuse(svg: str) -> None:
    with pytest.raises(DescriptionRefusee):
        Figure(svg, "Un dessin", "Un dessin")


def test_un_dessin_qui_renvoie_a_lui_meme_est_admis() -> None:
    corps = "<defs><g id='a'/></defs><use href='#a'/><rect fill=\"url( '#a' )\"/><!-- note -->"
    Figure(f'<svg xmlns="http://www.w3.org/2000/svg">{corps}</svg>', "Un dessin", "Un dessin")


@pytest.mark.parametrize("adresse", ["javascript:alert(1)", "data:text/html,x", "/relatif", "https://a\nb"])
def test_un_lien_douteux_est_refuse(adresse: str) -> None:
    with pytest.raises(DescriptionRefusee, match="Lien refusé"):
        lien("ici", adresse)


@pytest.mark.parametrize(
    "section",
    [
        Section("Récit", (Paragraphe(("Voir ", Renvoi("absente"))),)),
        Section("Récit", (Encadre("ok", "", (Liste((("Voir ", Renvoi("absente")),)),)),)),
        Section("Récit", (Tableau("T", ("A",), ((Renvoi("absente"),),)),)),
        Section("Récit", (Paragraphe(Bout("ici", ancre="absente")),)),
    ],
)
def test_un_renvoi_vers_une_ancre_absente_est_refuse_ou_qu_il_soit(section: Section) -> None:
    with pytest.raises(DescriptionRefusee, match="absente"):
        document(section)


def test_une_ancre_posee_deux_fois_est_refusee() -> None:
    with pytest.raises(DescriptionRefusee, match="deux fois"):
        document(Section("Un", (Tableau("T", ("A",), (), ancre="a"),)), Section("Deux", ancre="a"))


@pytest.mark.parametrize("niveaux", [(2,), (1, 3), (0,), (1, 2, 3, 4, 5)])
def test_un_saut_de_niveau_de_titre_est_refuse(niveaux: tuple[int, ...]) -> None:
    with pytest.raises(DescriptionRefusee, match="niveau"):
        document(*(Section("Titre", niveau=niveau) for niveau in niveaux))


@pytest.mark.parametrize(
    "champs",
    [
        {"legende": ""},
        {"entetes": ()},
        {"lignes": (("un",),)},
        {"alignements": ("droite",)},
        {"largeurs": (1,)},
    ],
)
def test_un_tableau_sans_legende_ou_bancal_est_refuse(champs: dict[str, object]) -> None:
    correct = {"legende": "Passages", "entetes": ("Année", "Passages"), "lignes": (("2025", "42"),)}
    Tableau(**correct)  # type: ignore[arg-type]
    with pytest.raises(DescriptionRefusee):
        Tableau(**{**correct, **champs})  # type: ignore[arg-type]


@pytest.mark.parametrize("champs", [{"titre": " \x00"}, {"langue": "français"}])
def test_un_document_sans_titre_ou_sans_langue_connue_est_refuse(champs: dict[str, object]) -> None:
    with pytest.raises(DescriptionRefusee):
        document(**champs)


def test_un_saut_de_page_dans_un_encadre_est_refuse() -> None:
    with pytest.raises(DescriptionRefusee, match="saut de page"):
        Encadre("ok", "À savoir", (Saut(),))


# --- Composition ---


def test_les_numeros_et_les_renvois_se_calculent_meme_vers_la_suite() -> None:
    compose = composer(
        document(
            Section(
                "Bilan", (Paragraphe((Renvoi("passages"), ", ", Renvoi("suite"), ", ", Renvoi("dessin"))),)
            ),
            Section("Détail", (Tableau("Âges", ("A",), ()),), niveau=2),
            Section("Suite", (Tableau("Passages", ("A",), (), ancre="passages"),), ancre="suite"),
            Section("Images", (Figure(SVG, "Un carré", "Un carré", ancre="dessin"),), niveau=2),
            est_numerote=True,
        )
    )
    assert [section.titre for section in compose.sections] == [
        "1. Bilan",
        "1.1. Détail",
        "2. Suite",
        "2.1. Images",
    ]
    paragraphe = compose.sections[0].blocs[0]
    assert isinstance(paragraphe, Paragraphe)
    assert en_clair(paragraphe.texte) == "tableau 2, partie 2, figure 1"
    assert [bout.ancre for bout in bouts(paragraphe.texte) if bout.ancre] == ["passages", "suite", "dessin"]
    tableau = compose.sections[2].blocs[0]
    assert isinstance(tableau, Tableau) and tableau.legende == "Tableau 2. Passages"


def test_sans_numeros_un_renvoi_dit_le_titre() -> None:
    compose = composer(document(Section("Récit", (Paragraphe(Renvoi("recit")),), ancre="recit")))
    assert en_clair(compose.sections[0].blocs[0].texte) == "«\u00a0Récit\u00a0»"  # type: ignore[union-attr]
    assert compose.sections[0].titre == "Récit"


def test_chaque_section_a_une_ancre_a_elle() -> None:
    compose = composer(document(Section("Un"), Section("Deux", ancre="partie-1"), Section("Un")))
    ancres = [section.ancre for section in compose.sections]
    assert len(set(ancres)) == 3 and "partie-1" in ancres


def test_la_composition_ne_touche_ni_aux_adresses_ni_aux_dessins() -> None:
    svg = SVG.replace('width="5"', 'width="5" transform="translate(1 200) scale(1 ; 2)"')
    source = document(
        Section(
            "Un", (Figure(svg, "Un carré", "10 000 € ; oui"), Paragraphe(lien("ici", "https://a.fr/1 000")))
        )
    )
    figure, paragraphe = composer(source).sections[0].blocs
    assert isinstance(figure, Figure) and isinstance(paragraphe, Paragraphe)
    assert figure.svg == svg and bouts(paragraphe.texte)[0].adresse == "https://a.fr/1 000"
    assert figure.legende == "10\u202f000\u00a0€\u202f; oui"


# --- Texte saisi ---


def test_un_texte_de_centre_devient_paragraphes_et_listes() -> None:
    texte = "Au départ :\n- une table\n-un barnum\n\n• une clé\nPuis l’été.\nEt l’hiver.\n\n-\nFin"
    assert texte_libre(texte) == (
        Paragraphe("Au départ :"),
        Liste(("une table", "un barnum", "une clé")),
        Paragraphe("Puis l’été.\nEt l’hiver."),
        Paragraphe("Fin"),
    )


@pytest.mark.parametrize(
    "ligne", ["- de 25 ans : 12 jeunes", "-10 % de passages", "--- suite", "-> voir", "5 - 3"]
)
def test_un_tiret_qui_veut_dire_quelque_chose_reste(ligne: str) -> None:
    assert texte_libre(ligne) == (Paragraphe(ligne),)


@pytest.mark.parametrize("vide", ["", " \n\n ", "-", "- \n-\n"])
def test_un_texte_vide_ne_donne_aucun_bloc(vide: str) -> None:
    assert texte_libre(vide) == ()


def _significatifs(texte: str) -> str:
    return re.sub(r"[\s\-–—•▪◦·*]", "", texte)


@given(st.text(alphabet=st.sampled_from("aé1 -–•*\n\r\t«.\x00\u2028d")) | st.text())
def test_aucun_caractere_significatif_ne_se_perd(texte: str) -> None:
    lus = [
        morceau
        for bloc in texte_libre(texte)
        for morceau in (bloc.elements if isinstance(bloc, Liste) else (bloc.texte,))
    ]
    assert _significatifs("".join(map(str, lus))) == _significatifs(texte_propre(texte))
    # Une marque se perd au plus par élément de liste, ou par ligne qui n'est qu'une marque.
    marques = sum(isinstance(bloc, Liste) and len(bloc.elements) or 0 for bloc in texte_libre(texte))
    seules = sum(len(ligne.strip()) == 1 for ligne in texte_propre(texte).split("\n"))
    perdues = len("".join(texte_propre(texte).split())) - len("".join("".join(map(str, lus)).split()))
    assert perdues <= marques + seules


@given(st.text())
def test_un_texte_nettoye_passe_partout_et_garde_le_reste(texte: str) -> None:
    propre = texte_propre(texte)
    propre.encode("utf-8")
    assert texte_propre(propre) == propre
    assert [c for c in propre if c.isalnum()] == [c for c in texte if c.isalnum()]


# --- Téléchargement ---


@pytest.mark.parametrize(
    ("titre", "attendu"),
    [
        ("Le café des clics : un voisin", "Le café des clics un voisin.pdf"),
        ("../../etc/passwd", "etc passwd.pdf"),
        ('A\\B|C"?\n<D>*', "A B C D.pdf"),
        ("con", "document con.pdf"),
        ("\x00 .", "document.pdf"),
        ("mot " * 60, " ".join(["mot"] * 20) + ".pdf"),
    ],
)
def test_le_fichier_porte_un_nom_francais_admis_partout(titre: str, attendu: str) -> None:
    assert nom_de_fichier(titre, "pdf") == attendu


def test_la_piece_jointe_s_enregistre_sous_son_type() -> None:
    reponse = piece_jointe(b"contenu", "Fête\r\nX-Injecte: 1.pdf", "application/pdf")
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert reponse.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''F%C3%AAte")
    assert reponse.headers["Content-Type"] == "application/pdf" and "X-Injecte" not in reponse.headers


def test_un_bout_garde_son_aspect() -> None:
    assert bouts(("Un ", gras("mot"), "")) == (Bout("Un "), Bout("mot", gras=True))
