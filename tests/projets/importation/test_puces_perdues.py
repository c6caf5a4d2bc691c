"""Une liste écrite d'un trait se recoupe là où le document a déjà commencé des éléments, sans changer un mot."""

from hypothesis import given
from hypothesis import strategies as st

from maillage.projets.importation.blocs import Ligne
from maillage.projets.importation.lu import CelluleLue, FicheLue
from maillage.projets.importation.puces_perdues import recouper_les_fiches


def _fiche(champ: str, *lignes: str, puce: int = 1) -> FicheLue:
    cellule = CelluleLue(
        ligne_debut=1,
        ligne_fin=1,
        champ=champ,
        libelle=champ,
        lignes=tuple(Ligne(ligne, puce) for ligne in lignes),
    )
    return FicheLue(ligne_debut=1, ligne_fin=1, axe="1", numero="1", ordre=1, titre="", cellules=(cellule,))


def _recoupee(champ: str, texte: str, *modeles: str, puce: int = 1) -> list[str]:
    fiches = (
        [_fiche(champ, *modeles), _fiche(champ, texte, puce=puce)]
        if modeles
        else [_fiche(champ, texte, puce=puce)]
    )
    return recouper_les_fiches(fiches)[-1].elements(champ)


def test_une_liste_sans_puces_se_coupe_a_ses_majuscules() -> None:
    assert _recoupee(
        "indicateurs_quantitatifs", "Nombre de séances Assiduité des jeunes Nombre de bénévoles"
    ) == [
        "Nombre de séances",
        "Assiduité des jeunes",
        "Nombre de bénévoles",
    ]


def test_un_nom_propre_apres_un_article_ne_coupe_pas() -> None:
    texte = "Nombre de familles venues de la Plaine et du Centre social"
    assert _recoupee("indicateurs_quantitatifs", texte) == [texte]


def test_un_seul_element_bien_ecrit_reste_entier() -> None:
    for texte in (
        "Les jeunes suivis par la mission Léo Lagrange",
        "Parents venus de Saint-Jacques puis Fontaine",
    ):
        assert _recoupee("public", texte) == [texte]


def test_une_phrase_hors_liste_ne_se_coupe_qu_a_un_debut_deja_vu() -> None:
    texte = "Les jeunes viennent tard Manque de place au gymnase Marcel Pagnol"
    assert _recoupee("freins", texte, puce=0) == [texte]
    assert _recoupee("freins", texte, "Manque de temps", "Peu d'espace", puce=0) == [
        "Les jeunes viennent tard",
        "Manque de place au gymnase Marcel Pagnol",
    ]


def test_une_liste_de_partenaires_ne_se_coupe_pas_dans_leurs_noms() -> None:
    texte = "association Léo Lagrange et club Jean Moulin"
    assert _recoupee("partenaires", texte) == [texte]


def test_un_texte_suivi_n_est_jamais_recoupe() -> None:
    texte = "Nombre de séances Assiduité des jeunes Nombre de bénévoles"
    assert _recoupee("contexte", texte) == [texte]


def test_un_point_virgule_puis_une_majuscule_coupe_toujours() -> None:
    for champ in ("freins", "partenaires", "resultats_attendus"):
        assert _recoupee(champ, "Le bruit ; La pluie ; le vent") == ["Le bruit ;", "La pluie ; le vent"]


def test_une_question_finie_coupe_mais_pas_une_liste_de_sigles() -> None:
    assert _recoupee("freins", "Quelle place pour les jeunes ? Peu de temps") == [
        "Quelle place pour les jeunes ?",
        "Peu de temps",
    ]
    assert _recoupee("freins", "Venir : CAF ? CPAM ?") == ["Venir : CAF ? CPAM ?"]


def test_un_calendrier_se_coupe_a_chaque_annee_une_date_non() -> None:
    texte = "2027 : réunir les voisins 2028/2029 : ouvrir"
    assert _recoupee("echeancier", texte) == ["2027 : réunir les voisins", "2028/2029 : ouvrir"]
    assert _recoupee("echeancier", "Été 2027 : un séjour") == ["Été 2027 : un séjour"]
    assert _recoupee("freins", texte) == [texte]


@given(
    st.lists(
        st.sampled_from("Nombre de (jeunes) Assiduité ; ? . la Plaine CAF 12 2027 :".split()), min_size=1
    )
)
def test_recouper_ne_change_aucun_mot(mots: list[str]) -> None:
    texte = " ".join(mots)
    assert " ".join(_recoupee("indicateurs_quantitatifs", texte)) == texte
