"""Des recherches que personne n'écrirait : jamais de panne, jamais plus d'une seconde de calcul."""

import os
import random
import string
import time
from typing import Any

from outils.epreuves import Epreuve
from outils.installation import installation_de_demonstration

MORCEAUX = (
    *(
        "jardin",
        "numérique",
        "CLAS",
        "l’accès",
        "éàüœ",
        "café" + "\u0301",
        "السلام",
        "日本",
        "👩‍👩‍👧",
        "\u202e",
        "\x00",
        "\ufeff",
    ),
    *(
        '"',
        "'",
        "\\",
        "*",
        "?",
        "~",
        "^",
        ":",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "+",
        "-",
        "AND",
        "OR",
        "NOT",
        "TO",
        "/",
    ),
    *(
        "%00",
        "%",
        "_",
        "--",
        ";",
        "<script>",
        "{{7*7}}",
        "${7}",
        "../",
        "0" * 400,
        "é" * 300,
        "1e999",
        "NaN",
        "-1",
    ),
)
CLES = (
    *(
        "q",
        "page",
        "tri",
        "dimension",
        "mot_cle",
        "public",
        "partenaire",
        "territoire",
        "initiative",
        "statut",
    ),
    *("departement", "region", "structure", "annee", "budget", "inconnue"),
)


def eprouver(courte: bool) -> Epreuve:
    demandes = 300 if courte else 5_000
    fautes: list[str] = []
    lentes = 0.0
    with installation_de_demonstration() as installation:
        installation.commande("charger_demo", "--ecrire")
        installation.commande("rechercher", "jardin")
        installation.publier_statiques()
        client = _client(installation.environnement)
        hasard = random.Random(20261120)
        for numero in range(demandes):
            champs = {cle: _texte(hasard) for cle in hasard.sample(CLES, hasard.randint(0, 3))}
            champs["q"] = _texte(hasard)
            debut = time.process_time()  # du processeur : une machine occupée ne ment pas
            # une adresse par demande : la limite de débit n'est pas ce que l'on éprouve ici
            origine = f"127.{numero >> 16 & 255}.{numero >> 8 & 255}.{numero & 255}"
            reponse = client.get("/experiences/", champs, REMOTE_ADDR=origine)
            duree = time.process_time() - debut
            lentes = max(lentes, duree)
            if reponse.status_code not in (200, 400, 404) or (duree > 1 and not courte):
                fautes.append(f"{champs!r:.200} : réponse {reponse.status_code} en {duree:.2f} s")
    return Epreuve("F37 recherches folles", f"{demandes} recherches, la plus lente en {lentes:.2f} s", fautes)


def _client(environnement: dict[str, str]) -> Any:
    """L'application dans ce processus, sur l'installation jetable."""
    os.environ.update(environnement, DJANGO_SETTINGS_MODULE="maillage.settings")
    import django

    django.setup()
    from django.test import Client

    return Client(raise_request_exception=False, HTTP_HOST="localhost")


def _texte(hasard: random.Random) -> str:
    mots = hasard.choices(MORCEAUX, k=hasard.randint(1, 6))
    if hasard.random() < 0.3:
        mots.append("".join(hasard.choices(string.printable, k=hasard.randint(1, 80))))
    return hasard.choice(("", " ")).join(mots)
