"""L'index : exact, prudent, relisible à tout moment, et impossible à faire tomber par ce qu'on tape."""

import multiprocessing
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from maillage.core.recherche import moteur
from maillage.core.recherche.dossier import ESTAMPILLE
from maillage.core.recherche.index import Document, IndexIndisponible, IndexOccupe, Question
from maillage.core.recherche.moteur import IndexTantivy
from maillage.core.recherche.synonymes import Dictionnaire, lire_groupes
from tests.core.index_d_essai import SCHEMA, TOUS, Ouvrir, chercher, document


@pytest.fixture
def ouvrir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ouvrir:
    """Un index plein des documents donnés ; relu à chaque question, pour ne pas attendre une seconde."""
    monkeypatch.setattr(moteur, "RECHARGE_S", 0.0)

    def plein(*documents: Document, synonymes: Iterable[str] = ()) -> IndexTantivy:
        dictionnaire = Dictionnaire(lire_groupes(synonymes))
        index = IndexTantivy(tmp_path, SCHEMA, lambda: dictionnaire)
        index.reconstruire(documents)
        return index

    return plein


# --- Refus ----------------------------------------------------------------------------------------


def test_un_index_absent_se_dit(tmp_path: Path) -> None:
    index = IndexTantivy(tmp_path, SCHEMA)
    assert not index.est_pret()
    with pytest.raises(IndexIndisponible, match="reconstruire_index"):
        chercher(index, "jardin")
    with pytest.raises(IndexIndisponible), index.ecrire():
        pass


def test_un_index_d_une_autre_version_se_dit_et_se_refait(ouvrir: Ouvrir, tmp_path: Path) -> None:
    index = ouvrir(document(1, "Jardin"))
    (estampille,) = tmp_path.glob(f"essai/v*/{ESTAMPILLE}")
    estampille.write_text('{"analyse": "ancienne"}', encoding="utf-8")
    assert not index.est_pret()
    with pytest.raises(IndexIndisponible, match="autre version"):
        chercher(index, "jardin")
    index.reconstruire([document(1, "Jardin")])
    assert chercher(index, "jardin").ids == [1]


def test_qui_n_a_droit_a_rien_ne_trouve_rien(ouvrir: Ouvrir) -> None:
    index = ouvrir(document(1, "Jardin"), document(2, "Jardin secret", visibilites=["structure:7"]))
    assert index.chercher(Question("jardin", ())).total == 0
    assert chercher(index, "jardin").ids == [1]
    assert chercher(index, "").ids == [1]
    assert chercher(index, "jardin", facettes=["public"], filtres={"lieu": ["nord"]}).proches == (1,)
    assert set(index.chercher(Question("jardin", ("public", "structure:7"))).ids) == {1, 2}
    assert "secret" not in index.suggerer("secr", TOUS).mots
    assert index.suggerer("jar", TOUS).ids == (1,)
    assert index.ressemblants(1, TOUS) == []
    assert index.ressemblants(2, TOUS) == []


def _ecrire_et_tenir(dossier: str, pret: "multiprocessing.synchronize.Event", fini: "multiprocessing.synchronize.Event") -> None:  # fmt: skip  # noqa: E501
    with IndexTantivy(Path(dossier), SCHEMA).ecrire():
        pret.set()
        fini.wait(30)


def test_un_second_ecrivain_est_refuse_tant_que_le_premier_ecrit(ouvrir: Ouvrir, tmp_path: Path) -> None:
    index = ouvrir(document(1, "Jardin"))
    processus = multiprocessing.get_context("spawn")
    pret, fini = processus.Event(), processus.Event()
    autre = processus.Process(target=_ecrire_et_tenir, args=(str(tmp_path), pret, fini))
    autre.start()
    try:
        assert pret.wait(30)
        with pytest.raises(IndexOccupe), index.ecrire():
            pass
        with pytest.raises(IndexOccupe):
            index.reconstruire([])
        assert chercher(index, "jardin").ids == [1]  # lire reste possible
    finally:
        fini.set()
        autre.join(30)
    with index.ecrire() as ecrivain:
        ecrivain.retirer([1])
    assert chercher(index, "jardin").total == 0


def test_un_ecrivain_tue_rend_l_index_au_dernier_etat_valide(ouvrir: Ouvrir, tmp_path: Path) -> None:
    index = ouvrir(document(1, "Jardin"))
    processus = multiprocessing.get_context("spawn")
    pret, jamais = processus.Event(), processus.Event()
    autre = processus.Process(target=_ecrire_et_tenir, args=(str(tmp_path), pret, jamais))
    autre.start()
    assert pret.wait(30)
    autre.kill()
    autre.join(30)
    with index.ecrire() as ecrivain:
        ecrivain.indexer([document(2, "Jardin")])
    assert sorted(chercher(index, "jardin").ids) == [1, 2]


def test_une_ecriture_qui_echoue_n_ecrit_rien(ouvrir: Ouvrir) -> None:
    index = ouvrir(document(1, "Jardin"))
    with pytest.raises(ZeroDivisionError), index.ecrire() as ecrivain:
        ecrivain.indexer([document(2, "Jardin")])
        raise ZeroDivisionError
    assert chercher(index, "jardin").ids == [1]


def test_une_reconstruction_qui_echoue_laisse_l_ancien_index(ouvrir: Ouvrir, tmp_path: Path) -> None:
    index = ouvrir(document(1, "Jardin"))

    def en_panne() -> Iterable[Document]:
        yield document(2, "Jardin")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        index.reconstruire(en_panne())
    assert chercher(index, "jardin").ids == [1]
    assert [version.name for version in (tmp_path / "essai").glob("v[0-9]*")] == ["v1"]


FOLIES = [
    "", " ", "\0", "a\0b", "\ud800", "'", '"', "\\", "+-!(){}[]^\"~*?:\\/", "titre:jardin", "AND OR NOT",
    "jardin AND (", "jardin^99999", "*", "[* TO *]", "//", "é" * 5_000, "a" * 10_000, "jardin " * 2_000,
    "🌱 jardin 🌱", "جاردان 花园 сад", "e\u0301" * 3_000, "\u202e jardin", "§ ¶", "v|jardin", "m|", "1" * 400,
    " ".join(f"mot{n}" for n in range(2_000)), "zq" * 4_000, " ".join("abcdefgh"[n % 8] * 9 for n in range(900)),
]  # fmt: skip


@pytest.mark.parametrize("texte", FOLIES)
def test_aucun_texte_ne_fait_tomber_la_recherche(ouvrir: Ouvrir, texte: str) -> None:
    index = ouvrir(document(1, "Jardin", "Un potager à l'école", public=["Seniors"], lieu="nord"))
    reponse = chercher(
        index, texte, facettes=["public"], filtres={"lieu": [texte, "nord"], "inconnue": ["x"]}
    )
    assert reponse.total <= 1
    assert index.suggerer(texte, TOUS).ids in {(), (1,)}


# --- Répondre -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question", ["tablette", "TABLETTES", "tablétte", "tablete", "tabletes", "ordi", "smartphones tablettes"]
)
def test_casse_accent_pluriel_double_et_synonyme_trouvent_la_meme_fiche(
    ouvrir: Ouvrir, question: str
) -> None:
    index = ouvrir(document(1, "Des tablettes"), document(2, "La pétanque"), synonymes=["ordi, tablette"])
    assert chercher(index, question).ids == [1]


def test_un_sigle_trouve_son_developpement_et_pas_l_inverse(ouvrir: Ouvrir) -> None:
    index = ouvrir(
        document(1, "Accompagnement à la scolarité"),
        document(2, "Le CLAS"),
        synonymes=["CLAS => accompagnement à la scolarité"],
    )
    assert chercher(index, "clas").ids == [2, 1]
    assert chercher(index, "accompagnement à la scolarité").ids == [1]


def test_une_faute_est_reparee_et_dite_sauf_si_l_on_tient_a_sa_graphie(ouvrir: Ouvrir) -> None:
    index = ouvrir(document(1, "Le numérique pour tous"), document(2, "La pétanque"))
    reponse = chercher(index, "Atelier numérqiue")
    assert reponse.ids == [1]
    assert reponse.correction is not None
    assert (reponse.correction.de, reponse.correction.vers) == ("Atelier numérqiue", "Atelier numérique")
    assert reponse.ignores == ("Atelier",)
    telle_quelle = chercher(index, "numérqiue", corrige=False)
    assert (telle_quelle.total, telle_quelle.correction) == (0, None)


def test_le_mot_tape_passe_avant_son_synonyme_et_le_titre_avant_le_texte(ouvrir: Ouvrir) -> None:
    index = ouvrir(
        document(1, "Un lieu", "On y fait du jardinage"),
        document(2, "Le potager"),
        document(3, "Jardinage"),
        synonymes=["jardinage, potager"],
    )
    assert chercher(index, "jardinage").ids[0] == 3
    assert set(chercher(index, "jardinage").ids) == {1, 2, 3}


def test_la_fiche_qui_dit_tout_passe_avant_celles_qui_n_en_disent_qu_un_mot(ouvrir: Ouvrir) -> None:
    autres = [document(n, "Vélo", "Le vélo, encore le vélo, toujours le vélo") for n in range(2, 9)]
    index = ouvrir(document(1, "Atelier", "Réparer son vélo avec un senior"), *autres)
    assert chercher(index, "vélo seniors").ids[0] == 1


def test_la_valeur_entiere_l_emporte_sur_le_mot_commun(ouvrir: Ouvrir) -> None:
    autres = [document(n, "Pétanque") for n in range(3, 20)]
    index = ouvrir(document(1, "Prêt", "Un lot de livres"), document(2, "Marche", public=["Lot"]), *autres)
    assert chercher(index, "lot").ids == [2, 1]


def test_une_recherche_pauvre_s_elargit_une_riche_reste_precise(ouvrir: Ouvrir) -> None:
    pauvre = ouvrir(document(1, "Vélo"), document(2, "Jardin"))
    assert set(chercher(pauvre, "vélo jardin").ids) == {1, 2}
    riche = ouvrir(*(document(n, "Vélo et jardin") for n in range(1, 31)), document(99, "Vélo"))
    assert chercher(riche, "vélo jardin").total == 30


def test_rien_ne_repond_on_propose_les_plus_proches(ouvrir: Ouvrir) -> None:
    index = ouvrir(document(1, "Théâtre"), document(2, "Marche"))
    reponse = chercher(index, "theatrologie")
    assert (reponse.ids, reponse.proches, reponse.ignores) == ([], (1,), ("theatrologie",))


def test_les_tris_rangent_toutes_les_pages(ouvrir: Ouvrir) -> None:
    index = ouvrir(
        *(document(n, titre, le=n) for n, titre in enumerate(["Éole", "zèbre", "Abri", "« Bal »"], 1))
    )
    assert chercher(index, "").ids == [4, 3, 2, 1]  # sans texte : les plus récentes
    assert chercher(index, "", tri="titre").ids == [3, 4, 1, 2]
    assert chercher(index, "", tri="titre", depart=2, nombre=1).ids == [1]


def test_les_pages_se_suivent_sans_trou_ni_doublon(ouvrir: Ouvrir) -> None:
    index = ouvrir(*(document(n, f"Jardin {n}", "vélo " * (n % 7)) for n in range(1, 261)))
    vues = [pk for depart in range(0, 275, 25) for pk in chercher(index, "jardin vélo", depart=depart).ids]
    entiere = chercher(index, "jardin vélo", nombre=300)
    assert len(vues) == len(set(vues)) == entiere.total
    assert vues == entiere.ids


def test_les_suggestions_completent_la_frappe(ouvrir: Ouvrir) -> None:
    index = ouvrir(
        document(1, "Atelier numérique", public=["Jeunes adultes"]),
        document(2, "Numéro de cirque", "numérique"),
    )
    assert index.suggerer("numé", TOUS).mots == ("numérique", "numéro")
    assert index.suggerer("atelier num", TOUS).ids == (1,)
    assert index.suggerer("jeunes ad", TOUS).valeurs == ("Jeunes adultes",)
    assert index.suggerer("n", TOUS).mots == ()


# --- Écrire pendant qu'on lit ---------------------------------------------------------------------


def test_indexer_remplace_et_retirer_retire(ouvrir: Ouvrir) -> None:
    index = ouvrir(document(1, "Jardin"), document(2, "Jardin"))
    with index.ecrire() as ecrivain:
        ecrivain.indexer([document(1, "Théâtre")])
        ecrivain.retirer([2, 404])
    assert chercher(index, "jardin").total == 0
    assert chercher(index, "théâtre").ids == [1]
    assert index.suggerer("thé", TOUS).mots == ("théâtre",)


def test_un_lecteur_d_un_autre_processus_voit_l_ecriture_dans_la_seconde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moteur, "RECHARGE_S", 0.05)
    ecrivain, lecteur = IndexTantivy(tmp_path, SCHEMA), IndexTantivy(tmp_path, SCHEMA)
    ecrivain.reconstruire([document(1, "Jardin")])
    assert chercher(lecteur, "jardin").total == 1
    with ecrivain.ecrire() as ouvert:
        ouvert.indexer([document(2, "Jardin")])
    time.sleep(0.06)
    assert chercher(lecteur, "jardin").total == 2
    ecrivain.reconstruire([document(3, "Jardin")])
    time.sleep(0.06)
    assert chercher(lecteur, "jardin").ids == [3]


def test_on_lit_sans_trou_pendant_les_reconstructions(ouvrir: Ouvrir) -> None:
    """Chaque lecture voit un état entier : trente fiches, jamais moins."""
    trente = [document(n, "Jardin") for n in range(30)]
    index = ouvrir(*trente)
    lus, pannes, arret = [], [], threading.Event()

    def lire() -> None:
        while not arret.is_set():
            try:
                lus.append(chercher(index, "jardin").total)
            except Exception as panne:  # noqa: BLE001 — toute panne de lecture est la faute cherchée
                pannes.append(panne)

    lecteur = threading.Thread(target=lire)
    lecteur.start()
    for _ in range(8):
        index.reconstruire(trente)
    arret.set()
    lecteur.join()
    assert not pannes
    assert set(lus) == {30}
