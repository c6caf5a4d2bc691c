"""Formulaires des personnes."""
