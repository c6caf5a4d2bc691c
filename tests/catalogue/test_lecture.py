"""Lire une page du catalogue : refus, bizarreries du format, aller-retour, et les deux vraies pages."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.catalogue.importation import lexique
from maillage.catalogue.importation.bloc import CLES
from maillage.catalogue.importation.lecture import DocumentIllisible, lire, lire_octets, lire_page
from tests.catalogue.page_source import TEXTES_DE_FIN, bloc, relue, rendre

PARTAGE = Path(__file__).resolve().parents[2].parent / "shared"
DONNEES = Path(__file__).parent / "donnees"
avec_les_vraies_pages = pytest.mark.skipif(
    not PARTAGE.is_dir(), reason="les documents réels ne sont pas dans le dépôt : dossier « shared » absent"
)


def refus(octets: bytes) -> DocumentIllisible:
    with pytest.raises(DocumentIllisible) as attrape:
        lire_octets(octets, "page.txt")
    return attrape.value


def fiches_lues(texte: str) -> list[dict]:
    lecture = lire_page(texte, "page.txt")
    assert lecture.rejets == []
    return [lu.en_dict() for lu in lecture.blocs]


# --- Les refus ---------------------------------------------------------------------------------------
def test_un_fichier_vide_est_refuse() -> None:
    assert "vide" in refus(b" \n\n").message


@pytest.mark.parametrize(
    ("debut", "nature"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "tableur"),
        (b"\x89PNG\r\n", "image"),
        (b"\x1f\x8b\x08", "archive"),
    ],
)
def test_un_fichier_qui_n_est_pas_un_texte_est_refuse_par_son_nom(debut: bytes, nature: str) -> None:
    assert nature in refus(debut + b"\x00" * 50).message


def test_un_binaire_est_refuse_avec_sa_ligne() -> None:
    assert refus(b"une ligne\nune autre\nbruit \x00\x01").ligne == 3


def test_un_texte_windows_est_refuse_avec_sa_ligne_et_la_marche_a_suivre() -> None:
    faute = refus(rendre([bloc()]).encode("cp1252"))
    assert "UTF-8" in faute.message
    assert faute.ligne == rendre([bloc()]).split("\n").index("- Fichier(s) associé(s)") + 1


def test_un_texte_utf_16_est_refuse() -> None:
    assert "UTF-16" in refus(rendre([bloc()]).encode("utf-16")).message


def test_un_texte_deux_fois_encode_est_refuse_avec_sa_ligne() -> None:
    faute = refus(rendre([bloc()]).encode().decode("latin-1").encode())
    assert "abîmées" in faute.message
    assert faute.ligne


def test_un_autre_document_est_refuse_et_son_debut_est_cite() -> None:
    faute = refus("\n\nConseil municipal du 7 mai\nDélibération n° 12\n".encode())
    assert faute.ligne == 3
    assert "Conseil municipal" in faute.message


def test_un_fichier_trop_lourd_est_refuse_sans_etre_lu() -> None:
    class Lourd(io.BytesIO):
        size = 100 * 1024 * 1024

        def read(self, *_: object) -> bytes:
            raise AssertionError("le fichier a été lu")

    with pytest.raises(DocumentIllisible, match="20 Mo"):
        lire(Lourd(), "lourd.txt")


def test_un_flux_sans_taille_annoncee_n_est_lu_que_jusqu_a_la_limite() -> None:
    class SansFin(io.RawIOBase):
        lus = 0

        def read(self, nombre: int = -1) -> bytes:
            assert 0 <= nombre <= 21 * 1024 * 1024
            return b"a" * nombre

    with pytest.raises(DocumentIllisible, match="20 Mo"):
        lire(SansFin(), "sans-fin.txt")  # type: ignore[arg-type]


def test_une_page_coupee_a_n_importe_quelle_ligne_est_refusee_avec_sa_ligne() -> None:
    lignes = rendre([bloc(), bloc(titre="Le second", perspectives="Deux lignes\nen tout")]).split("\n")
    seconde = lignes.index("Actions", 2)
    for fin in range(seconde + 1, len(lignes) - 2):
        faute = refus("\n".join(lignes[:fin]).encode())
        assert "tronquée" in faute.message, lignes[fin - 1]
        assert seconde < faute.ligne <= fin


def test_une_page_coupee_au_milieu_d_un_libelle_est_refusee() -> None:
    page = rendre([bloc(), bloc()])
    assert "tronquée" in refus(page[: page.rindex("Perspectives") + 5].encode()).message
    assert "tronquée" in refus(page[: page.rindex("Structure organisatrice") + 5].encode()).message


def test_une_page_coupee_au_milieu_d_une_lettre_est_refusee() -> None:
    page = rendre([bloc()]).encode()
    assert "tronqué" in refus(page[: page.rindex("é".encode()) + 1]).message


def test_une_page_qui_commence_au_milieu_d_une_fiche_est_refusee() -> None:
    lignes = rendre([bloc(), bloc()]).split("\n")
    faute = refus("\n".join(lignes[10:]).encode())
    assert "commence au milieu" in faute.message
    assert faute.ligne


def test_une_fiche_abimee_au_milieu_d_une_page_est_rejetee_seule_avec_sa_ligne() -> None:
    page = rendre([bloc(), bloc(titre="L'abîmée"), bloc()])
    lignes = page.split("\n")
    perdu = [i for i, ligne in enumerate(lignes) if ligne == "- Résumé"][1]
    lecture = lire_page("\n".join(lignes[:perdu] + lignes[perdu + 1 :]), "page.txt")
    assert [lu.position for lu in lecture.blocs] == [1, 3]
    (rejet,) = lecture.rejets
    assert rejet.position == 2
    assert "Résumé" in rejet.motif
    assert lignes.index("L'abîmée") < rejet.ligne <= perdu + 1


def test_une_fiche_sans_structure_ne_se_perd_pas_dans_le_recit_de_la_precedente() -> None:
    lignes = rendre([bloc(), bloc(titre="Sans structure"), bloc()]).split("\n")
    perdu = [i for i, ligne in enumerate(lignes) if ligne == "- Structure organisatrice"][1]
    lecture = lire_page("\n".join(lignes[:perdu] + lignes[perdu + 2 :]), "page.txt")
    assert [lu.perspectives for lu in lecture.blocs] == [bloc()["perspectives"]] * 2
    assert "Structure organisatrice" in lecture.rejets[0].motif


# --- Les bizarreries du format -----------------------------------------------------------------------
@pytest.mark.parametrize(
    "changements",
    [
        {"titre": ""},
        {"titre": "SANS TITRE - 1007"},
        {"titre": "- Structure organisatrice"},
        {"titre": "Actions"},
        {"titre": "Structure organisatrice - le retour"},
        {"structure_nom": "MJC - Annexe - du Bourg"},
        {"structure_nom": "ASSOCIATION VIVE LA VIE, CENTRE SOCIAL"},
        {"departement": "Provence-Alpes - Var"[-3:]},
        {"fichiers_associes": None},
        {"fichiers_associes": ["affiche, 2021.pdf", "bilan - final.docx"]},
        {"statut": "Terminée", "raison_fin": ""},
        {"statut": "Terminée", "raison_fin": "- Dimension\nC'était prévu.\n- Mots clés associés à l'action"},
        {"dimensions": [], "mots_cles": [], "publics": [], "initiatives": [], "partenaires_action": []},
        {"mots_cles": ["Emploi, économie", "mobilité / transport", "Un mot clé nouveau"]},
        {"partenaires_action": ["CARSAT", "Préfecture", "Bailleur social"]},
        {"territoire": ""},
        {"initiative_precision": ""},
        {"initiatives": ["Autre"], "initiative_precision": "- Territoire concerné\nle canton\n- Autre"},
        {"resume": "- Qui est à l'initiative de l'action ?\n-\n- Tout le monde !"},
        {"description_experience": "- Public\n- Description générale\nPublic : tous\n- Public\n-"},
        {"description": "-\n- Résumé\n- Public\nActions\n- Actions\n-\n- "},
        {"resume": "Actions\nLe goûter\n- Structure organisatrice\nrien d'autre"},
        {"perspectives": "Actions\nà venir\nplus tard\n- Public\n- Résumé"},
        {"description": "  deux espaces devant\nun blanc après \n\n\nlignes vides\tet tabulation"},
        {"resume": "espace\u00a0insécable et\u202ffine, e\u0301 composé, \u2028 dedans"},
    ],
    ids=lambda changements: ", ".join(changements),
)
def test_une_bizarrerie_du_format_est_lue_au_caractere_pres(changements: dict) -> None:
    fiches = [bloc(), bloc(**changements), bloc(titre="La suivante")]
    attendu = [relue(fiche, position) for position, fiche in enumerate(fiches, start=1)]
    assert fiches_lues(rendre(fiches)) == attendu


def test_la_marque_d_ordre_et_les_fins_de_ligne_windows_sont_admises() -> None:
    octets = b"\xef\xbb\xbf" + rendre([bloc()]).replace("\n", "\r\n").encode() + b"\r\n\r\n"
    (lu,) = lire_octets(octets, "page.txt").blocs
    assert lu.en_dict() == relue(bloc())


def test_la_ligne_de_titre_du_site_peut_manquer() -> None:
    assert fiches_lues(rendre([bloc()], avec_titre_du_site=False)) == [relue(bloc())]


def test_des_lignes_blanches_entre_toutes_les_lignes_ne_changent_pas_les_listes() -> None:
    (lu,) = fiches_lues(rendre([bloc(description="Une ligne.")]).replace("\n", "\n\n"))
    assert lu == relue(bloc(description="Une ligne."))


def test_un_libelle_a_espaces_insecables_et_apostrophe_courbe_est_reconnu() -> None:
    page = rendre([bloc()]).replace("l'initiative de l'action ?", "l’initiative de l’action\u00a0?")
    assert fiches_lues(page.replace("- Public", "-\u00a0Public")) == [relue(bloc())]


def test_une_valeur_inconnue_est_gardee_telle_quelle() -> None:
    (lu,) = lire_page(rendre([bloc(publics=["Séniors de l'espace"])]), "page.txt").blocs
    assert lu.publics == ["Séniors de l'espace"]


def test_une_structure_sans_departement_est_signalee() -> None:
    page = rendre([bloc()]).replace("CENTRE SOCIAL DES TILLEULS - Allier", "MJC-Centre")
    (lu,) = lire_page(page, "page.txt").blocs
    assert (lu.structure_nom, lu.departement) == ("MJC-Centre", "")
    assert lu.signalements


def test_deux_territoires_differents_sont_signales_et_le_premier_vaut() -> None:
    page = rendre([bloc()])
    dernier = page.rindex("- Un quartier")
    (lu,) = lire_page(page[:dernier] + "- Une commune" + page[dernier + 13 :], "page.txt").blocs
    assert lu.territoire == "Un quartier"
    assert any("Une commune" in mot for mot in lu.signalements)


def test_un_libelle_de_fin_recopie_dans_le_recit_est_signale() -> None:
    page = rendre([bloc(resultat_centre="- Résultat pour les habitants")])
    (lu,) = lire_page(page, "page.txt").blocs
    assert any("deux fois" in mot for mot in lu.signalements)


def test_la_fiche_ancienne_est_lue() -> None:
    attendu = json.loads((DONNEES / "fiche-ancienne.json").read_text())
    (lu, suivante) = lire(DONNEES / "fiche-ancienne.txt", "fiche-ancienne.txt").blocs
    assert lu.version == 1
    for champ in ("themes", "elements_diagnostic", "impacts"):
        assert getattr(lu, champ) == attendu.pop(champ)
    assert lu.en_dict() == attendu
    assert suivante.version == 2


# --- L'aller-retour ----------------------------------------------------------------------------------
_PIEGES = [
    "-",
    "- ",
    "Actions",
    "Actions ",
    lexique.PARTENAIRES_ACTION,
    "- Une puce",
    "-collé",
    "",
    " ",
    "Public",
    "- Le centre social",
    *(f"- {libelle.texte}" for libelle in lexique.ORDRE_V2),
    *(libelle.texte for libelle in lexique.ORDRE_V2),
]
_EN_TETE = {f"- {libelle.texte}" for libelle in (lexique.STRUCTURE, lexique.FICHIERS, lexique.STATUT)}
_CARACTERES = st.characters(exclude_categories=("Cs", "Cc"))
_LIGNE = st.one_of(st.sampled_from(_PIEGES), st.text(_CARACTERES, max_size=20))
_NET = (
    st.text(_CARACTERES, min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda mot: mot and not mot.startswith("-") and mot not in _PIEGES)
)


@st.composite
def _texte_libre(draw: st.DrawFn, champ: str) -> str:
    """Un récit méchant. N'en sont bannis que les cas où rien ne distingue le récit de la page : le libellé
    seul qui doit clore ce texte, « Actions » suivi de libellés d'en-tête, ou en dernière ligne.
    """
    lignes = draw(st.lists(_LIGNE, max_size=6))
    fins = [champ_de_fin for _, champ_de_fin in TEXTES_DE_FIN]
    bannies = (
        {f"- {suivant.texte}" for suivant, _ in TEXTES_DE_FIN[fins.index(champ) + 1 :]}
        if champ in fins
        else set()
    )
    if any(ligne.strip() == "Actions" for ligne in lignes):
        bannies |= _EN_TETE
    lignes = [ligne for ligne in lignes if ligne.strip() not in bannies]
    while lignes and not lignes[0].strip():
        lignes.pop(0)
    while lignes and lignes[-1].strip() in ("", "Actions"):
        lignes.pop()
    return "\n".join(lignes)


def _valeurs(champ: str) -> st.SearchStrategy[list[str]]:
    connues = st.sampled_from(list(lexique.VALEURS[champ]))
    return st.lists(st.one_of(connues, _NET), max_size=4)


_FICHES = st.fixed_dictionaries(
    {
        "titre": st.one_of(
            st.just(""), _NET, st.sampled_from(["Actions", "- Structure organisatrice", "- Public"])
        ),
        "structure_nom": _NET,
        "departement": _NET.filter(lambda mot: " - " not in mot),
        "fichiers_associes": st.one_of(st.none(), st.lists(_NET, max_size=3)),
        "statut": st.sampled_from(["", "En cours", "Terminée"]),
        "raison_fin": st.one_of(st.none(), _texte_libre("raison_fin")),
        "dimensions": _valeurs("dimensions"),
        "mots_cles": _valeurs("mots_cles"),
        "resume": _texte_libre("resume"),
        "initiatives": _valeurs("initiatives"),
        "initiative_precision": st.one_of(st.none(), _texte_libre("initiative_precision")),
        "territoire": st.sampled_from(["", *lexique.VALEURS["territoire"]]),
        "description_experience": _texte_libre("description_experience"),
        "publics": _valeurs("publics"),
        "partenaires_action": _valeurs("partenaires_action"),
        **{champ: _texte_libre(champ) for _, champ in TEXTES_DE_FIN},
    }
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_FICHES, min_size=1, max_size=2))
def test_toute_page_ecrite_puis_lue_rend_ses_fiches_au_caractere_pres(fiches: list[dict]) -> None:
    fiches = [*fiches, bloc(titre="La dernière")]
    lues = fiches_lues(rendre(fiches))
    assert lues == [relue(fiche, position) for position, fiche in enumerate(fiches, start=1)]


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400), st.lists(_LIGNE, max_size=60).map(lambda lignes: "\n".join(lignes).encode())
    )
)
def test_aucun_fichier_ne_fait_tomber_la_lecture(octets: bytes) -> None:
    try:
        lire_octets(octets, "bruit.txt")
    except DocumentIllisible as faute:
        assert faute.message


@pytest.mark.parametrize("octets", [b"", b" \n\t", b"\xef\xbb\xbf", "\u00a0\n\u2003".encode()])
def test_un_fichier_sans_un_mot_est_refuse(octets: bytes) -> None:
    with pytest.raises(DocumentIllisible):
        lire_octets(octets, "blanc.txt")


# --- Les vraies pages --------------------------------------------------------------------------------
@avec_les_vraies_pages
def test_les_cinquante_fiches_des_deux_vraies_pages_sont_egales_a_la_verite() -> None:
    verite = json.loads((PARTAGE / "verites" / "catalogue.json").read_text())
    pages = dict.fromkeys(fiche["fichier_source"] for fiche in verite)
    lues = []
    for nom in pages:
        lecture = lire(PARTAGE / "sources" / nom, nom)
        assert lecture.rejets == []
        lues += [lu.en_dict() for lu in lecture.blocs]
    assert len(lues) == 50
    for lue, vraie in zip(lues, verite, strict=True):
        assert lue == vraie
    assert tuple(lues[0]) == tuple(verite[0]) == CLES


@avec_les_vraies_pages
@pytest.mark.parametrize(
    "nom", ["clermont-ferrand-projets-sociaux-extrait.txt", "montreuil-centres-sociaux.txt"]
)
def test_un_autre_document_reel_est_refuse(nom: str) -> None:
    with pytest.raises(DocumentIllisible, match="pas une page du catalogue"):
        lire(PARTAGE / "sources" / nom, nom)
