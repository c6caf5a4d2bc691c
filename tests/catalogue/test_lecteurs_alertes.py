"""Les alertes d'une recherche : double accord, jamais deux fois la même fiche, un geste pour arrêter."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.choices import FrequenceAlerte
from maillage.catalogue.models import Alerte, Experience
from maillage.catalogue.operations.alertes import (
    EN_ATTENTE_PAR_ADRESSE,
    effacer_les_alertes_oubliees,
    envoyer_les_alertes,
)
from maillage.core.courrier import envoyer_ce_qui_attend
from maillage.core.models import Courrier
from tests.fabriques import ExperienceFactory
from tests.lecteurs import envoyer

pytestmark = pytest.mark.django_db
MOI = "moi@essais.exemple"
Indexer = Callable[[], int]


def demander(client: Client, recherche: str = "q=jardin", **champs: str) -> Alerte:
    envoyer(
        client,
        f"{reverse('alerte_demander')}?{recherche}",
        **{"courriel": MOI, "frequence": "quotidienne"} | champs,
    )
    return Alerte.objects.order_by("pk").last()  # type: ignore[return-value]


def confirmee(client: Client, recherche: str = "q=jardin", *, il_y_a: int = 1, **champs: str) -> Alerte:
    """Une alerte confirmée il y a tant de jours."""
    alerte = demander(client, recherche, **champs)
    client.post(reverse("alerte", args=[alerte.jeton]), {"geste": "confirmer"})
    Courrier.objects.all().delete()
    Alerte.objects.filter(pk=alerte.pk).update(envoyee_le=timezone.now() - timedelta(days=il_y_a))
    alerte.refresh_from_db()
    return alerte


def fiche_d_hier(titre: str, **heures: float) -> Experience:
    arrivee = timezone.now() - timedelta(**heures or {"hours": 2})
    fiche: Experience = ExperienceFactory(titre=titre, publie_le=arrivee, cree_le=arrivee)
    return fiche


# --- Demander, confirmer --------------------------------------------------------------------------
def test_rien_ne_part_avant_la_confirmation(client: Client, indexer: Indexer) -> None:
    alerte = demander(client)
    fiche_d_hier("Un jardin de plus")
    indexer()
    Courrier.objects.all().delete()
    Alerte.objects.update(creee_le=timezone.now() - timedelta(days=2))
    assert envoyer_les_alertes() == 0 and not Courrier.objects.exists()
    page = reverse("alerte", args=[alerte.jeton])
    assert client.get(page).status_code == 200
    alerte.refresh_from_db()
    assert alerte.confirmee_le is None  # ouvrir le lien ne confirme pas : un anti-virus l'ouvre aussi
    client.post(page, {"geste": "confirmer"})
    alerte.refresh_from_db()
    assert alerte.confirmee_le is not None


def test_le_courriel_a_confirmer_porte_le_lien(client: Client) -> None:
    alerte = demander(client)
    envoyer_ce_qui_attend()
    assert mail.outbox[0].to == [MOI]
    assert reverse("alerte", args=[alerte.jeton]) in mail.outbox[0].body
    assert "« jardin »" in mail.outbox[0].body


def test_l_accuse_est_le_meme_que_l_adresse_soit_connue_ou_non(client: Client) -> None:
    for _ in range(2):
        reponse = envoyer(
            client, reverse("alerte_demander") + "?q=jardin", courriel=MOI, frequence="hebdomadaire"
        )
        assert reponse["Location"] == reverse("alerte_demandee")
    assert Alerte.objects.count() == 1 and Courrier.objects.count() == 1


def test_on_ne_harcele_personne_en_tapant_son_adresse() -> None:
    for rang in range(10):
        demander(Client(), f"q=mot{rang}")
    assert Courrier.objects.count() == EN_ATTENTE_PAR_ADRESSE


def test_le_courriel_a_confirmer_ne_porte_pas_le_lien_d_un_autre(client: Client) -> None:
    demander(client, "q=http%3A%2F%2Fpas-cher.shop")
    assert "pas-cher.shop" not in Courrier.objects.get().texte


def test_une_adresse_fausse_est_dite(client: Client) -> None:
    reponse = envoyer(client, reverse("alerte_demander"), courriel="moi", frequence="quotidienne")
    assert "Écrivez une adresse complète" in reponse.content.decode() and not Alerte.objects.exists()


def test_une_demande_jamais_confirmee_s_efface_en_sept_jours(client: Client) -> None:
    demander(client)
    assert effacer_les_alertes_oubliees() == 0
    Alerte.objects.update(creee_le=timezone.now() - timedelta(days=8))
    assert effacer_les_alertes_oubliees() == 1


def test_une_alerte_confirmee_ne_s_efface_pas(client: Client) -> None:
    confirmee(client)
    Alerte.objects.update(creee_le=timezone.now() - timedelta(days=400))
    assert effacer_les_alertes_oubliees() == 0


# --- Envoyer --------------------------------------------------------------------------------------
def test_seules_les_fiches_nouvelles_qui_repondent_partent_et_une_seule_fois(
    client: Client, indexer: Indexer
) -> None:
    alerte = confirmee(client)
    nouvelle = fiche_d_hier("Un jardin sur le toit")
    fiche_d_hier("Un jardin d’avant", days=3)
    chorale = fiche_d_hier("Une chorale de quartier")
    Experience.objects.filter(pk=chorale.pk).update(resume="On chante.", description="On chante.")
    ExperienceFactory(titre="Un jardin en brouillon", brouillon=True, cree_le=nouvelle.cree_le)
    indexer()
    assert envoyer_les_alertes() == 1
    courrier = Courrier.objects.get()
    assert "Un jardin sur le toit" in courrier.texte and f"/e/{nouvelle.code}" in courrier.texte
    for absente in ("d’avant", "chorale", "brouillon"):
        assert absente not in courrier.texte
    assert envoyer_les_alertes() == 0
    demain = timezone.now() + timedelta(days=1)
    assert envoyer_les_alertes(demain) == 0 and Courrier.objects.count() == 1
    alerte.refresh_from_db()
    assert alerte.envoyee_le == demain - timedelta(minutes=10)


def test_une_fiche_importee_avec_une_date_ancienne_est_nouvelle_ici(client: Client, indexer: Indexer) -> None:
    confirmee(client)
    ExperienceFactory(titre="Un jardin importé", cree_le=timezone.now() - timedelta(hours=2))
    indexer()
    assert envoyer_les_alertes() == 1


def test_une_fiche_arrivee_a_l_instant_part_au_prochain_envoi(client: Client, indexer: Indexer) -> None:
    confirmee(client)
    fiche_d_hier("Un jardin tout neuf", minutes=2)
    indexer()
    assert envoyer_les_alertes() == 0
    assert envoyer_les_alertes(timezone.now() + timedelta(days=1)) == 1


def test_le_rythme_est_tenu(client: Client, indexer: Indexer) -> None:
    confirmee(client, il_y_a=3, frequence=FrequenceAlerte.HEBDOMADAIRE)
    fiche_d_hier("Un jardin")
    indexer()
    assert envoyer_les_alertes() == 0
    Alerte.objects.update(envoyee_le=timezone.now() - timedelta(days=7))
    assert envoyer_les_alertes() == 1


def test_un_destinataire_par_message_et_les_entetes_pour_arreter(client: Client, indexer: Indexer) -> None:
    premiere = confirmee(client)
    confirmee(Client(), courriel="autre@essais.exemple")
    fiche_d_hier("Un jardin")
    indexer()
    envoyer_les_alertes()
    envoyer_ce_qui_attend()
    assert [message.to for message in mail.outbox] == [[MOI], ["autre@essais.exemple"]]
    message = mail.outbox[0].message()
    adresse = re.fullmatch(r"<https?://[^/]+(/[^>]+)>", message["List-Unsubscribe"])
    assert adresse and adresse[1] == reverse("alerte_arreter", args=[premiere.jeton])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_un_telephone_masque_le_reste_dans_le_courriel(client: Client, indexer: Indexer) -> None:
    from maillage.catalogue.choices import GenrePoint
    from tests.fabriques import PointAVerifierFactory

    confirmee(client)
    fiche = fiche_d_hier("Un jardin")
    Experience.objects.filter(pk=fiche.pk).update(resume="Appelez le 04 00 00 00 12.")
    PointAVerifierFactory(
        experience=fiche,
        genre=GenrePoint.TELEPHONE,
        champ="resume",
        debut=11,
        fin=25,
        extrait="04 00 00 00 12",
    )
    indexer()
    envoyer_les_alertes()
    assert "[téléphone masqué]" in Courrier.objects.get().texte


# --- Changer, arrêter -----------------------------------------------------------------------------
def test_la_messagerie_arrete_d_un_seul_geste_sans_jeton_de_formulaire(client: Client) -> None:
    alerte = confirmee(client)
    messagerie = Client(enforce_csrf_checks=True)
    reponse = messagerie.post(
        reverse("alerte_arreter", args=[alerte.jeton]), {"List-Unsubscribe": "One-Click"}
    )
    assert reponse.status_code == 200 and not Alerte.objects.exists()


def test_ouvrir_le_lien_n_arrete_rien_et_ailleurs_le_jeton_est_exige(client: Client) -> None:
    alerte = confirmee(client)
    assert client.get(reverse("alerte_arreter", args=[alerte.jeton])).status_code == 200
    sans_jeton = Client(enforce_csrf_checks=True)
    page = reverse("alerte", args=[alerte.jeton])
    assert sans_jeton.post(page, {"frequence": "hebdomadaire"}).status_code == 403
    alerte.refresh_from_db()
    assert alerte.frequence == FrequenceAlerte.QUOTIDIENNE


def test_on_change_le_rythme(client: Client) -> None:
    alerte = confirmee(client)
    page = reverse("alerte", args=[alerte.jeton])
    reponse = client.post(page, {"frequence": "hebdomadaire"}, follow=True)
    assert "Le rythme est changé" in reponse.content.decode()
    alerte.refresh_from_db()
    assert alerte.frequence == FrequenceAlerte.HEBDOMADAIRE


def test_arreter_retire_aussi_ce_qui_allait_partir(client: Client, indexer: Indexer) -> None:
    alerte = confirmee(client)
    fiche_d_hier("Un jardin")
    indexer()
    envoyer_les_alertes()
    client.post(reverse("alerte_arreter", args=[alerte.jeton]))
    assert not Courrier.objects.exists() and not Alerte.objects.exists()


@pytest.mark.parametrize("nom", ["alerte", "alerte_arreter"])
def test_un_jeton_inconnu_ne_dit_rien(client: Client, nom: str) -> None:
    assert client.get(reverse(nom, args=["inconnu"])).status_code == 404


def test_la_page_de_resultats_propose_l_alerte_et_le_flux(client: Client, indexer: Indexer) -> None:
    ExperienceFactory()
    indexer()
    html = client.get("/experiences/?q=jardin&departement=63&page=1").content.decode()
    assert "/alertes/?q=jardin&amp;departement=63" in html and "/experiences/flux.atom?q=jardin" in html
