"""Les groupes de mots : format de fichier, sens des appels, expressions."""

from maillage.core.recherche.synonymes import FAIBLE, FORT, Dictionnaire, Groupe, lire_groupes


def dictionnaire(*lignes: str) -> Dictionnaire:
    return Dictionnaire(lire_groupes(lignes))


def test_un_commentaire_et_une_ligne_vide_ne_font_pas_de_groupe() -> None:
    assert list(lire_groupes(["# rien", "", "   ", "a, b # et la suite"])) == [Groupe(("a", "b"))]


def test_chaque_mot_a_gauche_de_la_fleche_appelle_ceux_de_droite_sans_retour() -> None:
    lu = dictionnaire("CLAS, PRE => soutien scolaire")
    assert lu.voisins(("clas",)) == lu.voisins(("pre",)) == {("soutien", "scolair"): FORT}
    assert lu.voisins(("soutien", "scolair")) == {}


def test_les_mots_d_un_groupe_s_appellent_l_un_l_autre() -> None:
    lu = dictionnaire("jardin, potager")
    assert lu.voisins(("jardin",)) == {("potag",): FORT}
    assert lu.voisins(("potag",)) == {("jardin",): FORT}


def test_un_voisin_est_trouve_faiblement_et_n_appelle_personne() -> None:
    lu = dictionnaire("jardin, ~plante")
    assert lu.voisins(("jardin",)) == {("plant",): FAIBLE}
    assert lu.voisins(("plant",)) == {}


def test_un_lien_franc_l_emporte_sur_un_lien_de_voisin() -> None:
    assert dictionnaire("jardin, ~potager", "jardin, potager").voisins(("jardin",)) == {("potag",): FORT}


def test_l_expression_la_plus_longue_est_reconnue_d_abord() -> None:
    lu = dictionnaire("France services, MSAP", "maison France services, MSAP", "services, prestations")
    assert lu.segmenter(["maison", "france", "servic", "lot"]) == [("maison", "france", "servic"), ("lot",)]


def test_un_mot_de_grammaire_seul_ne_fait_pas_un_terme() -> None:
    assert dictionnaire("avec, jardin").voisins(("jardin",)) == {}


def test_une_lecture_se_dit_avec_les_mots_de_la_liste() -> None:
    assert dictionnaire("CLAS, ~école").expliquer("le clas du lot") == [("CLAS", ["école"]), ("lot", [])]
