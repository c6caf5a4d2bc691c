"""Un an de quotidien dans deux centres : habitants, séances, présences, bénévoles, initiatives, comptoir."""

from maillage.demo.operations.quotidien.chargement import charger_le_quotidien

__all__ = ["charger_le_quotidien"]
