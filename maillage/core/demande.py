"""Numéro de la demande en cours, pour relier page d'erreur, journal technique et journal des actes."""

from contextvars import ContextVar

numero_de_demande: ContextVar[str] = ContextVar("numero_de_demande", default="")
