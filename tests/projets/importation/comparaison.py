"""Comparer un projet lu à sa vérité, champ par champ : le taux de chacun et la liste des écarts.

Deux textes sont égaux quand leurs mots le sont, puces et retours à la ligne mis à part : là où la source a perdu ses
puces, des éléments recollés sont admis.

    python -m tests.projets.importation.comparaison DOCUMENT VERITE.json
"""

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maillage.projets.importation import en_json, lire_document
from maillage.projets.importation.lu import CHAMPS

CHAMPS_DE_FICHE = (
    *CHAMPS,
    *("titre", "titre_dans_arbre", "statut", "enjeux", "objectifs", "projets_specifiques"),
)


@dataclass
class Comparaison:
    justes: Counter[str] = field(default_factory=Counter)
    en_tout: Counter[str] = field(default_factory=Counter)
    ecarts: list[str] = field(default_factory=list)

    def noter(self, champ: str, lu: Any, attendu: Any, ou: str = "") -> None:
        self.en_tout[champ] += 1
        if normal(lu) == normal(attendu):
            self.justes[champ] += 1
        else:
            self.ecarts.append(f"{champ} {ou}\n    lu      : {lu!r}\n    attendu : {attendu!r}")

    def taux(self, *champs: str) -> float:
        choisis = champs or tuple(self.en_tout)
        en_tout = sum(self.en_tout[champ] for champ in choisis)
        return sum(self.justes[champ] for champ in choisis) / en_tout if en_tout else 0.0

    def __str__(self) -> str:
        lignes = [
            f"{champ:26} {self.justes[champ]:4} / {self.en_tout[champ]:4}  {self.taux(champ):7.1%}"
            for champ in self.en_tout
        ]
        return "\n".join([*lignes, f"{'en tout':26} {self.taux():.2%}"])


def normal(valeur: Any) -> Any:
    """Les mots d'un texte ou d'une liste, sans puce ni retour à la ligne."""
    if isinstance(valeur, list) and all(isinstance(element, str) for element in valeur):
        valeur = "\n".join(valeur)
    if not isinstance(valeur, str):
        return valeur
    sans_puce = re.sub(r"(?m)^\s*[-–]\s*|[•▪◦]", "", valeur)
    return " ".join(sans_puce.replace("’", "'").split())


def comparer_les_fiches(lues: list[dict[str, Any]], attendues: list[dict[str, Any]]) -> Comparaison:
    """Les fiches se rapprochent par (axe, numéro)."""
    comparaison = Comparaison()
    par_cle = {(fiche["axe"], fiche["numero"]): fiche for fiche in lues}
    for attendue in attendues:
        cle = (attendue["axe"], attendue["numero"])
        lue = par_cle.get(cle, {})
        for champ in CHAMPS_DE_FICHE:
            comparaison.noter(champ, lue.get(champ), attendue[champ], f"fiche {cle}")
    return comparaison


def comparer_le_cadre(lu: dict[str, Any], attendu: dict[str, Any]) -> Comparaison:
    """L'arbre, l'identité, le tableau des familles et les sigles."""
    comparaison = Comparaison()
    for champ in ("nom", "territoire", "quartiers", "qpv", "periode"):
        comparaison.noter(champ, lu[champ], attendu[champ])
    for champ, cles in (
        ("axes", ("numero", "titre")),
        ("enjeux", ("numero", "axe", "titre")),
        ("objectifs", ("titre", "enjeu", "axe", "fiches")),
        ("sigles", ("sigle", "sens")),
    ):
        lus, attendus = (
            [{cle: piece[cle] for cle in cles} for piece in projet[champ]] for projet in (lu, attendu)
        )
        for rang, piece in enumerate(attendus):
            comparaison.noter(champ, lus[rang] if rang < len(lus) else None, piece)
        comparaison.noter(f"nombre de {champ}", len(lus), len(attendus))
    tableau = lu["indicateurs_familles"] or {"zones": [], "source": "", "lignes": []}
    for rang, ligne in enumerate(attendu["indicateurs_familles"]["lignes"]):
        comparaison.noter(
            "indicateurs_familles", tableau["lignes"][rang] if rang < len(tableau["lignes"]) else None, ligne
        )
    for champ in ("zones", "source"):
        comparaison.noter("indicateurs_familles", tableau[champ], attendu["indicateurs_familles"][champ])
    return comparaison


def chiffres_retrouves(lu: dict[str, Any], attendu: dict[str, Any]) -> tuple[int, int, list[str]]:
    """(retrouvés, attendus, manquants) : une même valeur, une même unité, une zone qui partage un mot."""
    restants = list(lu["chiffres_diagnostic"])
    manquants = []
    for chiffre in attendu["chiffres_diagnostic"]:
        trouve = next((autre for autre in restants if _meme_chiffre(autre, chiffre)), None)
        if trouve is None:
            manquants.append(
                f"{chiffre['libelle']} = {chiffre['valeur']} {chiffre['unite']} ({chiffre['zone']})"
            )
        else:
            restants.remove(trouve)
    nombre = len(attendu["chiffres_diagnostic"])
    return nombre - len(manquants), nombre, manquants


def _meme_chiffre(lu: dict[str, Any], attendu: dict[str, Any]) -> bool:
    mots = [
        set(re.findall(r"[a-z]{3,}|5", str(piece["zone"]).lower())) - {"qpv", "quartier"}
        for piece in (lu, attendu)
    ]
    return (
        lu["valeur"] == attendu["valeur"]
        and lu["unite"] == attendu["unite"]
        and lu["annee"] == attendu["annee"]
        and bool(mots[0] & mots[1])
    )


def main(document: str, verite: str) -> None:
    lu = lire_document(Path(document).read_bytes(), document)
    attendu = json.loads(Path(verite).read_text("utf-8"))
    fiches = attendu if isinstance(attendu, list) else attendu["fiches"]
    projet = max(map(en_json, lu.projets), key=lambda lu: comparer_les_fiches(lu["fiches"], fiches).taux())
    comparaisons = [comparer_les_fiches(projet["fiches"], fiches)]
    if isinstance(attendu, dict):
        comparaisons.append(comparer_le_cadre(projet, attendu))
        sys.stdout.write(f"chiffres du diagnostic : {chiffres_retrouves(projet, attendu)}\n")
    for comparaison in comparaisons:
        sys.stdout.write("\n".join([str(comparaison), *comparaison.ecarts, ""]))
    sys.stdout.write(f"{lu.paragraphes}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
