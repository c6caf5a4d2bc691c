"""Chaque acte qui change un nombre le fait recompter : la valeur gardée est celle que donnerait un calcul neuf."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from maillage.accueil.operations.passages import noter_passage, preciser_passage
from maillage.activites.choices import EtatSeance
from maillage.activites.models import Activite, Presence
from maillage.activites.operations.benevoles import noter_des_heures, retirer_des_heures
from maillage.core import suivi
from maillage.core.changements import noter_changement
from maillage.evaluation.consommateur import ConsommateurCalcul
from maillage.evaluation.consommateur_du_centre import ConsommateurDuCentre
from maillage.evaluation.models import Cellule, FicheCalculee
from maillage.evaluation.operations import recalculer_fiche
from maillage.personnes.choices import ChampDePersonne, LienDeFoyer
from maillage.personnes.operations.foyers import fonder_foyer, joindre_au_foyer, quitter_le_foyer
from maillage.personnes.operations.reglages import fermer_champ
from maillage.projets.models import FicheAction, Indicateur, ValeurCalculee
from maillage.territoire.models import Partenaire
from tests.accueil.fabriques import PassageFactory, TypeDeDemandeFactory
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
MARS = datetime(2026, 3, 10, 14, tzinfo=UTC)


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    une: FicheAction = FicheActionFactory(projet=ProjetSocialFactory(structure=distribution.deux_ponts))
    return une


@pytest.fixture
def activite(fiche: FicheAction) -> Activite:
    une: Activite = ActiviteFactory(structure=fiche.projet.structure, fiche=fiche)
    return une


def venir(activite: Activite, **quoi: Any) -> Presence:
    seance = SeanceFactory(activite=activite, debut=MARS, etat=EtatSeance.TENUE)
    une: Presence = PresenceFactory(seance=seance, **quoi)
    return une


def indicateur_de(fiche: FicheAction, **definition: Any) -> Indicateur:
    """Il compte déjà ce qui est noté."""
    indicateur: Indicateur = IndicateurFactory(fiche=fiche, source="calcul", definition=definition)
    recalculer_fiche(fiche)
    return indicateur


def valeur(indicateur: Indicateur, annee: int = 2026) -> Decimal | None:
    """Après le passage de la boucle de suivi."""
    suivi.rattraper(ConsommateurCalcul())
    une = ValeurCalculee.objects.filter(indicateur=indicateur, annee=annee).first()
    return une.valeur if une else None


def heures_du_bilan() -> Decimal:
    suivi.rattraper(ConsommateurDuCentre())
    return Cellule.objects.get(
        annee__annee=2026, grandeur="heures_benevolat", decoupe="ensemble", site=None
    ).valeur


def test_des_heures_retirees_ne_comptent_plus(
    fiche: FicheAction, activite: Activite, distribution: Distribution
) -> None:
    au_centre = indicateur_de(fiche, mesures=["heures_benevolat"], perimetre="centre")
    de_la_fiche = indicateur_de(fiche, mesures=["heures_benevolat"])
    une, autre, _ = (
        noter_des_heures(
            distribution.deux_ponts,
            jour=date(2026, 3, 10),
            heures=Decimal(heures),
            mission="Buvette",
            par=distribution.amina,
        )
        for heures in (5, 3, 2)
    )
    autre.activite = activite
    autre.save()
    assert (valeur(au_centre), valeur(de_la_fiche), heures_du_bilan()) == (10, 3, 10)
    retirer_des_heures(une, par=distribution.amina)
    assert (valeur(au_centre), valeur(de_la_fiche), heures_du_bilan()) == (5, 3, 5)
    retirer_des_heures(autre, par=distribution.amina)
    assert (valeur(au_centre), valeur(de_la_fiche), heures_du_bilan()) == (2, None, 2)


def test_une_famille_compte_des_que_son_foyer_se_note_et_plus_quand_il_se_defait(
    fiche: FicheAction, activite: Activite, distribution: Distribution
) -> None:
    rosa, adam = venir(activite).personne, venir(activite).personne
    familles = indicateur_de(fiche, mesures=["familles"])
    assert valeur(familles) == 0
    foyer = fonder_foyer(rosa, "", LienDeFoyer.RESPONSABLE, par=distribution.ines)
    assert valeur(familles) == 1
    quitter_le_foyer(foyer.membres.get(), par=distribution.ines)
    assert valeur(familles) == 0
    deux = fonder_foyer(adam, "", LienDeFoyer.RESPONSABLE, par=distribution.ines)
    fonder_foyer(rosa, "", LienDeFoyer.RESPONSABLE, par=distribution.ines)
    assert valeur(familles) == 2
    quitter_le_foyer(rosa.foyers.get(), par=distribution.ines)
    joindre_au_foyer(deux, rosa, LienDeFoyer.RESPONSABLE, par=distribution.ines)
    assert valeur(familles) == 1


def test_un_champ_ferme_par_la_direction_quitte_les_nombres_qui_le_lisent(
    fiche: FicheAction, activite: Activite, distribution: Distribution
) -> None:
    venir(activite, personne__structure=distribution.deux_ponts, personne__genre="femmes")
    femmes = indicateur_de(fiche, mesures=["personnes_differentes"], filtres={"genre": ["femmes"]})
    assert valeur(femmes) == 1
    assert fermer_champ(distribution.deux_ponts, ChampDePersonne.GENRE, par=distribution.amina) == 1
    assert valeur(femmes) == 0


def test_une_demande_corrigee_quitte_la_fiche_de_son_premier_type(
    fiche: FicheAction, distribution: Distribution
) -> None:
    papiers = TypeDeDemandeFactory(structure=distribution.deux_ponts, fiche=fiche)
    loisirs = TypeDeDemandeFactory(structure=distribution.deux_ponts)
    passages = indicateur_de(fiche, mesures=["passages"])
    passage = noter_passage(distribution.deux_ponts, cle=uuid4(), types=[papiers], par=distribution.ines)
    annee = passage.le.year
    assert valeur(passages, annee) == 1
    preciser_passage(passage, {}, types=[loisirs], par=distribution.ines)
    assert valeur(passages, annee) == 0


def test_une_venue_plus_ancienne_a_une_autre_activite_n_est_plus_une_nouvelle_personne(
    fiche: FicheAction, activite: Activite
) -> None:
    rosa = venir(activite).personne
    nouvelles = indicateur_de(fiche, mesures=["nouvelles_personnes"])
    avant = valeur(nouvelles)
    ailleurs = ActiviteFactory(structure=activite.structure)
    seance = SeanceFactory(activite=ailleurs, debut=MARS - timedelta(days=150), etat=EtatSeance.TENUE)
    PresenceFactory(seance=seance, personne=rosa)
    with transaction.atomic():
        noter_changement(seance, "noter_venues")
    assert (avant, valeur(nouvelles)) == (1, 0)


def test_un_partenaire_rattache_a_une_action_compte_pour_tout_le_centre(
    fiche: FicheAction, distribution: Distribution
) -> None:
    au_centre = indicateur_de(fiche, mesures=["partenaires"], perimetre="centre")
    de_la_fiche = indicateur_de(fiche, mesures=["partenaires"])
    a_cote = FicheActionFactory(projet=fiche.projet, annees=[2026])
    a_cote.partenaires.add(Partenaire.objects.create(nom="La Ressourcerie"))
    with transaction.atomic():
        noter_changement(a_cote, "rattacher_un_partenaire")
    assert (valeur(au_centre), valeur(de_la_fiche)) == (1, None)


@pytest.mark.parametrize("par_la_boucle", [True, False])
def test_l_annee_qui_commence_se_compte_sans_attendre_que_tout_change(
    fiche: FicheAction, monkeypatch: pytest.MonkeyPatch, *, par_la_boucle: bool
) -> None:
    """Le 31 décembre, 2026 n'a aucun nombre. En janvier, la boucle la compte ; sinon, le premier passage noté."""
    fiche.annees = [2025, 2026]
    fiche.save()
    fiche.partenaires.add(Partenaire.objects.create(nom="La Ressourcerie"))
    with monkeypatch.context() as la_veille:
        la_veille.setattr(timezone, "localdate", lambda *_, **__: date(2025, 12, 31))
        indicateur_de(fiche, mesures=["passages"], perimetre="centre")
        partenaires = indicateur_de(fiche, mesures=["partenaires"])
    FicheCalculee.objects.update(calculee_le=datetime(2025, 12, 31, 18, tzinfo=UTC))
    assert valeur(partenaires) is None
    if par_la_boucle:
        ConsommateurCalcul().preparer()
    else:
        with transaction.atomic():
            noter_changement(PassageFactory(structure=fiche.projet.structure), "noter_passage")
    assert valeur(partenaires) == 1
