"""Lire un indicateur écrit librement : ce qu'il compte, ou qu'il ne se compte pas."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from maillage.evaluation.choices import Filtre, Mesure, Ventilation
from maillage.evaluation.propositions import proposer
from maillage.projets.choices import ListeIndicateur

QUANTI, QUALI = ListeIndicateur.QUANTITATIVE, ListeIndicateur.QUALITATIVE
VERITES = Path(__file__).resolve().parents[2].parent / "shared" / "verites"
ESSAIS = tomllib.loads((Path(__file__).parent / "indicateurs_d_essai.toml").read_text(encoding="utf-8"))


def mesures(texte: str, liste: ListeIndicateur = QUANTI) -> set[str]:
    return {mesure.value for mesure in proposer(texte, liste).mesures}


# --- Ce qui ne se compte pas ------------------------------------------------------------------------
@pytest.mark.parametrize("texte", ["", "   ", "-", "…", "(PLIE)", "?!", "\x00", "é" * 20_000, "(" * 500])
def test_un_texte_sans_mot_n_est_pas_une_panne(texte: str) -> None:
    assert mesures(texte) == {"manuel"}
    assert mesures(texte, QUALI) == set()


def test_un_mot_inconnu_donne_un_nombre_a_taper() -> None:
    assert mesures("Nombre de brouettes repeintes") == {"manuel"}


def test_un_jugement_n_a_pas_de_mesure() -> None:
    assert proposer("Qualité des liens entre voisins", QUALI).est_un_jugement
    assert proposer("Qualité des liens entre voisins", QUALI).definition is None


# --- La grammaire --------------------------------------------------------------------------------------
def test_un_de_repete_ouvre_un_second_compte() -> None:
    assert mesures("Nombre de sorties et de familles") == {"seances", "familles"}


def test_une_coordination_dans_le_complement_n_en_ouvre_pas() -> None:
    assert mesures("Nombre de participants aux ateliers et sorties") == {"personnes_differentes"}


def test_un_participe_change_ce_que_l_on_compte() -> None:
    assert mesures("Nombre de familles suivies") == {"accompagnements"}
    assert mesures("Nombre de familles présentes") == {"familles"}


def test_un_participe_final_vaut_pour_toutes_les_tetes() -> None:
    assert mesures("Nombre d'aînés et d'habitants accompagnés") == {"accompagnements"}


def test_les_parentheses_ne_sont_que_des_exemples() -> None:
    assert mesures("Nombre d'ateliers (cuisine, familles, bénévoles...)") == {"seances"}


def test_des_ages_entre_parentheses_precisent_les_personnes() -> None:
    proposition = proposer("Nombre d'habitants (jeunes et adultes) accompagnés", QUANTI)
    assert proposition.filtres == {Filtre.AGE: ("jeunes", "adultes")}


def test_des_types_de_resultats_demandent_leur_detail() -> None:
    assert proposer("Types de sorties positives", QUALI).par == (Ventilation.TYPE_SORTIE,)


def test_l_ecriture_inclusive_se_lit() -> None:
    assert mesures("Nombre d'habitant·e·s impliqué·e·s") == mesures("Nombre d'habitants impliqués")


def test_des_filles_et_des_garcons_sont_une_repartition_par_genre() -> None:
    proposition = proposer("Nombre de filles et de garçons", QUANTI)
    assert proposition.mesures == (Mesure.REPARTITION,)
    assert proposition.par == (Ventilation.GENRE,)


def test_une_evolution_dit_de_quoi() -> None:
    proposition = proposer("Évolution du nombre de bénévoles", QUANTI)
    assert (proposition.mesures, proposition.base) == ((Mesure.EVOLUTION,), (Mesure.BENEVOLES,))


def test_les_filtres_viennent_des_noms() -> None:
    proposition = proposer("Nombre de jeunes venus aux ateliers", QUANTI)
    assert proposition.filtres == {Filtre.AGE: ("jeunes",), Filtre.GENRE_SEANCE: ("atelier",)}


@pytest.mark.parametrize(
    ("age", "tranche"),
    [
        ("de 60 ans et plus", "seniors"),
        ("de 60\u00a0ans et plus", "seniors"),
        ("âgées de plus de 75 ans", "grand âge"),
        ("de moins de 6 ans", "tout-petits"),
        ("de 6 à 11 ans", "enfants"),
        ("de 12-17 ans", "adolescents"),
        ("entre 18 et 25 ans", "jeunes adultes"),
    ],
)
def test_un_age_en_chiffres_devient_une_tranche(age: str, tranche: str) -> None:
    assert proposer(f"Nombre de personnes {age} venues aux repas", QUANTI).filtres == {Filtre.AGE: (tranche,)}


@pytest.mark.parametrize("fois", ["3", "trois"])
def test_au_moins_trois_fois_se_lit(fois: str) -> None:
    assert proposer(f"Nombre de parents venus au moins {fois} fois", QUANTI).au_moins == 3


def test_le_titre_de_la_fiche_dit_de_quelle_instance_on_parle() -> None:
    proposition = proposer("Nombre de réunions", QUANTI, "Le comité d'usagers")
    assert proposition.filtres[Filtre.INSTANCE] == ("comité d'usagers",)


# --- Les deux jeux ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("liste", "seuil"), [(QUANTI, 0.95), (QUALI, 0.95)])
def test_nos_indicateurs_d_essai_sont_compris(liste: ListeIndicateur, seuil: float) -> None:
    lignes = ESSAIS[liste.value]
    faux = [
        texte for texte, *acceptees in lignes if mesures(texte, liste) not in [{*une} for une in acceptees]
    ]
    assert len(lignes) - len(faux) >= seuil * len(lignes), faux


def _juges(verite: dict[str, Any], titres: dict[str, str]) -> Iterator[tuple[str, bool]]:
    for ligne in verite["indicateurs"]:
        acceptees = [{*une} for une in ligne.get("acceptees", [ligne["mesures"]])]
        trouvees = {
            *proposer(ligne["texte"], ligne["liste"], titres[ligne["fiche_id"]]).en_contrat()["mesures"]
        }
        yield ligne["liste"], trouvees in acceptees
    for ligne in verite["qualitatifs_jugements"]:
        yield "jugement", proposer(ligne["texte"], QUALI, titres[ligne["fiche_id"]]).est_un_jugement


def _taux(juges: Iterable[tuple[str, bool]], liste: str) -> float:
    justes = [juste for genre, juste in juges if genre == liste]
    return sum(justes) / len(justes)


@pytest.mark.skipif(not VERITES.is_dir(), reason="vérités absentes : dossier « shared » absent")
@pytest.mark.parametrize(("liste", "seuil"), [("quantitative", 0.9), ("qualitative", 0.8), ("jugement", 0.9)])
def test_les_indicateurs_d_un_vrai_projet_sont_compris(liste: str, seuil: float) -> None:
    verite = json.loads((VERITES / "indicateurs-sud.json").read_text(encoding="utf-8"))
    fiches = json.loads((VERITES / "projet-sud.json").read_text(encoding="utf-8"))["fiches"]
    juges = list(_juges(verite, {fiche["id"]: fiche["titre"] for fiche in fiches}))
    assert _taux(juges, liste) >= seuil


@pytest.mark.skipif(not VERITES.is_dir(), reason="vérités absentes : dossier « shared » absent")
def test_chaque_proposition_du_vrai_projet_est_une_definition_valide() -> None:
    verite = json.loads((VERITES / "indicateurs-sud.json").read_text(encoding="utf-8"))
    for ligne in verite["indicateurs"]:
        proposition = proposer(ligne["texte"], ligne["liste"])
        assert proposition.est_un_jugement or proposition.definition
