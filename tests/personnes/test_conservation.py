"""Le temps passe : rien à 699 jours, un avis à 700, l'effacement à 730, et un signe de vie remet tout à zéro."""

from datetime import date, timedelta

import pytest

from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import AvisDeConservation, Personne
from maillage.personnes.operations import (
    appliquer_la_conservation,
    effacement,
    noter_le_visa,
    noter_un_signe_de_vie,
)
from maillage.personnes.operations import conservation as travail
from maillage.territoire.choices import FormeGestionnaire
from tests.distribution import Distribution
from tests.fabriques import GestionnaireFactory
from tests.personnes.fabriques import PersonneFactory

VUE = date(2024, 3, 1)


def au_jour(jours: int) -> dict[str, int]:
    return appliquer_la_conservation(VUE + timedelta(days=jours))


def test_699_rien_700_un_avis_730_effacee(distribution: Distribution) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts, vue_le=VUE)
    assert au_jour(699)["annonces"] == 0
    assert au_jour(700)["annonces"] == 1
    assert au_jour(700)["annonces"] == 0, "un avis, pas deux"
    assert AvisDeConservation.objects.get().efface_le == VUE + timedelta(days=730)
    assert au_jour(729)["effacees"] == 0
    assert au_jour(730)["effacees"] == 1
    personne.refresh_from_db()
    assert personne.etat == EtatPersonne.EFFACEE
    assert not AvisDeConservation.objects.exists()
    assert au_jour(731) == dict.fromkeys(("leves", "annonces", "effacees", "menage", "consultations"), 0)


def test_un_signe_de_vie_remet_a_zero(distribution: Distribution) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts, vue_le=VUE)
    au_jour(700)
    noter_un_signe_de_vie([personne], VUE + timedelta(days=710))
    assert au_jour(730) == {"leves": 1, "annonces": 0, "effacees": 0, "menage": 0, "consultations": 0}
    assert au_jour(710 + 700)["annonces"] == 1


def test_une_machine_arretee_deux_mois_laisse_quand_meme_trente_jours(distribution: Distribution) -> None:
    PersonneFactory(structure=distribution.deux_ponts, vue_le=VUE)
    au_jour(800)
    assert au_jour(829)["effacees"] == 0
    assert au_jour(830)["effacees"] == 1


def test_un_centre_de_la_commune_attend_le_visa_des_archives(distribution: Distribution) -> None:
    distribution.deux_ponts.gestionnaire = GestionnaireFactory(forme=FormeGestionnaire.COMMUNE)
    distribution.deux_ponts.save()
    PersonneFactory(structure=distribution.deux_ponts, vue_le=VUE)
    au_jour(700)
    assert au_jour(760)["effacees"] == 0
    noter_le_visa(AvisDeConservation.objects.get(), par=distribution.amina)
    assert au_jour(761)["effacees"] == 1


def test_un_arret_au_milieu_ne_laisse_rien_a_moitie_et_la_suite_finit(
    distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    PersonneFactory.create_batch(5, structure=distribution.deux_ponts, vue_le=VUE)
    au_jour(700)
    monkeypatch.setattr(travail, "LOT", 2)
    effacer, reste = effacement.effacer_personne, iter(range(3))

    def couper(*args: object, **kwargs: object) -> None:
        if next(reste, None) is None:
            raise KeyboardInterrupt
        effacer(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(travail, "effacer_personne", couper)
    with pytest.raises(KeyboardInterrupt):
        au_jour(730)
    effacees = Personne.objects.filter(etat=EtatPersonne.EFFACEE)
    assert effacees.count() == 3
    assert not effacees.exclude(nom="").exists()
    monkeypatch.setattr(travail, "effacer_personne", effacer)
    assert au_jour(730)["effacees"] == 2
