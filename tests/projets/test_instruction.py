"""La Caf : ce qu'elle reçoit, ce qu'elle en dit, ce que le centre en lit."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.documents.garde import de_donnees, empreinte_de
from maillage.core.ecriture import GesteRefuse
from maillage.core.models import Courrier
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import EtatProjet
from maillage.projets.exportation.lettre import document_de_la_lettre
from maillage.projets.models import Annotation, Avis, Envoi, Lettre, PointACompleter, ProjetSocial
from maillage.projets.operations.agrements import commencer_projet, revenir_a_l_etat_d_avant
from maillage.projets.operations.instruction import (
    Reponse,
    annoter,
    decider,
    demander_des_complements,
    rendre_avis,
    repondre_au_point,
    reprendre_les_complements,
    retirer_annotation,
    revenir_sur_la_decision,
)
from tests.distribution import Distribution
from tests.fabriques import UtilisateurFactory
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_envois import donner_un_territoire
from tests.projets.test_envois import partir

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    donner_un_territoire(distribution)
    return arbre_d_essai(distribution.deux_ponts)


@pytest.fixture
def envoi(projet: ProjetSocial, distribution: Distribution) -> Envoi:
    return partir(projet, distribution, types=["animation_globale", "animation_familles"])


def accorder(envoi: Envoi, d: Distribution, **valeurs: Any) -> Lettre:
    projet = ProjetSocial.objects.get(pk=envoi.projet_id)
    reponses = [
        Reponse(demande, est_accordee=True, du=projet.du, au=projet.au)
        for demande in projet.demandes.filter(etat="deposee").order_by("pk")
    ]
    champs = {
        "decidee_le": date(2024, 12, 12),
        "institution": d.caf,
        "redaction": document_de_la_lettre,
        "par": d.denis,
    }
    return decider(envoi, reponses, **champs | valeurs)


# --- Qui lit quoi ---------------------------------------------------------------------------------------


PAGES_DE_LA_CAF = ("dossier_complements", "dossier_avis", "dossier_decision")


@pytest.mark.parametrize("prenom", ["amina", "bruno", "chloe", "lea", "nadia", "omar"])
def test_seule_la_caf_du_territoire_instruit(client_de: Ouvrir, envoi: Envoi, prenom: str) -> None:
    client = client_de(prenom)
    assert client.get(reverse("dossier_recu", args=[envoi.projet_id])).status_code == 404
    for page in PAGES_DE_LA_CAF:
        assert client.get(reverse(page, args=[envoi.pk])).status_code == 404, page
    for page in ("envoi_recevoir", "envoi_annoter"):
        assert client.post(reverse(page, args=[envoi.pk]), {"texte": "Intrus"}).status_code == 404, page
    assert not Annotation.objects.exists()


def test_une_caf_d_un_autre_departement_ne_voit_rien(
    client_de: Ouvrir, envoi: Envoi, distribution: Distribution
) -> None:
    distribution.caf.departements.set([distribution.quatre_vents.departement])
    denis = client_de("denis")
    assert "Aucun dossier reçu" in denis.get(reverse("dossiers_recus")).text
    for page in ("envoi", *PAGES_DE_LA_CAF):
        assert denis.get(reverse(page, args=[envoi.pk])).status_code == 404, page
    for extension in ("pdf", "docx", "html"):
        assert denis.get(reverse("envoi_fichier", args=[envoi.pk, extension])).status_code == 404


def test_la_caf_lit_le_nom_du_jour_de_l_envoi(client_de: Ouvrir, envoi: Envoi) -> None:
    ProjetSocial.objects.update(nom="Nom encore en discussion")
    denis = client_de("denis")
    for adresse in (
        reverse("dossiers_recus"),
        reverse("dossier_recu", args=[envoi.projet_id]),
        *(reverse(page, args=[envoi.pk]) for page in ("envoi", *PAGES_DE_LA_CAF)),
    ):
        page = denis.get(adresse).text
        assert "Nom encore en discussion" not in page, adresse
        assert "Projet social d’essai" in page, adresse


# --- Recevoir, annoter ------------------------------------------------------------------------------------


def test_l_accuse_de_reception_se_voit_au_centre(client_de: Ouvrir, envoi: Envoi) -> None:
    denis, amina = client_de("denis"), client_de("amina")
    assert "Accuser réception" in denis.get(reverse("envoi", args=[envoi.pk])).text
    assert "Reçu par la Caf" not in amina.get(reverse("envois", args=[envoi.projet_id])).text
    denis.post(reverse("envoi_recevoir", args=[envoi.pk]))
    denis.post(reverse("envoi_recevoir", args=[envoi.pk]))
    assert "Reçu par la Caf" in amina.get(reverse("envois", args=[envoi.projet_id])).text
    assert "Accuser réception" not in denis.get(reverse("envoi", args=[envoi.pk])).text


def test_le_centre_ne_lit_que_les_annotations_qu_on_lui_adresse(client_de: Ouvrir, envoi: Envoi) -> None:
    denis, amina = client_de("denis"), client_de("amina")
    adresse = reverse("envoi_annoter", args=[envoi.pk])
    assert denis.post(adresse, {"texte": "", "portee": "caf"}).status_code == 422
    assert denis.post(adresse, {"texte": "X", "portee": "caf", "ancre": "ailleurs"}).status_code == 422
    denis.post(adresse, {"texte": "Entre nous seulement.", "portee": "caf", "ancre": "quartier"})
    denis.post(adresse, {"texte": "Dites votre source.", "portee": "centre", "ancre": "quartier"})
    assert set(Annotation.objects.values_list("section", flat=True)) == {"Le quartier"}
    for page in (
        reverse("envoi", args=[envoi.pk]),
        reverse("agrement", args=[envoi.projet_id]),
        reverse("projet", args=[envoi.projet_id]),
    ):
        assert "Entre nous seulement." not in amina.get(page).text
    assert "Dites votre source." in amina.get(reverse("agrement", args=[envoi.projet_id])).text
    assert "Entre nous seulement." in denis.get(reverse("dossier_recu", args=[envoi.projet_id])).text


def test_une_annotation_se_retire_par_qui_l_a_ecrite(envoi: Envoi, distribution: Distribution) -> None:
    annotation = annoter(envoi, "À revoir", portee="centre", par=distribution.denis)
    with pytest.raises(GesteRefuse):
        retirer_annotation(annotation, par=UtilisateurFactory())
    retirer_annotation(annotation, par=distribution.denis)
    assert not Annotation.objects.exists()


# --- Les compléments ------------------------------------------------------------------------------------


def test_des_complements_sans_point_ou_pour_hier_sont_refuses(
    envoi: Envoi, distribution: Distribution, client_de: Ouvrir
) -> None:
    with pytest.raises(ValidationError):
        demander_des_complements(envoi, ["  "], par=distribution.denis)
    hier = timezone.localdate() - timedelta(days=1)
    with pytest.raises(ValidationError):
        demander_des_complements(envoi, ["Le budget"], delai=hier, par=distribution.denis)
    refuse = client_de("denis").post(
        reverse("dossier_complements", args=[envoi.pk]), {"points": "Le budget", "delai": f"{hier:%Y-%m-%d}"}
    )
    assert refuse.status_code == 422 and "Ce jour est passé" in refuse.text
    envoi.projet.refresh_from_db()
    assert envoi.projet.etat == EtatProjet.SOUMIS


def test_le_centre_repond_point_par_point_et_renvoie(
    envoi: Envoi, projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    denis, amina, bruno = client_de("denis"), client_de("amina"), client_de("bruno")
    Courrier.objects.all().delete()
    denis.post(
        reverse("dossier_complements", args=[envoi.pk]),
        {"points": "- Le budget\n\n- La place des habitants", "mot": "Avant la commission."},
    )
    courrier = Courrier.objects.get()
    assert courrier.destinataire == distribution.amina.email
    assert "1. Le budget" in courrier.texte and "2. La place des habitants" in courrier.texte
    page = amina.get(reverse("agrement", args=[projet.pk])).text
    assert "La place des habitants" in page and "Avant la commission." in page
    point = PointACompleter.objects.get(rang=1)
    adresse = reverse("point_repondre", args=[point.pk])
    assert bruno.post(adresse, {"reponse": "Il est ajouté.", "version": point.version}).status_code == 302
    perime = amina.post(adresse, {"reponse": "Autre réponse.", "version": point.version})
    assert perime.status_code == 409 and "Il est ajouté." in perime.text and "Autre réponse." in perime.text
    assert denis.get(adresse).status_code == 404
    attente = denis.get(reverse("dossier_recu", args=[projet.pk])).text
    assert "Le budget" in attente and "Il est ajouté." not in attente, "une réponse part avec la version"
    projet.refresh_from_db()
    v2 = partir(projet, distribution, texte="Le budget est ajouté.")
    recu = denis.get(reverse("dossier_recu", args=[projet.pk])).text
    assert "Il est ajouté." in recu
    assert reverse("envois_comparer", args=[envoi.pk, v2.pk]) in recu
    clos = amina.post(adresse, {"reponse": "Trop tard", "version": 2})
    assert clos.status_code == 302
    point.refresh_from_db()
    assert point.reponse == "Il est ajouté."


def test_une_demande_de_complements_se_reprend_tant_que_le_centre_n_a_pas_repondu(
    envoi: Envoi, projet: ProjetSocial, distribution: Distribution
) -> None:
    demande = demander_des_complements(envoi, ["Le budget"], par=distribution.denis)
    with pytest.raises(GesteRefuse, match="elle seule"):
        revenir_a_l_etat_d_avant(projet, par=distribution.amina)
    reprendre_les_complements(demande, par=distribution.denis)
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.SOUMIS and not demande.est_ouverte
    autre = demander_des_complements(envoi, ["Le suivi"], par=distribution.denis)
    point = autre.points.get()
    repondre_au_point(point, "C’est fait.", version_lue=point.version, par=distribution.amina)
    with pytest.raises(GesteRefuse, match="commencé à répondre"):
        reprendre_les_complements(autre, par=distribution.denis)


def test_on_ne_repond_plus_a_une_version_ancienne(
    envoi: Envoi, projet: ProjetSocial, distribution: Distribution
) -> None:
    demander_des_complements(envoi, ["Le budget"], par=distribution.denis)
    projet.refresh_from_db()
    partir(projet, distribution, texte="Le budget est ajouté.")
    with pytest.raises(GesteRefuse, match="version plus récente"):
        demander_des_complements(envoi, ["Encore"], par=distribution.denis)
    with pytest.raises(GesteRefuse, match="version plus récente"):
        accorder(envoi, distribution)


# --- L'avis ----------------------------------------------------------------------------------------------


def test_un_avis_reserve_dit_pourquoi_et_reste_entre_conseillers_si_on_le_veut(
    envoi: Envoi, client_de: Ouvrir
) -> None:
    denis, amina = client_de("denis"), client_de("amina")
    adresse = reverse("dossier_avis", args=[envoi.pk])
    page = denis.get(adresse).text
    assert "La participation et la gouvernance sont écrites, et réelles." in page
    assert denis.post(adresse, {"sens": "reserve", "version": 0}).status_code == 422
    avis = {"sens": "reserve", "motif": "Le budget manque.", "version": 0, "critere_1": "a_preciser"}
    assert denis.post(adresse, avis).status_code == 302
    agrement = reverse("agrement", args=[envoi.projet_id])
    assert "Le budget manque." not in amina.get(agrement).text
    assert denis.post(adresse, avis | {"version": 1, "est_montre": "on"}).status_code == 302
    lu = amina.get(agrement).text
    assert "Le budget manque." in lu and "À préciser" in lu


def test_deux_conseillers_n_ecrasent_pas_l_avis_l_un_de_l_autre(
    envoi: Envoi, distribution: Distribution, client_de: Ouvrir
) -> None:
    valeurs = {"criteres": [], "est_montre": False, "par": distribution.denis}
    rendre_avis(envoi, sens="favorable", motif="Très bien.", version_lue=0, **valeurs)
    with pytest.raises(ConflitDeVersion):
        rendre_avis(envoi, sens="defavorable", motif="Non.", version_lue=0, **valeurs)
    conflit = client_de("denis").post(
        reverse("dossier_avis", args=[envoi.pk]), {"sens": "defavorable", "motif": "Non.", "version": 0}
    )
    assert conflit.status_code == 409 and "Très bien." in conflit.text and "Non." in conflit.text
    assert Avis.objects.get().sens == "favorable"


# --- La décision et sa lettre ----------------------------------------------------------------------------


def test_une_decision_a_l_ecran_pose_l_agrement_et_ecrit_la_lettre(
    envoi: Envoi, projet: ProjetSocial, client_de: Ouvrir
) -> None:
    denis, amina = client_de("denis"), client_de("amina")
    adresse = reverse("dossier_decision", args=[envoi.pk])
    assert denis.get(adresse).status_code == 200
    globale, familles = (projet.demandes.get(type=f"animation_{nom}").pk for nom in ("globale", "familles"))
    donnees = {
        f"demande-{globale}-reponse": "accordee",
        f"demande-{globale}-du": "2025-01-01",
        f"demande-{globale}-au": "2028-12-31",
        f"demande-{familles}-reponse": "refusee",
        "decidee_le": "2024-12-12",
        "commission": "Commission d’action sociale",
        "mot": "Continuez ainsi.",
    }
    sans_motif = denis.post(adresse, donnees)
    assert sans_motif.status_code == 422 and "raison du refus" in sans_motif.text
    trop_long = denis.post(
        adresse,
        donnees | {f"demande-{globale}-au": "2031-12-31", f"demande-{familles}-motif": "Pas de référent."},
    )
    assert trop_long.status_code == 422 and "quatre ans au plus" in trop_long.text
    assert not Lettre.objects.exists() and not projet.structure.agrements.exists()
    reponse = denis.post(adresse, donnees | {f"demande-{familles}-motif": "Pas de référent."})
    lettre = Lettre.objects.get()
    assert reponse["Location"] == reverse("lettre", args=[lettre.pk])
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.AGREE
    assert projet.structure.agrements.get().au == date(2028, 12, 31)
    assert (lettre.reference, lettre.empreinte) == ("2024-001", empreinte_de(lettre.contenu))
    for client in (denis, amina):
        page = client.get(reverse("lettre", args=[lettre.pk])).text
        for mot in (
            "Commission d’action sociale",
            "Pas de référent.",
            "Continuez ainsi.",
            "Durée",
            envoi.empreinte,
        ):
            assert mot in page
        for extension in ("pdf", "docx"):
            assert client.get(reverse("lettre_fichier", args=[lettre.pk, extension])).status_code == 200
    assert client_de("chloe").get(reverse("lettre", args=[lettre.pk])).status_code == 404
    assert reverse("lettre", args=[lettre.pk]) in amina.get(reverse("agrement", args=[projet.pk])).text


def test_la_decision_de_la_caf_et_celle_que_le_centre_note_suivent_la_meme_regle(
    envoi: Envoi, distribution: Distribution
) -> None:
    with pytest.raises(ValidationError, match="après le dépôt"):
        accorder(envoi, distribution, decidee_le=date(2024, 9, 1))
    with pytest.raises(ValidationError, match="pas encore venu"):
        accorder(envoi, distribution, decidee_le=timezone.localdate() + timedelta(days=1))
    assert not Lettre.objects.exists()


def test_la_caf_revient_sur_sa_decision_tant_que_rien_n_en_depend(
    envoi: Envoi, projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    lettre = accorder(envoi, distribution)
    with pytest.raises(GesteRefuse, match="elle seule"):
        revenir_a_l_etat_d_avant(projet, par=distribution.amina)
    revenir_sur_la_decision(lettre, par=distribution.denis)
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.SOUMIS and not projet.structure.agrements.exists()
    assert client_de("amina").get(reverse("lettre", args=[lettre.pk])).status_code == 404, "annulée"
    assert "Annulée" in client_de("denis").get(reverse("lettre", args=[lettre.pk])).text
    seconde = accorder(envoi, distribution)
    assert seconde.numero == lettre.numero + 1, "un numéro ne sert qu'une fois"
    projet.refresh_from_db()
    commencer_projet(projet, par=distribution.amina)
    with pytest.raises(GesteRefuse, match="avancé"):
        revenir_sur_la_decision(seconde, par=distribution.denis)
    assert projet.structure.agrements.count() == 2


def test_deux_clics_n_annotent_qu_une_fois(envoi: Envoi, client_de: Ouvrir) -> None:
    denis, adresse = client_de("denis"), reverse("envoi_annoter", args=[envoi.pk])
    donnees = {"texte": "Quelle est la source ?", "portee": "centre", "ancre": ""}
    for _ in range(2):
        assert denis.post(adresse, donnees).status_code == 302
    assert envoi.annotations.count() == 1
    denis.post(adresse, donnees | {"portee": "caf"})
    assert envoi.annotations.count() == 2, "le même mot, pour d'autres yeux, en est un autre"


def test_revenir_sur_la_decision_reprend_le_courriel_qui_n_est_pas_parti(
    envoi: Envoi, distribution: Distribution
) -> None:
    annonces = Courrier.objects.filter(sujet__startswith="La Caf a répondu", envoye_le=None)
    lettre = accorder(envoi, distribution)
    assert annonces.exists()
    revenir_sur_la_decision(lettre, par=distribution.denis)
    assert not annonces.exists()


def test_la_lettre_reste_telle_quelle_quand_le_projet_change_de_nom(
    envoi: Envoi, distribution: Distribution
) -> None:
    lettre = accorder(envoi, distribution)
    ProjetSocial.objects.update(nom="Un autre nom")
    assert "Un autre nom" not in str(de_donnees(Lettre.objects.get(pk=lettre.pk).contenu))
