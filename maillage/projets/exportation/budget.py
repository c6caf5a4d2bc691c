"""Le budget et le plan de financement en document : l'année que l'on imprime, les années que lit le dossier."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from django.utils import timezone

from maillage.core.documents.description import (
    Bloc,
    Document,
    Encadre,
    Paragraphe,
    Section,
    Tableau,
)
from maillage.core.francais import compte as compter
from maillage.core.francais import euros, nombre
from maillage.core.graphiques import Graphique, Serie
from maillage.projets.comptes import CHARGE, PRODUIT, SENS, SUBVENTIONS
from maillage.projets.exportation.figures import a_droite, figure_de
from maillage.projets.lecture_du_budget import (
    AnneeDeBudget,
    BudgetLu,
    Colonne,
    Montants,
    additionner,
)
from maillage.projets.models import Financement

SOURCE: Final = "Budget tenu par le centre dans Maillage, en euros."
RIEN: Final = "–"


def dire(montant: Decimal | None) -> str:
    return euros(montant) or RIEN


# --- Pour le dossier : toutes les années ----------------------------------------------------------------


def blocs_du_budget(lues: Iterable[AnneeDeBudget]) -> tuple[Bloc, ...]:
    """Le budget du centre année par année, son équilibre, et ce que coûte chaque fiche. Rien s'il n'est pas écrit."""
    annees = [lue for lue in lues if any(un.a_des_montants for un in lue.tous)]
    return tuple(_blocs_du_budget(annees)) if annees else ()


def _blocs_du_budget(annees: Sequence[AnneeDeBudget]) -> Iterator[Bloc]:
    if any(lue.centre.a_des_montants for lue in annees):
        yield figure_de(graphique_du_budget(annees))
        for sens in SENS:
            if tableau := _tableau_du_sens(annees, sens):
                yield tableau
        yield _equilibres(annees)
    if tableau := _tableau_des_parties(annees):
        yield tableau


def graphique_du_budget(annees: Sequence[AnneeDeBudget]) -> Graphique:
    """Charges et produits prévus du centre, année par année."""
    ecrites = [lue for lue in annees if lue.centre.est_ecrit("prevu")] or list(annees)
    return Graphique(
        titre="Charges et produits prévus du centre, en euros",
        repere="Année",
        reperes=[str(lue.annee) for lue in ecrites],
        series=[
            Serie("Charges", [lue.centre.total(CHARGE).prevu for lue in ecrites]),
            Serie("Produits", [lue.centre.total(PRODUIT).prevu for lue in ecrites]),
        ],
        source=SOURCE,
    )


def _colonnes(annees: Sequence[AnneeDeBudget]) -> list[tuple[str, AnneeDeBudget, Colonne]]:
    """Le prévu de chaque année, puis le réel là où il est écrit."""
    prevues = [(f"{lue.annee} prévu", lue, "prevu") for lue in annees if lue.centre.est_ecrit("prevu")]
    reelles = [(f"{lue.annee} réel", lue, "reel") for lue in annees if lue.centre.est_ecrit("reel")]
    return sorted([*prevues, *reelles], key=lambda une: une[1].annee)  # type: ignore[list-item]


def _tableau_du_sens(annees: Sequence[AnneeDeBudget], sens: str) -> Tableau | None:
    colonnes = _colonnes(annees)
    plan = max((lue.plan for lue in annees), key=lambda un: len(un.comptes))
    lignes = []
    for compte in plan.du_sens(sens):
        dits = [lue.centre.du_compte(compte).de(colonne) for _, lue, colonne in colonnes]
        if any(dit is not None for dit in dits):
            lignes.append((str(compte), *map(dire, dits)))
    if not lignes:
        return None
    totaux = [lue.centre.total(sens).de(colonne) for _, lue, colonne in colonnes]
    return Tableau(
        legende=f"{SENS[sens]} du centre, en euros",
        entetes=("Compte", *(titre for titre, *_ in colonnes)),
        lignes=(*lignes, ("Total", *map(dire, totaux))),
        alignements=a_droite(len(colonnes)),
        a_entetes_de_ligne=True,
    )


def _equilibres(annees: Sequence[AnneeDeBudget]) -> Tableau:
    return Tableau(
        legende="L’équilibre du budget du centre",
        entetes=("Budget", "Charges", "Produits", "Résultat (produits moins charges)"),
        lignes=tuple(
            (
                titre,
                dire(lue.centre.total(CHARGE).de(colonne)),
                dire(lue.centre.total(PRODUIT).de(colonne)),
                euros(lue.centre.ecart(colonne)),
            )
            for titre, lue, colonne in _colonnes(annees)
        ),
        alignements=a_droite(3),
        a_entetes_de_ligne=True,
    )


def _tableau_des_parties(annees: Sequence[AnneeDeBudget]) -> Tableau | None:
    """Les charges prévues de chaque fiche et de chaque fonction, année par année."""
    chiffrees = [lue for lue in annees if lue.a_des_parties]
    noms: dict[tuple[str, int], str] = {}
    charges: dict[tuple[str, int], dict[int, Decimal | None]] = {}
    for lue in chiffrees:
        for une in lue.parties:
            if une.a_des_montants:
                cle = (une.portee, une.fiche.fiche.pk if une.fiche else 0)
                noms[cle] = une.nom
                charges.setdefault(cle, {})[lue.annee] = une.total(CHARGE).prevu
    if not noms:
        return None
    totaux = [additionner(une.total(CHARGE).prevu for une in lue.parties) for lue in chiffrees]
    return Tableau(
        legende="Les charges prévues de chaque fiche et de chaque fonction, en euros",
        entetes=("Fiche ou fonction", *(str(lue.annee) for lue in chiffrees)),
        lignes=(
            *((nom, *(dire(charges[cle].get(lue.annee)) for lue in chiffrees)) for cle, nom in noms.items()),
            ("Ensemble", *map(dire, totaux)),
        ),
        alignements=a_droite(len(chiffrees)),
        largeurs=(5, *(2,) * len(chiffrees)),
        a_entetes_de_ligne=True,
    )


def blocs_du_financement(lues: Iterable[AnneeDeBudget]) -> tuple[Bloc, ...]:
    """Le plan de financement, année par année : demandé, accordé, reçu. Rien tant qu'aucun financeur n'est écrit."""
    annees = [lue for lue in lues if lue.financements]
    return tuple(_blocs_du_financement(annees)) if annees else ()


def _blocs_du_financement(annees: Sequence[AnneeDeBudget]) -> Iterator[Bloc]:
    yield figure_de(graphique_du_financement(annees))
    for lue in annees:
        yield tableau_du_financement(lue)


def graphique_du_financement(annees: Sequence[AnneeDeBudget]) -> Graphique:
    return Graphique(
        titre="Financements demandés et accordés, en euros",
        repere="Année",
        reperes=[str(lue.annee) for lue in annees],
        series=[
            Serie("Demandé", [lue.total_des_financements["demande"] for lue in annees]),
            Serie("Accordé", [lue.total_des_financements["accorde"] for lue in annees]),
        ],
        source=SOURCE,
    )


def tableau_du_financement(lue: AnneeDeBudget) -> Tableau:
    totaux = lue.total_des_financements

    def ligne(un: Financement) -> tuple[str, ...]:
        montants = (dire(un.demande), dire(un.accorde), dire(un.recu))
        return (un.nom, un.objet or RIEN, *montants, str(un.etat.label))

    return Tableau(
        legende=f"Le plan de financement de {lue.annee}, en euros",
        entetes=("Financeur", "Pour quoi", "Demandé", "Accordé", "Reçu", "Où il en est"),
        lignes=(
            *map(ligne, lue.financements),
            ("Total", "", *(dire(totaux[champ]) for champ in ("demande", "accorde", "recu")), ""),
        ),
        alignements=("gauche", "gauche", "droite", "droite", "droite", "gauche"),
        largeurs=(5, 4, 3, 3, 3, 4),
        a_entetes_de_ligne=True,
    )


# --- À imprimer : une année ---------------------------------------------------------------------------


def document_de_l_annee(lue: AnneeDeBudget) -> Document:
    """Le budget d'une année : le centre, l'écart, le financement, puis une ligne par fiche chiffrée."""
    projet = lue.projet
    return Document(
        titre=f"Budget {lue.annee}, {projet.nom}",
        sous_titre=projet.structure.nom,
        auteur=projet.structure.nom,
        date=timezone.localdate(),
        sections=tuple(_sections(lue)),
        mentions=(f"Comptes : {lue.plan.source}.",),
    )


def _sections(lue: AnneeDeBudget) -> Iterator[Section]:
    if not lue.centre.a_des_montants:
        yield Section("Le centre", (Paragraphe("Le budget du centre n’est pas encore écrit."),))
    else:
        yield Section("Le centre", tuple(_blocs_d_un_budget(lue.centre, f"le centre, {lue.annee}")))
    if ecarts := lue.ecarts():
        yield Section("L’écart avec les fiches et les fonctions", (_tableau_des_ecarts(lue, len(ecarts)),))
    if lue.financements:
        yield Section("Le plan de financement", (tableau_du_financement(lue),))
    if lue.a_des_parties:
        yield Section("Les fonctions et les fiches", (_tableau_de_l_annee(lue),))


def _tableau_de_l_annee(lue: AnneeDeBudget) -> Tableau:
    """Une ligne par fonction et par fiche chiffrée ; leur grille est à l'écran et dans le classeur."""

    def ligne(une: BudgetLu) -> tuple[str, ...]:
        charges, produits = une.total(CHARGE), une.total(PRODUIT)
        subventions = une.montants.get(SUBVENTIONS, Montants()).prevu
        prevus = (charges.prevu, produits.prevu, subventions, une.benevolat.prevu)
        return (une.nom, *map(dire, (*prevus, charges.reel)))

    chiffrees = [une for une in lue.parties if une.a_des_montants]
    return Tableau(
        legende=f"Fonctions et fiches en {lue.annee}, en euros",
        entetes=(
            "Fonction ou fiche",
            "Charges",
            "Produits",
            "Dont subventions",
            "Bénévolat",
            "Charges réelles",
        ),
        lignes=tuple(map(ligne, chiffrees)),
        alignements=a_droite(5),
        largeurs=(6, 3, 3, 3, 3, 3),
        notes=("Charges, produits, subventions et bénévolat prévus ; puis les charges réelles.",),
        a_entetes_de_ligne=True,
    )


def _blocs_d_un_budget(lu: BudgetLu, nom: str) -> Iterator[Bloc]:
    lignes: list[tuple[str, ...]] = []
    for _, titre, rangees, total in lu.groupes():
        ecrites = [rangee for rangee in rangees if rangee.montants]
        lignes += [(str(rangee.compte), *rangee.montants.en_euros) for rangee in ecrites]
        if ecrites:
            lignes.append((f"Total : {titre.lower()}", *total.en_euros))
    yield Tableau(
        legende=f"Budget : {nom}, en euros",
        entetes=("Compte", "Prévu", "Réel"),
        lignes=tuple(lignes),
        alignements=a_droite(2),
        largeurs=(6, 2, 2),
        a_entetes_de_ligne=True,
    )
    if lu.budget is not None and lu.benevolat:
        heures = lu.budget.heures_prevues, lu.budget.heures_reelles
        prevues, reelles = (nombre(une) or RIEN for une in heures)
        yield Paragraphe(
            f"Bénévolat : {prevues} h prévues, {reelles} h réelles, à {euros(lu.budget.taux_horaire)} l’heure.",
            role="note",
        )
    for equilibre in lu.equilibres:
        if not equilibre.est_bon:
            yield Encadre("alerte", "À équilibrer", (Paragraphe(equilibre.phrase),))
        elif equilibre.colonne == "reel":
            yield Paragraphe(equilibre.phrase, role="note")


def _tableau_des_ecarts(lue: AnneeDeBudget, combien: int) -> Tableau:
    return Tableau(
        legende=f"Le prévu, compte par compte : {compter(combien, 'écart')}",
        entetes=("Compte", "Fiches", "Fonctions", "Ensemble", "Centre", "Écart"),
        lignes=tuple(
            (
                str(une.compte),
                dire(une.fiches),
                dire(une.fonctions),
                dire(une.somme),
                dire(une.centre),
                euros(une.ecart),
            )
            for une in lue.comparer()
        ),
        alignements=a_droite(5),
        largeurs=(5, 2, 2, 2, 2, 2),
        a_entetes_de_ligne=True,
    )
