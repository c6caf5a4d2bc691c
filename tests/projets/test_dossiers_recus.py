"""Ce qu'une Caf a reçu : sa liste par échéance, son accueil, un dossier, les critères qu'elle regarde."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.projets.choices import EtatProjet
from maillage.projets.dossiers_recus import criteres_de, dossiers_recus
from maillage.projets.models import Envoi, ProjetSocial
from maillage.projets.operations.agrements import commencer_projet
from maillage.projets.operations.instruction import demander_des_complements
from tests.distribution import Distribution
from tests.projets.fabriques import ProjetSocialFactory, arbre_d_essai
from tests.projets.fabriques_envois import EnvoiFactory, donner_un_territoire
from tests.projets.test_envois import partir
from tests.projets.test_instruction import accorder

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    donner_un_territoire(distribution)
    return arbre_d_essai(distribution.deux_ponts)


@pytest.fixture
def envoi(projet: ProjetSocial, distribution: Distribution) -> Envoi:
    return partir(projet, distribution, types=["animation_globale", "animation_familles"])


# --- La liste -------------------------------------------------------------------------------------------


def test_la_liste_range_par_echeance_et_se_filtre(
    client_de: Ouvrir, envoi: Envoi, distribution: Distribution
) -> None:
    tard = ProjetSocialFactory(
        structure=distribution.deux_ponts, nom="Projet lointain", etat=EtatProjet.SOUMIS, du=date(2027, 1, 1)
    )
    EnvoiFactory(projet=tard, recu_le=timezone.now())
    ProjetSocialFactory(structure=distribution.deux_ponts, nom="Brouillon secret")
    denis = client_de("denis")
    pres, loin = (reverse("dossier_recu", args=[pk]) for pk in (envoi.projet_id, tard.pk))
    page = denis.get(reverse("dossiers_recus")).text
    assert page.index(pres) < page.index(loin)
    assert "Brouillon secret" not in page
    a_lire = denis.get(reverse("dossiers_recus"), {"situation": "a_lire"}).text
    assert pres in a_lire and loin not in a_lire
    familles = denis.get(reverse("dossiers_recus"), {"type": "animation_familles"}).text
    assert pres in familles and loin not in familles
    vide = denis.get(reverse("dossiers_recus"), {"departement": "99"})
    assert vide.status_code == 200 and "Aucun dossier ne répond" in vide.text


def test_l_accueil_de_la_caf_dit_ce_qui_l_attend_et_celui_du_centre_ce_qu_elle_demande(
    client_de: Ouvrir, envoi: Envoi, distribution: Distribution
) -> None:
    denis, amina = client_de("denis"), client_de("amina")
    du_jour, demandes = reverse("dossiers_du_jour"), reverse("complements_du_jour")
    assert amina.get(du_jour).status_code == 404 and denis.get(demandes).status_code == 404
    assert du_jour in denis.get(reverse("espace")).text and demandes in amina.get(reverse("espace")).text
    attend = denis.get(du_jour).text
    assert "Centre social des Deux-Ponts" in attend and "Dossier d’agrément, version 1" in attend
    assert "La Caf n’attend rien de vous." in amina.get(demandes).text
    demande = demander_des_complements(envoi, ["Le budget", "Le suivi"], par=distribution.denis)
    assert "Aucun dossier n’attend votre lecture." in denis.get(du_jour).text
    assert "2\xa0points à répondre" in amina.get(demandes).text
    demande.points.update(reponse="Fait.")
    assert "Prêt à renvoyer" in amina.get(demandes).text
    assert "La Caf attend" not in client_de("chloe").get(demandes, headers={"HX-Request": "true"}).text


def test_une_lettre_ancienne_ne_propose_plus_de_s_annuler(
    envoi: Envoi, projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    lettre = accorder(envoi, distribution)
    page = reverse("dossier_recu", args=[projet.pk])
    annuler = reverse("decision_revenir", args=[lettre.pk])
    assert annuler in client_de("denis").get(page).text
    projet.refresh_from_db()
    commencer_projet(projet, par=distribution.amina)
    assert annuler not in client_de("denis").get(page).text


def test_l_echeance_est_d_abord_celle_des_complements(envoi: Envoi, distribution: Distribution) -> None:
    jour = timezone.localdate() + timedelta(days=12)
    demander_des_complements(envoi, ["Le budget"], delai=jour, par=distribution.denis)
    recu = dossiers_recus(ProjetSocial.objects.transmis_a(distribution.denis))[0]
    assert recu.echeance == (jour, "réponse du centre attendue")
    assert recu.situation == "a_completer"


def test_un_critere_ne_se_lit_qu_une_fois_et_le_referentiel_passe_avant_la_regle(
    envoi: Envoi, projet: ProjetSocial, distribution: Distribution
) -> None:
    textes = [critere.texte for critere in criteres_de(projet)]
    assert len(textes) == 6 and len(set(textes)) == 6
    assert {critere.cle for critere in criteres_de(projet)} >= {"coherence", "accessibilite"}
    distribution.deux_ponts.genre = "espace_de_vie_sociale"
    distribution.deux_ponts.save()
    sans_referentiel = ProjetSocial.objects.get(pk=projet.pk)
    assert [critere.cle for critere in criteres_de(sans_referentiel)][:1] == ["circulaire_2012_1"]
    assert [critere.texte for critere in criteres_de(sans_referentiel)] == textes
