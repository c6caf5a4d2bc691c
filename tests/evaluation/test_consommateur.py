"""Un nombre suit ce qui le change, sans que personne ne recompte."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maillage.activites.choices import EtatSeance
from maillage.activites.models import Activite, Presence, Seance, VenueSansNom
from maillage.core import suivi
from maillage.core.changements import noter_changement
from maillage.core.models import Changement
from maillage.evaluation.consommateur import CHEMINS, ConsommateurCalcul
from maillage.evaluation.models import FicheCalculee
from maillage.evaluation.operations import recalculer_fiche
from maillage.projets.models import FicheAction, Indicateur, ValeurCalculee
from tests.accueil.fabriques import PassageFactory
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
MARS = datetime(2026, 3, 10, 14, tzinfo=UTC)


@pytest.fixture
def fiche() -> FicheAction:
    return FicheActionFactory(projet=ProjetSocialFactory())


@pytest.fixture
def activite(fiche: FicheAction) -> Activite:
    return ActiviteFactory(structure=fiche.projet.structure, fiche=fiche)


@pytest.fixture
def presences(fiche: FicheAction) -> Indicateur:
    return IndicateurFactory(fiche=fiche, source="calcul", definition={"mesures": ["presences"]})


def tenir(activite: Activite, sans_nom: int = 0, jours: int = 0) -> Seance:
    seance = SeanceFactory(activite=activite, debut=MARS + timedelta(days=jours), etat=EtatSeance.TENUE)
    if sans_nom:
        VenueSansNom.objects.create(seance=seance, nombre=sans_nom)
    return seance


def suivre(*objets: object) -> None:
    """Une opération change ces objets ; la boucle de suivi passe."""
    with transaction.atomic():
        for objet in objets:
            noter_changement(objet, "changer")  # type: ignore[arg-type]
    suivi.rattraper(ConsommateurCalcul())


def valeur(indicateur: Indicateur, annee: int = 2026) -> Decimal | None:
    une = ValeurCalculee.objects.filter(indicateur=indicateur, annee=annee).first()
    return une.valeur if une else None


def test_une_seance_notee_change_le_nombre_de_sa_fiche(activite: Activite, presences: Indicateur) -> None:
    seance = tenir(activite, sans_nom=4)
    PresenceFactory(seance=seance)
    suivre(seance)
    assert valeur(presences) == 5
    assert "4 présences sans nom" in ValeurCalculee.objects.get(annee=2026).couverture.replace("\xa0", " ")


def test_une_activite_rattachee_ailleurs_quitte_sa_premiere_fiche(
    activite: Activite, presences: Indicateur
) -> None:
    seance = tenir(activite, sans_nom=4)
    suivre(seance)
    activite.fiche = FicheActionFactory(projet=presences.fiche.projet)
    activite.save()
    suivre(activite)
    assert valeur(presences) is None


def test_un_compte_de_tout_le_centre_suit_une_activite_sans_fiche(fiche: FicheAction) -> None:
    tout = IndicateurFactory(
        fiche=fiche, source="calcul", definition={"mesures": ["seances"], "perimetre": "centre"}
    )
    suivre(tenir(ActiviteFactory(structure=fiche.projet.structure)))
    assert valeur(tout) == 1


def test_une_annee_scolaire_close_en_son_milieu_compte_jusqu_a_sa_fin(
    activite: Activite, presences: Indicateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Le bilan de 2025 est clos en janvier ; mars 2026 est encore de l'année scolaire 2025-2026."""
    Indicateur.objects.update(calendrier="scolaire")
    presences.fiche.bilans.create(annee=2025, clos_le=MARS)
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: date(2026, 3, 20))
    suivre(tenir(activite, sans_nom=4))
    suivre(tenir(activite, sans_nom=7))
    assert valeur(presences, 2025) == 11
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: date(2026, 9, 1))
    suivre(tenir(activite, sans_nom=9))
    assert valeur(presences, 2025) == 11
    assert ValeurCalculee.objects.get(annee=2025).depuis_la_cloture == 20


def test_une_annee_close_ne_bouge_plus_et_dit_ce_qui_est_arrive_depuis(
    activite: Activite, presences: Indicateur
) -> None:
    suivre(tenir(activite, sans_nom=4))
    presences.fiche.bilans.create(annee=2026, clos_le=MARS)
    suivre(tenir(activite, sans_nom=3, jours=7))
    gardee = ValeurCalculee.objects.get(indicateur=presences, annee=2026)
    assert (gardee.valeur, gardee.depuis_la_cloture) == (4, 7)


def test_un_calcul_ancien_n_ecrase_pas_un_plus_recent(activite: Activite, presences: Indicateur) -> None:
    suivre(tenir(activite, sans_nom=4))
    FicheCalculee.objects.update(changement_id=Changement.objects.latest("pk").pk + 1)
    tenir(activite, sans_nom=3, jours=7)
    recalculer_fiche(presences.fiche)
    assert valeur(presences) == 4


def test_une_page_recompte_sa_fiche_que_des_changements_attendent(
    activite: Activite, presences: Indicateur
) -> None:
    seance = tenir(activite, sans_nom=4)
    with transaction.atomic():
        noter_changement(seance, "noter_venues")
    suivi.rattraper_pour(FicheActionFactory(projet=presences.fiche.projet))  # une autre : rien ne s'y fait
    assert valeur(presences) is None
    suivi.rattraper_pour(presences.fiche)
    assert valeur(presences) == 4


def test_un_changement_d_une_autre_structure_ne_recompte_rien(presences: Indicateur) -> None:
    suivre(tenir(ActiviteFactory(fiche=None), sans_nom=4))
    assert not FicheCalculee.objects.exists()


@pytest.mark.parametrize("objet_type", sorted(CHEMINS))
def test_chaque_chemin_d_un_objet_a_ses_fiches_existe(objet_type: str) -> None:
    """Une faute dans un chemin laisserait un nombre faux sans une erreur."""
    chemin = CHEMINS[objet_type]
    for vers in filter(None, (*chemin.fiches, chemin.structure)):
        assert not chemin.modele._default_manager.filter(**{f"{vers}__isnull": False}).exists()


def test_un_passage_ne_recompte_que_ce_qu_il_peut_changer(fiche: FicheAction, presences: Indicateur) -> None:
    """Ni les présences de sa fiche, ni celles de tout le centre : un nombre suit sa saisie en deux secondes."""
    structure = fiche.projet.structure
    au_centre = IndicateurFactory(
        fiche=fiche, source="calcul", definition={"mesures": ["presences"], "perimetre": "centre"}
    )
    venus = IndicateurFactory(
        fiche=fiche, source="calcul", definition={"mesures": ["passages"], "perimetre": "centre"}
    )
    suivre(tenir(ActiviteFactory(structure=structure, fiche=fiche), sans_nom=4))
    passage = PassageFactory(structure=structure, le=MARS)
    avant = set(ValeurCalculee.objects.values_list("pk", "calculee_le"))
    with CaptureQueriesContext(connection) as requetes:
        suivre(passage)
    assert valeur(venus) == 1
    assert (valeur(presences), valeur(au_centre)) == (4, 4)
    assert avant <= set(ValeurCalculee.objects.values_list("pk", "calculee_le"))
    assert [r["sql"] for r in requetes if Presence._meta.db_table in r["sql"]] == []


def test_une_seance_et_un_passage_du_meme_lot_changent_chacun_leurs_nombres(
    activite: Activite, presences: Indicateur
) -> None:
    venus = IndicateurFactory(
        fiche=presences.fiche, source="calcul", definition={"mesures": ["passages"], "perimetre": "centre"}
    )
    suivre(tenir(activite, sans_nom=2), PassageFactory(structure=activite.structure, le=MARS))
    assert (valeur(presences), valeur(venus)) == (2, 1)


def test_l_evolution_d_une_mesure_la_suit(fiche: FicheAction) -> None:
    evolution = IndicateurFactory(
        fiche=fiche,
        source="calcul",
        definition={"mesures": ["evolution"], "base": ["passages"], "perimetre": "centre"},
    )
    PassageFactory(structure=fiche.projet.structure, le=MARS - timedelta(days=365))
    suivre(PassageFactory(structure=fiche.projet.structure, le=MARS))
    assert valeur(evolution) == 0
    suivre(PassageFactory(structure=fiche.projet.structure, le=MARS))
    assert valeur(evolution) == 100
