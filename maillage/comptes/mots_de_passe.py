"""Ce qu'un mot de passe ne peut pas être : trop court, connu de tous, ou fait de mots que l'on devine (R2).

Aucune règle de composition, aucune écriture refusée. On compte des « morceaux » : un mot que l'on devine (le produit,
le lieu, la personne, un mot de passe courant), une suite ou une répétition n'en vaut qu'un, un autre signe en vaut un.
"""

import gzip
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

LONGUEUR_MIN, LONGUEUR_MAX = 15, 256
MORCEAUX_MIN = 8
SUITES = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "1a2z3e4r5t6y7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "aqwzsxedcrfvtgbyhnujikolpm",
)
DU_PRODUIT = ("maillage", "centre", "social", "sociaux", "espace", "federation", "animation", "catalogue")
COURANTS = (
    *(
        "motdepasse",
        "password",
        "passe",
        "mot",
        "azerty",
        "qwerty",
        "bonjour",
        "soleil",
        "secret",
        "bienvenue",
    ),
    *(
        "admin",
        "administrateur",
        "utilisateur",
        "welcome",
        "iloveyou",
        "jetaime",
        "correct",
        "horse",
        "battery",
    ),
    *("staple", "letmein", "chocolat", "france", "marseille", "paris", "amour", "merci", "salut"),
)
_CHIFFREE = str.maketrans("013457@$!€", "oieastasie")


class MorceauxDevines:
    """Refuse ce qui tient en quelques mots que l'on devine."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGUEUR_MAX:
            raise ValidationError(f"{LONGUEUR_MAX} caractères au plus.", code="password_too_long")
        if len(password) < LONGUEUR_MIN:
            return  # la règle de longueur le dit déjà
        connus = {*DU_PRODUIT, *COURANTS, *mots_de(user)}
        if nombre_de_morceaux(password, connus) < MORCEAUX_MIN:
            raise ValidationError(
                "Ce mot de passe se devine : il est fait de mots trop connus, du nom d’ici ou d’une suite. "
                "Prenez quatre ou cinq mots qui ne vont pas ensemble.",
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return ""


def mots_de(user: Any) -> set[str]:
    """Les mots que tout le monde sait de cette personne : son nom, son adresse, son centre."""
    if user is None:
        return set()
    textes = [user.prenom, user.nom, *re.split(r"[@.]", user.email), *user.lieux_de_travail]
    mots = {mot for texte in textes for mot in re.findall(r"\w+", _simple(texte))}
    return {mot for mot in mots if len(mot) > 2}


def nombre_de_morceaux(mot_de_passe: str, connus: set[str]) -> int:
    """Combien de choix ce mot de passe représente, au plus juste."""
    lettres = _simple(mot_de_passe)
    en_clair = lettres.translate(_CHIFFREE)
    return min(_morceaux(lettres, connus), _morceaux(en_clair, connus))


def _morceaux(texte: str, connus: set[str]) -> int:
    texte = re.sub(
        r"(.{3,}?)\1+", r"\1", re.sub(r"(.)\1{2,}", r"\1", texte)
    )  # une répétition compte une fois
    texte = re.sub(r"[\W_]+", " ", texte) if re.search(r"\w", texte) else texte  # un séparateur aussi
    total, place, vus = 0, 0, set()
    plus_long = max((len(mot) for mot in connus), default=0)
    while place < len(texte):
        pas = _pas_connu(texte, place, connus, plus_long) or _pas_de_suite(texte, place) or 1
        morceau = texte[place : place + pas]
        if morceau not in vus and not morceau.isspace():
            total += 1
            vus.add(morceau)
        place += pas
    return total


def _pas_connu(texte: str, place: int, connus: set[str], plus_long: int) -> int:
    """Longueur du plus long mot connu qui commence ici ; une année en est un."""
    for pas in range(min(max(plus_long, 20), len(texte) - place), 2, -1):
        mot = texte[place : place + pas]
        if mot in connus or (pas >= 6 and mot in _tres_courants()):
            return pas
    return 4 if re.match(r"(?:19|20)\d\d", texte[place:]) else 0


def _pas_de_suite(texte: str, place: int) -> int:
    """Longueur de la suite (clavier, alphabet, chiffres, à l'endroit ou à l'envers) qui commence ici, dès trois."""
    plus_long = 0
    for suite in SUITES:
        for sens in (suite, suite[::-1]):
            debut = sens.find(texte[place : place + 3]) if place + 3 <= len(texte) else -1
            if debut < 0:
                continue
            pas = 3
            while (
                texte[place + pas : place + pas + 1]
                and sens[debut + pas : debut + pas + 1] == texte[place + pas]
            ):
                pas += 1
            plus_long = max(plus_long, pas)
    return plus_long


def _simple(texte: str) -> str:
    """Sans casse ni accent : « Été » et « ete » se devinent aussi bien."""
    decompose = unicodedata.normalize("NFKD", texte).casefold()
    return "".join(signe for signe in decompose if not unicodedata.combining(signe))


@cache
def _tres_courants() -> frozenset[str]:
    """La liste de mots de passe courants que Django livre, ceux d'au moins six signes."""
    liste = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(liste, "rt", encoding="utf-8") as lignes:
        return frozenset(mot for ligne in lignes if len(mot := ligne.strip()) >= 6)
