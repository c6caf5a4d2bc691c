"""Le rétroplanning : ses dates, ses gestes, l'agenda secret, les rappels, et les étapes d'une Caf."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.projets.echeances import de_quand, quand
from maillage.projets.models import EtapeRetroplanning, ProjetSocial, Tache
from maillage.projets.operations.agrements import noter_la_decision, soumettre_projet
from maillage.projets.operations.retroplanning import (
    changer_l_adresse_de_l_agenda,
    cocher_tache,
    creer_le_retroplanning,
    jeton_des_rappels,
    modifier_tache,
    partir_du_modele,
    rappeler_les_taches,
    recaler_le_retroplanning,
    regler_ses_rappels,
    remettre_tache,
    retirer_tache,
)
from maillage.projets.retroplanning import modele_commun, mois_plus_tot
from tests.courrier import courriels
from tests.distribution import Distribution
from tests.projets.fabriques import EtapeRetroplanningFactory, ProjetSocialFactory, TacheFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    social: ProjetSocial = ProjetSocialFactory(structure=distribution.deux_ponts, en_cours=True)
    return social


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2028, 12, 31), 14, date(2027, 10, 31)),
        (date(2028, 12, 31), 6, date(2028, 6, 30)),
        (date(2029, 3, 31), 13, date(2028, 2, 29)),
        (date(2027, 9, 30), 0, date(2027, 9, 30)),
    ],
)
def test_compter_des_mois_a_rebours(jour: date, mois: int, attendu: date) -> None:
    assert mois_plus_tot(jour, mois) == attendu


def test_une_echeance_se_dit_comme_on_la_dit() -> None:
    dites = [quand(jours) for jours in (0, 1, 5, 21, 90)]
    assert dites == ["Aujourd’hui", "Demain", "Dans 5\xa0jours", "Dans 3\xa0semaines", "Dans 3 mois"]
    assert de_quand(1) == "de 1\xa0jour"


def test_le_retroplanning_se_pose_une_fois(projet: ProjetSocial, distribution: Distribution) -> None:
    assert creer_le_retroplanning(projet, par=distribution.amina) == len(modele_commun().etapes)
    with pytest.raises(GesteRefuse):
        creer_le_retroplanning(projet, par=distribution.amina)
    assert projet.taches.get(mois_avant=0).echeance == projet.au


def test_il_part_de_la_fin_de_l_agrement_et_se_recale(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    """Un agrément plus court que le projet : ce qui est fait ne bouge pas, le reste suit."""
    creer_le_retroplanning(projet, par=distribution.amina)
    faite = projet.taches.get(mois_avant=14)
    cocher_tache(faite, est_faite=True, par=distribution.amina)
    ProjetSocial.objects.filter(pk=projet.pk).update(etat="preparation")
    commun = {"par": distribution.amina}
    soumettre_projet(
        projet,
        types=["animation_globale"],
        regle_qui_vaut="circulaire_2012",
        deposee_le=date(2024, 10, 1),
        **commun,
    )
    decision = {"decidee_le": date(2024, 12, 1), "du": date(2025, 1, 1), "au": date(2026, 12, 31)}
    noter_la_decision(projet.demandes.get(), est_accordee=True, **decision, **commun)
    assert recaler_le_retroplanning(projet, par=distribution.amina) == len(modele_commun().etapes) - 1
    assert projet.taches.get(mois_avant=6).echeance == date(2026, 6, 30)
    faite.refresh_from_db()
    assert faite.echeance == date(2027, 10, 31)


def test_les_etapes_de_la_caf_du_departement_l_emportent(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    EtapeRetroplanningFactory(institution=distribution.caf)
    distribution.caf.departements.set([distribution.quatre_vents.departement])
    assert creer_le_retroplanning(projet, par=distribution.amina) == len(modele_commun().etapes)
    projet.taches.all().delete()
    distribution.caf.departements.set([distribution.deux_ponts.departement])
    assert creer_le_retroplanning(projet, par=distribution.amina) == 1
    assert projet.taches.get().titre == "Rencontrer le conseiller"


def test_deux_personnes_ne_s_ecrasent_pas(projet: ProjetSocial, distribution: Distribution) -> None:
    tache = TacheFactory(projet=projet)
    lue = Tache.objects.get(pk=tache.pk)
    modifier_tache(tache, version_lue=1, titre="Premier", par=distribution.amina)
    with pytest.raises(ConflitDeVersion):
        modifier_tache(lue, version_lue=1, titre="Second", par=distribution.bruno)
    tache.refresh_from_db()
    assert tache.titre == "Premier"


def test_une_tache_retiree_se_remet(projet: ProjetSocial, distribution: Distribution) -> None:
    tache = TacheFactory(projet=projet, responsable=distribution.bruno, detail="Salle du haut")
    retirer_tache(tache, par=distribution.amina)
    assert not projet.taches.exists()
    remise = remettre_tache(projet, par=distribution.bruno)
    assert (remise.titre, remise.responsable, remise.detail) == (
        tache.titre,
        distribution.bruno,
        "Salle du haut",
    )
    with pytest.raises(GesteRefuse):
        remettre_tache(projet, par=distribution.bruno)


# --- L'agenda ---------------------------------------------------------------------------------------


def test_une_mauvaise_cle_n_apprend_rien(projet: ProjetSocial, client_de: Ouvrir) -> None:
    assert client_de("anonyme").get(reverse("agenda_du_projet", args=["fausse"])).status_code == 404


def test_l_agenda_ne_dit_aucun_nom_et_ne_se_garde_pas(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    TacheFactory(projet=projet, responsable=distribution.bruno, detail="Appeler madame Untel")
    reponse = client_de("anonyme").get(reverse("agenda_du_projet", args=[projet.jeton_agenda]))
    assert reponse["Content-Type"].startswith("text/calendar")
    assert reponse["Cache-Control"] == "private, no-store" and reponse["X-Robots-Tag"] == "noindex"
    (evenement,) = Calendar.from_ical(reponse.content).walk("VEVENT")
    assert evenement["SUMMARY"] == "Inviter au débat"
    assert evenement["DTSTART"].dt == timezone.localdate()
    assert "Castel" not in reponse.content.decode() and "Untel" not in reponse.content.decode()


def test_changer_l_adresse_ferme_l_ancienne(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    ancienne = reverse("agenda_du_projet", args=[projet.jeton_agenda])
    changer_l_adresse_de_l_agenda(projet, par=distribution.amina)
    assert client_de("anonyme").get(ancienne).status_code == 404
    nouvelle = reverse("agenda_du_projet", args=[projet.jeton_agenda])
    assert client_de("anonyme").get(nouvelle).status_code == 200


def test_la_caf_ne_voit_pas_les_taches_du_centre(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    TacheFactory(projet=projet, titre="Préparer notre réponse")
    denis = client_de("denis")
    assert denis.get(reverse("retroplanning", args=[projet.pk])).status_code == 404
    assert denis.get(reverse("projet", args=[projet.pk])).status_code == 404


# --- Les rappels ------------------------------------------------------------------------------------


def test_une_tache_se_rappelle_une_fois_une_semaine_avant(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    jour = timezone.localdate()
    TacheFactory(projet=projet, titre="Trop loin", echeance=jour + timedelta(days=8))
    TacheFactory(projet=projet, titre="Passée", echeance=jour - timedelta(days=1))
    TacheFactory(projet=projet, titre="Faite", echeance=jour, faite_le=timezone.now())
    sienne = TacheFactory(projet=projet, responsable=distribution.bruno, echeance=jour + timedelta(days=7))
    TacheFactory(projet=projet, titre="À personne", echeance=jour + timedelta(days=3))
    TacheFactory(projet=projet, titre="À Omar, parti", responsable=distribution.omar, echeance=jour)
    assert rappeler_les_taches() == 2
    assert rappeler_les_taches() == 0
    (pour_bruno,), (pour_amina,) = courriels(distribution.bruno.email), courriels(distribution.amina.email)
    assert "Inviter au débat" in str(pour_bruno.body) and "À personne" not in str(pour_bruno.body)
    assert "À personne" in str(pour_amina.body) and "À Omar, parti" in str(pour_amina.body)
    assert "Trop loin" not in str(pour_amina.body)
    assert courriels(distribution.omar.email) == []
    sienne.refresh_from_db()
    modifier_tache(
        sienne, version_lue=sienne.version, echeance=jour + timedelta(days=2), par=distribution.bruno
    )
    assert rappeler_les_taches() == 1, "déplacée, elle se rappelle de nouveau"


def test_les_rappels_s_arretent_pour_soi_seul(projet: ProjetSocial, distribution: Distribution) -> None:
    jour = timezone.localdate()
    TacheFactory(projet=projet, responsable=distribution.bruno, echeance=jour)
    TacheFactory(projet=projet, echeance=jour)
    regler_ses_rappels(distribution.bruno, est_voulu=False)
    assert rappeler_les_taches() == 1
    assert courriels(distribution.bruno.email) == [] and len(courriels(distribution.amina.email)) == 1


def test_une_adresse_de_rappel_inventee_ou_d_un_compte_ferme_n_arrete_rien(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    anonyme = client_de("anonyme")
    juste = reverse("rappels", args=[jeton_des_rappels(distribution.bruno)])
    for adresse in (reverse("rappels", args=["inventee"]), juste[:-3] + "x/"):
        assert anonyme.post(adresse, {"geste": "arreter"}).status_code == 404
    Utilisateur.objects.filter(pk=distribution.bruno.pk).update(is_active=False)
    assert anonyme.post(juste, {"geste": "arreter"}).status_code == 404
    distribution.bruno.refresh_from_db()
    assert distribution.bruno.recoit_des_rappels


def test_le_lien_du_courriel_arrete_les_rappels_d_un_bouton_et_les_reprend(
    projet: ProjetSocial, distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    TacheFactory(projet=projet, responsable=distribution.bruno, echeance=timezone.localdate())
    rappeler_les_taches()
    (recu,) = courriels(distribution.bruno.email)
    lien = re.search(r"https?://[^/\s]+(/rappels/\S+)", str(recu.body))
    assert lien is not None
    anonyme = client_de("anonyme")
    assert "Arrêter vos rappels" in anonyme.get(lien[1]).text
    distribution.bruno.refresh_from_db()
    assert distribution.bruno.recoit_des_rappels, "ouvrir le lien n'arrête rien"
    assert "Vos rappels sont arrêtés" in anonyme.post(lien[1], {"geste": "arreter"}, follow=True).text
    page = client_de("bruno").get(reverse("retroplanning", args=[projet.pk])).text
    assert "Reprendre mes rappels" in page
    client_de("bruno").post(reverse("retroplanning_geste", args=[projet.pk, "rappeler"]))
    distribution.bruno.refresh_from_db()
    assert distribution.bruno.recoit_des_rappels


# --- À l'écran --------------------------------------------------------------------------------------


def test_l_equipe_coche_et_la_direction_pose(projet: ProjetSocial, client_de: Ouvrir) -> None:
    poser = reverse("retroplanning_geste", args=[projet.pk, "creer"])
    assert client_de("bruno").post(poser).status_code == 404
    client_de("amina").post(poser)
    tache = projet.taches.first()
    assert tache is not None
    client_de("bruno").post(reverse("tache_geste", args=[tache.pk, "faite"]))
    tache.refresh_from_db()
    assert tache.faite_le is not None


def test_aujourd_hui_montre_mes_taches_et_celles_de_personne(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    TacheFactory(projet=projet, titre="À Bruno", responsable=distribution.bruno)
    TacheFactory(projet=projet, titre="À Amina", responsable=distribution.amina)
    TacheFactory(projet=projet, titre="À personne")
    page = client_de("bruno").get(reverse("taches_a_venir")).content.decode()
    assert "À Bruno" in page and "À personne" in page and "À Amina" not in page
    assert "À personne" not in client_de("chloe").get(reverse("taches_a_venir")).content.decode()


def test_une_tache_ne_se_confie_qu_a_l_equipe(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    donnees = {"titre": "Écrire", "echeance": "2027-01-01", "responsable": distribution.chloe.pk}
    reponse = client_de("amina").post(reverse("retroplanning", args=[projet.pk]), donnees)
    assert reponse.status_code == 422 and not projet.taches.exists()


# --- Les étapes d'une Caf ---------------------------------------------------------------------------


def test_le_conseiller_adapte_les_etapes_de_sa_caf_et_pas_d_une_autre(
    distribution: Distribution, client_de: Ouvrir
) -> None:
    autre = EtapeRetroplanningFactory(institution__nom="Caf de l’Ardèche")
    denis = client_de("denis")
    assert denis.get(reverse("renouvellement_caf", args=[autre.institution_id])).status_code == 404
    assert denis.get(reverse("renouvellement_etape", args=[autre.pk])).status_code == 404
    denis.post(reverse("renouvellement_modele", args=[distribution.caf.pk, "partir"]))
    siennes = distribution.caf.etapes_retroplanning
    assert siennes.count() == len(modele_commun().etapes)
    etape = siennes.get(mois_avant=6)
    adresse = reverse("renouvellement_etape", args=[etape.pk])
    champs = {"mois_avant": 7, "titre": "Débattre", "detail": ""}
    perime = denis.post(adresse, champs | {"lue": "autre chose"})
    assert perime.status_code == 422 and "a changé cette étape" in perime.content.decode()
    lue = denis.get(adresse).context["form"].initial["lue"]
    assert denis.post(adresse, champs | {"lue": lue}).status_code == 302
    assert siennes.filter(mois_avant=7, titre="Débattre").exists()


def test_le_modele_commun_ne_se_copie_pas_deux_fois(distribution: Distribution) -> None:
    partir_du_modele(distribution.caf, par=distribution.denis)
    with pytest.raises(GesteRefuse):
        partir_du_modele(distribution.caf, par=distribution.denis)
    assert EtapeRetroplanning.objects.count() == len(modele_commun().etapes)
