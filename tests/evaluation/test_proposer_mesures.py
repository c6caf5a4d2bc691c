"""`proposer_mesures` : le contrat de la commande, à la lettre."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

VERITES = Path(__file__).resolve().parents[2].parent / "shared" / "verites"
FICHES = [
    {
        "id": "a-01",
        "titre": "Le marché",
        "indicateurs_quantitatifs": ["Nombre de séances", "Nombre de cageots"],
        "indicateurs_qualitatifs": ["Ambiance"],
    },
    {"id": "a-02", "titre": "Sans indicateur"},
]


def commande(chemin: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    call_command("proposer_mesures", str(chemin), json=True)
    resultat = json.loads(capsys.readouterr().out)
    assert isinstance(resultat, list)
    return resultat


def ecrire(dossier: Path, contenu: object) -> Path:
    chemin = dossier / "projet.json"
    chemin.write_text(contenu if isinstance(contenu, str) else json.dumps(contenu), encoding="utf-8")
    return chemin


# --- Les refus ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("contenu", "mot"),
    [
        ("{pas du json", "JSON"),
        ("[" * 100_000, "JSON"),
        ('"une phrase"', "ni un projet"),
        ("null", "ni un projet"),
        ({"fiches": "aucune"}, "ni un projet"),
        ([1, 2], "ni un projet"),
        ([{"requete": "vélo"}], "pas d'indicateurs"),
        ([{"id": "a", "indicateurs_quantitatifs": [{"texte": "?"}]}], "liste de textes"),
    ],
)
def test_ce_qui_n_est_pas_un_projet_est_refuse(tmp_path: Path, contenu: object, mot: str) -> None:
    with pytest.raises(CommandError, match=mot) as refus:
        call_command("proposer_mesures", str(ecrire(tmp_path, contenu)), json=True)
    assert refus.value.returncode == 1


def test_un_fichier_absent_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="introuvable"):
        call_command("proposer_mesures", str(tmp_path / "rien.json"), json=True)


# --- Le contrat -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("contenu", [FICHES, {"nom": "Notre projet", "fiches": FICHES}])
def test_chaque_indicateur_a_sa_ligne_dans_l_ordre_du_fichier(
    tmp_path: Path, contenu: object, capsys: pytest.CaptureFixture[str]
) -> None:
    lignes = commande(ecrire(tmp_path, contenu), capsys)
    assert [(ligne["fiche_id"], ligne["liste"], ligne["rang"], ligne["mesures"]) for ligne in lignes] == [
        ("a-01", "quantitative", 0, ["seances"]),
        ("a-01", "quantitative", 1, ["manuel"]),
        ("a-01", "qualitative", 0, []),
    ]
    assert [*lignes[0]] == ["fiche_id", "liste", "rang", "texte", "mesures", "filtres", "par", "base"]


def test_un_projet_sans_fiche_n_a_pas_de_ligne(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commande(ecrire(tmp_path, {"fiches": []}), capsys) == []


def test_une_personne_lit_des_phrases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("proposer_mesures", str(ecrire(tmp_path, FICHES)))
    assert (
        "3\u00a0indicateurs : 1\u00a0calcul, 1\u00a0nombre à taper, 1\u00a0jugement."
        in capsys.readouterr().out
    )


@pytest.mark.skipif(not VERITES.is_dir(), reason="vérités absentes : dossier « shared » absent")
def test_un_vrai_projet_a_une_ligne_par_indicateur(capsys: pytest.CaptureFixture[str]) -> None:
    chemin = VERITES / "projet-sud.json"
    fiches = json.loads(chemin.read_text(encoding="utf-8"))["fiches"]
    attendu = [
        (fiche["id"], texte)
        for fiche in fiches
        for cle in ("indicateurs_quantitatifs", "indicateurs_qualitatifs")
        for texte in fiche[cle]
    ]
    assert [(ligne["fiche_id"], ligne["texte"]) for ligne in commande(chemin, capsys)] == attendu
