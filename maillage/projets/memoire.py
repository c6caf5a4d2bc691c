"""La mémoire d'un projet : ce qui a été tenté, ce qu'il en est advenu, pourquoi, et ce qu'on en a appris."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from maillage.core.francais import INSECABLE, compte, nombre
from maillage.projets.choices import EtatFiche, MomentEvaluation, SuiteDonnee, SuiteProposee
from maillage.projets.indicateurs import IndicateurLu
from maillage.projets.lecture import Arbre, FicheLue
from maillage.projets.models import (
    Axe,
    BilanDeFiche,
    Evaluation,
    FicheAction,
    LeconRetenue,
    ProjetSocial,
    Proposition,
)
from maillage.projets.suivi import FicheSuivie, lire_suivi

TERMINER: Final = "terminer"
PAS_DIT: Final = "pas_dit"
DEVENIRS: Final[dict[str, tuple[str, str, str]]] = {
    SuiteProposee.CONTINUER: ("Continuée", "ok", "arrow-right"),
    SuiteProposee.TRANSFORMER: ("Transformée", "info", "pencil"),
    SuiteProposee.ARRETER: ("Arrêtée", "stop", "circle-stop"),
    TERMINER: ("Allée à son terme", "ok", "flag"),
    PAS_DIT: ("Pas encore dit", "", "circle-dashed"),
}
"""Devenir → libellé, ton, icône."""
ACCORDS: Final[dict[str, str]] = {
    SuiteProposee.CONTINUER: "continuée",
    SuiteProposee.TRANSFORMER: "transformée",
    SuiteProposee.ARRETER: "arrêtée",
    TERMINER: "allée à son terme,allées à leur terme",
    PAS_DIT: "pas encore dite,pas encore dites",
}
"""Pour un nombre d'actions (`francais.compte`)."""
APRES_UN_BILAN: Final[dict[str, str]] = {
    SuiteDonnee.RECONDUIRE: SuiteProposee.CONTINUER,
    SuiteDonnee.AMELIORER: SuiteProposee.TRANSFORMER,
    SuiteDonnee.ARRETER: SuiteProposee.ARRETER,
}


@dataclass(frozen=True, slots=True)
class Apprise:
    """Une leçon, l'année de son bilan ; 0 pour une leçon de l'évaluation."""

    texte: str
    annee: int = 0
    ou_sert: str = ""


@dataclass(frozen=True, slots=True)
class NombreRetenu:
    """D'où l'on est parti, où l'on est arrivé. `cible` : celle de la dernière année connue."""

    libelle: str
    unite: str
    depart: str
    arrivee: str
    annee: int
    cible: str


@dataclass(eq=False)
class Souvenir:
    """Une action, et ce qu'il en reste."""

    suivie: FicheSuivie
    proposition: Proposition | None = None
    lecons: list[LeconRetenue] = field(default_factory=list)

    @property
    def lue(self) -> FicheLue:
        return self.suivie.lue

    @property
    def fiche(self) -> FicheAction:
        return self.suivie.fiche

    @property
    def bilans(self) -> list[BilanDeFiche]:
        return [bilan for _, bilan in sorted(self.suivie.bilans.items())]

    @cached_property
    def devenir(self) -> str:
        """D'abord ce que la fiche est devenue, puis ce que l'évaluation propose, puis le dernier bilan."""
        if self.fiche.etat == EtatFiche.TERMINEE:
            return TERMINER
        if self.fiche.etat == EtatFiche.ARRETEE:
            return SuiteProposee.ARRETER
        if self.proposition is not None and self.proposition.suite:
            return self.proposition.suite
        dites = [bilan.suite for bilan in self.bilans if bilan.suite]
        return APRES_UN_BILAN[dites[-1]] if dites else PAS_DIT

    @property
    def signe(self) -> dict[str, str]:
        libelle, ton, icone = DEVENIRS[self.devenir]
        return {"libelle": libelle, "ton": ton, "icone": icone}

    @property
    def raison(self) -> str:
        """Celle de l'évaluation ; à défaut, ce qui n'a pas marché au dernier bilan."""
        if self.proposition is not None and self.proposition.raison:
            return self.proposition.raison
        return next((b.n_a_pas_marche for b in reversed(self.bilans) if b.n_a_pas_marche), "")

    @property
    def effet(self) -> str:
        if self.proposition is not None and self.proposition.effet:
            return self.proposition.effet
        return next((b.a_marche for b in reversed(self.bilans) if b.a_marche), "")

    @property
    def apprises(self) -> list[Apprise]:
        """Celles de l'évaluation d'abord."""
        retenues = [Apprise(lecon.texte, ou_sert=lecon.ou_sert) for lecon in self.lecons]
        dites = {lecon.texte for lecon in self.lecons}
        return retenues + [
            Apprise(bilan.lecon, bilan.annee)
            for bilan in reversed(self.bilans)
            if bilan.lecon and bilan.lecon not in dites
        ]

    @property
    def annees(self) -> list[int]:
        """Celles dont on sait quelque chose."""
        sues = set(self.suivie.bilans)
        for lu in self.suivie.indicateurs:
            sues |= {lue.annee for lue in lu.annees if lue.est_renseignee}
        return sorted(sues)

    @cached_property
    def nombres(self) -> list[NombreRetenu]:
        return [retenu for lu in self.suivie.indicateurs if (retenu := _nombre(lu)) is not None]

    @property
    def mots(self) -> str:
        """Tout ce que l'on cherche dedans."""
        textes = [str(self.lue), self.fiche.presentation, self.raison, self.effet]
        textes += [apprise.texte for apprise in self.apprises]
        textes += [f"{bilan.a_marche} {bilan.n_a_pas_marche}" for bilan in self.bilans]
        return "\n".join(textes).casefold()


def _nombre(lu: IndicateurLu) -> NombreRetenu | None:
    if not lu.indicateur.est_quantitatif:
        return None
    connues = [lue for lue in lu.annees if lue.est_renseignee]
    if not connues:
        return None
    derniere = connues[-1]
    return NombreRetenu(
        lu.indicateur.libelle,
        lu.indicateur.unite,
        nombre(lu.indicateur.depart),
        derniere.cachee or nombre(derniere.retenue),
        derniere.annee,
        nombre(derniere.cible.valeur) if derniere.cible else "",
    )


@dataclass(eq=False)
class Memoire:
    projet: ProjetSocial
    souvenirs: list[Souvenir]
    lecons: list[LeconRetenue]
    """Celles de l'évaluation, qu'elles viennent ou non d'une fiche."""
    evaluation: Evaluation | None = None

    def devenus(self, devenir: str) -> list[Souvenir]:
        return [souvenir for souvenir in self.souvenirs if souvenir.devenir == devenir]

    @property
    def par_devenir(self) -> list[tuple[str, str, list[Souvenir]]]:
        """Clé, libellé accordé, souvenirs ; sans les devenirs que rien ne porte."""
        return [(cle, _accord(cle, len(siens)), siens) for cle in DEVENIRS if (siens := self.devenus(cle))]

    @property
    def axes(self) -> list[Axe]:
        """Dans l'ordre de l'arbre."""
        return list({s.lue.axe.pk: s.lue.axe for s in self.souvenirs if s.lue.axe}.values())


def _accord(devenir: str, combien: int) -> str:
    """« Arrêtées » : `compte`, sans le nombre."""
    dit = compte(combien, ACCORDS[devenir]).partition(INSECABLE)[2]
    return dit[:1].upper() + dit[1:]


def derniere_evaluation(projet: ProjetSocial) -> Evaluation | None:
    """La finale si elle est commencée, sinon celle du milieu."""
    ecrites = {evaluation.moment: evaluation for evaluation in projet.evaluations.all()}
    return ecrites.get(MomentEvaluation.FINALE) or ecrites.get(MomentEvaluation.MI_PARCOURS)


def lire_memoire(projet: ProjetSocial, *, est_dehors: bool, arbre: Arbre | None = None) -> Memoire:
    """Une quinzaine de requêtes. `est_dehors` : sans les petits nombres."""
    evaluation = derniere_evaluation(projet)
    propositions: dict[int, Proposition] = {}
    lecons: list[LeconRetenue] = []
    if evaluation is not None:
        propositions = {p.fiche_id: p for p in evaluation.propositions.all() if p.fiche_id}
        lecons = list(evaluation.lecons.select_related("fiche"))
    suivi = lire_suivi(projet, projet.au.year, est_dehors=est_dehors, arbre=arbre)
    souvenirs = [
        Souvenir(
            suivie,
            propositions.get(suivie.fiche.pk),
            [lecon for lecon in lecons if lecon.fiche_id == suivie.fiche.pk],
        )
        for suivie in suivi.fiches
    ]
    return Memoire(projet, souvenirs, lecons, evaluation)


def souvenir_de(fiche: FicheAction, *, est_dehors: bool) -> Souvenir | None:
    """Celui d'une fiche ; sert à celle qui la prolonge."""
    memoire = lire_memoire(fiche.projet, est_dehors=est_dehors)
    return next((souvenir for souvenir in memoire.souvenirs if souvenir.fiche.pk == fiche.pk), None)
