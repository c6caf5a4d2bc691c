"""Supprimer ce que le dossier cite est refusé, en disant où ; le reste se supprime et se retrouve au journal."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import GenreEnvoi
from maillage.projets.exportation.dossier import document_du_dossier
from maillage.projets.models import (
    Chapitre,
    FicheAction,
    Objectif,
    ProjetSocial,
)
from maillage.projets.operations.agrements import retirer_envoi
from maillage.projets.operations.arbre import oter
from maillage.projets.operations.envois import envoyer
from maillage.projets.operations.gestes import ArbreRefuse
from maillage.projets.operations.suppressions import supprimer_fiche
from tests.distribution import Distribution
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


def _ecrire(projet: ProjetSocial, texte: str, titre: str = "Préambule") -> Chapitre:
    return Chapitre.objects.create(projet=projet, rang=1, titre=titre, texte=texte)


def test_supprimer_une_fiche_citee_est_refuse_en_disant_ou(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    fiche = projet.fiches.get(titre="Le prêt de vélos")
    autre = projet.fiches.get(titre="La fête des paliers")
    _ecrire(projet, f"Avec [[fiche:{fiche.pk}]].")
    FicheAction.objects.filter(pk=autre.pk).update(contexte=f"Après [[fiche {fiche.pk} : A-03 Vélos]].")
    with pytest.raises(GesteRefuse, match=r"2.endroits : Chapitre « Préambule » ; Fiche B-01, contexte"):
        supprimer_fiche(fiche, par=distribution.amina)
    page = client_de("bruno").get(reverse("fiche_action_supprimer", args=[fiche.pk])).content.decode()
    assert "Fiche B-01, contexte" in page and "<button>Supprimer" not in page


def test_supprimer_une_fiche_transmise_est_refuse_en_disant_dans_quel_envoi(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    fiche = projet.fiches.get(titre="Le prêt de vélos")
    document = document_du_dossier(projet)
    envoi = envoyer(projet, document, genre=GenreEnvoi.DOSSIER, cle="a" * 32, par=distribution.amina)
    FicheAction.objects.filter(pk=fiche.pk).update(titre="Un tout autre titre")
    fiche.refresh_from_db()
    with pytest.raises(GesteRefuse, match=r"déjà transmis : Dossier d’agrément, version 1, du \d"):
        supprimer_fiche(fiche, par=distribution.amina)
    adresse = reverse("fiche_action_supprimer", args=[fiche.pk])
    page = client_de("bruno").get(adresse).text
    assert reverse("envoi", args=[envoi.pk]) in page and "<button>Supprimer" not in page
    suite = client_de("bruno").post(adresse, follow=True).text
    assert "version 1" in suite and FicheAction.objects.filter(pk=fiche.pk).exists()
    retirer_envoi(envoi)
    assert client_de("bruno").post(adresse).status_code == 302
    assert not FicheAction.objects.filter(pk=fiche.pk).exists(), (
        "repris avant d'être reçu, rien ne la retient"
    )


def test_supprimer_une_fiche_libre_garde_son_texte_au_journal(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    fiche = projet.fiches.get(titre="Le prêt de vélos")
    IndicateurFactory(fiche=fiche)
    page = reverse("fiche_action_supprimer", args=[fiche.pk])
    assert client_de("chloe").post(page).status_code == 404
    assert client_de("amina").post(page).status_code == 302
    assert not FicheAction.objects.filter(pk=fiche.pk).exists()


def test_oter_un_objectif_cite_est_refuse_et_non_cite_accepte(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    objectif = Objectif.objects.get(titre="Préparer un retour au travail")
    ailleurs = Objectif.objects.get(titre="Rendre les démarches plus simples")
    chapitre = _ecrire(projet, f"Nous voulons [[objectif:{objectif.pk}]].")
    with pytest.raises(ArbreRefuse, match="Chapitre « Préambule »"):
        oter(objectif, ailleurs, par=distribution.amina)
    chapitre.delete()
    assert oter(objectif, ailleurs, par=distribution.amina) == 1
