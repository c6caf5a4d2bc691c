"""Amina écrit une fiche action, cite, lit qui a essayé ; Bruno écrit en même temps ; Farid relit."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from maillage.projets.models import FicheAction, SauvegardeDeFiche
from tests.distribution import Distribution
from tests.fabriques import ExperienceFactory
from tests.navigateur.conftest import bouton
from tests.navigateur.test_parcours_redaction import enregistre, fenetre_de  # noqa: F401 - une fenêtre de plus
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
CAPTURES = os.environ.get("CAPTURES")


def photo(page: Page, nom: str) -> None:
    if CAPTURES:
        for largeur, hauteur in ((1280, 800), (360, 740)):
            page.set_viewport_size({"width": largeur, "height": hauteur})
            page.wait_for_timeout(150)
            page.screenshot(path=Path(CAPTURES) / f"{nom}-{largeur}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})


def test_amina_ecrit_une_fiche_action_et_la_fait_relire(
    page: Page,
    entrer: Callable[[str], None],
    voir: Callable[[], None],
    distribution: Distribution,
    indexer: Callable[[], int],
    fenetre_de: Any,  # noqa: F811
) -> None:
    ExperienceFactory(
        structure=distribution.quatre_vents,
        titre="Un café des clics au marché",
        resume="Une table au marché, deux tablettes.",
        resultat_habitants="86 personnes sont venues plus de deux fois.",
        limites="L’hiver, personne ne s’arrête.",
    )
    indexer()
    projet = arbre_d_essai(distribution.deux_ponts)
    fiche = FicheAction.objects.get(projet=projet, titre="Le café des clics au marché")
    IndicateurFactory(fiche=fiche)
    entrer("amina")
    page.goto(f"/espace/projets/fiches/{fiche.pk}/")
    photo(page, "fiche-vide")
    voir()
    page.get_by_role("link", name="Écrire").click()
    expect(page.get_by_role("heading", level=2, name="1. Quel besoin, et pour aller où ?")).to_be_visible()
    expect(page.locator("#proches")).to_contain_text("L’hiver, personne ne s’arrête.")
    photo(page, "fiche-besoin")
    voir()

    # Écrire, citer au clavier, et voir ce qui reste changer tout seul.
    page.get_by_label("Contexte").fill("À l’accueil, une demande sur trois. Voir")
    page.locator("details[data-citer] summary").press("Enter")
    page.get_by_label("Ce que vous citez").select_option(label="A-03 Le prêt de vélos")
    page.get_by_role("button", name="Insérer dans le texte").press("Enter")
    expect(page.get_by_label("Contexte")).to_have_value(
        re.compile(r"Voir \[\[fiche \d+ : A-03 Le prêt de vélos\]\]$")
    )
    enregistre(page)
    page.get_by_label("Objectifs opérationnels").fill("Tenir une table\nFormer six bénévoles")
    enregistre(page)
    expect(page.locator("#reste")).not_to_contain_text("Dites d’où vient le besoin")
    page.locator("details.plus summary").click()
    photo(page, "fiche-besoin-ecrit")
    voir()
    bouton(page, "Enregistrer et continuer")
    expect(page.get_by_role("heading", level=2, name="2. Pour qui, et avec qui ?")).to_be_visible()

    # À deux dans le même champ : les deux textes, et le choix.
    bruno = fenetre_de("bruno")
    bruno.goto(f"/espace/projets/fiches/{fiche.pk}/ecrire/public/")
    with bruno.expect_response(lambda r: r.request.method == "POST"):
        bruno.get_by_label("Public", exact=True).fill("Les jeunes du quartier")
    page.get_by_label("Public", exact=True).fill("Les voisins")
    expect(page.locator("#avis-public")).to_contain_text("Bruno Castel a écrit ici")
    photo(page, "fiche-conflit")
    voir()
    page.get_by_label("les deux, bout à bout").check()
    expect(page.get_by_label("Public", exact=True)).to_have_value("Les jeunes du quartier\nLes voisins")
    page.get_by_label("Coconstruction").check()
    enregistre(page)
    photo(page, "fiche-public")
    voir()

    for etape in ("deroulement", "moyens", "preuve", "relire"):
        page.goto(f"/espace/projets/fiches/{fiche.pk}/ecrire/{etape}/")
        photo(page, f"fiche-{etape}")
        voir()
    expect(page.locator(".page-a4")).to_contain_text("A-03 Le prêt de vélos")
    fiche.refresh_from_db()
    assert re.search(r"Voir \[\[fiche:\d+\]\]$", fiche.contexte)
    assert fiche.public == ["Les jeunes du quartier", "Les voisins"]
    assert SauvegardeDeFiche.objects.get(est_ecartee=True).valeur == ["Les voisins"]

    # Faire relire, poser une étape, laisser un mot, s'inspirer.
    page.get_by_role("link", name="Faire relire").click()
    voir()
    page.get_by_label("À relire par").select_option(label="Farid Haddou")
    bouton(page, "Demander")
    expect(page.get_by_text("Farid Haddou reçoit un courriel.")).to_be_visible()
    page.get_by_role("link", name="Ajouter une étape").click()
    voir()
    page.get_by_label("Ce qu’il faut faire").fill("Former les bénévoles")
    page.get_by_label("Début").fill("2025-03-03")
    bouton(page, "Enregistrer")
    expect(page.locator("#etapes-datees")).to_contain_text("En retard")
    page.get_by_label("Un mot à l’équipe").fill("Quel lieu l’hiver ?")
    bouton(page, "Laisser ce mot")
    expect(page.locator("#remarques")).to_contain_text("Quel lieu l’hiver ?")
    photo(page, "fiche-lue")
    voir()
    page.goto(f"/espace/projets/fiches/{fiche.pk}/essais/")
    voir()
    page.get_by_role("link", name="S’en inspirer").click()
    voir()
    page.get_by_label("Freins à lever").check()
    photo(page, "fiche-s-inspirer")
    bouton(page, "S’en inspirer")
    expect(page.get_by_text("C’est repris.")).to_be_visible()
    page.goto(f"/espace/projets/fiches/{fiche.pk}/histoire/")
    photo(page, "fiche-histoire")
    voir()
    farid = fenetre_de("farid")
    farid.goto("/espace/")
    farid.get_by_role("link", name="Le café des clics au marché").click()
    farid.get_by_label("Votre avis").fill("C’est clair.")
    bouton(farid, "J’ai relu")
    expect(farid.get_by_text("Votre avis est parti.")).to_be_visible()
