"""Deux personnes, un objet : la seconde est prévenue."""

import pytest

from maillage.core.versions import ConflitDeVersion, enregistrer
from maillage.territoire.models import Structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def deux_ponts() -> Structure:
    return Structure.objects.create(nom="Centre social des Deux-Ponts", slug="deux-ponts")


def test_la_seconde_ecriture_est_refusee_et_n_ecrase_rien(deux_ponts: Structure) -> None:
    lue_par_chloe = Structure.objects.get(pk=deux_ponts.pk)
    enregistrer(deux_ponts, version_lue=1, accroche="Écrit par Amina")
    with pytest.raises(ConflitDeVersion) as conflit:
        enregistrer(lue_par_chloe, version_lue=1, accroche="Écrit par Chloé")
    assert "Votre texte est gardé" in str(conflit.value)
    deux_ponts.refresh_from_db()
    assert deux_ponts.accroche == "Écrit par Amina"


def test_chaque_ecriture_avance_la_version_et_la_date(deux_ponts: Structure) -> None:
    avant = deux_ponts.modifie_le
    enregistrer(deux_ponts, version_lue=1, accroche="Bonjour")
    assert deux_ponts.version == 2
    assert deux_ponts.modifie_le > avant
