"""Ce qu'un chapitre du dossier peut citer ou poser : « [[fiche:12]] », « [[chiffre:3]] », « [[bloc:budget]] ».

Comme `citations` : la base garde des jetons seuls, qui écrit lit leur nom du jour, le document les remplace. Renommer
un axe change donc tous les documents.
"""

import re
from collections.abc import Iterable
from typing import Final

from maillage.core.documents.texte import Bout, Texte
from maillage.core.francais import nombre
from maillage.projets.citations import DISPARUE, Citable
from maillage.projets.indicateurs import IndicateurLu
from maillage.projets.matiere import Matiere

JETON: Final = re.compile(
    r"\[\[(fiche|objectif|axe|chiffre|indicateur|bloc)[ :]\s*([a-z_]{1,40}|\d{1,18})(?=[\s:\]])[^\[\]\n]*\]\]"
)
BLOCS: Final[dict[str, str]] = {
    "cadre": "Le cadre du projet",
    "memoire": "Ce que le projet d’avant nous a appris",
    "rencontres": "Les rencontres du diagnostic",
    "chiffres": "Les chiffres du territoire",
    "constats": "Les constats",
    "paroles": "Les paroles d’habitants",
    "enquetes": "Les résultats d’enquêtes",
    "besoins": "Les besoins et leurs preuves",
    "arbre": "L’arbre des objectifs",
    "specifiques": "Les projets spécifiques",
    "fiches": "Les fiches actions",
    "instances": "Les instances",
    "participation": "La participation des habitants",
    "budget": "Le budget",
    "financement": "Le plan de financement",
    "indicateurs": "Les indicateurs",
    "calendrier": "Le calendrier",
    "sigles": "Les sigles",
}
"""Nom d'un bloc dans le référentiel et dans un texte → nom que l'on lit."""


def ranger(texte: str) -> str:
    """Le texte tel qu'il se garde : des jetons seuls."""
    return JETON.sub(lambda trouve: f"[[{trouve[1]}:{trouve[2]}]]", texte)


def a_ecrire(texte: str, matiere: Matiere) -> str:
    """Le texte tel qu'on l'écrit : chaque jeton dit ce qu'il est."""
    return JETON.sub(lambda trouve: _jeton(trouve[1], trouve[2], matiere), texte)


def lire_jeton(jeton: str, matiere: Matiere) -> Texte | None:
    """Les mots du document à la place du jeton ; un lien quand la fiche y est. None : ce n'est pas un jeton."""
    trouve = JETON.fullmatch(jeton)
    if trouve is None:
        return None
    genre, cle = trouve[1], trouve[2]
    if genre == "bloc":  # seul sur sa ligne, il pose son tableau ; au fil d'une phrase, il le nomme
        return f"« {BLOCS[cle]} »" if cle in BLOCS else DISPARUE
    nom = _nom(genre, cle, matiere)
    if not nom:
        return DISPARUE
    if genre == "fiche" and (ancre := f"fiche-{cle}") in matiere.ancres:
        return Bout(nom, ancre=ancre)
    return nom if genre in {"fiche", "chiffre", "indicateur"} else f"« {nom} »"


def en_clair(texte: str, matiere: Matiere) -> str:
    """Pour un fichier d'échange : les mots du jour, et le nom de ce qui se posait là."""
    if "[[" not in texte:
        return texte

    def dire(trouve: re.Match[str]) -> str:
        lu = lire_jeton(trouve[0], matiere)
        morceaux = lu if isinstance(lu, tuple) else (lu,)
        return "".join(un.texte if isinstance(un, Bout) else str(un) for un in morceaux)

    return JETON.sub(dire, texte)


def nom_du_bloc(jeton: str) -> str:
    """Celui d'un jeton « [[bloc:…]] » ; vide pour un autre."""
    trouve = JETON.fullmatch(jeton)
    return trouve[2] if trouve and trouve[1] == "bloc" and trouve[2] in BLOCS else ""


def blocs_poses(textes: Iterable[str]) -> set[str]:
    """Ceux qu'un texte pose lui-même, seuls sur leur ligne : ils ne se posent plus d'eux-mêmes ailleurs."""
    return {
        nom
        for texte in textes
        for ligne in texte.split("\n")
        if "[[bloc" in ligne and (nom := nom_du_bloc(ligne.strip()))
    }


def citables(matiere: Matiere, blocs: Iterable[str]) -> list[tuple[str, list[Citable]]]:
    """Ce que l'on peut insérer, groupé pour un menu. `blocs` : ceux qui ont de quoi se remplir."""
    arbre = matiere.arbre
    objectifs = [un for general in arbre.objectifs for un in (general, *general.operationnels)]
    groupes: tuple[tuple[str, str, list[tuple[int | str, str]]], ...] = (
        ("Tableaux et figures", "bloc", [(nom, BLOCS[nom]) for nom in blocs]),
        ("Chiffres du territoire", "chiffre", [(un.pk, _long(un)) for un in matiere.chiffres]),
        ("Axes", "axe", [(lu.axe.pk, str(lu.axe)) for lu in arbre.axes]),
        ("Objectifs", "objectif", [(lu.objectif.pk, lu.objectif.titre) for lu in objectifs]),
        ("Fiches", "fiche", [(lue.fiche.pk, str(lue)) for lue in arbre.fiches]),
        ("Indicateurs", "indicateur", list(matiere.noms_d_indicateurs.items())),
    )
    return [
        (nom, [Citable(_jeton(genre, str(cle), matiere), libelle) for cle, libelle in liste])
        for nom, genre, liste in groupes
        if liste
    ]


def _long(chiffre: object) -> str:
    valeur, unite = nombre(getattr(chiffre, "valeur", None)), getattr(chiffre, "unite", "")
    zone = getattr(chiffre, "zone", "")
    return f"{valeur} {unite}".strip() + f", {chiffre}" + (f" ({zone})" if zone else "")


def _jeton(genre: str, cle: str, matiere: Matiere) -> str:
    if genre == "bloc":
        nom = BLOCS.get(cle, "")
    elif genre == "chiffre":
        nom = next((_long(un) for un in matiere.chiffres if str(un.pk) == cle), "")
    elif genre == "indicateur":
        nom = matiere.noms_d_indicateurs.get(int(cle), "") if cle.isdecimal() else ""
    else:
        nom = _nom(genre, cle, matiere)
    propre = re.sub(r"[\[\]\n]", " ", nom)
    return f"[[{genre} {cle} : {propre or DISPARUE}]]"


def _nom(genre: str, cle: str, matiere: Matiere) -> str:
    """Les mots du jour, vides quand la chose n'existe plus dans ce projet."""
    if not cle.isdecimal():
        return ""
    pk = int(cle)
    arbre = matiere.arbre
    if genre == "fiche":
        lue = arbre.par_numero_de_ligne.get(pk)
        return str(lue) if lue else ""
    if genre == "axe":
        return next((f"Axe {lu.axe}" for lu in arbre.axes if lu.axe.pk == pk), "")
    if genre == "chiffre":
        return next((f"{nombre(un.valeur)} {un.unite}".strip() for un in matiere.chiffres if un.pk == pk), "")
    if genre == "indicateur":
        lu = matiere.indicateurs_par_cle.get(pk)
        return _dire_l_indicateur(lu) if lu else ""
    objectifs = (un for general in arbre.objectifs for un in (general, *general.operationnels))
    return next((un.objectif.titre for un in objectifs if un.objectif.pk == pk), "")


def _dire_l_indicateur(lu: IndicateurLu) -> str:
    """« Nombre de passages (départ : 120 ; visé : 200 en 2028) »."""
    dits = [depart_de(lu), cible_de(lu)]
    precisions = [f"{mot} : {dit}" for mot, dit in zip(("départ", "visé"), dits, strict=True) if dit]
    return lu.indicateur.libelle + (f" ({' ; '.join(precisions)})" if precisions else "")


def depart_de(lu: IndicateurLu) -> str:
    depart = lu.indicateur.depart
    return "" if depart is None else f"{nombre(depart)} {lu.indicateur.unite}".strip()


def cible_de(lu: IndicateurLu) -> str:
    """« 40 en 2025, 45 en 2026 »."""
    visees = ((annee.annee, annee.cible) for annee in lu.annees)
    return ", ".join(f"{nombre(cible.valeur)} en {annee}" for annee, cible in visees if cible)
