"""Relire un classeur de budget : chaque montant à sa cellule, chaque faute nommée. N'écrit rien."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from openpyxl.utils import get_column_letter

from maillage.core.classeurs import LIGNES_MAX, ClasseurIllisible, classeur_ouvert
from maillage.core.francais import MOINS, nombre
from maillage.projets.models.budget import HEURES_MAX

FEUILLE_BUDGET, FEUILLE_HEURES, FEUILLE_FINANCEMENT = "Budget", "Bénévolat", "Financement"
ENTETES_BUDGET: Final = ("Repère", "Budget de", "Compte", "Nature", "Prévu", "Réel")
ENTETES_HEURES: Final = ("Repère", "Budget de", "Heures prévues", "Heures réelles", "Taux d’une heure")
ENTETES_FINANCEMENT: Final = ("Financeur", "Pour quoi", "Demandé", "Accordé", "Reçu")
FAUTES_MAX: Final = 200
MONTANT_MAX: Final = Decimal(999_999_999)
_NOMBRE: Final = re.compile(r"\d{1,12}(?:[.,]\d{1,10})?", re.ASCII)
_APOSTROPHE: Final = re.compile(r"'(?=[=+\-@\t\r＝＋－＠])")
_VIDE: Final = (None, "")


@dataclass(slots=True)
class BudgetDuClasseur:
    """`montants` : compte → (prévu, réel), pour les seuls comptes cités. `heures` : champ → valeur, s'il y en a."""

    repere: str
    montants: dict[str, tuple[Decimal | None, Decimal | None]] = field(default_factory=dict)
    heures: dict[str, Decimal | None] = field(default_factory=dict)


@dataclass(slots=True)
class ClasseurDeBudget:
    budgets: dict[str, BudgetDuClasseur] = field(default_factory=dict)
    financements: list[dict[str, Any]] = field(default_factory=list)
    a_un_financement: bool = False
    fautes: list[tuple[str, str]] = field(default_factory=list)
    """Cellule (« Budget 2026, E12 ») et ce qui ne va pas."""

    def fauter(self, cellule: str, phrase: str) -> None:
        if len(self.fautes) < FAUTES_MAX:
            self.fautes.append((cellule, phrase))


@dataclass(frozen=True, slots=True)
class _Cellule:
    adresse: str
    valeur: Any
    est_formule: bool


def nom_de_feuille(feuille: str, annee: int) -> str:
    return f"{feuille} {annee}"


def lire_le_classeur(
    contenu: bytes, annee: int, *, reperes: set[str], comptes: set[str], calcules: set[str]
) -> ClasseurDeBudget:
    """`reperes` et `comptes` : ceux que l'on connaît ; `calcules` : les comptes que personne n'écrit.

    Lève `ClasseurIllisible` quand le fichier entier ne se lit pas.
    """
    feuilles = _ouvrir(contenu)
    attendues = {
        nom_de_feuille(nom, annee): nom for nom in (FEUILLE_BUDGET, FEUILLE_HEURES, FEUILLE_FINANCEMENT)
    }
    if not set(feuilles) & set(attendues):
        raise ClasseurIllisible(
            f"Ce classeur n’a pas de feuille « {nom_de_feuille(FEUILLE_BUDGET, annee)} ». "
            f"Téléchargez celui de {annee}, remplissez-le, puis déposez-le."
        )
    lu = ClasseurDeBudget()
    for nom, sorte in attendues.items():
        if nom not in feuilles:
            continue
        lecteur = _Feuille(nom, feuilles[nom], lu)
        if sorte == FEUILLE_BUDGET:
            lecteur.lire_les_montants(reperes, comptes, calcules)
        elif sorte == FEUILLE_HEURES:
            lecteur.lire_les_heures(reperes)
        else:
            lecteur.lire_les_financements()
    if not (lu.budgets or lu.financements or lu.fautes):
        raise ClasseurIllisible(
            f"Les feuilles de ce classeur sont vides. Téléchargez celui de {annee}, remplissez-le, puis déposez-le."
        )
    return lu


def _ouvrir(contenu: bytes) -> dict[str, list[list[_Cellule]]]:
    with classeur_ouvert(contenu, montre_les_formules=True) as classeur:
        return {feuille.title: list(_rangees(feuille)) for feuille in classeur.worksheets}


def _rangees(feuille: Any) -> Iterator[list[_Cellule]]:
    for ligne, rangee in enumerate(feuille.iter_rows(max_row=LIGNES_MAX + 1, max_col=8), start=1):
        yield [
            _Cellule(f"{get_column_letter(colonne)}{ligne}", cellule.value, cellule.data_type == "f")
            for colonne, cellule in enumerate(rangee, start=1)
        ]


class _Feuille:
    def __init__(self, nom: str, rangees: list[list[_Cellule]], lu: ClasseurDeBudget) -> None:
        self.nom, self.lu = nom, lu
        self.rangees = rangees

    def _lignes(self, entetes: tuple[str, ...]) -> Iterator[dict[str, _Cellule]]:
        """Chaque ligne par titre de colonne. Une colonne absente fait une faute et arrête la feuille."""
        if not self.rangees:
            return
        places = {_mot(cellule.valeur): rang for rang, cellule in enumerate(self.rangees[0])}
        absentes = [entete for entete in entetes if _mot(entete) not in places]
        if absentes:
            self.lu.fauter(f"{self.nom}, ligne 1", f"Il manque la colonne « {absentes[0]} ».")
            return
        for rangee in self.rangees[1:]:
            if any(cellule.valeur not in _VIDE for cellule in rangee):
                yield {
                    entete: rangee[places[_mot(entete)]]
                    if places[_mot(entete)] < len(rangee)
                    else _Cellule("", None, False)
                    for entete in entetes
                }

    def _fauter(self, cellule: _Cellule, phrase: str) -> None:
        self.lu.fauter(f"{self.nom}, {cellule.adresse}", phrase)

    def _texte(self, cellule: _Cellule, longueur: int = 200) -> str:
        if cellule.est_formule:
            self._fauter(cellule, "C’est une formule. Collez sa valeur à la place.")
            return ""
        valeur = cellule.valeur
        if isinstance(valeur, float) and valeur.is_integer():
            valeur = int(valeur)
        texte = _APOSTROPHE.sub("", " ".join(str(valeur if valeur is not None else "").split()), count=1)
        if len(texte) > longueur:
            self._fauter(cellule, f"Ce texte dépasse {longueur} signes. Raccourcissez-le.")
        return texte

    def _montant(self, cellule: _Cellule, maximum: Decimal = MONTANT_MAX) -> Decimal | None:
        """Un montant, ou rien. Une faute est notée et vaut rien : rien ne s'écrira."""
        if cellule.est_formule:
            self._fauter(cellule, "C’est une formule. Collez sa valeur à la place.")
            return None
        valeur = cellule.valeur
        if valeur in _VIDE:
            return None
        if isinstance(valeur, bool) or not isinstance(valeur, int | float | str | Decimal):
            self._fauter(cellule, f"« {valeur} » n’est pas un nombre.")
            return None
        dit = str(valeur) if not isinstance(valeur, float) else repr(round(valeur, 6))
        propre = re.sub(r"\s|€", "", dit).replace(MOINS, "-")
        if propre.startswith("-"):
            self._fauter(cellule, "Écrivez un montant sans signe : une dépense est dans les charges.")
            return None
        if not _NOMBRE.fullmatch(propre):
            self._fauter(cellule, f"« {dit[:40]} » n’est pas un nombre. Écrivez par exemple 1250,50.")
            return None
        try:
            lu = Decimal(propre.replace(",", "."))
        except InvalidOperation:
            self._fauter(cellule, f"« {dit[:40]} » n’est pas un nombre.")
            return None
        if lu != round(lu, 2):
            self._fauter(cellule, f"Deux chiffres au plus après la virgule, par exemple {nombre(lu)}.")
            return None
        if lu > maximum:
            self._fauter(cellule, f"Ce nombre dépasse {nombre(maximum)}. Vérifiez-le.")
            return None
        return lu.quantize(Decimal("0.01"))

    def _budget(self, cellule: _Cellule, reperes: set[str]) -> BudgetDuClasseur | None:
        repere = self._texte(cellule)
        if repere not in reperes:
            self._fauter(
                cellule, f"Le repère « {repere} » n’est pas de cette année. Ne changez pas cette colonne."
            )
            return None
        return self.lu.budgets.setdefault(repere, BudgetDuClasseur(repere))

    def lire_les_montants(self, reperes: set[str], comptes: set[str], calcules: set[str]) -> None:
        for ligne in self._lignes(ENTETES_BUDGET):
            budget = self._budget(ligne["Repère"], reperes)
            numero = self._texte(ligne["Compte"], 6)
            if numero in calcules:
                continue  # montré pour être lu : il vient des heures
            if numero not in comptes:
                self._fauter(ligne["Compte"], f"Le compte « {numero} » n’est pas au plan de comptes.")
                continue
            paire = self._montant(ligne["Prévu"]), self._montant(ligne["Réel"])
            if budget is None:
                continue
            if numero in budget.montants:
                self._fauter(ligne["Compte"], f"Le compte {numero} est deux fois dans ce budget.")
            budget.montants[numero] = paire

    def lire_les_heures(self, reperes: set[str]) -> None:
        for ligne in self._lignes(ENTETES_HEURES):
            budget = self._budget(ligne["Repère"], reperes)
            lues = {
                "heures_prevues": self._montant(ligne["Heures prévues"], HEURES_MAX),
                "heures_reelles": self._montant(ligne["Heures réelles"], HEURES_MAX),
                "taux_horaire": self._montant(ligne["Taux d’une heure"]),
            }
            if budget is not None:
                budget.heures = lues

    def lire_les_financements(self) -> None:
        self.lu.a_un_financement = True
        vus = set()
        for ligne in self._lignes(ENTETES_FINANCEMENT):
            nom, objet = self._texte(ligne["Financeur"]), self._texte(ligne["Pour quoi"])
            montants = {
                champ: self._montant(ligne[titre])
                for champ, titre in (("demande", "Demandé"), ("accorde", "Accordé"), ("recu", "Reçu"))
            }
            if not nom:
                self._fauter(ligne["Financeur"], "Dites qui finance.")
                continue
            if (nom.lower(), objet.lower()) in vus:
                self._fauter(ligne["Financeur"], f"« {nom} » est deux fois, pour le même objet.")
            vus.add((nom.lower(), objet.lower()))
            self.lu.financements.append({"nom": nom, "objet": objet, **montants})


def _mot(valeur: Any) -> str:
    return str(valeur or "").strip().lower().replace("'", "’")
