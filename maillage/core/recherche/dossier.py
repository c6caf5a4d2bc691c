"""Le dossier d'un index : une version par sous-dossier, un pointeur vers la bonne, un verrou d'écriture.

Changer de version, c'est renommer un petit fichier : un lecteur voit l'ancienne ou la nouvelle, entières.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from maillage.core.recherche.index import IndexIndisponible, IndexOccupe

POINTEUR: Final = "courant"
ESTAMPILLE: Final = "estampille.json"
MANQUE: Final = "L'index de recherche manque. Lancez reconstruire_index."


class DossierIndex:
    """`estampille` : ce dont l'index dépend (schéma, analyse, moteur). Une autre = à reconstruire."""

    def __init__(self, chemin: Path, estampille: dict[str, Any]) -> None:
        self.chemin = chemin
        self._estampille = estampille

    def version_courante(self) -> Path:
        """Dossier de la version en service. Lève `IndexIndisponible`."""
        version = self._version_pointee()
        try:
            estampille = json.loads((version / ESTAMPILLE).read_text(encoding="utf-8"))
        except (OSError, ValueError) as panne:
            if self._version_pointee() != version:  # une reconstruction l'a remplacée entre-temps
                return self.version_courante()
            raise IndexIndisponible(MANQUE) from panne
        if estampille != self._estampille:
            raise IndexIndisponible(
                "L'index de recherche vient d'une autre version. Lancez reconstruire_index."
            )
        return version

    def _version_pointee(self) -> Path:
        try:
            return self.chemin / (self.chemin / POINTEUR).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as panne:
            raise IndexIndisponible(MANQUE) from panne

    @contextmanager
    def verrouiller(self) -> Iterator[None]:
        """Un seul écrivain sur la machine ; le noyau libère celui d'un mort. Lève `IndexOccupe`."""
        self.chemin.mkdir(parents=True, exist_ok=True)
        with open(self.chemin / "verrou", "a", encoding="utf-8") as verrou:
            try:
                fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as panne:
                raise IndexOccupe("Un autre processus écrit dans l'index de recherche.") from panne
            yield

    @contextmanager
    def nouvelle_version(self) -> Iterator[Path]:
        """Dossier neuf, mis en service à la fin du bloc. En cas d'exception, l'ancienne version reste."""
        numeros = [int(v.name[1:]) for v in self.chemin.glob("v[0-9]*")]
        version = self.chemin / f"v{max(numeros, default=0) + 1}"
        version.mkdir()
        try:
            yield version
            (version / ESTAMPILLE).write_text(json.dumps(self._estampille), encoding="utf-8")
            self._mettre_en_service(version)
        except BaseException:
            shutil.rmtree(version, ignore_errors=True)
            raise
        for ancienne in self.chemin.glob("v[0-9]*"):
            if ancienne != version:
                shutil.rmtree(ancienne, ignore_errors=True)  # un lecteur en cours garde ses fichiers ouverts

    def _mettre_en_service(self, version: Path) -> None:
        brouillon = self.chemin / f"{POINTEUR}.nouveau"
        with open(brouillon, "w", encoding="utf-8") as fichier:
            fichier.write(version.name)
            fichier.flush()
            os.fsync(fichier.fileno())
        os.replace(brouillon, self.chemin / POINTEUR)
