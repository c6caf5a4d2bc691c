"""Conseils de qualité d'une fiche, en mots : ce qui manque et quoi écrire. Jamais de note ni de rang.

Un conseil aide le centre à compléter sa fiche et le lecteur à savoir ce qu'il n'y trouvera pas. Les seuils
sont en caractères : une phrase courte en fait environ 80.
"""

import re
from dataclasses import dataclass

from maillage.catalogue.choices import GenreMoyen
from maillage.catalogue.models import Experience
from maillage.catalogue.presentation import abreger, texte_public


@dataclass(frozen=True, slots=True)
class Conseil:
    """`constat` : ce qui manque. `aide` : quoi écrire, avec un exemple."""

    champ: str
    constat: str
    aide: str


@dataclass(frozen=True, slots=True)
class Attente:
    """Ce qu'une bonne fiche dit. `champs` : les endroits où on peut le dire ; un seul suffit."""

    champs: tuple[str, ...]
    nom: str
    minimum: int
    aide: str


ATTENTES = (
    Attente(
        ("resume",),
        "le résumé",
        120,
        "Dites en deux phrases qui fait quoi, où et pour qui.",
    ),
    Attente(
        ("description_experience", "description"),
        "le récit de l’expérience",
        300,
        "Racontez le départ, les étapes et le rôle de chacun.",
    ),
    Attente(
        ("ressources_financieres",),
        "l’argent mobilisé",
        0,
        "Écrivez un montant et sa durée : « 12 000 € par an ».",
    ),
    Attente(
        ("personnes_mobilisees",),
        "les personnes mobilisées",
        0,
        "Comptez par rôle : « 2 professionnels, 5 bénévoles ».",
    ),
    Attente(
        ("resultat_territoire", "resultat_centre", "resultat_habitants", "impacts"),
        "ce que cela a changé",
        80,
        "Donnez un fait observé et un nombre : « 31 personnes sont venues pour la première fois ».",
    ),
    Attente(
        ("limites",),
        "les limites",
        40,
        "Dites ce qui n’a pas marché : c’est le plus utile à un autre centre.",
    ),
    Attente(
        ("perspectives",),
        "les perspectives",
        40,
        "Dites ce que vous ferez ensuite, ou pourquoi vous arrêtez.",
    ),
)
GENRES_DE_PERSONNES = {
    GenreMoyen.PROFESSIONNELS,
    GenreMoyen.BENEVOLES,
    GenreMoyen.HABITANTS,
    GenreMoyen.TEMPS_PLEIN,
    GenreMoyen.PERSONNES,
}


def conseils(experience: Experience) -> list[Conseil]:
    """Ce qui manque à la fiche, dans l'ordre de lecture."""
    trouves = []
    for attente in ATTENTES:
        longueur = sum(len(getattr(experience, champ).strip()) for champ in attente.champs)
        sujet = attente.nom[:1].upper() + attente.nom[1:]
        if not longueur:
            trouves.append(Conseil(attente.champs[0], f"Il manque {attente.nom}.", attente.aide))
        elif longueur < attente.minimum:
            trouves.append(Conseil(attente.champs[0], f"{sujet} : le texte est très court.", attente.aide))
        elif constat := _nombre_illisible(experience, attente.champs[0]):
            trouves.append(Conseil(attente.champs[0], constat, attente.aide))
    return trouves


def _nombre_illisible(experience: Experience, champ: str) -> str:
    """Le centre a écrit quelque chose, mais aucun nombre n'a pu y être lu."""
    moyens = experience.ses_moyens
    if champ == "ressources_financieres":
        est_lu = experience.budget is not None or any(m.genre == GenreMoyen.MONTANT for m in moyens)
        objet = "de montant"
    elif champ == "personnes_mobilisees":
        est_lu = any(m.genre in GENRES_DE_PERSONNES for m in moyens)
        objet = "de nombre de personnes"
    else:
        return ""
    mots = abreger(re.sub(r"\s+", " ", texte_public(experience, champ)).strip(), 80)
    return "" if est_lu else f"Nous n’avons pas su lire {objet} dans « {mots} »."


def appreciation(nombre_de_conseils: int) -> str:
    """L'état de la fiche en deux ou trois mots."""
    if not nombre_de_conseils:
        return "Fiche complète"
    if nombre_de_conseils <= 2:
        return "Fiche presque complète"
    return "Fiche à compléter" if nombre_de_conseils <= 4 else "Fiche à peine commencée"
