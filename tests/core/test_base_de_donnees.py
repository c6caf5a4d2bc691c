"""Ce que chaque base veut qu'on lui dise."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

import pytest
from django.db import connection

from maillage.core.base_de_donnees import actualiser_les_statistiques
from tests.fabriques import StructureFactory

pytestmark = pytest.mark.django_db

sur_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite suit l'ordre des index")


@sur_postgresql
def test_postgresql_sait_ce_que_la_transaction_en_cours_vient_d_ecrire() -> None:
    """Sans quoi il croit vide une table pleine, et une requête de 10 ms est arrêtée après 30 s."""
    StructureFactory.create_batch(30)
    _faire_croire_vide()
    actualiser_les_statistiques()
    assert _lignes_crues() == 30


@sur_postgresql
def test_il_le_sait_aussi_quand_son_menage_passait_sur_la_table() -> None:
    """Le ménage passe quand beaucoup vient de changer : juste au moment où on lui parle."""
    StructureFactory.create_batch(30)
    _faire_croire_vide()
    with _menage_en_cours(secondes=0.5):
        actualiser_les_statistiques()
    assert _lignes_crues() == 30


def test_les_mettre_a_jour_ne_change_rien_aux_lignes() -> None:
    structure = StructureFactory(nom="Centre social des Deux-Ponts")
    actualiser_les_statistiques()
    structure.refresh_from_db()
    assert structure.nom == "Centre social des Deux-Ponts"


def _faire_croire_vide() -> None:
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE pg_class SET relpages = 100, reltuples = 0 WHERE oid = 'territoire_structure'::regclass"
        )


def _lignes_crues() -> int:
    with connection.cursor() as curseur:
        curseur.execute("SELECT reltuples FROM pg_class WHERE oid = 'territoire_structure'::regclass")
        return int(curseur.fetchone()[0])


@contextmanager
def _menage_en_cours(secondes: float) -> Iterator[None]:
    """Une autre connexion tient le verrou que prend le ménage, puis le rend."""
    autre = connection.copy()
    autre.inc_thread_sharing()  # le fil du minuteur la rend
    autre.set_autocommit(False)
    with autre.cursor() as curseur:
        curseur.execute("LOCK TABLE territoire_structure IN SHARE UPDATE EXCLUSIVE MODE")
    rendre = Timer(secondes, autre.rollback)
    rendre.start()
    try:
        yield
    finally:
        rendre.join()
        autre.close()
