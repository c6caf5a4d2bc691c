"""Ce que compte un indicateur, tel que ses pages le montrent."""

from dataclasses import dataclass
from functools import cached_property

from maillage.evaluation.bibliotheque import origines
from maillage.evaluation.choices import Mesure
from maillage.evaluation.definitions import Definition, DefinitionInvalide, lire_definition
from maillage.evaluation.phrases import dire
from maillage.evaluation.propositions import Proposition, proposer
from maillage.projets.choices import ListeIndicateur
from maillage.projets.models import Indicateur

PREMIERE = Definition((Mesure.PERSONNES_DIFFERENTES,))
"""Quand ni l'équipe ni le libellé ne disent rien : de quoi commencer la phrase."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Une définition et ce qu'une personne en lit."""

    definition: Definition

    def __str__(self) -> str:
        dite = dire(self.definition)
        return f"{dite[0].upper()}{dite[1:]}."

    @property
    def origines(self) -> list[str]:
        """D'où viendra chaque nombre, sans se répéter."""
        return list(dict.fromkeys(origines()[mesure] for mesure in self.definition.comptees))

    @property
    def se_tape(self) -> bool:
        return self.definition.mesures == (Mesure.MANUEL,)


class Compte:
    """Un indicateur : la phrase enregistrée, et celle que son libellé laisse comprendre."""

    def __init__(self, indicateur: Indicateur) -> None:
        self.indicateur = indicateur

    @cached_property
    def enregistree(self) -> Phrase | None:
        """Aucune pour une saisie, ni pour une définition d'une autre version que celle-ci ne sait pas lire."""
        if not self.indicateur.definition:
            return None
        try:
            return Phrase(lire_definition(self.indicateur.definition, self.indicateur.calendrier))
        except DefinitionInvalide:
            return None

    @cached_property
    def proposition(self) -> Proposition:
        liste = ListeIndicateur(self.indicateur.liste)
        return proposer(self.indicateur.libelle, liste, self.indicateur.fiche.titre)

    @cached_property
    def comprise(self) -> Phrase | None:
        """D'après le libellé ; aucune pour un jugement."""
        definition = self.proposition.definition
        return Phrase(definition) if definition else None

    @property
    def de_depart(self) -> Definition:
        """Par où commence le constructeur."""
        phrase = self.enregistree or self.comprise
        return phrase.definition if phrase else PREMIERE
