"""Le même quotidien sur PostgreSQL, la base d'une installation que plusieurs centres partagent."""

from outils.mesures import Mesure, quotidien
from outils.postgres import postgres_jetable, programmes


def mesurer() -> list[Mesure]:
    """Rien là où PostgreSQL n'est pas installé."""
    if programmes() is None:
        return []
    with postgres_jetable() as adresse:
        return quotidien.mesurer(DATABASE_URL=adresse)
