"""Un cadre rempli, en document à transmettre (page, PDF, Word) et en lignes de tableur."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from maillage.core.documents.description import (
    Alignement,
    Bloc,
    Document,
    Liste,
    Paragraphe,
    Section,
    Tableau,
)
from maillage.core.documents.texte import lien
from maillage.core.francais import date_longue
from maillage.evaluation.cadres.definitions import Rubrique
from maillage.evaluation.cadres.remplissage import CadreRempli, Lu, RubriqueRemplie, TableauDeRubrique


def document_du_cadre(rempli: CadreRempli) -> Document:
    cadre, periode = rempli.cadre, rempli.periode
    aujourd_hui = timezone.localdate(timezone=periode.fuseau)
    en_cours = " L’année n’est pas finie : ces nombres bougent encore." if rempli.est_en_cours else ""
    return Document(
        titre=f"{cadre.nom}, {rempli.annees[0]}",
        sous_titre=rempli.structure.nom,
        auteur=rempli.structure.nom,
        date=aujourd_hui,
        blocs=(
            Paragraphe(
                f"Du {date_longue(periode.du)} au {date_longue(periode.au)}, compté par Maillage "
                f"le {date_longue(aujourd_hui)}.{en_cours}",
                role="chapo",
            ),
        ),
        sections=(
            *(Section(titre, tuple(_blocs(rempli, titre, lignes))) for titre, lignes in rempli.parties),
            Section("Comment lire ces nombres", (Liste((*cadre.notes, _du_secret())), _des_sources(rempli))),
        ),
    )


def _du_secret() -> str:
    seuil = settings.PETITS_NOMBRES_DEHORS
    return f"Un nombre qui recouvre moins de {seuil} personnes est caché, et un autre avec lui."


def _des_sources(rempli: CadreRempli) -> Paragraphe:
    cadre = rempli.cadre
    suite = [morceau for titre, adresse in cadre.sources for morceau in (" ; ", lien(titre, adresse))]
    return Paragraphe((f"Version {cadre.version} du cadre, d’après : ", *suite[1:], "."), role="note")


def _blocs(rempli: CadreRempli, titre: str, rubriques: list[RubriqueRemplie]) -> Iterator[Bloc]:
    comptees = [une for une in rubriques if une.rubrique.definition]
    if comptees:
        largeur = len(rempli.annees)
        yield Tableau(
            legende=f"{titre}, {'année par année' if largeur > 1 else rempli.annees[0]}",
            entetes=("Ce qui est compté", *rempli.annees),
            lignes=tuple((une.rubrique.titre, *map(str, une.valeurs)) for une in comptees),
            alignements=_alignements(largeur),
            notes=tuple(filter(None, map(_precision, comptees))),
            a_entetes_de_ligne=True,
        )
        for une in comptees:
            for tableau in une.tableaux:
                yield _tableau(une.rubrique, tableau)
    for une in rubriques:
        if une.rubrique.a_dire:
            yield Paragraphe(f"{une.rubrique.titre} : {une.rubrique.a_dire}", role="note")


def _precision(une: RubriqueRemplie) -> str:
    """Comment on compte et ce que le nombre couvre ; ou ce qui manque."""
    dits = [une.rubrique.aide, une.couverture or une.manque]
    return f"{une.rubrique.titre} : {' '.join(filter(None, dits))}" if any(dits) else ""


def _tableau(rubrique: Rubrique, tableau: TableauDeRubrique) -> Tableau:
    largeur = len(tableau.entetes)
    return Tableau(
        legende=f"{rubrique.titre}. {tableau.titre}",
        entetes=(tableau.titre, *tableau.entetes),
        lignes=tuple((mot, *map(str, dits)) for mot, dits in tableau.lignes),
        alignements=_alignements(largeur),
        notes=(tableau.note,) if tableau.note else (),
        a_entetes_de_ligne=True,
    )


def _alignements(nombres: int) -> tuple[Alignement, ...]:
    droite: Alignement = "droite"
    return ("gauche", *(droite,) * nombres)


# --- Le tableur -------------------------------------------------------------------------------------
COLONNES: Final = ("Partie", "Rubrique", "Détail", "Ligne", "Colonne", "Valeur", "Précision")


def lignes_du_cadre(rempli: CadreRempli) -> Iterator[dict[str, Any]]:
    """Une ligne par nombre lu. « Colonne » : l'année, ou l'autre entrée d'un tableau croisé."""
    for partie, rubriques in rempli.parties:
        for une in rubriques:
            vide = dict.fromkeys(COLONNES, "") | {"Partie": partie, "Rubrique": une.rubrique.titre}
            if une.rubrique.a_dire:
                yield vide | {"Précision": une.rubrique.a_dire}
            for annee, lu in zip(rempli.annees, une.valeurs, strict=False):
                yield vide | {"Colonne": annee, "Valeur": _cellule(lu), "Précision": _precision(une)}
            for tableau in une.tableaux:
                for mot, lus in tableau.lignes:
                    for colonne, lu in zip(tableau.entetes, lus, strict=True):
                        ou = {"Détail": tableau.titre, "Ligne": mot, "Colonne": colonne}
                        yield vide | ou | {"Valeur": _cellule(lu)}


def _cellule(lu: Lu) -> Decimal | str:
    return lu.dit if lu.exact is None else lu.exact
