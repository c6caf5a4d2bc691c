"""Formulaires de la modération."""
