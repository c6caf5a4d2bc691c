"""Lire un indicateur écrit librement et proposer ce qu'il compte. Pur : ni base, ni requête.

Trois temps : `lecture` (mots et lexique), `groupes` (têtes, qualificatifs, compléments), `regles` (mesures, filtres).
"""

from maillage.evaluation.propositions.regles import Proposition, proposer

__all__ = ["Proposition", "proposer"]
