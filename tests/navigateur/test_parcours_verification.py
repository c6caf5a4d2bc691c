"""Vérifier un dossier, y joindre une pièce, tenir un référentiel, dans un vrai navigateur."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from maillage.projets.models import Chapitre
from maillage.projets.referentiels import PAR_DEFAUT, texte_livre
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_verification import PDF

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.mark.aussi_sur_postgresql
def test_une_directrice_verifie_son_dossier_et_y_joint_une_piece(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    projet = arbre_d_essai(distribution.deux_ponts)
    Chapitre.objects.create(
        projet=projet,
        rang=1,
        titre="Préambule",
        texte="Le prêt de vélos (Axe A - 09), avec le comité (COFIL).",
    )
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/dossier/")
    page.get_by_role("link", name="Vérifier avant d’envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifier avant d’envoyer")
    expect(page.get_by_role("link", name="c’est la fiche A-03").first).to_be_visible()
    voir()
    bouton(page, "Vérifier de nouveau")
    expect(page.locator(".messages")).to_contain_text("points nouveaux")

    page.get_by_role("link", name=re.compile("S’en occuper.*sans pilote")).click()
    voir()
    page.get_by_label("Qui s’en charge").select_option(label="Bruno Castel")
    bouton(page, "Confier")
    expect(page.locator(".messages")).to_contain_text("confié à Bruno")
    page.get_by_role("link", name=re.compile("S’en occuper.*identité bancaire")).click()
    bouton(page, "Laisser tel quel")
    expect(page.get_by_role("alert")).to_contain_text("Écrivez pourquoi")
    voir()
    page.get_by_label("Pourquoi").fill("La Caf l’a déjà.")
    bouton(page, "Laisser tel quel")
    expect(page.get_by_role("heading", name="Laissés tels quels")).to_be_visible()
    page.locator("summary", has_text="endroits").first.click()
    voir()

    page.get_by_role("link", name=re.compile("^Pièce.*Statuts du gestionnaire")).click()
    expect(page.get_by_label("Nom de la pièce")).to_have_value("Statuts du gestionnaire")
    page.get_by_label("Le fichier", exact=True).set_input_files(
        {"name": "programme.pdf", "mimeType": "application/pdf", "buffer": b"MZ rien"}
    )
    bouton(page, "Joindre")
    expect(page.get_by_role("alert")).to_contain_text("n’est pas pris")
    voir()
    page.get_by_label("Le fichier", exact=True).set_input_files(
        {"name": "statuts.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    bouton(page, "Joindre")
    expect(page.locator(".messages")).to_contain_text("est jointe au dossier")
    voir()
    bouton(page, "Ôter : Statuts du gestionnaire")
    bouton(page, "La remettre")
    expect(page.get_by_text("statuts.pdf")).to_be_visible()
    voir()


def test_une_fiche_citee_ne_se_supprime_pas(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    projet = arbre_d_essai(distribution.deux_ponts)
    fiche = projet.fiches.get(titre="Le prêt de vélos")
    chapitre = Chapitre.objects.create(
        projet=projet, rang=1, titre="Préambule", texte=f"[[fiche:{fiche.pk}]]"
    )
    entrer("bruno")
    page.goto(f"/espace/projets/fiches/{fiche.pk}/")
    page.get_by_role("link", name="Supprimer cette fiche").click()
    expect(page.get_by_role("link", name="Chapitre « Préambule »")).to_be_visible()
    voir()
    chapitre.delete()
    page.reload()
    voir()
    bouton(page, "Supprimer « Le prêt de vélos »")
    expect(page.locator(".messages")).to_contain_text("est supprimée")


def test_une_federation_depose_corrige_et_publie_son_referentiel(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    entrer("lea")
    page.goto("/espace/referentiels/")
    voir()
    page.get_by_role("link", name="Déposer une version").click()
    livre = texte_livre(PAR_DEFAUT)
    for texte, attendu in (
        (livre.replace('titre = "Préambule"', 'titre = ""'), "« titre » est vide"),
        (
            livre.replace('titre = "Préambule"', 'titre = "Le mot d’ouverture"').replace("2026-11", "v1", 1),
            "devient",
        ),
    ):
        page.get_by_label("Le fichier", exact=True).set_input_files(
            {"name": "referentiel.toml", "mimeType": "text/plain", "buffer": texte.encode()}
        )
        bouton(page, "Vérifier le fichier")
        expect(page.get_by_text(attendu).first).to_be_visible()
        voir()
    bouton(page, "Déposer cette version")
    voir()
    bouton(page, "Publier")
    expect(page.locator(".messages")).to_contain_text("vaut maintenant pour les projets à venir")
    projet = arbre_d_essai(distribution.deux_ponts)
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/dossier/referentiel/")
    expect(page.get_by_text("Le mot d’ouverture").first).to_be_visible()
    voir()
