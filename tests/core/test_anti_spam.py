"""Recevoir ce qu'un lecteur écrit : robots écartés sans bruit, personnes jamais perdues."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from maillage.core import anti_spam
from maillage.core.anti_spam import ECRITURE, FormulairePublic, drapeaux, personne, recevoir, texte_net
from tests.lecteurs import sceau

FRANCAIS = "Nous avons essayé la même chose avec les habitants, et cela a bien marché chez nous."


class EssaiForm(FormulairePublic):
    texte = forms.CharField(label="Votre texte")


def envoi(**champs: str) -> EssaiForm:
    form = EssaiForm({"texte": "Bravo", "site_web": "", "ouvert_le": sceau(seconds=20)} | champs)
    form.is_valid()
    return form


# --- Le piège et l'heure --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "champs",
    [
        {"site_web": "http://vendre.exemple"},
        {"ouvert_le": ""},
        {"ouvert_le": "1763640000.0:inventee:fausse"},
    ],
)
def test_un_programme_est_reconnu(champs: dict[str, str]) -> None:
    assert envoi(**champs).est_un_robot


def test_une_page_remplie_en_deux_secondes_l_est_par_un_programme() -> None:
    assert envoi(ouvert_le=sceau(seconds=2)).est_un_robot
    assert not envoi(ouvert_le=sceau(seconds=4)).est_un_robot


def test_une_personne_n_est_pas_un_robot() -> None:
    form = envoi()
    assert form.is_valid() and not form.est_un_robot


def test_une_page_ouverte_depuis_la_veille_se_renvoie_sans_rien_retaper() -> None:
    form = envoi(ouvert_le=sceau(hours=25))
    assert not form.is_valid() and not form.est_un_robot
    assert "plus d’un jour" in form.non_field_errors()[0]
    assert form["texte"].value() == "Bravo"
    assert "ouvert_le" not in form.errors
    neuf = str(form["ouvert_le"].value())
    with patch.object(anti_spam.timezone, "now", return_value=timezone.now() + timedelta(seconds=5)):
        assert envoi(ouvert_le=neuf).is_valid()


def test_corriger_une_erreur_puis_renvoyer_vite_n_est_pas_d_un_robot() -> None:
    premier = envoi(texte="")
    assert not premier.is_valid()
    assert not envoi(ouvert_le=str(premier["ouvert_le"].value())).est_un_robot


def test_le_piege_vient_en_dernier_hors_du_clavier_et_des_lecteurs_d_ecran() -> None:
    from django.template import Context, Template

    html = Template("{% formulaire form %}").render(Context({"form": EssaiForm()}))
    piege = html[html.index('<div class="invisible" aria-hidden="true">') :]
    assert html.index('name="texte"') < html.index('name="site_web"')
    assert 'tabindex="-1"' in piege and 'autocomplete="off"' in piege and "Laissez ce champ vide" in piege


# --- Recevoir -------------------------------------------------------------------------------------
@pytest.fixture
def envoyer() -> Callable[..., tuple[HttpResponse, list[str]]]:
    """Un envoi, et ce qu'il a fait écrire."""
    ecrits: list[str] = []

    def poster(
        adresse: str = "203.0.113.7", temoin: str = "un", refus: str = "", **champs: str
    ) -> tuple[HttpResponse, list[str]]:
        corps = {"texte": "Bravo", "ouvert_le": sceau(seconds=20)} | champs
        request = RequestFactory().post("/", corps, REMOTE_ADDR=adresse, CSRF_COOKIE=temoin)
        request.user = AnonymousUser()
        form = EssaiForm(request.POST)

        def agir() -> None:
            if refus:
                raise ValidationError(refus)
            ecrits.append(form.cleaned_data["texte"])

        reponse = recevoir(
            request, form, "core/composants/formulaire.html", {}, limite=ECRITURE, merci="/merci/", agir=agir
        )
        return reponse, ecrits

    return poster


Envoyer = Callable[..., tuple[HttpResponse, list[str]]]


def test_un_robot_recoit_le_meme_accuse_et_n_ecrit_rien(db: None, envoyer: Envoyer) -> None:
    robot, ecrits = envoyer(site_web="x")
    assert (robot.status_code, robot["Location"], ecrits) == (302, "/merci/", [])
    humain, ecrits = envoyer()
    assert (humain.status_code, humain["Location"], ecrits) == (302, "/merci/", ["Bravo"])


def test_dix_envois_par_personne_puis_un_refus_qui_garde_le_texte(db: None, envoyer: Envoyer) -> None:
    codes = [envoyer(texte=f"Texte {n}")[0].status_code for n in range(10)]
    assert codes == [302] * 10
    refus, ecrits = envoyer(texte="Un texte que je ne veux pas perdre")
    assert refus.status_code == 429 and int(refus.headers["Retry-After"]) > 60
    assert "Un texte que je ne veux pas perdre" in refus.content.decode()
    assert len(ecrits) == 10


def test_un_atelier_de_trente_personnes_derriere_une_adresse_passe(db: None, envoyer: Envoyer) -> None:
    assert {envoyer(temoin=f"poste {n}")[0].status_code for n in range(30)} == {302}


def test_changer_de_navigateur_n_echappe_pas_a_la_limite_de_l_adresse(db: None, envoyer: Envoyer) -> None:
    codes = [envoyer(temoin=f"robot {n}")[0].status_code for n in range(100)]
    assert codes.count(302) <= 62 and codes[-1] == 429
    assert envoyer(adresse="198.51.100.4", temoin="voisine")[0].status_code == 302


def test_mentir_sur_son_adresse_ne_sert_a_rien(db: None, envoyer: Envoyer) -> None:
    demande = RequestFactory().post("/", REMOTE_ADDR="203.0.113.7")
    menteur = RequestFactory().post("/", REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.1")
    for request in (demande, menteur):
        request.user = AnonymousUser()
    assert personne(demande) == personne(menteur)


def test_une_raison_de_l_acte_se_lit_sur_la_page(db: None, envoyer: Envoyer) -> None:
    reponse, ecrits = envoyer(refus="Ce texte est déjà arrivé.")
    assert reponse.status_code == 200 and "Ce texte est déjà arrivé." in reponse.content.decode()
    assert ecrits == []


def test_une_empreinte_ne_vaut_qu_un_jour_et_ne_dit_pas_l_adresse(monkeypatch: pytest.MonkeyPatch) -> None:
    request: HttpRequest = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7", CSRF_COOKIE="temoin")
    request.user = AnonymousUser()
    lues = {personne(request), anti_spam.foyer(request)}
    assert len(lues) == 2 and not any("203.0" in lue or "temoin" in lue for lue in lues)
    jour = timezone.localdate()
    monkeypatch.setattr(anti_spam.timezone, "localdate", lambda: jour + timedelta(days=1))
    assert personne(request) not in lues and anti_spam.foyer(request) not in lues


# --- Chercher ------------------------------------------------------------------------------------
def test_trente_personnes_cherchent_ensemble_et_une_machine_qui_insiste_attend(
    client: Client, indexer: Callable[[], int]
) -> None:
    indexer()
    atelier = [client.get("/experiences/suggestions?q=jar").status_code for _ in range(30 * 5)]
    assert set(atelier) == {200}
    codes = []
    for _ in range(200):
        codes.append((reponse := client.get("/experiences/?q=jardin")).status_code)
        if codes[-1] == 429:
            break
    assert codes[:30] == [200] * 30 and codes[-1] == 429
    assert reponse.headers["Retry-After"] == "1" and "Attendez 1\xa0seconde" in reponse.content.decode()


# --- Les drapeaux --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("texte", "drapeau"),
    [
        ("Regardez https://exemple.fr, c’est tout pareil chez nous.", "Contient un lien"),
        ("Allez voir pas-cher.shop pour les prix.", "Contient un lien"),
        ("Bravo <a href='x'>ici</a>", "Contient du code de page"),
        ("[url=x]ici[/url]", "Contient du code de page"),
        ("CECI EST UN TEXTE QUE PERSONNE NE VEUT LIRE", "Écrit en capitales"),
        ("bravo " * 20, "Répète les mêmes mots"),
        ("Bravooooooooooooo", "Répète les mêmes mots"),
        (
            "I really enjoyed this page and would love to sell you something nice today",
            "N’est pas en français",
        ),
        (
            "Me gusta mucho esta actividad y quiero hacerla en mi ciudad con los niños",
            "N’est pas en français",
        ),
        ("Покупайте дёшево у нас сегодня", "N’est pas en français"),
    ],
)
def test_ce_qui_est_louche_est_dit(texte: str, drapeau: str) -> None:
    assert drapeau in drapeaux(texte)


@pytest.mark.parametrize(
    "texte",
    [
        FRANCAIS,
        "Merci !",
        "Bravo à la CAF et au CLAS",
        "Super idée, merci beaucoup à toute l’équipe du centre social de Valserre",
        "Le mardi à 14 h 30, une dizaine de familles viennent. Tarif : 2,50 €.",
    ],
)
def test_un_texte_ordinaire_n_a_aucun_drapeau(texte: str) -> None:
    assert drapeaux(texte) == ()


def test_un_texte_se_garde_net() -> None:
    assert texte_net("  Un\u00a0 mot \r\n\r\n\r\n\r\n suite\0 ") == "Un mot\n\nsuite"
