"""Lire un commentaire, décider, défaire ; garder la file lisible sous une rafale."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.models import Experience
from maillage.core.courrier import envoyer_ce_qui_attend
from maillage.core.models import Courrier
from maillage.moderation.choices import EtatCommentaire, EtatDemande
from maillage.moderation.models import Commentaire, Decision, Demande
from maillage.moderation.operations.commentaires import AFFLUENCE
from maillage.moderation.operations.conservation import effacer_les_courriels
from tests.distribution import Distribution
from tests.fabriques import CommentaireFactory, ExperienceFactory
from tests.lecteurs import envoyer

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]
TEXTE = "Nous avons fait la même chose à la salle des fêtes, et cela prend bien."


@pytest.fixture
def fiche(distribution: Distribution) -> Experience:
    fiche: Experience = ExperienceFactory(structure=distribution.deux_ponts, titre="Le jardin des voisins")
    return fiche


@pytest.fixture
def recu(client: Client, fiche: Experience) -> Commentaire:
    """Un commentaire arrivé par la page, avec un courriel."""
    adresse = reverse("experience_commenter", args=[fiche.code])
    envoyer(client, adresse, texte=TEXTE, signature="Une voisine", courriel="voisine@essais.exemple")
    return Commentaire.objects.get()


def examen(commentaire: Commentaire) -> str:
    return reverse("examiner_commentaire", args=[commentaire.pk])


def lue(fiche: Experience) -> str:
    return Client().get(reverse("experience", args=[fiche.code, fiche.slug])).content.decode()


@pytest.mark.parametrize("prenom", ["amina", "bruno", "chloe", "denis", "omar"])
def test_seule_une_moderatrice_du_territoire_decide(
    client_de: ClientDe, recu: Commentaire, prenom: str
) -> None:
    client = client_de(prenom)
    assert client.get(examen(recu)).status_code == 404
    assert client.post(examen(recu), {"geste": "accepter"}).status_code == 404
    assert client.post(reverse("defaire_commentaire", args=[recu.pk])).status_code == 404
    recu.refresh_from_db()
    assert recu.etat == EtatCommentaire.RETENU


def test_publie_le_commentaire_se_lit_et_chacun_est_prevenu_dix_minutes_apres(
    client_de: ClientDe, recu: Commentaire, fiche: Experience, distribution: Distribution
) -> None:
    lea = client_de("lea")
    html = lea.get(examen(recu)).content.decode()
    assert TEXTE in html and "Ni lien, ni texte répété" in html and "voisine@essais" not in html
    assert lea.post(examen(recu), {"geste": "accepter"}).status_code == 302
    assert TEXTE in lue(fiche)
    envoyer_ce_qui_attend()
    assert mail.outbox == []
    Courrier.objects.update(a_envoyer_le=timezone.now())
    envoyer_ce_qui_attend()
    assert {m.to[0] for m in mail.outbox} == {"voisine@essais.exemple", distribution.amina.email}


def test_refuser_exige_une_raison_qui_est_envoyee(
    client_de: ClientDe, recu: Commentaire, fiche: Experience
) -> None:
    lea = client_de("lea")
    assert lea.post(examen(recu), {"geste": "refuser"}).status_code == 422
    recu.refresh_from_db()
    assert recu.etat == EtatCommentaire.RETENU
    lea.post(examen(recu), {"geste": "refuser", "raison": "Ce texte cite une personne."})
    recu.refresh_from_db()
    assert recu.etat == EtatCommentaire.REFUSE and TEXTE not in lue(fiche)
    courrier = Courrier.objects.get()
    assert courrier.destinataire == "voisine@essais.exemple"
    assert "Ce texte cite une personne." in courrier.texte and TEXTE in courrier.texte


@pytest.mark.parametrize("geste", ["accepter", "refuser"])
def test_defaire_remet_tout_et_personne_n_est_prevenu(
    client_de: ClientDe, recu: Commentaire, fiche: Experience, geste: str
) -> None:
    lea = client_de("lea")
    lea.post(examen(recu), {"geste": geste, "raison": "Une raison."})
    assert Courrier.objects.exists()
    lea.post(reverse("defaire_commentaire", args=[recu.pk]))
    recu.refresh_from_db()
    assert recu.etat == EtatCommentaire.RETENU and recu.publie_le is None
    assert Demande.objects.get().etat == EtatDemande.EN_ATTENTE
    assert not Courrier.objects.exists() and TEXTE not in lue(fiche)


def test_une_fois_l_auteur_prevenu_on_ne_defait_plus(client_de: ClientDe, recu: Commentaire) -> None:
    lea = client_de("lea")
    lea.post(examen(recu), {"geste": "accepter"})
    Decision.objects.update(le=timezone.now() - timedelta(minutes=11))
    reponse = lea.post(reverse("defaire_commentaire", args=[recu.pk]), follow=True)
    assert "ne se défait plus" in reponse.content.decode()
    recu.refresh_from_db()
    assert recu.etat == EtatCommentaire.PUBLIE


def test_deux_moderatrices_ne_decident_pas_deux_fois(client_de: ClientDe, recu: Commentaire) -> None:
    client_de("lea").post(examen(recu), {"geste": "accepter"})
    seconde = client_de("nadia").post(examen(recu), {"geste": "refuser", "raison": "Non."})
    assert seconde.status_code == 422 and "déjà été traitée" in seconde.content.decode()
    recu.refresh_from_db()
    assert recu.etat == EtatCommentaire.PUBLIE


# --- Sous une rafale ------------------------------------------------------------------------------
def test_cinq_cents_envois_automatiques_ne_publient_rien_et_laissent_la_file_lisible(
    client_de: ClientDe, fiche: Experience
) -> None:
    """Des textes tous différents, cent adresses, un navigateur neuf à chaque envoi, plusieurs fiches."""
    fiches = [fiche, *(ExperienceFactory(structure=fiche.structure) for _ in range(19))]
    codes: list[int] = []
    for rang in range(500):
        reponse = envoyer(
            Client(),
            reverse("experience_commenter", args=[fiches[rang % 20].code]),
            depuis=f"203.0.113.{rang % 100}",
            texte=f"Un avis numéro {rang} sur cette belle action, avec des mots que nous changeons ({rang * 7}).",
            signature=f"Visiteur {rang}",
        )
        codes.append(reponse.status_code)
    assert Commentaire.objects.publies().count() == 0
    assert all("Un avis numéro" not in lue(une) for une in fiches[:3])
    en_file = Demande.objects.en_attente().count()
    assert en_file <= AFFLUENCE
    lea = client_de("lea")
    assert lea.get(reverse("moderation")).status_code == 200
    de_cote = Commentaire.objects.mis_de_cote_pour(lea_de(lea)).count()
    assert de_cote + en_file == Commentaire.objects.count() > AFFLUENCE


def lea_de(client: Client) -> Any:
    from django.contrib.auth import get_user

    return get_user(client)  # type: ignore[arg-type]


def test_une_seule_adresse_ne_depasse_pas_sa_limite(fiche: Experience) -> None:
    adresse = reverse("experience_commenter", args=[fiche.code])
    codes = [
        envoyer(Client(), adresse, texte=f"Texte différent numéro {n}", signature="Robot").status_code
        for n in range(80)
    ]
    assert codes.count(429) >= 15 and Commentaire.objects.count() <= 65


def test_un_texte_louche_attend_a_cote_et_se_refuse_d_un_geste(
    client: Client, client_de: ClientDe, fiche: Experience
) -> None:
    adresse = reverse("experience_commenter", args=[fiche.code])
    louche = "Buy cheap products at http://exemple.shop right now and get the best price for you"
    envoyer(client, adresse, texte=louche, signature="Robot", courriel="robot@essais.exemple")
    vrai = "I came with my children and we really loved the garden, see https://exemple.fr for the pictures"
    envoyer(client, adresse, texte=vrai, signature="Mary")
    assert Commentaire.objects.count() == 2 and not Demande.objects.exists()
    lea, page = client_de("lea"), reverse("mis_de_cote")
    html = lea.get(page).content.decode()
    assert "Contient un lien" in html and "N’est pas en français" in html
    mary = Commentaire.objects.get(signature="Mary")
    lea.post(page, {"geste": "remettre", "commentaire": [mary.pk]})
    assert Demande.objects.get().objet_id == mary.pk
    lea.post(page, {"geste": "refuser", "commentaire": [Commentaire.objects.get(signature="Robot").pk]})
    assert Commentaire.objects.get(signature="Robot").etat == EtatCommentaire.REFUSE
    assert not Courrier.objects.exists() and "Rien de côté" in lea.get(page).content.decode()


def test_mis_de_cote_ne_montre_que_son_territoire(client_de: ClientDe, fiche: Experience) -> None:
    commentaire = CommentaireFactory(experience=fiche, texte="Texte mis de côté")
    assert "Texte mis de côté" in client_de("lea").get(reverse("mis_de_cote")).content.decode()
    for prenom in ("amina", "denis"):
        assert client_de(prenom).get(reverse("mis_de_cote")).status_code == 404
        client_de(prenom).post(reverse("mis_de_cote"), {"geste": "refuser", "commentaire": commentaire.pk})
    commentaire.refresh_from_db()
    assert commentaire.etat == EtatCommentaire.RETENU


def test_le_meme_texte_sous_une_autre_fiche_attend_a_cote(client: Client, recu: Commentaire) -> None:
    ailleurs = ExperienceFactory()
    adresse = reverse("experience_commenter", args=[ailleurs.code])
    envoyer(client, adresse, texte=TEXTE, signature="Une voisine")
    assert Commentaire.objects.count() == 2 and Demande.objects.count() == 1


# --- Ce que l'on garde ----------------------------------------------------------------------------
def test_un_an_apres_le_courriel_s_efface_et_le_refus_disparait(fiche: Experience) -> None:
    il_y_a_un_an = timezone.now() - timedelta(days=366)
    publie = CommentaireFactory(
        experience=fiche, publie=True, courriel="a@essais.exemple", depose_le=il_y_a_un_an
    )
    recent = CommentaireFactory(experience=fiche, publie=True, courriel="b@essais.exemple")
    refuse = CommentaireFactory(experience=fiche, etat=EtatCommentaire.REFUSE, depose_le=il_y_a_un_an)
    effacer_les_courriels()
    publie.refresh_from_db()
    recent.refresh_from_db()
    assert (publie.courriel, publie.texte != "", recent.courriel) == ("", True, "b@essais.exemple")
    assert not Commentaire.objects.filter(pk=refuse.pk).exists()
