"""Formulaires du catalogue."""
