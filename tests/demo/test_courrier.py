"""Le courrier de la démonstration : ce que Django a écrit, relu sans danger."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection, send_mail
from django.test import Client
from django.utils import timezone

from maillage.demo import courrier

pytestmark = pytest.mark.django_db


def _envoyer(objet: str, texte: str, html: str = "") -> None:
    message = EmailMultiAlternatives(objet, texte, "Maillage <ne-pas-repondre@localhost>", ["lea@exemple.fr"])
    if html:
        message.attach_alternative(html, "text/html")
    message.send()


def test_la_boite_vide_dit_comment_recevoir_un_message(en_demo: Path, client: Client) -> None:
    page = client.get("/demo/courrier/").content.decode()
    assert "Aucun courriel" in page and "/compte/connexion/code/" in page


def test_un_message_inconnu_est_absent(en_demo: Path, client: Client) -> None:
    _envoyer("Bonjour", "Texte")
    assert client.get("/demo/courrier/inconnu-1/").status_code == 404


def test_un_identifiant_ne_sort_pas_du_dossier(en_demo: Path) -> None:
    _envoyer("Bonjour", "Texte")
    (en_demo.parent / "secret.log").write_text("Subject: secret\n\nclé")
    assert courrier.trouver("../secret-1") is None


def test_un_message_accentue_se_lit_avec_son_lien(en_demo: Path, client: Client) -> None:
    lien = "http://localhost:8000/compte/invitation/abc/"
    _envoyer("Votre invitation à Maillage", f"Bonjour Léa,\n\nOuvrez ce lien : {lien}\n")
    [recu] = courrier.courriels()
    assert recu.objet == "Votre invitation à Maillage" and recu.destinataires == "lea@exemple.fr"
    page = client.get(f"/demo/courrier/{recu.identifiant}/").content.decode()
    assert "Bonjour Léa" in page and f'href="{lien}"' in page


def test_plusieurs_messages_du_meme_envoi_se_separent_le_plus_recent_d_abord(en_demo: Path) -> None:
    connexion = get_connection()
    connexion.open()
    for objet in ("Premier", "Deuxième"):
        EmailMultiAlternatives(objet, "Texte", to=["a@exemple.fr"], connection=connexion).send()
    connexion.close()
    recus = courrier.courriels()
    assert [courriel.objet for courriel in recus] == ["Deuxième", "Premier"]
    assert len({courriel.identifiant for courriel in recus}) == 2


def test_d_un_message_en_html_on_ne_garde_que_les_mots(en_demo: Path, client: Client) -> None:
    _envoyer("Piège", "", "<p>Bonjour &amp; merci</p><script>alert(1)</script><img src=x onerror=alert(1)>")
    [recu] = courrier.courriels()
    assert recu.texte == "Bonjour & merci"
    _envoyer("Piège échappé", "", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
    for courriel in courrier.courriels():
        page = client.get(f"/demo/courrier/{courriel.identifiant}/").content.decode()
        assert "<script>alert" not in page and "onerror" not in page


def test_l_heure_du_message_est_celle_de_l_envoi(en_demo: Path) -> None:
    send_mail("Heure", "Texte", None, ["a@exemple.fr"])
    [recu] = courrier.courriels()
    assert abs((timezone.now() - recu.envoye_le).total_seconds()) < 60
