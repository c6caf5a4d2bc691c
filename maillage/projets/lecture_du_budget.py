"""Le budget d'une année, lu d'un coup : chaque budget, ses totaux, son équilibre, et l'écart avec la somme des fiches.

Tout est en `Decimal`, au centime. `None` : rien n'est écrit, ce qui n'est pas zéro.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal

from maillage.core.francais import euros
from maillage.projets.choices import EtatFinancement, PorteeBudget
from maillage.projets.comptes import (
    CHARGE,
    EMPLOI,
    PRODUIT,
    RESSOURCE,
    SENS,
    SUBVENTIONS,
    Compte,
    PlanDeComptes,
    plan_de_comptes,
)
from maillage.projets.lecture import Arbre, FicheLue, lire_arbre
from maillage.projets.models import Budget, Financement, LigneDeBudget, ProjetSocial

Colonne = Literal["prevu", "reel"]
COLONNES: Final[tuple[Colonne, ...]] = ("prevu", "reel")
FONCTIONS: Final = (PorteeBudget.PILOTAGE, PorteeBudget.LOGISTIQUE)
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Montants:
    prevu: Decimal | None = None
    reel: Decimal | None = None

    def de(self, colonne: Colonne) -> Decimal | None:
        return self.prevu if colonne == "prevu" else self.reel

    def __bool__(self) -> bool:
        return self.prevu is not None or self.reel is not None

    @property
    def en_euros(self) -> tuple[str, str]:
        return euros(self.prevu) or "–", euros(self.reel) or "–"


def additionner(valeurs: Iterable[Decimal | None]) -> Decimal | None:
    """La somme de ce qui est écrit ; rien quand rien ne l'est."""
    ecrites = [valeur for valeur in valeurs if valeur is not None]
    return sum(ecrites, ZERO) if ecrites else None


def en_montants(paires: Iterable[Montants]) -> Montants:
    lues = list(paires)
    return Montants(additionner(un.prevu for un in lues), additionner(un.reel for un in lues))


@dataclass(frozen=True, slots=True)
class Rangee:
    """Un compte et ses deux montants."""

    compte: Compte
    montants: Montants


@dataclass(slots=True)
class BudgetLu:
    """Un budget et ses montants. `budget` manque tant que personne n'y a rien écrit."""

    portee: PorteeBudget
    nom: str
    plan: PlanDeComptes
    budget: Budget | None = None
    fiche: FicheLue | None = None
    montants: dict[str, Montants] = field(default_factory=dict)

    def du_compte(self, compte: Compte) -> Montants:
        if compte.benevolat:
            return self.benevolat
        return self.montants.get(compte.compte, Montants())

    @property
    def benevolat(self) -> Montants:
        """Les heures à leur taux : le même montant en emplois et en ressources."""
        if self.budget is None:
            return Montants()
        return Montants(self.budget.benevolat_prevu, self.budget.benevolat_reel)

    def rangees(self, sens: str) -> list[Rangee]:
        return [Rangee(compte, self.du_compte(compte)) for compte in self.plan.du_sens(sens)]

    def total(self, sens: str) -> Montants:
        return en_montants(rangee.montants for rangee in self.rangees(sens))

    def groupes(self) -> Iterator[tuple[str, str, list[Rangee], Montants]]:
        """Sens, titre, rangées, total ; dans l'ordre d'un compte de résultat."""
        for sens, titre in SENS.items():
            yield sens, str(titre), self.rangees(sens), self.total(sens)

    @property
    def a_des_montants(self) -> bool:
        return any(self.montants.values()) or bool(self.benevolat)

    def ecart(self, colonne: Colonne) -> Decimal:
        """Produits moins charges : négatif, il manque de l'argent."""
        return (self.total(PRODUIT).de(colonne) or ZERO) - (self.total(CHARGE).de(colonne) or ZERO)

    def ecart_des_contributions(self, colonne: Colonne) -> Decimal:
        return (self.total(RESSOURCE).de(colonne) or ZERO) - (self.total(EMPLOI).de(colonne) or ZERO)

    def est_ecrit(self, colonne: Colonne) -> bool:
        return any(self.total(sens).de(colonne) is not None for sens in SENS)

    def est_equilibre(self, colonne: Colonne) -> bool:
        return not self.ecart(colonne) and not self.ecart_des_contributions(colonne)

    @property
    def equilibres(self) -> list["Equilibre"]:
        """Ce que l'on dit de chaque colonne où quelque chose est écrit."""
        noms: dict[Colonne, str] = {"prevu": "prévu", "reel": "réel"}
        return [Equilibre(noms[une], self, une) for une in COLONNES if self.est_ecrit(une)]


@dataclass(frozen=True, slots=True)
class Equilibre:
    nom: str
    budget: BudgetLu
    colonne: Colonne

    @property
    def est_bon(self) -> bool:
        """Le prévu s'équilibre au centime ; le réel finit sur un résultat, seules ses contributions s'égalent."""
        if self.colonne == "reel":
            return not self.budget.ecart_des_contributions(self.colonne)
        return self.budget.est_equilibre(self.colonne)

    @property
    def etat(self) -> str:
        """Ce que l'on en dit en deux ou trois mots : « prévu à l'équilibre », « réel : excédent »."""
        if not self.est_bon:
            return f"{self.nom} à équilibrer"
        if ecart := self.budget.ecart(self.colonne):
            return f"{self.nom} : {'déficit' if ecart < 0 else 'excédent'}"
        return f"{self.nom} à l’équilibre"

    @property
    def ton(self) -> str:
        """Le ton de ce que l'on en dit : un déficit réel se lit, il ne se corrige pas."""
        if not self.est_bon:
            return "alerte"
        return "info" if self.budget.ecart(self.colonne) else "ok"

    @property
    def phrase(self) -> str:
        """« Le prévu est à l'équilibre. », ce qui manque, ou le résultat de l'année, au centime."""
        ecart = self.budget.ecart(self.colonne)
        contributions = self.budget.ecart_des_contributions(self.colonne)
        nom, montant = f"Le {self.nom}", euros(abs(ecart))
        phrases = []
        if self.colonne == "reel" and ecart:
            phrases.append(f"{nom} finit sur un {'déficit' if ecart < 0 else 'excédent'} de {montant}.")
        elif ecart:
            dit = "Il manque" if ecart < 0 else "Il y a en trop"
            phrases += [f"{nom} n’est pas à l’équilibre.", f"{dit} {montant} de produits."]
        elif contributions:
            phrases.append(f"{nom} n’est pas à l’équilibre.")
        else:
            phrases.append(f"{nom} est à l’équilibre.")
        if contributions:
            montant = euros(abs(contributions))
            phrases.append(
                f"Les contributions volontaires dépassent les emplois de {montant}."
                if contributions > 0
                else f"Il manque {montant} de contributions volontaires pour égaler les emplois."
            )
        return " ".join(phrases)


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Un compte : la somme des fiches et des fonctions, le budget du centre, et l'écart."""

    compte: Compte
    fiches: Decimal | None
    fonctions: Decimal | None
    centre: Decimal | None

    @property
    def somme(self) -> Decimal | None:
        return additionner((self.fiches, self.fonctions))

    @property
    def ecart(self) -> Decimal:
        return (self.centre or ZERO) - (self.somme or ZERO)


@dataclass
class AnneeDeBudget:
    projet: ProjetSocial
    annee: int
    plan: PlanDeComptes
    centre: BudgetLu
    fonctions: list[BudgetLu]
    fiches: list[BudgetLu]
    financements: list[Financement]

    @property
    def parties(self) -> list[BudgetLu]:
        """Ce qui, additionné, fait le centre."""
        return [*self.fonctions, *self.fiches]

    @property
    def tous(self) -> list[BudgetLu]:
        return [self.centre, *self.parties]

    @property
    def fiches_chiffrees(self) -> list[BudgetLu]:
        return [une for une in self.fiches if une.a_des_montants]

    @property
    def fiches_sans_budget(self) -> list[BudgetLu]:
        return [une for une in self.fiches if not une.a_des_montants]

    @property
    def a_des_parties(self) -> bool:
        return any(une.a_des_montants for une in self.parties)

    def comparer(self, colonne: Colonne = "prevu") -> list[Comparaison]:
        """Compte par compte ; sans ceux où rien n'est écrit nulle part."""
        comparees = [
            Comparaison(
                compte,
                additionner(une.du_compte(compte).de(colonne) for une in self.fiches),
                additionner(une.du_compte(compte).de(colonne) for une in self.fonctions),
                self.centre.du_compte(compte).de(colonne),
            )
            for compte in self.plan.comptes
        ]
        return [une for une in comparees if une.somme is not None or une.centre is not None]

    def ecarts(self, colonne: Colonne = "prevu") -> list[Comparaison]:
        """Là où le centre n'est pas la somme de ses fiches et de ses fonctions."""
        return [une for une in self.comparer(colonne) if une.ecart] if self.a_des_parties else []

    # --- Le plan de financement ---

    @cached_property
    def total_des_financements(self) -> dict[str, Decimal | None]:
        return {
            champ: additionner(getattr(un, champ) for un in self.financements)
            for champ in ("demande", "accorde", "recu")
        }

    @property
    def total_retenu(self) -> Decimal:
        return sum((un.retenu for un in self.financements), ZERO)

    @property
    def subventions_prevues(self) -> Decimal | None:
        return self.centre.montants.get(SUBVENTIONS, Montants()).prevu

    @property
    def ecart_du_financement(self) -> Decimal | None:
        """Subventions prévues moins plan de financement ; rien tant qu'un des deux manque."""
        if self.subventions_prevues is None or not self.financements:
            return None
        return self.subventions_prevues - self.total_retenu

    @property
    def sans_reponse(self) -> list[Financement]:
        return [un for un in self.financements if un.etat == EtatFinancement.DEMANDE]


def lire_annee(projet: ProjetSocial, annee: int) -> AnneeDeBudget:
    """Toute l'année : le centre, les fonctions, une entrée par fiche de l'année, les financements."""
    return lire_annees(projet, [annee])[0]


def lire_annees(
    projet: ProjetSocial, annees: Iterable[int], arbre: Arbre | None = None
) -> list[AnneeDeBudget]:
    """Les mêmes requêtes pour une année ou pour toutes."""
    voulues = list(annees)
    budgets: dict[int, dict[tuple[str, int | None], Budget]] = {}
    for budget in Budget.objects.filter(projet=projet, annee__in=voulues).select_related("fiche"):
        budgets.setdefault(budget.annee, {})[budget.portee, budget.fiche_id] = budget
    montants: dict[int, dict[str, Montants]] = {}
    for ligne in LigneDeBudget.objects.filter(budget__projet=projet, budget__annee__in=voulues):
        montants.setdefault(ligne.budget_id, {})[ligne.compte] = Montants(ligne.prevu, ligne.reel)
    financements: dict[int, list[Financement]] = {}
    demandes = projet.financements.filter(annee__in=voulues).select_related("institution", "partenaire")
    for financement in demandes:
        financements.setdefault(financement.annee, []).append(financement)
    plan = plan_de_comptes().avec({numero for lignes in montants.values() for numero in lignes})
    fiches = (arbre or lire_arbre(projet)).fiches
    return [
        _assembler(projet, annee, plan, fiches, budgets.get(annee, {}), montants, financements.get(annee, []))
        for annee in voulues
    ]


def _assembler(
    projet: ProjetSocial,
    annee: int,
    plan: PlanDeComptes,
    fiches: list[FicheLue],
    budgets: dict[tuple[str, int | None], Budget],
    montants: dict[int, dict[str, Montants]],
    financements: list[Financement],
) -> AnneeDeBudget:
    def lu(portee: PorteeBudget, nom: str, fiche: FicheLue | None = None) -> BudgetLu:
        budget = budgets.get((portee, fiche.fiche.pk if fiche else None))
        lignes = montants.get(budget.pk, {}) if budget else {}
        return BudgetLu(portee, nom, plan, budget, fiche, lignes)

    chiffrees = {fiche for _, fiche in budgets if fiche is not None}
    return AnneeDeBudget(
        projet,
        annee,
        plan,
        lu(PorteeBudget.CENTRE, "Centre entier"),
        [lu(portee, str(portee.label)) for portee in FONCTIONS],
        [
            lu(PorteeBudget.FICHE, str(lue), lue)
            for lue in fiches
            if annee in lue.fiche.annees or lue.fiche.pk in chiffrees
        ],
        financements,
    )
