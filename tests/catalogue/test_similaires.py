"""Les expériences qui ressemblent à une autre, et pourquoi."""

from collections.abc import Callable

import pytest

from maillage.catalogue.choices import FamilleTerme
from maillage.catalogue.recherche import similaires
from tests.fabriques import ExperienceFactory, TermeFactory

pytestmark = pytest.mark.django_db
Indexer = Callable[[], int]
VIDE = {"resume": "", "description": ""}


def test_une_fiche_qui_ne_ressemble_a_rien_n_en_propose_aucune(indexer: Indexer) -> None:
    seule = ExperienceFactory(titre="Kayak", **VIDE)
    ExperienceFactory(titre="Chorale", **VIDE)
    indexer()
    assert similaires(seule) == []


def test_une_fiche_non_publiee_n_est_jamais_proposee(indexer: Indexer) -> None:
    publiee = ExperienceFactory(titre="Kayak en rivière", **VIDE)
    ExperienceFactory(titre="Kayak en rivière", brouillon=True, **VIDE)
    retiree = ExperienceFactory(titre="Kayak en rivière", **VIDE)
    indexer()
    type(retiree).objects.filter(pk=retiree.pk).update(etat="retiree")  # l'index ne le sait pas encore
    assert similaires(publiee) == []


def test_un_public_que_tout_le_monde_coche_ne_rapproche_pas(indexer: Indexer) -> None:
    tous = TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Tous publics")
    une = ExperienceFactory(titre="Kayak", termes=[tous], **VIDE)
    ExperienceFactory(titre="Chorale", termes=[tous], **VIDE)
    indexer()
    assert similaires(une) == []


def test_la_raison_dit_le_public_le_mot_cle_et_les_mots_partages(indexer: Indexer) -> None:
    seniors = TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Seniors")
    solidarite = TermeFactory(famille=FamilleTerme.MOT_CLE, libelle="Solidarité")
    une = ExperienceFactory(titre="Démarches et bénévoles", termes=[seniors, solidarite], **VIDE)
    autre = ExperienceFactory(titre="Un bénévole pour vos démarches", termes=[seniors, solidarite], **VIDE)
    for rang in range(4):
        ExperienceFactory(titre=f"Chorale {rang}", **VIDE)
    indexer()
    (trouvee,) = similaires(une)
    assert trouvee.fiche.pk == autre.pk
    assert (
        trouvee.raison == "Même public, même mot clé, mots «\u00a0bénévoles\u00a0» et «\u00a0démarches\u00a0»"
    )


def test_les_mots_rares_rapprochent_plus_que_les_courants(indexer: Indexer) -> None:
    une = ExperienceFactory(titre="Atelier apiculture", **VIDE)
    voulue = ExperienceFactory(titre="Apiculture en ville", **VIDE)
    for rang in range(12):
        ExperienceFactory(titre=f"Atelier {rang}", **VIDE)
    indexer()
    trouvees = similaires(une, nombre=3)
    assert len(trouvees) == 3
    assert trouvees[0].fiche.pk == voulue.pk
    assert "apiculture" in trouvees[0].raison
