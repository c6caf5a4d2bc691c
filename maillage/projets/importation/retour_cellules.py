"""Lire une ligne de nos documents : la cellule d'une fiche, un chiffre, un couple de la couverture, une date."""

import re
from dataclasses import replace
from datetime import date

from maillage.core.francais import MOIS
from maillage.projets.importation.blocs import Bloc, Ligne
from maillage.projets.importation.grammaire import (
    ENTRE_DEUX_LIGNES,
    ENTRE_DEUX_ZONES,
    QPV,
    QUARTIERS,
    RUBRIQUES,
    STRUCTURE,
    TERRITOIRE,
)
from maillage.projets.importation.lu import CelluleLue, ChiffreLu, Morceau, ObjectifLu, TableauLu

_JOUR = rf"(\d{{1,2}})(?:er)? ({'|'.join(MOIS)}) (\d{{4}})"
DATES = re.compile(rf"^Du {_JOUR} au {_JOUR}$")
_VALEUR = re.compile(r"^(−?\d{1,3}(?: ?\d{3})*(?:,\d+)?)(?: (.*))?$")


def tete_de(bloc: Bloc) -> str:
    return texte_de(bloc, 0)


def entetes_de(bloc: Bloc) -> tuple[str, ...]:
    return tuple(texte_de(bloc, colonne) for colonne in range(len(bloc.cellules)))


def lignes_de(bloc: Bloc, colonne: int) -> tuple[Ligne, ...]:
    return bloc.cellules[colonne].lignes if colonne < len(bloc.cellules) else ()


def texte_de(bloc: Bloc, colonne: int) -> str:
    return "\n".join(ligne.texte for ligne in lignes_de(bloc, colonne))


def cellule_de(cle: str, bloc: Bloc) -> CelluleLue:
    return CelluleLue(
        ligne_debut=bloc.ligne,
        ligne_fin=bloc.ligne,
        champ=cle,
        libelle=RUBRIQUES[cle],
        lignes=tuple(ligne for cellule in bloc.cellules[1:] for ligne in cellule.lignes),
    )


def chiffre_de(bloc: Bloc) -> ChiffreLu | None:
    libelle, valeur, zone, source, annee = (texte_de(bloc, colonne) for colonne in range(5))
    trouve = _VALEUR.match(valeur)
    if not trouve:
        return None
    brut = trouve[1].replace(" ", "").replace("−", "-").replace(",", ".")
    return ChiffreLu(
        ligne_debut=bloc.ligne,
        ligne_fin=bloc.ligne,
        libelle=libelle,
        valeur=float(brut) if "." in brut else int(brut),
        unite=trouve[2] or "",
        zone=zone,
        source=source,
        annee=int(annee) if annee.isdecimal() else None,
    )


def passage_de(bloc: Bloc, projet: str) -> Morceau:
    """Un passage resté à ranger, avec sa place dans le document d'origine."""
    bornes = [int(borne) for borne in texte_de(bloc, 0).split(ENTRE_DEUX_LIGNES) if borne.isdecimal()] or [0]
    lignes = (f"{'  ' * (un.puce - 1)}- {un.texte}" if un.puce else un.texte for un in lignes_de(bloc, 1))
    return Morceau(ligne_debut=bornes[0], ligne_fin=bornes[-1], projet=projet, texte="\n".join(lignes))


def ajout_de(bloc: Bloc, projet: str) -> Morceau:
    """Ce qu'on a écrit après coup, que rien ne place : il sera à ranger."""
    return Morceau(ligne_debut=bloc.ligne, ligne_fin=bloc.ligne, projet=projet, texte=bloc.texte)


def cite(objectif: ObjectifLu, numero: str) -> bool:
    return numero in objectif.fiches or any(numero in un.fiches for un in objectif.operationnels)


def avec_son_titre(tableau: TableauLu, titre: str, tete: str) -> TableauLu:
    """La légende est le titre ; ce que l'en-tête y ajoute entre parenthèses est la source."""
    source = tete.removeprefix(titre).strip()
    return replace(tableau, titre=titre, source=source[1:-1] if source.startswith("(") else "")


def couples_de(textes: list[str]) -> tuple[dict[str, str], list[str]]:
    """(terme → valeur, le reste). Un couple tient sur une ligne dans Word, sur deux dans une page."""
    couples: dict[str, str] = {}
    reste: list[str] = []
    suite = iter(textes)
    for texte in suite:
        termes = (STRUCTURE, TERRITOIRE, QPV, QUARTIERS)
        terme = next((un for un in termes if f"{texte} ".startswith(f"{un} ")), "")
        if not terme or terme in couples:
            reste.append(texte)
        else:
            couples[terme] = texte.removeprefix(terme).strip() or next(suite, "")
    return couples, reste


def zones_de(texte: str) -> tuple[str, ...]:
    return tuple(filter(None, texte.split(ENTRE_DEUX_ZONES)))


def date_ecrite(jour: str, mois: str, annee: str) -> date | None:
    try:
        return date(int(annee), MOIS.index(mois) + 1, int(jour))
    except ValueError:  # « 31 juin » : quelqu'un a retouché la date
        return None
