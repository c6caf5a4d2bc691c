"""Contrôles du démarrage : en production, un réglage dangereux empêche de démarrer."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection

from maillage.core.base_de_donnees import est_sqlite, reglages_de_surete
from maillage.environnement import ReglageRefuse

# Une coupure ne perd rien d'acquitté, deux écrivains s'attendent, et personne n'attend sans fin (ADR 0002).
_SQLITE = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "transaction_mode": "immediate"}
_POSTGRESQL = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_DELAIS_POSTGRESQL = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


@register(Tags.security)
def production_sure(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse clé faible, hôtes ouverts, adresse en clair. Sans objet hors production."""
    if not settings.EN_PRODUCTION:
        return []
    fautes: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5:
        fautes.append(Error("MAILLAGE_SECRET est trop faible : 50 caractères au moins.", id="maillage.E001"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        fautes.append(Error("MAILLAGE_HOTES doit nommer les hôtes, sans « * ».", id="maillage.E002"))
    if not settings.MAILLAGE_URL.startswith("https://"):
        fautes.append(Error("MAILLAGE_URL doit commencer par https://.", id="maillage.E003"))
    if settings.DEBUG:
        fautes.append(Error("DEBUG ne doit jamais être vrai en production.", id="maillage.E004"))
    return fautes


@register(Tags.database)
def base_durable(app_configs: Any = None, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Lit dans la base les réglages qui protègent une écriture acquittée d'une coupure de courant."""
    try:
        lus = {nom: str(valeur).lower() for nom, valeur in reglages_de_surete().items()}
    except DatabaseError:
        return []  # base absente : `/readyz` et les migrations le diront
    attendus, delais = (_SQLITE, ("busy_timeout",)) if est_sqlite() else (_POSTGRESQL, _DELAIS_POSTGRESQL)
    fautes = [(nom, voulu) for nom, voulu in attendus.items() if lus.get(nom) != voulu]
    fautes += [(nom, "une durée") for nom in delais if lus.get(nom, "0") == "0"]
    return [
        Error(f"La base n'est pas sûre : {nom} vaut {lus.get(nom)}, il faut {voulu}.", id="maillage.E010")
        for nom, voulu in fautes
    ]


def exiger_une_production_sure() -> None:
    """Gunicorn ne lance pas les contrôles de Django : le serveur web les exige en naissant.

    Lève `ReglageRefuse`. La connexion est rendue : gunicorn se dédouble après avoir chargé l'application.
    """
    if not settings.EN_PRODUCTION:
        return
    fautes = [faute.msg for faute in (*production_sure(), *base_durable())]
    connection.close()
    if fautes:
        raise ReglageRefuse(" ".join(fautes))
