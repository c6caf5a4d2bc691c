"""Bruno écrit l'évaluation d'un axe à chaque pause ; Amina retient, relit, transmet, puis ouvre le projet suivant."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from maillage.projets.models import Envoi, LeconRetenue, ProjetSocial, Proposition
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton
from tests.projets.fabriques_evaluation import projet_evalue_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return projet_evalue_d_essai(
        distribution.deux_ponts,
        distribution.amina,
        du=date(2025, 1, 1),
        au=timezone.localdate() + timedelta(days=200),
    )


def test_un_axe_s_evalue_a_chaque_pause(page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial) -> None:
    fete = projet.fiches.get(titre="La fête des paliers")
    entrer("bruno")
    page.goto(f"/espace/projets/{projet.pk}/evaluation/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que le projet a donné")
    voir()
    page.goto(f"/espace/projets/{projet.pk}/evaluation/mi-parcours/axe-{fete.axe_id}/")
    ici = page.get_by_role("article").filter(has_text="La fête des paliers")
    ici.get_by_label("Ce que cela a changé").fill("Des voisins ont échangé leurs clés.")
    expect(page.locator("#garde")).to_contain_text("Enregistré à")
    ici.get_by_label("Continuer").check()
    ici.get_by_label("Pourquoi").fill("L’escalier invite.")
    expect(page.locator("#reste")).not_to_contain_text("Axe B : 2 à proposer")
    voir()
    page.goto(f"/espace/projets/{projet.pk}/evaluation/mi-parcours/methode/")
    page.get_by_label("Habitants").fill("trente")
    bouton(page, "Enregistrer, suivante")
    expect(page.locator(".erreur").first).to_contain_text("Écrivez un nombre entier")
    voir()
    proposition = Proposition.objects.get(fiche=fete)
    assert (proposition.suite, proposition.effet) == ("continuer", "Des voisins ont échangé leurs clés.")


def test_ce_qui_vient_d_etre_ecrit_s_envoie_quand_la_page_se_ferme(
    page: Page, entrer: Entrer, live_server: Any, projet: ProjetSocial
) -> None:
    fete = projet.fiches.get(titre="La fête des paliers")
    entrer("bruno")
    page.goto(f"/espace/projets/{projet.pk}/evaluation/mi-parcours/axe-{fete.axe_id}/")
    ici = page.get_by_role("article").filter(has_text="La fête des paliers")
    ici.get_by_label("Ce que cela a changé").fill("On se salue dans l’escalier.")
    page.context.close()
    live_server.thread.httpd.attendre_d_etre_vide()
    assert Proposition.objects.get(fiche=fete).effet == "On se salue dans l’escalier."


def test_l_evaluation_se_retient_se_transmet_et_ouvre_la_suite(
    page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial
) -> None:
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/evaluation/mi-parcours/suite/")
    page.get_by_text("Ce que disent déjà les bilans").click()
    voir()
    bouton(page, "Retenir : Un toit d’abord")
    expect(page.locator(".messages")).to_contain_text("C’est retenu.")
    assert LeconRetenue.objects.count() == 2
    page.get_by_role("link", name="Proposer une action").click()
    voir()
    page.get_by_label("Ce que nous voudrions commencer").fill("Un abri au marché")
    bouton(page, "Enregistrer")
    page.goto(f"/espace/projets/{projet.pk}/evaluation/mi-parcours/rapport/")
    expect(page.get_by_text("Cela tient.")).to_be_visible()
    voir()
    page.get_by_role("link", name="Transmettre à la Caf").click()
    voir()
    bouton(page, "Transmettre la version 1")
    expect(page.locator(".messages")).to_contain_text("C’est transmis")
    assert Envoi.objects.get().genre == "mi_parcours"
    expect(page.get_by_text("Cela tient.")).to_be_visible()
    voir()
    page.goto(f"/espace/projets/{projet.pk}/evaluation/")
    page.get_by_role("link", name=re.compile("version 1")).click()
    expect(page.get_by_text("Vérifiée à l’instant")).to_be_visible()
    page.goto(f"/espace/projets/{projet.pk}/evaluation/memoire/")
    page.locator("#facette-devenir label").filter(has_text="Arrêtée").click()
    expect(page).to_have_url(re.compile(r"devenir=arreter"))
    expect(page.get_by_role("heading", name=re.compile("Le prêt de vélos"))).to_be_visible()
    voir()
    page.goto(f"/espace/projets/{projet.pk}/evaluation/")
    page.get_by_role("link", name="Ouvrir le projet suivant").click()
    voir()
    bouton(page, "Ouvrir le projet")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reprendre le projet d’avant")
    expect(page.get_by_label(re.compile("Le prêt de vélos")).first).not_to_be_checked()
    voir()
    bouton(page, "Reprendre ce qui est coché")
    expect(page.locator(".messages")).to_contain_text("L’arbre est repris")
    suite = projet.suites.get()
    reprise = suite.fiches.get(titre="Le café des clics au marché")
    assert (reprise.statut, reprise.suite_de and reprise.suite_de.projet) == ("evolution", projet)
    page.goto(f"/espace/projets/fiches/{reprise.pk}/")
    expect(page.get_by_role("heading", name="Ce que l’ancienne a donné")).to_be_visible()
    voir()
