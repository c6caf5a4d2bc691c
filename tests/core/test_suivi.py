"""La boîte de départ et ses lecteurs : dans l'ordre, tout, et encore après une panne."""

import threading
from collections.abc import Sequence

import pytest
from django.db import transaction

from maillage.core import suivi
from maillage.core.changements import noter_changement
from maillage.core.models import Changement
from maillage.territoire.models import Partenaire

pytestmark = pytest.mark.django_db(transaction=True)


class Lecteur:
    """Consommateur d'essai : retient ce qu'il a traité, et tombe en panne sur demande."""

    nom = "essai"

    def __init__(self, pannes: int = 0) -> None:
        self.vus: list[int] = []
        self.pannes = pannes

    def traiter(self, changements: Sequence[Changement]) -> None:
        if self.pannes:
            self.pannes -= 1
            raise ValueError("panne voulue")
        self.vus += [changement.objet_id for changement in changements]


@pytest.fixture
def partenaires() -> list[Partenaire]:
    return [Partenaire.objects.create(nom=f"Partenaire {i}", slug=f"p{i}") for i in range(5)]


def noter(objets: list[Partenaire]) -> None:
    with transaction.atomic():
        for objet in objets:
            noter_changement(objet, "modifier_partenaire")


def test_noter_hors_d_une_transaction_est_refuse(partenaires: list[Partenaire]) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        noter_changement(partenaires[0], "modifier_partenaire")


def test_un_changement_annule_n_est_jamais_lu(partenaires: list[Partenaire]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        noter_changement(partenaires[0], "modifier_partenaire")
        raise ZeroDivisionError
    lecteur = Lecteur()
    assert suivi.rattraper(lecteur) == 0
    assert lecteur.vus == []


def test_le_lecteur_recoit_tout_dans_l_ordre_et_une_seule_fois(
    partenaires: list[Partenaire], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suivi, "TAILLE_DE_LOT", 2)
    noter(partenaires)
    lecteur = Lecteur()
    assert suivi.retard(lecteur) == 5
    assert suivi.rattraper(lecteur) == 5
    assert lecteur.vus == [partenaire.pk for partenaire in partenaires]
    assert suivi.retard(lecteur) == 0
    assert suivi.rattraper(lecteur) == 0


def test_apres_une_panne_le_lot_revient(partenaires: list[Partenaire]) -> None:
    noter(partenaires[:2])
    lecteur = Lecteur(pannes=1)
    with pytest.raises(ValueError, match="panne voulue"):
        suivi.rattraper(lecteur)
    assert suivi.retard(lecteur) == 2
    suivi.rattraper(lecteur)
    assert lecteur.vus == [partenaires[0].pk, partenaires[1].pk]


@pytest.mark.erreur_journalisee
def test_la_panne_d_un_lecteur_n_arrete_pas_les_autres(
    partenaires: list[Partenaire], monkeypatch: pytest.MonkeyPatch
) -> None:
    noter(partenaires[:1])
    en_panne, sain = Lecteur(pannes=1000), Lecteur()
    en_panne.nom = "en panne"
    arret = threading.Event()

    def tous() -> tuple[Lecteur, ...]:
        if sain.vus:
            arret.set()
        return (en_panne, sain)

    monkeypatch.setattr(suivi, "consommateurs", tous)
    suivi.suivre(arret, repos=0.01)
    assert sain.vus == [partenaires[0].pk]
