"""Bruno ouvre une activité, pose sa série au clavier, change une séance, l'annule ; chacun lit l'agenda."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from maillage.activites.models import Activite, Seance
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton
from tests.projets.fabriques import arbre_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


def test_une_suite_d_ateliers_de_la_fiche_a_l_agenda(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    fiche = arbre_d_essai(distribution.deux_ponts, en_cours=True).fiches.order_by("pk").first()
    assert fiche is not None
    entrer("bruno")
    page.goto(reverse("activites"))
    voir()
    page.goto(reverse("fiche_action", args=[fiche.pk]))
    page.get_by_role("link", name="Créer une activité pour cette fiche").click()
    voir()
    page.get_by_label("Titre").fill("Café des parents")
    page.get_by_text("Description, dispositif, agenda public").click()
    page.get_by_label("La montrer dans l’agenda public").check()
    bouton(page, "Ouvrir l’activité")
    voir()

    page.get_by_role("main").get_by_role("link", name="Poser une série").first.click()
    demain = timezone.localdate() + timedelta(days=1)
    page.get_by_label("Chaque", exact=True).select_option(str(demain.weekday()))
    page.get_by_label("À partir du").fill(str(demain))
    page.get_by_label("Jusqu’au").fill(str(demain + timedelta(days=21)))
    page.get_by_label("Pas pendant les vacances scolaires").uncheck()
    page.get_by_label("Pas les jours fériés").uncheck()
    page.get_by_label("Jusqu’au").press("Enter")
    expect(page.locator("#apercu")).to_contain_text("4")
    assert not Seance.objects.exists(), "l'aperçu n'enregistre rien"
    voir()
    bouton(page, "Poser ces séances")
    expect(page.get_by_role("status")).to_contain_text("4 séances au calendrier")
    assert Seance.objects.count() == 4
    voir()

    page.get_by_label("Un thème à proposer").fill("Les écrans à la maison")
    bouton(page, "Proposer")
    bouton(page, "Valider Les écrans à la maison")
    bouton(page, "Placer les thèmes validés sur les prochaines séances")
    voir()

    page.goto(reverse("seances") + f"?le={demain}")
    voir()
    page.goto(reverse("seances") + f"?vue=mois&le={demain}")
    voir()
    page.get_by_role("link", name=re.compile("Café des parents")).first.click()
    expect(page.get_by_role("main")).to_contain_text("Les écrans à la maison")
    voir()
    page.get_by_role("link", name="Changer").click()
    page.get_by_label("De", exact=True).fill("09:00")
    page.get_by_label("À", exact=True).fill("11:00")
    voir()
    bouton(page, "Enregistrer")
    expect(page.get_by_role("main")).to_contain_text("Changée à part")
    page.locator("summary", has_text="Annuler la séance").click()
    page.get_by_label("Pourquoi").fill("Salle prise")
    page.locator("form").get_by_role("button", name="Annuler la séance").click()
    voir()
    bouton(page, "Annuler")
    expect(page.get_by_role("main")).to_contain_text("de nouveau prévue")

    serie = Activite.objects.get().series.get()
    page.goto(reverse("serie", args=[serie.pk]))
    page.get_by_label("Jusqu’au").fill(str(demain + timedelta(days=35)))
    bouton(page, "Voir les dates")
    expect(page.locator("#apercu")).to_contain_text("2 séances posées")
    voir()

    page.context.clear_cookies()
    page.goto(reverse("agenda"))
    expect(page.get_by_role("main")).to_contain_text("Café des parents")
    voir()
    page.goto(reverse("centre", args=[distribution.deux_ponts.slug]))
    expect(page.get_by_role("heading", name="Bientôt au centre")).to_be_visible()
    voir()
