"""Le seul endroit qui sait quelle base est dessous."""

from django.db import connection

_VERROU_CHANGEMENTS = 0x4D41494C  # « MAIL », en ASCII


def est_sqlite() -> bool:
    return connection.vendor == "sqlite"


def ordonner_les_ecrivains() -> None:
    """Fait attendre les autres transactions qui notent un changement, jusqu'à la fin de celle-ci.

    Sans cela, PostgreSQL peut valider le changement 12 avant le 11 : un lecteur qui a vu 12 ne reviendrait
    jamais sur 11. SQLite (IMMEDIATE) n'a de toute façon qu'un écrivain à la fois.
    """
    if est_sqlite():
        return
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU_CHANGEMENTS])


def reglages_de_surete() -> dict[str, object]:
    """Réglages de durabilité lus dans la base elle-même, pour les vérifier au démarrage."""
    with connection.cursor() as curseur:
        if est_sqlite():
            return {nom: _lire(curseur, f"PRAGMA {nom}") for nom in ("journal_mode", "synchronous", "foreign_keys")}
        return {
            nom: _lire(curseur, f"SHOW {nom}") for nom in ("fsync", "full_page_writes", "synchronous_commit")
        }


def _lire(curseur: object, requete: str) -> object:
    curseur.execute(requete)  # type: ignore[attr-defined]
    return curseur.fetchone()[0]  # type: ignore[attr-defined]
