"""Bruno tient sa feuille au clavier, au doigt et hors réseau ; Inès inscrit ; les gens disent leur avis en sortant."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from maillage.activites.choices import Cadre
from maillage.activites.models import Activite, Inscription, Presence, Satisfaction, Seance
from maillage.activites.operations.presences import Venues, noter_venues
from tests.activites.fabriques import ActiviteFactory, InscriptionFactory, SeanceFactory
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]
PRENOMS = (
    "Adam Aïcha Amélie Anouk Basile Camille Dounia Elias Émilie Enzo Fatou Gabin Hana Ilyes Inaya".split()
)


@pytest.fixture
def seance(distribution: Distribution) -> Seance:
    activite = ActiviteFactory(
        structure=distribution.deux_ponts, titre="Aide aux devoirs", animateurs=[distribution.bruno]
    )
    for rang in range(30):
        prenom, nom = PRENOMS[rang % 15], "Bert" if rang < 15 else "Lopez"
        InscriptionFactory(activite=activite, personne__prenom=prenom, personne__nom=nom)
    une: Seance = SeanceFactory(activite=activite)
    return une


def enregistre(page: Page) -> None:
    expect(page.locator("#garde[data-etat=fait]")).to_contain_text("Enregistré à")


def test_trente_presences_se_notent_au_clavier_en_moins_d_une_minute(
    page: Page, entrer: Entrer, voir: Voir, seance: Seance
) -> None:
    """À vitesse humaine : un geste toutes les 0,4 seconde. Rien ici ne juge le temps de la machine."""
    entrer("bruno")
    page.goto(f"/espace/seances/{seance.pk}/presences/")
    voir()
    gestes = 0
    page.locator(".presences input").first.focus()
    for rang in range(30):
        if rang % 6 != 5:  # cinq présents, un absent
            page.keyboard.press("Space", delay=40)
            gestes += 1
        page.keyboard.press("ArrowDown", delay=40)
        gestes += 1
    enregistre(page)
    assert gestes * 0.4 < 60
    assert Presence.objects.filter(seance=seance).count() == 25
    expect(page.locator("[data-presents]")).to_have_text(re.compile("25.présents"))
    page.locator(".presences input").nth(1).focus()
    page.keyboard.press("r")
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(page.locator("[data-sans-nom]")).to_have_text("+ 2 sans nom")
    enregistre(page)
    voir()
    page.locator("[data-aller]").fill("emi")
    expect(page.locator(".presences label:visible")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.locator(".presences input").nth(16)).to_be_focused()
    page.get_by_label("Pour l’équipe, sans nom d’enfant").fill("Camille a bien travaillé.")
    bouton(page, "Garder ce mot")
    expect(page.locator("#doute")).to_contain_text("« Camille » est un prénom")
    voir()
    page.get_by_label("Pour l’équipe, sans nom d’enfant").fill("Prévoir une table de plus.")
    bouton(page, "Garder ce mot")
    expect(page.locator(".messages")).to_contain_text("Le mot est enregistré.")
    page.get_by_role("button", name=re.compile("Terminer")).click()
    expect(page.get_by_text("Feuille terminée")).to_be_visible()
    voir()
    seance.refresh_from_db()
    assert seance.feuille_close_le and seance.venues_sans_nom.get().nombre == 2
    assert set(Presence.objects.values_list("role", flat=True)) == {"participant", "parent"}
    bouton(page, "Rouvrir pour corriger")
    expect(page.locator(".presences input").first).to_be_enabled()


def test_hors_reseau_les_gestes_restent_sur_l_appareil_et_repartent(
    page: Page, contexte: BrowserContext, entrer: Entrer, seance: Seance, distribution: Distribution
) -> None:
    entrer("bruno")
    page.goto(f"/espace/seances/{seance.pk}/presences/")
    contexte.set_offline(True)
    for rang in (0, 2):
        page.locator(".presences input").nth(rang).check()
    page.get_by_label("6 à 11 ans, femmes").fill("3")
    page.get_by_label("6 à 11 ans, femmes").press("Enter")
    expect(page.locator("#garde")).to_contain_text("gardé sur cet appareil")
    gardes = page.evaluate("JSON.stringify(Object.values(localStorage))")
    assert "Adam" not in gardes and "enVol" in gardes
    assert not Presence.objects.exists()
    autre = Inscription.objects.order_by("pk")[5].personne  # une collègue coche ailleurs pendant ce temps
    noter_venues(seance, Venues({autre.pk: "participant"}), par=distribution.amina)
    contexte.set_offline(False)
    enregistre(page)
    assert Presence.objects.count() == 3 and seance.venues_sans_nom.get().nombre == 3
    expect(page.locator(f".presences input[value='{autre.pk}']")).to_be_checked()
    assert page.evaluate("Object.keys(localStorage).filter((c) => c.startsWith('feuille')).length") == 0


def test_un_nom_deja_connu_se_demande_sur_la_feuille_et_au_bureau(
    page: Page, entrer: Entrer, voir: Voir, seance: Seance
) -> None:
    """Bruno, au clavier : « Adam Bert » vient, c'est lui ; son cousin vient aussi. Inès le trouve à une faute près."""

    def ecrire(prenom: str, nom: str) -> None:
        page.get_by_label("Prénom", exact=True).fill(prenom)
        page.get_by_label("Nom", exact=True).fill(nom)
        page.keyboard.press("Enter")

    feuille = f"/espace/seances/{seance.pk}/presences/?ajouter=1#ajouter"
    question = page.get_by_role("region", name="Est-ce la même personne ?")
    entrer("bruno")
    page.goto(feuille)
    ecrire("adam", "bert")
    expect(question).to_contain_text("le centre connaît déjà ce nom")
    voir()
    bouton(page, "C’est elle : Adam Bert")
    expect(page.locator("[data-presents]")).to_have_text(re.compile("1.présent"))
    page.goto(feuille)
    ecrire("adam", "bert")
    expect(question).to_contain_text("Déjà sur cette liste")
    bouton(page, "C’est une autre personne")
    expect(page.locator("[data-presents]")).to_have_text(re.compile("2.présents"))
    entrer("ines")
    page.goto(f"/espace/activites/{seance.activite_id}/inscriptions/")
    page.get_by_role("link", name="Inscrire quelqu’un").press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Prénom ou nom")).to_be_focused()  # sans passer les trente inscrits
    ecrire("Émilie", "Berd")
    expect(question.get_by_role("link", name="Émilie Bert")).to_be_visible()
    voir()
    bouton(page, "C’est une autre personne")
    expect(page.locator(".messages")).to_contain_text("La personne est inscrite.")
    expect(page.get_by_text("Émilie Berd", exact=True)).to_be_visible()


def test_un_laep_se_compte_sans_un_nom(page: Page, entrer: Entrer, voir: Voir, seance: Seance) -> None:
    Activite.objects.filter(pk=seance.activite_id).update(cadre=Cadre.LAEP)
    entrer("bruno")
    page.goto(f"/espace/seances/{seance.pk}/presences/")
    page.get_by_label("0 à 5 ans, hommes").fill("4")
    page.get_by_label("0 à 5 ans, hommes").press("Enter")
    page.keyboard.press("+")
    expect(page.locator("[data-sans-nom]")).to_have_text("+ 5 sans nom")
    enregistre(page)
    voir()
    assert seance.venues_sans_nom.get().nombre == 5


def test_ines_inscrit_desiste_et_donne_la_place(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    activite = ActiviteFactory(structure=distribution.deux_ponts, titre="Cuisine du monde", capacite=1)
    entrer("ines")
    page.goto(f"/espace/activites/{activite.pk}/inscriptions/")
    expect(page.get_by_text("Personne n’est encore inscrit")).to_be_visible()
    voir()
    for prenom in ("Lina", "Omar"):
        page.get_by_label("Prénom", exact=True).fill(prenom)
        page.get_by_label("Nom", exact=True).fill("Brahimi")
        bouton(page, "Inscrire")
    expect(page.locator(".messages")).to_contain_text("L’activité est pleine")
    voir()
    page.get_by_role("button", name="Se désiste : Lina B.").click()
    expect(page.locator(".messages")).to_contain_text("Sa place est proposée")
    voir()
    bouton(page, "Annuler")
    expect(page.locator(".messages")).to_contain_text("Le désistement est défait")
    page.get_by_role("button", name="Se désiste : Lina B.").click()
    page.get_by_role("button", name="Accepte : Omar B.").click()
    expect(page.locator(".messages")).to_contain_text("La place est donnée.")
    assert list(Inscription.objects.order_by("pk").values_list("etat", flat=True)) == ["desistee", "inscrite"]


def test_un_avis_se_donne_d_un_geste_en_sortant(
    page: Page, entrer: Entrer, voir: Voir, seance: Seance
) -> None:
    entrer("bruno")
    page.goto(f"/espace/seances/{seance.pk}/presences/")
    page.get_by_role("link", name="Ouvrir la page des avis").click()
    voir()
    for _ in range(5):
        page.get_by_role("button", name="Plutôt content").click()
        expect(page.get_by_text("Merci ! À la personne suivante.")).to_be_visible()
    voir()
    assert Satisfaction.objects.count() == 5
    page.goto(f"/espace/seances/{seance.pk}/presences/")
    expect(page.get_by_role("row", name=re.compile("Plutôt content 100"))).to_be_visible()
