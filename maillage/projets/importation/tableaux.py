"""Un tableau de chiffres par zone : des libellés en lignes, des zones en colonnes, des nombres ailleurs."""

import re

from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.lu import LigneDeTableau, TableauLu, ValeurLue

_NOMBRE = re.compile(
    r"^[<>≈~+-]?\s*(\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d+)(?:[.,](\d+))?\s*(%|€|[a-zà-ÿ.²]{1,12}\.?)?$",
    re.IGNORECASE,
)
_ABSENT = re.compile(r"^(?:nc|nd|n\.?\s?c\.?|n\.?\s?d\.?|ns|s|-|–|—|/|…|\?)$", re.IGNORECASE)
_SOURCE = re.compile(
    r"^(?P<titre>.*?)\s*\((?P<source>[^()]*(?:\d{4}|source|donnée|insee|caf)[^()]*)\)\s*$", re.IGNORECASE
)
_INDICE = re.compile(r"\bindice\b|\bratio\b", re.IGNORECASE)


def lire_un_nombre(texte: str) -> tuple[float, str] | None:
    """(valeur, unité) d'une cellule : « 36% », « 1,5 », « 8 700 hab. »."""
    trouve = _NOMBRE.match(texte.strip())
    if not trouve:
        return None
    entier = re.sub(r"\D", "", trouve[1])
    valeur = float(f"{entier}.{trouve[2]}") if trouve[2] else int(entier)
    return valeur, (trouve[3] or "").strip()


def lire_le_tableau(blocs: list[Bloc]) -> TableauLu | None:
    """Le tableau de chiffres que ces rangs forment, ou rien."""
    if len(blocs) < 3:
        return None
    tete = blocs[0]
    zones = [(colonne, cellule.texte.replace("\n", " ")) for colonne, cellule in tete.pleines() if colonne]
    if not zones or any(lire_un_nombre(zone) for _, zone in zones):
        return None
    lignes = [ligne for bloc in blocs[1:] if (ligne := _ligne(bloc, zones))]
    if len(lignes) < 2 or len(lignes) < 0.8 * (len(blocs) - 1):
        return None
    titre = tete.cellules[0].texte.replace("\n", " ")
    source = _SOURCE.match(titre)
    return TableauLu(
        ligne_debut=tete.ligne,
        ligne_fin=blocs[-1].ligne,
        titre=source["titre"] if source else titre,
        source=source["source"] if source else "",
        zones=tuple(zone for _, zone in zones),
        lignes=tuple(lignes),
    )


def _ligne(bloc: Bloc, zones: list[tuple[int, str]]) -> LigneDeTableau | None:
    if bloc.cellules[0].est_vide:
        return None
    libelle = bloc.cellules[0].texte.replace("\n", " ")
    bruts = [
        bloc.cellules[colonne].texte.strip() if colonne < len(bloc.cellules) else "" for colonne, _ in zones
    ]
    nombres = [lire_un_nombre(brut) for brut in bruts]
    if not any(nombres) or any(
        brut and nombre is None and not _ABSENT.match(brut)
        for brut, nombre in zip(bruts, nombres, strict=True)
    ):
        return None
    unites = [nombre[1] for nombre in nombres if nombre and nombre[1]]
    unite = unites[0] if unites else ("indice" if _INDICE.search(libelle) else "")
    return LigneDeTableau(
        ligne_debut=bloc.ligne,
        ligne_fin=bloc.ligne,
        libelle=libelle,
        valeurs=tuple(
            ValeurLue(
                zone=zone,
                brut=brut,
                valeur=nombre[0] if nombre else None,
                unite=(nombre[1] if nombre else "") or unite,
            )
            for (_, zone), brut, nombre in zip(zones, bruts, nombres, strict=True)
        ),
    )
