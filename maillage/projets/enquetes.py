"""Lire un résultat d'enquête : les petits nombres y sont cachés, plus au dehors que dedans."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from maillage.core.francais import nombre
from maillage.core.graphiques import Graphique, Serie
from maillage.core.petits_nombres import masquer_un_croisement
from maillage.projets.choices import CACHE
from maillage.projets.models import ResultatEnquete

EFFECTIF: Final = "Réponses"
BARRES_MAX: Final = 10


@dataclass(frozen=True)
class ResultatLu:
    """`a_cache` : il y manque des nombres, que `seuil` explique."""

    resultat: ResultatEnquete
    entetes: list[str]
    lignes: list[tuple[str, list[str]]]
    repondants: int
    seuil: int
    a_cache: bool
    graphique: Graphique | None

    @property
    def d_ou(self) -> str:
        """« Enquête de rue, 2026, 84 réponses » ; ce qui manque est dit."""
        dites = (self.resultat.enquete or "enquête non dite", str(self.resultat.annee or "année non dite"))
        return ", ".join(
            (*dites, f"{nombre(self.repondants)} réponses" if self.repondants else "sans réponse")
        )

    @property
    def note(self) -> str:
        if not self.a_cache:
            return ""
        return f"« {CACHE} » : moins de {self.seuil} réponses, ou ce qui les ferait retrouver."


def lire_le_resultat(resultat: ResultatEnquete, *, est_dehors: bool) -> ResultatLu:
    """Dedans, un tableau simple se lit entier ; croisé, il désigne déjà des gens."""
    effectifs = [[int(n) for n in ligne["valeurs"]] for ligne in resultat.lignes]
    seuil = settings.PETITS_NOMBRES_DEHORS if est_dehors else settings.PETITS_NOMBRES_DEDANS
    est_a_masquer = est_dehors or bool(resultat.croisement)
    montres: list[list[int | None]] = (
        masquer_un_croisement(effectifs, seuil)
        if est_a_masquer and effectifs
        else [list(une) for une in effectifs]
    )
    libelles = [str(ligne["libelle"]) for ligne in resultat.lignes]
    repondants = sum(map(sum, effectifs))
    cache_le_total = est_dehors and 0 < repondants < seuil
    return ResultatLu(
        resultat,
        list(resultat.colonnes),
        [
            (libelle, [CACHE if n is None else nombre(n) for n in ligne])
            for libelle, ligne in zip(libelles, montres, strict=True)
        ],
        0 if cache_le_total else repondants,
        seuil,
        cache_le_total or any(n is None for ligne in montres for n in ligne),
        _dessiner(resultat, libelles, montres),
    )


def _dessiner(
    resultat: ResultatEnquete, libelles: list[str], montres: list[list[int | None]]
) -> Graphique | None:
    if (
        resultat.croisement
        or not 2 <= len(libelles) <= BARRES_MAX
        or any(len(ligne) != 1 for ligne in montres)
    ):
        return None
    return Graphique(
        titre=resultat.question,
        repere="Réponse",
        reperes=libelles,
        series=[Serie(EFFECTIF, [ligne[0] for ligne in montres])],
        source=f"Source : {resultat.enquete or 'enquête non dite'}, {resultat.annee or 'année non dite'}.",
        forme="couchees",
    )
