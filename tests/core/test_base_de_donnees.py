"""Ce que chaque base veut qu'on lui dise."""

import pytest
from django.db import connection

from maillage.core.base_de_donnees import actualiser_les_statistiques
from tests.fabriques import StructureFactory

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite suit l'ordre des index")
def test_postgresql_sait_ce_que_la_transaction_en_cours_vient_d_ecrire() -> None:
    """Sans quoi il croit vide une table pleine, et une requête de 10 ms est arrêtée après 30 s."""
    StructureFactory.create_batch(30)
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE pg_class SET relpages = 100, reltuples = 0 WHERE relname = 'territoire_structure'"
        )
        actualiser_les_statistiques()
        curseur.execute("SELECT reltuples FROM pg_class WHERE relname = 'territoire_structure'")
        assert curseur.fetchone() == (30,)


def test_les_mettre_a_jour_ne_change_rien_aux_lignes() -> None:
    structure = StructureFactory(nom="Centre social des Deux-Ponts")
    actualiser_les_statistiques()
    structure.refresh_from_db()
    assert structure.nom == "Centre social des Deux-Ponts"
