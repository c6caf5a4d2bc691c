"""Amina mène un diagnostic : elle importe, écoute, constate, prouve un besoin, en fait un enjeu, lit la chaîne."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from maillage.activites.choices import EtatSeance
from maillage.personnes.models import Provenance
from maillage.projets.models import Besoin, ChiffreDiagnostic, ProjetSocial, TableauDiagnostic
from tests.activites.fabriques import PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton
from tests.personnes.fabriques import PersonneFactory
from tests.projets.fabriques import ZoneFactory, arbre_d_essai
from tests.projets.fabriques_diagnostic import diagnostic_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]
FICHIER = (
    "Libellé;Valeur;Unité;Zone;Source;Année\r\n"
    "Ménages sans voiture;41;%;Le Moulin;Insee;2021\r\n"
    "Ménages sans voiture;22;%;Ville;Insee;2021\r\n"
    "Médecins;beaucoup;;Ville;Insee;2021\r\n"
)


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts, en_cours=True)


def test_du_premier_chiffre_a_la_chaine(page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial) -> None:
    entrer("amina")
    racine = f"/espace/projets/{projet.pk}/diagnostic/"
    page.goto(racine)
    expect(page.get_by_text("Un diagnostic se fait avec les habitants")).to_be_visible()
    voir()
    page.get_by_role("link", name="Importer des chiffres").click()
    fichier = {"name": "ville.csv", "mimeType": "text/csv", "buffer": FICHIER.encode()}
    page.get_by_label("Le fichier, .xlsx ou .csv").set_input_files([fichier])  # type: ignore[list-item]
    bouton(page, "Lire le fichier")
    expect(page.get_by_text("Ligne 4")).to_be_visible()
    assert not ChiffreDiagnostic.objects.exists()
    voir()
    bouton(page, "Importer 2 chiffres")
    expect(page.locator(".messages")).to_contain_text("2 chiffres en plus")
    voir()
    page.get_by_role("link", name="Écrire les chiffres").click()
    page.get_by_label("Ligne 2, ce que l’on compte").fill("Habitants")
    page.get_by_label("Ligne 2, colonne 1").fill("beaucoup")
    bouton(page, "Enregistrer la grille")
    expect(page.get_by_role("alert")).to_contain_text("Ligne 2")
    voir()
    page.get_by_label("Ligne 2, colonne 1").fill("2 400")
    bouton(page, "Enregistrer la grille")
    expect(page.locator(".messages")).to_contain_text("1 chiffre")

    page.goto(f"{racine}constats/")
    page.get_by_label("Le constat").fill("Aucun lieu ouvert le soir.")
    page.get_by_role("radio", name="Faiblesse").check()
    bouton(page, "Ajouter")
    expect(page.locator("[data-case=faiblesse]")).to_contain_text("Aucun lieu ouvert le soir.")
    voir()
    page.goto(f"{racine}besoins/")
    page.get_by_label("Le besoin").fill("Pouvoir sortir le soir")
    bouton(page, "Ajouter ce besoin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pouvoir sortir le soir")
    voir()
    page.get_by_label("Une preuve du diagnostic").select_option(label="Aucun lieu ouvert le soir.")
    bouton(page, "Ajouter cette preuve")
    expect(page.locator(".messages")).to_contain_text("La preuve est ajoutée.")
    page.get_by_label("Dans l’arbre").select_option(label="Que les voisins se connaissent")
    bouton(page, "En faire un enjeu")
    expect(page.locator(".messages")).to_contain_text("Que les voisins se connaissent")
    voir()
    page.goto(f"{racine}chaine/")
    expect(page.get_by_role("link", name="La fête des paliers")).to_be_visible()
    voir()
    page.goto(f"{racine}constats/")
    page.locator("[data-case=faiblesse] summary").click()
    page.get_by_role("button", name="Retirer").click()
    expect(page.locator(".messages")).to_contain_text("Pouvoir sortir le soir")


def test_chaque_page_pleine_se_lit_au_telephone_et_au_large(
    page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial
) -> None:
    besoin = diagnostic_d_essai(projet)
    Besoin.objects.create(projet=projet, titre="Se soigner près de chez soi", rang=2)
    entrer("amina")
    racine = f"/espace/projets/{projet.pk}/diagnostic/"
    for partie in ("", "paroles/", "themes/", "rencontres/", "resultats/", "apercu/", "besoins/preuves/"):
        page.goto(racine + partie)
        voir()
    page.goto(f"{racine}besoins/")
    voir()
    page.get_by_role("button", name="Monter : Se soigner").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".besoins li").first).to_contain_text("Se soigner")
    assert list(projet.besoins.values_list("titre", flat=True))[1] == besoin.titre


def test_la_provenance_se_lit_et_se_met_au_diagnostic(
    page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial
) -> None:
    ZoneFactory(projet=projet, nom="Le Moulin")
    seance = SeanceFactory(activite__structure=projet.structure, etat=EtatSeance.TENUE)
    for nom, combien in (("Le Moulin", 13), ("Autre commune", 12)):
        lieu = Provenance.objects.create(
            structure=projet.structure, nom=nom, est_du_territoire=nom == "Le Moulin"
        )
        for _ in range(combien):
            personne = PersonneFactory(structure=projet.structure, provenance=lieu)
            PresenceFactory(seance=seance, personne=personne)
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/diagnostic/")
    page.get_by_role("link", name="D’où viennent les personnes").click()
    expect(page.locator(".chiffre").first).to_contain_text("52")
    voir()
    bouton(page, "Mettre ce tableau dans le diagnostic")
    expect(page.locator(".messages")).to_contain_text("est au diagnostic")
    voir()
    assert TableauDiagnostic.objects.get().cle.startswith("provenance-")
