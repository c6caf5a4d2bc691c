"""Signaler un contenu, suivre la réponse ; une rafale ne compte qu'une personne."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.choices import EtatExperience
from maillage.catalogue.models import Experience
from maillage.core.models import Courrier
from maillage.moderation.choices import EtatCommentaire, EtatDemande, EtatSignalement
from maillage.moderation.models import Commentaire, Demande, Signalement
from maillage.moderation.operations.conservation import effacer_les_courriels, effacer_les_empreintes
from tests.distribution import Distribution
from tests.fabriques import CommentaireFactory, ExperienceFactory
from tests.lecteurs import envoyer

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def fiche(distribution: Distribution) -> Experience:
    fiche: Experience = ExperienceFactory(structure=distribution.deux_ponts, titre="Le jardin des voisins")
    return fiche


@pytest.fixture
def commentaire(fiche: Experience) -> Commentaire:
    commentaire: Commentaire = CommentaireFactory(experience=fiche, publie=True)
    return commentaire


def pour(fiche: Experience) -> str:
    return f"{reverse('signaler')}?page={reverse('experience', args=[fiche.code, fiche.slug])}"


def pour_le_commentaire(fiche: Experience, commentaire: Commentaire) -> str:
    return (
        f"{reverse('signaler')}?page={reverse('experience_commentaire', args=[fiche.code, commentaire.pk])}"
    )


@pytest.mark.parametrize(
    "page",
    [
        "",
        "/",
        "/espace/",
        "/experiences/",
        "/experiences/jamais/rien/",
        "https://ailleurs.exemple/",
        "//x",
        "/%00",
        "http://[",
    ],
)
def test_on_ne_signale_que_ce_qui_se_lit_ici(client: Client, page: str) -> None:
    assert client.get(reverse("signaler"), {"page": page}).status_code == 404


def test_la_page_d_un_centre_se_signale_aussi(client: Client, distribution: Distribution) -> None:
    centre = reverse("centre", args=[distribution.deux_ponts.slug])
    assert f"/signaler/?page={centre}" in client.get(centre).content.decode()
    envoyer(client, f"{reverse('signaler')}?page={centre}", motif="erreur", texte="Le téléphone a changé.")
    signalement = Signalement.objects.get()
    assert (signalement.objet_type, signalement.structure) == (
        "territoire.structure",
        distribution.deux_ponts,
    )


def test_un_brouillon_ou_un_commentaire_retenu_ne_se_signale_pas(client: Client, fiche: Experience) -> None:
    assert client.get(pour(ExperienceFactory(brouillon=True))).status_code == 404
    retenu = CommentaireFactory(experience=fiche)
    assert client.get(pour_le_commentaire(fiche, retenu)).status_code == 404


def test_le_recu_suffit_pour_suivre_la_reponse(
    client: Client, client_de: ClientDe, fiche: Experience
) -> None:
    reponse = envoyer(
        client, pour(fiche), motif="erreur", texte="Le jardin a fermé.", courriel="moi@essais.exemple"
    )
    signalement = Signalement.objects.get()
    assert reponse["Location"] == f"/signalements/{signalement.numero}/?recu=oui"
    suivi = client.get(reponse["Location"]).content.decode()
    assert signalement.numero in suivi and "en attente de lecture" in suivi
    assert "moi@essais" not in suivi and "Le jardin a fermé" not in suivi
    assert Courrier.objects.get().destinataire == "moi@essais.exemple"
    examen = reverse("examiner_signalement", args=[signalement.pk])
    assert "Le jardin a fermé." in client_de("lea").get(examen).content.decode()
    assert client_de("lea").post(examen, {"geste": "accepter"}).status_code == 422
    client_de("lea").post(examen, {"geste": "accepter", "motif": "Merci, le centre a corrigé."})
    suivi = client.get(reverse("signalement", args=[signalement.numero.upper()])).content.decode()
    assert "Suivi d’effet" in suivi and "Merci, le centre a corrigé." in suivi
    assert Courrier.objects.count() == 2


def test_un_numero_ne_se_devine_pas(client: Client) -> None:
    codes = [client.get(f"/signalements/sg-2222-3333-{n:02}/").status_code for n in range(80)]
    assert set(codes[:60]) == {404} and codes[-1] == 429


@pytest.mark.parametrize("prenom", ["amina", "chloe", "denis", "omar"])
def test_seule_une_moderatrice_du_territoire_repond(
    client: Client, client_de: ClientDe, fiche: Experience, prenom: str
) -> None:
    envoyer(client, pour(fiche), motif="erreur")
    examen = reverse("examiner_signalement", args=[Signalement.objects.get().pk])
    autre = client_de(prenom)
    assert autre.get(examen).status_code == 404
    assert autre.post(examen, {"geste": "refuser", "motif": "Non."}).status_code == 404
    assert Signalement.objects.get().etat == EtatSignalement.OUVERT


def test_autre_chose_demande_de_dire_quoi(client: Client, fiche: Experience) -> None:
    assert "Dites en quelques mots" in envoyer(client, pour(fiche), motif="autre").content.decode()
    assert not Signalement.objects.exists()


def test_des_propos_contraires_a_la_loi_passent_devant(client: Client, fiche: Experience) -> None:
    envoyer(client, pour(fiche), motif="erreur")
    assert not Demande.objects.get().est_urgente
    envoyer(client, pour(fiche), motif="illicite")
    assert Demande.objects.get().est_urgente


# --- En bombe -------------------------------------------------------------------------------------
def test_une_personne_qui_signale_dix_fois_compte_une_fois(
    fiche: Experience, commentaire: Commentaire
) -> None:
    """Un navigateur neuf à chaque fois : c'est l'adresse qui compte."""
    for _ in range(10):
        envoyer(Client(), pour_le_commentaire(fiche, commentaire), motif="personne")
    commentaire.refresh_from_db()
    assert commentaire.etat == EtatCommentaire.PUBLIE
    demande = Demande.objects.get()
    assert not demande.est_urgente and demande.titre.startswith("Signalement :")


def test_trois_personnes_masquent_le_commentaire_d_un_lecteur(
    fiche: Experience, commentaire: Commentaire
) -> None:
    for rang in range(3):
        commentaire.refresh_from_db()
        assert commentaire.etat == EtatCommentaire.PUBLIE
        envoyer(
            Client(),
            pour_le_commentaire(fiche, commentaire),
            depuis=f"203.0.113.{rang}",
            motif="personne",
        )
    commentaire.refresh_from_db()
    assert commentaire.etat == EtatCommentaire.MASQUE
    demande = Demande.objects.get()
    assert demande.est_urgente and demande.titre.startswith("3 signalements")
    html = Client().get(reverse("experience", args=[fiche.code, fiche.slug])).content.decode()
    assert commentaire.texte not in html


def test_le_commentaire_d_une_personne_du_reseau_n_est_jamais_masque_d_office(
    fiche: Experience, distribution: Distribution
) -> None:
    sur = CommentaireFactory(experience=fiche, publie=True, auteur=distribution.chloe)
    for rang in range(5):
        envoyer(Client(), pour_le_commentaire(fiche, sur), depuis=f"203.0.113.{rang}", motif="personne")
    sur.refresh_from_db()
    assert sur.etat == EtatCommentaire.PUBLIE and Demande.objects.get().est_urgente


def test_une_bombe_ne_masque_jamais_la_fiche_d_un_centre(fiche: Experience) -> None:
    for rang in range(60):
        envoyer(Client(), pour(fiche), depuis=f"203.0.113.{rang}", motif="illicite")
    fiche.refresh_from_db()
    assert fiche.etat == EtatExperience.PUBLIEE
    assert Client().get(reverse("experience", args=[fiche.code, fiche.slug])).status_code == 200
    demande = Demande.objects.get()
    assert demande.est_urgente and demande.titre.startswith("60 signalements")
    assert Signalement.objects.count() == 60


def test_une_seule_reponse_vaut_pour_tous_et_remet_le_commentaire_sans_suite(
    client_de: ClientDe, fiche: Experience, commentaire: Commentaire
) -> None:
    for rang in range(3):
        envoyer(
            Client(),
            pour_le_commentaire(fiche, commentaire),
            depuis=f"203.0.113.{rang}",
            motif="erreur",
            courriel=f"lecteur{rang}@essais.exemple",
        )
    Courrier.objects.all().delete()
    demande = Demande.objects.get()
    lea = client_de("lea")
    examen = reverse("examiner_signalement", args=[demande.objet_id])
    lea.post(examen, {"geste": "refuser", "raison": "Ce texte respecte la charte."})
    commentaire.refresh_from_db()
    assert commentaire.etat == EtatCommentaire.PUBLIE
    assert set(Signalement.objects.values_list("etat", flat=True)) == {EtatSignalement.ECARTE}
    assert Courrier.objects.count() == 3
    lea.post(reverse("defaire_signalement", args=[demande.objet_id]))
    commentaire.refresh_from_db()
    assert commentaire.etat == EtatCommentaire.MASQUE and not Courrier.objects.exists()
    assert set(Signalement.objects.values_list("etat", flat=True)) == {EtatSignalement.OUVERT}
    lea.post(examen, {"geste": "accepter", "raison": "Merci : le texte n’est plus en ligne."})
    commentaire.refresh_from_db()
    assert commentaire.etat == EtatCommentaire.MASQUE
    assert Demande.objects.get().etat == EtatDemande.ACCEPTEE


def test_apres_une_reponse_il_faut_trois_nouvelles_personnes(
    client_de: ClientDe, fiche: Experience, commentaire: Commentaire
) -> None:
    adresse = pour_le_commentaire(fiche, commentaire)
    for rang in range(2):
        envoyer(Client(), adresse, depuis=f"203.0.113.{rang}", motif="erreur")
    premiere = Demande.objects.get()
    client_de("lea").post(
        reverse("examiner_signalement", args=[premiere.objet_id]),
        {"geste": "refuser", "motif": "Rien à changer."},
    )
    envoyer(Client(), adresse, depuis="203.0.113.9", motif="erreur")
    commentaire.refresh_from_db()
    assert commentaire.etat == EtatCommentaire.PUBLIE
    assert Demande.objects.en_attente().count() == 1


# --- Ce que l'on garde ----------------------------------------------------------------------------
def test_l_empreinte_s_efface_le_lendemain_et_le_compte_reste(
    fiche: Experience, commentaire: Commentaire
) -> None:
    for rang in range(2):
        envoyer(
            Client(),
            pour_le_commentaire(fiche, commentaire),
            depuis=f"203.0.113.{rang}",
            motif="erreur",
        )
    assert effacer_les_empreintes() == 0
    avant = set(Signalement.objects.values_list("empreinte", flat=True))
    Signalement.objects.update(recu_le=timezone.now() - timedelta(days=1))
    assert effacer_les_empreintes() == 2 and effacer_les_empreintes() == 0
    assert not avant & set(Signalement.objects.values_list("empreinte", flat=True))
    envoyer(Client(), pour_le_commentaire(fiche, commentaire), depuis="203.0.113.7", motif="erreur")
    commentaire.refresh_from_db()
    assert commentaire.etat == EtatCommentaire.MASQUE


def test_un_an_apres_le_courriel_s_efface(client: Client, fiche: Experience) -> None:
    envoyer(client, pour(fiche), motif="erreur", courriel="moi@essais.exemple")
    Signalement.objects.update(recu_le=timezone.now() - timedelta(days=366))
    effacer_les_courriels()
    assert Signalement.objects.get().courriel == ""
