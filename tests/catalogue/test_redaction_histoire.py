"""Le journal et l'histoire d'un brouillon : qui a changé quoi, quand, de quoi à quoi."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.histoire import histoire
from maillage.catalogue.models import Contribution, Sauvegarde
from maillage.catalogue.operations import sauvegardes
from maillage.catalogue.operations.contributions import (
    abandonner_contribution,
    commencer_fiche,
    reprendre_contribution,
    soumettre_contribution,
)
from maillage.core.models import LigneJournal
from tests.catalogue.redaction import LONG, ecrire
from tests.distribution import Distribution


# --- Le journal
def test_le_journal_dit_une_phrase_par_personne_et_par_seance(
    brouillon: Contribution, distribution: Distribution, a_l_heure: Callable[[int], None]
) -> None:
    for texte in ("U", "Un", "Un titre"):
        ecrire(brouillon, distribution.amina, titre=texte)
    ecrire(brouillon, distribution.bruno, resume="De Bruno.")
    lignes = LigneJournal.objects.filter(acte=sauvegardes.ACTE_D_ECRITURE).order_by("pk")
    assert not lignes.exists()  # les deux séances durent encore
    a_l_heure(60)
    ecrire(brouillon, distribution.amina, titre="Un titre revu")
    assert [ligne.phrase for ligne in lignes] == [
        "Amina Benali a écrit « Titre ».",
        "Bruno Castel a écrit « Résumé ».",
    ]
    premiere = lignes[0]
    assert (premiere.avant, premiere.apres) == ({"titre": ""}, {"titre": "Un titre"})
    assert premiere.structure_id == distribution.deux_ponts.pk
    a_l_heure(61)
    ecrire(brouillon, distribution.amina, description=LONG)
    soumettre_contribution(brouillon, par=distribution.bruno)
    derniere = lignes.all()[2]
    assert derniere.phrase == "Amina Benali a écrit « Titre », « Description générale »."
    assert derniere.avant == {"titre": "Un titre", "description": ""}


def test_l_histoire_raconte_les_seances_et_les_actes_du_plus_recent_au_plus_ancien(
    brouillon: Contribution, distribution: Distribution, a_l_heure: Callable[[int], None]
) -> None:
    LigneJournal.objects.update(fait_le=timezone.now() - timedelta(minutes=9))
    a_l_heure(-2)
    ecrire(brouillon, distribution.amina, titre="Un")
    a_l_heure(-1)
    ecrire(brouillon, distribution.bruno, titre="Deux", resume="Court.")
    abandonner_contribution(brouillon, par=distribution.amina)
    faits = histoire(brouillon)
    assert [fait.phrase for fait in faits] == [
        "Amina Benali a abandonné « Deux ».",
        "Bruno Castel a écrit",
        "Amina Benali a écrit",
        "Amina Benali a commencé une fiche pour « Centre social des Deux-Ponts ».",
    ]
    titre = faits[1].ecritures[0]
    assert (titre.libelle, titre.avant, titre.apres, titre.versions) == ("Titre", "Un", "Deux", 2)
    assert [fait.ecritures[0].apres for fait in histoire(brouillon, "titre")] == ["Deux", "Un"]


def test_la_moderatrice_du_territoire_lit_l_histoire_seulement_si_la_fiche_lui_est_confiee(
    client_de: Callable[[str], Client], brouillon: Contribution, distribution: Distribution
) -> None:
    adresse = reverse("contribution_histoire", args=[brouillon.pk])
    ecrire(brouillon, distribution.amina, titre="Titre", resume="Résumé", description=LONG)
    assert client_de("lea").get(adresse).status_code == 404
    soumettre_contribution(brouillon, par=distribution.amina)
    page = client_de("lea").get(adresse)
    assert page.status_code == 200 and "Reprendre ce texte" not in page.content.decode()
    assert client_de("chloe").get(adresse).status_code == 404
    reprendre_contribution(brouillon, par=distribution.amina)
    assert client_de("lea").get(adresse).status_code == 404


def test_revenir_a_un_texte_d_avant_par_la_page(
    client_de: Callable[[str], Client], brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.bruno, limites=LONG)
    ecrire(brouillon, distribution.amina, limites="Rien.")
    de_bruno = Sauvegarde.objects.get(par=distribution.bruno)
    adresse = reverse("contribution_revenir", args=[brouillon.pk, de_bruno.pk])
    assert client_de("chloe").post(adresse).status_code == 404
    reponse = client_de("amina").post(adresse)
    assert reponse.url.endswith("/effets/#limites")
    ailleurs = commencer_fiche(distribution.quatre_vents, par=distribution.chloe)
    assert (
        client_de("chloe").post(reverse("contribution_revenir", args=[ailleurs.pk, de_bruno.pk])).status_code
        == 404
    )
