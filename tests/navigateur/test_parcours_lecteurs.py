"""Un lecteur sans compte : dire utile, raconter, corriger, signaler, écrire au centre, s'abonner."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from maillage.catalogue.models import Alerte, Contribution, Experience, MessageRelaye
from maillage.core import anti_spam
from maillage.moderation.choices import EtatCommentaire
from maillage.moderation.models import Commentaire, Signalement
from tests.distribution import Distribution
from tests.fabriques import CommentaireFactory, ExperienceFactory
from tests.navigateur.conftest import bouton

pytestmark = pytest.mark.django_db(transaction=True)
Voir = Callable[[], None]
Entrer = Callable[[str], None]
SANS_SCRIPT = pytest.mark.parametrize("contexte", [{"java_script_enabled": False}], indirect=True)


@pytest.fixture(autouse=True)
def sans_attendre(monkeypatch: pytest.MonkeyPatch) -> None:
    """Le navigateur de l'essai remplit une page en un instant ; la règle des trois secondes est éprouvée ailleurs."""
    monkeypatch.setattr(anti_spam, "AU_PLUS_VITE", timedelta(0))


@pytest.fixture
def fiche(distribution: Distribution) -> Experience:
    fiche: Experience = ExperienceFactory(
        structure=distribution.deux_ponts, titre="Le jardin des voisins", limites="L’eau manque en été."
    )
    return fiche


def adresse(fiche: Experience) -> str:
    return f"/experiences/{fiche.code}/{fiche.slug}/"


def test_un_geste_dit_utile_et_un_autre_le_defait(page: Page, fiche: Experience, voir: Voir) -> None:
    page.goto(adresse(fiche))
    assert page.context.cookies() == []
    voir()
    lien = page.locator("#utile").get_by_role("link", name="C’est utile")
    lien.hover()
    expect(lien).to_have_attribute("data-htmx-powered", "true")
    lien.click()
    expect(page.locator("#utile")).to_contain_text("Merci, c’est noté.")
    expect(page.get_by_role("button", name="Défaire")).to_be_focused()
    expect(page).to_have_url(re.compile(adresse(fiche)))
    voir()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="C’est utile")).to_be_focused()
    fiche.refresh_from_db()
    assert fiche.nombre_utile == 0


@SANS_SCRIPT
def test_sans_script_tout_se_fait_par_des_pages(page: Page, fiche: Experience) -> None:
    page.goto(adresse(fiche))
    page.get_by_role("link", name="C’est utile").click()
    bouton(page, "C’est utile")
    expect(page.get_by_role("main")).to_contain_text("Merci, c’est noté.")
    bouton(page, "Défaire")
    page.goto(adresse(fiche))
    page.get_by_role("link", name="Commenter").click()
    page.get_by_label("Votre commentaire").fill("Bravo à toute l’équipe !")
    page.get_by_label("Votre nom, ou un pseudonyme").fill("Une voisine")
    bouton(page, "Envoyer le commentaire")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci pour votre commentaire")
    assert Commentaire.objects.get().etat == EtatCommentaire.RETENU
    page.goto(adresse(fiche))
    page.get_by_role("link", name="Signaler cette fiche").click()
    page.get_by_label("Une information est fausse").check()
    bouton(page, "Envoyer le signalement")
    expect(page.get_by_role("main")).to_contain_text(Signalement.objects.get().numero)


def test_raconter_son_essai_erreurs_comprises_puis_le_voir_publie(
    navigateur: Browser, live_server: Any, page: Page, fiche: Experience, voir: Voir, entrer: Entrer
) -> None:
    page.goto(adresse(fiche))
    page.get_by_role("link", name="J’ai essayé").click()
    voir()
    bouton(page, "Envoyer mon essai")
    expect(page.get_by_role("alert")).to_contain_text("4 champs à revoir")
    voir()
    page.get_by_label("Où vous avez essayé").fill("MJC de Brive")
    page.get_by_label("Cela a marché en partie").check()
    page.get_by_label("Ce qui a marché, ce qui n’a pas marché").fill(
        "La terre était dure : nous avons fait des bacs."
    )
    page.get_by_label("Votre nom, ou un pseudonyme").fill("Sylvie")
    bouton(page, "Envoyer mon essai")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci d’avoir raconté")
    voir()
    entrer("lea")
    page.goto("/espace/moderation/")
    page.get_by_role("link", name=re.compile("Essayé ici")).first.click()
    expect(page.get_by_role("main")).to_contain_text("nous avons fait des bacs")
    voir()
    page.locator(".barre summary", has_text="Refuser").click()
    voir()
    bouton(page, "Refuser et dire pourquoi")
    expect(page.get_by_role("status").first).to_contain_text("Dites la raison")
    page.get_by_role("button", name=re.compile("^Publier")).click()
    expect(page.locator(".messages")).to_contain_text("est en ligne")
    lecteur = navigateur.new_context(base_url=live_server.url).new_page()
    lecteur.goto(adresse(fiche))
    expect(lecteur.locator("#essais")).to_contain_text("Cela a marché en partie")
    expect(lecteur.locator("#essais")).to_contain_text("MJC de Brive")
    lecteur.context.close()


def test_le_centre_repond_a_un_commentaire(page: Page, fiche: Experience, voir: Voir, entrer: Entrer) -> None:
    entrer("bruno")
    page.goto("/espace/commentaires/")
    voir()
    CommentaireFactory(experience=fiche, publie=True, texte="Comment avez-vous trouvé le terrain ?")
    page.reload()
    voir()
    page.get_by_role("link", name=re.compile("^Répondre")).click()
    voir()
    page.get_by_label("Votre réponse, au nom du centre").fill("La commune nous le prête.")
    bouton(page, "Publier la réponse")
    expect(page.locator(".messages")).to_contain_text("Votre réponse est en ligne")
    voir()
    page.goto(adresse(fiche))
    expect(page.locator("#commentaires")).to_contain_text("La commune nous le prête.")
    voir()


def test_proposer_une_correction_champ_par_champ(page: Page, fiche: Experience, voir: Voir) -> None:
    page.goto(adresse(fiche))
    page.get_by_role("link", name="Proposer une correction").click()
    voir()
    bouton(page, "Corriger ces champs")
    expect(page.get_by_role("status")).to_contain_text("Aucun champ n’est coché")
    voir()
    page.get_by_label("Limites").check()
    page.get_by_label("Titre", exact=False).first.check()
    bouton(page, "Corriger ces champs")
    expect(page.get_by_label("Limites")).to_have_value("L’eau manque en été.")
    voir()
    bouton(page, "Envoyer la correction")
    expect(page.get_by_role("alert")).to_contain_text("Vous n’avez rien changé")
    voir()
    page.get_by_label("Limites").fill("L’eau manque en été, malgré deux cuves.")
    bouton(page, "Envoyer la correction")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci pour votre correction")
    assert Contribution.objects.get().contenu == {"limites": "L’eau manque en été, malgré deux cuves."}


def test_signaler_suivre_et_lire_la_reponse(
    page: Page, fiche: Experience, voir: Voir, entrer: Entrer
) -> None:
    commentaire = CommentaireFactory(experience=fiche, publie=True)
    page.goto(adresse(fiche))
    page.get_by_role("link", name="Signaler le commentaire").click()
    voir()
    bouton(page, "Envoyer le signalement")
    expect(page.get_by_role("alert")).to_contain_text("Un champ à revoir")
    voir()
    page.get_by_label("Une personne est citée").check()
    page.get_by_label("Ce qui ne va pas").fill("On reconnaît ma voisine.")
    bouton(page, "Envoyer le signalement")
    expect(page.get_by_role("main")).to_contain_text("Votre signalement est bien arrivé")
    voir()
    suivi = page.url.partition("?")[0]
    entrer("lea")
    page.goto("/espace/moderation/")
    page.get_by_role("link", name=re.compile("Signalement :")).first.click()
    expect(page.get_by_role("main")).to_contain_text("On reconnaît ma voisine.")
    voir()
    page.locator(".barre summary", has_text="Donner suite").click()
    page.get_by_label("Merci : le texte signalé n’est plus en ligne.").check()
    voir()
    bouton(page, "Donner suite et répondre")
    page.goto(suivi)
    expect(page.get_by_role("main")).to_contain_text("n’est plus en ligne")
    voir()
    commentaire.refresh_from_db()
    assert commentaire.etat == EtatCommentaire.MASQUE


def test_ecrire_au_centre_erreurs_comprises(page: Page, fiche: Experience, voir: Voir) -> None:
    page.goto(adresse(fiche))
    page.get_by_role("link", name="Écrire au centre").click()
    voir()
    bouton(page, "Envoyer au centre")
    expect(page.get_by_role("alert")).to_contain_text("3 champs à revoir")
    voir()
    page.get_by_label("Votre message").fill("Bonjour, pouvons-nous visiter le jardin avec notre groupe ?")
    page.get_by_label("Votre nom").fill("Sylvie")
    page.get_by_label("Votre courriel").fill("sylvie@essais.exemple")
    bouton(page, "Envoyer au centre")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre message est parti")
    assert MessageRelaye.objects.count() == 1
    ailleurs = ExperienceFactory(titre="Ailleurs")
    page.goto(f"/experiences/{ailleurs.code}/contacter/")
    expect(page.get_by_role("main")).to_contain_text("encore personne sur Maillage")
    voir()


def test_trop_d_envois_disent_d_attendre_et_gardent_le_texte(
    page: Page, fiche: Experience, voir: Voir
) -> None:
    for rang in range(11):
        page.goto(f"/experiences/{fiche.code}/commenter/")
        page.get_by_label("Votre commentaire").fill(f"Un commentaire de plus, le numéro {rang}.")
        page.get_by_label("Votre nom, ou un pseudonyme").fill("Moi")
        bouton(page, "Envoyer le commentaire")
    expect(page.get_by_role("status")).to_contain_text("Attendez")
    expect(page.get_by_label("Votre commentaire")).to_have_value("Un commentaire de plus, le numéro 10.")
    voir()


def test_s_abonner_confirmer_changer_et_arreter(
    page: Page, fiche: Experience, voir: Voir, indexer: Callable[[], int]
) -> None:
    indexer()
    page.goto("/experiences/?q=jardin")
    page.get_by_role("link", name="Recevoir les nouvelles fiches par courriel").click()
    expect(page.get_by_role("main")).to_contain_text("« jardin »")
    voir()
    bouton(page, "Recevoir les nouvelles fiches")
    expect(page.get_by_role("alert")).to_be_visible()
    voir()
    page.get_by_label("Votre courriel").fill("moi@essais.exemple")
    bouton(page, "Recevoir les nouvelles fiches")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmez votre adresse")
    voir()
    alerte = Alerte.objects.get()
    page.goto(f"/alertes/{alerte.jeton}/")
    voir()
    bouton(page, "Confirmer")
    expect(page.get_by_role("main")).to_contain_text("C’est confirmé")
    page.get_by_label("Chaque jour").check()
    bouton(page, "Changer le rythme")
    expect(page.get_by_role("main")).to_contain_text("Le rythme est changé")
    page.goto(f"/alertes/{alerte.jeton}/arreter/")
    voir()
    bouton(page, "Arrêter")
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est arrêté")
    assert not Alerte.objects.exists()


def test_les_textes_mis_de_cote_se_regardent_ensemble(
    page: Page, fiche: Experience, voir: Voir, entrer: Entrer
) -> None:
    entrer("lea")
    page.goto("/espace/moderation/mis-de-cote/")
    voir()
    for rang in range(3):
        CommentaireFactory(experience=fiche, texte=f"BUY CHEAP THINGS AT http://exemple.shop NOW {rang}")
    page.reload()
    voir()
    bouton(page, "Refuser ce qui est coché")
    expect(page.locator(".messages")).to_contain_text("3 textes refusés")
    assert set(Commentaire.objects.values_list("etat", flat=True)) == {EtatCommentaire.REFUSE}


def test_au_clavier_seul_on_commente(page: Page, fiche: Experience) -> None:
    page.goto(f"/experiences/{fiche.code}/commenter/")
    page.get_by_label("Votre commentaire").focus()
    page.keyboard.type("Bravo à toute l’équipe !")
    page.keyboard.press("Tab")
    page.keyboard.type("Une voisine")
    for _ in range(2):  # le courriel, puis le bouton : le piège n'est pas sur le chemin
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Envoyer le commentaire")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci pour votre commentaire")
    assert Commentaire.objects.count() == 1
