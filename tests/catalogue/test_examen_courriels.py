"""Ce que chacun apprend d'une décision : dix minutes après, avec la raison, et comment la contester."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from maillage.catalogue.models import Contribution
from maillage.catalogue.operations.examen import (
    accepter_contribution,
    demander_precision,
    refuser_contribution,
)
from maillage.core.courrier import envoyer_ce_qui_attend
from maillage.core.models import Courrier
from maillage.moderation.models import Decision
from tests.catalogue.examen_d_essai import NUMERO, correction_envoyee, relue, revision_envoyee
from tests.distribution import Distribution
from tests.fabriques import ContributionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(distribution: Distribution) -> Contribution:
    return revision_envoyee(distribution)


def envoyes() -> list[tuple[list[str], str, str]]:
    """Ce qui part une fois les dix minutes passées."""
    envoyer_ce_qui_attend()
    assert not mail.outbox
    Courrier.objects.update(a_envoyer_le=timezone.now() - timedelta(seconds=1))
    envoyer_ce_qui_attend()
    return [(message.to, message.subject, str(message.body)) for message in mail.outbox]


def test_l_auteur_apprend_ce_qui_est_pris_ce_qui_ne_l_est_pas_et_comment_contester(
    distribution: Distribution, revision: Contribution
) -> None:
    accepter_contribution(
        revision,
        ["resume"],
        par=distribution.lea,
        motif="Limites : une personne est citée ou reconnaissable.",
    )
    attente = Courrier.objects.get().a_envoyer_le - timezone.now()
    assert timedelta(minutes=9) < attente <= timedelta(minutes=10)
    [(a, sujet, texte)] = envoyes()
    assert a == [distribution.amina.email]
    assert sujet == "Vos changements sont en ligne : Le café des clics"
    assert "Bonjour Amina," in texte and "- Limites" in texte and "- Résumé" not in texte
    assert "une personne est citée" in texte
    assert f"/e/{revision.experience.code}" in texte and "/moderation/charte/#contester" in texte
    assert NUMERO not in texte


@pytest.mark.parametrize("geste", ["demander", "refuser"])
def test_une_question_et_un_refus_partent_avec_la_raison(
    distribution: Distribution, revision: Contribution, geste: str
) -> None:
    acte: Callable[..., Decision] = demander_precision if geste == "demander" else refuser_contribution
    acte(revision, par=distribution.lea, motif="C’est « l’essentiel » & <rien> d’autre.")
    [(_, _, texte)] = envoyes()
    assert "C’est « l’essentiel » & <rien> d’autre." in texte
    assert f"/espace/contributions/{revision.pk}/" in texte


def test_un_compte_ferme_et_un_lecteur_sans_adresse_ne_recoivent_rien(
    distribution: Distribution, revision: Contribution
) -> None:
    type(distribution.amina).objects.filter(pk=distribution.amina.pk).update(is_active=False)
    refuser_contribution(relue(revision), par=distribution.lea, motif="Non.")
    discret = ContributionFactory(correction=True, auteur_courriel="", soumise=True)
    refuser_contribution(relue(discret), par=distribution.lea, motif="Non.")
    assert not Courrier.objects.exists()


def test_le_lecteur_et_la_direction_du_centre_apprennent_une_correction_envoyee(
    distribution: Distribution,
) -> None:
    accepter_contribution(
        correction_envoyee(distribution, "N’appelez plus."), ["limites"], par=distribution.lea
    )
    recus = {tuple(a): (sujet, texte) for a, sujet, texte in envoyes()}
    assert set(recus) == {("paule@essais.exemple",), (distribution.amina.email,)}
    assert recus[(distribution.amina.email,)][0].startswith("Un lecteur a corrigé votre fiche")
    assert "/espace/" not in recus[("paule@essais.exemple",)][1]
