"""`bin/demo` : une adresse quand tout est prêt, et deux processus qui naissent et meurent ensemble."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from outils.installation import RACINE, Installation, port_libre

pytestmark = [
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif("DATABASE_URL" in __import__("os").environ, reason="la démonstration est sur SQLite"),
]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def enfants(installation: Installation) -> Iterator[list[psutil.Process]]:
    """Les processus d'une démonstration, relevés pendant qu'elle tourne : aucun ne doit lui survivre."""
    processus: list[psutil.Process] = []
    yield processus
    _, vivants = psutil.wait_procs(processus, timeout=3)
    assert not vivants


def _demo(installation: Installation, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(RACINE / "outils" / "demo.py"), "--vierge", "--port", str(port)],
        env=installation.environnement,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path("/"),
    )


def test_un_port_occupe_est_dit_et_rien_ne_demarre(installation: Installation) -> None:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        demo = _demo(installation, prise.getsockname()[1])
        sortie, messages = demo.communicate(timeout=30)
    assert (demo.returncode, sortie) == (1, "")
    assert "occupé" in messages


@pytest.mark.parametrize("arret", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_prete_elle_donne_son_adresse_puis_s_arrete_en_moins_de_dix_secondes(
    installation: Installation, enfants: list[psutil.Process], arret: signal.Signals
) -> None:
    port = port_libre()
    demo = _demo(installation, port)
    assert demo.stdout is not None
    assert demo.stdout.readline() == f"Maillage est prêt : http://localhost:{port}/\n"
    with urllib.request.urlopen(f"http://localhost:{port}/readyz") as reponse:
        assert reponse.status == 200
    enfants += psutil.Process(demo.pid).children(recursive=True)
    assert len(enfants) >= 3
    debut = time.monotonic()
    demo.send_signal(arret)
    demo.communicate(timeout=20)
    assert demo.returncode == 0
    assert time.monotonic() - debut < 10


@pytest.mark.parametrize("victime", ["gunicorn", "travailler"])
def test_si_l_un_meurt_l_autre_est_arrete_et_le_code_n_est_pas_zero(
    installation: Installation, enfants: list[psutil.Process], victime: str
) -> None:
    demo = _demo(installation, port_libre())
    assert demo.stdout is not None
    demo.stdout.readline()
    directs = psutil.Process(demo.pid).children()
    enfants += psutil.Process(demo.pid).children(recursive=True)
    next(enfant for enfant in directs if victime in enfant.cmdline()).kill()
    _, messages = demo.communicate(timeout=20)
    assert demo.returncode == 1
    assert "s'est arrêté" in messages


def test_un_arret_brutal_ne_laisse_aucun_processus(
    installation: Installation, enfants: list[psutil.Process]
) -> None:
    demo = _demo(installation, port_libre())
    assert demo.stdout is not None
    demo.stdout.readline()
    enfants += psutil.Process(demo.pid).children(recursive=True)
    demo.kill()
    demo.communicate(timeout=20)
    psutil.wait_procs(enfants, timeout=15)
