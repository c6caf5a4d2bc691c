"""Ce qu'un lecteur fait d'une fiche sans compte : utile, commentaire, essai, message au centre."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.models import Experience, MessageRelaye, Utilite
from maillage.catalogue.operations.conservation import effacer_les_utilites_d_hier
from maillage.catalogue.operations.fiche_importee import slug_de
from maillage.catalogue.operations.lecteurs import MESSAGES_PAR_JOUR
from maillage.core.courrier import envoyer_ce_qui_attend, oublier_les_anciens
from maillage.core.models import Courrier
from maillage.moderation.choices import EtatCommentaire, GenreCommentaire, ResultatEssai
from maillage.moderation.models import Commentaire, Demande
from tests.distribution import Distribution
from tests.fabriques import CommentaireFactory, ExperienceFactory, StructureFactory
from tests.lecteurs import envoyer

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def fiche(distribution: Distribution) -> Experience:
    fiche: Experience = ExperienceFactory(structure=distribution.deux_ponts, titre="Le jardin des voisins")
    return fiche


def page(fiche: Experience, nom: str, *arguments: Any) -> str:
    return reverse(f"experience_{nom}", args=[fiche.code, *arguments])


def lue(client: Client, fiche: Experience) -> str:
    return client.get(reverse("experience", args=[fiche.code, fiche.slug])).content.decode()


# --- Ce que l'on ne peut pas lire -----------------------------------------------------------------
@pytest.mark.parametrize("etat", ["brouillon", "retiree"])
@pytest.mark.parametrize("nom", ["utile", "commenter", "essayer", "contacter", "corriger"])
def test_une_fiche_que_l_on_ne_lit_pas_ne_se_commente_pas(client: Client, etat: str, nom: str) -> None:
    fiche = ExperienceFactory(**{etat: True})
    assert client.get(page(fiche, nom)).status_code == 404
    assert envoyer(client, page(fiche, nom), texte="Bravo", signature="Moi").status_code == 404
    assert not Commentaire.objects.exists() and not Utilite.objects.exists()


@pytest.mark.parametrize("nom", ["utile", "commenter", "contacter", "corriger"])
def test_un_envoi_sans_jeton_est_refuse(fiche: Experience, nom: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert envoyer(client, page(fiche, nom), texte="Bravo", geste="dire").status_code == 403


def test_lire_la_fiche_ne_pose_aucun_temoin_meme_apres_avoir_ecrit(client: Client, fiche: Experience) -> None:
    reponse = client.get(reverse("experience", args=[fiche.code, fiche.slug]))
    assert not reponse.cookies
    assert "csrfmiddlewaretoken" not in reponse.content.decode()


# --- C'est utile ----------------------------------------------------------------------------------
def test_une_personne_compte_une_fois_par_jour_et_defait_aussitot(client: Client, fiche: Experience) -> None:
    assert "le dit" not in lue(client, fiche)
    client.get(page(fiche, "utile"))  # la page du formulaire pose son témoin
    for _ in range(3):
        assert client.post(page(fiche, "utile"), {"geste": "dire"}).status_code == 302
    fiche.refresh_from_db()
    assert fiche.nombre_utile == 1
    assert "1\xa0personne le dit" in lue(client, fiche)
    assert "Merci, c’est noté" in client.get(page(fiche, "utile")).content.decode()
    for _ in range(2):
        client.post(page(fiche, "utile"), {"geste": "defaire"})
    fiche.refresh_from_db()
    assert fiche.nombre_utile == 0 and not Utilite.objects.exists()


def test_defaire_n_ote_que_son_propre_geste(client_de: ClientDe, fiche: Experience) -> None:
    client_de("bruno").post(page(fiche, "utile"), {"geste": "dire"})
    client_de("chloe").post(page(fiche, "utile"), {"geste": "defaire"})
    fiche.refresh_from_db()
    assert fiche.nombre_utile == 1


def test_l_empreinte_s_efface_le_lendemain_et_le_nombre_reste(client: Client, fiche: Experience) -> None:
    client.post(page(fiche, "utile"), {"geste": "dire"})
    assert effacer_les_utilites_d_hier() == 0
    Utilite.objects.update(jour=timezone.localdate() - timedelta(days=1))
    assert effacer_les_utilites_d_hier() == 1
    fiche.refresh_from_db()
    assert fiche.nombre_utile == 1 and not Utilite.objects.exists()


def test_le_fragment_demande_par_la_fiche_part_seul_une_fois(client: Client, fiche: Experience) -> None:
    entetes = {"HTTP_HX_REQUEST": "true"}
    demande = client.get(page(fiche, "utile"), **entetes).content.decode()
    assert "<html" not in demande and 'hx-trigger="load, submit"' in demande
    fait = client.post(page(fiche, "utile"), {"geste": "dire"}, **entetes).content.decode()
    assert "Défaire" in fait and "load" not in fait
    assert "load" not in client.get(page(fiche, "utile"), **entetes).content.decode()


def test_lire_la_page_utile_ne_compte_rien(client: Client, fiche: Experience) -> None:
    client.get(page(fiche, "utile"))
    fiche.refresh_from_db()
    assert fiche.nombre_utile == 0


def test_une_machine_qui_insiste_attend(client: Client, fiche: Experience) -> None:
    codes = [client.post(page(fiche, "utile"), {"geste": "dire"}).status_code for _ in range(31)]
    assert codes[:30] == [302] * 30 and codes[30] == 429


# --- Commenter, raconter --------------------------------------------------------------------------
def test_un_commentaire_attend_d_etre_lu(client: Client, fiche: Experience) -> None:
    reponse = envoyer(
        client, page(fiche, "commenter"), texte="Bravo à toute l’équipe !", signature="Une voisine"
    )
    assert reponse["Location"] == page(fiche, "merci", "commentaire")
    assert "lit chaque texte avant qu’il paraisse" in client.get(reponse["Location"]).content.decode()
    commentaire = Commentaire.objects.get()
    assert (commentaire.etat, commentaire.structure) == (EtatCommentaire.RETENU, fiche.structure)
    assert commentaire.adresse == reverse("experience", args=[fiche.code, fiche.slug])
    demande = Demande.objects.get()
    assert (demande.genre, demande.objet_id) == ("commentaire", commentaire.pk)
    assert "Bravo à toute" not in lue(client, fiche)


def test_un_essai_dit_ou_et_avec_quel_resultat(client: Client, fiche: Experience) -> None:
    champs = {"texte": "La terre était trop dure, nous avons fait des bacs.", "signature": "Sylvie"}
    incomplet = envoyer(client, page(fiche, "essayer"), **champs).content.decode()
    assert "Choisissez un résultat" in incomplet and "La terre était trop dure" in incomplet
    envoyer(client, page(fiche, "essayer"), **champs, lieu="MJC de Brive", resultat="en_partie")
    essai = Commentaire.objects.get()
    assert (essai.genre, essai.lieu, essai.resultat) == (
        GenreCommentaire.ESSAI,
        "MJC de Brive",
        ResultatEssai.EN_PARTIE,
    )


def test_une_personne_connectee_ne_redit_pas_son_nom(client_de: ClientDe, fiche: Experience) -> None:
    client = client_de("chloe")
    html = client.get(page(fiche, "commenter")).content.decode()
    assert 'name="signature"' not in html and "Chloé Vasseur" in html
    envoyer(client, page(fiche, "commenter"), texte="Nous essayons aussi.", signature="Quelqu’un d’autre")
    commentaire = Commentaire.objects.get()
    assert commentaire.signature == "Chloé Vasseur, Centre social Les Quatre-Vents"
    assert commentaire.auteur is not None and commentaire.courriel == ""


def test_le_meme_texte_ne_se_recoit_qu_une_fois_par_page(client: Client, fiche: Experience) -> None:
    for texte in ("Bravo à toute l’équipe", "  BRAVO à toute   l’équipe \r\n"):
        reponse = envoyer(client, page(fiche, "commenter"), texte=texte, signature="Moi")
    assert "déjà arrivé" in reponse.content.decode()
    assert Commentaire.objects.count() == 1


def test_un_programme_recoit_le_meme_accuse_et_rien_n_est_ecrit(client: Client, fiche: Experience) -> None:
    piege = envoyer(client, page(fiche, "commenter"), texte="Bravo", signature="Moi", site_web="x")
    presse = client.post(page(fiche, "commenter"), {"texte": "Bravo", "signature": "Moi"})
    assert {piege["Location"], presse["Location"]} == {page(fiche, "merci", "commentaire")}
    assert not Commentaire.objects.exists()


def test_la_fiche_ne_montre_que_ce_qui_est_publie_et_la_reponse_du_centre(
    client: Client, fiche: Experience
) -> None:
    essai = CommentaireFactory(experience=fiche, publie=True, essai=True, reponse="Avez-vous paillé ?")
    Commentaire.objects.filter(pk=essai.pk).update(repondu_le=timezone.now())
    for etat in (EtatCommentaire.RETENU, EtatCommentaire.REFUSE, EtatCommentaire.MASQUE):
        CommentaireFactory(experience=fiche, etat=etat, texte=f"Texte {etat} à ne pas voir")
    CommentaireFactory(publie=True, texte="Sous une autre fiche")
    html = lue(client, fiche)
    assert "à ne pas voir" not in html and "Sous une autre fiche" not in html
    assert "Cela a marché en partie" in html and "Centre social de Valserre" in html
    assert html.index(essai.texte) < html.index("Avez-vous paillé")
    assert f"/signaler/?page=/experiences/{fiche.code}/commentaires/{essai.pk}/" in html


def test_le_texte_d_un_lecteur_n_est_jamais_du_html(client: Client, fiche: Experience) -> None:
    CommentaireFactory(experience=fiche, publie=True, texte="<script>alert(1)</script>", signature="<b>x</b>")
    html = lue(client, fiche)
    assert "<script>alert" not in html and "<b>x</b>" not in html


def test_l_adresse_d_un_commentaire_mene_a_sa_place(client: Client, fiche: Experience) -> None:
    commentaire = CommentaireFactory(experience=fiche, publie=True)
    reponse = client.get(page(fiche, "commentaire", commentaire.pk))
    assert reponse["Location"].endswith(f"{fiche.slug}/#commentaire-{commentaire.pk}")


# --- La réponse du centre -------------------------------------------------------------------------
def test_le_centre_repond_et_sa_reponse_parait(client_de: ClientDe, fiche: Experience) -> None:
    commentaire = CommentaireFactory(experience=fiche, publie=True, courriel="voisine@essais.exemple")
    bruno = client_de("bruno")
    assert commentaire.texte in bruno.get(reverse("commentaires_recus")).content.decode()
    bruno.post(
        reverse("repondre_au_commentaire", args=[commentaire.pk]), {"reponse": "Merci, passez samedi."}
    )
    assert "Merci, passez samedi." in lue(Client(), fiche)
    assert Courrier.objects.get().destinataire == "voisine@essais.exemple"


@pytest.mark.parametrize("prenom", ["chloe", "lea", "denis", "omar"])
def test_un_autre_centre_ne_repond_pas(client_de: ClientDe, fiche: Experience, prenom: str) -> None:
    commentaire = CommentaireFactory(experience=fiche, publie=True)
    reponse = client_de(prenom).post(
        reverse("repondre_au_commentaire", args=[commentaire.pk]), {"reponse": "Non"}
    )
    assert reponse.status_code == 404
    commentaire.refresh_from_db()
    assert commentaire.reponse == ""


@pytest.mark.parametrize("etat", [EtatCommentaire.RETENU, EtatCommentaire.REFUSE, EtatCommentaire.MASQUE])
def test_le_centre_ne_voit_que_ce_que_la_moderation_a_publie(
    client_de: ClientDe, fiche: Experience, etat: str
) -> None:
    commentaire = CommentaireFactory(experience=fiche, etat=etat)
    amina = client_de("amina")
    assert commentaire.texte not in amina.get(reverse("commentaires_recus")).content.decode()
    assert amina.get(reverse("repondre_au_commentaire", args=[commentaire.pk])).status_code == 404


# --- Écrire au centre -----------------------------------------------------------------------------
MESSAGE = {
    "message": "Bonjour, comment avez-vous trouvé le terrain ? Nous voulons faire la même chose.",
    "nom": "Sylvie Morel",
    "courriel": "sylvie@essais.exemple",
}


def test_le_message_va_a_la_direction_et_la_reponse_au_lecteur(
    client: Client, fiche: Experience, distribution: Distribution
) -> None:
    html = client.get(page(fiche, "contacter")).content.decode()
    assert distribution.amina.email not in html and "bonjour@essais.exemple" not in html
    assert "aura votre courriel" in html
    reponse = envoyer(client, page(fiche, "contacter"), **MESSAGE, veut_une_copie="on")
    assert reponse["Location"] == page(fiche, "merci", "message")
    envoyer_ce_qui_attend()
    assert [message.to for message in mail.outbox] == [
        [distribution.amina.email],
        ["sylvie@essais.exemple"],
    ]
    assert mail.outbox[0].message()["Reply-To"] == "sylvie@essais.exemple"
    assert "comment avez-vous trouvé le terrain" in mail.outbox[0].body
    assert distribution.amina.email not in mail.outbox[1].body
    assert MessageRelaye.objects.filter(experience=fiche).count() == 1


def test_sans_direction_le_message_va_a_l_adresse_de_la_structure(client: Client) -> None:
    fiche = ExperienceFactory(structure=StructureFactory(courriel="accueil@essais.exemple"))
    envoyer(client, page(fiche, "contacter"), **MESSAGE)
    assert Courrier.objects.get().destinataire == "accueil@essais.exemple"


def test_un_centre_sans_personne_le_dit_et_propose_sa_page(client: Client) -> None:
    fiche = ExperienceFactory()
    html = client.get(page(fiche, "contacter")).content.decode()
    assert "encore personne sur Maillage" in html and reverse("centre", args=[fiche.structure.slug]) in html
    envoyer(client, page(fiche, "contacter"), **MESSAGE)
    assert not Courrier.objects.exists()


@pytest.mark.parametrize(
    "courriel", ["a@b.fr\nBcc: victime@exemple.fr", "a@b.fr,victime@exemple.fr", "pas-une-adresse"]
)
def test_aucun_entete_ne_s_injecte(client: Client, fiche: Experience, courriel: str) -> None:
    assert envoyer(client, page(fiche, "contacter"), **MESSAGE | {"courriel": courriel}).status_code == 200
    assert not Courrier.objects.exists()


def test_un_nom_sur_deux_lignes_ne_casse_pas_le_courriel(client: Client, fiche: Experience) -> None:
    envoyer(client, page(fiche, "contacter"), **MESSAGE | {"nom": "Sylvie\r\nBcc: x@exemple.fr"})
    envoyer_ce_qui_attend()
    assert mail.outbox[0].message()["Bcc"] is None


def test_un_envoi_publicitaire_ne_passe_pas(client: Client, fiche: Experience) -> None:
    publicite = "Buy cheap things at http://exemple.shop today and get a very nice discount for you"
    reponse = envoyer(client, page(fiche, "contacter"), **MESSAGE | {"message": publicite})
    assert "ressemble à un envoi automatique" in reponse.content.decode()
    assert "Buy cheap things" in reponse.content.decode() and not Courrier.objects.exists()


def test_une_copie_ne_porte_jamais_de_lien_a_une_adresse_non_prouvee(
    client: Client, fiche: Experience
) -> None:
    message = MESSAGE | {"message": "Bonjour, voici notre page https://exemple.fr pour vous montrer."}
    envoyer(client, page(fiche, "contacter"), **message, veut_une_copie="on")
    assert Courrier.objects.get().destinataire != "sylvie@essais.exemple"


def test_cinq_messages_par_heure_et_le_texte_reste(client: Client, fiche: Experience) -> None:
    codes = [
        envoyer(
            client, page(fiche, "contacter"), **MESSAGE | {"message": f"Une question, la numéro {n}."}
        ).status_code
        for n in range(6)
    ]
    assert codes == [302] * 5 + [429]


def test_un_centre_n_est_jamais_noye(client: Client, fiche: Experience) -> None:
    MessageRelaye.objects.bulk_create([MessageRelaye(experience=fiche)] * MESSAGES_PAR_JOUR)
    reponse = envoyer(client, page(fiche, "contacter"), **MESSAGE)
    assert "Revenez demain" in reponse.content.decode() and not Courrier.objects.exists()


# --- Ce que l'on garde ----------------------------------------------------------------------------
def test_un_courriel_parti_s_oublie_en_trente_jours_et_un_en_attente_jamais(
    client: Client, fiche: Experience
) -> None:
    envoyer(client, page(fiche, "contacter"), **MESSAGE)
    Courrier.objects.update(ecrit_le=timezone.now() - timedelta(days=40))
    assert oublier_les_anciens() == 0
    envoyer_ce_qui_attend()
    assert Courrier.objects.get().texte == "" and oublier_les_anciens() == 0
    Courrier.objects.update(envoye_le=timezone.now() - timedelta(days=31))
    assert oublier_les_anciens() == 1


@pytest.mark.parametrize("titre", ["Utile", "Corriger", "Contacter"])
def test_un_titre_ne_prend_jamais_la_place_d_une_page(titre: str) -> None:
    assert slug_de(titre) == f"{titre.lower()}-experience"
    assert slug_de("Un jardin utile") == "un-jardin-utile"
