"""Retirer une fiche et la remettre : qui le peut, ce que son adresse dit, et par où elle ne sort plus."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from maillage.catalogue.choices import EtatExperience
from maillage.catalogue.forms.retraits import RAISONS
from maillage.catalogue.models import Experience
from maillage.catalogue.operations.retraits import RetraitImpossible, remettre_experience, retirer_experience
from maillage.catalogue.recherche import ConsommateurRecherche
from maillage.core.models import LigneJournal
from maillage.core.suivi import rattraper
from maillage.core.versions import ConflitDeVersion
from tests.distribution import Distribution
from tests.fabriques import ContributionFactory, DepartementFactory, ExperienceFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
RAISON = "L’association partenaire a fermé."


@pytest.fixture
def fiche(distribution: Distribution) -> Experience:
    return ExperienceFactory(structure=distribution.deux_ponts, titre="Le potager des palabres")


def page(client: Client, fiche: Experience) -> Any:
    return client.get(reverse("experience", args=[fiche.code, fiche.slug]))


def retirer(client: Client, fiche: Experience, **envoi: str) -> Any:
    envoi = {"raison": "autre", "autre": RAISON} | envoi
    return client.post(reverse("experience_retirer", args=[fiche.code]), envoi)


def remettre(client: Client, fiche: Experience) -> Any:
    return client.post(reverse("experience_remettre", args=[fiche.code]))


# --- Qui ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["anonyme", "omar", "bruno", "chloe", "denis"])
def test_seules_la_direction_et_la_moderation_retirent(
    client_de: Ouvrir, fiche: Experience, personne: str
) -> None:
    client = client_de(personne)
    attendu = 302 if personne == "anonyme" else 404
    assert client.get(reverse("experience_retirer", args=[fiche.code])).status_code == attendu
    assert retirer(client, fiche).status_code == attendu
    assert "Retirer du catalogue" not in page(client, fiche).content.decode()
    fiche.refresh_from_db()
    assert fiche.etat == EtatExperience.PUBLIEE


def test_une_moderatrice_d_un_autre_territoire_ne_retire_pas(
    client_de: Ouvrir, fiche: Experience, distribution: Distribution
) -> None:
    distribution.federation.departements.set([DepartementFactory(autre=True)])
    assert retirer(client_de("lea"), fiche).status_code == 404


def test_sans_raison_rien_n_est_retire(
    client_de: Ouvrir, fiche: Experience, distribution: Distribution
) -> None:
    client = client_de("amina")
    assert retirer(client, fiche, raison="").status_code == 422
    reponse = retirer(client, fiche, autre="  ")
    assert reponse.status_code == 422
    assert "Écrivez votre raison" in reponse.content.decode()
    with pytest.raises(RetraitImpossible, match="Dites pourquoi"):
        retirer_experience(fiche, " \n", par=distribution.amina)
    fiche.refresh_from_db()
    assert fiche.etat == EtatExperience.PUBLIEE


@pytest.mark.parametrize("etat", ["brouillon", "retiree"])
def test_une_fiche_qui_n_est_pas_en_ligne_ne_se_retire_pas(distribution: Distribution, etat: str) -> None:
    fiche = ExperienceFactory(**{etat: True})
    with pytest.raises(RetraitImpossible, match="n’est plus en ligne"):
        retirer_experience(fiche, RAISON, par=distribution.amina)


def test_une_fiche_changee_entre_temps_n_est_pas_retiree(
    fiche: Experience, distribution: Distribution
) -> None:
    Experience.objects.filter(pk=fiche.pk).update(version=7)
    with pytest.raises(ConflitDeVersion):
        retirer_experience(fiche, RAISON, par=distribution.amina)


# --- Ce que l'adresse dit -------------------------------------------------------------------------
def test_la_confirmation_dit_ce_qui_va_se_passer(client_de: Ouvrir, fiche: Experience) -> None:
    html = client_de("amina").get(reverse("experience_retirer", args=[fiche.code])).content.decode()
    assert "Retirer cette fiche" in html
    assert "Elle sort de la recherche" in html
    assert all(raison in html for raison in RAISONS)


def test_son_adresse_dit_quand_et_pourquoi_et_rien_d_elle(
    client_de: Ouvrir, client: Client, fiche: Experience
) -> None:
    assert "Retirer du catalogue" in page(client_de("amina"), fiche).content.decode()
    retirer(client_de("amina"), fiche)
    for adresse in (
        reverse("experience", args=[fiche.code, fiche.slug]),
        reverse("experience_courte", args=[fiche.code.upper()]),
        reverse("experience_document", args=[fiche.code, "pdf"]),
    ):
        reponse = client.get(adresse)
        html = reponse.content.decode()
        assert reponse.status_code == 410
        assert RAISON in html and "depuis le" in html
        assert fiche.titre not in html and "Remettre" not in html
    ligne = LigneJournal.objects.get(acte="retirer_experience")
    assert ligne.phrase == "Amina Benali a retiré la fiche « Le potager des palabres »."
    assert ligne.apres == {"motif": RAISON}


def test_la_direction_remet_ce_qu_elle_a_retire_d_un_bouton(client_de: Ouvrir, fiche: Experience) -> None:
    amina = client_de("amina")
    publiee_le = fiche.publie_le
    suite = retirer(amina, fiche)
    html = amina.get(suite.headers["Location"]).content.decode()
    assert reverse("experience_remettre", args=[fiche.code]) in html
    assert "Remettre en ligne" in html
    assert remettre(amina, fiche).status_code == 302
    assert page(amina, fiche).status_code == 200
    fiche.refresh_from_db()
    assert (fiche.retiree_le, fiche.retiree_par, fiche.motif_retrait) == (None, None, "")
    assert fiche.publie_le == publiee_le
    assert remettre(amina, fiche).status_code == 404


def test_ce_qu_une_moderatrice_retire_elle_seule_le_remet(client_de: Ouvrir, fiche: Experience) -> None:
    retirer(client_de("lea"), fiche)
    assert "Remettre" not in page(client_de("amina"), fiche).content.decode()
    assert remettre(client_de("amina"), fiche).status_code == 404
    assert remettre(client_de("chloe"), fiche).status_code == 404
    assert "Remettre en ligne" in page(client_de("lea"), fiche).content.decode()
    assert remettre(client_de("lea"), fiche).status_code == 302
    assert page(client_de("anonyme"), fiche).status_code == 200


def test_un_doublon_reuni_ne_se_remet_pas_ainsi(fiche: Experience, distribution: Distribution) -> None:
    Experience.objects.filter(pk=fiche.pk).update(etat="retiree", fusionnee_dans=ExperienceFactory())
    fiche.refresh_from_db()
    with pytest.raises(RetraitImpossible, match="réunie"):
        remettre_experience(fiche, par=distribution.lea)


# --- Par où elle ne sort plus ---------------------------------------------------------------------
def sorties(client: Client, fiche: Experience) -> dict[str, bool]:
    """Par chaque porte : la fiche s'y voit-elle ?"""
    rattraper(ConsommateurRecherche())
    portes = {
        "recherche": reverse("experiences") + "?q=palabres",
        "liste": reverse("experiences"),
        "flux": reverse("experiences_flux"),
        "tableur": reverse("experiences_fichier", args=["csv"]) + "?q=palabres",
        "dossier": reverse("experiences_fichier", args=["csv"]) + f"?fiche={fiche.code}",
        "api": reverse("api-v1:experiences"),
        "api_recherche": reverse("api-v1:recherche") + "?q=palabres",
        "plan": reverse("sitemap_fichier", args=["experiences-1"]),
        "centre": reverse("centre", args=[fiche.structure.slug]),
        "accueil": reverse("accueil"),
    }
    vues = {}
    for nom, adresse in portes.items():
        reponse = client.get(adresse)
        corps = b"".join(reponse) if reponse.streaming else reponse.content  # type: ignore[attr-defined]
        vues[nom] = fiche.code in corps.decode()
    vues["api_fiche"] = client.get(reverse("api-v1:experience", args=[fiche.code])).status_code == 200
    sortie = io.StringIO()
    call_command("exporter_catalogue", "--format", "json", "--sortie", "-", "--json", stdout=sortie)
    vues["commande"] = fiche.code in json.dumps(json.loads(sortie.getvalue()))
    return vues


def test_une_fiche_retiree_sort_de_partout_et_y_revient(
    client: Client, fiche: Experience, distribution: Distribution, indexer: Callable[[], int]
) -> None:
    indexer()
    assert all(sorties(client, fiche).values()), sorties(client, fiche)
    retirer_experience(fiche, RAISON, par=distribution.amina)
    assert not any(sorties(client, fiche).values()), sorties(client, fiche)
    remettre_experience(fiche, par=distribution.amina)
    assert all(sorties(client, fiche).values()), sorties(client, fiche)


def test_un_brouillon_ouvert_survit_au_retrait_sans_remettre_la_fiche(
    fiche: Experience, distribution: Distribution
) -> None:
    revision = ContributionFactory(experience=fiche, auteur=distribution.bruno)
    retirer_experience(fiche, RAISON, par=distribution.amina)
    revision.refresh_from_db()
    assert revision.est_ouverte and revision.contenu
    fiche.refresh_from_db()
    assert fiche.etat == EtatExperience.RETIREE
