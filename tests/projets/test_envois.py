"""Envoyer le dossier, relire ce qui est parti, le reprendre tant que personne ne s'en sert."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core import fichiers
from maillage.core.documents.garde import de_donnees
from maillage.core.ecriture import GesteRefuse
from maillage.core.models import Courrier
from maillage.projets.choices import EtatDemandeAgrement, EtatProjet, GenreEnvoi
from maillage.projets.models import DemandeDeComplements, Envoi, ProjetSocial
from maillage.projets.operations.agrements import revenir_a_l_etat_d_avant
from maillage.projets.operations.envois import envoyer, envoyer_le_dossier, reprendre_envoi
from maillage.projets.operations.instruction import accuser_reception, demander_des_complements
from tests.distribution import Distribution, distribuer
from tests.ensemble import en_meme_temps
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_envois import (
    PDF,
    EnvoiFactory,
    PartageFactory,
    document_d_essai,
    donner_un_territoire,
)

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


def partir(projet: ProjetSocial, d: Distribution, **valeurs: Any) -> Envoi:
    texte = valeurs.pop("texte", "Le quartier compte deux ponts.")
    champs = {
        "cle": uuid4().hex,
        "types": ["animation_globale"],
        "regle_qui_vaut": "circulaire_2012",
        "deposee_le": date(2024, 10, 1),
        "par": d.amina,
    }
    return envoyer_le_dossier(projet, document_d_essai(texte), **champs | valeurs)


def les_pdf() -> int:
    return len(list(Path(default_storage.path("envois")).rglob("*.pdf")))


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    donner_un_territoire(distribution)
    return arbre_d_essai(distribution.deux_ponts)


# --- Refus : rien n'est parti, rien n'a changé ---------------------------------------------------------


@pytest.mark.parametrize(
    "faute", [{"types": []}, {"types": ["animation_locale"]}, {"regle_qui_vaut": "inconnue"}]
)
def test_une_demande_mal_faite_ne_laisse_ni_envoi_ni_fichier(
    projet: ProjetSocial, distribution: Distribution, faute: dict[str, Any]
) -> None:
    avant = les_pdf()
    with pytest.raises(ValidationError):
        partir(projet, distribution, **faute)
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.PREPARATION
    assert not Envoi.objects.exists() and not Courrier.objects.exists()
    assert les_pdf() == avant


def test_un_dossier_deja_soumis_ne_repart_pas(projet: ProjetSocial, distribution: Distribution) -> None:
    partir(projet, distribution)
    with pytest.raises(GesteRefuse):
        partir(projet, distribution, texte="Autre chose.")
    assert Envoi.objects.count() == 1


def test_la_meme_chose_ne_repart_pas_sous_un_autre_numero(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    v1 = partir(projet, distribution)
    demander_des_complements(v1, ["Le budget"], par=distribution.denis)
    projet.refresh_from_db()
    with pytest.raises(GesteRefuse, match="Rien n’a changé"):
        partir(projet, distribution)
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.A_COMPLETER, "le refus n'a rien changé"


@pytest.mark.parametrize("prenom", ["bruno", "denis", "chloe", "lea"])
def test_seule_la_direction_envoie(projet: ProjetSocial, client_de: Ouvrir, prenom: str) -> None:
    adresse = reverse("agrement_soumettre", args=[projet.pk])
    assert client_de(prenom).get(adresse).status_code == 404
    assert client_de(prenom).post(adresse, {"cle": "a" * 32}).status_code == 404
    assert not Envoi.objects.exists()


def test_un_vote_se_dit_en_entier_et_n_est_pas_a_venir(projet: ProjetSocial, client_de: Ouvrir) -> None:
    adresse = reverse("agrement_soumettre", args=[projet.pk])
    donnees = {
        "types": ["animation_globale"],
        "regle": "circulaire_2012",
        "deposee_le": "2026-02-01",
        "cle": "a" * 32,
    }
    amina = client_de("amina")
    seul = amina.post(adresse, donnees | {"vote_le": "2026-01-20"})
    assert seul.status_code == 422 and "Dites qui a voté" in seul.text
    demain = f"{timezone.localdate().replace(year=timezone.localdate().year + 1):%Y-%m-%d}"
    futur = amina.post(adresse, donnees | {"vote_le": demain, "vote_par": "Conseil"})
    assert futur.status_code == 422 and "pas encore venu" in futur.text
    assert 'value="' + "a" * 32 in futur.text, "le geste garde sa clé"
    assert not Envoi.objects.exists()


# --- Envoyer ----------------------------------------------------------------------------------------------


def test_envoyer_fige_le_document_et_depose_les_demandes_dans_le_meme_geste(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    adresse = reverse("agrement_soumettre", args=[projet.pk])
    amina = client_de("amina")
    page = amina.get(adresse)
    assert "6\xa0fiches sans pilote" in page.text, "ce qui manque se lit avant"
    donnees = {
        "types": ["animation_globale", "animation_familles"],
        "regle": "circulaire_2025",
        "deposee_le": "2026-02-01",
        "vote_par": "Conseil d’administration",
        "vote_le": "2026-01-20",
        "mot": "Voici notre projet.",
        "cle": page.context["form"]["cle"].value(),
    }
    reponse = amina.post(adresse, donnees)
    envoi = Envoi.objects.get()
    assert reponse["Location"] == reverse("envoi", args=[envoi.pk])
    assert amina.post(adresse, donnees)["Location"] == reponse["Location"], "deux clics, un envoi"
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.SOUMIS
    assert projet.demandes.count() == 2
    assert (envoi.genre, envoi.numero, envoi.vote_par) == ("dossier", 1, "Conseil d’administration")
    assert fichiers.lire(envoi.pdf).startswith(b"%PDF")
    assert fichiers.empreinte(fichiers.lire(envoi.pdf)) == envoi.empreinte_pdf
    courrier = Courrier.objects.get()
    assert "Voici notre projet." in courrier.texte
    lu = amina.get(reverse("envoi", args=[envoi.pk])).text
    assert "Vérifiée à l’instant" in lu and envoi.empreinte in lu


def test_ce_qui_est_parti_ne_change_plus_quand_le_projet_change(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    envoi = partir(projet, distribution)
    ProjetSocial.objects.filter(pk=projet.pk).update(nom="Un autre nom")
    gardes = de_donnees(Envoi.objects.get().contenu)
    assert gardes == document_d_essai()
    pdf = client_de("denis").get(reverse("envoi_fichier", args=[envoi.pk, "pdf"]))
    assert pdf.content == fichiers.lire(envoi.pdf)


def test_un_contenu_touche_apres_coup_se_voit(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    envoi = partir(projet, distribution)
    Envoi.objects.update(mot="Autre mot")
    assert "Vérifiée à l’instant" in client_de("denis").get(reverse("envoi", args=[envoi.pk])).text
    contenu = dict(envoi.contenu) | {"titre": "Un titre changé"}
    Envoi.objects.update(contenu=contenu)
    assert "Ne correspond pas" in client_de("denis").get(reverse("envoi", args=[envoi.pk])).text


@pytest.mark.parametrize("extension", ["pdf", "docx", "html"])
def test_le_centre_et_la_caf_telechargent_la_meme_chose(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir, extension: str
) -> None:
    envoi = partir(projet, distribution)
    adresse = reverse("envoi_fichier", args=[envoi.pk, extension])
    tailles = {len(client_de(prenom).get(adresse).content) for prenom in ("amina", "bruno", "denis")}
    assert len(tailles) == 1 and tailles.pop() > 500
    for prenom in ("chloe", "lea", "nadia"):
        assert client_de(prenom).get(adresse).status_code == 404


def test_une_piece_jointe_part_avec_le_dossier(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    chemin = fichiers.ranger("envois", "pdf", PDF)
    piece = {"nom": "statuts.pdf", "chemin": chemin, "empreinte": fichiers.empreinte(PDF), "taille": len(PDF)}
    envoi = partir(projet, distribution, pieces=[piece])
    denis = client_de("denis")
    assert "statuts.pdf" in denis.get(reverse("envoi", args=[envoi.pk])).text
    assert denis.get(reverse("envoi_piece", args=[envoi.pk, 1])).content == PDF
    assert denis.get(reverse("envoi_piece", args=[envoi.pk, 2])).status_code == 404


def test_l_apercu_est_a_l_equipe(projet: ProjetSocial, client_de: Ouvrir) -> None:
    adresse = reverse("envoi_apercu", args=[projet.pk])
    assert projet.nom in client_de("bruno").get(adresse).text
    assert client_de("denis").get(adresse).status_code == 404


# --- Reprendre -----------------------------------------------------------------------------------------------


def test_tant_que_la_caf_ne_l_a_pas_recu_le_centre_reprend_son_envoi(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    envoi = partir(projet, distribution)
    denis = client_de("denis")
    assert denis.get(reverse("envoi", args=[envoi.pk])).status_code == 200
    client_de("amina").post(reverse("agrement_pas", args=[projet.pk, "revenir"]))
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.PREPARATION
    for page in ("envoi", "envoi_recevoir", "dossier_avis"):
        assert denis.get(reverse(page, args=[envoi.pk])).status_code in {404, 405}
    assert denis.get(reverse("dossier_recu", args=[projet.pk])).status_code == 404
    assert not Courrier.objects.exists(), "le courriel qui attendait ne part pas"
    deux = partir(projet, distribution)
    assert deux.numero == 2, "un numéro ne sert qu'une fois"


def test_un_envoi_recu_ou_partage_ne_se_reprend_plus(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    envoi = partir(projet, distribution)
    partage = PartageFactory(envoi=envoi)
    with pytest.raises(GesteRefuse, match="cofinanceur"):
        revenir_a_l_etat_d_avant(projet, par=distribution.amina)
    partage.ferme_le = timezone.now()
    partage.save()
    accuser_reception(envoi, par=distribution.denis)
    with pytest.raises(GesteRefuse, match="La Caf a reçu"):
        revenir_a_l_etat_d_avant(projet, par=distribution.amina)
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.SOUMIS
    assert set(projet.demandes.values_list("etat", flat=True)) == {EtatDemandeAgrement.DEPOSEE}


def test_reprendre_la_version_2_rouvre_les_complements(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    v1 = partir(projet, distribution)
    demande = demander_des_complements(v1, ["Le budget"], par=distribution.denis)
    projet.refresh_from_db()
    v2 = partir(projet, distribution, texte="Le budget est ajouté.")
    demande.refresh_from_db()
    assert demande.reponse_id == v2.pk and v2.numero == 2
    assert projet.demandes.count() == 1, "la demande ouverte n'est pas déposée deux fois"
    revenir_a_l_etat_d_avant(projet, par=distribution.amina)
    assert DemandeDeComplements.objects.get().est_ouverte
    assert projet.etat == EtatProjet.A_COMPLETER


# --- Les bilans -----------------------------------------------------------------------------------------------


def test_un_bilan_se_transmet_se_range_sous_le_projet_et_se_reprend(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    ProjetSocial.objects.update(etat=EtatProjet.EN_COURS)
    EnvoiFactory(projet=projet, recu_le=timezone.now())
    adresse = reverse("bilan_transmettre", args=[projet.pk, 2025])
    amina, denis = client_de("amina"), client_de("denis")
    assert (
        reverse("bilan_transmettre", args=[projet.pk, 2025])
        in amina.get(reverse("bilan_document", args=[projet.pk, 2025])).text
    )
    amina.post(adresse, {"cle": "b" * 32, "mot": "Première année."})
    bilan = Envoi.objects.get(genre=GenreEnvoi.BILAN)
    assert (bilan.annee, bilan.numero) == (2025, 1)
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.EN_COURS, "un bilan ne change pas l'état du projet"
    assert reverse("envoi", args=[bilan.pk]) in denis.get(reverse("dossier_recu", args=[projet.pk])).text
    assert "Première année." in denis.get(reverse("envoi", args=[bilan.pk])).text
    amina.post(reverse("envoi_reprendre", args=[bilan.pk]))
    assert denis.get(reverse("envoi", args=[bilan.pk])).status_code == 404
    with pytest.raises(GesteRefuse):
        reprendre_envoi(Envoi.objects.get(pk=bilan.pk), par=distribution.amina)


def test_le_bilan_d_un_projet_en_preparation_ne_part_pas(projet: ProjetSocial, client_de: Ouvrir) -> None:
    """La Caf le lirait comme un dossier que le centre a repris."""
    amina, adresse = client_de("amina"), reverse("bilan_transmettre", args=[projet.pk, 2025])
    assert adresse not in amina.get(reverse("bilan_document", args=[projet.pk, 2025])).text
    refus = amina.post(adresse, {"cle": "b" * 32, "mot": ""}, follow=True)
    assert "se prépare encore" in refus.text and not Envoi.objects.exists()


def test_un_dossier_ne_se_reprend_pas_comme_un_bilan(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    envoi = partir(projet, distribution)
    client_de("amina").post(reverse("envoi_reprendre", args=[envoi.pk]))
    envoi.refresh_from_db()
    assert envoi.retire_le is None


def test_une_annee_hors_du_projet_n_a_pas_de_bilan(projet: ProjetSocial, client_de: Ouvrir) -> None:
    assert client_de("amina").get(reverse("bilan_transmettre", args=[projet.pk, 1999])).status_code == 404
    assert client_de("bruno").get(reverse("bilan_transmettre", args=[projet.pk, 2025])).status_code == 404


# --- Ensemble ---------------------------------------------------------------------------------------------------


@pytest.mark.aussi_sur_postgresql
@pytest.mark.django_db(transaction=True)
def test_deux_clics_au_meme_instant_font_un_seul_envoi() -> None:
    d = distribuer()
    donner_un_territoire(d)
    projet = arbre_d_essai(d.deux_ponts)
    cle = uuid4().hex
    avant = les_pdf()
    rendus = en_meme_temps(*[lambda: partir(ProjetSocial.objects.get(pk=projet.pk), d, cle=cle)] * 3)
    assert all(isinstance(rendu, Envoi) for rendu in rendus), rendus
    assert Envoi.objects.count() == 1 and Courrier.objects.count() == 1
    assert projet.demandes.count() == 1
    assert les_pdf() == avant + 1, "les PDF de trop sont effacés"


@pytest.mark.aussi_sur_postgresql
@pytest.mark.django_db(transaction=True)
def test_deux_personnes_qui_envoient_au_meme_instant_n_envoient_qu_une_fois() -> None:
    d = distribuer()
    projet = arbre_d_essai(d.deux_ponts)
    rendus = en_meme_temps(*[lambda: partir(ProjetSocial.objects.get(pk=projet.pk), d)] * 2)
    assert sorted(type(rendu).__name__ for rendu in rendus) == ["Envoi", "GesteRefuse"]
    assert Envoi.objects.count() == 1


def test_un_bilan_envoye_deux_fois_sans_changement_est_refuse(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    ProjetSocial.objects.update(etat=EtatProjet.EN_COURS)

    def une() -> Envoi:
        return envoyer(
            projet,
            document_d_essai(),
            genre=GenreEnvoi.BILAN,
            annee=2025,
            cle=uuid4().hex,
            par=distribution.amina,
        )

    une()
    with pytest.raises(GesteRefuse, match="Rien n’a changé"):
        une()


def test_le_lendemain_la_meme_chose_n_est_pas_une_version_de_plus(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    def le(jour: date, texte: str = "Le quartier compte deux ponts.") -> Envoi:
        document = replace(document_d_essai(texte), date=jour, mentions=(f"Fait le {jour}.",))
        return envoyer(projet, document, genre=GenreEnvoi.FINALE, cle=uuid4().hex, par=distribution.amina)

    le(date(2026, 1, 10))
    with pytest.raises(GesteRefuse, match="Rien n’a changé"):
        le(date(2026, 1, 11))
    assert le(date(2026, 1, 11), "Le quartier compte trois ponts.").numero == 2


def test_deux_fois_la_page_du_bilan_ne_transmet_qu_une_fois(projet: ProjetSocial, client_de: Ouvrir) -> None:
    ProjetSocial.objects.update(etat=EtatProjet.EN_COURS)
    adresse = reverse("bilan_transmettre", args=[projet.pk, 2025])
    amina = client_de("amina")
    donnees = {"cle": amina.get(adresse).context["form"]["cle"].value(), "mot": "Première année."}
    premiere, seconde = amina.post(adresse, donnees), amina.post(adresse, donnees)
    envoi = Envoi.objects.get()
    assert premiere["Location"] == seconde["Location"] == reverse("envoi", args=[envoi.pk])
    assert envoi.mot == "Première année."
