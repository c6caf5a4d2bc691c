"""Les comptes du budget : des données que l'on change sans toucher au code (`donnees/comptes.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

DONNEES: Final = Path(__file__).with_name("donnees") / "comptes.toml"
CHARGE, PRODUIT, EMPLOI, RESSOURCE = "charge", "produit", "emploi", "ressource"
SENS: Final = {
    CHARGE: "Charges",
    PRODUIT: "Produits",
    EMPLOI: "Emplois des contributions volontaires",
    RESSOURCE: "Contributions volontaires",
}
SUBVENTIONS: Final = "74"
"""Le compte que le plan de financement détaille."""


@dataclass(frozen=True, slots=True)
class Compte:
    compte: str
    sens: str
    libelle: str
    aide: str = ""
    benevolat: bool = False

    def __str__(self) -> str:
        return f"{self.compte} · {self.libelle}"


@dataclass(frozen=True, slots=True)
class PlanDeComptes:
    source: str
    comptes: tuple[Compte, ...]

    def du_sens(self, sens: str) -> list[Compte]:
        return [un for un in self.comptes if un.sens == sens]

    def trouver(self, numero: str) -> Compte | None:
        return next((un for un in self.comptes if un.compte == numero), None)

    def avec(self, numeros: set[str]) -> "PlanDeComptes":
        """Ce plan, et les comptes qu'il n'a plus mais où des montants restent."""
        connus = {un.compte for un in self.comptes}
        restes = tuple(
            Compte(numero, _sens_de(numero), "Compte retiré du plan") for numero in sorted(numeros - connus)
        )
        return PlanDeComptes(self.source, self.comptes + restes) if restes else self


def _sens_de(numero: str) -> str:
    """Le premier chiffre le dit : 6, une charge ; 7, un produit ; 86 et 87, les contributions volontaires."""
    if numero.startswith("8"):
        return EMPLOI if numero.startswith("86") else RESSOURCE
    return CHARGE if numero.startswith("6") else PRODUIT


def lire_les_comptes(texte: str) -> PlanDeComptes:
    """Lève `tomllib.TOMLDecodeError`, `TypeError` ou `ValueError` si le fichier ne suit pas la forme."""
    donnees = tomllib.loads(texte)
    plan = PlanDeComptes(donnees["source"], tuple(Compte(**ligne) for ligne in donnees["comptes"]))
    numeros = [un.compte for un in plan.comptes]
    if len(set(numeros)) < len(numeros) or {un.sens for un in plan.comptes} - set(SENS):
        raise ValueError("Chaque compte a son numéro, et un des quatre sens.")
    return plan


@cache
def plan_de_comptes() -> PlanDeComptes:
    return lire_les_comptes(DONNEES.read_text(encoding="utf-8"))
