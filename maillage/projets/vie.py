"""La vie d'un projet, en une frise : ce qui est fait, où il en est, ce qui vient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from maillage.core.francais import date_longue
from maillage.projets.choices import EtatProjet
from maillage.projets.models import DemandeAgrement, ProjetSocial

ORDRE = (
    (EtatProjet.PREPARATION,),
    (EtatProjet.SOUMIS, EtatProjet.A_COMPLETER),
    (EtatProjet.AGREE, EtatProjet.REFUSE),
    (EtatProjet.EN_COURS,),
    (EtatProjet.EVALUE,),
    (EtatProjet.ARCHIVE,),
)
"""Les temps d'un projet ; deux états d'un même temps ne se montrent jamais ensemble."""


@dataclass(frozen=True, slots=True)
class Temps:
    libelle: str
    detail: str
    est_fait: bool
    est_ici: bool


def temps_du_projet(projet: ProjetSocial, demandes: Sequence[DemandeAgrement]) -> list[Temps]:
    etat = EtatProjet(projet.etat)
    ici = next(rang for rang, etats in enumerate(ORDRE) if etat in etats)
    deposees = [demande.deposee_le for demande in demandes]
    decidees = [demande.decidee_le for demande in demandes if demande.decidee_le]
    details = {
        1: _le(min(deposees, default=None)),
        2: _le(max(decidees, default=None)),
        3: f"du {date_longue(projet.du)} au {date_longue(projet.au)}",
    }
    return [
        Temps(
            libelle=(etat if rang == ici else etats[0]).label,
            detail=details.get(rang, ""),
            est_fait=rang < ici,
            est_ici=rang == ici,
        )
        for rang, etats in enumerate(ORDRE)
    ]


def _le(jour: date | None) -> str:
    return f"le {date_longue(jour)}" if jour else ""
