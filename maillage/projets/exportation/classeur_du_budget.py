"""Le budget d'une année en classeur : on le remplit dans un tableur, puis `importation.budget` le relit tel quel."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from maillage.catalogue.exportation.formats import cellule
from maillage.projets.importation.budget import (
    ENTETES_BUDGET,
    ENTETES_FINANCEMENT,
    ENTETES_HEURES,
    FEUILLE_BUDGET,
    FEUILLE_FINANCEMENT,
    FEUILLE_HEURES,
    nom_de_feuille,
)
from maillage.projets.lecture_du_budget import AnneeDeBudget, BudgetLu


def repere_de(lu: BudgetLu) -> str:
    """Ce qui retrouve un budget dans le classeur : « centre », « fiche 12 »."""
    return f"fiche {lu.fiche.fiche.pk}" if lu.fiche else str(lu.portee)


def classeur_du_budget(lue: AnneeDeBudget) -> bytes:
    """Trois feuilles. Un texte qui commence comme une formule n'est qu'un texte."""
    tampon = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    classeur = xlsxwriter.Workbook(tampon, options)
    feuilles = (
        (FEUILLE_BUDGET, ENTETES_BUDGET, (12, 44, 8, 40, 14, 14), _montants(lue)),
        (FEUILLE_HEURES, ENTETES_HEURES, (12, 44, 16, 16, 16), _heures(lue)),
        (FEUILLE_FINANCEMENT, ENTETES_FINANCEMENT, (40, 34, 14, 14, 14), _financements(lue)),
    )
    for nom, entetes, largeurs, lignes in feuilles:
        _feuille(classeur, nom_de_feuille(nom, lue.annee), entetes, largeurs, lignes)
    classeur.close()
    return tampon.getvalue()


def _feuille(
    classeur: xlsxwriter.Workbook,
    nom: str,
    entetes: Sequence[str],
    largeurs: Sequence[int],
    lignes: Iterable[Sequence[Any]],
) -> None:
    feuille = classeur.add_worksheet(nom)
    titre = classeur.add_format({"bold": True, "bottom": 1})
    argent = classeur.add_format({"num_format": "#,##0.00"})
    feuille.freeze_panes(1, 0)
    for colonne, (entete, largeur) in enumerate(zip(entetes, largeurs, strict=True)):
        feuille.set_column(colonne, colonne, largeur)
        feuille.write_string(0, colonne, entete, titre)
    for rang, ligne in enumerate(lignes, start=1):
        for colonne, valeur in enumerate(ligne):
            if isinstance(valeur, Decimal):
                feuille.write_number(rang, colonne, valeur, argent)
            elif valeur not in (None, ""):
                feuille.write_string(rang, colonne, str(cellule(valeur)))


def _montants(lue: AnneeDeBudget) -> Iterable[Sequence[Any]]:
    for lu in lue.tous:
        for compte in lue.plan.comptes:
            montants = lu.du_compte(compte)
            yield repere_de(lu), lu.nom, compte.compte, compte.libelle, montants.prevu, montants.reel


def _heures(lue: AnneeDeBudget) -> Iterable[Sequence[Any]]:
    for lu in lue.tous:
        budget = lu.budget
        heures = (budget.heures_prevues, budget.heures_reelles, budget.taux_horaire) if budget else ()
        yield repere_de(lu), lu.nom, *heures


def _financements(lue: AnneeDeBudget) -> Iterable[Sequence[Any]]:
    for un in lue.financements:
        yield un.nom, un.objet, un.demande, un.accorde, un.recu
