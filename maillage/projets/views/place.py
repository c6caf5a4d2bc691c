"""Une fiche parmi celles dont on écrit le bilan, une année : ce qui lui manque, la précédente, la suivante."""

from django.urls import reverse

from maillage.projets.models import FicheAction
from maillage.projets.suivi import FicheSuivie, Suivi, lire_suivi


class Place:
    """La fiche parmi celles de l'année : la précédente, la suivante, combien il en reste."""

    def __init__(self, suivi: Suivi, suivie: FicheSuivie) -> None:
        self.suivie = suivie
        fiches = suivi.de_l_annee
        rang = fiches.index(suivie) if suivie in fiches else -1
        self.rang, self.total = rang + 1, len(fiches)
        self.reste = sum(une.avancement["cle"] != "clos" for une in fiches)
        self.precedente = self._adresse(fiches[rang - 1] if rang > 0 else None, suivi.annee)
        self.restante = self._restante(fiches, rang)
        self.suivante = self._adresse(fiches[rang + 1] if 0 <= rang < len(fiches) - 1 else None, suivi.annee)

    def _restante(self, fiches: list[FicheSuivie], rang: int) -> FicheSuivie | None:
        """La prochaine dont le bilan n'est pas clos, en reprenant du début."""
        autres = fiches[rang + 1 :] + fiches[: max(rang, 0)]
        return next((une for une in autres if une.avancement["cle"] != "clos"), None)

    @staticmethod
    def _adresse(suivie: FicheSuivie | None, annee: int) -> str:
        return reverse("bilan", args=[suivie.fiche.pk, annee]) if suivie else ""


def place_de(fiche: FicheAction, annee: int) -> Place:
    suivi = lire_suivi(fiche.projet, annee, est_dehors=True)  # où l'on en est : aucun nombre n'y est dit
    return Place(suivi, next(une for une in suivi.fiches if une.fiche == fiche))
