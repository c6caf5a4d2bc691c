"""Les lignes d'un centre, lues une fois, et les bornes écrites ici une seconde fois : ce que recompte `_recompte`."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

AGES = {
    "tout-petits": (0, 5),
    "enfants": (0, 11),
    "adolescents": (12, 17),
    "jeunes": (12, 25),
    "jeunes adultes": (18, 25),
    "adultes": (18, 200),
    "seniors": (60, 200),
    "grand âge": (75, 200),
}
BANDES = {"0_5": 0, "6_11": 6, "12_17": 12, "18_25": 18, "26_59": 26, "60_74": 60, "75": 75}


def meme_mot(un: str, autre: str) -> bool:
    def nu(mot: str) -> str:
        return mot.lower().rstrip("s")

    return nu(un) == nu(autre)


def parmi(mots: Iterable[str], voulus: Iterable[str]) -> bool:
    return any(meme_mot(mot, voulu) for mot in mots for voulu in voulus)


class LignesNues:
    """Toutes les tables d'une structure, sans filtre."""

    def __init__(self, structure: Any) -> None:
        from maillage.accueil.models import Demande, Passage, TypeDeDemande
        from maillage.activites import models as m
        from maillage.personnes.models import Foyer, MembreDeFoyer, Personne, Provenance

        self.fuseau = ZoneInfo("Europe/Paris")
        ici = {"structure": structure}
        self.activites: dict[int | None, Any] = {a.pk: a for a in m.Activite.objects.filter(**ici)}
        self.seances: dict[int | None, Any] = {
            s.pk: s for s in m.Seance.objects.filter(activite__structure=structure)
        }
        self.presences = list(m.Presence.objects.filter(seance__activite__structure=structure))
        self.sans_nom = list(m.VenueSansNom.objects.filter(seance__activite__structure=structure))
        self.inscriptions = list(m.Inscription.objects.filter(activite__structure=structure))
        self.personnes = {p.pk: p for p in Personne.objects.filter(**ici)}
        self.provenances: dict[int | None, Any] = {p.pk: p for p in Provenance.objects.filter(**ici)}
        self.foyers: dict[int, set[int]] = defaultdict(set)
        for lien in MembreDeFoyer.objects.filter(foyer__structure=structure):
            self.foyers[lien.personne_id].add(lien.foyer_id)
        vivants = {foyer.empreinte: foyer.pk for foyer in Foyer.objects.filter(**ici)}
        for personne in self.personnes.values():
            if (garde := personne.foyer_garde) is not None:
                self.foyers[personne.pk].add(vivants.get(garde, garde))
        self.interventions = list(m.Intervention.objects.filter(seance__activite__structure=structure))
        self.genres = {p.partenaire_id: p.genres for p in m.PartenaireDuCentre.objects.filter(**ici)}
        self.initiatives = list(m.Initiative.objects.filter(**ici).prefetch_related("partenaires", "suivis"))
        self.heures = list(m.HeuresDeBenevolat.objects.filter(**ici).select_related("benevole"))
        self.satisfactions = list(m.Satisfaction.objects.filter(seance__activite__structure=structure))
        self.passages = {p.pk: p for p in Passage.objects.filter(**ici)}
        self.types = {t.pk: t for t in TypeDeDemande.objects.filter(**ici)}
        self.demandes = list(Demande.objects.filter(passage__structure=structure))
