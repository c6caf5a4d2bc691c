"""Le navigateur de la machine, et les options qui l'empêchent de parler à d'autres que nous."""

import os
import shutil

INSTALLER = "apt install chromium"
NOMS = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    return next((trouve for nom in NOMS if (trouve := shutil.which(nom))), None)


def options() -> list[str]:
    discretes = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    # Le bac à sable de Chromium refuse l'administrateur, que sont souvent les machines d'intégration.
    return [*discretes, "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
