"""La durée de conservation : un centre la raccourcit, jamais ne l'allonge, et tout le dit aussitôt."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.ecriture import GesteRefuse
from maillage.core.models import LigneJournal
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.durees import jours_gardes
from maillage.personnes.models import AvisDeConservation, DureeDeConservation
from maillage.personnes.operations import appliquer_la_conservation, fixer_la_duree
from tests.distribution import Distribution
from tests.fabriques import DepartementFactory, StructureFactory
from tests.personnes.fabriques import PersonneFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
VUE = date(2024, 3, 1)


def le_lendemain(structure: object) -> None:
    DureeDeConservation.objects.filter(structure=structure).update(
        fixee_le=timezone.now() - timedelta(hours=25)
    )


@pytest.mark.parametrize("personne", ["ines", "bruno", "denis", "lea"])
def test_la_direction_seule_change_la_duree(
    personne: str, client_de: Ouvrir, distribution: Distribution
) -> None:
    assert client_de(personne).post(reverse("duree_fixer", args=[365])).status_code == 404
    assert jours_gardes(distribution.deux_ponts.pk) == 730


def test_la_duree_ne_s_allonge_jamais(distribution: Distribution) -> None:
    centre, amina = distribution.deux_ponts, distribution.amina
    for jours in (0, 30, 731, 3650):
        with pytest.raises(GesteRefuse, match="de la liste"):
            fixer_la_duree(centre, jours, par=amina)
    fixer_la_duree(centre, 365, par=amina)
    le_lendemain(centre)
    with pytest.raises(GesteRefuse, match="ne se rallonge pas"):
        fixer_la_duree(centre, 548, par=amina)
    fixer_la_duree(centre, 183, par=amina)
    with pytest.raises(GesteRefuse, match="ne se rallonge pas"):
        fixer_la_duree(centre, 548, par=amina)
    assert jours_gardes(centre.pk) == 183
    with pytest.raises(IntegrityError):
        DureeDeConservation.objects.filter(structure=centre).update(jours=800)


def test_une_erreur_du_jour_se_corrige(client_de: Ouvrir, distribution: Distribution) -> None:
    client = client_de("amina")
    for jours in (183, 548, 730):
        client.post(reverse("duree_fixer", args=[jours]))
        assert jours_gardes(distribution.deux_ponts.pk) == jours
    assert LigneJournal.objects.filter(acte="fixer_la_duree").count() == 3


def test_corriger_de_jour_en_jour_ne_rallonge_pas(
    monkeypatch: pytest.MonkeyPatch, distribution: Distribution
) -> None:
    """Chaque changement rouvrait vingt-quatre heures : reprise chaque matin, la durée remontait à deux ans."""
    centre, amina = distribution.deux_ponts, distribution.amina
    heure = [datetime(2026, 5, 4, 15, tzinfo=UTC)]
    monkeypatch.setattr(timezone, "now", lambda: heure[0])
    fixer_la_duree(centre, 183, par=amina)
    fixer_la_duree(centre, 365, par=amina)
    heure[0] = datetime(2026, 5, 5, 9, tzinfo=UTC)
    with pytest.raises(GesteRefuse, match="part après un an"):
        fixer_la_duree(centre, 548, par=amina)
    fixer_la_duree(centre, 183, par=amina)
    heure[0] = datetime(2026, 5, 5, 20, tzinfo=UTC)
    fixer_la_duree(centre, 365, par=amina)
    heure[0] = datetime(2026, 5, 6, 8, tzinfo=UTC)
    with pytest.raises(GesteRefuse, match="ne se rallonge pas"):
        fixer_la_duree(centre, 548, par=amina)
    assert jours_gardes(centre.pk) == 365


def test_l_erreur_du_jour_est_du_jour_du_centre(
    monkeypatch: pytest.MonkeyPatch, distribution: Distribution
) -> None:
    """À La Réunion, minuit sonne à 20 heures, temps universel."""
    ile = StructureFactory(departement=DepartementFactory(code="974", nom="La Réunion"))
    heure = [datetime(2026, 5, 4, 20, 30, tzinfo=UTC)]
    monkeypatch.setattr(timezone, "now", lambda: heure[0])
    fixer_la_duree(ile, 183, par=distribution.amina)
    heure[0] = datetime(2026, 5, 5, 19, 30, tzinfo=UTC)
    fixer_la_duree(ile, 548, par=distribution.amina)
    heure[0] = datetime(2026, 5, 5, 20, 30, tzinfo=UTC)
    with pytest.raises(GesteRefuse, match="dix-huit mois"):
        fixer_la_duree(ile, 730, par=distribution.amina)
    assert jours_gardes(ile.pk) == 548


def test_un_centre_qui_garde_un_an_annonce_et_efface_plus_tot_les_autres_non(
    distribution: Distribution,
) -> None:
    ici = PersonneFactory(structure=distribution.deux_ponts, vue_le=VUE)
    ailleurs = PersonneFactory(structure=distribution.quatre_vents, vue_le=VUE)
    fixer_la_duree(distribution.deux_ponts, 365, par=distribution.amina)
    assert appliquer_la_conservation(VUE + timedelta(days=334))["annonces"] == 0
    assert appliquer_la_conservation(VUE + timedelta(days=335))["annonces"] == 1
    assert AvisDeConservation.objects.get().efface_le == VUE + timedelta(days=365)
    assert appliquer_la_conservation(VUE + timedelta(days=364))["effacees"] == 0
    assert appliquer_la_conservation(VUE + timedelta(days=365))["effacees"] == 1
    ici.refresh_from_db()
    ailleurs.refresh_from_db()
    assert (ici.etat, ailleurs.etat) == (EtatPersonne.EFFACEE, EtatPersonne.ACTIVE)


def test_raccourcie_tard_elle_laisse_trente_jours_et_corrigee_elle_leve_les_avis(
    distribution: Distribution,
) -> None:
    PersonneFactory(structure=distribution.deux_ponts, vue_le=VUE)
    fixer_la_duree(distribution.deux_ponts, 183, par=distribution.amina)
    jour = VUE + timedelta(days=500)
    assert appliquer_la_conservation(jour)["annonces"] == 1
    assert AvisDeConservation.objects.get().efface_le == jour + timedelta(days=30)
    fixer_la_duree(distribution.deux_ponts, 730, par=distribution.amina)
    assert appliquer_la_conservation(jour) | {"menage": 0} == {
        "leves": 1,
        "annonces": 0,
        "effacees": 0,
        "menage": 0,
        "consultations": 0,
    }


def test_la_notice_la_fiche_et_le_registre_des_traitements_disent_la_duree(
    client_de: Ouvrir, distribution: Distribution
) -> None:
    client = client_de("amina")
    une = PersonneFactory(structure=distribution.deux_ponts)
    pages = [
        reverse("personne", args=[une.pk]),
        reverse("personne_nouvelle"),
        reverse("personnes_reglages"),
        reverse("personnes_traitements"),
        reverse("personnes_conservation"),
    ]
    assert all("deux ans" in client.get(page).content.decode() for page in pages)
    client.post(reverse("duree_fixer", args=[365]))
    for page in pages:
        lue = client.get(page).content.decode()
        assert "un an" in lue and "Garder un an" not in lue
    assert "pendant deux ans" not in client.get(pages[1]).content.decode()
