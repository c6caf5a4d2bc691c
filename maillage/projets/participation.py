"""L'échelle de la participation : combien de fiches à chaque degré, et ce qui le prouve."""

from dataclasses import dataclass, field

from maillage.projets.choices import DegreParticipation, EtatReunion
from maillage.projets.lecture import Arbre, FicheLue, lire_arbre
from maillage.projets.models import Decision, PreuveDeParticipation, ProjetSocial


@dataclass(slots=True)
class FicheParticipee:
    lue: FicheLue
    preuves: list[PreuveDeParticipation] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    """Celles d'une réunion tenue, qui parlent de cette fiche."""

    @property
    def texte(self) -> str:
        return self.lue.fiche.preuve_participation.strip()

    @property
    def est_prouvee(self) -> bool:
        return bool(self.texte or self.preuves or self.decisions)

    @property
    def faits(self) -> int:
        """Ce qui est daté : les preuves notées et les décisions."""
        return len(self.preuves) + len(self.decisions)


@dataclass(slots=True)
class Degre:
    degre: str
    libelle: str
    fiches: list[FicheParticipee]

    @property
    def prouvees(self) -> list[FicheParticipee]:
        return [une for une in self.fiches if une.est_prouvee]


@dataclass(slots=True)
class Participation:
    degres: list[Degre]
    """De l'information à la codécision."""
    sans_degre: list[FicheParticipee]

    @property
    def fiches(self) -> list[FicheParticipee]:
        return [une for degre in self.degres for une in degre.fiches]

    @property
    def sans_preuve(self) -> list[FicheParticipee]:
        return [une for une in self.fiches if not une.est_prouvee]

    @property
    def prouvees(self) -> list[FicheParticipee]:
        return [une for une in self.fiches if une.est_prouvee]


def lire_participation(projet: ProjetSocial, arbre: Arbre | None = None) -> Participation:
    fiches = [FicheParticipee(lue) for lue in (arbre or lire_arbre(projet)).fiches]
    par_fiche = {une.lue.fiche.pk: une for une in fiches}
    for preuve in PreuveDeParticipation.objects.filter(fiche__in=par_fiche):
        par_fiche[preuve.fiche_id].preuves.append(preuve)
    decisions = Decision.objects.filter(fiche__in=par_fiche, reunion__etat=EtatReunion.TENUE)
    for decision in decisions.select_related("reunion__instance"):
        par_fiche[decision.fiche_id or 0].decisions.append(decision)

    def a(degre: str) -> list[FicheParticipee]:
        return [une for une in fiches if une.lue.fiche.degre_participation == degre]

    return Participation(
        [Degre(valeur, str(libelle), a(valeur)) for valeur, libelle in DegreParticipation.choices], a("")
    )
