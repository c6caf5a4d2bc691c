"""Une séance : la poser, la changer seule, l'annuler, la remettre ; le calendrier ; qui y intervient."""

from collections.abc import Callable
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.choices import EtatSeance, ReponseSatisfaction
from maillage.activites.models import Activite, Intervention, PartenaireDuCentre, Seance
from maillage.activites.operations.partenaires import noter_intervention
from maillage.activites.operations.presences import Ecart, Venues, noter_venues
from maillage.activites.operations.satisfaction import donner_satisfaction
from maillage.activites.operations.seances import annuler_seance, changer_seance, remettre_seance
from maillage.core.ecriture import GesteRefuse
from maillage.core.models import LigneJournal
from tests.activites.activites_d_essai import serie_d_essai
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def activite(distribution: Distribution) -> Activite:
    ouverte: Activite = ActiviteFactory(
        structure=distribution.deux_ponts, titre="Café des parents", animateurs=[distribution.bruno]
    )
    return ouverte


@pytest.fixture
def seance(activite: Activite) -> Seance:
    demain = timezone.now() + timedelta(days=1)
    posee: Seance = SeanceFactory(activite=activite, debut=demain)
    return posee


def test_une_seance_finie_avant_de_commencer_est_refusee(activite: Activite, client_de: Ouvrir) -> None:
    page = reverse("seance_nouvelle", args=[activite.pk])
    reponse = client_de("bruno").post(page, {"jour": "2026-11-24", "debut": "16:00", "fin": "14:00"})
    assert reponse.status_code == 422
    assert "finit avant de commencer" in reponse.content.decode()
    assert not activite.seances.exists()


def test_une_seance_se_pose_seule(activite: Activite, client_de: Ouvrir) -> None:
    page = reverse("seance_nouvelle", args=[activite.pk])
    client = client_de("bruno")
    assert client.get(page).status_code == 200
    client.post(page, {"jour": "2026-11-24", "debut": "14:00", "fin": "16:30"})
    posee = Seance.objects.avec_leur_activite().get(activite=activite)
    assert (str(posee.jour), posee.horaire) == ("2026-11-24", "de 14\xa0h à 16\xa0h\xa030")


def test_deplacer_une_seance_de_serie_la_met_a_part(
    seance: Seance, activite: Activite, distribution: Distribution, client_de: Ouvrir
) -> None:
    seance.serie = serie_d_essai(
        activite,
        jour=seance.jour.weekday(),
        du=seance.jour,
        au=seance.jour,
        saute_les_vacances=False,
        saute_les_feries=False,
    )
    seance.jour_prevu = seance.jour
    seance.save()
    changer_seance(
        seance,
        version_lue=seance.version,
        jour=seance.jour + timedelta(days=1),
        debut=time(9),
        fin=time(11),
        par=distribution.bruno,
    )
    assert seance.est_changee
    client = client_de("bruno")
    assert "Suivre de nouveau la série" in client.get(reverse("seance", args=[seance.pk])).content.decode()
    client.post(reverse("seance_geste", args=[seance.pk, "rendre"]))
    rendue = Seance.objects.avec_leur_activite().get(pk=seance.pk)
    assert not rendue.est_changee
    assert (rendue.jour, rendue.horaire) == (seance.jour_prevu, "de 14\xa0h à 16\xa0h")


def test_annuler_demande_une_raison_que_le_public_ne_lit_pas(
    seance: Seance, activite: Activite, client_de: Ouvrir
) -> None:
    Activite.objects.filter(pk=activite.pk).update(est_publique=True)
    client = client_de("bruno")
    page = reverse("seance_annuler", args=[seance.pk])
    assert client.post(page, {"raison": " "}).status_code == 422
    assert client.post(page, {"raison": "Chauffage en panne"}).status_code == 302
    seance.refresh_from_db()
    assert seance.etat == EtatSeance.ANNULEE
    assert "Chauffage en panne" in client.get(reverse("seance", args=[seance.pk])).content.decode()
    public = client_de("anonyme").get(reverse("agenda")).content.decode()
    assert "Annulée" in public
    assert "Chauffage" not in public


def test_une_seance_ou_quelqu_un_est_note_ne_s_annule_pas(seance: Seance, distribution: Distribution) -> None:
    PresenceFactory(seance=seance)
    with pytest.raises(GesteRefuse, match="notés"):
        annuler_seance(seance, raison="Neige", par=distribution.bruno)


def test_une_seance_ou_plus_rien_n_est_note_s_annule(seance: Seance, distribution: Distribution) -> None:
    """Une personne comptée par erreur, puis ôtée : la case vide ne retient pas la séance."""
    Seance.objects.filter(pk=seance.pk).update(debut=timezone.now() - timedelta(hours=2))
    for ecart in (1, -1):
        noter_venues(seance, Venues(sans_nom=[Ecart("", "", "participant", ecart)]), par=distribution.bruno)
    seance.refresh_from_db()
    remettre_seance(seance, par=distribution.bruno)
    annuler_seance(seance, raison="Neige", par=distribution.bruno)
    assert seance.etat == EtatSeance.ANNULEE


def test_une_seance_ou_un_avis_est_donne_ne_s_annule_pas_et_le_dit(
    seance: Seance, distribution: Distribution
) -> None:
    donner_satisfaction(seance, ReponseSatisfaction.TRES, cle=uuid4())
    with pytest.raises(GesteRefuse, match="avis"):
        annuler_seance(seance, raison="Neige", par=distribution.bruno)


def test_une_seance_annulee_se_remet(seance: Seance, distribution: Distribution) -> None:
    annuler_seance(seance, raison="Neige", par=distribution.bruno)
    remettre_seance(seance, par=distribution.bruno)
    assert (seance.etat, seance.raison) == (EtatSeance.PREVUE, "")
    phrases = LigneJournal.objects.filter(objet_type="activites.activite").order_by("pk")
    assert [ligne.acte for ligne in phrases] == ["annuler_seance", "remettre_seance"]
    assert {ligne.structure_id for ligne in phrases} == {distribution.deux_ponts.pk}


def test_deux_personnes_changent_la_meme_seance_la_seconde_compare(seance: Seance, client_de: Ouvrir) -> None:
    page = reverse("seance_modifier", args=[seance.pk])
    envoi = {
        "jour": str(seance.jour),
        "debut": "10:00",
        "fin": "11:00",
        "version": str(seance.version),
        "lieu": "Salle 1",
    }
    assert client_de("bruno").post(page, envoi).status_code == 302
    reponse = client_de("amina").post(page, envoi | {"lieu": "Salle 2"})
    assert reponse.status_code == 422
    assert "Salle 1" in reponse.content.decode()


def test_le_mot_qui_semble_nommer_quelqu_un_demande_a_etre_relu(seance: Seance, client_de: Ouvrir) -> None:
    page = reverse("seance_modifier", args=[seance.pk])
    envoi = {
        "jour": str(seance.jour),
        "debut": "10:00",
        "fin": "11:00",
        "version": str(seance.version),
        "mot": "Rappeler Mme Durand au 06 12 34 56 78.",
    }
    client = client_de("bruno")
    assert client.post(page, envoi).status_code == 422
    assert client.post(page, envoi | {"relu": "on"}).status_code == 302


# --- Le calendrier --------------------------------------------------------------------------------------


@pytest.mark.parametrize("vue", ["semaine", "mois"])
def test_le_calendrier_montre_les_seances_de_l_equipe_et_d_elle_seule(
    seance: Seance, client_de: Ouvrir, vue: str
) -> None:
    page = f"{reverse('seances')}?vue={vue}&le={seance.jour}"
    assert "Café des parents" in client_de("amina").get(page).content.decode()
    assert "Café des parents" not in client_de("chloe").get(page).content.decode()
    for prenom in ("denis", "lea", "nadia", "omar"):
        assert client_de(prenom).get(page).status_code == 404


def test_les_miennes_sont_celles_que_j_anime(seance: Seance, client_de: Ouvrir) -> None:
    page = f"{reverse('seances')}?qui=moi&le={seance.jour}"
    assert "Café des parents" in client_de("bruno").get(page).content.decode()
    assert "Café des parents" not in client_de("amina").get(page).content.decode()


@pytest.mark.parametrize("le", ["", "abc", "2026-13-45", "9999-12-31", "0001-01-01"])
def test_une_adresse_abimee_montre_aujourd_hui(
    client_de: Ouvrir, distribution: Distribution, le: str
) -> None:
    assert client_de("amina").get(f"{reverse('seances')}?vue=mois&le={le}").status_code == 200


@pytest.mark.plafond_de_requetes(20)
def test_un_mois_de_deux_cents_seances_se_lit_en_peu_de_questions(
    activite: Activite, client_de: Ouvrir
) -> None:
    debut = timezone.now().replace(day=2, hour=9)
    Seance.objects.bulk_create(
        Seance(
            activite=activite,
            debut=debut + timedelta(hours=3 * rang),
            fin=debut + timedelta(hours=3 * rang + 1),
        )
        for rang in range(200)
    )
    page = client_de("amina").get(f"{reverse('seances')}?vue=mois&le={debut.date()}")
    assert page.context["nombre"] == 200
    assert len(page.content) < 120_000


def test_qui_n_anime_pas_n_a_pas_de_lien_vers_la_feuille(seance: Seance, client_de: Ouvrir) -> None:
    feuille = reverse("feuille", args=[seance.pk])
    page = reverse("seance", args=[seance.pk])
    assert feuille in client_de("bruno").get(page).content.decode()
    assert feuille in client_de("ines").get(page).content.decode()
    assert feuille not in client_de("farid").get(page).content.decode()


# --- Avec qui -------------------------------------------------------------------------------------------


def test_une_intervention_vide_est_refusee(seance: Seance, client_de: Ouvrir) -> None:
    reponse = client_de("bruno").post(reverse("intervention_nouvelle", args=[seance.pk]), {})
    assert reponse.status_code == 422
    assert not Intervention.objects.exists()


def test_un_partenaire_note_rejoint_ceux_du_centre_et_n_y_est_qu_une_fois(
    seance: Seance, client_de: Ouvrir, distribution: Distribution
) -> None:
    client = client_de("bruno")
    envoi = {"partenaire": "École Jean-Moulin", "nom": "", "est_formee": "on"}
    client.post(reverse("intervention_nouvelle", args=[seance.pk]), envoi)
    connu = PartenaireDuCentre.objects.get(structure=distribution.deux_ponts)
    assert connu.partenaire.nom == "École Jean-Moulin"
    reponse = client.post(reverse("intervention_nouvelle", args=[seance.pk]), envoi)
    assert reponse.status_code == 422
    assert "déjà noté" in reponse.content.decode()
    phrase = LigneJournal.objects.filter(acte="noter_intervention").get().phrase
    assert "Jean-Moulin" not in phrase


def test_le_centre_dit_ce_qu_est_un_partenaire(
    seance: Seance, client_de: Ouvrir, distribution: Distribution
) -> None:
    noter_intervention(seance, partenaire="École Jean-Moulin", par=distribution.bruno)
    connu = PartenaireDuCentre.objects.get()
    page = reverse("partenaires")
    envoi = {"partenaire": str(connu.pk), f"p{connu.pk}-genres": "école, éducation,  école"}
    assert client_de("chloe").post(page, envoi).status_code == 404
    assert client_de("amina").post(page, envoi).status_code == 302
    connu.refresh_from_db()
    assert connu.genres == ["école", "éducation"]
    assert "1\xa0séance" in client_de("amina").get(page).content.decode()
