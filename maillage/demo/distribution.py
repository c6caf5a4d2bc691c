"""La distribution : les personnes de la démonstration, et ce qu'il faut pour entrer à leur place.

Mots de passe et secrets viennent de la clé de l'installation : stables d'un démarrage à l'autre, différents
ailleurs. Une base de démonstration servie par erreur en production n'a donc pas de mot de passe public.
"""

import base64
import time
from dataclasses import dataclass

from allauth.mfa import app_settings as reglages_mfa
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils.crypto import salted_hmac

from maillage.comptes.choices import Role
from maillage.demo.donnees import lire

MOTS = (
    "abricot", "agrafe", "amande", "ardoise", "balade", "bambou", "barque", "bonnet",
    "boussole", "brioche", "cabane", "cageot", "cahier", "caillou", "cannelle", "carotte",
    "cerise", "chaise", "citron", "clocher", "copeau", "coquille", "couette", "crayon",
    "crochet", "cuisine", "dentelle", "domino", "enclume", "escabeau", "farine", "ficelle",
    "flacon", "fontaine", "galette", "girafe", "goudron", "grenier", "hamac", "hibou",
    "jardin", "kayak", "lanterne", "lessive", "lucarne", "marmite", "mirabelle", "moulin",
    "noisette", "olivier", "panier", "parasol", "pelote", "perron", "pinceau", "platane",
    "ruisseau", "sabot", "sentier", "tambour", "tilleul", "tricot", "valise", "verger",
)  # fmt: skip
"""Soixante-quatre mots faciles à recopier ; quatre font un mot de passe d'au moins 23 caractères."""


@dataclass(frozen=True)
class Personne:
    """Une personne de l'histoire. Sans compte, elle lit les pages publiques, ou reçoit un lien."""

    prenom: str
    nom: str
    metier: str

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}, {self.metier}"


@dataclass(frozen=True)
class Compte(Personne):
    """Une personne qui entre. `structure` : la clé de `structures.json` ; sinon le nom de l'institution."""

    courriel: str
    role: Role
    structure: str = ""
    institution: str = ""
    a_second_facteur: bool = False

    @property
    def mot_de_passe(self) -> str:
        tirage = salted_hmac("maillage.demo.mot_de_passe", self.courriel).digest()
        return "-".join(MOTS[octet % len(MOTS)] for octet in tirage[:4])

    @property
    def secret(self) -> str:
        """Secret du second facteur (20 octets en base 32, comme une application de téléphone l'attend)."""
        tirage = salted_hmac("maillage.demo.second_facteur", self.courriel, algorithm="sha256").digest()
        return base64.b32encode(tirage[:20]).decode()


def comptes() -> list[Compte]:
    """Dans l'ordre où on les présente."""
    return [
        Compte(**{**ligne, "role": Role(ligne["role"])}) for ligne in lire("personnes") if "role" in ligne
    ]


def sans_compte() -> list[Personne]:
    return [Personne(**ligne) for ligne in lire("personnes") if "role" not in ligne]


def code_du_moment(secret: str) -> str:
    """Le code que l'application du téléphone montrerait à cet instant."""
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // reglages_mfa.TOTP_PERIOD))
    return code


def secondes_restantes() -> int:
    """Durée de vie des codes affichés."""
    periode: int = reglages_mfa.TOTP_PERIOD
    return periode - int(time.time()) % periode
