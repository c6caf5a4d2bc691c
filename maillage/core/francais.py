"""Écrire en français : nombres, euros, dates en toutes lettres, accords, espaces insécables.

Rien ici n'ajoute ni n'ôte un signe à un texte écrit par un centre : seules des espaces ordinaires deviennent
insécables, là où la typographie française en veut une.
"""

import datetime
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

FINE = "\u202f"  # espace fine insécable : milliers, devant ; ! ?
INSECABLE = "\u00a0"  # espace insécable : devant : » % €, après «, entre un nombre et son unité
MOINS = "−"
MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)

Nombre = int | float | Decimal


def nombre(valeur: Nombre | None, decimales: int | None = None) -> str:
    """12 345,6. Sans `decimales`, deux au plus et sans zéro inutile. Rien pour une valeur absente."""
    if valeur is None:
        return ""
    exact = valeur if isinstance(valeur, Decimal) else Decimal(str(valeur))
    arrondi = exact.quantize(Decimal(1).scaleb(-(2 if decimales is None else decimales)), ROUND_HALF_UP)
    entier, _, fraction = f"{abs(arrondi):f}".partition(".")
    if decimales is None:
        fraction = fraction.rstrip("0")
    signe = MOINS if arrondi < 0 else ""
    milliers = f"{int(entier):,}".replace(",", FINE)
    return f"{signe}{milliers}{',' + fraction if fraction else ''}"


def euros(montant: Nombre | None) -> str:
    """14 000 €, ou 12,50 € : les centimes seulement s'il y en a, et alors les deux chiffres."""
    if montant is None:
        return ""
    exact = Decimal(str(montant))
    return f"{nombre(exact, 0 if exact == exact.to_integral_value() else 2)}{INSECABLE}€"


def date_longue(date: datetime.date | None) -> str:
    """20 novembre 2026, 1er mars 2025. Un instant est d'abord ramené à l'heure du lieu."""
    if date is None:
        return ""
    if isinstance(date, datetime.datetime) and timezone.is_aware(date):
        date = timezone.localtime(date)
    jour = "1er" if date.day == 1 else str(date.day)
    return f"{jour}{INSECABLE}{MOIS[date.month - 1]} {date.year}"


def heure(moment: datetime.datetime | datetime.time | None) -> str:
    """9 h, 16 h 30."""
    if moment is None:
        return ""
    if isinstance(moment, datetime.datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    minutes = f"{INSECABLE}{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour}{INSECABLE}h{minutes}"


def compte(combien: int, mots: str) -> str:
    """« 37 expériences », « 1 expérience », « 0 jeu » : en français, zéro est singulier.

    `mots` : le singulier (« expérience »), ou les deux formes (« journal,journaux »).
    """
    singulier, _, pluriel = mots.partition(",")
    accorde = singulier if abs(combien) < 2 else (pluriel or " ".join(f"{mot}s" for mot in singulier.split()))
    return f"{nombre(combien)}{INSECABLE}{accorde}"


_DUREES = ((86_400, "jour"), (3_600, "heure"), (60, "minute"))


def duree(ecart: datetime.timedelta) -> str:
    """La plus grande unité entière : « 4 jours », « 2 heures », « 3 minutes », « moins d’une minute »."""
    secondes = int(ecart.total_seconds())
    for taille, mot in _DUREES:
        if secondes >= taille:
            return compte(secondes // taille, mot)
    return f"moins d’une{INSECABLE}minute"


def taille(octets: int) -> str:
    """« 361 Ko », « 2,4 Mo » : le poids d'un fichier, comme on le dit."""
    if octets < 1_000_000:
        return f"{nombre(max(1, round(octets / 1000)))}{INSECABLE}Ko"
    return f"{nombre(Decimal(octets) / 1_000_000, 1)}{INSECABLE}Mo"


_ESPACES = (
    (re.compile(r" (?=[;!?])"), FINE),
    (re.compile(r" (?=[:»%€])|(?<=«) "), INSECABLE),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), FINE),
    (re.compile(r"(?<=\d) (?=(?:h|min|ans?|mois|jours?|heures?|euros?|km|m|m²|kg|g|ko|Mo)\b)"), INSECABLE),
    (re.compile(r"(?<=[nN]°) |(?<=\bM\.) |(?<=\bMM\.) |(?<=\bMme) |(?<=\bDr) "), INSECABLE),
)


def insecables(texte: str) -> str:
    """Le même texte, dont les espaces que la ligne ne doit pas couper sont insécables."""
    for motif, espace in _ESPACES:
        texte = motif.sub(espace, texte)
    return texte


_ELIDE = re.compile(r"[aeiou]|h[eiy]", re.IGNORECASE)


def de(nom: object) -> str:
    """« de Farid », « d'Inès », « d'Hélène » : devant une voyelle ou un h que l'on n'entend pas, « de » s'élide.

    Un h aspiré ne se devine pas : devant ha, ho et hu, « de » reste entier.
    """
    dit = str(nom)
    nu = unicodedata.normalize("NFD", dit)
    return f"d’{dit}" if _ELIDE.match(re.sub(r"[\u0300-\u036f]", "", nu)) else f"de {dit}"
