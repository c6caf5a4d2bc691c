"""Le contrat des commandes : d'autres programmes s'y fient à la lettre."""

import errno
import io
import json
from typing import Any

import pytest
from django.core.management.base import CommandParser

from maillage.core.commandes import CommandeMaillage, Refus, UsageFaux, principal


class Essai(CommandeMaillage):
    """Commande d'essai : l'argument choisit ce qui arrive."""

    ecrit = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cas")

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        print("une bibliothèque bavarde")  # noqa: T201
        match options["cas"]:
            case "refus":
                raise Refus("La page est vide. Donnez-en une autre.")
            case "usage":
                raise UsageFaux("Ce filtre n'existe pas.")
            case "absent":
                open("/nulle/part")  # noqa: SIM115
            case "plein":
                raise OSError(errno.ENOSPC, "No space left on device")
            case "faute":
                raise ZeroDivisionError
        return {"fait": options["cas"], "ecrit": options["ecrire"], "accent": "é"}


def _lancer(*arguments: str) -> tuple[int, str, str]:
    sortie, messages = io.StringIO(), io.StringIO()
    commande = Essai(stdout=sortie, stderr=messages, no_color=True)
    try:
        commande.run_from_argv(["bin/maillage", "essai", *arguments])
        code = 0
    except SystemExit as fin:
        code = int(fin.code or 0)
    return code, sortie.getvalue(), messages.getvalue()


@pytest.mark.parametrize(
    ("cas", "code", "phrase"),
    [
        ("refus", 1, "La page est vide. Donnez-en une autre."),
        ("usage", 2, "Ce filtre n'existe pas."),
        ("absent", 1, "Le fichier « /nulle/part » est introuvable. Vérifiez son nom."),
        ("plein", 1, "Le disque est plein. Libérez de la place, puis recommencez."),
    ],
)
def test_un_refus_est_une_phrase_un_code_et_un_document(
    cas: str, code: int, phrase: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rendu, sortie, messages = _lancer(cas, "--json")
    assert rendu == code
    assert json.loads(sortie) == {"refus": phrase}
    assert phrase in messages
    assert "Traceback" not in messages


def test_une_faute_du_programme_garde_sa_trace(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        _lancer("faute", "--json")


def test_une_option_inconnue_est_un_usage_faux(capsys: pytest.CaptureFixture[str]) -> None:
    assert _lancer("rien", "--inconnue")[0] == 2


def test_sous_json_la_sortie_porte_un_document_et_rien_d_autre(capsys: pytest.CaptureFixture[str]) -> None:
    code, sortie, messages = _lancer("rien", "--json")
    assert code == 0
    assert json.loads(sortie) == {"fait": "rien", "ecrit": False, "accent": "é"}
    assert capsys.readouterr().out == "", "le bavardage d'une bibliothèque est passé sur la sortie"
    assert "--ecrire" in messages, "un essai à blanc se dit"


def test_avec_ecrire_aucun_essai_a_blanc_n_est_annonce(capsys: pytest.CaptureFixture[str]) -> None:
    code, sortie, messages = _lancer("rien", "--json", "--ecrire")
    assert (code, json.loads(sortie)["ecrit"], messages) == (0, True, "")


@pytest.mark.parametrize(("argv", "code"), [([], 2), (["inconnue"], 2), (["aide"], 0)])
def test_l_entree_dit_ce_qui_existe(argv: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as fin:
        principal(["bin/maillage", *argv])
    assert fin.value.code == code
    dit = capsys.readouterr()
    assert ("sauvegarder" in dit.out) == (argv != ["inconnue"])
    assert ("n'existe pas" in dit.err) == (argv == ["inconnue"])
